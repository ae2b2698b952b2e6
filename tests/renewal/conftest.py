"""A small district on each engine."""

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.unit import Database
from tests.renewal.factory import AGE, IN_POST, WOMEN, World, plan_text


@pytest.fixture
def world(database: Database, root: Actor) -> World:
    """A district with two streets and four units; no plan yet."""
    return World(database, root)


@pytest.fixture
def plain(world: World) -> World:
    """The district with a plan for women in post of 16 to 60 years."""
    world.publish(plan_text(WOMEN, AGE, IN_POST))
    return world
