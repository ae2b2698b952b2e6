"""Retirement: the boundary days of notice, agreement and range; the fact wins; the membership is kept."""

from datetime import date, timedelta
from typing import Any

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.clock import Clock, FixedClock
from benefits.kernel.messages import render
from benefits.kernel.unit import Database
from benefits.members import service
from benefits.members.models import Status
from benefits.members.queries import detail
from benefits.members.retirement import RetirementCategory
from benefits.members.service_retirement import cancel_planned_retirement, plan_retirement, retire
from tests.members.people import (
    DAY,
    JOINED,
    MAN,
    WOMAN,
    added,
    faults,
    member,
    memberships,
    place_of,
    refused,
)

TODAY = date(2026, 11, 22)


@pytest.fixture
def woman(district: Database, clerk: Actor) -> int:
    """Born in January 1970, formerly to retire at 55: statutory month February 2025, January 2025 to February
    2028 to choose from."""
    return added(
        district,
        clerk,
        place_of(district, clerk),
        id_number=WOMAN,
        retirement_category=RetirementCategory.F55,
    )


@pytest.fixture
def man(district: Database, clerk: Actor) -> int:
    """Born in September 1976: statutory month September 2039, September 2036 to September 2042 to choose
    from."""
    return added(district, clerk, place_of(district, clerk), id_number=MAN)


def _at(database: Database, day: date) -> Database:
    clock: Clock = FixedClock(day)
    database.clock = clock
    return database


def _code(database: Database, clerk: Actor, person: int, month: date, **given: Any) -> str:
    return refused(database, clerk, plan_retirement, member_id=person, month=month, **given).code


def test_an_earlier_month_needs_three_months_notice(
    district: Database, root: Actor, clerk: Actor, man: int
) -> None:
    """The chosen month is September 2036: 1 June is in time, 2 June is not."""
    _at(district, date(2036, 7, 1))
    month, last = date(2036, 9, 1), date(2036, 6, 1)
    assert _code(district, clerk, man, month, confirmed=True) == "members.notice_missing"
    assert _code(district, clerk, man, month, notice_on=last + DAY, confirmed=True) == "members.notice_late"
    assert _code(district, clerk, man, month, notice_on=last) == "members.early_unconfirmed"
    assert _code(district, clerk, man, month, notice_on=date(2036, 7, 2), confirmed=True) == "members.not_yet"
    given: dict[str, Any] = {"notice_on": last, "confirmed": True}
    assert district.act(clerk, plan_retirement, member_id=man, month=date(2036, 9, 30), **given) == month
    assert member(district, root, man).planned_retirement == month
    assert faults(district, root) == []


def test_a_later_month_needs_an_agreement_a_month_before_the_statutory_one(
    district: Database, root: Actor, clerk: Actor, man: int
) -> None:
    """The statutory month is September 2039: 1 August is in time, 2 August is not."""
    _at(district, date(2039, 8, 10))
    month, last = date(2042, 9, 1), date(2039, 8, 1)
    assert _code(district, clerk, man, month, confirmed=True) == "members.agreement_missing"
    assert (
        _code(district, clerk, man, month, agreed_on=last + DAY, confirmed=True) == "members.agreement_late"
    )
    assert _code(district, clerk, man, month, agreed_on=last) == "members.late_unconfirmed"
    district.act(clerk, plan_retirement, member_id=man, month=month, agreed_on=last, confirmed=True)
    assert member(district, root, man).planned_retirement == month
    assert faults(district, root) == []


def test_both_ends_of_the_range(district: Database, clerk: Actor, man: int) -> None:
    _at(district, date(2030, 1, 1))
    given: dict[str, Any] = {"notice_on": date(2030, 1, 1), "agreed_on": date(2030, 1, 1), "confirmed": True}
    for month in (date(2036, 8, 31), date(2042, 10, 1)):
        refusal = refused(district, clerk, plan_retirement, member_id=man, month=month, **given)
        assert refusal.code == "members.outside_flexible"
        assert "2036-09" in render(refusal.say) and "2042-09" in render(refusal.say)
    for month in (date(2036, 9, 1), date(2042, 9, 30)):
        district.act(clerk, plan_retirement, member_id=man, month=month, **given)
    assert _code(district, clerk, man, date(2039, 9, 1), **given) == "members.month_is_statutory"


def test_never_before_the_original_age(district: Database, clerk: Actor, woman: int) -> None:
    """Three years before February 2025 would be 2022; January 2025 is when she is 55."""
    _at(district, date(2024, 10, 1))
    given: dict[str, Any] = {"notice_on": date(2024, 10, 1), "confirmed": True}
    assert _code(district, clerk, woman, date(2024, 12, 1), **given) == "members.outside_flexible"
    district.act(clerk, plan_retirement, member_id=woman, month=date(2025, 1, 1), **given)


def test_who_has_nothing_to_choose(district: Database, clerk: Actor) -> None:
    place = place_of(district, clerk)
    asked = added(district, clerk, place, id_number=WOMAN)
    assert _code(district, clerk, asked, TODAY) == "members.retirement_unknown"
    old = added(district, clerk, place, sex="male", birth=date(1964, 12, 31))
    assert _code(district, clerk, old, TODAY) == "members.not_flexible"


def test_a_choice_is_taken_back(district: Database, root: Actor, clerk: Actor, man: int) -> None:
    assert refused(district, clerk, cancel_planned_retirement, member_id=man, on=TODAY).code == (
        "members.nothing_planned"
    )
    given: dict[str, Any] = {"agreed_on": TODAY, "confirmed": True}
    district.act(clerk, plan_retirement, member_id=man, month=date(2040, 1, 1), **given)
    district.act(clerk, cancel_planned_retirement, member_id=man, on=TODAY)
    assert member(district, root, man).planned_retirement is None


def test_a_choice_holds_birth_and_category(district: Database, clerk: Actor, man: int) -> None:
    given: dict[str, Any] = {"agreed_on": TODAY, "confirmed": True}
    district.act(clerk, plan_retirement, member_id=man, month=date(2042, 9, 1), **given)
    changes = {"id_number": None, "birth": date(1970, 9, 30)}
    refusal = refused(district, clerk, service.edit, member_id=man, version=2, changes=changes)
    assert refusal.code == "members.planned_misfit"


def test_retiring_keeps_the_membership(district: Database, root: Actor, clerk: Actor, woman: int) -> None:
    place = place_of(district, clerk)
    district.act(clerk, retire, member_id=woman, on=date(2025, 2, 28))
    row = member(district, root, woman)
    assert (row.status, row.status_since, row.retired_on) == (
        Status.RETIRED,
        date(2025, 2, 28),
        date(2025, 2, 28),
    )
    assert memberships(district, root, woman) == [(place, JOINED, None, "")]
    again = refused(district, clerk, retire, member_id=woman, on=TODAY)
    assert again.code == "members.retired_already"
    assert faults(district, root) == []


def test_a_day_before_the_first_month_needs_a_reason(
    district: Database, root: Actor, clerk: Actor, woman: int
) -> None:
    """January 2025 is the first month, flexible retirement included."""
    early = date(2024, 12, 31)
    refusal = refused(district, clerk, retire, member_id=woman, on=early)
    assert refusal.code == "members.too_young" and "2025-01" in render(refusal.say)
    assert refused(district, clerk, retire, member_id=woman, on=early, reason="工").code == (
        "members.why_missing"
    )
    district.act(clerk, retire, member_id=woman, on=early, reason="特殊工种提前退休，已核对批件")
    assert member(district, root, woman).retired_on == early


def test_the_first_day_of_the_first_month_needs_none(district: Database, clerk: Actor, woman: int) -> None:
    district.act(clerk, retire, member_id=woman, on=date(2025, 1, 1))


def test_days_that_cannot_be(district: Database, clerk: Actor, woman: int) -> None:
    assert refused(district, clerk, retire, member_id=woman, on=TODAY + DAY).code == "members.not_yet"
    assert refused(district, clerk, retire, member_id=woman, on=JOINED - DAY).code == "members.too_early"
    district.act(clerk, service.leave, member_id=woman, on=TODAY)
    assert refused(district, clerk, retire, member_id=woman, on=TODAY).code == "members.gone"
    assert _code(district, clerk, woman, date(2028, 1, 1)) == "members.not_working"


def test_coming_back_into_post_takes_the_day_away(
    district: Database, root: Actor, clerk: Actor, woman: int
) -> None:
    district.act(clerk, retire, member_id=woman, on=TODAY - timedelta(days=9))
    district.act(clerk, service.change_status, member_id=woman, status=Status.IN_POST, on=TODAY)
    assert member(district, root, woman).retired_on is None
    with district.read(clerk) as unit:
        assert detail(unit, woman).status is Status.IN_POST
    assert faults(district, root) == []
