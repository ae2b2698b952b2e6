"""New people of a file, whose keys and numbers wait: they come out as those of one who was typed in."""

from datetime import date

import pytest
from sqlmodel import col, select

from benefits.kernel.actions import Actor, action
from benefits.kernel.ids import check_id, resident_check_digit
from benefits.kernel.unit import Database, WriteUnit
from benefits.members import lots
from benefits.members.bulk import NewPerson, register
from benefits.members.derive import identifier_digest, keys_of
from benefits.members.identity import identity_digest
from benefits.members.lots import Lot
from benefits.members.models import IdentifierKind, MemberIdentifier, MemberIdentity, MemberKey
from benefits.organisations.models import Level
from benefits.organisations.service import found

DAY = date(2000, 1, 1)
CARD, STAFF = IdentifierKind.UNION_CARD, IdentifierKind.STAFF_NUMBER


def _number(at: int) -> str:
    first = f"11010019900307{at:03d}"
    return first + resident_check_digit(first)


def _people(place: int) -> list[NewPerson]:
    """Several readings, a dotted and a Latin name, namesakes, and whoever lacks a number, a phone, a card."""
    names = ("单雄信", "买买提·吐尔逊", "Anna Lee", "王敏", "李敏", "王敏", "欧阳修")
    return [
        NewPerson(
            place,
            name,
            check_id(_number(at), date(2026, 1, 1)) if at != 4 else None,
            phone=f"1380000000{at}" if at % 3 else None,
            joined_on=DAY,
            identifiers=((CARD, f"6217{at:012d}"), (STAFF, "7")) if at != 5 else (),
        )
        for at, name in enumerate(names)
    ]


@action("members.test_lots", permission="member.edit")
def _register(unit: WriteUnit, people: list[NewPerson], at_once: int) -> list[int]:
    lot = Lot()
    ids: list[int] = []
    for start in range(0, len(people), at_once):
        ids += register(unit, people[start : start + at_once], lot)
    lot.write(unit)
    return ids


@pytest.mark.parametrize("at_once", [1, 3, 7])
def test_what_waited_is_what_one_person_has(
    database: Database, root: Actor, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(lots, "_MOST_PEOPLE", 4)
    place = database.act(
        root, found, name="区总", code="Q", level=Level.DISTRICT, parent_id=None, founded=DAY
    )
    people = _people(place)
    ids = database.act(root, _register, people, at_once)
    with database.read(root) as unit:
        keys = {(one.kind, one.key, one.member_id, one.branch_id) for one in unit.exec(select(MemberKey))}
        identities = {bytes(one.digest): one.member_id for one in unit.exec(select(MemberIdentity))}
        rows = unit.exec(select(MemberIdentifier).order_by(col(MemberIdentifier.id))).all()
        numbers = {(one.member_id, one.kind, one.number, bytes(one.digest), one.starts) for one in rows}
        each = [(one, person, dict(person.identifiers)) for one, person in zip(ids, people, strict=True)]
        assert keys == {
            (kind, key, one, place)
            for one, person, held in each
            for kind, key in keys_of(
                person.name, person.number.number if person.number else None, person.phone, held.get(CARD)
            )
        }
        assert identities == {
            identity_digest(person.number.number): one for one, person, _ in each if person.number
        }
        assert len(rows) == 12 and numbers == {
            (one, kind, text, identifier_digest(kind, text), DAY)
            for one, _, held in each
            for kind, text in held.items()
        }
