"""Scope (数据范围): what part of the tree a user may see, decided at one place.

A scope is a path prefix (``/1/7/``); the root scope ``/`` sees all. A feature registers for each of its
tables how a row is tested against a scope; every ORM statement of a unit is then filtered, the SELECT inside
``INSERT … FROM SELECT`` too. Core-table selects, ``text()`` and ``session.connection()`` would not be, so a
lint forbids them outside the kernel.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm.util import LoaderCriteriaOption

ROOT = "/"

Filters = tuple[LoaderCriteriaOption, ...]
_SCOPES_KEPT = 16
"""A statement is kept for so many scopes; in each it takes some hundred kilobytes."""
_filtered: WeakKeyDictionary[Any, dict[int, tuple[Filters, Any]]] = WeakKeyDictionary()
Criterion = Callable[[Any, str], ColumnElement[bool]]
_criteria: dict[type[Any], Criterion] = {}
_by_row: dict[type[Any], Criterion] = {}
BY_ROW = "benefits_scope_by_row"
"""Execution option of a statement that reads few of very many rows, as a search does: the scope is asked of
each row, where else all that lies in the scope would be gathered first."""


class _Within(LoaderCriteriaOption):
    """A filter that follows an alias into the ON of a join too: the mapper takes it there as it was written,
    which then asks the table itself and leaves the alias unfiltered."""

    _traverse_internals = LoaderCriteriaOption._traverse_internals

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        test = super()._resolve_where_criteria(ext_info)
        return ext_info._adapter.traverse(test) if ext_info.is_aliased_class else test


def scoped(model: type[Any], criterion: Criterion, by_row: Criterion | None = None) -> None:
    """Rows of ``model`` are visible where ``criterion(model, scope)`` holds. ``by_row``: the same, said for
    statements with the option ``BY_ROW``."""
    _criteria[model] = criterion
    _by_row[model] = by_row or criterion


def scoped_models() -> tuple[type[Any], ...]:
    """The tables that are filtered (for tests that prove it)."""
    return tuple(_criteria)


def path_within(column: Any, scope: str) -> ColumnElement[bool]:
    """``column`` lies in the subtree of ``scope``: a byte range, so an index serves it on both engines."""
    return and_(column >= scope, column < scope[:-1] + chr(ord("/") + 1))


def loader_options(scope: str, by_row: bool = False) -> Filters:
    """The filters of one user's scope, for every statement of the unit; none for the root.

    They are made once: a statement with filters made anew would be compiled anew, which takes longer than
    any search.
    """
    return () if scope == ROOT else _made(scope, by_row, len(_criteria))


@lru_cache(maxsize=256)
def _made(scope: str, by_row: bool, _models: int) -> Filters:
    criteria = _by_row if by_row else _criteria
    return tuple(_Within(model, test(model, scope), include_aliases=True) for model, test in criteria.items())


def filtered(statement: Any, filters: Filters) -> Any:
    """A statement with the filters of a scope. One that is kept by whoever made it is filtered once a scope,
    and what the mapper has found out about it is found again: that takes longer than to run it.
    """
    known = _filtered.setdefault(statement, {})
    found = known.get(id(filters))
    if found is None or found[0] is not filters:
        if len(known) >= _SCOPES_KEPT:
            known.clear()
        found = known[id(filters)] = (filters, statement.options(*filters))
    return found[1]
