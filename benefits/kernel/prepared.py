"""Prepared statements (预备语句): for the few verbs that many clerks ask for at once, second after second.

A statement that a module keeps is compiled once for an engine and a scope, and then goes to the driver as it
is: the scope's filters, the columns' types and the transaction are those of the unit, but nothing is looked
up, cached or mapped anew for each of thousands of runs. A statement is made of columns, not of mapped
objects, and all its values are ``bindparam`` of a name or constants.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from benefits.kernel.scope import Filters, filtered

Row = tuple[Any, ...]
_Process = Callable[[Any], Any] | None
_compiled: WeakKeyDictionary[Any, dict[tuple[str, int], tuple[Filters, "_Prepared"]]] = WeakKeyDictionary()


class _Prepared:
    """What goes to the driver, and how values get in and out."""

    def __init__(self, statement: Any, dialect: Any) -> None:
        made = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.sql: str = str(made)
        binds: Mapping[str, _Process] = made._bind_processors
        constants = {name: value for name, value in made.params.items() if not made.binds[name].required}
        self._positions: list[str] | None = made.positiontup
        self._process = {name: binds.get(name) for name in made.params if name not in constants}
        self._constants = {
            name: process(value) if (process := binds.get(name)) is not None else value
            for name, value in constants.items()
        }
        self._results: list[_Process] = [
            one.type._cached_result_processor(dialect, None) for one in made._result_columns
        ]
        self.plain = not any(self._results)

    def bound(self, values: Mapping[str, Any]) -> Any:
        """Parameters as the driver takes them."""
        found = dict(self._constants)
        for name, process in self._process.items():
            value = values[name]
            found[name] = value if process is None else process(value)
        return found if self._positions is None else [found[name] for name in self._positions]

    def told(self, row: Row) -> Row:
        """A row as the mapper would give it."""
        return tuple(
            value if process is None else process(value)
            for value, process in zip(row, self._results, strict=True)
        )


class Works(Protocol):
    """A transaction, as far as this module needs one: a unit, or ``OfSession``."""

    def at_work(self) -> tuple[Any, Any, Filters]:
        """Dialect, the driver's cursor inside the transaction, and the scope's filters; what the mapper has
        not written yet is written."""
        ...


class _Writes(Works, Protocol):
    def mark_written(self) -> None: ...


class OfSession:
    """The transaction of a session without a unit, which the house's own upkeep works in."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._cursor: Any = None

    def at_work(self) -> tuple[Any, Any, Filters]:
        self._session.flush()
        connection = self._session.connection()
        if self._cursor is None:
            driver: Any = connection.connection.driver_connection
            self._cursor = driver.cursor()
        return connection.dialect, self._cursor, ()


def rows(unit: Works, statement: Any, /, **values: Any) -> list[Row]:
    """The rows of a SELECT."""
    assert statement.is_select, "a read unit cannot write"
    return rows_of(unit, statement, values)


def first(unit: Works, statement: Any, /, **values: Any) -> Row | None:
    """The first row of a SELECT, if there is one."""
    found = rows(unit, statement, **values)
    return found[0] if found else None


def written(unit: _Writes, statement: Any, /, **values: Any) -> Row | None:
    """What an INSERT, UPDATE or DELETE of one row returns; None where it wrote nothing."""
    unit.mark_written()
    found = rows_of(unit, statement, values)
    return found[0] if found else None


def changed(unit: _Writes, statement: Any, /, **values: Any) -> int:
    """How many rows an INSERT, UPDATE or DELETE wrote."""
    unit.mark_written()
    return changed_by(unit, statement, values)


def rows_of(works: Works, statement: Any, values: Mapping[str, Any]) -> list[Row]:
    """The rows of any statement, for the kernel and the trail, which work below actions."""
    prepared, cursor = _run(works, statement, values)
    found: list[Row] = cursor.fetchall()
    return found if prepared.plain else [prepared.told(row) for row in found]


def changed_by(works: Works, statement: Any, values: Mapping[str, Any]) -> int:
    """How many rows any statement wrote, for the same."""
    _, cursor = _run(works, statement, values)
    return int(cursor.rowcount)


def _run(works: Works, statement: Any, values: Mapping[str, Any]) -> tuple[_Prepared, Any]:
    dialect, cursor, filters = works.at_work()
    prepared = _prepared(statement, filters, dialect)
    try:
        cursor.execute(prepared.sql, prepared.bound(values))
    except dialect.loaded_dbapi.Error as error:  # as if it had come by the usual way: busy, not unique
        raise told_as_usual(prepared.sql, error, dialect) from error
    return prepared, cursor


def told_as_usual(sql: str, error: Any, dialect: Any) -> Exception:
    """An error of the driver as it comes by the usual way: busy, not unique."""
    kind = dialect.loaded_dbapi.Error
    found: Exception = DBAPIError.instance(sql, None, error, kind, hide_parameters=True, dialect=dialect)
    return found


def _prepared(statement: Any, filters: Filters, dialect: Any) -> _Prepared:
    known = _compiled.setdefault(statement, {})
    key = (str(dialect.name), id(filters))
    found = known.get(key)
    if found is None or found[0] is not filters:
        text = filtered(statement, filters) if filters else statement
        found = known[key] = (filters, _Prepared(text, dialect))
    return found[1]
