"""A small district on each engine, for several processes at once."""

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.unit import Database
from tests.renewal.factory import World


@pytest.fixture
def world(database: Database, root: Actor) -> World:
    """A district with two streets and four units; no plan yet."""
    return World(database, root)
