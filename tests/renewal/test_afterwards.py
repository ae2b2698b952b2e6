"""What may be done to the books after a run was applied, and what must hold of them."""

from datetime import date

import pytest
from sqlmodel import col, update

from benefits.access.models import Role
from benefits.access.queries import PERMISSIONS
from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.enrollment.service import void
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.members.service import transfer
from benefits.renewal.batch import apply_run
from benefits.verify import verify
from tests.renewal.factory import IN_POST, World, contents, plan_text


def _broken(world: World) -> set[str]:
    with world.database.read(world.actor) as unit:
        return {result.code for result in verify(unit) if not result.ok}


def _clerk(world: World, street: str) -> Actor:
    path = f"/{world.places['D']}/{world.places[street]}/"
    return Actor("li", "李娜", PERMISSIONS[Role.CLERK], path)


def _refused(world: World, actor: Actor, enrollment: int | None, reason: str = "误录") -> str:
    assert enrollment is not None
    before = contents(world.database)
    with pytest.raises(Refused) as refused:
        world.database.act(actor, void, enrollment_id=enrollment, reason=reason)
    assert contents(world.database) == before
    return refused.value.code


def test_a_term_that_a_run_billed_is_not_voided_alone(plain: World) -> None:
    member = plain.covered()
    apply_run(plain.database, plain.actor, plain.preview())
    assert _refused(plain, plain.actor, plain.terms(member)[-1].id) == "enrollment.of_a_run"
    assert _broken(plain) == set()


def test_a_term_that_goes_on_in_another_street_is_not_voided_alone(plain: World) -> None:
    member = plain.person("A1")
    first = plain.cover(member, "A1")
    plain.database.act(
        plain.actor, transfer, member_id=member, organisation_id=plain.places["B1"], on=date(2026, 11, 1)
    )
    apply_run(plain.database, plain.actor, plain.preview())
    assert _refused(plain, _clerk(plain, "A"), first) == "enrollment.followed"
    assert [term.state for term in plain.terms(member)] == [EnrollmentState.ACTIVE] * 2


def test_a_reason_that_does_not_fit_is_refused(plain: World) -> None:
    member = plain.person("A1")
    term = plain.cover(member, "A1")
    assert _refused(plain, plain.actor, term, "因" * 201) == "enrollment.reason_long"
    plain.database.act(plain.actor, void, enrollment_id=term, reason="因" * 200)


def test_a_struck_term_whose_due_stayed_is_found(plain: World) -> None:
    member = plain.covered()
    apply_run(plain.database, plain.actor, plain.preview())
    plain.change(Enrollment, plain.terms(member)[-1].id, state=EnrollmentState.VOID)
    assert "renewal.invariant.covers_are_dues" in _broken(plain)


def test_a_void_prior_term_is_found(plain: World) -> None:
    member = plain.covered()
    apply_run(plain.database, plain.actor, plain.preview())
    plain.change(Enrollment, plain.terms(member)[0].id, state=EnrollmentState.VOID)
    assert "enrollment.invariant.prior_of_same" in _broken(plain)


def test_a_plan_that_succeeds_another_holds_every_invariant(world: World) -> None:
    world.publish(plan_text(IN_POST, head='ended = 2026-11-30\nsuccessor = "next"'))
    world.publish(plan_text(IN_POST, code="next"))
    members = [world.covered() for _ in range(3)]
    apply_run(world.database, world.actor, world.preview())
    assert [len(world.terms(member, "next")) for member in members] == [1, 1, 1]
    assert _broken(world) == set()
    with world.batch() as session:  # by hand, nothing goes on under another plan
        session.execute(update(Enrollment).where(col(Enrollment.prior_id).is_not(None)).values(run_id=None))
    assert "enrollment.invariant.prior_of_same" in _broken(world)
