"""One of many values (批量匹配): thousands of values as one parameter of a statement.

``column.in_(values)`` makes a parameter of each value, and naming and binding five thousand of them costs
several times what the database needs to look them up. PostgreSQL takes an array; SQLite a JSON list, bytes in
hexadecimal. An SQLite older than 3.41 cannot read that back and gets the parameters one by one.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Date, String, any_, func, literal, select, tuple_
from sqlmodel import col

from benefits.kernel.unit import ReadUnit

_UNHEX = (3, 41)


def among(unit: ReadUnit, column: Any, values: Iterable[int] | Iterable[bytes]) -> ColumnElement[bool]:
    """Rows whose ``column``, of integers or of bytes, is one of ``values``."""
    wanted: list[Any] = list(values)
    tested: Any = col(column)
    if unit.dialect == "postgresql":
        return tested == any_(literal(wanted, ARRAY(tested.type)))  # type: ignore[no-any-return]
    in_bytes = bool(wanted) and isinstance(wanted[0], bytes)
    if in_bytes and not _reads_hex(unit):
        return tested.in_(wanted)  # type: ignore[no-any-return]
    each = _each([value.hex() for value in wanted] if in_bytes else wanted)
    value = func.unhex(each.c.value) if in_bytes else each.c.value
    return tested.in_(select(value).select_from(each))  # type: ignore[no-any-return]


def among_pairs(
    unit: ReadUnit, day: Any, text: Any, pairs: Sequence[tuple[date, str]]
) -> ColumnElement[bool]:
    """Rows whose ``day`` and ``text`` together are one of ``pairs``."""
    tested = tuple_(col(day), col(text))
    if unit.dialect == "postgresql":
        days = literal([one for one, _ in pairs], ARRAY(Date))
        texts = literal([one for _, one in pairs], ARRAY(String))
        both = func.unnest(days, texts).table_valued("day", "text").render_derived()
        return tested.in_(select(both.c.day, both.c.text).select_from(both))
    each = _each([[one.isoformat(), other] for one, other in pairs])
    first, second = (func.json_extract(each.c.value, f"$[{place}]") for place in (0, 1))
    return tested.in_(select(first, second).select_from(each))


def _each(values: list[Any]) -> Any:
    return func.json_each(literal(json.dumps(values, ensure_ascii=False), String)).table_valued("value")


def _reads_hex(unit: ReadUnit) -> bool:
    version: tuple[int, ...] = unit.database.engine.dialect.dbapi.sqlite_version_info
    return version >= _UNHEX
