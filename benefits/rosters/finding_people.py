"""Whom a row means (行内查找): registered people by number, or by name within a unit.

Set by set: a few statements for each chunk of rows, none for a row. What cannot be said is blamed on its
column with what to do about it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from benefits.kernel.errors import say
from benefits.kernel.ids import Sex
from benefits.kernel.text import mask_id, mask_name
from benefits.kernel.unit import ReadUnit
from benefits.members.derive import identifier_digest
from benefits.members.identity import identity_digest
from benefits.members.models import IdentifierKind, Member, MemberIdentifier, MemberIdentity, Status
from benefits.members.retirement import RetirementCategory
from benefits.organisations.models import Organisation
from benefits.organisations.queries import OrganisationRow
from benefits.rosters.finding import rows_blamed
from benefits.rosters.kind import Chunk, Job

_NUMBERS = {
    "member_number": IdentifierKind.MEMBER_NUMBER,
    "union_card": IdentifierKind.UNION_CARD,
    "staff_number": IdentifierKind.STAFF_NUMBER,
}
"""Columns with other numbers by which a person is known, the surest first."""

_HOMES = ("unit_code", "unit_name", "from_unit")
"""Columns that say where somebody is a member."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member as kinds need one. ``path`` of the union where he or she is a member, empty: nowhere."""

    id: int
    name: str
    organisation_id: int | None
    organisation: str
    organisation_code: str
    path: str
    sex: Sex | None
    birth: date | None
    status: Status | None
    status_since: date | None
    joined_on: date | None
    retirement_category: RetirementCategory | None
    retirement_month: date | None
    planned_retirement: date | None
    retired_on: date | None
    version: int


def people(
    job: Job,
    chunk: Chunk,
    *,
    within: Sequence[OrganisationRow | None] | None = None,
    also: Sequence[OrganisationRow | None] | None = None,
    path: str | None = None,
    required: bool = True,
) -> list[Person | None]:
    """The registered person of each row: by identity number, else member number or card, else by the exact
    name within the unit (``within``, else that of the whole file); ``also``: where somebody may be just as
    well, and whose name is looked for second.

    Numbers and name that mean different people, a unit (``within``) where the person is not, somebody who
    is registered outside the part of the tree (``path``: another one than the file's) and somebody who is
    not registered are blamed. None there; ``required`` False: a row that names nobody is no fault.
    """
    path = job.place.path if path is None else path
    homes = within or [job.organisation] * len(chunk.rows)
    others = also or [None] * len(chunk.rows)
    sought = _sought(job.unit, chunk, (homes, others))
    unread = rows_blamed(chunk, "id_number", *_NUMBERS, "name")
    found: list[Person | None] = []
    for at, ids in enumerate(sought.rows):
        person = _one(chunk, at, ids, sought)
        if person is None:
            if not ids and at not in unread:
                _nobody(chunk, at, sought, homes[at], required)
            found.append(None)
            continue
        home = within[at] if within is not None and person.organisation_id != _id(others[at]) else None
        found.append(person if _agrees(chunk, at, person, home, path, job) else None)
    return found


def _id(row: OrganisationRow | None) -> int | None:
    return None if row is None else row.id


@dataclass(slots=True)
class _Sought:
    """What was looked up for a chunk: for each row column -> ids; the people; unions of people beyond the
    scope."""

    rows: list[dict[str, tuple[int, ...]]]
    people: dict[int, Person]
    elsewhere: dict[bytes, str]
    marks: list[bytes | None]
    """Digest of each row's identity number."""


def _sought(unit: ReadUnit, chunk: Chunk, homes: Iterable[Sequence[OrganisationRow | None]]) -> _Sought:
    marks = [None if check is None else identity_digest(check.number) for check in chunk.get("id_number")]
    rows: list[dict[str, tuple[int, ...]]] = [{} for _ in chunk.rows]
    known = _by_identity(unit, {mark for mark in marks if mark is not None})
    for at, mark in enumerate(marks):
        if mark is not None and mark in known:
            rows[at]["id_number"] = (known[mark],)
    for key, kind in _NUMBERS.items():
        _by_number(unit, rows, key, kind, chunk.get(key))
    for places in homes:
        _by_name(unit, rows, chunk, places, marks)
    ids = {one for row in rows for found in row.values() for one in found}
    missing = {mark for at, mark in enumerate(marks) if mark is not None and not rows[at]}
    return _Sought(rows, load_people(unit, ids), _elsewhere(unit, missing), marks)


def _by_identity(unit: ReadUnit, marks: Collection[bytes]) -> dict[bytes, int]:
    if not marks:
        return {}
    query = select(MemberIdentity.digest, MemberIdentity.member_id)
    return dict(unit.exec(query.where(col(MemberIdentity.digest).in_(marks))).all())


def _elsewhere(unit: ReadUnit, marks: Collection[bytes]) -> dict[bytes, str]:
    """The unions of people whom the actor does not see: the register is one, the view of it is not."""
    if not marks:
        return {}
    query = (
        select(MemberIdentity.digest, Organisation.name)
        .join(Member, col(Member.id) == col(MemberIdentity.member_id))
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True)
        .where(col(MemberIdentity.digest).in_(marks))
    )
    with unit.beyond_scope():
        return {mark: place or "-" for mark, place in unit.exec(query)}


def _by_number(
    unit: ReadUnit,
    rows: list[dict[str, tuple[int, ...]]],
    key: str,
    kind: IdentifierKind,
    numbers: Sequence[str | None],
) -> None:
    marks = {number: identifier_digest(kind, number) for number in numbers if number is not None}
    if not marks:
        return
    query = select(
        MemberIdentifier.digest, MemberIdentifier.member_id, col(MemberIdentifier.ends).is_(None)
    ).where(col(MemberIdentifier.kind) == kind, col(MemberIdentifier.digest).in_(set(marks.values())))
    now: dict[bytes, set[int]] = {}
    ever: dict[bytes, set[int]] = {}
    for mark, member_id, in_use in unit.exec(query):
        ever.setdefault(mark, set()).add(member_id)
        if in_use:
            now.setdefault(mark, set()).add(member_id)
    for at, number in enumerate(numbers):
        if number is not None:
            found = now.get(marks[number]) or ever.get(marks[number])
            if found:
                rows[at][key] = tuple(sorted(found))


def _by_name(
    unit: ReadUnit,
    rows: list[dict[str, tuple[int, ...]]],
    chunk: Chunk,
    homes: Sequence[OrganisationRow | None],
    marks: Sequence[bytes | None],
) -> None:
    """People of that name in the unit, for rows that give no number at all."""
    numbered = {at for key in _NUMBERS for at, number in enumerate(chunk.get(key)) if number is not None}
    wanted = {
        at: (home.id, name)
        for at, (name, home) in enumerate(zip(chunk.get("name"), homes, strict=True))
        if name is not None and home is not None and marks[at] is None and at not in numbered and not rows[at]
    }
    if not wanted:
        return
    query = select(Member.organisation_id, Member.name, Member.id).where(
        col(Member.organisation_id).in_({home for home, _ in wanted.values()}),
        col(Member.name).in_({name for _, name in wanted.values()}),
        col(Member.merged_into_id).is_(None),
    )
    found: dict[tuple[int | None, str], list[int]] = {}
    for home, name, member_id in unit.exec(query):
        found.setdefault((home, name), []).append(member_id or 0)
    for at, place in wanted.items():
        if place in found:
            rows[at]["name"] = tuple(sorted(found[place]))


def load_people(unit: ReadUnit, ids: Iterable[int]) -> dict[int, Person]:
    """People of the actor's scope by id."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    choose: Any = select  # its overloads know no more than four columns
    columns = (
        Member.id,
        Member.name,
        Member.organisation_id,
        Organisation.name,
        Organisation.code,
        Organisation.path,
        Member.sex,
        Member.birth,
        Member.status,
        Member.status_since,
        Member.joined_on,
        Member.retirement_category,
        Member.retirement_month,
        Member.planned_retirement,
        Member.retired_on,
        Member.version,
    )
    query = choose(*columns).join(
        Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True
    )
    rows = unit.exec(query.where(col(Member.id).in_(wanted)))
    found: dict[int, Person] = {}
    for row in rows:
        facts: tuple[Any, ...] = tuple(row)
        place = tuple(word or "" for word in facts[3:6])
        found[facts[0]] = Person(*(facts[:3] + place + facts[6:]))
    return found


def _one(chunk: Chunk, at: int, ids: dict[str, tuple[int, ...]], sought: _Sought) -> Person | None:
    """The one person that all given numbers mean; blames where they do not agree."""
    meant = [set(found) for found in ids.values()]
    if not meant:
        return None
    both = set.intersection(*meant)
    key = next(iter(ids))
    if sought.marks[at] is not None and "id_number" not in ids:
        chunk.blame(at, "id_number", "rosters.person_numbers_differ")
        return None
    if not both:
        chunk.blame(at, key, "rosters.person_numbers_differ")
        return None
    if len(both) > 1:
        code = "rosters.person_namesakes" if key == "name" else "rosters.person_number_several"
        chunk.blame(at, key, code, count=len(both))
        return None
    return sought.people.get(both.pop())


def _nobody(chunk: Chunk, at: int, sought: _Sought, home: OrganisationRow | None, required: bool) -> None:
    mark = sought.marks[at]
    if mark is not None:
        number = mask_id(chunk.get("id_number")[at].number)
        if mark in sought.elsewhere:
            chunk.blame(at, "id_number", "rosters.person_elsewhere", unit=sought.elsewhere[mark])
        else:
            chunk.blame(at, "id_number", "rosters.person_not_registered", number=number)
        return
    for key in _NUMBERS:
        if (number := chunk.get(key)[at]) is not None:
            tail = "*" + number[-4:]
            title = say(f"rosters.column.{key}")
            chunk.blame(at, key, "rosters.person_number_unknown", column=title, number=tail)
            return
    name = chunk.get("name")[at]
    if name is not None and home is not None:
        chunk.blame(at, "name", "rosters.person_name_unknown", name=name, unit=home.name)
    elif name is not None or required:
        chunk.blame(at, "name" if name is not None else "", "rosters.person_missing")


def _agrees(
    chunk: Chunk,
    at: int,
    person: Person,
    home: OrganisationRow | None,
    path: str,
    job: Job,
) -> bool:
    """Whether name and unit of the row are those of the register."""
    agrees = True
    name = chunk.get("name")[at]
    if name is not None and name != person.name:
        chunk.blame(at, "name", "rosters.person_name_differs", name=name, registered=mask_name(person.name))
        agrees = False
    if person.path and not person.path.startswith(path):
        chunk.blame(at, "", "rosters.person_outside", unit=person.organisation, place=job.place.name)
        return False
    if home is not None and person.path and not person.path.startswith(home.path):
        key = next((key for key in _HOMES if chunk.get(key)[at] is not None), "")
        words = {"unit": home.name, "registered": person.organisation}
        chunk.blame(at, key, "rosters.person_other_unit", **words)
        agrees = False
    return agrees
