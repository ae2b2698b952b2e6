"""The review of the units' lists (核对): what was said of a list, and what a word over the rules can do."""

import pytest
from sqlmodel import select

from benefits.kernel.errors import Refused
from benefits.members.models import Status
from benefits.renewal.batch import apply_run
from benefits.renewal.models import VERDICT_SQL, Override, RenewalRun, UnitState, Verdict
from benefits.renewal.reasons import MASKS
from benefits.renewal.service import confirm, override, review_unit
from benefits.verify import verify
from tests.renewal.factory import IN_POST, World, plan_text


def _say(world: World, run: str, state: UnitState, place: str = "A1") -> None:
    unit = world.places[place]
    world.database.act(world.actor, review_unit, run=run, organisation_id=unit, state=state)


def _word(world: World, run: str, member: int, kind: Override | None) -> None:
    world.database.act(world.actor, override, run=run, member_id=member, kind=kind, reason="返聘")


def test_the_verdict_knows_the_bit_of_a_list_not_submitted() -> None:
    assert f"(reasons & {MASKS['not_submitted']}) = 0" in VERDICT_SQL


def test_a_list_not_submitted_leaves_out_whom_a_clerk_included_too(world: World) -> None:
    world.publish(plan_text(IN_POST))
    retired, other = world.covered(status=Status.RETIRED), world.covered()
    run = world.preview()
    _word(world, run, retired, Override.INCLUDE)
    assert world.row(run, retired).verdict is Verdict.RENEW
    _say(world, run, UnitState.NOT_SUBMITTED)
    assert {world.row(run, member).verdict for member in (retired, other)} == {Verdict.EXCLUDE}
    assert (world.view(run).renewed, world.view(run).fen) == (0, 0)
    _say(world, run, UnitState.CONFIRMED)
    assert world.row(run, retired).verdict is Verdict.RENEW, "the clerk's word still stands"
    _say(world, run, UnitState.NOT_SUBMITTED)
    apply_run(world.database, world.actor, run)
    assert [len(world.terms(member)) for member in (retired, other)] == [1, 1]
    with world.database.read(world.actor) as unit:
        assert [found for found in verify(unit) if not found.ok] == []


def test_nobody_is_included_into_a_list_not_submitted(world: World) -> None:
    world.publish(plan_text(IN_POST))
    member = world.covered(status=Status.RETIRED)
    run = world.preview()
    _say(world, run, UnitState.NOT_SUBMITTED)
    with pytest.raises(Refused) as refused:
        _word(world, run, member, Override.INCLUDE)
    assert refused.value.code == "renewal.cannot_include"
    assert [problem.code for problem in refused.value.problems] == ["not_submitted"]
    _word(world, run, member, Override.DECLINE)
    assert world.row(run, member).verdict is Verdict.DECLINE


@pytest.mark.parametrize("kind", [Override.DECLINE, Override.INCLUDE, None])
def test_a_confirmed_list_that_changed_is_confirmed_again(world: World, kind: Override | None) -> None:
    world.publish(plan_text(IN_POST))
    member = world.covered(status=Status.RETIRED)
    world.covered("B1")
    run = world.preview()
    assert world.database.act(world.actor, confirm, run=run) == 2
    _word(world, run, member, kind)
    states = {code: row.state for code, row in world.units(run).items()}
    assert states == {"A1": UnitState.PENDING, "B1": UnitState.CONFIRMED}
    assert world.state(run) == "previewed"
    assert world.database.act(world.actor, confirm, run=run) == 1
    assert world.state(run) == "reviewed"


def test_a_list_taken_back_opens_the_review_again(world: World) -> None:
    world.publish(plan_text(IN_POST))
    world.covered()
    run = world.preview()
    world.database.act(world.actor, confirm, run=run)
    _say(world, run, UnitState.CONFIRMED)
    assert world.state(run) == "reviewed", "that was said before"
    _say(world, run, UnitState.PENDING)
    assert world.state(run) == "previewed"
    with world.database.read(world.actor) as unit:
        assert unit.exec(select(RenewalRun)).one().reviewed_by is None
    assert world.database.act(world.actor, confirm, run=run) == 1


def test_a_reason_that_cannot_be_kept_whole_is_refused(world: World) -> None:
    """SQLite would keep it and PostgreSQL would fail: both refuse it first."""
    world.publish(plan_text(IN_POST))
    member = world.covered(status=Status.RETIRED)
    run = world.preview()
    for said, code in (("返" * 201, "renewal.reason_long"), ("  ", "renewal.reason_needed")):
        with pytest.raises(Refused) as refused:
            world.database.act(
                world.actor, override, run=run, member_id=member, kind=Override.INCLUDE, reason=said
            )
        assert refused.value.code == code
    world.database.act(
        world.actor, override, run=run, member_id=member, kind=Override.INCLUDE, reason="返" * 200
    )
    assert world.row(run, member).override_reason == "返" * 200
