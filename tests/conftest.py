"""Fixtures of all tests: databases on both engines, a clock that stands still, no settings of the user."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from benefits.access.queries import INSTALLER
from benefits.database import create_database, open_database
from benefits.kernel.actions import Actor
from benefits.kernel.clock import Clock, FixedClock
from benefits.kernel.unit import Database
from tests import engines

HOME = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """One home directory a session; the workers inherit it, and nothing of the user's settings."""
    if hasattr(config, "workerinput"):
        return
    home = config.stash[HOME] = engines.make_home()
    for name in [name for name in os.environ if name.startswith("BENEFITS_")]:
        if name not in (engines.HOME, engines.SERVER):
            del os.environ[name]
    os.environ["XDG_CONFIG_HOME"] = str(home / "config")
    os.environ["XDG_DATA_HOME"] = str(home / "data")
    os.environ["XDG_STATE_HOME"] = str(home / "state")


def pytest_unconfigure(config: pytest.Config) -> None:
    if HOME in config.stash:
        engines.remove_home(config.stash[HOME])


def _migrate(address: str) -> None:
    create_database(address).close()


def _migrated(kind: str, folder: Path) -> str:
    engines.template(kind, "migrated", _migrate)
    return engines.fresh(kind, "migrated", folder)


@pytest.fixture(params=engines.KINDS)
def engine_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite``, then ``postgresql``: a test that uses this, or a database, runs on both."""
    return str(request.param)


@pytest.fixture
def clock() -> Clock:
    """The day of the tests, 20 November 2026; a module that needs another overrides it."""
    return FixedClock(date(2026, 11, 20))


@pytest.fixture
def root() -> Actor:
    """Somebody who may do everything, everywhere."""
    return INSTALLER


@pytest.fixture
def database_url(engine_kind: str, tmp_path: Path) -> Iterator[str]:
    """Address of a migrated database without data, for this test alone."""
    where = _migrated(engine_kind, tmp_path)
    yield where
    engines.discard(where)


@pytest.fixture
def database(database_url: str, clock: Clock) -> Iterator[Database]:
    """An open, migrated database without data."""
    opened = open_database(database_url, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A migrated SQLite database; only for what is SQLite's own."""
    return _migrated("sqlite", tmp_path)


@pytest.fixture
def postgresql_url(tmp_path: Path) -> Iterator[str]:
    """A migrated PostgreSQL database; only for what is PostgreSQL's own."""
    where = _migrated("postgresql", tmp_path)
    yield where
    engines.discard(where)


@pytest.fixture
def empty_database_url(engine_kind: str, tmp_path: Path) -> Iterator[str]:
    """Address of a database that is still to be initialised."""
    where = engines.empty(engine_kind, tmp_path)
    yield where
    engines.discard(where)
