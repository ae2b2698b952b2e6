"""The scope holds for every shape of an ORM statement, and few may go past it."""

import ast
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from benefits.enrollment.models import Enrollment
from benefits.kernel.actions import Actor, action
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database, ReadUnit, WriteUnit
from benefits.members.models import Member, Membership
from benefits.organisations.models import Organisation
from tests.architecture.code import modules
from tests.renewal.factory import World, plan_text

BEYOND = {
    "benefits/access/clerks.py",
    "benefits/enrollment/pending.py",
    "benefits/enrollment/service.py",
    "benefits/kits/closing.py",
    "benefits/kits/dataset.py",
    "benefits/kits/queries_campaigns.py",
    "benefits/kits/service_campaign.py",
    "benefits/kits/listing.py",
    "benefits/kits/roster.py",
    "benefits/kits/roster_limit.py",
    "benefits/kits/counter.py",
    "benefits/kits/allowance.py",
    "benefits/kits/service_group.py",
    "benefits/kits/service_handout.py",
    "benefits/kits/service_package.py",
    "benefits/members/branches.py",
    "benefits/members/keys.py",
    "benefits/members/membership.py",
    "benefits/members/quality.py",
    "benefits/members/quality_people.py",
    "benefits/members/search.py",
    "benefits/members/search_walk.py",  # keys only; whoever is found is read through the scope
    "benefits/members/service_identifiers.py",
    "benefits/members/service_merge.py",
    "benefits/renewal/apply.py",
    "benefits/renewal/queries.py",
    "benefits/renewal/report.py",
    "benefits/renewal/service.py",
    "benefits/rosters/blocking.py",
    "benefits/rosters/finding_people.py",
    "benefits/rosters/kinds/enrollments_judge.py",
    "benefits/rosters/kinds/members_judge.py",
    "benefits/rosters/kinds/members_settle.py",
    "benefits/rosters/kinds/members_write.py",
    "benefits/rosters/kinds/organisations_judge.py",
}
"""Each goes to rows of a run or of a person that was read through the scope before."""


@pytest.fixture
def towns(world: World) -> tuple[World, Actor, int, int]:
    """A person with cover in each street, and the clerk of street A."""
    world.publish(plan_text())
    mine, other = world.covered("A1"), world.covered("B1")
    clerk = Actor("li", "李娜", frozenset({"*"}), f"/{world.places['D']}/{world.places['A']}/")
    return world, clerk, mine, other


@pytest.fixture
def world(database: Database, root: Actor) -> World:
    return World(database, root)


def _gets(unit: ReadUnit, member: int) -> bool:
    return unit.session.get(Member, member) is not None


def _joined(unit: ReadUnit, member: int) -> bool:
    query = select(Organisation.name).join(Member, col(Member.organisation_id) == col(Organisation.id))
    return unit.exec(query.where(col(Member.id) == member)).first() is not None


def _joined_from_afar(unit: ReadUnit, member: int) -> bool:
    query = select(Member.name).join(Enrollment, col(Enrollment.member_id) == col(Member.id), isouter=True)
    return unit.exec(query.where(col(Enrollment.member_id) == member)).first() is not None


def _joined_as_another(unit: ReadUnit, member: int) -> bool:
    one, other = aliased(Member), aliased(Member)
    query = select(one.id, other.id).join(other, col(other.name) == col(one.name))
    return unit.exec(query.where(col(other.id) == member)).first() is not None


def _joined_to_itself(unit: ReadUnit, member: int) -> bool:
    other = aliased(Enrollment)
    query = select(Enrollment.id, other.id).join(other, col(other.plan_id) == col(Enrollment.plan_id))
    return unit.exec(query.where(col(other.member_id) == member)).first() is not None


def _in_a_subquery(unit: ReadUnit, member: int) -> bool:
    inner = select(Member.id, Member.name).where(col(Member.id) == member).subquery()
    return unit.exec(select(inner.c.name)).first() is not None


def _exists(unit: ReadUnit, member: int) -> bool:
    return bool(unit.exec(select(exists().where(col(Member.id) == member))).one())


def _counted(unit: ReadUnit, member: int) -> bool:
    query = select(func.count()).select_from(Enrollment).where(col(Enrollment.member_id) == member)
    return unit.exec(query).one() > 0


def _in_a_union(unit: ReadUnit, member: int) -> bool:
    one = select(col(Member.id)).where(col(Member.id) == member)
    two = select(col(Membership.member_id)).where(col(Membership.member_id) == member)
    return unit.session.execute(one.union(two)).first() is not None


def _in_a_cte(unit: ReadUnit, member: int) -> bool:
    found = select(col(Member.id).label("id")).where(col(Member.id) == member).cte("found")
    return unit.session.execute(select(found.c.id)).first() is not None


SHAPES = (
    _gets,
    _joined,
    _joined_from_afar,
    _joined_as_another,
    _joined_to_itself,
    _in_a_subquery,
    _exists,
    _counted,
    _in_a_union,
    _in_a_cte,
)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_of_a_statement_shows_another_street(
    towns: tuple[World, Actor, int, int], shape: Callable[[ReadUnit, int], bool]
) -> None:
    world, clerk, mine, other = towns
    with world.database.read(clerk) as unit:
        assert (shape(unit, mine), shape(unit, other)) == (True, False)
    with world.database.read(world.actor) as unit:
        assert (shape(unit, mine), shape(unit, other)) == (True, True)


def test_beyond_the_scope_is_inside_the_with_only(towns: tuple[World, Actor, int, int]) -> None:
    world, clerk, mine, other = towns
    with world.database.read(clerk) as unit:
        with unit.beyond_scope():
            assert _counted(unit, other) and _in_a_subquery(unit, other)
        assert not _counted(unit, other) and _counted(unit, mine)
        with pytest.raises(Refused), unit.beyond_scope():
            raise Refused("renewal.nobody")
        assert not _in_a_subquery(unit, other)


@action("members.rename_all", permission="member.edit")
def rename_all(unit: WriteUnit) -> None:
    """Rename everybody that can be seen, object by object."""
    for person in unit.exec(select(Member)):
        person.name = "改"


def test_objects_of_another_street_are_not_changed(towns: tuple[World, Actor, int, int]) -> None:
    world, clerk, mine, other = towns
    world.database.act(clerk, rename_all)
    with world.database.read(world.actor) as unit:
        names: Any = dict(unit.exec(select(col(Member.id), col(Member.name))).all())
    assert (names[mine], names[other]) == ("改", "王敏")


def test_who_went_past_the_scope_first_comes_back_last(towns: tuple[World, Actor, int, int]) -> None:
    world, clerk, mine, other = towns
    people = select(col(Member.id)).order_by(col(Member.id))
    with world.database.read(clerk) as unit:
        with unit.beyond_scope():
            with unit.beyond_scope():
                assert list(unit.exec(people)) == [mine, other]
            assert list(unit.exec(people)) == [mine, other]
        assert list(unit.exec(people)) == [mine]


def test_few_go_past_the_scope() -> None:
    """``beyond_scope`` is for batches whose own document says which rows; whoever wants in must be named."""
    users = set()
    for module in modules("benefits", "sample_data", "tui", "reports"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in (
                "beyond_scope",
                "_beyond_scope",
                "reading_pages",
            ):
                users.add(module.path)
    assert users - {"benefits/kernel/unit.py"} <= BEYOND
