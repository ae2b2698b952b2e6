"""A street's run and the district's (按街道续保): who belongs to it, and who may touch it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from benefits.access.models import Role
from benefits.access.queries import actor_for
from benefits.access.service import add_user
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.renewal import queries
from benefits.renewal.batch import apply_run
from benefits.renewal.models import Verdict
from benefits.renewal.service import abandon
from tests.renewal.factory import World

DAY = timedelta(days=1)


def test_a_move_inside_the_district_goes_on_at_the_new_unit(plain: World) -> None:
    member = plain.person("B2")
    plain.cover(member, "A1")
    run = plain.preview()
    row = plain.row(run, member)
    assert (row.verdict, row.organisation) == (Verdict.RENEW, "B2工会")
    assert plain.view(run).candidates == 1


def test_a_street_s_run_says_who_moved_out_and_takes_who_moved_in(plain: World) -> None:
    away, here = plain.person("B2"), plain.person("A2")
    plain.cover(away, "A1")
    plain.cover(here, "B1")
    stranger = plain.covered("B1")
    run = plain.preview(organisation="A")
    assert plain.decided(run) == {away, here}
    assert plain.reasons(run, away) == ["transferred_out"]
    assert plain.row(run, away).organisation == "A1工会"
    assert (plain.row(run, here).verdict, plain.row(run, here).organisation) == (Verdict.RENEW, "A2工会")
    assert stranger not in plain.decided(run)


def _street_clerk(world: World, street: str) -> Actor:
    world.database.act(
        world.actor,
        add_user,
        login=street,
        name="李娜",
        role=Role.CLERK,
        organisation_id=world.places[street],
    )
    return actor_for(world.database, street)


def test_a_street_s_run_is_the_same_whoever_makes_it(plain: World) -> None:
    """The street's clerk decides about the same people, with the same reasons, as the district would; each
    may apply the other's run."""

    moved, gone, stays, came = plain.person("B2"), plain.person(None), plain.covered("A2"), plain.person("A1")
    plain.cover(moved, "A1")
    plain.cover(gone, "A1")
    plain.cover(came, "B1", continuous_since=date(2015, 12, 1))
    clerk = _street_clerk(plain, "A")

    def seen(actor: Actor, run: str) -> list[tuple[object, ...]]:
        with plain.database.read(actor) as unit:
            rows = queries.decisions(unit, run)
            assert len(rows) == queries.view(unit, run).candidates == queries.count_decisions(unit, run)
        return [(row.member_id, row.organisation, row.verdict, row.reasons, row.name) for row in rows]

    by_district = plain.preview(organisation="A")
    expected = seen(plain.actor, by_district)
    assert [row[0] for row in expected] == sorted([moved, gone, stays, came])
    assert seen(clerk, by_district) == expected
    plain.database.act(plain.actor, abandon, run=by_district, reason="试")
    by_clerk = plain.preview(clerk)
    assert seen(clerk, by_clerk) == expected == seen(plain.actor, by_clerk)
    assert apply_run(plain.database, plain.actor, by_clerk).changed
    assert plain.terms(came)[-1].continuous_since == date(2015, 12, 1)


def test_the_district_s_run_applied_by_the_street_s_clerk(plain: World) -> None:

    moved, came = plain.person("B2"), plain.person("A1")
    plain.cover(moved, "A1")
    plain.cover(came, "B1", continuous_since=date(2015, 12, 1))
    run = plain.preview(organisation="A")
    assert apply_run(plain.database, _street_clerk(plain, "A"), run).changed
    assert plain.terms(came)[-1].continuous_since == date(2015, 12, 1)
    assert len(plain.terms(moved)) == 1


def test_a_clerk_of_another_street_cannot_touch_the_run(plain: World) -> None:

    plain.covered()
    run = plain.preview(organisation="A")
    for actor in (_street_clerk(plain, "B"), replace(_street_clerk(plain, "A"), permissions=frozenset())):
        with pytest.raises(Refused) as refused:
            apply_run(plain.database, actor, run)
        assert refused.value.code in ("renewal.unknown_run", "access.not_permitted")
    assert plain.state(run) == "previewed"
