"""The floor: the very rows of a renewal, inserted without any logic.

``prepare`` puts what a renewal wrote into plain tables beside a copy of the base, one table for each
INSERT, in the order in which it was written. ``insert_all`` then copies them into the real tables, with all
indexes, constraints and triggers, through the same driver and settings, in as many commits as the renewal
made.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine

from bench.tables import CHUNK, CLOSING, PREVIEW, Written, commits, sweep

Step = tuple[tuple[str, str], ...]
"""One commit: (source table, what it fills), in order."""


def _parts(ours: Connection) -> list[list[tuple[Written, str, str]]]:
    """Of every commit: (what, name of the source table, SELECT of its rows)."""
    found: list[list[tuple[Written, str, str]]] = []
    skip = 0

    def part(written: Written, name: str, where: str, limit: str = "") -> tuple[Written, str, str]:
        columns, order = ", ".join(written.columns), ", ".join(written.order)
        return written, name, f"SELECT {columns} FROM {written.name} WHERE {where} ORDER BY {order}{limit}"

    for run, chunks in commits(ours):
        found.append([part(w, f"{w.name}_{run}", f"{w.run} = {run}") for w in PREVIEW])
        closing = [part(w, f"{w.name}_{run}", f"run_id = {run}") for w in CLOSING]
        whole = len(chunks) == 1
        if not whole:
            found.append([])
        for number, chunk in enumerate(chunks):
            step = [
                part(
                    CHUNK[0],
                    f"enrollment_{run}_{number}",
                    "run_id IS NOT NULL",
                    f" LIMIT {chunk['people']} OFFSET {skip}",
                ),
                part(
                    CHUNK[1],
                    f"run_chunk_{run}_{number}",
                    f"run_id = {run} AND first_member = {chunk['first_member']}",
                ),
            ]
            skip += chunk["people"]
            found.append([*step, *closing] if whole else step)
        if not whole:
            found.append(closing)
    return found


def prepare(ours: Engine, place: Engine, source: str) -> list[Step]:
    """Fill the source tables from a finished renewal; ``source`` is a file to be attached, or on PostgreSQL
    a schema.
    """
    with ours.connect() as connection:
        parts = _parts(connection)
        everything = [part for step in parts for part in step]
        if ours.dialect.name == "sqlite":
            _attached(connection, source, everything)
    if ours.dialect.name == "postgresql":
        _copied(ours, place, source, everything)
    return [tuple((f"{source_name(place, source)}.{name}", w.name) for w, name, _ in step) for step in parts]


def source_name(engine: Engine, source: str) -> str:
    """How the source is called in SQL."""
    return "src" if engine.dialect.name == "sqlite" else source


def _attached(connection: Connection, file: str, parts: Iterable[tuple[Written, str, str]]) -> None:
    raw: Any = connection.connection.driver_connection
    connection.rollback()
    raw.execute("ATTACH DATABASE ? AS src", (file,))
    for _, name, query in parts:
        raw.execute(f"CREATE TABLE src.{name} AS {query}")
    raw.execute("ANALYZE src")
    raw.execute("DETACH DATABASE src")


def _copied(ours: Engine, place: Engine, schema: str, parts: Iterable[tuple[Written, str, str]]) -> None:
    with ours.connect() as reader, place.begin() as writer:
        out: Any = reader.connection.driver_connection
        into: Any = writer.connection.driver_connection
        into.execute(f"CREATE SCHEMA {schema}")
        for written, name, query in parts:
            columns = ", ".join(written.columns)
            into.execute(f"CREATE TABLE {schema}.{name} AS SELECT {columns} FROM {written.name} WITH NO DATA")
            with (
                out.cursor() as one,
                into.cursor() as other,
                one.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as rows,
                other.copy(f"COPY {schema}.{name} FROM STDIN (FORMAT BINARY)") as target,
            ):
                for block in rows:
                    target.write(block)
    sweep(place)


def attach(engine: Engine, source: str) -> Connection:
    """A connection that sees the source tables."""
    connection = engine.connect()
    if engine.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        raw.execute("ATTACH DATABASE ? AS src", (source,))
    return connection


def insert_all(connection: Connection, steps: list[Step]) -> None:
    """Insert everything, one commit a step; an empty step is a commit of the renewal that only marked its
    run.
    """
    columns = {w.name: ", ".join(w.columns) for w in (*PREVIEW, *CHUNK, *CLOSING)}
    for step in steps:
        for name, table in step:
            connection.exec_driver_sql(
                f"INSERT INTO {table} ({columns[table]}) SELECT {columns[table]} FROM {name}"
            )
        if not step:
            connection.exec_driver_sql(
                "UPDATE renewal_run SET state = state WHERE id = (SELECT max(id) FROM renewal_run)"
            )
        connection.commit()
