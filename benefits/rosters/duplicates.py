"""Possible duplicates (疑似重复): a row that may be somebody who is registered waits for a clerk's word.

A row that was decided on before is not asked about again, in whatever file it comes back.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from benefits.kernel.sealed import digest
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.rosters.kind import Outcome, Step
from benefits.rosters.models import CaseState, DuplicateCase


def canonical(values: Mapping[str, Any]) -> str:
    """The values of a row as JSON, the same for the same row."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def candidate_digest(values: Mapping[str, Any]) -> bytes:
    """What makes a row of another file the same case."""
    return digest("roster.candidate", canonical(values))


def _known(unit: ReadUnit, digests: Sequence[bytes]) -> dict[bytes, CaseState]:
    rows = unit.exec(select(DuplicateCase).where(col(DuplicateCase.candidate_digest).in_(digests)))
    return {row.candidate_digest: row.state for row in rows if row.candidate_digest is not None}


def settled(unit: ReadUnit, steps: list[Step | None]) -> list[Step | None]:
    """Steps, with those that were decided before counted as no change."""
    queued = [step for step in steps if step is not None and step.outcome is Outcome.QUEUED]
    if not queued:
        return steps
    marks = {step.row: candidate_digest(step.values) for step in queued}
    known = _known(unit, list(marks.values()))

    def now(step: Step | None) -> Step | None:
        if step is None or step.row not in marks:
            return step
        state = known.get(marks[step.row], CaseState.OPEN)
        return step if state is CaseState.OPEN else step._replace(outcome=Outcome.SAME, evidence=())

    return [now(step) for step in steps]


def unasked(unit: ReadUnit, steps: Iterable[Step]) -> dict[bytes, Step]:
    """The queued rows that nobody has been asked about yet, each once."""
    wanted = {candidate_digest(step.values): step for step in steps if step.outcome is Outcome.QUEUED}
    known = _known(unit, list(wanted))
    return {mark: step for mark, step in wanted.items() if mark not in known}


def queue(unit: WriteUnit, batch_id: int, fresh: Mapping[bytes, Step]) -> None:
    """Put rows into the queue (进入查重队列)."""
    for mark, step in fresh.items():
        assert step.entity_id is not None and step.organisation_id is not None
        unit.session.add(
            DuplicateCase(
                organisation_id=step.organisation_id,
                batch_id=batch_id,
                row=step.row,
                candidate=canonical(step.values),
                candidate_digest=mark,
                member_id=step.entity_id,
                evidence=",".join(step.evidence),
            )
        )
    unit.session.flush()


def candidate(case: DuplicateCase) -> dict[str, Any]:
    """The values of the row that waits in a case."""
    assert case.candidate is not None
    found: dict[str, Any] = json.loads(case.candidate)
    return found
