"""One member through the door (会员): the timeline, and every verb on a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit
    from benefits.members.dossier import CategoryRow
    from benefits.members.search import Narrow
    from benefits.members.service_merge import Merged
    from benefits.members.service_transfer import Transferred
    from benefits.plans.queries import PlanRow
    from benefits.timeline import Entry
    from tui.gateway import Gateway

REVEALED = ("id_number", "phone", "union_card", "member_number", "staff_number", "bank_card")
"""Numbers that can be shown in clear, with a reason."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of members is narrowed to (范围), with what its search is then given; empty: everybody."""

    organisation_id: int | None = None
    organisation: str = ""
    status: str = ""
    plan: "PlanRow | None" = None
    path: str = ""
    narrow: "Narrow | None" = None

    @property
    def values(self) -> dict[str, Any]:
        """What was chosen, by field of the form."""
        code = self.plan.code if self.plan is not None else None
        return {"organisation": self.organisation_id, "status": self.status or None, "plan": code}

    @property
    def everybody(self) -> bool:
        """Whether nothing is narrowed."""
        return not any(self.values.values())


async def narrowed(gateway: "Gateway", values: Mapping[str, Any]) -> Narrowed:
    """What was chosen, looked up once, so that a search asks for nothing else. Raises Refused where the unit
    or the plan is not known."""
    from benefits.enrollment.queries import covered_now
    from benefits.members.models import Status
    from benefits.members.search import Narrow
    from benefits.organisations.queries import detail
    from benefits.plans.queries import plans

    place_id, status, code = values.get("organisation"), values.get("status"), values.get("plan")

    def found(unit: "ReadUnit") -> Narrowed:
        place = detail(unit, place_id) if place_id is not None else None
        people = covered_now(unit, code) if code else None
        plan = next((row for row in plans(unit) if row.code == code), None) if code else None
        narrow = Narrow((Status(status),) if status else (), people)
        if place is None:
            return Narrowed(status=status or "", plan=plan, narrow=narrow)
        return Narrowed(place.id, place.name, status or "", plan, place.path, narrow)

    return await gateway.read(found)


async def timeline(gateway: "Gateway", member_id: int, lang: str) -> "tuple[Entry, ...]":
    """All that happened to a person, newest first."""
    from benefits.timeline import timeline

    return await gateway.read(timeline, member_id, lang)


async def categories(gateway: "Gateway") -> "tuple[CategoryRow, ...]":
    """Worker categories in use today."""
    from benefits.members.dossier import categories

    def found(unit: "ReadUnit") -> "tuple[CategoryRow, ...]":
        return categories(unit)

    return await gateway.read(found)


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says, with the yes and no of a pick list; ``-`` empties a field."""
    yes_no = {"yes": True, "no": False}
    found = {name: None if value == "-" else value for name, value in values.items()}
    if "has_card" in found:
        found["has_card"] = yes_no.get(str(found["has_card"]))
    return found


async def add(gateway: "Gateway", values: Mapping[str, Any]) -> int:
    """Register a person; the id."""
    from benefits.members.record import member_input
    from benefits.members.service import add

    given = {name: value for name, value in _typed(values).items() if value is not None}
    return await gateway.act(add, member_input(given))


async def edit(gateway: "Gateway", member_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Change what is written about a person. Raises Refused ``members.stale`` with both values of every field
    that somebody else changed."""
    from benefits.members.service import edit

    return await gateway.act(edit, member_id=member_id, version=version, changes=_typed(changes))


async def transfer(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> None:
    """Move a person to another union."""
    from benefits.members.service import transfer

    await gateway.act(transfer, member_id=member_id, organisation_id=values["organisation"], on=values["on"])


async def transfer_many(
    gateway: "Gateway", member_ids: Sequence[int], organisation_id: int, on: date
) -> "Transferred":
    """Move people to another union; who is left out comes back with the reason."""
    from benefits.members.service_transfer import transfer_many

    return await gateway.act(
        transfer_many, member_ids=list(member_ids), organisation_id=organisation_id, on=on
    )


async def retire(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> None:
    """Record that a person retired."""
    from benefits.members.service_retirement import retire

    await gateway.act(retire, member_id=member_id, on=values["on"], reason=values["reason"] or "")


async def plan_retirement(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> date:
    """Note the month that a person chose in flexible retirement."""
    from benefits.members.service_retirement import plan_retirement

    return await gateway.act(
        plan_retirement,
        member_id=member_id,
        month=values["month"],
        notice_on=values["notice_on"],
        agreed_on=values["agreed_on"],
        confirmed=values["confirmed"] == "yes",
    )


async def cancel_plan(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> None:
    """Take the chosen month back."""
    from benefits.members.service_retirement import cancel_planned_retirement

    await gateway.act(cancel_planned_retirement, member_id=member_id, on=values["on"])


async def leave(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> None:
    """A person leaves the employer."""
    from benefits.members.service import leave

    await gateway.act(leave, member_id=member_id, on=values["on"])


async def rejoin(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> None:
    """A person comes back."""
    from benefits.members.service import rejoin

    await gateway.act(
        rejoin,
        member_id=member_id,
        organisation_id=values["organisation"],
        on=values["on"],
        reason=values["reason"] or "",
    )


async def record_death(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> None:
    """Record that a person died."""
    from benefits.members.service import record_death

    await gateway.act(record_death, member_id=member_id, on=values["on"])


async def merge(gateway: "Gateway", survivor_id: int, other_id: int, reason: str) -> "Merged":
    """Two records are one person."""
    from benefits.members.service_merge import merge

    return await gateway.act(merge, survivor_id=survivor_id, other_id=other_id, reason=reason)


async def reveal(gateway: "Gateway", member_id: int, field: str, reason: str) -> str | None:
    """A number in clear, with a reason that stays on record."""
    from benefits.members.service import reveal

    return await gateway.act(reveal, member_id=member_id, field=field, reason=reason)  # type: ignore[arg-type]


# -- what is kept beside the record ------------------------------------------------------------------------


async def set_identifier(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> None:
    """A person has another number."""
    from benefits.members.models import IdentifierKind
    from benefits.members.service_identifiers import set_identifier

    await gateway.act(
        set_identifier,
        member_id=member_id,
        kind=IdentifierKind(values["kind"]),
        number=values["number"],
        starts=values["starts"],
    )


async def add_category(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> None:
    """A person works in a category."""
    from benefits.members.service_categories import add_category

    await gateway.act(add_category, member_id=member_id, category=values["category"], starts=values["starts"])


async def name_kin(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> None:
    """Name next of kin."""
    from benefits.members.models import Relation
    from benefits.members.service_kin import name_kin

    given = dict(values) | {"relation": Relation(values["relation"])}
    await gateway.act(name_kin, member_id=member_id, **given)


async def give_consent(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> None:
    """A person agreed to one purpose."""
    from benefits.members.models import ConsentForm, Purpose
    from benefits.members.service_consent import give_consent

    await gateway.act(
        give_consent,
        member_id=member_id,
        purpose=Purpose(values["purpose"]),
        form=ConsentForm(values["form"]),
        given_on=values["given_on"],
        notice=values["notice"] or "",
    )


async def set_retention(gateway: "Gateway", member_id: int, values: Mapping[str, Any]) -> None:
    """Until which day the record is kept; None: not said."""
    from benefits.members.service_consent import set_retention

    await gateway.act(set_retention, member_id=member_id, until=values["until"])


async def end(gateway: "Gateway", member_id: int, what: str, key: Any, ends: date) -> None:
    """A number, category, next of kin or consent is so no longer after a day; ``key``: its kind, code, id or
    purpose."""
    if what == "identifier":
        from benefits.members.models import IdentifierKind
        from benefits.members.service_identifiers import end_identifier

        await gateway.act(end_identifier, member_id=member_id, kind=IdentifierKind(key), ends=ends)
    elif what == "category":
        from benefits.members.service_categories import end_category

        await gateway.act(end_category, member_id=member_id, category=str(key), ends=ends)
    elif what == "kin":
        from benefits.members.service_kin import end_kin

        await gateway.act(end_kin, kin_id=int(key), ends=ends)
    else:
        from benefits.members.models import Purpose
        from benefits.members.service_consent import withdraw_consent

        await gateway.act(withdraw_consent, member_id=member_id, purpose=Purpose(key), withdrawn_on=ends)
