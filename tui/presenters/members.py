"""What the member screens say (会员). Numbers come masked; a datum that is missing says so."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.i18n import t
from tui.presenters.forms import Field
from tui.presenters.home import plan_name
from tui.presenters.money import amount

if TYPE_CHECKING:
    from benefits.enrollment.queries import CoverRow
    from benefits.members.queries import MemberDetail, MembershipRow
    from benefits.members.search import MemberRow
    from benefits.plans.queries import PlanRow
    from tui.gateways.members import Narrowed

STATUSES = ("in_post", "early_leave", "unemployed", "retired", "resigned", "deceased")
"""Labour status, in the order of a pick list."""


def sex_words(sex: object, lang: str) -> str:
    """男, 女 or unknown."""
    return t(f"tui.sex.{getattr(sex, 'value', 'unknown')}", lang)


def status_words(status: object, lang: str) -> str:
    """Labour status."""
    value = getattr(status, "value", None)
    return t(f"members.status.{value}", lang) if value else missing(lang)


def missing(lang: str) -> str:
    """资料缺失."""
    return t("tui.missing", lang)


def member_cells(row: "MemberRow", lang: str) -> tuple[str, ...]:
    """Name, sex, birth, status, unit, tails of numbers."""
    return (
        row.name,
        sex_words(row.sex, lang),
        str(row.birth or missing(lang)),
        status_words(row.status, lang),
        row.organisation or "-",
        row.id_tail or "-",
        row.phone_tail or "-",
    )


def narrowed_words(now: "Narrowed", lang: str) -> str:
    """What the list is narrowed to, on one line; empty: everybody."""
    said = [now.organisation] if now.organisation else []
    if now.status:
        said.append(t(f"members.status.{now.status}", lang))
    if now.plan is not None:
        said.append(plan_name(now.plan.name_zh, now.plan.name_en, lang))
    return t("tui.members.narrowed", lang, what=" · ".join(said)) if said else ""


def narrow_fields(now: "Narrowed", plans: "Sequence[PlanRow]", lang: str) -> tuple[Field, ...]:
    """The form that narrows the list: unit, status, plan (templates have no people); where something is
    narrowed, first the choice that clears everything."""
    any_one = ("", t("tui.members.any", lang))
    statuses = [(status, t(f"members.status.{status}", lang)) for status in STATUSES]
    offered = [(row.code, plan_name(row.name_zh, row.name_en, lang)) for row in plans if not row.draft]
    given = {name: str(value or "") for name, value in now.values.items()}
    labels = {name: t(f"tui.members.narrow.{name}", lang) for name in ("whom", "unit", "status", "plan")}
    fields = (
        Field("organisation", labels["unit"], "unit", given["organisation"], now.organisation, needed=False),
        Field("status", labels["status"], "pick", given["status"], "", (any_one, *statuses), needed=False),
        Field("plan", labels["plan"], "pick", given["plan"], "", (any_one, *offered), needed=False),
    )
    if now.everybody:
        return fields
    whom = tuple((choice, t(f"tui.members.whom.{choice}", lang)) for choice in ("these", "everybody"))
    return (Field("whom", labels["whom"], "pick", "these", "", whom), *fields)


def person_words(person: "MemberDetail", lang: str) -> str:
    """The person's own data, a few to a line."""
    lost = missing(lang)
    month = person.retirement_month.strftime("%Y-%m") if person.retirement_month else lost
    lines = [
        t(
            "tui.member.identity",
            lang,
            sex=sex_words(person.sex, lang),
            birth=person.birth or lost,
            number=person.id_number or lost,
        ),
        t(
            "tui.member.work",
            lang,
            status=status_words(person.status, lang),
            since=person.status_since or "-",
            unit=person.organisation or t("tui.member.no_unit", lang),
        ),
        t("tui.member.retire", lang, month=month, phone=person.phone or lost, joined=person.joined_on or "-"),
    ]
    if person.id_valid is False:
        lines.append(t("tui.member.id_invalid", lang))
    return "\n".join(lines)


def membership_cells(row: "MembershipRow", lang: str) -> tuple[str, ...]:
    """Unit, from, to, standing."""
    standing = t(f"tui.member.standing.{row.standing.value}", lang)
    return row.organisation, str(row.starts), str(row.ends or t("tui.member.still", lang)), standing


def cover_cells(row: "CoverRow", lang: str) -> tuple[str, ...]:
    """Plan, term, unit, shares, state today."""
    return (
        plan_name(row.plan_name_zh, row.plan_name_en, lang),
        t("tui.renewal.window", lang, first=row.starts, last=row.ends),
        row.organisation or "-",
        str(row.shares),
        t(f"enrollment.state.{row.state.value}", lang),
    )


def cover_words(row: "CoverRow", lang: str) -> str:
    """One term of cover in full."""
    lines = [
        plan_name(row.plan_name_zh, row.plan_name_en, lang),
        t(
            "tui.cover.term",
            lang,
            starts=row.starts,
            ends=row.ends,
            state=t(f"enrollment.state.{row.state.value}", lang),
        ),
        t("tui.cover.since", lang, since=row.continuous_since, waiting=row.waiting_until or "-"),
        t("tui.cover.money", lang, shares=row.shares, tier=row.tier or "-", amount=amount(row.fen, lang)),
        t("tui.cover.unit", lang, unit=row.organisation or "-", edition=row.edition),
    ]
    if row.exhausted_on is not None:
        lines.append(t("tui.cover.exhausted", lang, day=row.exhausted_on))
    return "\n".join(lines)
