"""Other numbers of a person: form, history, one card one person, and two clerks who give one card to two."""

import json
import threading
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.audit import queries as audit
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.kernel.unit import Database
from benefits.members import service
from benefits.members.identifiers import check_identifier, luhn
from benefits.members.models import IdentifierKind, MemberIdentifier
from benefits.members.queries import by_reference, detail
from benefits.members.service_identifiers import end_identifier, set_identifier
from sample_data.generate import TODAY
from tests.members.people import DAY, JOINED, added, elsewhere, faults, member, place_of, refused

CARD, BANK, STAFF, NUMBER = (
    IdentifierKind.UNION_CARD,
    IdentifierKind.BANK_CARD,
    IdentifierKind.STAFF_NUMBER,
    IdentifierKind.MEMBER_NUMBER,
)
FIRST, SECOND = "9999 0011 2233 4455", "9999-0055-4433-2211"


@pytest.fixture
def person(district: Database, clerk: Actor) -> int:
    return added(district, clerk, place_of(district, clerk))


def _rows(database: Database, root: Actor, member_id: int) -> list[MemberIdentifier]:
    with database.read(root) as unit:
        return list(
            unit.exec(
                select(MemberIdentifier)
                .where(col(MemberIdentifier.member_id) == member_id)
                .order_by(col(MemberIdentifier.id))
            ).all()
        )


@pytest.mark.parametrize(
    ("kind", "text", "stored", "codes"),
    [
        (BANK, " 6222 0000-0000 0000 004", "6222000000000000004", []),
        (BANK, "４１１１１１１１１１１１１１１１", "4111111111111111", []),
        (BANK, "4" * 12, "4" * 12, ["members.bank_card_form"]),
        (BANK, "4" * 13, "4" * 13, ["members.luhn"]),
        (BANK, "0" * 19, "0" * 19, []),
        (BANK, "0" * 20, "0" * 20, ["members.bank_card_form"]),
        (BANK, "6.22202E+18", "6.22202E+18", ["members.number_scientific"]),
        (STAFF, "a-00 17", "A-0017", []),
        (STAFF, "工17", "工17", ["members.number_form"]),
        (STAFF, "", "", ["members.number_form"]),
        (NUMBER, "7" * 32, "7" * 32, []),
        (NUMBER, "7" * 33, "7" * 33, ["members.number_form"]),
        (CARD, "'9999\u200b0011", "99990011", []),
    ],
)
def test_the_form_of_a_number(kind: IdentifierKind, text: str, stored: str, codes: list[str]) -> None:
    found = check_identifier(kind, text)
    assert found.number == stored
    assert [problem.code for problem in (*found.problems, *found.warnings)] == codes


def test_luhn() -> None:
    assert luhn("79927398713") and not luhn("79927398714")


def test_a_card_that_fails_luhn_is_kept_with_a_warning(
    district: Database, root: Actor, clerk: Actor, person: int
) -> None:
    given: dict[str, Any] = {"member_id": person, "kind": BANK, "number": "4111111111111112"}
    done = district.act(clerk, set_identifier, starts=TODAY, **given)
    assert [warning.code for warning in done.warnings] == ["members.luhn"]
    assert [row.number for row in _rows(district, root, person)] == ["4111111111111112"]


def test_a_new_card_ends_the_old_one_the_day_before(
    district: Database, root: Actor, clerk: Actor, person: int
) -> None:
    given: dict[str, Any] = {"member_id": person, "kind": CARD}
    district.act(clerk, set_identifier, number=FIRST, starts=JOINED, **given)
    assert member(district, root, person).has_card is True
    with district.read(clerk) as unit:
        assert by_reference(unit, "334455") == person
    same = refused(district, clerk, set_identifier, number=FIRST, starts=TODAY, **given)
    assert same.code == "members.identifier_same"
    early = refused(district, clerk, set_identifier, number=SECOND, starts=JOINED - DAY, **given)
    assert early.code == "members.identifier_too_early"
    late = refused(district, clerk, set_identifier, number=SECOND, starts=TODAY + DAY, **given)
    assert late.code == "members.not_yet"
    district.act(clerk, set_identifier, number=SECOND, starts=TODAY, **given)
    assert [(row.last4, row.starts, row.ends) for row in _rows(district, root, person)] == [
        ("4455", JOINED, TODAY - DAY),
        ("2211", TODAY, None),
    ]
    with district.read(clerk) as unit:
        assert by_reference(unit, "332211") == person
        with pytest.raises(Refused):
            by_reference(unit, "334455")
        assert [row.number for row in detail(unit, person).identifiers] == ["****4455", "****2211"]
    assert faults(district, root) == []


def test_a_card_that_began_today_is_corrected(
    district: Database, root: Actor, clerk: Actor, person: int
) -> None:
    for number in (FIRST, SECOND):
        district.act(clerk, set_identifier, member_id=person, kind=CARD, number=number, starts=TODAY)
    assert [row.last4 for row in _rows(district, root, person)] == ["2211"]
    assert faults(district, root) == []


def test_a_lost_card(district: Database, root: Actor, clerk: Actor, person: int) -> None:
    given: dict[str, Any] = {"member_id": person, "kind": CARD}
    assert refused(district, clerk, end_identifier, ends=TODAY, **given).code == "members.identifier_none"
    district.act(clerk, set_identifier, number=FIRST, starts=TODAY, **given)
    changes = {"has_card": False}
    held = refused(district, clerk, service.edit, member_id=person, version=2, changes=changes)
    assert held.code == "members.card_in_use"
    assert refused(district, clerk, end_identifier, ends=TODAY - DAY, **given).code == "members.ends_before"
    district.act(clerk, end_identifier, ends=TODAY, **given)
    assert member(district, root, person).has_card is False
    with district.read(clerk) as unit, pytest.raises(Refused):
        by_reference(unit, "334455")


@pytest.mark.parametrize("kind", [CARD, NUMBER])
def test_one_number_is_one_person_wherever(
    district: Database, root: Actor, office: Actor, clerk: Actor, person: int, kind: IdentifierKind
) -> None:
    """The clerk of one town is told of somebody in another, masked."""
    other = added(district, office, elsewhere(district, root, place_of(district, clerk)), name="李小强")
    given: dict[str, Any] = {"kind": kind, "number": FIRST, "starts": TODAY}
    district.act(office, set_identifier, member_id=other, **given)
    refusal = refused(district, clerk, set_identifier, member_id=person, **given)
    assert refusal.code == "members.identifier_taken"
    assert "李**" in render(refusal.say) and "李小强" not in render(refusal.say)
    district.act(office, end_identifier, member_id=other, kind=kind, ends=TODAY)
    district.act(clerk, set_identifier, member_id=person, **given)
    assert faults(district, root) == []


def test_a_bank_card_may_be_shared(district: Database, clerk: Actor, person: int) -> None:
    other = added(district, clerk, place_of(district, clerk), name="李小强")
    given: dict[str, Any] = {"kind": BANK, "number": "4111111111111111", "starts": TODAY}
    assert district.act(clerk, set_identifier, member_id=other, **given).warnings == ()
    warnings = district.act(clerk, set_identifier, member_id=person, **given).warnings
    assert [warning.code for warning in warnings] == ["members.identifier_shared"]


def test_two_clerks_give_one_card_to_two_people(
    district: Database, root: Actor, office: Actor, clerk: Actor, person: int
) -> None:
    other = added(district, clerk, place_of(district, clerk), name="李小强")
    told: list[str] = []
    start = threading.Barrier(2)

    def go(actor: Actor, member_id: int) -> None:
        start.wait()
        try:
            district.act(actor, set_identifier, member_id=member_id, kind=CARD, number=FIRST, starts=TODAY)
            told.append("done")
        except Refused as refusal:
            told.append(refusal.code)

    clerks = [threading.Thread(target=go, args=pair) for pair in ((office, person), (clerk, other))]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()
    assert "done" in told
    assert set(told) <= {"done", "members.identifier_taken", "members.identifier_just_taken"}
    assert len(_rows(district, root, person)) + len(_rows(district, root, other)) == 1
    assert faults(district, root) == []


def test_a_reveal_of_a_card_is_on_record_and_nothing_else_shows_it(
    district: Database, root: Actor, clerk: Actor, person: int
) -> None:
    given: dict[str, Any] = {"member_id": person, "kind": BANK}
    district.act(clerk, set_identifier, number="4111111111111111", starts=TODAY, **given)
    asked: dict[str, Any] = {"member_id": person, "reason": "核对银行卡"}
    assert district.act(clerk, service.reveal, field="bank_card", **asked) == "4111111111111111"
    assert district.act(clerk, service.reveal, field="union_card", **asked) is None
    district.act(clerk, end_identifier, ends=TODAY, **given)
    with district.read(root) as unit:
        trail = json.dumps([row.facts for row in audit.events(unit, 20)], ensure_ascii=False)
    assert "4111111111111111" not in trail and "****1111" in trail and "核对银行卡" in trail
