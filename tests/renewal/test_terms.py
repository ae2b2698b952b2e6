"""When the new term starts and ends: grace, waiting, continuous cover, and leap days over the years."""

from datetime import date, timedelta

import pytest

from benefits.kernel.clock import FixedClock
from benefits.kernel.errors import Refused
from benefits.renewal.batch import apply_run
from benefits.renewal.models import RenewalRun
from tests.renewal.factory import ENDS, STARTS, WAITING, World, plan_text

UNKNOWN = 'days = 30\nwaived_on_renewal = "待核实"\ngrace_days = "待核实"\napplies_to_added = "待核实"'


def _after(days: int) -> date:
    return ENDS + timedelta(days=days)


@pytest.mark.parametrize("days", [-60, 0, 1, 30])
def test_on_time_or_within_grace_the_new_term_follows(world: World, days: int) -> None:
    """Renewed on day 30 after expiry: no gap, no waiting (DOMAIN 0.4 [S54]); early renewal loses no day."""
    world.publish(plan_text())
    member = world.person()
    prior = world.cover(member, continuous_since=date(2019, 12, 1))
    run = world.preview(as_of=_after(days))
    apply_run(world.database, world.actor, run)
    new = world.terms(member)[-1]
    assert (new.starts, new.ends) == (STARTS, date(2027, 11, 30))
    assert (new.waiting_until, new.continuous_since, new.prior_id) == (None, date(2019, 12, 1), prior)


@pytest.mark.parametrize("days", [31, 200])
def test_beyond_grace_the_term_is_a_first_one(world: World, days: int) -> None:
    world.publish(plan_text())
    member = world.person()
    prior = world.cover(member, continuous_since=date(2019, 12, 1))
    run = world.preview(as_of=_after(days))
    apply_run(world.database, world.actor, run)
    new = world.terms(member)[-1]
    assert new.starts == _after(days + 1)
    assert new.waiting_until == new.starts + timedelta(days=29)
    assert (new.continuous_since, new.prior_id) == (new.starts, prior)
    assert world.view(run).terms[0].first_time


def test_no_waiting_days_are_written_where_a_plan_has_none(world: World) -> None:
    world.publish(plan_text(waiting=WAITING.replace("days = 30\n", "days = 0\n", 1)))
    member = world.covered()
    apply_run(world.database, world.actor, world.preview(as_of=_after(31)))
    assert world.terms(member)[-1].waiting_until is None


def test_waiting_that_a_renewal_does_not_waive(world: World) -> None:
    world.publish(plan_text(waiting=WAITING.replace("renewal = true", "renewal = false")))
    member = world.covered()
    apply_run(world.database, world.actor, world.preview())
    assert world.terms(member)[-1].waiting_until == STARTS + timedelta(days=29)


def test_an_unknown_grace_is_refused_after_expiry(world: World) -> None:
    world.publish(plan_text(waiting=UNKNOWN))
    member = world.covered()
    with pytest.raises(Refused) as refused:
        world.preview(as_of=_after(1))
    assert refused.value.code == "plans.grace_unknown"
    assert world.row(world.preview(as_of=ENDS), member).starts == STARTS


def test_an_unknown_grace_may_be_given_with_a_reason(world: World) -> None:
    world.publish(plan_text(waiting=UNKNOWN))
    member = world.covered()
    run = world.preview(as_of=_after(10), grace_days=10, grace_reason="  市办事处电话答复  ")
    assert world.row(run, member).starts == STARTS
    with world.database.read(world.actor) as unit:
        kept = unit.session.get(RenewalRun, 1)
    assert kept is not None and (kept.grace_days, kept.grace_reason) == (10, "市办事处电话答复")
    assert apply_run(world.database, world.actor, run).changed


def test_beyond_the_given_grace_the_term_is_a_first_one(world: World) -> None:
    world.publish(plan_text(waiting=UNKNOWN))
    member = world.covered()
    run = world.preview(as_of=_after(11), grace_days=10, grace_reason="电话")
    assert world.row(run, member).starts == _after(12)


def test_a_known_grace_is_not_set_by_hand(world: World) -> None:
    world.publish(plan_text())
    world.covered()
    with pytest.raises(Refused) as refused:
        world.preview(grace_days=60, grace_reason="求情")
    assert refused.value.code == "plans.grace_known"


def test_two_anniversaries_of_one_window(world: World) -> None:
    world.publish(plan_text())
    first, second = world.person(), world.person()
    world.cover(first, ends=date(2026, 11, 30))
    world.cover(second, ends=date(2026, 12, 14))
    run = world.preview(window_from=date(2026, 11, 1), window_to=date(2026, 12, 31))
    starts = [world.row(run, member).starts for member in (first, second)]
    assert starts == [date(2026, 12, 1), date(2026, 12, 15)]
    assert len(world.view(run).terms) == 2


def test_grace_is_judged_for_each_anniversary(world: World) -> None:
    world.publish(plan_text())
    late, fine = world.person(), world.person()
    world.cover(late, ends=date(2026, 10, 20))
    world.cover(fine, ends=date(2026, 10, 21))
    run = world.preview(window_from=date(2026, 10, 1), window_to=date(2026, 10, 31), as_of=date(2026, 11, 20))
    assert [world.row(run, member).starts for member in (late, fine)] == [
        date(2026, 11, 21),
        date(2026, 10, 22),
    ]


def test_cover_that_began_on_a_leap_day_keeps_its_anniversary(world: World) -> None:
    """Term n is computed from the first start: 1 March in common years, 29 February again in the fourth
    (DESIGN law 9)."""
    world.publish(plan_text(edition="2020", effective=date(2020, 1, 1)))
    leap, march = world.person(), world.person()
    world.cover(leap, starts=date(2024, 2, 29), ends=date(2025, 2, 28))
    world.cover(march, starts=date(2024, 3, 1), ends=date(2025, 2, 28))
    for year in range(2025, 2029):
        ends = {world.terms(member)[-1].ends for member in (leap, march)}
        world.database.clock = FixedClock(min(ends))
        run = world.preview(window_from=min(ends), window_to=max(ends))
        apply_run(world.database, world.actor, run)
        assert world.view(run).renewed == 2, year
    assert [(term.starts, term.ends) for term in world.terms(leap)] == [
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2025, 3, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2027, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2029, 2, 28)),
    ]
    assert [(term.starts, term.ends) for term in world.terms(march)] == [
        (date(2024, 3, 1), date(2025, 2, 28)),
        (date(2025, 3, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2027, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2028, 3, 1), date(2029, 2, 28)),
    ]
    assert {term.continuous_since for term in world.terms(leap)} == {date(2024, 2, 29)}


def test_cover_goes_on_for_years_without_a_gap(world: World) -> None:
    world.publish(plan_text())
    member = world.person()
    world.cover(member, starts=date(2020, 1, 1), ends=date(2020, 12, 31))
    for year in range(2020, 2026):
        world.database.clock = FixedClock(date(year, 12, 31))
        apply_run(world.database, world.actor, world.preview(at=date(year, 12, 31)))
    terms = world.terms(member)
    assert [term.starts for term in terms] == [date(year, 1, 1) for year in range(2020, 2027)]
    assert all(b.starts - a.ends == timedelta(days=1) for a, b in zip(terms, terms[1:], strict=False))
    assert [term.prior_id for term in terms] == [None, *(term.id for term in terms[:-1])]
    assert {term.continuous_since for term in terms} == {date(2020, 1, 1)}
