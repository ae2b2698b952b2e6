"""A district with streets A and B, each with units 1 and 2."""

from pathlib import Path

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.unit import Database
from tests.renewal.factory import World
from tests.rosters.kinds.desk import Desk


@pytest.fixture
def desk(database: Database, root: Actor, tmp_path: Path) -> Desk:
    """The district's own desk."""
    folder = tmp_path / "sent"
    folder.mkdir()
    return Desk(World(database, root), folder)
