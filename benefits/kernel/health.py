"""What an engine says about itself (数据库自述): version, driver, journal mode. For ``benefits doctor``."""

import sys
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from benefits.kernel.engine import sqlite_driver, wal_is_safe
from benefits.kernel.faults import translate

_LIBRARIES = ("_sqlite3", "sqlcipher3._sqlite3", "pysqlite3._sqlite3", "apsw", "duckdb", "_duckdb")


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """``journal`` is empty on PostgreSQL; ``wal_safe``: free of the WAL-reset fault of 3.7–3.51.2."""

    engine: str
    version: str
    driver: str
    journal: str
    wal_safe: bool


def engine_facts(engine: Engine) -> EngineFacts:
    """Ask the engine. Raises Refused where it cannot be reached."""
    with translate(engine.dialect.name), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            driver = sqlite_driver()
            journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar()).lower()
            return EngineFacts("sqlite", driver.sqlite_version, driver.__name__, journal, wal_is_safe(driver))
        version = str(connection.exec_driver_sql("SHOW server_version").scalar())
        return EngineFacts("postgresql", version, "psycopg", "", True)


def sqlite_libraries() -> tuple[str, ...]:
    """The SQLite libraries in this process; two would drop each other's locks (DESIGN law 16)."""
    loaded = {name for name in _LIBRARIES if name in sys.modules}
    mapped = Path("/proc/self/maps")
    if mapped.exists():
        lines = mapped.read_text(errors="replace").splitlines()
        paths = {Path(line.split()[-1]) for line in lines if "/" in line and ".so" in line}
        marks = ("sqlite", "sqlcipher", "duckdb", "apsw")
        files = {path for path in paths if any(mark in path.name.lower() for mark in marks)}
        # a shared libsqlite3 counts once, with the extension module that uses it
        shared = {path for path in files if path.name.startswith("libsqlite3")}
        loaded = {f"{path.parent.name}/{path.name.partition('.')[0]}" for path in files - shared or shared}
    return tuple(sorted(loaded))
