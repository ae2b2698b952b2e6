"""Applying a run: once, whole or in chunks, and never on facts that have moved since the preview."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, func, select

from benefits.audit.queries import events, verify
from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.members.models import Member, Status
from benefits.renewal import queries
from benefits.renewal.apply import apply_chunk, finish, start
from benefits.renewal.batch import apply_run
from benefits.renewal.models import Override
from benefits.renewal.service import abandon, override
from tests.renewal.factory import AGE, ENDS, IN_POST, STARTS, WOMEN, WOMEN_CLASS, World, contents, plan_text


@pytest.fixture
def plain(world: World) -> World:
    """Ten women with cover in four units, under a plan for women in post."""
    world.publish(plan_text(WOMEN, AGE, IN_POST, WOMEN_CLASS))
    world.many(10, "A1", "A2", "B1", "B2")
    return world


@pytest.mark.parametrize("chunk", [1, 3, 10, 50_000])
def test_a_second_apply_changes_nothing(plain: World, chunk: int) -> None:
    run = plain.preview()
    first = apply_run(plain.database, plain.actor, run, chunk=chunk)
    assert (first.changed, first.finished, plain.state(run)) == (True, True, "applied")
    before = contents(plain.database)
    again = apply_run(plain.database, plain.actor, run, chunk=chunk)
    assert (again.changed, again.finished) == (False, True)
    assert contents(plain.database) == before


def test_chunks_and_one_unit_come_to_the_same(plain: World, root: Any) -> None:
    plain.many(7, "A1", "B2", status=Status.RETIRED)
    run = plain.preview()
    told: list[tuple[int, int]] = []
    stopped = apply_run(
        plain.database,
        plain.actor,
        run,
        chunk=4,
        cancelled=lambda: len(told) > 2,
        progress=lambda done, total: told.append((done, total)),
    )
    assert (stopped.changed, stopped.finished, plain.state(run)) == (True, False, "applying")
    assert told == [(0, 17), (4, 17), (8, 17)]
    assert _counted(plain, Enrollment.run_id == 1) == 8
    rest = apply_run(plain.database, plain.actor, run)
    assert (rest.changed, rest.finished, plain.state(run)) == (True, True, "applied")
    assert _counted(plain, Enrollment.run_id == 1) == 10
    assert plain.view(run).fen == 36_000


def _counted(world: World, test: Any) -> int:
    with world.database.read(world.actor) as unit:
        return unit.exec(select(func.count()).select_from(Enrollment).where(test)).one()


def test_a_run_that_is_killed_at_any_step_goes_on(plain: World) -> None:
    """The steps by hand: each may be the last one, and each may come twice."""
    act, actor = plain.database.act, plain.actor
    run = plain.preview()
    assert act(actor, apply_chunk, run=run, size=4).changed is False
    assert act(actor, finish, run=run).done == 10
    assert plain.state(run) == "previewed" and _counted(plain, col(Enrollment.run_id) == 1) == 0
    for _ in range(2):
        assert act(actor, start, run=run).done == 0
    act(actor, apply_chunk, run=run, size=4)
    assert act(actor, start, run=run).done == 4
    with pytest.raises(Refused) as refused:
        act(actor, finish, run=run)
    assert refused.value.code == "renewal.does_not_reconcile"
    assert plain.state(run) == "applying"
    for _ in range(3):
        act(actor, apply_chunk, run=run, size=4)
    act(actor, finish, run=run)
    assert plain.state(run) == "applied"
    with plain.database.read(actor) as unit:
        assert verify(unit).ok


DRIFTS: dict[str, dict[str, Any]] = {
    "dies": {"status": Status.DECEASED},
    "retires": {"status": Status.RETIRED},
    "moves": {"organisation_id": 3},
    "leaves the union": {"organisation_id": None},
    "is a man": {"sex": Sex.MALE},
    "is older": {"birth": date(1950, 1, 1)},
    "has no birth": {"birth": None},
}


def _refused(world: World, run: str, member: int) -> Refused:
    before = contents(world.database)
    with pytest.raises(Refused) as refused:
        apply_run(world.database, world.actor, run)
    assert contents(world.database) == before, "nothing may be written"
    assert refused.value.code == "renewal.drift"
    assert refused.value.say.params["people"] == 1
    assert [problem.row for problem in refused.value.problems] == [member]
    return refused.value


@pytest.mark.parametrize("what", DRIFTS)
def test_a_fact_that_moved_stops_the_run(plain: World, what: str) -> None:
    run = plain.preview()
    member = sorted(plain.decided(run))[3]
    plain.change(Member, member, **DRIFTS[what])
    refusal = _refused(plain, run, member)
    assert "李*" in str(refusal.problems[0].say.params["person"])


def test_cover_that_came_from_elsewhere_stops_the_run(plain: World) -> None:
    run = plain.preview()
    member = min(plain.decided(run))
    plain.cover(member, starts=STARTS, ends=STARTS)
    _refused(plain, run, member)


def test_a_prior_term_made_void_stops_the_run(plain: World) -> None:
    run = plain.preview()
    member = max(plain.decided(run))
    prior = plain.terms(member)[0]
    plain.change(Enrollment, prior.id, state=EnrollmentState.VOID)
    assert _refused(plain, run, member).problems[0].say.key == "renewal.drift_gone"


def test_a_new_candidate_stops_the_run(plain: World) -> None:
    run = plain.preview()
    member = plain.covered()
    assert _refused(plain, run, member).problems[0].say.key == "renewal.drift_new"


def test_a_new_member_of_the_class_stops_a_run_that_adds_it(plain: World) -> None:
    run, other = plain.preview(with_class=True, organisation="A"), plain.preview(organisation="B")
    member = plain.person("A2")
    _refused(plain, run, member)
    assert apply_run(plain.database, plain.actor, other).changed


def test_changed_shares_stop_the_run(plain: World) -> None:
    run = plain.preview()
    member = min(plain.decided(run))
    plain.change(Enrollment, plain.terms(member)[0].id, shares=2)
    assert _refused(plain, run, member).problems[0].say.key == "renewal.drift_moved"


def test_a_new_anniversary_in_the_window_stops_the_run(plain: World) -> None:
    run = plain.preview(window_from=date(2026, 11, 1), window_to=date(2026, 12, 31))
    plain.cover(plain.person(), ends=date(2026, 12, 5))
    with pytest.raises(Refused) as refused:
        apply_run(plain.database, plain.actor, run)
    assert refused.value.code == "renewal.terms_moved"


def test_what_a_person_outside_the_run_does_stops_nothing(plain: World) -> None:
    outside = plain.covered("B1")
    run = plain.preview(organisation="A")
    plain.change(Member, outside, status=Status.DECEASED)
    assert apply_run(plain.database, plain.actor, run).changed


def test_a_word_over_the_rules_is_no_drift(plain: World) -> None:
    retired = plain.covered(status=Status.RETIRED)
    run = plain.preview()
    for member, kind in ((retired, Override.INCLUDE), (min(plain.decided(run)), Override.DECLINE)):
        plain.database.act(plain.actor, override, run=run, member_id=member, kind=kind, reason="x")
    assert apply_run(plain.database, plain.actor, run).changed
    assert len(plain.terms(retired)) == 2
    assert len(plain.terms(min(plain.decided(run)))) == 1


def test_drift_behind_the_last_chunk_does_not_matter(plain: World) -> None:
    """Who is covered already is covered; only those not yet written are asked again."""
    run = plain.preview()
    done, *_, last = sorted(plain.decided(run))
    plain.database.act(plain.actor, start, run=run)
    plain.database.act(plain.actor, apply_chunk, run=run, size=4)
    plain.change(Member, done, status=Status.DECEASED)
    plain.change(Member, last, status=Status.DECEASED)
    with pytest.raises(Refused) as refused:
        apply_run(plain.database, plain.actor, run)
    assert [problem.row for problem in refused.value.problems] == [last]
    plain.change(Member, last, status=Status.IN_POST)
    assert apply_run(plain.database, plain.actor, run).changed


def test_a_window_of_years_does_not_take_its_own_terms_for_prior_ones(world: World) -> None:
    """A plan of half a year, a window of two: what the first chunk wrote ends in the window too."""
    world.publish(plan_text(months=6))
    for _ in range(6):
        world.covered()
    run = world.preview(window_from=date(2026, 1, 1), window_to=date(2027, 12, 31))
    world.database.act(world.actor, start, run=run)
    world.database.act(world.actor, apply_chunk, run=run, size=3)
    assert apply_run(world.database, world.actor, run).changed
    assert world.view(run).renewed == 6


def test_an_open_run_is_finished_or_abandoned_before_the_next(plain: World) -> None:
    run = plain.preview()
    for window in ({}, {"window_from": date(2026, 11, 1), "window_to": date(2026, 12, 31)}):
        with pytest.raises(Refused) as refused:
            plain.preview(**window)  # type: ignore[arg-type]
        assert (refused.value.code, refused.value.say.params["run"]) == ("renewal.open_run", run)
    with pytest.raises(Refused) as refused:
        plain.database.act(plain.actor, abandon, run=run, reason=" ")
    assert refused.value.code == "renewal.reason_needed"
    plain.database.act(plain.actor, abandon, run=run, reason="日期错了")
    for verb in (lambda: apply_run(plain.database, plain.actor, run), lambda: _abandon(plain, run)):
        with pytest.raises(Refused) as refused:
            verb()
        assert refused.value.code == "renewal.not_open"
    again = plain.preview()
    assert again != run
    assert apply_run(plain.database, plain.actor, again).changed
    with pytest.raises(Refused) as refused:
        _abandon(plain, again)
    assert refused.value.code == "renewal.not_open"


def _abandon(world: World, run: str) -> None:
    world.database.act(world.actor, abandon, run=run, reason="x")


@pytest.mark.parametrize(("first", "second"), [(None, "A"), ("A", None), ("A", "A1"), ("A1", "A")])
def test_a_run_over_a_part_of_another_s_place_waits_for_it(
    plain: World, first: str | None, second: str | None
) -> None:
    run = plain.preview(organisation=first)
    with pytest.raises(Refused) as refused:
        plain.preview(organisation=second)
    assert (refused.value.code, refused.value.say.params["run"]) == ("renewal.open_run", run)


def test_runs_beside_each_other_are_both_open(plain: World) -> None:
    runs = [plain.preview(organisation=street) for street in "AB"]
    assert len(set(runs)) == 2
    for run in runs:
        assert apply_run(plain.database, plain.actor, run).changed
    assert sum(plain.view(run).renewed for run in runs) == 10


def test_after_a_run_the_next_finds_everybody_covered(plain: World) -> None:
    apply_run(plain.database, plain.actor, plain.preview())
    run = plain.preview()
    assert (plain.view(run).candidates, plain.view(run).excluded) == (10, 10)
    assert [reason.code for reason in plain.view(run).reasons] == ["already_covered"]


def test_every_step_stands_in_the_audit_trail(plain: World) -> None:
    run = plain.preview()
    apply_run(plain.database, plain.actor, run)
    with plain.database.read(plain.actor) as unit:
        (applied, previewed) = events(unit)
        assert verify(unit).ok
    assert (applied.action, applied.target) == ("renewal.apply", f"run:{run}")
    assert (previewed.facts["candidates"], previewed.facts["fen"]) == (10, 36_000)


def test_an_unknown_run_is_refused(plain: World) -> None:
    with pytest.raises(Refused) as refused:
        apply_run(plain.database, plain.actor, "XB-1999-0001")
    assert refused.value.code == "renewal.unknown_run"


@pytest.mark.parametrize("permission", ["renewal.preview", "renewal.review", "renewal.apply"])
def test_each_step_needs_its_permission(plain: World, permission: str) -> None:
    run = plain.preview(organisation="A")
    mine = replace(plain.actor, permissions=frozenset({"renewal.preview", "renewal.review", "renewal.apply"}))
    mine = replace(mine, permissions=mine.permissions - {permission})
    member = min(plain.decided(run))

    def declines() -> None:
        plain.database.act(mine, override, run=run, member_id=member, kind=Override.DECLINE, reason="x")

    verbs = {
        "renewal.preview": lambda: plain.preview(mine, organisation="B"),
        "renewal.review": declines,
        "renewal.apply": lambda: apply_run(plain.database, mine, run),
    }
    for needed, verb in verbs.items():
        if needed == permission:
            with pytest.raises(Refused) as refused:
                verb()  # type: ignore[no-untyped-call]
            assert refused.value.code == "access.not_permitted"
        else:
            verb()  # type: ignore[no-untyped-call]


def test_statements_do_not_grow_with_people(plain: World) -> None:
    """Set-based: a hundred people cost as many statements as ten (DESIGN law 14)."""

    def statements(place: str) -> int:
        seen: list[str] = []

        def count(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(plain.database.engine, "before_cursor_execute", count)
        try:
            apply_run(plain.database, plain.actor, plain.preview(organisation=place))
        finally:
            event.remove(plain.database.engine, "before_cursor_execute", count)
        return len(seen)

    few = statements("A")
    plain.many(120, "B1", "B2")
    plain.many(30, "B1", "B2", status=Status.RETIRED)
    assert plain.view(plain.preview(organisation="B")).candidates == 154
    with plain.database.read(plain.actor) as unit:
        open_run = queries.runs(unit)[0].number
    _abandon(plain, open_run)
    assert statements("B") == few


def test_the_window_is_about_the_last_day(plain: World) -> None:
    early, late = plain.person(), plain.person()
    plain.cover(early, ends=date(2026, 11, 29))
    plain.cover(late, ends=date(2026, 12, 1))
    assert {early, late}.isdisjoint(plain.decided(plain.preview(at=ENDS)))
