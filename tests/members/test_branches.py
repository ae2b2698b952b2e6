"""Search keys stand in the branch where their person is, whatever happens to the person or the unit."""

from datetime import date

import pytest
from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.unit import Database
from benefits.members import service
from benefits.members.branches import NOWHERE, branches
from benefits.members.models import Member, MemberKey
from benefits.members.search import search
from benefits.members.service_transfer import transfer_many
from benefits.organisations.models import Level, Organisation
from benefits.organisations.service import found as found_unit
from benefits.organisations.service import move
from sample_data.generate import TODAY
from tests.members.people import DAY, WOMAN, added, elsewhere, faults, place_of

NAME = "欧阳明远"


@pytest.fixture
def place(district: Database, clerk: Actor) -> int:
    return place_of(district, clerk)


@pytest.fixture
def other(district: Database, root: Actor, place: int) -> int:
    return elsewhere(district, root, place)


def _street(database: Database, root: Actor, place: int) -> int:
    with database.read(root) as unit:
        return branches(unit.session, [place])[place]


def _stands(database: Database, root: Actor, person: int) -> set[int]:
    """The branches of a person's keys."""
    with database.read(root) as unit:
        return set(unit.exec(select(MemberKey.branch_id).where(col(MemberKey.member_id) == person)))


def _finds(database: Database, street: int, person: int, root: Actor) -> bool:
    """Whether the clerk of a street finds the person, by every kind of text."""
    with database.read(root) as unit:
        path = unit.exec(select(Organisation.path).where(col(Organisation.id) == street)).one()
    with database.read(Actor("li", "李娜", frozenset({"*"}), path)) as unit:
        found = {person in {row.id for row in search(unit, text)} for text in (NAME, "明远", "oymy", "0025")}
    assert len(found) == 1
    return found.pop()


def test_keys_follow_a_person(district: Database, root: Actor, place: int, other: int) -> None:
    here, there = _street(district, root, place), _street(district, root, other)
    assert here != there
    person = added(district, root, place, name=NAME, id_number=WOMAN)
    assert _stands(district, root, person) == {here}
    district.act(root, service.transfer, member_id=person, organisation_id=other, on=TODAY - 3 * DAY)
    assert _stands(district, root, person) == {there}
    assert not _finds(district, here, person, root) and _finds(district, there, person, root)
    district.act(root, service.leave, member_id=person, on=TODAY - DAY)
    assert _stands(district, root, person) == {NOWHERE}, "has left two streets, and is found in both"
    assert _finds(district, here, person, root) and _finds(district, there, person, root)
    district.act(root, service.rejoin, member_id=person, organisation_id=place, on=TODAY)
    assert _stands(district, root, person) == {here}
    assert faults(district, root) == []


def test_who_has_left_one_street_stands_there(district: Database, root: Actor, place: int) -> None:
    here = _street(district, root, place)
    person = added(district, root, place, name=NAME, id_number=WOMAN)
    district.act(root, service.record_death, member_id=person, on=TODAY)
    assert _stands(district, root, person) == {here} and _finds(district, here, person, root)
    changed = {"member_id": person, "version": _version(district, root, person)}
    district.act(root, service.edit, **changed, changes={"phone": "13900000025"})
    assert _stands(district, root, person) == {here}
    assert faults(district, root) == []


def _version(database: Database, root: Actor, person: int) -> int:
    with database.read(root) as unit:
        return unit.exec(select(Member.version).where(col(Member.id) == person)).one()


def test_many_are_moved_at_once(district: Database, root: Actor, place: int, other: int) -> None:
    with district.read(root) as unit:
        people = [one or 0 for one in unit.exec(select(Member.id).where(Member.organisation_id == place))]
    done = district.act(root, transfer_many, member_ids=people, organisation_id=other, on=TODAY)
    assert done.moved
    there = _street(district, root, other)
    assert all(_stands(district, root, person) == {there} for person in done.moved)
    assert faults(district, root) == []


def test_a_unit_takes_its_people_along(district: Database, root: Actor, place: int, other: int) -> None:
    """Those who have left it too; a unit directly under the district is a branch of its own."""
    here, there = _street(district, root, place), _street(district, root, other)
    stays = added(district, root, place, name=NAME, id_number=WOMAN)
    gone = added(district, root, place, name="欧阳明近")
    district.act(root, service.leave, member_id=gone, on=TODAY - DAY)
    with district.read(root) as unit:
        top = unit.exec(select(col(Organisation.id)).where(col(Organisation.level) == Level.DISTRICT)).one()
    assert top is not None
    district.act(root, move, organisation_id=place, parent_id=there, on=TODAY - DAY)
    for person in (stays, gone):
        assert _stands(district, root, person) == {there}
    assert _finds(district, there, stays, root) and not _finds(district, here, stays, root)
    district.act(root, move, organisation_id=place, parent_id=top, on=TODAY)
    assert _stands(district, root, stays) == _stands(district, root, gone) == {place}
    assert _finds(district, place, stays, root) and not _finds(district, there, stays, root)
    assert faults(district, root) == []


def test_people_of_the_district_itself(district: Database, root: Actor, office: Actor, place: int) -> None:
    """Who belongs to the district's own union is found by its clerk and by nobody in a street."""
    with district.read(root) as unit:
        top = unit.exec(select(col(Organisation.id)).where(col(Organisation.level) == Level.DISTRICT)).one()
    unit_id = district.act(
        office,
        found_unit,
        name="区直属机关工会",
        code="ZS1",
        level=Level.GRASSROOTS,
        parent_id=top,
        founded=date(2020, 1, 1),
    )
    person = added(district, office, top or 0, name=NAME, id_number=WOMAN)
    direct = added(district, office, unit_id, name="欧阳明近")
    assert _stands(district, root, person) == {top} and _stands(district, root, direct) == {unit_id}
    with district.read(office) as unit:
        assert {row.id for row in search(unit, "欧阳明")} == {person, direct}
    assert not _finds(district, _street(district, root, place), person, root)
    assert faults(district, root) == []
