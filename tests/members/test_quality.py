"""The data quality board: what is counted, who stands behind a number, and that the scope holds."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from benefits.kernel.actions import Actor, action
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.kernel.unit import Database, WriteUnit
from benefits.members.derive import identifier_digest, phone_digest
from benefits.members.faults import Fault, fault_of
from benefits.members.models import (
    Employment,
    IdentifierKind,
    Member,
    MemberCategory,
    MemberIdentifier,
    Status,
)
from benefits.members.quality import BoardRow, board
from benefits.members.quality_people import FaultyRow, Shared, people
from benefits.members.record import MemberInput
from benefits.members.retirement import RetirementCategory
from benefits.members.service import add
from benefits.organisations.models import Level, Organisation
from sample_data.generate import TODAY

PHONE = "14000000001"


@action("members.found_towns", permission="member.edit")
def _towns(unit: WriteUnit) -> dict[str, tuple[int, str]]:
    """A district with two streets of two units each."""
    places: dict[str, tuple[int, str]] = {}
    tree = {"D": "", "A": "D", "B": "D", "A1": "A", "A2": "A", "B1": "B"}
    for code, above in tree.items():
        level = (Level.DISTRICT, Level.SUBDISTRICT, Level.GRASSROOTS)[
            len(code) if code != "D" and above != "D" else above == "D"
        ]
        parent, path = places[above] if above else (None, "/")
        place = Organisation(
            code=code, name=f"{code}工会", level=level, parent_id=parent, path=code, founded=date(2010, 1, 1)
        )
        unit.session.add(place)
        unit.session.flush()
        place.path = f"{path}{place.id}/"
        places[code] = (place.id or 0, place.path)
    return places


@action("members.enter", permission="member.edit")
def _enter(unit: WriteUnit, /, given: MemberInput, columns: dict[str, object]) -> int:
    """Somebody new, with some columns as old data have them, past every check."""
    member_id = add(unit, given)
    person = unit.exec(select(Member).where(col(Member.id) == member_id)).one()
    for name, value in columns.items():
        setattr(person, name, value)
    person.phone_digest = phone_digest(person.phone)
    return member_id


@action("members.give_card", permission="member.edit")
def _card(unit: WriteUnit, member_id: int, number: str, ends: date | None = None) -> None:
    """A card as old data have it."""
    kind = IdentifierKind.UNION_CARD
    digest = identifier_digest(kind, number)
    unit.session.add(
        MemberIdentifier(
            member_id=member_id,
            kind=kind,
            number=number,
            digest=digest,
            last4=number[-4:],
            starts=date(2020, 1, 1),
            ends=ends,
        )
    )


@action("members.give_category", permission="member.edit")
def _category(unit: WriteUnit, member_id: int, ends: date | None = None) -> None:
    """A worker category."""
    category = MemberCategory(
        member_id=member_id, category_code="courier", starts=date(2020, 1, 1), ends=ends
    )
    unit.session.add(category)


class Town:
    """A district whose records are faultless until a test says otherwise."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self.database, self.actor, self.made = database, actor, 0
        self.places = database.act(actor, _towns)

    def add(self, place: str, **columns: object) -> int:
        """A woman in post, with everything that a record should have."""
        self.made += 1
        given = MemberInput(
            organisation_id=self.places[place][0],
            name="王敏",
            sex=Sex.FEMALE,
            birth=date(1990, 1, 1),
            has_card=False,
            phone=f"1400000{self.made:04d}",
            joined_on=date(2020, 1, 1),
        )
        whole = {"id_number": f"P{self.made:08d}", "id_valid": True, "retirement_category": "F55"} | columns
        if whole["retirement_category"] is not None:
            whole["retirement_category"] = RetirementCategory(whole["retirement_category"])
        return self.database.act(self.actor, _enter, given, whole)

    def board(self, place: str = "", actor: Actor | None = None) -> dict[str, BoardRow]:
        """The rows of the board by code."""
        with self.database.read(actor or self.actor) as unit:
            return {row.code: row for row in board(unit, self.places[place][1] if place else "")}

    def people(self, fault: Fault | None, place: str = "", actor: Actor | None = None) -> list[FaultyRow]:
        """Everybody with a fault, two at a time."""
        found: list[FaultyRow] = []
        with self.database.read(actor or self.actor) as unit:
            while page := people(
                unit, fault, self.places[place][1] if place else "", 2, found[-1].cursor if found else None
            ):
                found += page
        return found

    def clerk(self, place: str) -> Actor:
        """Somebody who sees a part of the tree."""
        return Actor("li", "李娜", frozenset({"*"}), self.places[place][1])


@pytest.fixture
def town(database: Database, root: Actor) -> Town:
    return Town(database, root)


FAULTY: dict[Fault, dict[str, object]] = {
    Fault.PHONE_MISSING: {"phone": None},
    Fault.PHONE_INVALID: {"phone": "01069550000"},
    Fault.CARD_MISSING: {"has_card": True},
    Fault.ID_MISSING: {"id_number": None, "id_valid": None},
    Fault.ID_INVALID: {"id_valid": False},
    Fault.BIRTH_MISSING: {"birth": None},
    Fault.SEX_MISSING: {"sex": None},
    Fault.RETIREMENT_MISSING: {"retirement_category": None},
    Fault.CATEGORY_MISSING: {"employment": Employment.PLATFORM},
    Fault.RETENTION_DUE: {"retain_until": TODAY - timedelta(days=1)},
}


def test_a_whole_record_has_no_fault_and_each_fault_is_told_from_the_others(town: Town) -> None:
    town.add("A1")
    town.add("A1", sex=Sex.MALE, retirement_category="M60", retain_until=TODAY, has_card=False)
    faulty = {fault: town.add("A1", **columns) for fault, columns in FAULTY.items()}
    row = town.board()["A1"]
    assert (row.people, row.faulty) == (12, 9)  # a record that is due has nothing wrong in it
    assert {fault: count for fault, count in row.counts.items() if count} == dict.fromkeys(FAULTY, 1)
    for fault, member_id in faulty.items():
        assert [(each.id, each.faults) for each in town.people(fault)] == [(member_id, (fault,))]
    wrong = [member_id for fault, member_id in faulty.items() if fault is not Fault.RETENTION_DUE]
    assert [each.id for each in town.people(None)] == sorted(wrong)
    assert row.percent(Fault.PHONE_MISSING) == 8.33 and row.percent(Fault.RETENTION_DUE) is None


def test_units_add_up_to_the_streets_and_the_district(town: Town) -> None:
    for place, missing, whole in (("A1", 2, 1), ("A2", 1, 0), ("B1", 1, 3), ("A", 1, 0)):
        for _ in range(missing):
            town.add(place, phone=None)
        for _ in range(whole):
            town.add(place)
    rows = town.board()
    assert [(row.code, row.depth) for row in rows.values()] == [
        ("D", 0),
        ("A", 1),
        ("A1", 2),
        ("A2", 2),
        ("B", 1),
        ("B1", 2),
    ]
    found = {code: (row.people, row.counts[Fault.PHONE_MISSING], row.faulty) for code, row in rows.items()}
    assert found == {
        "D": (9, 5, 5),
        "A": (5, 4, 4),
        "A1": (3, 2, 2),
        "A2": (1, 1, 1),
        "B": (4, 1, 1),
        "B1": (4, 1, 1),
    }
    assert list(town.board("A")) == ["A", "A1", "A2"]
    assert [row.organisation_code for row in town.people(Fault.PHONE_MISSING)] == [
        "A",
        "A1",
        "A1",
        "A2",
        "B1",
    ]
    assert [row.organisation_code for row in town.people(Fault.PHONE_MISSING, "A2")] == ["A2"]


def test_who_is_not_in_post_does_not_count(town: Town) -> None:
    for status in Status:
        town.add("A1", phone=None, status=status)
    town.add("A1", phone=None, status=None)
    town.add("A1", phone=None, organisation_id=None)
    assert town.board()["A1"].people == 2 and len(town.people(Fault.PHONE_MISSING)) == 2


def test_a_phone_is_shared_across_units_and_the_scope_shows_a_number_only(town: Town) -> None:
    here = [town.add("A1", phone=PHONE), town.add("A1", phone=PHONE)]
    town.add("B1", phone=PHONE)
    town.add("B1", phone=PHONE, status=Status.RETIRED)
    alone = town.add("A1", phone="14000009999")
    town.add("B1", phone="14000009999", organisation_id=None)  # left: nobody calls him there any more
    clerk = town.clerk("A")
    for actor in (town.actor, clerk):
        found = [row for row in town.people(Fault.PHONE_SHARED, actor=actor) if row.organisation_code == "A1"]
        assert [row.id for row in found] == here and alone not in here
        assert all(row.shared == Shared(1, 2) for row in found)
    assert town.board(actor=clerk)["A"].counts[Fault.PHONE_SHARED] == 2
    assert list(town.board(actor=clerk)) == ["A", "A1", "A2"]
    assert town.board()["D"].counts[Fault.PHONE_SHARED] == 3  # the retired one is not in post


def test_the_clerk_of_a_street_sees_no_other_street(town: Town) -> None:
    for columns in FAULTY.values():
        town.add("A1", **columns)
        town.add("B1", **columns)
    clerk = town.clerk("A")
    for fault in (*FAULTY, None):
        assert {row.organisation_code for row in town.people(fault, actor=clerk)} == {"A1"}
        assert town.people(fault, "B", actor=clerk) == []
        assert {row.organisation_code for row in town.people(fault)} == {"A1", "B1"}
    assert town.board("B", clerk) == {}
    assert town.board("", clerk)["A"].counts == town.board()["A"].counts


def test_a_card_is_missing_where_none_is_in_use(town: Town) -> None:
    whole, old = town.add("A1", has_card=True), town.add("A1", has_card=True)
    unknown, without = town.add("A1", has_card=None), town.add("A1", has_card=False)
    town.database.act(town.actor, _card, whole, "0001")
    town.database.act(town.actor, _card, old, "0002", date(2024, 1, 1))
    assert [row.id for row in town.people(Fault.CARD_MISSING)] == [old, unknown]
    assert town.board()["A1"].counts[Fault.CARD_MISSING] == 2 and without


def test_a_category_that_has_ended_is_missing(town: Town) -> None:
    ids = [town.add("A1", employment=Employment.PLATFORM) for _ in range(3)]
    town.database.act(town.actor, _category, ids[0])
    town.database.act(town.actor, _category, ids[1], TODAY)
    town.database.act(town.actor, _category, ids[2], TODAY - timedelta(days=1))
    assert [row.id for row in town.people(Fault.CATEGORY_MISSING)] == [ids[2]]


def test_who_left_is_due_at_the_last_unit(town: Town) -> None:
    gone = town.add("A2", organisation_id=None, retain_until=date(2026, 1, 1), phone=None)
    row = town.board(actor=town.clerk("A"))["A2"]
    assert (row.people, row.counts[Fault.RETENTION_DUE]) == (0, 1) and row.percent(
        Fault.PHONE_MISSING
    ) is None
    found = town.people(Fault.RETENTION_DUE, actor=town.clerk("A"))
    assert [(each.id, each.organisation_code, each.faults) for each in found] == [
        (gone, "A2", (Fault.RETENTION_DUE,))
    ]


def test_numbers_are_masked(town: Town) -> None:
    town.add("A1", id_number="110112199001011234", id_valid=False, phone="14012345678")
    (found,) = town.people(Fault.ID_INVALID)
    assert (found.id_number, found.phone) == ("110112********1234", "140****5678")


def test_a_word_that_is_no_fault_is_refused() -> None:
    assert fault_of("phone_missing") is Fault.PHONE_MISSING
    with pytest.raises(Refused, match="phone_missing"):
        fault_of("phone")


def test_the_board_agrees_with_its_lists_on_a_district(
    district: Database, office: Actor, clerk: Actor
) -> None:
    for actor in (office, clerk):
        with district.read(actor) as unit:
            rows = board(unit)
            listed = {fault: people(unit, fault, limit=10_000) for fault in Fault}
            anybody = people(unit, None, limit=10_000)
        assert rows[0].counts == {fault: len(found) for fault, found in listed.items()}
        assert rows[0].faulty == len(anybody) > 0
        assert rows[0].counts[Fault.PHONE_MISSING] > 0
        if actor is office:
            assert rows[0].counts[Fault.SECOND_MEMBERSHIP] == 1
        for row in rows:
            here = [each for each in anybody if each.cursor[0].startswith(row.path)]
            assert len(here) == row.faulty
