"""What moved between the preview and the apply although no reason did: the price, the prior term, the unit's
head-count."""

from datetime import date

import pytest

from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.errors import Refused
from benefits.organisations.models import RiskClass
from benefits.renewal.batch import apply_run
from tests.renewal.factory import IN_POST, World, contents, plan_text

TIERS = "".join(f'[[fee.tier]]\ncode = "{code}"\nfen = {{ ordinary = 3600, high = 4000 }}\n' for code in "AB")


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
        world.cover(one, "O", tier="A")
    run = world.preview()
    world.change(Enrollment, world.terms(member)[0].id, tier="B")
    refusal = _refused(world, run)
    assert [(problem.row, problem.say.key) for problem in refusal.problems] == [
        (member, "renewal.drift_moved")
    ]


@pytest.mark.parametrize("facts", [{}, {"continuous_since": date(2020, 12, 1)}])
def test_another_prior_term_with_the_same_end_stops_the_run(world: World, facts: dict[str, date]) -> None:
    """Struck and enrolled anew: the decision would continue a term that is void."""
    world.publish(plan_text(IN_POST))
    member, _ = world.covered(), world.covered()
    run = world.preview()
    world.change(Enrollment, world.terms(member)[0].id, state=EnrollmentState.VOID)
    world.cover(member, **facts)
    refusal = _refused(world, run)
    assert [(problem.row, problem.say.key) for problem in refusal.problems] == [
        (member, "renewal.drift_moved")
    ]
