"""Verbs on rosters (花名册): import, undo, decide a possible duplicate, remember columns."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.reasons import reason_said
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.queries import by_code
from benefits.rosters.batch import (
    by_number,
    close_batch,
    decisions_back,
    keep_problems,
    keep_traces,
    new_batch,
    traces_back,
)
from benefits.rosters.check import Asked, Progress, Report, work_through
from benefits.rosters.duplicates import queue, unasked
from benefits.rosters.kind import Job, Kind, Outcome, RowProblem, Step
from benefits.rosters.mapping import remember
from benefits.rosters.models import (
    BatchState,
    DuplicateCase,
    Mode,
    RosterBatch,
    RosterMapping,
    RosterProblem,
    RosterTrace,
)

_WRITES = (Outcome.ADDED, Outcome.CHANGED)
MOST_BLOCKS = 1000


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``batch`` None: everything is in the database as the file says, and nothing was
    written."""

    batch: str | None
    report: Report


@dataclass(frozen=True, slots=True)
class Undone:
    """A batch that was taken back: how many of its traces, and of its cases, decided or not."""

    batch: str
    taken_back: int
    cases: int


@action("rosters.import_roster", permission="roster.import")
def import_roster(
    unit: WriteUnit,
    *,
    path: Path,
    kind: Kind,
    mode: Mode,
    asked: Asked | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Import a roster (导入花名册) in this one transaction, as a batch that can be undone.

    ``Mode.ALL``: one bad row and nothing is written; ``Mode.GOOD``: bad rows are left out, each with its
    reasons in the batch. Rows that may be somebody who is registered wait in the queue in both. A file whose
    rows are all in the database already changes nothing and makes no batch.

    Raises Refused ``rosters.not_clean`` with every problem, those of ``check``, and ``access.not_permitted``.
    """
    asked = asked or Asked()
    _permitted(unit, kind)
    made: list[RosterBatch] = []

    def writer(job: Job, steps: Sequence[Step] | None) -> None:
        if steps is None:
            if made and kind.finish is not None:
                with _written_once(unit):
                    kind.finish(unit, job)
            return
        writing = [step for step in steps if step.outcome in _WRITES]
        fresh = unasked(unit, steps)
        if not writing and not fresh:
            return
        if not made:
            made.append(new_batch(unit, kind.name, job.place.id, path.name, mode))
        batch_id = made[0].id
        assert batch_id is not None
        job.batch = made[0].number
        with _written_once(unit):
            keep_traces(unit, batch_id, kind.write(unit, job, writing))
        queue(unit, batch_id, fresh)

    report = work_through(unit, path, kind, asked, writer, progress)
    if mode is Mode.ALL and report.bad:
        raise Refused(
            "rosters.not_clean",
            bad=report.bad,
            rows=report.rows,
            problems=tuple(map(_problem, report.problems)),
        )
    if asked.mapping and remember(unit, report.organisation_id, kind.name, asked.mapping):
        unit.record(f"organisation:{report.organisation_id}", kind=kind.name, columns=len(asked.mapping))
    if not made:
        return Imported(None, report)
    batch = made[0]
    assert batch.id is not None
    close_batch(batch, report)
    keep_problems(unit, batch.id, report.problems)
    counts = {name: getattr(batch, name) for name in ("rows", "added", "changed", "same", "queued", "bad")}
    unit.record(f"roster:{batch.number}", kind=kind.name, file=report.facts.digest, mode=mode.value, **counts)
    return Imported(batch.number, report)


@contextmanager
def _written_once(unit: WriteUnit) -> Iterator[None]:
    """Rows are written, quietly; where another clerk wrote the same meanwhile, every row is judged again."""
    try:
        with unit.quietly():
            yield
    except IntegrityError as error:
        raise Refused("kernel.busy", why="identity") from error


def _permitted(unit: ReadUnit, kind: Kind) -> None:
    if not unit.actor.may(kind.permission):
        raise Refused("rosters.kind_not_permitted", user=unit.actor.name, kind=kind.title)


def _problem(one: RowProblem) -> Problem:
    return Problem(one.code, say("rosters.at_cell", cell=one.cell or one.row, what=one.say), one.row, one.key)


@action("rosters.undo", permission="roster.import")
def undo(unit: WriteUnit, *, batch: str, reason: str, kinds: Mapping[str, Kind]) -> Undone:
    """Take a batch back (撤销导入): exactly what its rows wrote, and its cases; it stays on record as undone.

    Raises Refused: ``rosters.batch_unknown``, ``rosters.undone_already``, ``rosters.undo_blocked`` with
    everybody who was changed since or on whom something hangs; then nothing is taken back.
    """
    found = by_number(unit, batch)
    assert found.id is not None
    kind = kinds[found.kind]
    _permitted(unit, kind)
    reason = reason_said(reason, missing="rosters.reason_missing", long="rosters.reason_long")
    if found.state is BatchState.UNDONE:
        raise Refused("rosters.undone_already", batch=found.number, by=found.undone_by or "-")
    decided = decisions_back(unit, found.id)  # made after the import, so taken back before it
    apart = {one.row for one in decided}
    cases = _drop_cases(unit, found.id)
    problems: list[Problem] = []
    taken = 0
    with unit.quietly():
        for block in chain(filter(None, [decided]), traces_back(unit, found.id, apart)):
            problems += kind.undo(unit, block)
            taken += len(block)
            unit.session.flush()
            if len(problems) > MOST_BLOCKS:
                break
    if problems:
        raise Refused(
            "rosters.undo_blocked", batch=found.number, count=len(problems), problems=tuple(problems)
        )
    unit.exec(delete(RosterTrace).where(col(RosterTrace.batch_id) == found.id))
    unit.exec(delete(RosterProblem).where(col(RosterProblem.batch_id) == found.id))
    found.state, found.undo_reason = BatchState.UNDONE, reason
    found.undone_by, found.undone_at = unit.actor.login, unit.clock.now()
    unit.record(f"roster:{found.number}", taken_back=taken, cases=cases, reason=reason)
    return Undone(found.number, taken, cases)


def _drop_cases(unit: WriteUnit, batch_id: int) -> int:
    """Cases of a batch go with it; what was decided about them is among its traces."""
    ids = unit.exec(select(DuplicateCase.id).where(col(DuplicateCase.batch_id) == batch_id)).all()
    unit.exec(delete(DuplicateCase).where(col(DuplicateCase.batch_id) == batch_id))
    return len(ids)


@action("rosters.remember", permission="roster.import")
def remember_columns(unit: WriteUnit, *, organisation: str, kind: Kind, mapping: Mapping[str, str]) -> int:
    """Remember how a unit heads its columns (记住列对应); how many are new. An empty key leaves a column out.

    Raises Refused ``rosters.mapping_unknown``, ``organisations.unknown``.
    """
    place = by_code(unit, organisation)
    for heading, key in mapping.items():
        if key and key not in kind.names():
            raise Refused("rosters.mapping_unknown", heading=heading, key=key)
    changed = remember(unit, place.id, kind.name, mapping)
    if changed:
        unit.record(f"organisation:{place.id}", kind=kind.name, columns=changed)
    return changed


@action("rosters.forget", permission="roster.import")
def forget_columns(unit: WriteUnit, *, organisation: str, kind: Kind) -> int:
    """Forget how a unit heads its columns (清除列对应); how many there were."""
    place = by_code(unit, organisation)
    here = (col(RosterMapping.organisation_id) == place.id, col(RosterMapping.kind) == kind.name)
    known = unit.exec(select(RosterMapping.heading).where(*here)).all()
    unit.exec(delete(RosterMapping).where(*here))
    unit.record(f"organisation:{place.id}", kind=kind.name, forgotten=len(known))
    return len(known)
