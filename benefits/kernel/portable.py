"""Rows that travel (可携带的行): rows of a table as JSON and back, each value checked against its column.

What comes back was written elsewhere and may have been changed: a value that its column does not take refuses
the file as a whole.
"""

import enum
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Enum, Integer, LargeBinary, String, Table
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from benefits.kernel.errors import Refused
from benefits.kernel.sealed import SealedText

_WIDEST = 2**63
Row = tuple[Any, ...]


def outward(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows as JSON knows them: days and instants in ISO form (instants in UTC), codes as their text, bytes in
    hex."""
    return [[_said(value) for value in row] for row in rows]


def inward(model: type[SQLModel], columns: Sequence[str], data: object) -> list[Row]:
    """Rows out of JSON, values in the order of ``columns``.

    Raises Refused ``kernel.parcel_row`` naming table and column.
    """
    table: Table = model.__table__  # type: ignore[attr-defined]
    if not isinstance(data, list):
        raise Refused("kernel.parcel_row", table=table.name, column="-")
    wanted = [table.c[name] for name in columns]
    made: list[Row] = []
    for row in data:
        if not isinstance(row, list) or len(row) != len(wanted):
            raise Refused("kernel.parcel_row", table=table.name, column="-")
        made.append(tuple(_taken(column, value) for column, value in zip(wanted, row, strict=True)))
    return made


def _said(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def _taken(column: Any, value: Any) -> Any:
    """A value as its column takes it."""
    if value is None and column.nullable:
        return None
    try:
        return _as(column.type, value)
    except (ValueError, TypeError, OverflowError, KeyError) as error:
        raise Refused("kernel.parcel_row", table=column.table.name, column=column.name) from error


def _as(kind: Any, value: Any) -> Any:
    if isinstance(kind, TypeDecorator):
        kind = String() if isinstance(kind, SealedText) else kind.impl_instance
    if isinstance(kind, JSON):
        return value
    if isinstance(kind, Boolean):
        return _of(bool, value)
    if isinstance(kind, Enum):
        assert kind.enum_class is not None
        return kind.enum_class(_of(str, value))
    if isinstance(kind, DateTime):
        moment = datetime.fromisoformat(_of(str, value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(_of(str, value))
    if isinstance(kind, String):
        text = _of(str, value)
        if (kind.length is not None and len(text) > kind.length) or "\0" in text:
            raise ValueError("too long")
        text.encode()  # a lone surrogate is no text
        return text
    if isinstance(kind, LargeBinary):
        return bytes.fromhex(_of(str, value))
    if isinstance(kind, Integer):
        if not -_WIDEST <= _of(int, value) < _WIDEST:
            raise ValueError("too wide")
        return value
    raise AssertionError(f"rows with a {kind} do not travel")


def _of(kind: type[Any], value: Any) -> Any:
    """The value, of just this type: a truth value is no number."""
    if type(value) is not kind:
        raise TypeError(f"{kind.__name__} expected")
    return value
