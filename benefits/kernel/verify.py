"""Invariants (不变式): what must hold in every database, each one query that returns the rows that break it.

They are proven by the data alone, never by the trigger or the constraint that is meant to keep them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, Select, func, select
from sqlalchemy.sql.elements import ColumnElement

from benefits.kernel.errors import Refused
from benefits.kernel.scope import ROOT
from benefits.kernel.unit import ReadUnit

_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Invariant:
    """``code`` is also the catalogue key of its sentence (``members.invariant.place_agrees``); ``query``
    gives, for a dialect, the ids of the rows that break it.
    """

    code: str
    query: Callable[[str], Select[Any]]


@dataclass(frozen=True, slots=True)
class InvariantResult:
    """How an invariant fared: ``count`` rows break it, ``examples`` are the ids of the first of them."""

    code: str
    ok: bool
    count: int
    examples: tuple[int, ...]


def check(unit: ReadUnit, invariants: Iterable[Invariant]) -> tuple[InvariantResult, ...]:
    """Check each by one query. Only for somebody who sees everything: half a database breaks invariants
    that the whole one keeps. Raises Refused ``kernel.verify_needs_all``.
    """
    if unit.actor.scope != ROOT:
        raise Refused("kernel.verify_needs_all", user=unit.actor.name)
    return tuple(_check(unit, invariant) for invariant in invariants)


def _check(unit: ReadUnit, invariant: Invariant) -> InvariantResult:
    broken = invariant.query(unit.dialect).subquery()
    key = broken.c[0]
    rows = unit.session.execute(select(key, func.count().over()).order_by(key).limit(_EXAMPLES)).all()
    count = int(rows[0][1]) if rows else 0
    return InvariantResult(invariant.code, count == 0, count, tuple(int(row[0]) for row in rows))


def day_after(dialect: str, column: Any) -> ColumnElement[Any]:
    """The next day of a date column, in SQL."""
    if dialect == "sqlite":
        return func.date(column, "+1 day", type_=Date())
    return column + 1  # type: ignore[no-any-return]
