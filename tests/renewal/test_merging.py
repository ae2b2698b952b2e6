"""Two records become one while runs are about: decisions and terms go over, sums stay, a half-applied run
waits."""

from typing import Any

import pytest

from benefits.kernel.errors import Refused
from benefits.members.service_merge import merge
from benefits.renewal.apply import apply_chunk, start
from benefits.renewal.batch import apply_run
from benefits.verify import verify
from tests.renewal.factory import World, contents


def _merge(world: World, survivor: int, other: int) -> Any:
    return world.database.act(
        world.actor, merge, survivor_id=survivor, other_id=other, reason="同一人，重复登记"
    )


def _blocked(world: World, survivor: int, other: int) -> list[str]:
    before = contents(world.database)
    with pytest.raises(Refused) as refused:
        _merge(world, survivor, other)
    assert refused.value.code == "members.merge_blocked"
    assert contents(world.database) == before
    return [problem.code for problem in refused.value.problems]


def _holds(world: World) -> None:
    with world.database.read(world.actor) as unit:
        assert [found.code for found in verify(unit) if not found.ok] == []


def test_an_open_run_goes_on_with_the_survivor(plain: World) -> None:
    survivor, other = plain.person("A1"), plain.covered("A1")
    run = plain.preview()
    done = _merge(plain, survivor, other)
    assert (done.moved["enrollment"], done.moved["decisions"]) == (1, 1)
    assert plain.decided(run) == {survivor}
    _holds(plain)
    assert apply_run(plain.database, plain.actor, run).changed
    assert len(plain.terms(survivor)) == 2 and plain.terms(other) == []
    assert plain.view(run).renewed == 1
    _holds(plain)


def test_a_survivor_of_another_unit_is_told_before_the_run_is_applied(plain: World) -> None:
    survivor, other = plain.person("B1"), plain.covered("A1")
    run = plain.preview()
    _merge(plain, survivor, other)
    with pytest.raises(Refused) as refused:
        apply_run(plain.database, plain.actor, run)
    assert refused.value.code == "renewal.drift"
    assert [problem.row for problem in refused.value.problems] == [survivor]


def test_an_applied_run_stays_what_it_is(plain: World) -> None:
    survivor, other = plain.person("A1"), plain.covered("A1")
    run = plain.preview()
    apply_run(plain.database, plain.actor, run)
    before = plain.view(run)
    done = _merge(plain, survivor, other)
    assert (done.moved["enrollment"], done.moved["decisions"]) == (2, 1)
    assert plain.view(run) == before
    assert plain.row(run, survivor).member_id == survivor
    _holds(plain)


def test_a_run_that_decided_about_both_is_in_the_way(plain: World) -> None:
    survivor, other = plain.covered("A1"), plain.covered("A2")
    plain.preview()
    assert _blocked(plain, survivor, other) == ["enrollment.merge_overlap", "renewal.merge_both"]


def test_a_run_that_is_half_applied_is_waited_for(plain: World) -> None:
    """The survivor's number lies before the first chunk's end: the term would never be written."""
    survivor = plain.person("A1")
    people = plain.many(2, "A1")
    run = plain.preview()
    plain.database.act(plain.actor, start, run=run)
    plain.database.act(plain.actor, apply_chunk, run=run, size=1)
    assert _blocked(plain, survivor, people[1]) == ["renewal.merge_applying"]
    apply_run(plain.database, plain.actor, run)
    _merge(plain, survivor, people[1])
    _holds(plain)
