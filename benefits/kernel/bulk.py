"""Bulk loading (批量装入): many rows into one table at the speed of the driver, for whoever fills a
database from a file.

Values go through the columns' own types, so sealed columns are sealed and coded ones are checked by the
database as always; no objects of the mapper are made. SQLite takes ``executemany``, PostgreSQL ``COPY``;
under row-level security, which ``COPY`` refuses, into a temporary table first, from which one INSERT … SELECT
goes through the policies.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain, islice
from typing import Any

from sqlalchemy import Date, LargeBinary, Table, Text, cast, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from benefits.kernel.sealed import SealedText, seal_all
from benefits.kernel.unit import WriteUnit

_AT_ONCE = 2000


def load(
    session: Session, model: type[SQLModel], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Insert ``rows`` (values in the order of ``columns``); how many there were. They are read some at a
    time, and must not ask the database: its connection is busy with them."""
    ready = _Ready(session, model, columns)
    _insert(session, model, columns, chain.from_iterable(ready.blocks(iter(rows))), ready)
    return ready.count


def _insert(
    session: Session,
    model: type[SQLModel],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    ready: "_Ready",
) -> None:
    table: Table = model.__table__  # type: ignore[attr-defined]
    connection = session.connection()
    dialect = connection.dialect
    names = ", ".join(dialect.identifier_preparer.quote(name) for name in columns)
    target = dialect.identifier_preparer.format_table(table)
    driver: Any = connection.connection.driver_connection
    with _told_as_usual(dialect, f"load {target}"):
        if dialect.name == "postgresql":
            staged = _has_row_security(session, target)
            done = _copy(driver, target, f"staged_{table.name}" if staged else target, names, rows)
            assert done is None or done == ready.count, f"{done} of {ready.count} rows went in"
        else:
            values = ", ".join("?" * len(columns))
            driver.cursor().executemany(f"INSERT INTO {target} ({names}) VALUES ({values})", rows)


@contextmanager
def _told_as_usual(dialect: Any, what: str) -> Iterator[None]:
    """Errors of the driver as if they had come by the usual way: busy, not unique."""
    try:
        yield
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(what, None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error


def _copy(driver: Any, target: str, into: str, names: str, rows: Iterable[Sequence[Any]]) -> int | None:
    """Rows by COPY; where they go through a temporary table, how many came out of it."""
    with driver.cursor() as cursor:
        if into != target:
            like = f"SELECT * FROM {target} WHERE false"
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {into} ON COMMIT DROP AS {like}")
            cursor.execute(f"TRUNCATE {into}")
        with cursor.copy(f"COPY {into} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        if into == target:
            return None
        cursor.execute(f"INSERT INTO {target} ({names}) SELECT {names} FROM {into}")
        return int(cursor.rowcount)


def write(
    unit: WriteUnit, model: type[SQLModel], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """``load`` inside an open action: a service's own rows, many at once. The rows must lie in the actor's
    scope; on PostgreSQL the policies make sure of it."""
    unit.mark_written()
    unit.session.flush()
    return load(unit.session, model, columns, rows)


def write_columns(unit: WriteUnit, model: type[SQLModel], columns: Mapping[str, Sequence[Any]]) -> int:
    """``write`` for values that lie column by column, all equally many."""
    unit.mark_written()
    unit.session.flush()
    names = tuple(columns)
    ready = _Ready(unit.session, model, names)
    _insert(unit.session, model, names, ready.columns(tuple(columns.values())), ready)
    return ready.count


def erase(
    unit: WriteUnit, model: type[SQLModel], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Delete rows by values of indexed columns, one look-up each: a list of row values makes SQLite scan the
    table. Rows that are not there are passed over; on PostgreSQL the policies hold."""
    unit.mark_written()
    unit.session.flush()
    if not rows:
        return
    table: Table = model.__table__  # type: ignore[attr-defined]
    connection = unit.session.connection()
    dialect = connection.dialect
    quote = dialect.identifier_preparer.quote
    mark = "%s" if dialect.name == "postgresql" else "?"
    test = " AND ".join(f"{quote(name)} = {mark}" for name in columns)
    target = dialect.identifier_preparer.format_table(table)
    driver: Any = connection.connection.driver_connection
    with _told_as_usual(dialect, f"erase {target}"):
        driver.cursor().executemany(f"DELETE FROM {target} WHERE {test}", rows)


def amend(
    unit: WriteUnit,
    model: type[SQLModel],
    columns: Sequence[str],
    key: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """Change ``columns`` of rows, one look-up each by the indexed columns of ``key``; a row holds the new
    values, then those of the key. Rows that are not there are passed over; on PostgreSQL the policies
    hold."""
    unit.mark_written()
    unit.session.flush()
    if not rows:
        return
    table: Table = model.__table__  # type: ignore[attr-defined]
    connection = unit.session.connection()
    dialect = connection.dialect
    quote = dialect.identifier_preparer.quote
    mark = "%s" if dialect.name == "postgresql" else "?"
    values = ", ".join(f"{quote(name)} = {mark}" for name in columns)
    test = " AND ".join(f"{quote(name)} = {mark}" for name in key)
    target = dialect.identifier_preparer.format_table(table)
    driver: Any = connection.connection.driver_connection
    with _told_as_usual(dialect, f"amend {target}"):
        driver.cursor().executemany(f"UPDATE {target} SET {values} WHERE {test}", rows)


def reserve(unit: WriteUnit, model: type[SQLModel], count: int) -> Sequence[int]:
    """``count`` new ids of a table, in order, for rows that others will point to.

    PostgreSQL takes them from the table's sequence. SQLite has one writer, which this unit is: the ids after
    the greatest are what it would give itself.
    """
    unit.mark_written()
    unit.session.flush()
    table: Table = model.__table__  # type: ignore[attr-defined]
    if unit.dialect == "postgresql":
        query = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return sorted(unit.session.scalars(query, {"name": table.name, "count": count}))
    last = unit.session.scalar(select(func.max(table.c.id))) or 0
    return range(last + 1, last + 1 + count)


def follow(session: Session, *models: type[SQLModel]) -> None:
    """Set the identity of each table behind the greatest loaded id; SQLite does so by itself."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for model in models:
        table: Table = model.__table__  # type: ignore[attr-defined]
        last = session.execute(select(func.max(table.c.id))).scalar()
        if last is not None:
            session.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                {"name": table.name, "last": last},
            )


def analyse(session: Session, *models: type[SQLModel]) -> None:
    """Tell the planner what the tables look like now."""
    quote = session.get_bind().dialect.identifier_preparer.format_table
    for model in models:
        session.execute(text(f"ANALYZE {quote(model.__table__)}"))  # type: ignore[attr-defined]


def _has_row_security(session: Session, target: str) -> bool:
    """Whether row security holds for this user here; COPY refuses to run under it (a superuser passes it)."""
    return bool(session.execute(select(func.row_security_active(cast(target, Text)))).scalar())


class _Ready:
    """Values as the driver is given them, and how many rows have gone by."""

    def __init__(self, session: Session, model: type[SQLModel], columns: Sequence[str]) -> None:
        table: Table = model.__table__  # type: ignore[attr-defined]
        self._dialect = session.get_bind().dialect
        self._types = [table.c[name].type.dialect_impl(self._dialect) for name in columns]
        self._as_they_are = not any(map(self._process, self._types))
        self.count = 0

    def _process(self, kind: Any) -> Any:
        """Both drivers take bytes as they are."""
        return None if isinstance(kind, LargeBinary) else kind.bind_processor(self._dialect)

    def blocks(self, rows: Iterator[Sequence[Any]]) -> Iterator[Iterable[Sequence[Any]]]:
        while some := list(islice(rows, _AT_ONCE)):
            if self._as_they_are:
                self.count += len(some)
                yield some
            else:
                yield self.columns(tuple(zip(*some, strict=True)))

    def columns(self, block: Sequence[Sequence[Any]]) -> Iterable[Sequence[Any]]:
        """Rows of values that lie column by column."""
        self.count += len(block[0])
        return zip(*map(self._column, block, self._types), strict=True)

    def _column(self, values: Sequence[Any], kind: Any) -> Iterable[Any]:
        """Codes are few, and a column often says one thing of everybody: an object is made ready once."""
        if isinstance(kind, SealedText):
            return seal_all(kind.label, values)
        process = self._process(kind)
        if process is None:
            return values
        if isinstance(kind, Date):  # what the dialect makes of a day, at a fifth of the time
            return [None if day is None else date.isoformat(day) for day in values]
        objects = dict(zip(map(id, values), values, strict=True))
        made = {place: process(value) for place, value in objects.items()}
        return map(made.__getitem__, map(id, values))
