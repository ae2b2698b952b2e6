"""Two clerks and one run: exactly one of them does the work, and no number is given twice."""

from collections import Counter

import pytest
from sqlmodel import col, func, select

from benefits.audit.queries import verify
from benefits.enrollment.models import Enrollment
from benefits.renewal import queries
from tests.races.verbs import apply, ask, decline_all
from tests.races.workers import hire, race
from tests.renewal.factory import World, contents, plan_text


@pytest.fixture
def ready(world: World) -> World:
    """Two hundred people with cover that ends soon."""
    world.publish(plan_text())
    world.many(200, "A1", "A2", "B1", "B2")
    return world


def _terms(world: World) -> int:
    with world.database.read(world.actor) as unit:
        return unit.exec(
            select(func.count()).select_from(Enrollment).where(col(Enrollment.run_id) == 1)
        ).one()


@pytest.mark.parametrize("chunk", [7, 50_000])
def test_two_clerks_apply_the_same_run_at_once(ready: World, database_url: str, chunk: int) -> None:
    run = ready.preview()
    found = race([hire(database_url, apply, run=run, chunk=chunk) for _ in range(2)])
    if chunk > 200:
        assert sorted(found) == [False, True]
    else:  # in chunks they share the work
        assert set(found) <= {True, False} and True in found
    assert ready.state(run) == "applied"
    assert _terms(ready) == 200
    with ready.database.read(ready.actor) as unit:
        assert verify(unit).ok
    before = contents(ready.database)
    assert race([hire(database_url, apply, run=run, chunk=chunk)]) == [False]
    assert contents(ready.database) == before


def test_of_two_previews_of_one_window_one_is_refused(ready: World, database_url: str) -> None:
    """Also the year's first two, when nobody has counted a run yet."""
    found = race([hire(database_url, ask) for _ in range(3)])
    assert Counter(found) == {"XB-2026-0001": 1, "refused renewal.open_run": 2}
    with ready.database.read(ready.actor) as unit:
        assert [run.number for run in queries.runs(unit)] == ["XB-2026-0001"]


def test_run_numbers_are_unique_and_leave_no_gap(world: World, database_url: str) -> None:
    """Six clerks ask for six plans at once; a seventh is refused and takes no number with it."""
    for number in range(6):
        world.publish(plan_text(code=f"p{number}"))
        world.cover(world.person(), plan=f"p{number}")
    workers = [hire(database_url, ask, plan=f"p{number}") for number in range(6)]
    workers.append(hire(database_url, ask, plan="p0", organisation="B"))
    found = race(workers)
    assert found.pop() in ("refused renewal.nobody", "refused renewal.open_run")
    assert sorted(found) == [f"XB-2026-{number:04d}" for number in range(1, 7)]
    with world.database.read(world.actor) as unit:
        report = verify(unit)
    assert (report.ok, report.links + report.pending) == (True, 6)


def test_nobody_declines_under_a_run_that_is_being_applied(ready: World, database_url: str) -> None:
    """One clerk declines people one by one while another applies: whoever declined in time has no new term,
    and everybody else has one."""
    run = ready.preview()
    ask_first, then = hire(database_url, decline_all, run=run), hire(database_url, apply, run=run)
    declined, changed = race([ask_first, then])
    assert changed is True
    view = ready.view(run)
    assert (view.declined, view.renewed) == (declined, 200 - declined)
    assert _terms(ready) == view.renewed
    with ready.database.read(ready.actor) as unit:
        assert verify(unit).ok
