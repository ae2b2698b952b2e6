"""Units against the edition's group rule (参保率), and what a clerk's word over one person does to them."""

import pytest

from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.members.models import Member, Status
from benefits.renewal.batch import apply_run
from benefits.renewal.models import Override, UnitState, Verdict
from benefits.renewal.service import abandon, confirm, override, review_unit
from tests.renewal.factory import IN_POST, WOMEN, World, plan_text


def _rule(basis: str, ratio: str, all_in: str) -> str:
    return f"[participation]\nbasis = {basis}\nratio = {ratio}\nall_in_below = {all_in}\n"


HALF = _rule('"staff"', "0.50", "30")


def _unit(world: World, staff: int | None, joined: int, others: int = 0) -> str:
    """A unit with so many staff, of whom some were covered and stay, and some were and are retired now."""
    world.place("U", "A", staff=staff)
    world.many(joined, "U")
    world.many(others, "U", status=Status.RETIRED)
    return "U"


@pytest.mark.parametrize(
    ("staff", "joined", "expected"),
    [
        (29, 28, "below"),
        (29, 29, "met"),
        (30, 14, "below"),
        (30, 15, "met"),
        (31, 15, "below"),
        (31, 16, "met"),
        (None, 1, "unknown"),
        (0, 1, "met"),
    ],
)
def test_at_least_half_and_all_below_thirty(
    world: World, staff: int | None, joined: int, expected: str
) -> None:
    world.publish(plan_text(IN_POST, HALF))
    run = (_unit(world, staff, joined), world.preview())[1]
    unit = world.units(run)["U"]
    assert (unit.participation.value, unit.basis, unit.joined) == (expected, staff, joined)
    view = world.view(run)
    if expected == "below":
        assert (view.renewed, view.excluded, view.fen) == (0, joined, 0)
        assert [reason.code for reason in view.reasons] == ["unit_below_ratio"]
    else:
        assert (view.renewed, view.excluded, view.fen) == (joined, 0, 3600 * joined)


def test_women_in_post_are_the_basis(world: World) -> None:
    world.publish(plan_text(WOMEN, IN_POST, _rule('"women"', "0.80", "2")))
    with world.batch():
        covered = [world.covered("A1") for _ in range(4)]
        world.person("A1")
        world.person("A1", sex=Sex.MALE)
        world.person("A1", status=Status.RETIRED)
    run = world.preview()
    unit = world.units(run)["A1"]
    assert (unit.participation.value, unit.basis, unit.joined) == ("met", 5, 4)
    world.database.act(world.actor, abandon, run=run, reason="重做")
    with world.batch():
        world.change(Member, covered[0], status=Status.RETIRED)
        world.person("A1")
    other = world.preview(organisation="A")
    unit = world.units(other)["A1"]
    assert (unit.participation.value, unit.basis, unit.joined) == ("below", 5, 3)
    assert world.reasons(other, covered[0]) == ["retired", "unit_below_ratio"]


def test_a_unit_without_any_woman_in_post_has_a_basis_of_none(world: World) -> None:
    world.publish(plan_text(_rule('"women"', "0.80", "2")))
    world.covered("A1", status=Status.RETIRED)
    unit = world.units(world.preview())["A1"]
    assert (unit.basis, unit.participation.value) == (0, "met")


def test_an_unknown_rule_is_reported_and_never_enforced(world: World) -> None:
    world.publish(plan_text(_rule('"待核实"', '"待核实"', '"待核实"')))
    world.place("U", "A", staff=1000)
    world.covered("U")
    run = world.preview()
    assert world.units(run)["U"].participation.value == "unknown"
    assert world.view(run).renewed == 1


def test_whoever_is_covered_already_has_joined(world: World) -> None:
    from tests.renewal.factory import STARTS

    world.publish(plan_text(IN_POST, HALF))
    world.place("U", "A", staff=2)
    taken, other = world.covered("U"), world.covered("U")
    world.cover(taken, "U", starts=STARTS, ends=STARTS.replace(year=2027))
    run = world.preview()
    assert (world.units(run)["U"].joined, world.units(run)["U"].participation.value) == (2, "met")
    assert (world.reasons(run, taken), world.reasons(run, other)) == (["already_covered"], [])


def _sums(world: World, run: str) -> tuple[int, int, int, int]:
    view = world.view(run)
    return view.renewed, view.excluded, view.declined, view.fen


def test_one_who_declines_may_take_the_unit_below(world: World) -> None:
    """Thirty staff, fifteen join: one declines and the plan is not taken by the unit at all; she takes it
    back and all is as before."""
    world.publish(plan_text(IN_POST, HALF))
    _unit(world, 30, 15)
    other = world.covered("A2")
    run = world.preview()
    member = min(world.decided(run))
    assert _sums(world, run) == (16, 0, 0, 16 * 3600)
    world.database.act(
        world.actor, override, run=run, member_id=member, kind=Override.DECLINE, reason="本人放弃"
    )
    assert _sums(world, run) == (1, 14, 1, 3600)
    assert world.units(run)["U"].participation.value == "below"
    row = world.row(run, member)
    assert (row.verdict, row.override_by, row.override_reason) == (
        Verdict.DECLINE,
        world.actor.login,
        "本人放弃",
    )
    assert world.reasons(run, other) == []
    world.database.act(world.actor, override, run=run, member_id=member, kind=None)
    assert _sums(world, run) == (16, 0, 0, 16 * 3600)
    row = world.row(run, member)
    assert (row.verdict, row.override_by, row.override_reason) == (Verdict.RENEW, None, None)


def test_one_who_is_included_may_lift_the_unit(world: World) -> None:
    world.publish(plan_text(IN_POST, HALF))
    _unit(world, 30, 14, others=1)
    run = world.preview()
    member = max(world.decided(run))
    assert world.reasons(run, member) == ["retired", "unit_below_ratio"]
    world.database.act(world.actor, override, run=run, member_id=member, kind=Override.INCLUDE, reason="返聘")
    assert _sums(world, run) == (15, 0, 0, 15 * 3600)
    assert (world.row(run, member).verdict, world.reasons(run, member)) == (Verdict.RENEW, ["retired"])
    apply_run(world.database, world.actor, run)
    assert len(world.terms(member)) == 2


@pytest.mark.parametrize("said", [UnitState.PENDING, UnitState.CONFIRMED, UnitState.NOT_SUBMITTED])
def test_what_was_said_of_a_list_stays_said_unless_it_was_of_another_list(
    world: World, said: UnitState
) -> None:
    world.publish(plan_text(IN_POST, HALF))
    _unit(world, 10, 10)
    run = world.preview()
    world.database.act(world.actor, review_unit, run=run, organisation_id=world.places["U"], state=said)
    member = min(world.decided(run))
    world.database.act(world.actor, override, run=run, member_id=member, kind=Override.DECLINE, reason="x")
    again = {UnitState.CONFIRMED: UnitState.PENDING}  # the list is another one now
    assert world.units(run)["U"].state is again.get(said, said)
    assert world.view(run).candidates == 10


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"status": Status.DECEASED}, "deceased"),
        ({"place": None}, "not_a_member"),
    ],
)
def test_some_reasons_cannot_be_set_aside(world: World, facts: dict[str, object], code: str) -> None:
    world.publish(plan_text(IN_POST))
    member = world.person(**({"place": "A1"} | facts))  # type: ignore[arg-type]
    world.cover(member)
    run = world.preview()
    before = _sums(world, run)
    with pytest.raises(Refused) as refused:
        world.database.act(
            world.actor, override, run=run, member_id=member, kind=Override.INCLUDE, reason="求情"
        )
    assert refused.value.code == "renewal.cannot_include"
    assert [problem.code for problem in refused.value.problems] == [code]
    assert _sums(world, run) == before


def test_a_word_over_the_rules_needs_a_reason_and_a_person(world: World) -> None:
    world.publish(plan_text())
    member = world.covered()
    run = world.preview()
    with pytest.raises(Refused) as refused:
        world.database.act(
            world.actor, override, run=run, member_id=member, kind=Override.DECLINE, reason="  "
        )
    assert refused.value.code == "renewal.reason_needed"
    with pytest.raises(Refused) as refused:
        world.database.act(world.actor, override, run=run, member_id=999, kind=Override.DECLINE, reason="x")
    assert refused.value.code == "renewal.unknown_person"
    with pytest.raises(Refused) as refused:
        world.database.act(
            world.actor, review_unit, run=run, organisation_id=world.places["B2"], state=UnitState.CONFIRMED
        )
    assert refused.value.code == "renewal.unknown_unit"


def test_a_change_after_the_review_starts_it_anew(world: World) -> None:
    world.publish(plan_text())
    member = world.covered()
    run = world.preview()
    assert world.database.act(world.actor, confirm, run=run) == 1
    assert world.state(run) == "reviewed"
    world.database.act(world.actor, override, run=run, member_id=member, kind=Override.DECLINE, reason="x")
    assert world.state(run) == "previewed"


def test_nothing_changes_in_a_run_that_is_applied(world: World) -> None:
    world.publish(plan_text())
    member = world.covered()
    run = world.preview()
    apply_run(world.database, world.actor, run)
    with pytest.raises(Refused) as refused:
        world.database.act(
            world.actor, override, run=run, member_id=member, kind=Override.DECLINE, reason="x"
        )
    assert refused.value.code == "renewal.not_open"
