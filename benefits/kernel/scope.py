"""Scope (数据范围): what part of the tree a user may see, decided at one place.

A scope is a path prefix (``/1/7/``); the root scope ``/`` sees all. A feature registers for each of its
tables how a row is tested against a scope; every ORM statement of a unit is then filtered, the SELECT inside
``INSERT … FROM SELECT`` too. Core-table selects, ``text()`` and ``session.connection()`` would not be, so a
lint forbids them outside the kernel.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption

ROOT = "/"

_criteria: dict[type[Any], Callable[[Any, str], ColumnElement[bool]]] = {}


def scoped(model: type[Any], criterion: Callable[[Any, str], ColumnElement[bool]]) -> None:
    """Rows of ``model`` are visible where ``criterion(model, scope)`` holds."""
    _criteria[model] = criterion


def scoped_models() -> tuple[type[Any], ...]:
    """The tables that are filtered (for tests that prove it)."""
    return tuple(_criteria)


def path_within(column: Any, scope: str) -> ColumnElement[bool]:
    """``column`` lies in the subtree of ``scope``: a byte range, so an index serves it on both engines."""
    return and_(column >= scope, column < scope[:-1] + chr(ord("/") + 1))


def loader_options(scope: str) -> list[LoaderCriteriaOption]:
    """The filters of one user's scope, for every statement of the unit; none for the root."""
    if scope == ROOT:
        return []
    return [
        with_loader_criteria(model, test(model, scope), include_aliases=True)
        for model, test in _criteria.items()
    ]
