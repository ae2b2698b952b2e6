"""A small district with kits."""

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.unit import Database
from tests.kits.desk import Kits


@pytest.fixture
def kits(database: Database, root: Actor) -> Kits:
    """A district with streets A and B, each with units 1 and 2; no campaign yet."""
    return Kits(database, root)
