"""People whom the plan pays for as a class (按类新增): who is a new one, and who belongs elsewhere."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from benefits.contributions.models import Due
from benefits.enrollment.models import EnrollmentState
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.members.models import Status
from benefits.organisations.models import Organisation
from benefits.renewal.batch import apply_run
from benefits.renewal.models import Override, Verdict
from benefits.renewal.service import override
from benefits.verify import verify
from tests.renewal.factory import AGE, ENDS, IN_POST, STARTS, WAITING, WOMEN, WOMEN_CLASS, World, plan_text

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
UNKNOWN_GRACE = WAITING.replace("grace_days = 30", 'grace_days = "待核实"')


def _class(world: World, *rules: str, waiting: str = WAITING, **more: Any) -> None:
    world.publish(plan_text(WOMEN, AGE, IN_POST, *rules, WOMEN_CLASS, waiting=waiting, **more))


def _expired(world: World, ends: date, **facts: Any) -> int:
    member = world.person()
    world.cover(member, ends=ends, **facts)
    return member


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, ["own_window"]), (-30, ["own_window"]), (-31, []), (-300, [])]
)
def test_whoever_is_within_grace_is_not_a_new_one(world: World, days: int, expected: list[str]) -> None:
    """A window with the day in it renews without a gap and without waiting (DOMAIN 0.4); beyond grace, a
    person joins for the first time."""
    _class(world)
    world.covered()
    member = _expired(world, TODAY + days * DAY)
    run = world.preview(with_class=True)
    assert world.reasons(run, member) == expected
    assert world.row(run, member).verdict is (Verdict.EXCLUDE if expected else Verdict.ADD)
    apply_run(world.database, world.actor, run)
    assert len(world.terms(member)) == (1 if expected else 2)


@pytest.mark.parametrize(("days", "expected"), [(-31, ["own_window"]), (-366, ["own_window"]), (-367, [])])
def test_an_unknown_grace_calls_nobody_lapsed_within_a_year(
    world: World, days: int, expected: list[str]
) -> None:
    _class(world, waiting=UNKNOWN_GRACE)
    world.covered()
    member = _expired(world, TODAY + days * DAY)
    assert world.reasons(world.preview(with_class=True), member) == expected


def test_a_grace_that_the_clerk_records_is_the_grace(world: World) -> None:
    _class(world, waiting=UNKNOWN_GRACE)
    world.covered()
    inside, outside = _expired(world, TODAY - 10 * DAY), _expired(world, TODAY - 11 * DAY)
    run = world.preview(with_class=True, grace_days=10, grace_reason="电话")
    assert [world.reasons(run, member) for member in (inside, outside)] == [["own_window"], []]


def test_a_term_between_today_and_the_window_has_its_own_window(world: World) -> None:
    _class(world)
    world.covered()
    member = _expired(world, ENDS - DAY)
    run = world.preview(with_class=True)
    assert world.reasons(run, member) == ["own_window"]
    apply_run(world.database, world.actor, run)
    other = world.preview(at=ENDS - DAY)
    apply_run(world.database, world.actor, other)
    new = world.terms(member)[-1]
    assert (new.starts, new.waiting_until, new.continuous_since) == (
        ENDS,
        None,
        world.terms(member)[0].starts,
    )


def test_whoever_goes_on_already_or_holds_a_void_term_has_no_other_window(world: World) -> None:
    _class(world)
    world.covered()
    follows = _expired(world, TODAY - DAY)
    world.cover(follows, starts=TODAY, ends=date(2027, 11, 19))
    void = _expired(world, TODAY - DAY, state=EnrollmentState.VOID)
    run = world.preview(with_class=True)
    assert [world.reasons(run, member) for member in (follows, void)] == [["already_covered"], []]


def test_nobody_is_billed_to_a_closed_unit(world: World) -> None:
    """A unit's last day before the new term leaves its people out; on the first day of the term it is still
    there."""
    _class(world)
    gone, last, new = world.covered("A1"), world.covered("A2"), world.person("A1")
    world.change(Organisation, world.places["A1"], closed=ENDS)
    world.change(Organisation, world.places["A2"], closed=STARTS)
    run = world.preview(with_class=True)
    assert [world.reasons(run, member) for member in (gone, last, new)] == [
        ["unit_closed"],
        [],
        ["unit_closed"],
    ]
    with pytest.raises(Refused) as refused:
        world.database.act(
            world.actor, override, run=run, member_id=gone, kind=Override.INCLUDE, reason="求情"
        )
    assert refused.value.code == "renewal.cannot_include"


def test_a_unit_that_closes_after_the_preview_is_drift(world: World) -> None:
    _class(world)
    world.covered("A1")
    run = world.preview()
    world.change(Organisation, world.places["A1"], closed=ENDS)
    with pytest.raises(Refused) as refused:
        apply_run(world.database, world.actor, run)
    assert refused.value.code == "renewal.drift"


def test_not_knowing_is_not_a_no_for_the_class(world: World) -> None:
    """Whoever may belong to the class is told as lacking a fact, though no rule of the plan asks for it."""
    world.publish(plan_text(WOMEN_CLASS))
    had, new = world.covered(), world.person()
    sexless, statusless = world.person(sex=None), world.person(status=None)
    man, retired = world.person(sex=Sex.MALE, status=None), world.person(sex=None, status=Status.RETIRED)
    run = world.preview(with_class=True)
    assert world.decided(run) == {had, new, sexless, statusless} and {man, retired}.isdisjoint(
        world.decided(run)
    )
    found = [world.reasons(run, member) for member in (had, new, sexless, statusless)]
    assert found == [[], [], ["data_missing"], ["data_missing"]]
    assert "在职女会员" in world.row(run, sexless).reasons[0][1]
    assert world.row(run, sexless).verdict is Verdict.EXCLUDE
    apply_run(world.database, world.actor, run)
    assert [len(world.terms(member)) for member in (had, new, sexless, statusless)] == [2, 1, 0, 0]


def test_new_people_start_with_the_anniversary_of_their_unit(world: World) -> None:
    _class(world)
    later = date(2026, 12, 14)
    world.covered("A1")
    for place, ends in (("A1", later), ("A2", later), ("B1", ENDS)):
        world.cover(world.person(place), place, ends=ends)
    new = {place: world.person(place) for place in ("A1", "A2", "B1", "B2")}
    run = world.preview(with_class=True, window_from=ENDS, window_to=later)
    starts = {place: world.row(run, member).starts for place, member in new.items()}
    assert starts == {"A1": STARTS, "A2": later + DAY, "B1": STARTS, "B2": STARTS}
    apply_run(world.database, world.actor, run)
    (term,) = world.terms(new["A2"])
    assert (term.starts, term.waiting_until) == (later + DAY, later + 30 * DAY)
    assert world.view(run).added == 4


def test_no_new_term_begins_before_the_day_after_the_run(world: World) -> None:
    _class(world)
    for place, ends in (("A1", TODAY - 9 * DAY), ("A2", TODAY - 3 * DAY), ("B1", ENDS)):
        world.cover(world.person(place), place, ends=ends)
    new = {place: world.person(place) for place in ("A1", "A2", "B1", "B2")}
    run = world.preview(with_class=True, window_from=TODAY - 10 * DAY, window_to=ENDS)
    starts = {place: world.row(run, member).starts for place, member in new.items()}
    assert starts == {"A1": TODAY + DAY, "A2": TODAY + DAY, "B1": STARTS, "B2": TODAY + DAY}
    assert apply_run(world.database, world.actor, run).changed


def test_a_street_run_adds_by_the_anniversaries_of_its_units(world: World) -> None:
    _class(world)
    later = date(2026, 12, 14)
    for place, ends in (("A1", ENDS), ("A2", later), ("B1", later)):
        world.cover(world.person(place), place, ends=ends)
    mine, other = world.person("A2"), world.person("B1")
    run = world.preview(with_class=True, window_from=ENDS, window_to=later, organisation="A")
    assert other not in world.decided(run)
    assert world.row(run, mine).starts == later + DAY


def test_the_class_joins_the_successor_of_a_plan_that_has_ended(world: World) -> None:
    _class(world, head='ended = 2026-11-30\nsuccessor = "next"')
    _class(world, code="next", fee="per_share_fen = 5000", effective=STARTS)
    had, new = world.covered(), world.person()
    run = world.preview(with_class=True)
    assert [world.row(run, member).verdict for member in (had, new)] == [Verdict.RENEW, Verdict.ADD]
    apply_run(world.database, world.actor, run)
    assert [term.fen for member in (had, new) for term in world.terms(member, "next")] == [5000, 5000]
    with world.database.read(world.actor) as unit:
        dues = [(due.plan_id, due.people) for due in unit.exec(select(Due))]
        assert [result for result in verify(unit) if not result.ok] == []
    assert dues == [(world.editions["next"][0], 2)]


def test_dues_of_a_plan_and_its_successor_stand_apart(world: World) -> None:
    """One unit, one payer, two anniversaries: the first still under the plan that ends, the second under the
    next."""
    world.publish(plan_text(head='ended = 2026-12-31\nsuccessor = "next"'))
    world.publish(plan_text(code="next", fee="per_share_fen = 5000", effective=date(2027, 1, 1)))
    for ends in (ENDS, date(2026, 12, 31), date(2026, 12, 31)):
        world.cover(world.person("A1"), "A1", ends=ends)
    run = world.preview(window_from=ENDS, window_to=date(2026, 12, 31))
    apply_run(world.database, world.actor, run)
    with world.database.read(world.actor) as unit:
        dues = {due.plan_id: (due.people, due.fen) for due in unit.exec(select(Due))}
        assert [result for result in verify(unit) if not result.ok] == []
    assert dues == {world.editions["t"][0]: (1, 3600), world.editions["next"][0]: (2, 10_000)}


def test_nobody_joins_a_plan_that_has_ended(world: World) -> None:
    _class(world, head="ended = 2026-11-30")
    world.covered()
    with pytest.raises(Refused) as refused:
        world.preview(with_class=True)
    assert refused.value.code == "plans.no_edition"


def test_a_first_term_after_the_end_is_the_successor_s(world: World) -> None:
    """Beyond grace the term begins after the plan has ended, though the prior one ended before."""
    world.publish(plan_text(head='ended = 2026-11-10\nsuccessor = "next"'))
    world.publish(plan_text(code="next", fee="per_share_fen = 5000", effective=date(2026, 11, 11)))
    member = _expired(world, TODAY - 40 * DAY)
    row = world.row(world.preview(at=TODAY - 40 * DAY), member)
    assert (row.starts, row.fen, row.reasons) == (TODAY + DAY, 5000, ())
