"""Scope of rosters: a batch is seen by those who see the unit it was about; its rows follow it."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.scope import scoped
from benefits.organisations.scope import by_organisation, within_tree
from benefits.rosters.models import DuplicateCase, RosterBatch, RosterMapping, RosterProblem, RosterTrace


def by_batch(model: Any, scope: str) -> ColumnElement[bool]:
    """Rows whose batch lies in the scope."""
    batch = aliased(RosterBatch)
    seen = select(batch.id).where(col(batch.organisation_id).in_(within_tree(scope)))
    return model.batch_id.in_(seen.correlate(None))  # type: ignore[no-any-return]


for _model in (RosterBatch, RosterMapping, DuplicateCase):
    scoped(_model, by_organisation)
for _rows in (RosterTrace, RosterProblem):
    scoped(_rows, by_batch)
