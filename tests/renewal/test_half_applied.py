"""A run that was stopped between two chunks and finds other facts when it goes on: nobody holds it up for
good."""

from datetime import date

import pytest
from sqlmodel import col, func, select

from benefits.contributions.models import Due
from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.enrollment.service import enroll
from benefits.kernel.errors import Refused
from benefits.members.models import Member, Status
from benefits.members.service import change_status
from benefits.renewal.apply import apply_chunk, start
from benefits.renewal.batch import apply_run
from benefits.renewal.models import Override, UnitState
from benefits.renewal.service import abandon, override, preview, review_unit
from benefits.verify import verify
from tests.renewal.factory import ENDS, IN_POST, STARTS, World, contents, plan_text

HALF = '\n[participation]\nbasis = "staff"\nratio = 0.5\nall_in_below = 0\n'


def _half(world: World, people: int = 6, size: int = 2) -> tuple[str, list[int]]:
    """A run of which ``size`` people have their terms; (run, everybody)."""
    world.publish(plan_text(IN_POST))
    members = world.many(people, "A1")
    run = world.preview()
    _begin(world, run, size)
    return run, members


def _begin(world: World, run: str, size: int) -> None:
    world.database.act(world.actor, start, run=run)
    world.database.act(world.actor, apply_chunk, run=run, size=size)


def _decline(world: World, run: str, member: int, kind: Override | None = Override.DECLINE) -> None:
    world.database.act(world.actor, override, run=run, member_id=member, kind=kind, reason="已去世")


def _dies(world: World, member: int) -> None:
    day = date(2026, 11, 20)
    world.database.act(world.actor, change_status, member_id=member, status=Status.DECEASED, on=day)


def _finished(world: World, run: str, people: int) -> None:
    """The run is applied, ``people`` have a term from it, the money is theirs and every invariant holds."""
    assert apply_run(world.database, world.actor, run, chunk=2).changed
    assert (world.state(run), world.view(run).renewed) == ("applied", people)
    with world.database.read(world.actor) as unit:
        written = unit.exec(select(func.count()).where(col(Enrollment.run_id).is_not(None))).one()
        assert (written, unit.exec(select(func.sum(Due.fen))).one()) == (people, people * 3600)
        assert [found for found in verify(unit) if not found.ok] == []


def test_who_dies_between_two_chunks_declines_and_the_run_goes_on(world: World) -> None:
    run, members = _half(world)
    dead = members[-1]
    _dies(world, dead)
    before = contents(world.database)
    with pytest.raises(Refused) as refused:
        apply_run(world.database, world.actor, run, chunk=2)
    assert refused.value.code == "renewal.drift_applying"
    assert [problem.row for problem in refused.value.problems] == [dead]
    assert contents(world.database) == before
    _decline(world, run, dead)
    assert world.state(run) == "applying"
    assert (world.view(run).renewed, world.view(run).declined) == (5, 1)
    assert world.units(run)["A1"].joined == 5
    _finished(world, run, 5)
    assert len(world.terms(dead)) == 1


def test_only_who_has_no_term_yet_can_decline_half_way(world: World) -> None:
    run, members = _half(world)
    before = contents(world.database)
    for member, kind, code in (
        (members[1], Override.DECLINE, "renewal.written_already"),
        (members[2], Override.INCLUDE, "renewal.not_open"),
        (members[2], None, "renewal.not_open"),
    ):
        with pytest.raises(Refused) as refused:
            _decline(world, run, member, kind)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        world.database.act(world.actor, abandon, run=run, reason="x")
    assert refused.value.code == "renewal.not_open"
    with pytest.raises(Refused) as refused:
        place = world.places["A1"]
        world.database.act(
            world.actor, review_unit, run=run, organisation_id=place, state=UnitState.NOT_SUBMITTED
        )
    assert refused.value.code == "renewal.not_open"
    assert contents(world.database) == before
    _decline(world, run, members[2])
    _finished(world, run, 5)


def test_a_unit_that_falls_below_the_ratio_half_way_keeps_its_terms(world: World) -> None:
    """Two of four people have their terms when a third declines: what was judged stands."""
    world.publish(plan_text(IN_POST, HALF))
    world.place("U", "A", staff=8)
    members = world.many(4, "U")
    run = world.preview()
    _begin(world, run, 2)
    _decline(world, run, members[2])
    _finished(world, run, 3)


def test_cover_by_hand_between_two_chunks_is_named(world: World) -> None:
    run, members = _half(world)
    mine = members[4]
    world.database.act(
        world.actor, enroll, member_id=mine, plan_code="t", starts=STARTS.replace(day=15), funding="unit"
    )
    before = contents(world.database)
    with pytest.raises(Refused) as refused:
        world.database.act(world.actor, apply_chunk, run=run, size=10)
    assert refused.value.code == "renewal.covered_meanwhile"
    assert refused.value.say.params["people"] == 1
    assert [problem.row for problem in refused.value.problems] == [mine]
    said = refused.value.problems[0].say.params
    assert (said["starts"], said["unit"], said["person"]) == (STARTS.replace(day=15), "A1工会", "李*")
    assert contents(world.database) == before
    with pytest.raises(Refused) as refused:
        apply_run(world.database, world.actor, run, chunk=2)
    assert refused.value.code == "renewal.drift_applying"
    _decline(world, run, mine)
    _finished(world, run, 5)


def test_who_is_left_out_anyway_holds_nobody_up(world: World) -> None:
    """Declined or excluded, before the first chunk and between two: more reasons change nothing."""
    world.publish(plan_text(IN_POST))
    members = world.many(8, "A1")
    retired, declined = members[-1], members[-2]
    world.change(Member, retired, status=Status.RETIRED)
    run = world.preview()
    _decline(world, run, declined)
    for member in (retired, declined):
        _dies(world, member)
    _begin(world, run, 2)
    for member in (retired, declined):
        world.change(Enrollment, world.terms(member)[0].id, state=EnrollmentState.VOID)
    _finished(world, run, 6)


def test_who_could_be_renewed_after_all_stops_a_run_only_before_it_begins(world: World) -> None:
    """A missing date was filled in: the clerk should preview again, not lose the person silently."""
    world.publish(plan_text(IN_POST))
    *_, member = world.many(4, "A1")
    world.change(Member, member, status=None)
    run = world.preview()
    assert world.reasons(run, member) == ["data_missing"]
    world.change(Member, member, status=Status.IN_POST)
    with pytest.raises(Refused) as refused:
        apply_run(world.database, world.actor, run)
    assert refused.value.code == "renewal.drift"
    assert [problem.row for problem in refused.value.problems] == [member]
    world.change(Member, member, status=None)
    _begin(world, run, 2)
    world.change(Member, member, status=Status.IN_POST)
    _finished(world, run, 3)


def test_a_new_candidate_or_anniversary_half_way_waits_for_the_next_run(world: World) -> None:
    world.publish(plan_text(IN_POST))
    world.many(4, "A1")
    run = world.preview(window_from=date(2026, 11, 1), window_to=date(2026, 12, 31))
    _begin(world, run, 2)
    late, early = world.covered(), world.person()
    world.cover(early, ends=date(2026, 11, 5))
    _finished(world, run, 4)
    again = world.database.act(
        world.actor, preview, plan="t", window_from=date(2026, 11, 1), window_to=ENDS, organisation=None
    )
    assert {late, early} <= world.decided(again)
