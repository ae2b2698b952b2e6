"""Verbs on covers: the term of the edition, what the database refuses in words, states on boundary days."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.enrollment import service
from benefits.enrollment.models import Enrollment, EnrollmentState, Entry
from benefits.enrollment.queries import CoverState, covers_of
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.kernel.unit import Database
from benefits.members.models import Status
from benefits.members.record import MemberInput
from benefits.members.service import add, change_status, transfer
from benefits.verify import verify
from sample_data.cases import special_id
from sample_data.generate import TODAY

WOMEN, ACCIDENT, BUNDLE = "bj-women-disease-1y", "bj-accident-1y", "bj-five-covers"
DAY = timedelta(days=1)


@pytest.fixture
def woman(district: Database, office: Actor) -> int:
    """A new member of the first unit, without cover."""
    return district.act(office, add, MemberInput(organisation_id=special_id("women"), name="王敏"))


def _enroll(database: Database, actor: Actor, member: int, plan: str = WOMEN, **given: Any) -> int:
    return database.act(
        actor, service.enroll, member_id=member, plan_code=plan, **{"starts": date(2026, 12, 1), **given}
    )


def _refused(database: Database, actor: Actor, verb: Any, **kwargs: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        database.act(actor, verb, **kwargs)
    return caught.value


def _get(database: Database, root: Actor, enrollment: int) -> Enrollment:
    with database.read(root) as unit:
        return unit.exec(select(Enrollment).where(col(Enrollment.id) == enrollment)).one()


def test_a_first_term_is_that_of_the_edition(
    district: Database, root: Actor, office: Actor, woman: int
) -> None:
    made = _get(district, root, _enroll(district, office, woman, shares=2, funding="employer"))
    assert (made.starts, made.ends) == (date(2026, 12, 1), date(2027, 11, 30))
    assert made.waiting_until == date(2026, 12, 30)
    assert (made.shares, made.fen, made.funding, made.entry) == (2, 5000, "employer", Entry.FIRST)
    assert (made.organisation_id, made.prior_id, made.run_id) == (special_id("women"), None, None)
    assert made.continuous_since == made.starts


def test_a_leap_day_term_ends_before_the_first_of_march(
    district: Database, root: Actor, office: Actor, woman: int
) -> None:
    made = _get(district, root, _enroll(district, office, woman, starts=date(2028, 2, 29)))
    assert made.ends == date(2029, 2, 28)


def test_the_risk_class_prices_the_accident_cover(
    district: Database, root: Actor, office: Actor, woman: int
) -> None:
    made = _get(district, root, _enroll(district, office, woman, ACCIDENT, tier="74"))
    assert made.fen == 7400
    fire = district.act(office, add, MemberInput(organisation_id=special_id("fire"), name="李强"))
    refusal = _refused(
        district,
        office,
        service.enroll,
        member_id=fire,
        plan_code=ACCIDENT,
        starts=date(2026, 12, 1),
        tier="74",
    )
    assert refusal.code == "plans.risk_unknown"


@pytest.mark.parametrize(
    ("starts", "overlaps"),
    [
        (date(2026, 11, 30), True),
        (date(2026, 12, 1), False),
        (date(2024, 12, 1), True),
        (date(2023, 12, 2), True),
    ],
)
def test_an_overlap_names_the_other_term(
    district: Database, office: Actor, starts: date, overlaps: bool
) -> None:
    """Member 29 has no cover; member 12 is covered from 1 December 2024 to 30 November 2026."""
    if not overlaps:
        assert _enroll(district, office, 12, starts=starts)
        return
    refusal = _refused(district, office, service.enroll, member_id=12, plan_code=WOMEN, starts=starts)
    assert refusal.code == "enrollment.overlap"
    words = render(refusal.say)
    assert "北京禾岸服装有限公司工会" in words and "在职女职工特殊疾病互助保障活动" in words


def test_an_overlap_out_of_sight_is_refused_by_the_database(
    district: Database, office: Actor, clerk: Actor
) -> None:
    """The person moved into the town; the old unit's term is not visible there, and still counts."""
    from benefits.organisations.queries import subtree

    with district.read(clerk) as unit:
        place = subtree(unit, clerk.scope)[0]
    district.act(office, transfer, member_id=12, organisation_id=place.id, on=TODAY)
    refusal = _refused(
        district, clerk, service.enroll, member_id=12, plan_code=WOMEN, starts=date(2026, 11, 25)
    )
    assert refusal.code == "enrollment.overlap_elsewhere"


def test_what_the_plan_does_not_know_is_refused(district: Database, office: Actor, woman: int) -> None:
    def code(**given: Any) -> str:
        values: dict[str, Any] = {
            "member_id": woman,
            "plan_code": WOMEN,
            "starts": date(2026, 12, 1),
            **given,
        }
        return _refused(district, office, service.enroll, **values).code

    assert code(plan_code="no-such") == "plans.unknown_plan"
    assert code(starts=date(2017, 12, 31)) == "plans.no_edition"
    assert code(tier="74") == "plans.no_tier"
    assert code(funding="nobody") == "plans.no_funding"
    assert code(shares=0) == "enrollment.shares"
    assert code(plan_code=BUNDLE, shares=2) == "enrollment.shares"
    assert code(member_id=999_999) == "members.unknown"


def test_somebody_without_a_membership_cannot_join(district: Database, office: Actor, woman: int) -> None:
    district.act(office, change_status, member_id=woman, status=Status.RESIGNED, on=TODAY)
    refusal = _refused(
        district, office, service.enroll, member_id=woman, plan_code=WOMEN, starts=date(2026, 12, 1)
    )
    assert refusal.code == "enrollment.no_membership"


def test_a_void_term_makes_room_and_stays_on_record(
    district: Database, root: Actor, office: Actor, woman: int
) -> None:
    first = _enroll(district, office, woman)
    assert (
        _refused(district, office, service.void, enrollment_id=first, reason=" ").code
        == "enrollment.reason_missing"
    )
    district.act(office, service.void, enrollment_id=first, reason="重复录入")
    again = _enroll(district, office, woman)
    assert _get(district, root, first).state is EnrollmentState.VOID and again != first
    assert (
        _refused(district, office, service.void, enrollment_id=first, reason="重复").code
        == "enrollment.void_already"
    )
    with district.read(root) as unit:
        assert [row.state for row in covers_of(unit, woman)].count(CoverState.VOID) == 1
        assert all(result.ok for result in verify(unit))


def test_a_term_that_another_continues_is_not_voided_alone(
    district: Database, root: Actor, office: Actor
) -> None:
    with district.read(root) as unit:
        terms = [row for row in covers_of(unit, 12) if row.plan_code == WOMEN]
    earlier = terms[-1]
    refusal = _refused(district, office, service.void, enrollment_id=earlier.id, reason="误录")
    assert refusal.code == "enrollment.followed"


def test_a_term_is_exhausted_once_within_its_days(district: Database, root: Actor, office: Actor) -> None:
    with district.read(root) as unit:
        term = covers_of(unit, 12)[0]
    for on in (term.starts - DAY, TODAY + DAY):
        wrong = _refused(district, office, service.mark_exhausted, enrollment_id=term.id, on=on)
        assert wrong.code == "enrollment.not_in_term"
    district.act(office, service.mark_exhausted, enrollment_id=term.id, on=TODAY)
    again = _refused(district, office, service.mark_exhausted, enrollment_id=term.id, on=TODAY)
    assert again.code == "enrollment.exhausted_already"
    with district.read(root) as unit:
        assert covers_of(unit, 12)[0].state is CoverState.IN_FORCE
        assert covers_of(unit, 12, TODAY + DAY)[0].state is CoverState.EXHAUSTED


def test_a_term_has_its_state_on_each_boundary_day(
    district: Database, root: Actor, office: Actor, woman: int
) -> None:
    _enroll(district, office, woman)
    starts, waits, ends = date(2026, 12, 1), date(2026, 12, 30), date(2027, 11, 30)
    expected = {
        starts - DAY: CoverState.FUTURE,
        starts: CoverState.WAITING,
        waits: CoverState.WAITING,
        waits + DAY: CoverState.IN_FORCE,
        ends: CoverState.IN_FORCE,
        ends + DAY: CoverState.ENDED,
    }
    with district.read(root) as unit:
        assert {day: covers_of(unit, woman, day)[0].state for day in expected} == expected


def test_covers_come_latest_first_with_words_and_money(district: Database, root: Actor) -> None:
    with district.read(root) as unit:
        rows = covers_of(unit, 12)
    assert [row.starts for row in rows] == sorted((row.starts for row in rows), reverse=True)
    row = rows[0]
    assert (row.plan_code, row.edition, row.shares, row.fen) == (WOMEN, "2018", 2, 5000)
    assert row.organisation == "北京禾岸服装有限公司工会" and row.plan_name_zh.startswith("在职女职工")
    assert (row.starts, row.ends) == (date(2025, 12, 1), date(2026, 11, 30))
