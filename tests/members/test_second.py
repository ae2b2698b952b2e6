"""A second membership (重复入会) ends with what it was about: a transfer to that union, a death, a
resignation."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.members import service
from benefits.members.models import Membership, Standing, Status
from benefits.members.record import MemberInput
from benefits.organisations.models import Level, Organisation
from benefits.organisations.queries import by_code
from benefits.verify import verify
from sample_data.generate import TODAY

NUMBER = "110112197001050025"
JOINED = date(2020, 1, 1)
DAY = timedelta(days=1)


@pytest.fixture
def places(district: Database, clerk: Actor, root: Actor) -> tuple[int, int]:
    """A unit of 张家湾镇, and one of another town."""
    with district.read(clerk) as unit:
        own = unit.exec(select(Organisation.id).where(col(Organisation.parent_id).is_not(None))).all()[-1]
        town = unit.exec(select(Organisation.parent_id).where(col(Organisation.id) == own)).one()
    with district.read(root) as unit:
        other = unit.exec(
            select(Organisation.id).where(
                col(Organisation.level) == Level.GRASSROOTS, col(Organisation.parent_id) != town
            )
        ).first()
    assert own is not None and other is not None
    return own, other


def _doubled(district: Database, office: Actor, places: tuple[int, int], since: date) -> int:
    own, other = places
    given = MemberInput(organisation_id=own, name="王敏", id_number=NUMBER, joined_on=JOINED)
    member = district.act(office, service.add, given)
    district.act(office, service.add_second_membership, id_number=NUMBER, organisation_id=other, on=since)
    return member


def _memberships(
    district: Database, root: Actor, member: int
) -> list[tuple[int, date, date | None, Standing]]:
    with district.read(root) as unit:
        rows = unit.exec(
            select(Membership).where(col(Membership.member_id) == member).order_by(col(Membership.id))
        )
        found = [(row.organisation_id, row.starts, row.ends, row.standing) for row in rows]
        assert [result.code for result in verify(unit) if not result.ok] == []
    return found


def test_a_transfer_there_ends_it_the_day_before(
    district: Database, root: Actor, office: Actor, places: tuple[int, int]
) -> None:
    own, other = places
    member = _doubled(district, office, places, date(2024, 3, 1))
    district.act(office, service.transfer, member_id=member, organisation_id=other, on=TODAY)
    assert _memberships(district, root, member) == [
        (own, JOINED, TODAY - DAY, Standing.PRIMARY),
        (other, date(2024, 3, 1), TODAY - DAY, Standing.SECOND),
        (other, TODAY, None, Standing.PRIMARY),
    ]


@pytest.mark.parametrize("on", [TODAY, TODAY - DAY])
def test_noted_and_decided_on_one_day(
    district: Database, root: Actor, office: Actor, places: tuple[int, int], on: date
) -> None:
    own, other = places
    member = _doubled(district, office, places, TODAY)
    district.act(office, service.transfer, member_id=member, organisation_id=other, on=on)
    assert _memberships(district, root, member) == [
        (own, JOINED, on - DAY, Standing.PRIMARY),
        (other, on, None, Standing.PRIMARY),
    ]


def test_a_transfer_elsewhere_leaves_it(
    district: Database, root: Actor, office: Actor, places: tuple[int, int]
) -> None:
    member = _doubled(district, office, places, date(2024, 3, 1))
    with district.read(root) as unit:
        third = by_code(unit, "110112105").id
    district.act(office, service.transfer, member_id=member, organisation_id=third, on=TODAY)
    assert _memberships(district, root, member)[1] == (places[1], date(2024, 3, 1), None, Standing.SECOND)


@pytest.mark.parametrize("status", [Status.DECEASED, Status.RESIGNED])
def test_who_is_gone_is_a_member_nowhere(
    district: Database, root: Actor, office: Actor, clerk: Actor, places: tuple[int, int], status: Status
) -> None:
    """The clerk of the own town does not see the other one, and ends both."""
    member = _doubled(district, office, places, date(2024, 3, 1))
    district.act(clerk, service.change_status, member_id=member, status=status, on=TODAY)
    assert [ends for _, _, ends, _ in _memberships(district, root, member)] == [TODAY, TODAY]


def test_coming_back_to_where_a_second_one_was_noted(
    district: Database, root: Actor, office: Actor, places: tuple[int, int]
) -> None:
    own, other = places
    given = MemberInput(organisation_id=own, name="王敏", id_number=NUMBER, joined_on=JOINED)
    member = district.act(office, service.add, given)
    gone = TODAY - 10 * DAY
    district.act(office, service.change_status, member_id=member, status=Status.RESIGNED, on=gone)
    district.act(office, service.add_second_membership, id_number=NUMBER, organisation_id=other, on=gone)
    back = {"status": Status.IN_POST, "on": TODAY, "organisation_id": other}
    district.act(office, service.change_status, member_id=member, **back)  # type: ignore[arg-type]
    assert _memberships(district, root, member)[1:] == [
        (other, gone, TODAY - DAY, Standing.SECOND),
        (other, TODAY, None, Standing.PRIMARY),
    ]


def test_a_reason_that_does_not_fit_is_refused(
    district: Database, clerk: Actor, places: tuple[int, int]
) -> None:
    given = MemberInput(organisation_id=places[0], name="王敏", id_number=NUMBER)
    member = district.act(clerk, service.add, given)
    with pytest.raises(Refused) as refused:
        district.act(clerk, service.reveal, member_id=member, field="id_number", reason="因" * 201)
    assert refused.value.code == "members.reason_long"
    assert district.act(clerk, service.reveal, member_id=member, field="id_number", reason="因" * 200)
