"""Two records become one: what goes over, what is left, what stands against it, and two clerks at once."""

import threading
from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.enrollment.models import Enrollment
from benefits.enrollment.service import enroll
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.kernel.messages import render
from benefits.kernel.unit import Database
from benefits.kits.models_handout import Handout
from benefits.members import service
from benefits.members.merging import FOLLOWERS
from benefits.members.models import (
    ConsentForm,
    IdentifierKind,
    Member,
    MemberEvent,
    MemberIdentifier,
    MemberIdentity,
    MemberKey,
    Purpose,
    Relation,
)
from benefits.members.queries import by_reference
from benefits.members.service_categories import add_category
from benefits.members.service_consent import give_consent
from benefits.members.service_identifiers import set_identifier
from benefits.members.service_kin import name_kin
from benefits.members.service_merge import merge
from benefits.rosters.models import CaseState, DuplicateCase
from sample_data.generate import TODAY
from tests.kits.handing import uncounted
from tests.members.people import (
    JOINED,
    MAN,
    WOMAN,
    added,
    elsewhere,
    faults,
    member,
    memberships,
    place_of,
    refused,
)
from tests.renewal.factory import NOW

WHY = "同一人，姓名和手机号相同"
OLD = {"birth": date(1970, 1, 5), "sex": Sex.FEMALE}


@pytest.fixture
def pair(district: Database, root: Actor, office: Actor, clerk: Actor) -> tuple[int, int]:
    """The same woman twice: the survivor without a number, the other with one, at another town."""
    place = place_of(district, clerk)
    survivor = added(district, office, place, phone="13800138000", **OLD)
    other = added(
        district,
        office,
        elsewhere(district, root, place),
        name="王 敏敏",
        id_number=WOMAN,
        joined_on=date(2019, 5, 1),
        department="后勤部",
    )
    return survivor, other


def _all(database: Database, root: Actor, table: Any, member_id: int) -> list[Any]:
    with database.read(root) as unit:
        return list(unit.exec(select(table).where(col(table.member_id) == member_id)).all())


def test_the_survivor_takes_what_it_does_not_say(
    district: Database, root: Actor, office: Actor, pair: tuple[int, int]
) -> None:
    survivor, other = pair
    before = memberships(district, root, survivor)
    done = district.act(office, merge, survivor_id=survivor, other_id=other, reason=WHY)
    kept, gone = member(district, root, survivor), member(district, root, other)
    assert {"id_number", "id_kind", "id_valid", "department"} <= set(done.filled)
    assert (kept.name, kept.id_number, kept.id_last4, kept.department) == ("王敏", WOMAN, "0025", "后勤部")
    assert (kept.phone, kept.joined_on, kept.version) == ("13800138000", JOINED, 2)
    assert (gone.merged_into_id, gone.organisation_id, gone.status) == (survivor, None, None)
    assert memberships(district, root, survivor) == before
    assert memberships(district, root, other)[0][2:] == (TODAY, "merged")
    assert [row.member_id for row in _all(district, root, MemberIdentity, survivor)] == [survivor]
    assert _all(district, root, MemberIdentity, other) == _all(district, root, MemberKey, other) == []
    with district.read(root) as unit:
        assert by_reference(unit, WOMAN) == survivor
    assert faults(district, root) == []


def test_everything_kept_about_the_person_goes_over(
    district: Database, root: Actor, office: Actor, pair: tuple[int, int]
) -> None:
    survivor, other = pair
    card = {"kind": IdentifierKind.UNION_CARD, "number": "9999001234567890", "starts": TODAY}
    district.act(office, set_identifier, member_id=other, **card)  # type: ignore[arg-type]
    for person, number in ((survivor, "A-1"), (other, "A-2")):
        staff = {"kind": IdentifierKind.STAFF_NUMBER, "number": number, "starts": TODAY}
        district.act(office, set_identifier, member_id=person, **staff)  # type: ignore[arg-type]
        district.act(office, add_category, member_id=person, category="courier", starts=JOINED)
        agreed = {"purpose": Purpose.REGISTER, "form": ConsentForm.WRITTEN, "given_on": TODAY}
        district.act(office, give_consent, member_id=person, **agreed)  # type: ignore[arg-type]
    district.act(office, add_category, member_id=other, category="网约车司机", starts=date(2021, 1, 1))
    kin = {"name": "李强", "relation": Relation.SPOUSE, "percent": 100, "starts": TODAY}
    district.act(office, name_kin, member_id=other, **kin)  # type: ignore[arg-type]
    term = district.act(office, enroll, member_id=other, plan_code="bj-five-covers", starts=date(2026, 12, 1))
    done = district.act(office, merge, survivor_id=survivor, other_id=other, reason=WHY)
    assert dict(done.moved) == {
        "identifiers": 1,
        "categories": 1,
        "kin": 1,
        "consents": 0,
        "enrollment": 1,
        "decisions": 0,
        "handouts": 0,
        "cases": 0,
    }
    assert member(district, root, survivor).has_card is True
    numbers = _all(district, root, MemberIdentifier, survivor)
    assert sorted((row.kind.value, row.number, row.ends) for row in numbers) == [
        ("staff_number", "A-1", None),
        ("union_card", "9999001234567890", None),
    ]
    left = _all(district, root, MemberIdentifier, other)
    assert [(row.number, row.ends) for row in left] == [("A-2", TODAY)]
    assert [row.id for row in _all(district, root, Enrollment, survivor)] == [term]
    with district.read(root) as unit:
        assert by_reference(unit, "567890") == survivor
    assert [event.kind for event in _all(district, root, MemberEvent, survivor)] == ["merged"]
    assert faults(district, root) == []


def test_a_merged_record_is_nobody(
    district: Database, root: Actor, office: Actor, pair: tuple[int, int]
) -> None:
    survivor, other = pair
    district.act(office, merge, survivor_id=survivor, other_id=other, reason=WHY)
    given: dict[str, Any] = {"member_id": other, "on": TODAY}
    asked: list[tuple[Any, dict[str, Any]]] = [
        (service.record_death, given),
        (service.leave, given),
        (service.transfer, {**given, "organisation_id": 5}),
        (service.edit, {"member_id": other, "version": 2, "changes": {}}),
        (enroll, {"member_id": other, "plan_code": "bj-five-covers", "starts": TODAY}),
        (merge, {"survivor_id": survivor, "other_id": other, "reason": WHY}),
        (merge, {"survivor_id": other, "other_id": survivor, "reason": WHY}),
    ]
    for verb, words in asked:
        refusal = refused(district, office, verb, **words)
        assert refusal.code == "members.merged" and str(survivor) in render(refusal.say)
    with district.read(root) as unit, pytest.raises(Refused) as caught:
        by_reference(unit, str(other))
    assert caught.value.code == "members.merged"


def test_who_was_merged_before_follows(
    district: Database, root: Actor, office: Actor, pair: tuple[int, int]
) -> None:
    survivor, other = pair
    third = added(district, office, place_of(district, office))
    district.act(office, merge, survivor_id=other, other_id=third, reason=WHY)
    district.act(office, merge, survivor_id=survivor, other_id=other, reason=WHY)
    assert member(district, root, third).merged_into_id == survivor
    assert faults(district, root) == []


def test_two_people_are_not_merged(district: Database, office: Actor, pair: tuple[int, int]) -> None:
    survivor, other = pair
    given: dict[str, Any] = {"other_id": other, "reason": WHY}
    man = added(district, office, place_of(district, office), id_number=MAN)
    refusal = refused(district, office, merge, survivor_id=man, **given)
    assert refusal.code == "members.merge_blocked"
    assert [problem.code for problem in refusal.problems] == [
        "members.merge_two_numbers",
        "members.merge_birth",
        "members.merge_sex",
    ]
    assert WOMAN not in "".join(render(problem.say) for problem in refusal.problems)
    itself = refused(district, office, merge, survivor_id=other, **given)
    assert itself.code == "members.merge_itself"
    why = refused(district, office, merge, survivor_id=survivor, other_id=other, reason=" ")
    assert why.code == "members.why_missing"


def test_who_left_does_not_survive_a_member(district: Database, office: Actor, pair: tuple[int, int]) -> None:
    survivor, other = pair
    district.act(office, service.leave, member_id=survivor, on=TODAY)
    refusal = refused(district, office, merge, survivor_id=survivor, other_id=other, reason=WHY)
    assert [problem.code for problem in refusal.problems] == ["members.merge_survivor_gone"]


def test_shares_of_kin_over_the_whole_are_settled_first(
    district: Database, office: Actor, pair: tuple[int, int]
) -> None:
    for person, percent in zip(pair, (60, 41), strict=True):
        kin = {"name": "李强", "relation": Relation.SPOUSE, "percent": percent, "starts": TODAY}
        district.act(office, name_kin, member_id=person, **kin)  # type: ignore[arg-type]
    refusal = refused(district, office, merge, survivor_id=pair[0], other_id=pair[1], reason=WHY)
    assert [problem.code for problem in refusal.problems] == ["members.merge_kin"]


def test_overlapping_covers_are_listed(
    district: Database, root: Actor, office: Actor, pair: tuple[int, int]
) -> None:
    survivor, other = pair
    for person, starts in ((survivor, date(2026, 12, 1)), (other, date(2027, 11, 30))):
        district.act(office, enroll, member_id=person, plan_code="bj-five-covers", starts=starts)
    refusal = refused(district, office, merge, survivor_id=survivor, other_id=other, reason=WHY)
    assert [problem.code for problem in refusal.problems] == ["enrollment.merge_overlap"]
    assert "2027-11-30" in render(refusal.problems[0].say)
    assert len(_all(district, root, Enrollment, other)) == 1


def test_covers_that_touch_do_not_overlap(
    district: Database, root: Actor, office: Actor, pair: tuple[int, int]
) -> None:
    survivor, other = pair
    for person, starts in ((survivor, date(2026, 12, 1)), (other, date(2027, 12, 1))):
        district.act(office, enroll, member_id=person, plan_code="bj-five-covers", starts=starts)
    district.act(office, merge, survivor_id=survivor, other_id=other, reason=WHY)
    assert len(_all(district, root, Enrollment, survivor)) == 2
    assert faults(district, root) == []


def _hand(database: Database, member_id: int, place: int, campaign: int) -> None:
    given: dict[str, Any] = {
        "campaign_id": campaign,
        "item_id": 1,
        "slot": 1,
        "given_on": TODAY,
        "given_at": NOW,
    }
    with database.upkeep() as session:
        session.add(Handout(member_id=member_id, organisation_id=place, made_by="test", **given))


def test_hand_outs_follow_and_one_handed_twice_is_listed(
    district: Database, root: Actor, office: Actor, pair: tuple[int, int]
) -> None:
    survivor, other = pair
    place = place_of(district, office)
    campaign = uncounted(district, "2025年送健康", "健康包")
    _hand(district, other, place, campaign)
    district.act(office, merge, survivor_id=survivor, other_id=other, reason=WHY)
    assert [row.campaign_id for row in _all(district, root, Handout, survivor)] == [campaign]
    third = added(district, office, place)
    _hand(district, third, place, campaign)
    refusal = refused(district, office, merge, survivor_id=survivor, other_id=third, reason=WHY)
    assert [problem.code for problem in refusal.problems] == ["kits.merge_twice"]


def test_the_case_about_the_two_is_decided(
    district: Database, root: Actor, office: Actor, pair: tuple[int, int]
) -> None:
    survivor, other = pair
    place = place_of(district, office)
    with district.upkeep() as session:
        for one, two in ((survivor, other), (other, 1)):
            session.add(DuplicateCase(organisation_id=place, member_id=one, other_id=two, evidence="name"))
    district.act(office, merge, survivor_id=survivor, other_id=other, reason=WHY)
    with district.read(root) as unit:
        cases = unit.exec(select(DuplicateCase).order_by(col(DuplicateCase.id))).all()
    assert [(case.state, case.member_id, case.other_id) for case in cases] == [
        (CaseState.SAME, survivor, other),
        (CaseState.OPEN, survivor, 1),
    ]
    assert (cases[0].decided_by, cases[0].result_member_id) == (office.login, survivor)


def test_two_clerks_merge_the_pair_crosswise(
    district: Database, root: Actor, office: Actor, pair: tuple[int, int]
) -> None:
    """One merge holds, and the other clerk is told who survived."""
    told: list[str] = []
    start = threading.Barrier(2)

    def go(survivor: int, other: int) -> None:
        start.wait()
        try:
            district.act(office, merge, survivor_id=survivor, other_id=other, reason=WHY)
            told.append("done")
        except Refused as refusal:
            told.append(refusal.code)

    clerks = [threading.Thread(target=go, args=order) for order in (pair, pair[::-1])]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert sorted(told) == ["done", "members.merged"]
    assert faults(district, root) == []


def test_no_table_with_a_person_in_it_is_forgotten() -> None:
    """Every foreign key to a member outside the register is some follower's."""
    from sqlmodel import SQLModel

    pointing = {
        table.name
        for table in SQLModel.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == Member.__tablename__
    }
    own = {
        *("member", "member_identity", "membership", "member_key", "member_category", "member_identifier"),
        *("next_of_kin", "consent", "member_event"),
    }
    followed = {name for follower in FOLLOWERS.values() for name in follower.tables}
    assert pointing - own == followed
