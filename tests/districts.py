"""A generated district of 700 people as a template, copied for every test that asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benefits.access.queries import actor_for
from benefits.database import create_database, open_database
from benefits.kernel.actions import Actor
from benefits.kernel.clock import Clock, FixedClock
from benefits.kernel.unit import Database
from sample_data.generate import TODAY, fill
from tests import engines


def _migrate(address: str) -> None:
    create_database(address).close()


def _fill(address: str) -> None:
    database = open_database(address, clock=FixedClock(TODAY))
    fill(database, 700, 5)
    database.close()


@pytest.fixture
def clock() -> Clock:
    """The sample's business day, 22 November 2026."""
    return FixedClock(TODAY)


@pytest.fixture
def district(engine_kind: str, tmp_path: Path, clock: Clock) -> Iterator[Database]:
    """700 people with search keys and sealed numbers, for this test alone."""
    engines.template(engine_kind, "migrated", _migrate)
    engines.template(engine_kind, "register", _fill, base="migrated")
    where = engines.fresh(engine_kind, "register", tmp_path)
    database = open_database(where, clock=clock)
    yield database
    database.close()
    engines.discard(where)


@pytest.fixture
def clerk(district: Database) -> Actor:
    """The clerk of 张家湾镇, who sees that town only."""
    return actor_for(district, "zhangjiawan")


@pytest.fixture
def office(district: Database) -> Actor:
    """The clerk of the district."""
    return actor_for(district, "qu")
