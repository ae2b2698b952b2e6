"""Upkeep after an upgrade (升级后的补齐): search keys and digests that only the program can make.

A migration knows columns, not pinyin and not the installation's key. So ``benefits db upgrade`` fills what
a newer schema derives from rows that are older than it: in chunks, each its own transaction, nothing done
twice; killed at any point, the next run goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, delete, select, update

from benefits.kernel.bulk import analyse, load
from benefits.kernel.pinyin import KeyKind
from benefits.kernel.unit import Database
from benefits.members.derive import phone_digest
from benefits.members.keys import COLUMNS, placed_keys
from benefits.members.models import Member, MemberKey
from benefits.organisations.keeping import keys_of as keys_of_unit
from benefits.organisations.models import Organisation, OrganisationKey, OrganisationName
from benefits.organisations.search import UnitKey

CHUNK = 5000
_INNER = (KeyKind.INNER_NAME, KeyKind.INNER_PINYIN, KeyKind.INNER_INITIALS)


@dataclass(frozen=True, slots=True)
class Filled:
    """How many units and people got their search keys, and how many people the digest of their phone."""

    units: int
    people: int
    phones: int


def fill_derived(database: Database) -> Filled:
    """Fill what is derived and not there (补齐检索键和摘要)."""
    units = _each(database, _units_without_keys, _fill_units)
    with database.upkeep() as session:
        _drop_old_keys(session)
    people = _each(database, _people_without_keys, _fill_people)
    phones = _each(database, _without_digest, _fill_digests)
    if units or people:
        with database.upkeep() as session:
            analyse(session, OrganisationKey, MemberKey)
    return Filled(units, people, phones)


def _each(
    database: Database,
    lacking: Callable[[Session], Sequence[int]],
    fill: Callable[[Session, Sequence[int]], int],
) -> int:
    """Fill chunk after chunk of those that lack something; how many there were."""
    with database.upkeep() as session:
        ids = lacking(session)
    done = 0
    for start in range(0, len(ids), CHUNK):
        with database.upkeep() as session:
            done += fill(session, ids[start : start + CHUNK])
    return done


def _ids(session: Session, query: Any) -> list[int]:
    return list(session.exec(query))


def _units_without_keys(session: Session) -> list[int]:
    keyed = select(OrganisationKey.organisation_id).where(col(OrganisationKey.kind) == int(UnitKey.CODE))
    return _ids(session, select(Organisation.id).where(col(Organisation.id).not_in(keyed)))


def _fill_units(session: Session, ids: Sequence[int]) -> int:
    former: dict[int, list[str]] = {}
    names = select(OrganisationName.organisation_id, OrganisationName.name)
    for owner, name in session.exec(names.where(col(OrganisationName.organisation_id).in_(ids))):
        former.setdefault(owner, []).append(name)
    units = session.exec(select(Organisation).where(col(Organisation.id).in_(ids))).all()
    keys = (
        (kind, key, unit.id)
        for unit in units
        for kind, key in keys_of_unit(unit, former.get(unit.id or 0, ()))
    )
    load(session, OrganisationKey, ("kind", "key", "organisation_id"), sorted(keys))
    return len(units)


def _drop_old_keys(session: Session) -> None:
    """Keys of parts of names stood among those of whole names once. Where there are none but such, all are
    made anew."""
    new = select(MemberKey.kind).where(col(MemberKey.kind).in_([int(kind) for kind in _INNER])).limit(1)
    if session.exec(new).first() is None:
        session.exec(delete(MemberKey))


def _people_without_keys(session: Session) -> list[int]:
    keyed = select(MemberKey.member_id).where(col(MemberKey.kind) == int(KeyKind.NAME))
    people = select(Member.id).where(col(Member.merged_into_id).is_(None), col(Member.id).not_in(keyed))
    return _ids(session, people.order_by(col(Member.id)))


def _fill_people(session: Session, ids: Sequence[int]) -> int:
    load(session, MemberKey, COLUMNS, sorted(placed_keys(session, ids)))
    return len(ids)


def _without_digest(session: Session) -> list[int]:
    lacking = select(Member.id).where(
        col(Member.merged_into_id).is_(None),
        col(Member.phone).is_not(None),
        col(Member.phone_digest).is_(None),
    )
    return _ids(session, lacking.order_by(col(Member.id)))


def _fill_digests(session: Session, ids: Sequence[int]) -> int:
    people = session.exec(select(Member.id, Member.phone).where(col(Member.id).in_(ids))).all()
    rows = [{"id": member_id, "phone_digest": phone_digest(phone)} for member_id, phone in people]
    session.execute(update(Member), rows)
    return len(rows)
