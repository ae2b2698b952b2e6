"""Many people at once (批量登记): a register filled from a file, row for row as the verbs would write it.

No object of the mapper is made, and each table is written in one go; a test holds a person from a file and
one typed in against each other, column by column. Callers are open actions that have checked every row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlmodel import select

from benefits.kernel.bulk import reserve, write, write_columns
from benefits.kernel.ids import IdCheck, Sex
from benefits.kernel.unit import WriteUnit
from benefits.members.branches import branches_of_units
from benefits.members.derive import phone_digests
from benefits.members.identity import last4, statutory
from benefits.members.lots import Lot, Told
from benefits.members.models import (
    Employment,
    IdentifierKind,
    Member,
    MemberCategory,
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


@dataclass(frozen=True, slots=True)
class Columns:
    """People by columns: for each field of ``NewPerson`` what it says of everybody, and what follows."""

    of: Any
    numbers: Sequence[str | None]
    joined: Sequence[date]


def register(unit: WriteUnit, people: Sequence[NewPerson], lot: Lot | None = None) -> Sequence[int]:
    """Register people with their memberships, identities, search keys, numbers and categories; their ids in
    order. A number that somebody has already is a violation of the database. With a ``lot`` identities, keys
    and numbers wait in it, and the caller writes it in the end."""
    ids = reserve(unit, Member, len(people))
    if not people:
        return ids
    columns = _columns(people, unit.today)
    of = columns.of
    write_columns(unit, Member, _members(columns, ids, unit.clock.now()))
    write_columns(unit, Membership, _memberships(columns, ids))
    write(unit, MemberCategory, _CATEGORY, list(_categories(unit, columns, ids)))
    found = branches_of_units(unit, set(of.organisation_id))
    branches = [found[place] for place in of.organisation_id]
    told = Told(ids, branches, of.name, columns.numbers, of.phone, of.identifiers, columns.joined)
    waiting = Lot() if lot is None else lot
    waiting.add(unit, told)
    if lot is None:
        waiting.write(unit)
    return ids


def _columns(people: Sequence[NewPerson], today: date) -> Columns:
    of: Any = NewPerson._make(zip(*people, strict=True))
    numbers = [check and check.number for check in of.number]
    return Columns(of, numbers, [day or today for day in of.joined_on])


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
            True if held is None and _has_card(numbers) else held
            for held, numbers in zip(of.has_card, of.identifiers, strict=True)
        ],
        "id_kind": [check and check.kind for check in of.number],
        "id_valid": [check and check.ok for check in of.number],
        "id_number": columns.numbers,
        "id_last4": list(map(last4, columns.numbers)),
        "phone_last4": list(map(last4, of.phone)),
        "phone_digest": phone_digests(of.phone),
        "version": [1] * count,
        "changed_at": [now] * count,
    }


def _has_card(identifiers: Sequence[tuple[IdentifierKind, str]]) -> bool:
    return any([kind is IdentifierKind.UNION_CARD for kind, _ in identifiers])


def _memberships(columns: Columns, ids: Sequence[int]) -> dict[str, Sequence[Any]]:
    return {
        "member_id": ids,
        "organisation_id": columns.of.organisation_id,
        "starts": columns.joined,
        "standing": [Standing.PRIMARY] * len(ids),
        "reason": [""] * len(ids),
    }


def _categories(unit: WriteUnit, columns: Columns, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """From the first day of the membership, but no earlier than the category itself."""
    if not any(columns.of.categories):
        return
    first = {one.code: one.starts for one in unit.exec(select(WorkerCategory))}
    for member_id, codes, joined in zip(ids, columns.of.categories, columns.joined, strict=True):
        for code in codes:
            yield member_id, code, max(joined, first[code])
