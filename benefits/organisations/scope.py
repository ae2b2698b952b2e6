"""How each table lies in the union tree: what makes a user's scope (数据范围) hold for every statement."""

from typing import Any

from sqlalchemy import ColumnElement
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


scoped(Organisation, lambda model, scope: path_within(model.path, scope))
for _model in (OrganisationPosition, OrganisationName, OrganisationKey):
    scoped(_model, by_organisation)
