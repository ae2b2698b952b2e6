"""Terms of a batch that is still being written (待生效) are not in force (DESIGN law 5).

Batches come after enrollment in the house, so each says here which of its runs are unfinished.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select

from benefits.kernel.unit import ReadUnit

_sources: list[Callable[[], Select[Any]]] = []


def unfinished(source: Callable[[], Select[Any]]) -> Callable[[], Select[Any]]:
    """Register a SELECT of the ids of runs (``Enrollment.run_id``) whose terms are not in force yet."""
    _sources.append(source)
    return source


def unfinished_runs(unit: ReadUnit) -> frozenset[int]:
    """Runs that are still being written, whoever asks: a street sees the terms of the district's run."""
    with unit.beyond_scope():
        return frozenset(run for source in _sources for run in unit.session.scalars(source()))
