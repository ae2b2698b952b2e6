"""The rows that a renewal leaves behind: which tables, in which order they were written, and sums that
prove two databases equal.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select
from sqlmodel import SQLModel

import benefits.tables  # noqa: F401  (every model is known)
from benefits.renewal.models import RunChunk


@dataclass(frozen=True, slots=True)
class Written:
    """A table that a run writes. ``order``: how its rows were written; ``own_key``: the database makes the
    id.
    """

    name: str
    order: tuple[str, ...]
    own_key: bool = False

    @property
    def table(self) -> Table:
        return SQLModel.metadata.tables[self.name]

    @property
    def columns(self) -> list[str]:
        """What an INSERT names: neither computed columns nor keys that the database makes."""
        return [c.name for c in self.table.c if c.computed is None and not (self.own_key and c.name == "id")]

    @property
    def run(self) -> str:
        """The column with the run's id."""
        return "id" if self.name == "renewal_run" else "run_id"


PREVIEW = (
    Written("renewal_run", ("id",)),
    Written("run_term", ("run_id", "term")),
    Written("run_price", ("run_id", "price")),
    Written("run_price_line", ("run_id", "price", "payer")),
    Written("run_reason", ("run_id", "bit")),
    Written("decision", ("run_id", "term", "member_id")),
    Written("run_tally", ("run_id", "organisation_id", "price")),
    Written("run_unit", ("run_id", "organisation_id")),
)
CHUNK = (Written("enrollment", ("id",), own_key=True), Written("run_chunk", ("run_id", "first_member")))
CLOSING = (Written("due", ("id",), own_key=True),)
_SUMMED = (
    "member_id",
    "organisation_id",
    "shares",
    "fen",
    "reasons",
    "people",
    "candidates",
    "renewed",
    "joined",
)


def sums(connection: Connection) -> dict[str, dict[str, int]]:
    """Of every table that runs write: how many rows, and the sums of its numbers."""
    found: dict[str, dict[str, int]] = {}
    for written in (*PREVIEW, *CHUNK, *CLOSING):
        table = written.table
        named = [name for name in _SUMMED if name in table.c]
        query = select(func.count(), *[func.coalesce(func.sum(table.c[name]), 0) for name in named])
        row = connection.execute(query.where(table.c[written.run].is_not(None))).one()
        found[written.name] = dict(zip(("rows", *named), (int(value) for value in row), strict=True))
    return found


def verdicts(connection: Connection) -> dict[str, int]:
    """Decisions by verdict."""
    verdict = SQLModel.metadata.tables["decision"].c.verdict
    return {
        str(kind.value): int(n)
        for kind, n in connection.execute(select(verdict, func.count()).group_by(verdict))
    }


def commits(connection: Connection) -> list[tuple[int, list[dict[str, Any]]]]:
    """Of each run: its id and its chunks in order (``people``, ``first_member``)."""
    runs = SQLModel.metadata.tables["renewal_run"]
    chunks: Table = RunChunk.__table__  # type: ignore[attr-defined]
    found: list[tuple[int, list[dict[str, Any]]]] = []
    for run_id in connection.scalars(select(runs.c.id).order_by(runs.c.id)).all():
        query = select(chunks.c.people, chunks.c.first_member).where(chunks.c.run_id == run_id)
        rows = connection.execute(query.order_by(chunks.c.first_member))
        found.append((int(run_id), [dict(row._mapping) for row in rows]))
    return found


def sweep(engine: Engine) -> None:
    """Leave no dead rows, and fresh statistics."""
    raw: Any = engine.raw_connection()
    if engine.dialect.name == "sqlite":
        raw.driver_connection.execute("VACUUM")
        raw.driver_connection.execute("ANALYZE")
    else:
        raw.driver_connection.autocommit = True
        raw.driver_connection.execute("VACUUM (FREEZE, ANALYZE)")
        raw.driver_connection.autocommit = False
    raw.close()
