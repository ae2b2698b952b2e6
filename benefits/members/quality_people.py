"""Who stands behind a number of the data quality board (问题人员名单)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import case, literal, or_, tuple_
from sqlmodel import col, select

from benefits.kernel.ids import Sex
from benefits.kernel.scope import path_within
from benefits.kernel.text import mask_id, mask_phone
from benefits.kernel.unit import ReadUnit
from benefits.members.faults import Fault, clauses_of, in_post, is_due, last_place, wrong_phone
from benefits.members.models import Member, Status
from benefits.organisations.models import Organisation

_PAGE = 2000
Found = tuple[str, int, int]
"""Path of the unit, member, unit."""


@dataclass(frozen=True, slots=True)
class Shared:
    """How many others have the same number: in the same unit, and in other units (在其他单位)."""

    here: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A person with faults, numbers masked. ``cursor`` continues the list after this row."""

    id: int
    name: str
    sex: Sex | None
    birth: date | None
    department: str
    organisation_id: int
    organisation_code: str
    organisation: str
    id_number: str
    phone: str
    faults: tuple[Fault, ...]
    shared: Shared | None
    """Who else has the phone; None: nobody."""
    cursor: tuple[str, int]


def people(
    unit: ReadUnit,
    fault: Fault | None,
    path: str = "",
    limit: int = 50,
    after: tuple[str, int] | None = None,
) -> tuple[FaultyRow, ...]:
    """Who has a fault (None: any), in tree order (问题人员名单). ``after``: the ``cursor`` of the last
    row."""
    with unit.beyond_scope():
        if fault is Fault.RETENTION_DUE:
            found = _due(unit, path, limit, after)
        else:
            found = _matching(unit, fault, path, limit, after)
        return tuple(_described(unit, found))


def _matching(
    unit: ReadUnit, fault: Fault | None, path: str, limit: int, after: tuple[str, int] | None
) -> list[Found]:
    """People in post with a fault, in tree order. A phone that is none shows only when it is opened, so for
    that (and for any fault) one after the other is looked at until there are enough."""
    clauses = clauses_of(unit.today)
    place = col(Member.organisation_id)
    if fault is not None and fault is not Fault.PHONE_INVALID:
        query = _placed(unit, path, place).where(in_post(), clauses[fault]).limit(limit)
        return [tuple(row) for row in unit.exec(_after(query, after))]
    other: Any = case((or_(*clauses.values()), 1), else_=0) if fault is None else literal(0)
    query = _after(_placed(unit, path, place, other, Member.phone).where(in_post()), after)
    if fault is not None:
        query = query.where(col(Member.phone).is_not(None))
    rows = unit.exec(query.execution_options(yield_per=_PAGE))
    faulty = ((path, who, here) for path, who, here, wrong, phone in rows if wrong or wrong_phone(phone))
    found = list(islice(faulty, limit))
    rows.close()
    return found


def _due(unit: ReadUnit, path: str, limit: int, after: tuple[str, int] | None) -> list[Found]:
    """People whose record need not be kept any longer, by the unit that they belong or last belonged to."""
    query = _placed(unit, path, last_place()).where(is_due(unit.today)).limit(limit)
    return [tuple(row) for row in unit.exec(_after(query, after))]


def _placed(unit: ReadUnit, path: str, place: Any, *more: Any) -> Any:
    """People of a part of the tree that the actor sees, in tree order."""
    choose: Any = select
    query = choose(Organisation.path, Member.id, Organisation.id, *more)
    query = query.join(Organisation, col(Organisation.id) == place)
    query = query.where(path_within(col(Organisation.path), unit.actor.scope))
    query = query.where(path_within(col(Organisation.path), path)) if path else query
    return query.order_by(col(Organisation.path), col(Member.id))


def _after(query: Any, after: tuple[str, int] | None) -> Any:
    return query if after is None else query.where(tuple_(col(Organisation.path), col(Member.id)) > after)


def _described(unit: ReadUnit, found: list[Found]) -> Iterator[FaultyRow]:
    ids = [member_id for _, member_id, _ in found]
    clauses = clauses_of(unit.today)
    flags = [case((clause, 1), else_=0) for clause in clauses.values()]
    choose: Any = select
    rows = {
        member.id: (member, {fault for fault, flag in zip(clauses, each, strict=True) if flag})
        for member, *each in unit.exec(choose(Member, *flags).where(col(Member.id).in_(ids)))
    }
    here = {place for _, _, place in found}
    places = {
        place.id: place for place in unit.exec(select(Organisation).where(col(Organisation.id).in_(here)))
    }
    holders = _holders(unit, [member for member, _ in rows.values()])
    for path, member_id, organisation_id in found:
        member, flagged = rows[member_id]
        faults = _faults(member, flagged, unit.today)
        place = places[organisation_id]
        yield FaultyRow(
            member_id,
            member.name,
            member.sex,
            member.birth,
            member.department or "",
            organisation_id,
            place.code,
            place.name,
            mask_id(member.id_number or ""),
            mask_phone(member.phone or ""),
            tuple(fault for fault in Fault if fault in faults),
            _shared(member, organisation_id, holders) if Fault.PHONE_SHARED in faults else None,
            (path, member_id),
        )


def _faults(member: Member, flagged: set[Fault], today: date) -> set[Fault]:
    """All faults of a person; one who is not in post has none but that the record is due."""
    in_post = member.organisation_id is not None and member.status in (Status.IN_POST, None)
    faults = set(flagged) if in_post else set()
    if in_post and wrong_phone(member.phone):
        faults.add(Fault.PHONE_INVALID)
    if member.retain_until is not None and member.retain_until < today:
        faults.add(Fault.RETENTION_DUE)
    return faults


def _holders(unit: ReadUnit, members: list[Member]) -> dict[bytes, list[tuple[int, int]]]:
    """Who has the phones of these people: (member, unit) by digest, anywhere."""
    digests = {member.phone_digest for member in members if member.phone_digest is not None}
    found: dict[bytes, list[tuple[int, int]]] = {}
    query = select(col(Member.phone_digest), col(Member.id), col(Member.organisation_id))
    query = query.where(col(Member.phone_digest).in_(digests), col(Member.organisation_id).is_not(None))
    for digest, member_id, place in unit.exec(query):
        found.setdefault(bytes(digest or b""), []).append((member_id or 0, place or 0))
    return found


def _shared(member: Member, own: int, holders: Mapping[bytes, list[tuple[int, int]]]) -> Shared:
    others = [place for other, place in holders[bytes(member.phone_digest or b"")] if other != member.id]
    return Shared(others.count(own), len(others) - others.count(own))
