"""Many people at once (批量登记): a register filled from a file, row for row as the verbs would write it.

No object of the mapper is made, and each table is written in one go; a test holds a person from a file and
one typed in against each other, column by column. Callers are open actions that have checked every row.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

from sqlmodel import select

from benefits.kernel.bulk import reserve, write, write_columns
from benefits.kernel.ids import IdCheck, Sex
from benefits.kernel.pinyin import KeyKind, id_tail, name_keys, tail
from benefits.kernel.unit import WriteUnit
from benefits.members.branches import branches_of_units
from benefits.members.derive import identifier_digests, phone_digests
from benefits.members.identity import identity_digests, last4, statutory
from benefits.members.keys import COLUMNS as _KEY
from benefits.members.models import (
    Employment,
    IdentifierKind,
    Member,
    MemberCategory,
    MemberIdentifier,
    MemberIdentity,
    MemberKey,
    Membership,
    Standing,
    Status,
    WorkerCategory,
)
from benefits.members.retirement import RetirementCategory
from benefits.organisations.models import RiskClass

_CATEGORY = ("member_id", "category_code", "starts")


class NewPerson(NamedTuple):
    """A person to be registered, checked. ``joined_on`` None: today. A tuple, so that many are turned into
    columns at once."""

    organisation_id: int
    name: str
    number: IdCheck | None = None
    sex: Sex | None = None
    birth: date | None = None
    phone: str | None = None
    employment: Employment | None = None
    risk_class: RiskClass | None = None
    retirement_category: RetirementCategory | None = None
    joined_on: date | None = None
    has_card: bool | None = None
    department: str | None = None
    ethnicity: str | None = None
    platform: str | None = None
    station: str | None = None
    identifiers: tuple[tuple[IdentifierKind, str], ...] = ()
    categories: tuple[str, ...] = ()

    def identifier(self, kind: IdentifierKind) -> str | None:
        """A number of the person, if there is one of the kind."""
        return next((number for one, number in self.identifiers if one is kind), None)


_MOST_WAITING = 1_000_000
_BETWEEN = "\0"
"""Stands in no text that a database keeps."""


class KeyLot:
    """Search keys that are put off, to go into the table in few sorted lots: a few thousand at a time would
    each go through the whole index. They wait by kind, all texts of some people as one, which takes a fifth
    of the memory."""

    def __init__(self) -> None:
        self._kinds = {int(kind): _Waiting() for kind in KeyKind}

    def add(self, unit: WriteUnit, people: "Columns", ids: Sequence[int]) -> None:
        """Put off the keys of people."""
        found = branches_of_units(unit, set(people.of.organisation_id))
        branches = [found[place] for place in people.of.organisation_id]
        kept: dict[int, list[tuple[str, int, int]]] = {kind: [] for kind in self._kinds}
        for keys, member_id, branch in zip(map(name_keys, people.names), ids, branches, strict=True):
            for kind, key in keys:
                kept[kind].append((key, member_id, branch))
        for number_kind, tails in (
            (KeyKind.ID_TAIL, map(id_tail, people.numbers)),
            (KeyKind.PHONE_TAIL, map(tail, people.phones)),
            (KeyKind.CARD_TAIL, map(tail, people.cards)),
        ):
            kept[number_kind] = [one for one in zip(tails, ids, branches, strict=True) if one[0]]
        for kind, rows in kept.items():
            self._kinds[kind].add(rows)
        if sum(len(one.members) for one in self._kinds.values()) >= _MOST_WAITING:
            self.write(unit)

    def write(self, unit: WriteUnit) -> None:
        """Write what waits, in the order of the table."""
        for kind, waiting in self._kinds.items():
            write(unit, MemberKey, _KEY, waiting.rows(kind))
            self._kinds[kind] = _Waiting()


@dataclass(slots=True)
class _Waiting:
    """Keys of one kind that wait."""

    texts: list[str] = field(default_factory=list)
    members: "array[int]" = field(default_factory=lambda: array("q"))
    branches: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, rows: Sequence[tuple[str, int, int]]) -> None:
        if rows:
            texts, members, branches = zip(*rows, strict=True)
            self.texts.append(_BETWEEN.join(texts))
            self.members.extend(members)
            self.branches.extend(branches)

    def rows(self, kind: int) -> list[tuple[int, str, int, int]]:
        """In order: members wait in that of their ids."""
        texts = _BETWEEN.join(self.texts).split(_BETWEEN) if self.texts else ()
        kinds = repeat(kind, len(texts))
        return sorted(zip(kinds, texts, self.members, self.branches, strict=True), key=itemgetter(1))


@dataclass(frozen=True, slots=True)
class Columns:
    """People by columns: for each field of ``NewPerson`` what it says of everybody, and what follows."""

    of: Any
    names: Sequence[str]
    numbers: Sequence[str | None]
    phones: Sequence[str | None]
    cards: Sequence[str | None]
    joined: Sequence[date]


def register(unit: WriteUnit, people: Sequence[NewPerson], lot: KeyLot | None = None) -> Sequence[int]:
    """Register people with their memberships, identities, search keys, numbers and categories; their ids in
    order. A number that somebody has already is a violation of the database. With a ``lot`` the keys wait in
    it, and the caller writes it in the end."""
    ids = reserve(unit, Member, len(people))
    if not people:
        return ids
    columns = _columns(people, unit.today)
    write_columns(unit, Member, _members(columns, ids, unit.clock.now()))
    write_columns(unit, Membership, _memberships(columns, ids))
    marks = zip(identity_digests(columns.numbers), ids, strict=True)
    write(unit, MemberIdentity, ("digest", "member_id"), sorted(one for one in marks if one[0] is not None))
    keys = KeyLot() if lot is None else lot
    keys.add(unit, columns, ids)
    if lot is None:
        keys.write(unit)
    _write_identifiers(unit, columns, ids)
    write(unit, MemberCategory, _CATEGORY, list(_categories(unit, columns, ids)))
    return ids


def _columns(people: Sequence[NewPerson], today: date) -> Columns:
    of: Any = NewPerson._make(zip(*people, strict=True))
    return Columns(
        of,
        of.name,
        [check and check.number for check in of.number],
        of.phone,
        [person.identifier(IdentifierKind.UNION_CARD) if person.identifiers else None for person in people],
        [day or today for day in of.joined_on],
    )


@lru_cache(maxsize=4096)
def _month(category: RetirementCategory | None, year: int, month: int) -> date | None:
    return statutory(category, date(year, month, 1))


def retirement_month(category: RetirementCategory | None, birth: date | None) -> date | None:
    """The statutory month; it depends on no day of the month, so a million people ask few questions."""
    return None if birth is None else _month(category, birth.year, birth.month)


def _members(columns: Columns, ids: Sequence[int], now: datetime) -> dict[str, Sequence[Any]]:
    of, count = columns.of, len(ids)
    alike = "organisation_id name sex birth employment risk_class retirement_category department ethnicity "
    alike += "platform station phone"
    return {name: getattr(of, name) for name in alike.split()} | {
        "id": ids,
        "status": [Status.IN_POST] * count,
        "status_since": columns.joined,
        "joined_on": columns.joined,
        "retirement_month": list(map(retirement_month, of.retirement_category, of.birth)),
        "has_card": [
            True if held is None and card else held
            for held, card in zip(of.has_card, columns.cards, strict=True)
        ],
        "id_kind": [check and check.kind for check in of.number],
        "id_valid": [check and check.ok for check in of.number],
        "id_number": columns.numbers,
        "id_last4": list(map(last4, columns.numbers)),
        "phone_last4": list(map(last4, columns.phones)),
        "phone_digest": phone_digests(columns.phones),
        "version": [1] * count,
        "changed_at": [now] * count,
    }


def _memberships(columns: Columns, ids: Sequence[int]) -> dict[str, Sequence[Any]]:
    return {
        "member_id": ids,
        "organisation_id": columns.of.organisation_id,
        "starts": columns.joined,
        "standing": [Standing.PRIMARY] * len(ids),
        "reason": [""] * len(ids),
    }


def _write_identifiers(unit: WriteUnit, columns: Columns, ids: Sequence[int]) -> None:
    """Kind by kind, as the index by which they are looked up has them."""
    for kind in IdentifierKind:
        held = [
            (member_id, number, starts)
            for member_id, numbers, starts in zip(ids, columns.of.identifiers, columns.joined, strict=True)
            for one, number in numbers
            if one is kind
        ]
        if not held:
            continue
        members, numbers, starts = zip(*held, strict=True)
        rows = {
            "member_id": members,
            "kind": [kind] * len(held),
            "number": numbers,
            "digest": identifier_digests(kind, numbers),
            "last4": [number[-4:] for number in numbers],
            "starts": starts,
        }
        write_columns(unit, MemberIdentifier, rows)


def _categories(unit: WriteUnit, columns: Columns, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """From the first day of the membership, but no earlier than the category itself."""
    if not any(columns.of.categories):
        return
    first = {one.code: one.starts for one in unit.exec(select(WorkerCategory))}
    for member_id, codes, joined in zip(ids, columns.of.categories, columns.joined, strict=True):
        for code in codes:
            yield member_id, code, max(joined, first[code])
