"""Applying a whole run: one unit where it fits, else chunk by chunk (分段生效), with progress and a way to
stop between chunks."""

from collections.abc import Callable
from dataclasses import dataclass

from benefits.kernel.actions import Actor, action
from benefits.kernel.unit import Database, ReadUnit, WriteUnit
from benefits.renewal.apply import Progress, apply_chunk, finish, start
from benefits.renewal.review import get_run
from benefits.renewal.service import totals

CHUNK = 50_000
"""Decisions a commit: chunks of 10–50 thousand cost about 5 %, one a unit would cost nine times."""


@dataclass(frozen=True, slots=True)
class Applied:
    """Outcome: ``changed`` False means that the run had been applied before and nothing was done;
    ``finished`` False that it was stopped between two chunks and the same command goes on."""

    run: str
    changed: bool
    finished: bool


def apply_run(
    database: Database,
    actor: Actor,
    run: str,
    *,
    chunk: int = CHUNK,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Applied:
    """Apply a run, or go on with one that was stopped or killed. Raises Refused as ``apply.start`` and
    ``apply.finish`` do."""
    tell = progress or (lambda _done, _total: None)
    with database.read(actor) as unit:
        whole = _size(unit, run) <= chunk
    if whole:
        state = database.act(actor, apply_whole, run=run, size=chunk)
        tell(state.done, state.total)
        return Applied(run, state.changed, True)
    state = database.act(actor, start, run=run)
    changed = state.changed
    while state.changed and state.done < state.total:
        tell(state.done, state.total)
        if cancelled is not None and cancelled():
            return Applied(run, True, False)
        state = database.act(actor, apply_chunk, run=run, size=chunk, before=state.done)
    tell(state.total, state.total)
    database.act(actor, finish, run=run)
    return Applied(run, changed, True)


@action("renewal.apply")
def apply_whole(unit: WriteUnit, *, run: str, size: int) -> Progress:
    """A run that fits into one unit: all of it, or nothing (整批生效)."""
    state = start(unit, run=run)
    if not state.changed:
        return state
    apply_chunk(unit, run=run, size=size, before=state.done)
    finish(unit, run=run)
    return Progress(run, state.total, state.total, True)


def _size(unit: ReadUnit, run: str) -> int:
    found = get_run(unit, run)
    assert found.id is not None
    return totals(unit, found.id)["candidates"]
