"""Grace goes by the day on which a run is applied, not by the day of its preview (DOMAIN 0.4)."""

from datetime import date, timedelta

import pytest

from benefits.kernel.clock import FixedClock
from benefits.kernel.errors import Refused
from benefits.renewal.apply import apply_chunk, start
from benefits.renewal.batch import apply_run
from tests.renewal.factory import ENDS, IN_POST, STARTS, WOMEN, WOMEN_CLASS, World, contents, plan_text

UNKNOWN = 'days = 30\nwaived_on_renewal = "待核实"\ngrace_days = "待核实"\napplies_to_added = "待核实"'


def _stand(world: World, day: date) -> None:
    world.database.clock = FixedClock(day)


def _after(days: int) -> date:
    return ENDS + timedelta(days=days)


def _terms_moved(world: World, run: str) -> Refused:
    before = contents(world.database)
    with pytest.raises(Refused) as refused:
        apply_run(world.database, world.actor, run)
    assert refused.value.code == "renewal.terms_moved"
    assert contents(world.database) == before, "nothing may be written"
    return refused.value


@pytest.mark.parametrize("previewed", [-10, 1, 30])
def test_applied_on_the_last_day_of_grace_the_term_follows(world: World, previewed: int) -> None:
    world.publish(plan_text(IN_POST))
    member = world.covered()
    _stand(world, _after(previewed))
    run = world.preview()
    _stand(world, _after(30))
    assert apply_run(world.database, world.actor, run).changed
    _, new = world.terms(member)
    assert (new.starts, new.waiting_until) == (STARTS, None)


@pytest.mark.parametrize("previewed", [-10, 1, 30])
@pytest.mark.parametrize("applied", [31, 200])
def test_applied_beyond_grace_it_is_previewed_anew(world: World, previewed: int, applied: int) -> None:
    world.publish(plan_text(IN_POST))
    world.covered()
    _stand(world, _after(previewed))
    run = world.preview()
    _stand(world, _after(applied))
    _terms_moved(world, run)


def test_a_first_term_begins_after_the_day_of_the_apply(world: World) -> None:
    """Beyond grace nobody is covered for days that are over; a day ahead can be named."""
    world.publish(plan_text(IN_POST))
    member = world.covered()
    _stand(world, _after(40))
    run, planned = world.preview(organisation="A"), _after(47)
    _stand(world, _after(41))
    _terms_moved(world, run)
    other = world.covered("B1")
    ahead = world.preview(organisation="B", as_of=planned)
    _stand(world, planned)
    assert apply_run(world.database, world.actor, ahead).changed
    assert world.terms(other)[1].starts == planned + timedelta(days=1)
    assert len(world.terms(member)) == 1


def test_an_added_term_on_the_first_anniversary_may_be_applied_later(world: World) -> None:
    world.publish(plan_text(WOMEN, IN_POST, WOMEN_CLASS))
    world.covered()
    added = world.person()
    run = world.preview(with_class=True)
    _stand(world, ENDS)
    assert apply_run(world.database, world.actor, run).changed
    assert world.terms(added)[0].starts == STARTS


def test_a_grace_that_is_unknown_is_no_longer_guessed_at(world: World) -> None:
    world.publish(plan_text(IN_POST, waiting=UNKNOWN))
    world.covered()
    run = world.preview()
    _stand(world, _after(1))
    refusal = _terms_moved(world, run)
    assert [problem.code for problem in refusal.problems] == ["plans.grace_unknown"]


def test_a_run_that_began_in_time_goes_on_after_grace(world: World) -> None:
    """It was begun on the last day, and half of it is written: the others keep the same term."""
    world.publish(plan_text(IN_POST))
    members = world.many(4, "A1")
    _stand(world, _after(30))
    run = world.preview()
    world.database.act(world.actor, start, run=run)
    world.database.act(world.actor, apply_chunk, run=run, size=2)
    _stand(world, _after(31))
    assert apply_run(world.database, world.actor, run).changed
    assert [world.terms(member)[1].starts for member in members] == [STARTS] * 4


@pytest.mark.parametrize(("days", "entry"), [(-10, "renewed"), (30, "renewed"), (31, "first")])
def test_who_comes_back_beyond_grace_is_enrolled_as_for_the_first_time(
    world: World, days: int, entry: str
) -> None:
    """Whoever lapsed is not counted among the renewed covers (参保方式), though the prior term is known."""
    world.publish(plan_text(WOMEN, IN_POST, WOMEN_CLASS))
    member, added = world.covered(), world.person()
    _stand(world, _after(days))
    run = world.preview(with_class=True)
    apply_run(world.database, world.actor, run)
    old, new = world.terms(member)
    assert (new.entry.value, new.prior_id) == (entry, old.id)
    assert (new.continuous_since == new.starts) == (entry == "first")
    assert world.terms(added)[0].entry.value == "added"
