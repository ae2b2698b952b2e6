"""What moved between the preview and the apply although no reason did: the price, the prior term, the unit's
head-count."""

import pytest

from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.errors import Refused, say
from benefits.kernel.ids import Sex
from benefits.members.models import Member, Status
from benefits.organisations.models import Organisation, RiskClass
from benefits.renewal.apply import apply_chunk, start
from benefits.renewal.batch import apply_run
from tests.renewal.factory import IN_POST, World, contents, plan_text

TIERS = "".join(f'[[fee.tier]]\ncode = "{code}"\nfen = {{ ordinary = 3600, high = 4000 }}\n' for code in "ab")


def _refused(world: World, run: str, code: str = "renewal.drift") -> Refused:
    before = contents(world.database)
    with pytest.raises(Refused) as refused:
        apply_run(world.database, world.actor, run)
    assert refused.value.code == code
    assert contents(world.database) == before, "nothing may be written"
    return refused.value


def test_another_tier_of_the_same_fee_stops_the_run(world: World) -> None:
    world.publish(plan_text(IN_POST, fee=TIERS))
    world.place("O", "A", risk_class=RiskClass.ORDINARY)
    member, other = world.person("O"), world.person("O")
    for one in (member, other):
        world.cover(one, "O", tier="a")
    run = world.preview()
    world.change(Enrollment, world.terms(member)[0].id, tier="b")
    refusal = _refused(world, run)
    assert [(problem.row, problem.say.key) for problem in refusal.problems] == [
        (member, "renewal.drift_moved")
    ]


def test_another_prior_term_with_the_same_end_stops_the_run(world: World) -> None:
    """Struck and enrolled anew: the decision would continue a term that is void."""
    world.publish(plan_text(IN_POST))
    member, _ = world.covered(), world.covered()
    run = world.preview()
    world.change(Enrollment, world.terms(member)[0].id, state=EnrollmentState.VOID)
    world.cover(member)
    refusal = _refused(world, run)
    assert [(problem.row, problem.say.key) for problem in refusal.problems] == [
        (member, "renewal.drift_moved")
    ]


HALF = '\n[participation]\nbasis = "{basis}"\nratio = 0.5\nall_in_below = 0\n'


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [(20, 21, "below"), (21, 20, "met"), (None, 20, "met"), (20, None, "unknown")],
)
def test_a_head_count_that_turns_the_judgement_stops_the_run(
    world: World, before: int | None, after: int | None, state: str
) -> None:
    world.publish(plan_text(IN_POST, HALF.format(basis="staff")))
    world.place("U", "A", staff=before)
    world.many(10, "U")
    run = world.preview()
    world.change(Organisation, world.places["U"], staff=after)
    refusal = _refused(world, run, "renewal.heads_moved")
    assert refusal.say.params["units"] == 1
    (told,) = (problem.say for problem in refusal.problems)
    assert told.params["unit"] == "U工会"
    assert told.params["state"] == say(f"renewal.participation.{state}")
    world.change(Organisation, world.places["U"], staff=before)
    assert apply_run(world.database, world.actor, run).changed


def test_a_head_count_of_the_register_is_asked_again(world: World) -> None:
    """Ten of twenty women in post hold cover; one more joins the union and the unit is below the half."""
    world.publish(plan_text(IN_POST, HALF.format(basis="women")))
    world.many(10, "A1")
    for _ in range(10):
        world.person("A1")
    run = world.preview()
    world.person("A1", sex=Sex.MALE)
    late = world.person("A1")
    _refused(world, run, "renewal.heads_moved")
    world.change(Member, late, status=Status.RETIRED)
    assert apply_run(world.database, world.actor, run).changed


def test_a_head_count_that_turns_nothing_is_no_drift(world: World) -> None:
    world.publish(plan_text(IN_POST, HALF.format(basis="staff")))
    world.place("U", "A", staff=15)
    world.many(10, "U")
    run = world.preview()
    world.change(Organisation, world.places["U"], staff=19)
    assert apply_run(world.database, world.actor, run).changed
    assert world.units(run)["U"].basis == 15


def test_a_head_count_half_way_does_not_hold_up_the_rest(world: World) -> None:
    world.publish(plan_text(IN_POST, HALF.format(basis="staff")))
    world.place("U", "A", staff=15)
    world.many(10, "U")
    run = world.preview()
    world.database.act(world.actor, start, run=run)
    world.database.act(world.actor, apply_chunk, run=run, size=4)
    world.change(Organisation, world.places["U"], staff=30)
    assert apply_run(world.database, world.actor, run).changed
    assert world.view(run).renewed == 10
