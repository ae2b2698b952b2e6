"""The tests' own ground: both engines are there, and a database of one test is not seen by another."""

import subprocess
import sys
from pathlib import Path

from benefits.access.models import Role
from benefits.access.queries import users
from benefits.access.service import add_user
from benefits.database import create_database
from benefits.kernel.actions import Actor
from benefits.kernel.unit import Database

_TWO_LIBRARIES = """
import sys
from datetime import date
from benefits.access.queries import INSTALLER, users
from benefits.database import open_database
database = open_database(sys.argv[1])
with database.read(INSTALLER) as unit:
    users(unit)
maps = {line.split()[-1] for line in open("/proc/self/maps") if "/" in line}
print("\\n".join(sorted(maps)))
"""


def test_a_written_row_is_read_again(database: Database, root: Actor, engine_kind: str) -> None:
    assert database.dialect == engine_kind
    database.act(root, add_user, login="wang", name="王敏", role=Role.CLERK)
    with database.read(root) as unit:
        assert [row.name for row in users(unit)] == ["王敏"]


def test_each_test_has_its_own_database(database: Database, root: Actor) -> None:
    with database.read(root) as unit:
        assert users(unit) == ()


def test_an_empty_database_becomes_one(empty_database_url: str, root: Actor) -> None:
    made = create_database(empty_database_url)
    with made.read(root) as unit:
        assert users(unit) == ()
    made.close()


def test_one_sqlite_library_in_a_process(sqlite_url: str) -> None:
    """A second SQLite that opens the live file drops its locks (ANCHORS 1.5): only one may be mapped."""
    out = subprocess.run(
        [sys.executable, "-c", _TWO_LIBRARIES, sqlite_url], capture_output=True, text=True, check=True
    ).stdout
    names = [Path(line).name.lower() for line in out.splitlines()]
    carriers = {
        name
        for name in names
        if "sqlite" in name or "sqlcipher" in name or "duckdb" in name or "apsw" in name
    }
    carriers.discard("benefits.sqlite-shm")  # the file itself, in WAL mode
    assert len(carriers) == 1, sorted(carriers)
