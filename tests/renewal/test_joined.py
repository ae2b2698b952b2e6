"""Who has joined at a unit (参保人数): the run's own people, and those whose cover goes on beyond it."""

from datetime import date, timedelta
from typing import Any

import pytest

from benefits.enrollment.models import EnrollmentState
from benefits.renewal.batch import apply_run
from benefits.renewal.models import Override
from benefits.renewal.service import override
from tests.renewal.factory import IN_POST, STARTS, WOMEN_CLASS, World, plan_text

HALF = '[participation]\nbasis = "staff"\nratio = 0.50\nall_in_below = 3\n'
LONG = {"starts": date(2026, 7, 1), "ends": date(2027, 6, 30), "continuous_since": date(2026, 7, 1)}


def _held(world: World, people: int, **cover: Any) -> list[int]:
    """So many of the unit's people with cover at it that does not expire in the run's window."""
    return world.many(people, "U", cover=LONG | cover)


def _world(world: World, staff: int, *rules: str) -> None:
    world.publish(plan_text(IN_POST, HALF, *rules))
    world.place("U", "A", staff=staff)


def test_whose_cover_goes_on_beyond_the_window_has_joined(world: World) -> None:
    """Ten staff, five must join: two are renewed in November, three hold cover until June."""
    _world(world, 10)
    world.many(2, "U")
    _held(world, 3)
    run = world.preview()
    unit = world.units(run)["U"]
    assert (unit.joined, unit.participation.value) == (5, "met")
    assert (world.view(run).candidates, world.view(run).renewed) == (2, 2)
    apply_run(world.database, world.actor, run)
    assert (world.units(run)["U"].joined, world.view(run).fen) == (5, 7200)


def test_the_later_run_counts_those_renewed_by_the_earlier_one(world: World) -> None:
    _world(world, 10)
    world.many(2, "U")
    _held(world, 3)
    apply_run(world.database, world.actor, world.preview())
    run = world.preview(at=date(2027, 6, 30))
    assert (world.units(run)["U"].joined, world.view(run).renewed) == (5, 3)


@pytest.mark.parametrize(
    "cover",
    [
        {"state": EnrollmentState.VOID},
        {"starts": STARTS + timedelta(days=365), "ends": date(2028, 11, 30)},
        {"starts": date(2025, 12, 29), "ends": date(2026, 11, 29)},
    ],
)
def test_what_is_no_cover_in_the_new_term_does_not_count(world: World, cover: dict[str, Any]) -> None:
    _world(world, 10)
    world.many(4, "U")
    _held(world, 1, **cover)
    unit = world.units(world.preview())["U"]
    assert (unit.joined, unit.participation.value) == (4, "below")


def test_cover_on_the_last_day_of_the_new_term_counts(world: World) -> None:
    _world(world, 10)
    world.many(4, "U")
    _held(world, 1, starts=date(2027, 11, 30), ends=date(2028, 11, 29))
    assert world.units(world.preview())["U"].joined == 5


def test_a_person_with_two_terms_or_a_decision_counts_once(world: World) -> None:
    _world(world, 12)
    world.many(3, "U")
    (twice,) = _held(world, 1)
    world.cover(twice, "U", starts=date(2027, 7, 1), ends=date(2028, 6, 30))
    candidate = world.covered("U")
    world.cover(candidate, "U", starts=date(2027, 3, 1), ends=date(2028, 2, 28))
    run = world.preview()
    assert world.reasons(run, candidate) == ["already_covered", "unit_below_ratio"]
    assert (world.units(run)["U"].joined, world.units(run)["U"].participation.value) == (5, "below")


def test_cover_paid_by_another_unit_is_that_unit_s(world: World) -> None:
    _world(world, 10)
    world.many(4, "U")
    elsewhere = world.person("U")
    world.cover(elsewhere, "A1", ends=date(2027, 6, 30))
    assert world.units(world.preview())["U"].joined == 4


def test_one_who_declines_is_taken_off_and_the_others_stay(world: World) -> None:
    _world(world, 10)
    members = world.many(3, "U")
    _held(world, 3)
    run = world.preview()
    assert world.units(run)["U"].joined == 6
    for member in members[:2]:
        world.database.act(
            world.actor, override, run=run, member_id=member, kind=Override.DECLINE, reason="本人放弃"
        )
    unit = world.units(run)["U"]
    assert (unit.joined, unit.participation.value) == (4, "below")


def test_the_class_does_not_count_its_covered_people_twice(world: World) -> None:
    _world(world, 10, WOMEN_CLASS)
    world.many(2, "U")
    _held(world, 3)
    run = world.preview(with_class=True)
    assert world.view(run).candidates == 5
    assert (world.units(run)["U"].joined, world.units(run)["U"].participation.value) == (5, "met")
