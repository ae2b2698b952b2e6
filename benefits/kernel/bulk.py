"""Bulk loading (批量装入): many rows into one table at the speed of the driver, for whoever fills a
database from a file.

Values go through the columns' own types, so sealed columns are sealed and coded ones are checked by the
database as always; no objects of the mapper are made. SQLite takes ``executemany``, PostgreSQL ``COPY``
where it may. Only for sessions of ``Database.upkeep``: no scope, no action.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Table, Text, cast, func, select, text
from sqlmodel import Session, SQLModel


def load(
    session: Session, model: type[SQLModel], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Insert ``rows`` (values in the order of ``columns``); how many there were. They are read one by one."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    connection = session.connection()
    dialect = connection.dialect
    counted = _Counter(_bound(rows, [table.c[name].type.dialect_impl(dialect) for name in columns], dialect))
    names = ", ".join(dialect.identifier_preparer.quote(name) for name in columns)
    target = dialect.identifier_preparer.format_table(table)
    driver: Any = connection.connection.driver_connection
    if dialect.name == "postgresql" and not _has_row_security(session, target):
        with driver.cursor() as cursor, cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
            for row in counted:
                copy.write_row(row)
    else:
        mark = "?" if dialect.name == "sqlite" else "%s"
        values = ", ".join([mark] * len(columns))
        statement = f"INSERT INTO {target} ({names}) VALUES ({values})"
        driver.cursor().executemany(statement, counted)
    return counted.count


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


def _bound(rows: Iterable[Sequence[Any]], types: list[Any], dialect: Any) -> Iterator[Sequence[Any]]:
    processors = [
        (place, made)
        for place, kind in enumerate(types)
        if (made := kind.bind_processor(dialect)) is not None
    ]
    if not processors:
        yield from rows
        return
    for row in rows:
        values = list(row)
        for place, process in processors:
            values[place] = process(values[place])
        yield values


class _Counter:
    def __init__(self, rows: Iterator[Sequence[Any]]) -> None:
        self.rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self.rows:
            self.count += 1
            yield row
