"""How each table lies in the union tree: what makes a user's scope (数据范围) hold for every statement."""

from typing import Any

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.scope import path_within, scoped
from benefits.organisations.models import (
    Organisation,
    OrganisationKey,
    OrganisationName,
    OrganisationPosition,
)


def within_tree(scope: str) -> Any:
    """Ids of the organisations in a scope, as a subquery that never correlates with the statement around
    it."""
    tree = aliased(Organisation)
    return select(tree.id).where(path_within(col(tree.path), scope)).correlate(None)


def by_organisation(model: Any, scope: str) -> ColumnElement[bool]:
    """Rows whose ``organisation_id`` lies in the scope."""
    return model.organisation_id.in_(within_tree(scope))  # type: ignore[no-any-return]


def stands_within(organisation_id: Any, scope: str) -> ColumnElement[bool]:
    """Whether one organisation lies in the scope, asked of it alone."""
    place = aliased(Organisation)
    there = select(true()).where(col(place.id) == organisation_id, path_within(col(place.path), scope))
    return asked_alone(there.correlate_except(place))


def asked_alone(query: Any) -> ColumnElement[bool]:
    """Whether a query that reads a row by its key finds it; said so that PostgreSQL never gathers the set of
    all such rows instead."""
    return query.scalar_subquery().is_(true())  # type: ignore[no-any-return]


def by_owner(model: Any, scope: str) -> ColumnElement[bool]:
    """The same for search keys, asked a row at a time: a search reads few of many keys, in their order, and
    PostgreSQL must not join all that begin alike with the scope first."""
    return by_organisation(model, scope).is_(true())


scoped(Organisation, lambda model, scope: path_within(model.path, scope))
for _model in (OrganisationPosition, OrganisationName):
    scoped(_model, by_organisation)
scoped(OrganisationKey, by_owner)
