"""Plans that exclude each other (互斥计划, DOMAIN 0.8): one of the two saying so is enough."""

from datetime import date

import pytest

from benefits.kernel.errors import Refused
from benefits.renewal.batch import apply_run
from tests.renewal.factory import ENDS, World, plan_text

XOR = 'exclusive_with = ["x"]'


def test_the_plan_that_is_named_is_held_to_it_too(world: World) -> None:
    world.publish(plan_text(code="x"))
    world.publish(plan_text(head=XOR))
    both, one = world.person(), world.person()
    world.cover(both, plan="x", ends=ENDS)
    world.cover(one, plan="x", ends=ENDS)
    world.cover(both, plan="t", ends=date(2027, 6, 30))
    run = world.preview(plan="x")
    assert [world.reasons(run, member) for member in (both, one)] == [["exclusive_plan"], []]


def test_each_anniversary_goes_by_its_own_edition(world: World) -> None:
    world.publish(plan_text(code="x"))
    world.publish(plan_text())
    world.publish(plan_text(edition="2027", effective=date(2027, 1, 1), head=XOR))
    before, after = world.person(), world.person()
    for member, ends in ((before, date(2026, 12, 30)), (after, date(2026, 12, 31))):
        world.cover(member, ends=ends)
        world.cover(member, plan="x", ends=date(2027, 6, 30))
    run = world.preview(window_from=date(2026, 12, 1), window_to=date(2026, 12, 31))
    assert [world.reasons(run, member) for member in (before, after)] == [[], ["exclusive_plan"]]


def test_the_other_plan_s_word_of_the_day_counts(world: World) -> None:
    world.publish(plan_text())
    world.publish(plan_text(code="x"))
    world.publish(
        plan_text(code="x", edition="2027", effective=date(2027, 1, 1), head='exclusive_with = ["t"]')
    )
    before, after = world.person(), world.person()
    for member, ends in ((before, date(2026, 12, 30)), (after, date(2026, 12, 31))):
        world.cover(member, ends=ends)
        world.cover(member, plan="x", ends=date(2027, 6, 30))
    run = world.preview(window_from=date(2026, 12, 1), window_to=date(2026, 12, 31))
    assert [world.reasons(run, member) for member in (before, after)] == [[], ["exclusive_plan"]]


@pytest.mark.parametrize(("first", "second"), [("t", "x"), ("x", "t")])
def test_of_two_that_expire_on_one_day_only_the_first_applied_goes_on(
    world: World, first: str, second: str
) -> None:
    world.publish(plan_text(code="x"))
    world.publish(plan_text(head=XOR))
    member = world.covered()
    world.cover(member, plan="x")
    runs = {plan: world.preview(plan=plan) for plan in (first, second)}
    apply_run(world.database, world.actor, runs[first])
    with pytest.raises(Refused) as refused:
        apply_run(world.database, world.actor, runs[second])
    assert refused.value.code == "renewal.drift"
    assert (len(world.terms(member, first)), len(world.terms(member, second))) == (2, 1)
