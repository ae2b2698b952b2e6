"""Who of a file is registered (在册核对): everybody of a chunk in a few queries, by identity number, by other
numbers, by phone, by name and birth."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import or_
from sqlmodel import col, select

from benefits.kernel.among import among, among_pairs
from benefits.kernel.ids import Sex
from benefits.kernel.unit import ReadUnit
from benefits.members.models import (
    Employment,
    IdentifierKind,
    Member,
    MemberCategory,
    MemberIdentifier,
    MemberIdentity,
    Status,
)
from benefits.members.retirement import RetirementCategory
from benefits.organisations.models import Organisation, RiskClass

_MOST = 10_000
_COLUMNS = (
    Member.id,
    Member.name,
    Member.organisation_id,
    Member.status,
    Member.version,
    Member.sex,
    Member.birth,
    Member.id_last4,
    Member.phone_digest,
    Member.phone_last4,
    Member.employment,
    Member.risk_class,
    Member.retirement_category,
    Member.joined_on,
    Member.has_card,
    Member.department,
    Member.ethnicity,
    Member.platform,
    Member.station,
    Member.planned_retirement,
)


class Known(NamedTuple):
    """A person as the register has him or her; numbers by their digests and last fours. A tuple, as each is
    a row just as it was read, and a large file has half a million of them."""

    id: int
    name: str
    organisation_id: int | None
    status: Status | None
    version: int
    sex: Sex | None
    birth: date | None
    id_last4: str | None
    phone_digest: bytes | None
    phone_last4: str | None
    employment: Employment | None
    risk_class: RiskClass | None
    retirement_category: RetirementCategory | None
    joined_on: date | None
    has_card: bool | None
    department: str | None
    ethnicity: str | None
    platform: str | None
    station: str | None
    planned_retirement: date | None


class OpenNumber(NamedTuple):
    """A number other than the identity number that somebody has now."""

    id: int
    member_id: int
    kind: IdentifierKind
    digest: bytes
    last4: str
    starts: date


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Some at a time: a statement takes only so many parameters."""
    rest = list(values)
    for start in range(0, len(rest), _MOST):
        yield rest[start : start + _MOST]


def _people(unit: ReadUnit, criterion: Any) -> Iterator[Known]:
    choose: Any = select  # its overloads know no starred columns
    for row in unit.session.execute(choose(*_COLUMNS).where(criterion, col(Member.merged_into_id).is_(None))):
        yield Known(*row)


def holders(unit: ReadUnit, digests: Sequence[bytes]) -> dict[bytes, int]:
    """Identity digest -> member, wherever in the tree: the register is one. Only inside ``beyond_scope`` for
    whoever sees a part."""
    found: dict[bytes, int] = {}
    for part in _parts(digests):
        rows = unit.exec(
            select(MemberIdentity.digest, MemberIdentity.member_id).where(
                among(unit, MemberIdentity.digest, part)
            )
        )
        found.update((bytes(mark), member) for mark, member in rows)
    return found


def numbers(unit: ReadUnit, digests: Mapping[IdentifierKind, Sequence[bytes]]) -> dict[bytes, OpenNumber]:
    """Digest of another number, by kinds -> who has it now."""
    found: dict[bytes, OpenNumber] = {}
    for kind, some in digests.items():
        for part in _parts(some):
            here = among(unit, MemberIdentifier.digest, part), col(MemberIdentifier.kind) == kind
            rows = unit.session.execute(_numbers().where(*here))
            found.update((one.digest, one) for one in (OpenNumber(*row) for row in rows))
    return found


def numbers_of(unit: ReadUnit, members: Sequence[int]) -> dict[tuple[int, IdentifierKind], OpenNumber]:
    """The numbers that people have now."""
    found: dict[tuple[int, IdentifierKind], OpenNumber] = {}
    for part in _parts(members):
        rows = unit.session.execute(_numbers().where(among(unit, MemberIdentifier.member_id, part)))
        found.update(((one.member_id, one.kind), one) for one in (OpenNumber(*row) for row in rows))
    return found


def _numbers() -> Any:
    choose: Any = select
    return choose(
        MemberIdentifier.id,
        MemberIdentifier.member_id,
        MemberIdentifier.kind,
        MemberIdentifier.digest,
        MemberIdentifier.last4,
        MemberIdentifier.starts,
    ).where(col(MemberIdentifier.ends).is_(None))


def categories_of(unit: ReadUnit, members: Sequence[int]) -> dict[int, set[str]]:
    """The worker categories that people belong to now; one whose last day is today is still one."""
    found: dict[int, set[str]] = {}
    for part in _parts(members):
        rows = unit.exec(
            select(MemberCategory.member_id, MemberCategory.category_code).where(
                among(unit, MemberCategory.member_id, part),
                or_(col(MemberCategory.ends).is_(None), col(MemberCategory.ends) >= unit.today),
            )
        )
        for member, code in rows:
            found.setdefault(member, set()).add(code)
    return found


def people(unit: ReadUnit, members: Iterable[int]) -> dict[int, Known]:
    """People whom the actor sees, by id."""
    found: dict[int, Known] = {}
    for part in _parts(sorted(set(members))):
        found.update((one.id, one) for one in _people(unit, among(unit, Member.id, part)))
    return found


def by_phone(unit: ReadUnit, digests: Iterable[bytes]) -> dict[bytes, list[Known]]:
    """Who has a mobile number."""
    found: dict[bytes, list[Known]] = {}
    for part in _parts(digests):
        for one in _people(unit, among(unit, Member.phone_digest, part)):
            assert one.phone_digest is not None
            found.setdefault(bytes(one.phone_digest), []).append(one)
    return found


def by_name(unit: ReadUnit, pairs: Iterable[tuple[date, str]]) -> dict[tuple[date, str], list[Known]]:
    """Who was born on a day and has a name."""
    found: dict[tuple[date, str], list[Known]] = {}
    for part in _parts(set(pairs)):
        for one in _people(unit, among_pairs(unit, Member.birth, Member.name, part)):
            assert one.birth is not None
            found.setdefault((one.birth, one.name), []).append(one)
    return found


def unions(unit: ReadUnit, members: Sequence[int]) -> dict[int, str]:
    """Names of the unions of people, to say where somebody is registered."""
    found: dict[int, str] = {}
    for part in _parts(members):
        rows = unit.exec(
            select(Member.id, Organisation.name)
            .join(Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True)
            .where(among(unit, Member.id, part))
        )
        found.update((member or 0, name or "-") for member, name in rows)
    return found
