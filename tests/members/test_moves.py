"""Leaving, coming back, death, second memberships ended, and many people moved at once."""

from datetime import date
from typing import Any

import pytest

from benefits.audit import queries as audit
from benefits.kernel.actions import Actor
from benefits.kernel.messages import render
from benefits.kernel.unit import Database
from benefits.members import service
from benefits.members.models import Standing, Status
from benefits.members.queries import detail
from benefits.members.record import MemberInput
from benefits.members.service_merge import merge
from benefits.members.service_transfer import transfer_many
from sample_data.cases import special_id
from sample_data.generate import TODAY
from tests.members.people import (
    DAY,
    JOINED,
    WOMAN,
    added,
    elsewhere,
    faults,
    member,
    memberships,
    place_of,
    refused,
)


@pytest.fixture
def place(district: Database, clerk: Actor) -> int:
    return place_of(district, clerk)


@pytest.fixture
def other(district: Database, root: Actor, place: int) -> int:
    return elsewhere(district, root, place)


def test_leaving_and_coming_back(
    district: Database, root: Actor, office: Actor, place: int, other: int
) -> None:
    person = added(district, office, place)
    back: dict[str, Any] = {"member_id": person, "organisation_id": other}
    early = refused(district, office, service.rejoin, on=TODAY, **back)
    assert early.code == "members.has_membership"
    district.act(office, service.leave, member_id=person, on=TODAY - DAY)
    assert refused(district, office, service.leave, member_id=person, on=TODAY).code == (
        "members.no_membership_to_end"
    )
    district.act(office, service.rejoin, on=TODAY, **back)
    assert memberships(district, root, person) == [
        (place, JOINED, TODAY - DAY, "resigned"),
        (other, TODAY, None, ""),
    ]
    row = member(district, root, person)
    assert (row.status, row.status_since, row.organisation_id) == (Status.IN_POST, TODAY, other)
    assert faults(district, root) == []


def test_a_death_is_taken_back_only_with_a_reason(
    district: Database, root: Actor, office: Actor, place: int
) -> None:
    person = added(district, office, place)
    district.act(office, service.record_death, member_id=person, on=TODAY - DAY)
    assert memberships(district, root, person)[0][2:] == (TODAY - DAY, "deceased")
    again = refused(district, office, service.record_death, member_id=person, on=TODAY)
    assert again.code == "members.same_status"
    back: dict[str, Any] = {"member_id": person, "organisation_id": place, "on": TODAY - DAY}
    assert refused(district, office, service.rejoin, **back).code == "members.deceased"
    assert refused(district, office, service.rejoin, reason="误", **back).code == "members.why_missing"
    long = refused(district, office, service.rejoin, reason="误" * 201, **back)
    assert long.code == "members.reason_long"
    district.act(office, service.rejoin, reason="登记错人，已核对", **back)
    assert memberships(district, root, person) == [(place, JOINED, None, "")]
    with district.read(root) as unit:
        assert audit.events(unit, 1)[0].facts["reason"] == "登记错人，已核对"
    assert faults(district, root) == []


def test_nobody_is_added_as_gone(district: Database, office: Actor, place: int) -> None:
    given = MemberInput(organisation_id=place, name="王敏", status=Status.DECEASED)
    assert refused(district, office, service.add, given).code == "members.gone_not_added"


def test_a_second_membership_is_ended(
    district: Database, root: Actor, office: Actor, place: int, other: int
) -> None:
    person = added(district, office, place, id_number=WOMAN)
    given: dict[str, Any] = {"organisation_id": other}
    end: dict[str, Any] = {"member_id": person, **given}
    assert refused(district, office, service.end_second_membership, on=TODAY, **end).code == (
        "members.no_second"
    )
    district.act(office, service.add_second_membership, id_number=WOMAN, on=TODAY, **given)
    early = refused(district, office, service.end_second_membership, on=TODAY - DAY, **end)
    assert early.code == "members.too_early"
    district.act(office, service.end_second_membership, on=TODAY, **end)
    with district.read(root) as unit:
        rows = detail(unit, person).memberships
    assert [(row.standing, row.ends, row.reason) for row in rows] == [
        (Standing.PRIMARY, None, ""),
        (Standing.SECOND, TODAY, "ended"),
    ]
    assert faults(district, root) == []


def test_who_can_move_moves_and_the_others_are_named(
    district: Database, root: Actor, office: Actor, place: int, other: int
) -> None:
    one, two = added(district, office, place), added(district, office, place, id_number=WOMAN)
    there = added(district, office, other, name="李强")
    gone = added(district, office, place, name="赵云")
    since = added(district, office, place, name="周瑜", joined_on=TODAY)
    tombstone = added(district, office, place, name="王敏")
    district.act(office, service.leave, member_id=gone, on=TODAY)
    district.act(office, merge, survivor_id=one, other_id=tombstone, reason="同一人")
    district.act(
        office, service.add_second_membership, id_number=WOMAN, organisation_id=other, on=date(2024, 3, 1)
    )
    asked = [one, there, gone, since, tombstone, 999_999, two, one]
    done = district.act(office, transfer_many, member_ids=asked, organisation_id=other, on=TODAY)
    assert done.moved == (one, two)
    assert [(problem.row, problem.code) for problem in done.left_out] == [
        (2, "members.same_organisation"),
        (3, "members.no_membership"),
        (4, "members.too_early"),
        (5, "members.merged"),
        (6, "members.left_unknown"),
        (8, "members.named_twice"),
    ]
    assert len(done.moved) + len(done.left_out) == len(asked)
    assert "赵云" in render(done.left_out[1].say)
    for person in (one, two):
        kept = [row for row in memberships(district, root, person) if row[0] == place]
        assert kept == [(place, JOINED, TODAY - DAY, "transferred")]
        assert member(district, root, person).organisation_id == other
    assert memberships(district, root, two)[1] == (other, date(2024, 3, 1), TODAY - DAY, "transferred")
    assert member(district, root, one).version == 3
    with district.read(root) as unit:
        event = audit.events(unit, 1)[0]
    assert (event.facts["asked"], event.facts["moved"], event.facts["left_out"]) == (8, 2, 6)
    assert faults(district, root) == []


def test_a_bulk_transfer_that_cannot_be(district: Database, office: Actor, place: int, other: int) -> None:
    person = added(district, office, place)
    given: dict[str, Any] = {"member_ids": [person]}
    late = refused(district, office, transfer_many, organisation_id=other, on=TODAY + DAY, **given)
    assert late.code == "members.not_yet"
    closed = refused(district, office, transfer_many, organisation_id=special_id("closed"), on=TODAY, **given)
    assert closed.code == "members.organisation_closed"
    nobody = district.act(office, transfer_many, member_ids=[], organisation_id=other, on=TODAY)
    assert (nobody.moved, nobody.left_out) == ((), ())


def test_a_clerk_moves_nobody_of_another_town(
    district: Database, clerk: Actor, office: Actor, place: int, other: int
) -> None:
    stranger = added(district, office, other)
    done = district.act(clerk, transfer_many, member_ids=[stranger], organisation_id=place, on=TODAY)
    assert [problem.code for problem in done.left_out] == ["members.left_unknown"]


def test_more_people_than_one_statement_takes(
    district: Database, root: Actor, office: Actor, place: int, other: int
) -> None:
    """The whole district into one unit: everybody is counted, and the register holds."""
    everybody = list(range(1, 701))
    done = district.act(office, transfer_many, member_ids=everybody, organisation_id=other, on=TODAY)
    assert len(done.moved) + len(done.left_out) == 700 and len(done.moved) > 400
    assert faults(district, root) == []
