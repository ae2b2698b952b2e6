"""Engines: SQLite (one file, nothing to install) and PostgreSQL (many clerks), opened the one right way.

SQLite goes through the ``sqlcipher3`` driver where it is installed: it carries a SQLite without the WAL-reset
fault of 3.7–3.51.2. The standard module is the fall-back, then in rollback-journal mode, never WAL.
Transactions are begun here, not by the driver, whose deferred default loses updates silently.
"""

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from benefits.kernel.errors import Refused
from benefits.kernel.prepared import told_as_usual

BEGIN_OPTION = "benefits_begin"
"""Execution option that tells how SQLite begins the transaction."""
READ_ONLY_OPTION = "benefits_read_only"
"""Execution option that makes SQLite refuse every write of the transaction."""
_WAL_SAFE = (3, 51, 3)
_BUSY_MS = 5000
_CACHE_KB = 32_768  # SQLite's own two megabytes do not hold what a search as one types looks at again


def sqlite_driver() -> ModuleType:
    """``sqlcipher3.dbapi2`` where installed, else the standard ``sqlite3``."""
    try:
        return importlib.import_module("sqlcipher3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")  # only now: one SQLite library a process


def wal_is_safe(driver: ModuleType) -> bool:
    """Whether the driver's SQLite is free of the WAL-reset corruption fault."""
    return tuple(driver.sqlite_version_info) >= _WAL_SAFE


def parse_url(address: str) -> URL:
    """A database URL; a bare path means SQLite, ``postgresql://`` means psycopg 3.

    Raises Refused ``kernel.bad_database_url``.
    """
    if "://" not in address:
        return URL.create("sqlite", database=str(Path(address).expanduser()))
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise Refused("kernel.bad_database_url", url=address) from error
    backend = url.get_backend_name()
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    raise Refused("kernel.bad_database_url", url=url.render_as_string(hide_password=True))


def make_engine(url: URL) -> Engine:
    """An engine with this product's connection settings."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=5,
        connect_args={"connect_timeout": 10},
        hide_parameters=True,  # an error's text must not carry names and numbers of people
    )


def _sqlite_engine(url: URL) -> Engine:
    driver = sqlite_driver()
    engine = create_engine(
        url,
        module=driver,
        connect_args={"timeout": _BUSY_MS / 1000, "check_same_thread": False},
        hide_parameters=True,
    )
    journal = "WAL" if wal_is_safe(driver) else "DELETE"

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions on its own
        if driver.__name__ != "sqlite3":
            connection.execute("PRAGMA cipher_log_level = NONE").close()  # it would write into the terminal
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        try:
            connection.execute(f"PRAGMA journal_mode = {journal}").close()
            connection.execute(f"PRAGMA synchronous = {'NORMAL' if journal == 'WAL' else 'FULL'}")
        except driver.OperationalError:
            pass  # a read-only file keeps the mode it has; a write will say so clearly

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        wanted = bool(options.get(READ_ONLY_OPTION))
        bare = connection.connection
        if bare.info.get(READ_ONLY_OPTION) is not wanted:
            connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if wanted else 'OFF'}")
            bare.info[READ_ONLY_OPTION] = wanted
        try:  # by the driver: every unit passes here
            bare.driver_connection.execute(options.get(BEGIN_OPTION, "BEGIN")).close()
        except driver.Error as error:
            raise told_as_usual("BEGIN", error, connection.dialect) from error

    return engine
