"""Prepared statements (预备语句): for the few verbs that many clerks ask for at once, second after second.

A statement that a module keeps is compiled once for an engine and a scope, and then goes to the driver as it
is: the scope's filters, the columns' types and the transaction are those of the unit, but nothing is looked
up, cached or mapped anew for each of thousands of runs. A statement is made of columns, not of mapped
objects, and all its values are ``bindparam`` of a name or constants.
"""

from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.exc import DBAPIError

from benefits.kernel.scope import Filters, filtered
from benefits.kernel.unit import FILTERS, ReadUnit, WriteUnit

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
        self._plain = not any(self._results)

    def bound(self, values: Mapping[str, Any]) -> Any:
        """Parameters as the driver takes them."""
        found = dict(self._constants)
        for name, process in self._process.items():
            value = values[name]
            found[name] = value if process is None else process(value)
        return found if self._positions is None else [found[name] for name in self._positions]

    def told(self, row: Row) -> Row:
        """A row as the mapper would give it."""
        if self._plain:
            return row
        return tuple(
            value if process is None else process(value)
            for value, process in zip(row, self._results, strict=True)
        )


def rows(unit: ReadUnit, statement: Any, /, **values: Any) -> list[Row]:
    """The rows of a SELECT, or of a writing statement with RETURNING."""
    found = _run(unit, statement, values)
    prepared, cursor = found
    return [prepared.told(row) for row in cursor.fetchall()]


def first(unit: ReadUnit, statement: Any, /, **values: Any) -> Row | None:
    """The first row, if there is one."""
    found = rows(unit, statement, **values)
    return found[0] if found else None


def changed(unit: WriteUnit, statement: Any, /, **values: Any) -> int:
    """How many rows an INSERT, UPDATE or DELETE wrote."""
    _, cursor = _run(unit, statement, values)
    return int(cursor.rowcount)


def _run(unit: ReadUnit, statement: Any, values: Mapping[str, Any]) -> tuple[_Prepared, Any]:
    session = unit.session
    if not statement.is_select:
        assert isinstance(unit, WriteUnit), "a read unit cannot write"
        unit.mark_written()
    if session.new or session.dirty or session.deleted:
        session.flush()
    connection = session.connection()
    dialect = connection.dialect
    prepared = _prepared(statement, session.info[FILTERS], dialect)
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor()
    try:
        cursor.execute(prepared.sql, prepared.bound(values))
    except dialect.loaded_dbapi.Error as error:  # as if it had come by the usual way: busy, not unique
        raise DBAPIError.instance(
            prepared.sql, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
        ) from error
    return prepared, cursor


def _prepared(statement: Any, filters: Filters, dialect: Any) -> _Prepared:
    known = _compiled.setdefault(statement, {})
    key = (str(dialect.name), id(filters))
    found = known.get(key)
    if found is None or found[0] is not filters:
        text = filtered(statement, filters) if filters else statement
        found = known[key] = (filters, _Prepared(text, dialect))
    return found[1]
