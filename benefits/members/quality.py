"""The data quality board (数据质量看板): per unit, how many people in post have a number missing, wrong or
shared, and who they are.

What a clerk is assessed by and loses money over (DOMAIN 0.11 and 2.2 [S18][S83]). Counted are people in post
of whom a union membership is open; a person without a word on the status counts as in post. A number is
shared when another person with an open membership has it too, anywhere in the federation: past the actor's
scope only how many others there are is read, never who.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit
from benefits.members.faults import Fault, clauses_of, in_post, is_due, last_place, wrong_phone
from benefits.members.models import Member
from benefits.organisations.models import Level, Organisation
from benefits.organisations.queries import OrganisationRow, subtree

_PAGE = 2000


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One organisation of the board, with all below it: people in post, how many of them have a fault, and
    how many each. Those whose record is due to be removed (保存期满) mostly left long ago and are no part of
    ``people``."""

    organisation_id: int
    code: str
    name: str
    level: Level
    depth: int
    """Steps below the first row."""
    path: str
    people: int
    faulty: int
    counts: Mapping[Fault, int]

    def percent(self, fault: Fault) -> float | None:
        """Share of the people in post, in percent with two decimals; None: there is nobody, or they are no
        part of them."""
        if not self.people or fault is Fault.RETENTION_DUE:
            return None
        return round(100 * self.counts[fault] / self.people, 2)


def board(unit: ReadUnit, path: str = "") -> tuple[BoardRow, ...]:
    """The board of a part of the tree (everything that the actor sees), units rolled up to those above them,
    in tree order."""
    places = subtree(unit, path or unit.actor.scope)
    sums = {place.id: _Sum() for place in places}
    above = {place.id: [int(step) for step in place.path.strip("/").split("/")] for place in places}
    for organisation_id, tally in _tallies(unit, path).items():
        for step in above.get(organisation_id, ()):
            if step in sums:
                sums[step].add(tally)
    first = places[0].path.count("/") if places else 0
    return tuple(_board_row(place, sums[place.id], first) for place in places)


@dataclass(slots=True)
class _Sum:
    people: int = 0
    faulty: int = 0
    counts: dict[Fault, int] = field(default_factory=lambda: dict.fromkeys(Fault, 0))

    def add(self, other: "_Sum") -> None:
        self.people += other.people
        self.faulty += other.faulty
        for fault, count in other.counts.items():
            self.counts[fault] += count


def _board_row(place: OrganisationRow, found: _Sum, first: int) -> BoardRow:
    return BoardRow(
        place.id,
        place.code,
        place.name,
        place.level,
        place.path.count("/") - first,
        place.path,
        found.people,
        found.faulty,
        found.counts,
    )


def _tallies(unit: ReadUnit, path: str) -> dict[int, _Sum]:
    """Counts of each unit. One pass over the register for all that SQL can tell, one that opens the phones
    for what only the number itself tells, one for the records that are due."""
    sums: dict[int, _Sum] = {}
    with unit.beyond_scope():
        clauses = clauses_of(unit.today)
        choose: Any = select  # its overloads know no starred columns
        counts = [_count(clause) for clause in clauses.values()]
        query = choose(Member.organisation_id, func.count(), _count(or_(*clauses.values())), *counts)
        for place, number, faulty, *each in unit.exec(
            query.where(in_post(), _in(unit, path)).group_by(Member.organisation_id)
        ):
            found = sums.setdefault(place, _Sum(number, faulty or 0))
            found.counts.update(zip(clauses, (count or 0 for count in each), strict=True))
        for place, otherwise in _wrong_phones(unit, path, or_(*clauses.values())):
            sums[place].counts[Fault.PHONE_INVALID] += 1
            sums[place].faulty += not otherwise
        place = last_place()
        due = choose(place, func.count()).where(is_due(unit.today), place.in_(_tree(unit, path)))
        for organisation_id, number in unit.exec(due.group_by(place)):
            sums.setdefault(organisation_id, _Sum()).counts[Fault.RETENTION_DUE] = number
    return sums


def _wrong_phones(unit: ReadUnit, path: str, otherwise: Any) -> Iterator[tuple[int, bool]]:
    """Unit, and whether anything else is wrong, of everybody whose phone is no mobile number: only the opened
    number says so."""
    wrong: list[int] = []
    query = select(col(Member.id), col(Member.phone)).where(
        in_post(), _in(unit, path), col(Member.phone).is_not(None)
    )
    for member_id, phone in unit.exec(query.execution_options(yield_per=_PAGE)):
        if wrong_phone(phone):
            wrong.append(member_id or 0)
    for start in range(0, len(wrong), _PAGE):
        some = col(Member.id).in_(wrong[start : start + _PAGE])
        flag: Any = case((otherwise, 1), else_=0)
        for place, other in unit.exec(select(col(Member.organisation_id), flag).where(some)):
            yield place or 0, bool(other)


def _count(clause: Any) -> Any:
    return func.sum(case((clause, 1), else_=0))


def _tree(unit: ReadUnit, path: str) -> Any:
    """Ids of the organisations asked for, of those that the actor sees."""
    place = aliased(Organisation)
    seen = select(place.id).where(path_within(col(place.path), unit.actor.scope))
    return seen.where(path_within(col(place.path), path)) if path else seen


def _in(unit: ReadUnit, path: str) -> Any:
    return col(Member.organisation_id).in_(_tree(unit, path))
