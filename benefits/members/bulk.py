"""Many people at once (批量登记): a register filled from a file, row for row as the verbs would write it.

No object of the mapper is made, and each table is written in one go; a test holds a person from a file and
one typed in against each other, column by column. Callers are open actions that have checked every row.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlmodel import select

from benefits.kernel.bulk import reserve, write
from benefits.kernel.ids import IdCheck, Sex
from benefits.kernel.pinyin import search_keys
from benefits.kernel.unit import WriteUnit
from benefits.members.branches import branches_of_units
from benefits.members.derive import identifier_digest, phone_digest
from benefits.members.identity import identity_digest, last4, statutory
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

_MEMBER = (
    "id organisation_id name sex birth status status_since employment risk_class retirement_category "
    "retirement_month joined_on has_card department ethnicity platform station id_kind id_valid id_number "
    "id_last4 phone phone_last4 phone_digest version changed_at"
).split()
_MEMBERSHIP = ("member_id", "organisation_id", "starts", "standing", "reason")
_IDENTIFIER = ("member_id", "kind", "number", "digest", "last4", "starts")
_CATEGORY = ("member_id", "category_code", "starts")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be registered, checked. ``joined_on`` None: today."""

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


_LOT = 250_000


class KeyLot:
    """Search keys that are put off, to go into the table in few sorted lots: a few thousand at a time would
    each go through the whole index. Held as bytes in the table's order, which is a third of the memory."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def add(self, unit: WriteUnit, keys: Iterable[tuple[int, str, int, int]]) -> None:
        """Put keys off: (kind, key, member, branch)."""
        self._held += [
            b"%c%b\0%b%b" % (kind, key.encode(), member.to_bytes(8, "big"), branch.to_bytes(8, "big"))
            for kind, key, member, branch in keys
        ]
        if len(self._held) >= _LOT:
            self.write(unit)

    def write(self, unit: WriteUnit) -> None:
        """Write what is held."""
        self._held.sort()
        number = int.from_bytes
        rows = (
            (one[0], one[1:-17].decode(), number(one[-16:-8], "big"), number(one[-8:], "big"))
            for one in self._held
        )
        write(unit, MemberKey, _KEY, rows)
        self._held.clear()


def register(unit: WriteUnit, people: Sequence[NewPerson], lot: KeyLot | None = None) -> Sequence[int]:
    """Register people with their memberships, identities, search keys, numbers and categories; their ids in
    order. A number that somebody has already is a violation of the database. With a ``lot`` the keys wait in
    it, and the caller writes it in the end."""
    ids = reserve(unit, Member, len(people))
    now, today = unit.clock.now(), unit.today
    pairs = list(zip(ids, people, strict=True))
    write(unit, Member, _MEMBER, (_member(*pair, today, now) for pair in pairs))
    write(unit, Membership, _MEMBERSHIP, (_membership(*pair, today) for pair in pairs))
    write(unit, MemberIdentity, ("digest", "member_id"), sorted(_identities(pairs)))
    if lot is None:
        write(unit, MemberKey, _KEY, sorted(_keys(unit, pairs)))
    else:
        lot.add(unit, _keys(unit, pairs))
    write(unit, MemberIdentifier, _IDENTIFIER, _identifiers(pairs, today))
    write(unit, MemberCategory, _CATEGORY, list(_categories(unit, pairs)))
    return ids


Pairs = list[tuple[int, NewPerson]]


@lru_cache(maxsize=4096)
def _month(category: RetirementCategory | None, year: int, month: int) -> date | None:
    return statutory(category, date(year, month, 1))


def retirement_month(category: RetirementCategory | None, birth: date | None) -> date | None:
    """The statutory month; it depends on no day of the month, so a million people ask few questions."""
    return None if birth is None else _month(category, birth.year, birth.month)


def _member(member_id: int, person: NewPerson, today: date, now: datetime) -> tuple[Any, ...]:
    number, joined = person.number, person.joined_on or today
    clear = number.number if number else None
    card = person.has_card
    if card is None and person.identifier(IdentifierKind.UNION_CARD):
        card = True
    return (
        member_id,
        person.organisation_id,
        person.name,
        person.sex,
        person.birth,
        Status.IN_POST,
        joined,
        person.employment,
        person.risk_class,
        person.retirement_category,
        retirement_month(person.retirement_category, person.birth),
        joined,
        card,
        person.department,
        person.ethnicity,
        person.platform,
        person.station,
        number.kind if number else None,
        number.ok if number else None,
        clear,
        last4(clear),
        person.phone,
        last4(person.phone),
        phone_digest(person.phone),
        1,
        now,
    )


def _membership(member_id: int, person: NewPerson, today: date) -> tuple[Any, ...]:
    return member_id, person.organisation_id, person.joined_on or today, Standing.PRIMARY, ""


def _identities(pairs: Pairs) -> Iterator[tuple[bytes, int]]:
    for member_id, person in pairs:
        if person.number is not None:
            yield identity_digest(person.number.number), member_id


def _keys(unit: WriteUnit, pairs: Pairs) -> Iterator[tuple[int, str, int, int]]:
    branches = branches_of_units(unit, {person.organisation_id for _, person in pairs})
    for member_id, person in pairs:
        number = person.number.number if person.number else None
        card = person.identifier(IdentifierKind.UNION_CARD) if person.identifiers else None
        for kind, key in search_keys(person.name, number, person.phone, card):
            yield kind, key, member_id, branches[person.organisation_id]


def _identifiers(pairs: Pairs, today: date) -> Iterator[tuple[Any, ...]]:
    for member_id, person in pairs:
        for kind, number in person.identifiers:
            starts = person.joined_on or today
            yield member_id, kind, number, identifier_digest(kind, number), number[-4:], starts


def _categories(unit: WriteUnit, pairs: Pairs) -> Iterator[tuple[Any, ...]]:
    """From the first day of the membership, but no earlier than the category itself."""
    if not any(person.categories for _, person in pairs):
        return
    first = {one.code: one.starts for one in unit.exec(select(WorkerCategory))}
    for member_id, person in pairs:
        for code in person.categories:
            yield member_id, code, max(person.joined_on or unit.today, first[code])
