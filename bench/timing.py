"""Database time of a statement (数据库用时): execute and fetch of the driver's cursor, apart from all Python
around it.

Beside the time on the clock stands the processor's, which a busy machine does not lengthen as much: that of
the calling thread on SQLite, which runs in it; that of the server's process on PostgreSQL, as Linux tells it
(elsewhere nothing).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from benefits.kernel.engine import sqlite_driver


@dataclass(slots=True)
class Spent:
    """Seconds in the driver, of the processor in the database, and statements, since the last ``reset``."""

    seconds: float = 0.0
    cpu: float = 0.0
    statements: int = 0
    texts: list[str] = field(default_factory=list)

    def reset(self) -> None:
        """Begin again."""
        self.seconds, self.cpu, self.statements = 0.0, 0.0, 0
        self.texts.clear()


def timed(engine: Engine) -> Spent:
    """Count from now on what new connections of an engine spend; fetching is where SQLite does its work."""
    spent = Spent()
    base = sqlite_driver().Cursor if engine.dialect.name == "sqlite" else _psycopg()

    def clocked(name: str) -> Any:
        plain = getattr(base, name)

        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            processor = _processor(self)
            began, worked = time.perf_counter(), processor()
            try:
                return plain(self, *args, **kwargs)
            finally:
                spent.seconds += time.perf_counter() - began
                spent.cpu += processor() - worked
                if name == "execute":
                    spent.statements += 1
                    spent.texts.append(str(args[0]))

        return call

    cursor = type(
        "Clocked", (base,), {n: clocked(n) for n in ("execute", "fetchall", "fetchone", "fetchmany")}
    )

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Any, _record: Any, args: Any, options: dict[str, Any]) -> None:
        if dialect.name == "sqlite":
            plain = sqlite_driver().Connection
            options["factory"] = type(
                "Clocked", (plain,), {"cursor": lambda self: plain.cursor(self, cursor)}
            )
        else:
            options["cursor_factory"] = cursor

    engine.dispose()
    return spent


def _processor(cursor: Any) -> Callable[[], float]:
    """Tells the seconds of the processor that the database has taken so far."""
    info = getattr(cursor.connection, "info", None)
    if info is None:
        return time.thread_time
    told = Path(f"/proc/{info.backend_pid}/schedstat")
    return (lambda: int(told.read_text().split()[0]) / 1e9) if told.exists() else (lambda: 0.0)


def _psycopg() -> Any:
    import psycopg

    return psycopg.Cursor
