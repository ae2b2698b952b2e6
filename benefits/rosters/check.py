"""Checking a roster (核对花名册): one pass over a file that reads, judges and counts every row.

An import is the same pass with a writer, so that what was shown is what is done. Nothing of the file is kept
but what must be told.
"""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.text import shown
from benefits.kernel.unit import ReadUnit
from benefits.organisations.queries import OrganisationRow, by_code, top
from benefits.rosters.chunks import chunks
from benefits.rosters.duplicates import settled
from benefits.rosters.files.cells import Block
from benefits.rosters.files.reading import FileFacts, Opened, open_sheet
from benefits.rosters.heads import Head, Peekable, find_head, plain_heading
from benefits.rosters.kind import Change, Chunk, Job, Kind, Misread, Outcome, RowProblem, Step
from benefits.rosters.mapping import remembered

MOST_CHANGES = 1000
"""Changes that a report keeps, to be looked at; all are counted."""

Progress = Callable[[int, int], None]
"""Rows done, and rows in all (0: not known)."""
Writer = Callable[[Job, Sequence[Step] | None], None]
"""Given what each chunk of rows writes, and None when the file is done."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read. ``organisation``: code of the unit of rows that name none; ``mapping``:
    heading -> key of a column, empty: leave it out; ``options``: settings of the kind for the whole file."""

    organisation: str | None = None
    sheet: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that would change something, or be queued: who, and what becomes what (masked)."""

    row: int
    name: str
    outcome: Outcome
    changes: tuple[Change, ...]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a file (核对结果). ``rows`` = added + changed + same + queued + bad."""

    facts: FileFacts
    head: Head
    kind: str
    organisation_id: int
    rows: int
    added: int
    changed: int
    same: int
    queued: int
    bad: int
    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    skipped: tuple[RowProblem, ...]
    """Rows that are no data: totals, signatures, the head once more."""
    changes: tuple[RowChange, ...]
    """The first of the rows that change something or are queued."""
    reads: Mapping[str, str]
    """Letter of the column -> its key, as it was read."""

    @property
    def good(self) -> int:
        """Rows that have no problem."""
        return self.rows - self.bad

    def writes(self) -> int:
        """Rows that change the database."""
        return self.added + self.changed + self.queued


def check(
    unit: ReadUnit, path: Path, kind: Kind, asked: Asked | None = None, progress: Progress | None = None
) -> Report:
    """Read and judge every row of a file, and write nothing.

    Raises Refused ``rosters.file_…`` for a file that cannot be read, ``rosters.head_missing`` where the
    columns are not found, ``rosters.option_…`` for a setting, ``organisations.unknown``.
    """
    return work_through(unit, path, kind, asked or Asked(), None, progress)


def work_through(
    unit: ReadUnit, path: Path, kind: Kind, asked: Asked, writer: Writer | None, progress: Progress | None
) -> Report:
    """One pass; ``writer`` is given what each chunk of rows writes, before the next is judged."""
    job = _job(unit, kind, asked)
    with open_sheet(path, sheet=asked.sheet) as opened, _few_collections() as collect:
        head, blocks = _head(opened, unit, kind, job, asked)
        tally = _Tally()
        for chunk in chunks(blocks, head, kind, unit.today, tally.skipped):
            steps = settled(unit, kind.judge(job, chunk))
            tally.add(chunk, steps)
            if writer is not None:
                writer(job, [step for step in steps if step is not None])
            if progress is not None:
                progress(tally.rows, 0)
            del chunk, steps
            collect()
        if writer is not None:
            writer(job, None)
        facts = opened.facts
    return tally.report(facts, head, kind, job.organisation or job.place)


@contextmanager
def _few_collections() -> Iterator[Callable[[], object]]:
    """Python looks for rings of dead objects whenever some thousands were made, among all that there are; a
    chunk of rows makes a hundred thousand and hardly a ring. Inside it looks only when the given function is
    called, and only among what was made since it began."""
    if not gc.isenabled():
        yield lambda: None
        return
    gc.freeze()
    gc.disable()
    try:
        yield gc.collect
    finally:
        gc.enable()
        gc.unfreeze()


def _job(unit: ReadUnit, kind: Kind, asked: Asked) -> Job:
    place = top(unit)
    organisation: OrganisationRow | None = by_code(unit, asked.organisation) if asked.organisation else None
    options = options_read(kind, asked.options, unit.today)
    return Job(unit, kind, unit.today, organisation or place, organisation, options)


def options_read(kind: Kind, given: Mapping[str, str], today: date) -> dict[str, Any]:
    """Settings for the whole file, read. Raises Refused ``rosters.option_unknown`` or
    ``rosters.option_wrong``."""
    known = {option.name: option for option in kind.options}
    options: dict[str, Any] = {}
    for name, text in given.items():
        if name not in known:
            raise Refused("rosters.option_unknown", option=name, known="、".join(known) or "-")
        try:
            options[name] = known[name].read(text, today)
        except Misread as wrong:
            said = say(wrong.code, **wrong.params)
            raise Refused("rosters.option_wrong", option=say(f"rosters.option.{name}"), why=said) from None
    return options


def _head(opened: Opened, unit: ReadUnit, kind: Kind, job: Job, asked: Asked) -> tuple[Head, Iterator[Block]]:
    for heading, key in asked.mapping.items():
        if key and key not in kind.names():
            raise Refused("rosters.mapping_unknown", heading=shown(heading), key=key)
    known = remembered(unit, job.place.id, kind.name)
    known |= {plain_heading(heading): key for heading, key in asked.mapping.items()}
    blocks = Peekable(opened.blocks())
    head = find_head(blocks, kind.names(), kind.required(), known)
    problems = list(head.doubled)
    for key in head.missing:
        words = say("rosters.column_missing", column=kind.column(key).title)
        problems.append(Problem("rosters.column_missing", words, field=key))
    if not head.row or problems:
        texts = head.seen or [cell.text for cell in head.columns if cell.text]
        seen = "、".join(map(shown, texts)) or "-"
        code = "rosters.head_missing" if head.row else "rosters.head_nowhere"
        where = {"row": head.row} if head.row else {}
        raise Refused(code, kind=kind.title, seen=seen, problems=tuple(problems), **where)
    _options_said(kind, job, {cell.key for cell in head.columns})
    return head, blocks.after(head.row)


def _options_said(kind: Kind, job: Job, columns: set[str | None]) -> None:
    for option in kind.options:
        if option.required and option.name not in job.options and option.name not in columns:
            words = say(f"rosters.option.{option.name}")
            raise Refused("rosters.option_missing", option=words, name=option.name)


class _Tally:
    """What has been counted so far."""

    def __init__(self) -> None:
        self.rows = 0
        self.bad = 0
        self.outcomes: Counter[Outcome] = Counter()
        self.problems: list[RowProblem] = []
        self.warnings: list[RowProblem] = []
        self.skipped: list[RowProblem] = []
        self.changes: list[RowChange] = []

    def add(self, chunk: Chunk, steps: Sequence[Step | None]) -> None:
        assert len(steps) == len(chunk.rows), "a step a row"
        self.rows += len(chunk.rows)
        self.bad += sum(step is None for step in steps)
        self.outcomes.update(step.outcome for step in steps if step is not None)
        self.problems += sorted(chunk.problems, key=lambda problem: problem.row)
        self.warnings += chunk.warnings
        for step in steps:
            if len(self.changes) >= MOST_CHANGES:
                break
            if step is not None and (step.changes or step.evidence):
                self.changes.append(RowChange(step.row, step.name, step.outcome, step.changes, step.evidence))

    def report(self, facts: FileFacts, head: Head, kind: Kind, place: OrganisationRow) -> Report:
        counts = {outcome.value: self.outcomes[outcome] for outcome in Outcome}
        assert self.rows == self.bad + sum(counts.values()), "every row is counted once"
        return Report(
            facts=facts,
            head=head,
            kind=kind.name,
            organisation_id=place.id,
            rows=self.rows,
            **counts,
            bad=self.bad,
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
            skipped=tuple(self.skipped),
            changes=tuple(self.changes),
            reads={cell.letter: cell.key for cell in head.columns if cell.key},
        )
