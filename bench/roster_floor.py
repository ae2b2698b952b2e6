"""The floor of an import: the fastest reader, and the very rows that an import wrote, upserted in bulk
without any logic.

``take`` keeps the finished rows of every table in blocks beside the database, numbers sealed, digests and
search keys made. ``load_all`` brings them into a copy of the same base in one transaction, table by table and
in the order of their keys, by the fastest means of the driver: ``executemany`` on SQLite, COPY into a
temporary table and one INSERT on PostgreSQL, where row security holds as it does for ours. Everybody of the
file is upserted, as an upsert does that does not know who changed. Only the driver's work is counted: reading
the blocks is not.
"""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import SQLModel

from bench.measure import Cost, costing

_BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Written:
    """A table that an import writes. ``where`` finds its rows by the last ids of the base; ``order``: of its
    best key."""

    name: str
    where: str
    order: str
    upsert: bool = False
    own_key: bool = True

    @property
    def columns(self) -> list[str]:
        """What an INSERT names."""
        table = SQLModel.metadata.tables[self.name]
        return [column.name for column in table.c if self.own_key or column.name != "id"]


WRITTEN = (
    Written("roster_batch", "id > {roster_batch}", "id"),
    Written("member", "id > {sample}", "id", upsert=True),
    Written("membership", "member_id > {member}", "id", own_key=False),
    Written("member_identity", "member_id > {member}", "digest"),
    Written("member_key", "member_id > {member}", "kind, key, member_id"),
    Written("member_identifier", "member_id > {member}", "id", own_key=False),
    Written("roster_trace", "batch_id > {roster_batch}", "batch_id, row, part"),
    Written("roster_problem", "batch_id > {roster_batch}", "batch_id, row, part"),
    Written("duplicate_case", "id > {duplicate_case}", "id", own_key=False),
)
_PHONES = ("version", "changed_at", "phone", "phone_last4", "phone_digest")
"""What the known people of the roster are given: everything else of theirs is as it was."""
_PHONE_KEYS = "kind = 5 AND member_id > {sample} AND member_id <= {member}"
"""Search keys of phones of people who are registered already; those of the others did not change."""


def take(ours: Engine, base: Engine, folder: Path) -> dict[str, Any]:
    """Keep what an import wrote; the last ids of the base, and how the tables came out."""
    folder.mkdir(exist_ok=True)
    last = _last(base)
    for written in WRITTEN:
        query = f"SELECT {_selected(ours, written)} FROM {written.name} WHERE {written.where.format(**last)}"
        _keep(folder / written.name, _rows(ours, f"{query} ORDER BY {written.order}"))
    query = f"SELECT kind, key, member_id, branch_id FROM member_key WHERE {_PHONE_KEYS.format(**last)}"
    old, new = set(_rows(base, query)), set(_rows(ours, query))
    _keep(folder / "gone", iter(sorted(row[:3] for row in old - new)))
    _keep(folder / "fresh", iter(sorted(new - old)))
    return {"last": last, "sums": sums(ours, last)}


def _last(base: Engine) -> dict[str, int]:
    names = ("member", "roster_batch", "duplicate_case")
    with base.connect() as connection:
        last = {
            name: connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {name}").scalar_one()
            for name in names
        }
        known = "SELECT min(entity_id) - 1 FROM roster_trace WHERE entity = 'member'"
        last["sample"] = connection.exec_driver_sql(known).scalar_one()
    return last


def _selected(engine: Engine, written: Written) -> str:
    table = SQLModel.metadata.tables[written.name]
    if engine.dialect.name == "sqlite":
        return ", ".join(f'"{name}"' for name in written.columns)
    return ", ".join(
        f'"{name}"::text' if str(table.c[name].type) == "JSON" else f'"{name}"' for name in written.columns
    )


def _rows(engine: Engine, query: str) -> Iterator[tuple[Any, ...]]:
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        cursor = raw.cursor() if engine.dialect.name == "sqlite" else raw.cursor("taken")
        cursor.execute(query)
        while block := cursor.fetchmany(_BLOCK):
            yield from block
        cursor.close()


def _keep(path: Path, rows: Iterator[tuple[Any, ...]]) -> None:
    with path.open("wb") as file:
        block: list[tuple[Any, ...]] = []
        for row in rows:
            block.append(tuple(row))
            if len(block) == _BLOCK:
                pickle.dump(block, file, 5)
                block = []
        pickle.dump(block, file, 5)


def _kept(path: Path) -> Iterator[list[tuple[Any, ...]]]:
    with path.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return


def read(file: Path) -> int:
    """Read a file with the fastest reader there is, into columns; how many rows."""
    import polars

    if file.suffix == ".csv":
        return polars.read_csv(file, infer_schema=False).height
    try:
        import fastexcel
    except ImportError:
        from python_calamine import CalamineWorkbook

        sheet = CalamineWorkbook.from_path(file).get_sheet_by_index(0)
        return len(sheet.to_python()) - 1
    return int(fastexcel.read_excel(file).load_sheet(0).to_polars().height)


def load_all(engine: Engine, folder: Path, postmaster: int | None) -> Cost:
    """Load everything in one transaction; what the driver and the server took."""
    total = Cost()
    with engine.connect() as connection:
        connection.begin()
        raw: Any = connection.connection.driver_connection
        write = _sqlite if engine.dialect.name == "sqlite" else _postgresql
        for written in WRITTEN:
            _add(total, write(raw, written, _kept(folder / written.name), postmaster))
        _add(total, _erase(raw, list(_kept(folder / "gone")), engine.dialect.name, postmaster))
        keys = next(one for one in WRITTEN if one.name == "member_key")
        _add(total, write(raw, keys, _kept(folder / "fresh"), postmaster))
        with costing(postmaster) as cost:
            connection.commit()
        _add(total, cost)
    return total


def _add(total: Cost, one: Cost) -> None:
    total.seconds += one.seconds
    total.client += one.client
    total.server += one.server


def _statement(written: Written, values: str, same: str) -> str:
    names = ", ".join(f'"{name}"' for name in written.columns)
    conflict = ""
    if written.upsert:
        given = ", ".join(f"{name} = excluded.{name}" for name in _PHONES)
        conflict = f" ON CONFLICT (id) DO UPDATE SET {given}"
        conflict += f" WHERE member.phone_digest {same} excluded.phone_digest"
    return f"INSERT INTO {written.name} ({names}) {values}{conflict}"


def _sqlite(raw: Any, written: Written, blocks: Iterator[list[Any]], postmaster: int | None) -> Cost:
    marks = ", ".join("?" * len(written.columns))
    statement = _statement(written, f"VALUES ({marks})", "IS NOT")
    total, cursor = Cost(), raw.cursor()
    for block in blocks:
        with costing(postmaster) as cost:
            cursor.executemany(statement, block)
        _add(total, cost)
    return total


def _postgresql(raw: Any, written: Written, blocks: Iterator[list[Any]], postmaster: int | None) -> Cost:
    names = ", ".join(f'"{name}"' for name in written.columns)
    staged = f"floor_{written.name}"
    total = Cost()
    with raw.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {staged}")
        cursor.execute(f"CREATE TEMP TABLE {staged} AS SELECT {names} FROM {written.name} WHERE false")
        with cursor.copy(f"COPY {staged} ({names}) FROM STDIN") as copy:
            for block in blocks:
                with costing(postmaster) as cost:
                    for row in block:
                        copy.write_row(row)
                _add(total, cost)
        with costing(postmaster) as cost:
            values = f"OVERRIDING SYSTEM VALUE SELECT {names} FROM {staged}"
            cursor.execute(_statement(written, values, "IS DISTINCT FROM"))
        _add(total, cost)
    return total


def _erase(raw: Any, blocks: list[list[Any]], dialect: str, postmaster: int | None) -> Cost:
    mark = "?" if dialect == "sqlite" else "%s"
    with costing(postmaster) as cost:
        for block in blocks:
            if block:
                raw.cursor().executemany(
                    f"DELETE FROM member_key WHERE kind = {mark} AND key = {mark} AND member_id = {mark}",
                    block,
                )
    return cost


def sums(engine: Engine, last: dict[str, int]) -> dict[str, list[int]]:
    """Of every table that an import writes: how many rows, and over its columns the sum of the numbers and
    of the lengths of the texts. Sealed values differ in nothing but their bytes."""
    found: dict[str, list[int]] = {}
    with engine.connect() as connection:
        for written in WRITTEN:
            table = SQLModel.metadata.tables[written.name]
            asked = ["count(*)"] + [
                f"coalesce(sum({_measure(column, engine.dialect.name)}), 0)"
                for column in table.c
                if not (column.name == "id" and not written.own_key)
            ]
            query = f"SELECT {', '.join(asked)} FROM {written.name}"
            found[written.name] = [int(one) for one in connection.exec_driver_sql(query).one()]
    return found


def _measure(column: Any, dialect: str) -> str:
    kind = column.type.python_type
    name = f'"{column.name}"'
    if kind is int:
        return name
    if kind is bytes:
        return f"length({name})"
    if dialect == "sqlite":
        return f"length(CAST({name} AS TEXT))"
    return f"length({name}::text)"
