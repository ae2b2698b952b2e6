"""A process killed in the middle of an apply: what is there holds, and the same command finishes the job."""

import random
import time
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.audit.queries import verify as verify_chain
from benefits.enrollment.models import Enrollment
from benefits.enrollment.queries import CoverState, covers_of
from benefits.kernel.actions import Actor
from benefits.kernel.clock import FixedClock
from benefits.kernel.unit import Database
from benefits.members.models import Status
from benefits.renewal.batch import apply_run
from benefits.renewal.models import RenewalRun, RunState
from benefits.verify import verify
from tests.races.verbs import apply
from tests.races.workers import hire
from tests.renewal.factory import ENDS, IN_POST, World, contents, plan_text

KILLS = 25
CHUNK = 40
PEOPLE = 600
_WHEN_AND_HOW = ("audit", "alembic", "run_chunk")
"""The trail tells how often the command was given, and the chunks when and how far each went."""


def _check(database: Database, actor: Actor) -> tuple[str, int]:
    """Every invariant holds and the chain is whole, whatever was cut; (state of the run, terms written)."""
    with database.read(actor) as unit:
        broken = [result for result in verify(unit) if not result.ok]
        assert broken == []
        assert verify_chain(unit).ok
        run = unit.exec(select(RenewalRun)).one()
        new = unit.exec(select(Enrollment).where(col(Enrollment.run_id) == run.id)).all()
        if run.state is RunState.APPLYING and new:
            latest = covers_of(unit, new[-1].member_id, new[-1].starts)[0]
            assert latest.run_id == run.id and latest.state is CoverState.PENDING
        assert run.state in (RunState.APPLYING, RunState.APPLIED) or not new
        return run.state.value, len(new)


@pytest.fixture
def ready(database: Database, root: Actor) -> World:
    """Six hundred people, fifty of whom are retired, and a run about them."""
    world = World(database, root)
    world.publish(plan_text(IN_POST))
    world.many(PEOPLE - 50, "A1", "A2", "B1", "B2")
    world.many(50, "A1", "B2", status=Status.RETIRED)
    return world


def _terms(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Ids of terms may have gaps where a transaction was cut."""
    return {
        name: sorted((row[1:] for row in rows), key=repr) if name in ("enrollment", "due") else rows
        for name, rows in found.items()
    }


def test_killed_twenty_five_times(ready: World, database_url: str) -> None:
    """Each time the moment is random; then the next process goes on, until the job is done, and again from
    the start."""
    chance = random.Random(20261122)
    run = ready.preview()
    _check(ready.database, ready.actor)
    span, killed, states = 0.2, 0, set()
    while killed < KILLS:
        worker = hire(database_url, apply, run=run, chunk=CHUNK)
        worker.await_ready()
        worker.go()
        began = time.monotonic()
        time.sleep(chance.uniform(0, span))
        alive = worker.kill()
        state, written = _check(ready.database, ready.actor)
        states.add(state)
        if not alive:
            span = max(0.05, (time.monotonic() - began) * 0.9)
        elif state == "previewed":  # too soon for so busy a machine: nothing had begun
            span *= 1.5
        killed += alive
        if state == "applied":
            assert written == PEOPLE - 50
            _begin_again(ready, run)
    assert "applying" in states, "no process was killed half-way"
    apply_run(ready.database, ready.actor, run, chunk=CHUNK)
    assert _check(ready.database, ready.actor) == ("applied", PEOPLE - 50)
    assert apply_run(ready.database, ready.actor, run, chunk=CHUNK).changed is False
    after = _terms(contents(ready.database, *_WHEN_AND_HOW))
    _begin_again(ready, run)
    assert apply_run(ready.database, ready.actor, run).changed, "the twin, in one unit and not killed"
    assert _terms(contents(ready.database, *_WHEN_AND_HOW)) == after


def _begin_again(world: World, run: str) -> None:
    """Take the run back to where the preview left it."""
    with world.database.engine.begin() as connection:
        if world.database.dialect == "postgresql":
            connection.exec_driver_sql("SELECT set_config('benefits.scope', '/', true)")
        for statement in (
            "DELETE FROM due",
            "DELETE FROM enrollment WHERE run_id IS NOT NULL",
            "DELETE FROM run_chunk",
            "UPDATE run_unit SET state = 'pending'",
            "UPDATE renewal_run SET state = 'previewed', reviewed_by = NULL, applied_at = NULL",
        ):
            connection.exec_driver_sql(statement)


def test_a_district_s_run_in_the_middle_is_not_in_force_for_a_street_either(ready: World) -> None:
    from benefits.renewal.apply import apply_chunk, start

    run = ready.preview()
    ready.database.act(ready.actor, start, run=run)
    ready.database.act(ready.actor, apply_chunk, run=run, size=CHUNK)
    member = min(ready.decided(run))
    street = Actor("li", "李娜", frozenset(), f"/{ready.places['D']}/{ready.places['A']}/")
    for actor in (ready.actor, street):
        with ready.database.read(actor) as unit:
            assert covers_of(unit, member, ENDS.replace(year=2027))[0].state is CoverState.PENDING
    apply_run(ready.database, ready.actor, run)
    ready.database.clock = FixedClock(ENDS.replace(year=2027))
    with ready.database.read(street) as unit:
        assert covers_of(unit, member)[0].state is CoverState.IN_FORCE
