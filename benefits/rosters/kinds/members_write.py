"""Writing a member roster (会员花名册写入).

New people go in by ``members.bulk``. Each trace of a change holds what was there before, so that an undo
restores it to the letter, version and moment of the last change too.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from benefits.kernel.bulk import erase
from benefits.kernel.bulk import write as write_rows
from benefits.kernel.ids import IdKind
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.branches import branches_of_people
from benefits.members.bulk import NewPerson, register, retirement_month
from benefits.members.derive import Keys, identifier_digest, keys_of, phone_digest
from benefits.members.identity import identity_digest, last4
from benefits.members.keys import COLUMNS
from benefits.members.lots import Lot
from benefits.members.models import (
    IdentifierKind,
    Member,
    MemberCategory,
    MemberIdentifier,
    MemberIdentity,
    MemberKey,
)
from benefits.rosters.kind import Job, Outcome, Step, Trace
from benefits.rosters.kinds.members_judge import FIRST, Update
from benefits.rosters.kinds.registered import numbers_of

_DAY = timedelta(days=1)
_PART = 1000


def write(unit: WriteUnit, job: Job, steps: Sequence[Step]) -> Iterator[Trace]:
    """Write new and changed people; keys and numbers of the new ones wait for ``finish``."""
    lot = job.memory.setdefault("lot", Lot())
    for trace in write_steps(unit, steps, lot):
        if trace.entity == "member" and trace.before is None:
            job.memory.setdefault(FIRST, trace.entity_id)
        yield trace


def finish(unit: WriteUnit, job: Job) -> None:
    """Write what waits."""
    lot: Lot | None = job.memory.get("lot")
    if lot is not None:
        lot.write(unit)


def write_steps(unit: WriteUnit, steps: Sequence[Step], lot: Lot | None = None) -> Iterator[Trace]:
    """Write new and changed people, whichever file they came from."""
    added = [step for step in steps if step.outcome is Outcome.ADDED]
    if added:
        people: list[NewPerson] = [step.values for step in added]
        ids = register(unit, people, lot)
        yield from (Trace(step.row, "member", one, 1) for step, one in zip(added, ids, strict=True))
    changed = [step for step in steps if step.outcome is Outcome.CHANGED]
    if changed:
        yield from _change(unit, changed)


def _change(unit: WriteUnit, steps: Sequence[Step]) -> Iterator[Trace]:
    members = {row.id: row for row in full_rows(unit, [step.values.known.id for step in steps])}
    held = numbers_of(unit, sorted(members))
    carded = cards(unit, sorted(members))
    old: dict[int, Keys] = {}
    new: dict[int, Keys] = {}
    rows: list[dict[str, Any]] = []
    traces: list[Trace] = []
    for step in steps:
        told: Update = step.values
        member = members[told.known.id]
        values = _values(unit, told)
        before = {key: _plain(getattr(member, key)) for key in [*values, "changed_at"]}
        card = carded.get(member.id)
        old[member.id] = keys_of(member.name, member.id_number, member.phone, card)
        new[member.id] = keys_of(
            member.name,
            values.get("id_number", member.id_number),
            values.get("phone", member.phone),
            card_of(told.identifiers) or card,
        )
        rows.append(
            {"id": member.id, **values, "version": member.version + 1, "changed_at": unit.clock.now()}
        )
        traces.append(Trace(step.row, "member", member.id, member.version + 1, before))
        traces += _numbers(unit, step.row, member.id, told, held)
        traces += _categories(unit, step.row, member.id, told)
    _update(unit, rows)
    swap_keys(unit, old, new)
    yield from traces


def _update(unit: WriteUnit, rows: Sequence[dict[str, Any]]) -> None:
    """Write changed columns; rows that change the same ones go together."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(row)
    for same in alike.values():
        unit.session.execute(update(Member), same)


def full_rows(unit: ReadUnit, ids: Sequence[int]) -> Iterator[Any]:
    """People with all that a roster may change, numbers in clear."""
    choose: Any = select
    columns = (
        Member.id,
        Member.name,
        Member.version,
        Member.changed_at,
        Member.id_number,
        Member.id_kind,
        Member.id_valid,
        Member.id_last4,
        Member.phone,
        Member.sex,
        Member.birth,
        Member.employment,
        Member.risk_class,
        Member.retirement_category,
        Member.retirement_month,
        Member.joined_on,
        Member.has_card,
        Member.department,
        Member.ethnicity,
        Member.platform,
        Member.station,
        Member.phone_last4,
        Member.phone_digest,
    )
    for start in range(0, len(ids), _PART):
        yield from unit.session.execute(
            choose(*columns).where(col(Member.id).in_(ids[start : start + _PART]))
        )


def _values(unit: WriteUnit, told: Update) -> dict[str, Any]:
    """The columns of ``member`` that change, with what follows from them."""
    values = dict(told.fields)
    if told.phone is not None:
        values |= _phone(told.phone)
    if told.number is not None:
        values |= _number(told.number.number, told.number.kind)
        unit.session.add(MemberIdentity(digest=identity_digest(told.number.number), member_id=told.known.id))
    if any(kind is IdentifierKind.UNION_CARD for kind, _ in told.identifiers):
        values["has_card"] = True
    if {"retirement_category", "birth"} & values.keys():
        category = values.get("retirement_category", told.known.retirement_category)
        values["retirement_month"] = retirement_month(category, values.get("birth", told.known.birth))
    return values


def _phone(phone: str | None) -> dict[str, Any]:
    return {"phone": phone, "phone_last4": last4(phone), "phone_digest": phone_digest(phone)}


def _number(number: str | None, kind: IdKind | None) -> dict[str, Any]:
    return {
        "id_number": number,
        "id_last4": last4(number),
        "id_kind": kind,
        "id_valid": None if number is None else True,
    }


def _numbers(unit: WriteUnit, row: int, member_id: int, told: Update, held: Any) -> Iterator[Trace]:
    for kind, text in told.identifiers:
        before = held.get((member_id, kind))
        if before is not None:
            ends = max(before.starts, unit.today - _DAY)
            unit.exec(update(MemberIdentifier).where(col(MemberIdentifier.id) == before.id).values(ends=ends))
            yield Trace(row, "member_identifier", before.id, before={"ends": None})
        made = MemberIdentifier(
            member_id=member_id,
            kind=kind,
            number=text,
            digest=identifier_digest(kind, text),
            last4=text[-4:],
            starts=unit.today,
        )
        unit.session.add(made)
        unit.session.flush()
        assert made.id is not None
        yield Trace(row, "member_identifier", made.id)


def _categories(unit: WriteUnit, row: int, member_id: int, told: Update) -> Iterator[Trace]:
    for code in told.categories:
        made = MemberCategory(member_id=member_id, category_code=code, starts=unit.today)
        unit.session.add(made)
        unit.session.flush()
        assert made.id is not None
        yield Trace(row, "member_category", made.id)


def cards(unit: ReadUnit, members: Sequence[int]) -> dict[int, str]:
    """The union card of each person that is in use now, in clear."""
    found: dict[int, str] = {}
    for start in range(0, len(members), _PART):
        rows = unit.exec(
            select(MemberIdentifier.member_id, MemberIdentifier.number).where(
                col(MemberIdentifier.member_id).in_(members[start : start + _PART]),
                col(MemberIdentifier.kind) == IdentifierKind.UNION_CARD,
                col(MemberIdentifier.ends).is_(None),
            )
        )
        found.update(dict(rows.all()))
    return found


def card_of(fresh: Sequence[tuple[IdentifierKind, str]]) -> str | None:
    """The union card among numbers."""
    return next((text for kind, text in fresh if kind is IdentifierKind.UNION_CARD), None)


def swap_keys(unit: WriteUnit, old: Mapping[int, Keys], new: Mapping[int, Keys]) -> None:
    """Write search keys that are new, and take away those that are not so any more."""
    gone = sorted((kind, key, one) for one, keys in old.items() for kind, key in keys - new[one])
    erase(unit, MemberKey, ("kind", "key", "member_id"), gone)
    fresh = sorted((kind, key, one) for one, keys in new.items() for kind, key in keys - old[one])
    if fresh:
        with unit.beyond_scope():
            branches = branches_of_people(unit.session, sorted({row[2] for row in fresh}))
        write_rows(unit, MemberKey, COLUMNS, [(*row, branches[row[2]]) for row in fresh])


def _plain(value: Any) -> Any:
    """A column as JSON keeps it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return getattr(value, "value", value)
