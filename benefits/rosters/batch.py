"""What a batch keeps (导入批次): its counts, what each row wrote, what was wrong with those left out."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, groupby
from typing import Any

from sqlalchemy import tuple_
from sqlmodel import col, select

from benefits.access.counters import count_on
from benefits.kernel.bulk import write
from benefits.kernel.errors import Refused, Say
from benefits.kernel.messages import render
from benefits.kernel.text import cut, plain
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.rosters.check import Report
from benefits.rosters.kind import RowProblem, Trace
from benefits.rosters.models import DuplicateCase, Mode, RosterBatch, RosterProblem, RosterTrace

_TRACE = ("batch_id", "row", "part", "entity", "entity_id", "version", "before")
_PROBLEM = ("batch_id", "row", "part", "column", "cell", "code", "params")
_BLOCK = 5000


def new_batch(unit: WriteUnit, kind: str, organisation_id: int, file_name: str, mode: Mode) -> RosterBatch:
    """A batch with its number, DR-2026-0001 (导入)."""
    year = unit.today.year
    batch = RosterBatch(
        number=f"DR-{year}-{count_on(unit, f'roster:{year}'):04d}",
        kind=kind,
        organisation_id=organisation_id,
        file_name=cut(plain(file_name), 200)[:200],
        file_digest="",
        mode=mode,
        made_by=unit.actor.login,
        made_at=unit.clock.now(),
    )
    unit.session.add(batch)
    unit.session.flush()
    return batch


def close_batch(batch: RosterBatch, report: Report) -> None:
    """Write the counts that the whole file came to."""
    batch.file_digest = report.facts.digest
    for name in ("rows", "added", "changed", "same", "queued", "bad"):
        setattr(batch, name, getattr(report, name))


def keep_traces(unit: WriteUnit, batch_id: int, traces: Iterable[Trace]) -> int:
    """Keep what rows wrote; how many traces. A row's traces follow each other."""
    parts: dict[int, count[int]] = {}
    done = list(traces)  # writing them is done before they are kept: one connection does one thing at a time

    def rows() -> Iterator[tuple[Any, ...]]:
        for one in done:
            part = next(parts.setdefault(one.row, count()))
            before = None if one.before is None else json.dumps(one.before, ensure_ascii=False)
            yield batch_id, one.row, part, one.entity, one.entity_id, one.version, before

    return write(unit, RosterTrace, _TRACE, rows())


def keep_problems(unit: WriteUnit, batch_id: int, problems: Sequence[RowProblem]) -> int:
    """Keep why rows were left out, sentence and all (numbers are masked in it)."""

    def rows() -> Iterator[tuple[Any, ...]]:
        ordered = sorted(problems, key=lambda one: one.row)
        for row, group in groupby(ordered, key=lambda one: one.row):
            for part, one in enumerate(group):
                params = {"params": _plain(one.say), "name": one.name, "heading": one.column[:60]}
                yield batch_id, row, part, one.key, one.cell, one.say.key, params

    return write(unit, RosterProblem, _PROBLEM, rows())


def _plain(message: Say) -> dict[str, Any]:
    """The parameters of a sentence as JSON; a nested sentence keeps its key."""

    def value(one: object) -> Any:
        if isinstance(one, Say):
            return {"zh": render(one, "zh"), "en": render(one, "en")}
        return one if isinstance(one, int | float | str | bool) or one is None else str(one)

    return {name: value(one) for name, one in message.params.items()}


def worded(params: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Parameters of a kept sentence in a language."""
    return {name: one[lang] if isinstance(one, dict) else one for name, one in params.items()}


def by_number(unit: ReadUnit, number: str) -> RosterBatch:
    """The batch of a number. Raises Refused ``rosters.batch_unknown``."""
    found = unit.exec(select(RosterBatch).where(col(RosterBatch.number) == number.strip().upper())).first()
    if found is None:
        raise Refused("rosters.batch_unknown", batch=plain(number)[:24])
    return found


def traces_back(unit: ReadUnit, batch_id: int, but: Collection[int] = ()) -> Iterator[list[Trace]]:
    """What a batch wrote, the last first, in blocks that part no row; ``but``: rows to be left out."""
    place = tuple_(col(RosterTrace.row), col(RosterTrace.part))
    query = (
        select(RosterTrace)
        .where(col(RosterTrace.batch_id) == batch_id)
        .order_by(col(RosterTrace.row).desc(), col(RosterTrace.part).desc())
        .limit(_BLOCK)
    )
    last: RosterTrace | None = None
    while True:
        found = unit.exec(query if last is None else query.where(place < (last.row, last.part))).all()
        if not found:
            return
        whole = [one for one in found if len(found) < _BLOCK or one.row != found[-1].row] or found
        last = whole[-1]
        block = [_trace(one) for one in whole if one.row not in but]
        for one in found:
            unit.session.expunge(one)  # a million of them are not kept
        yield block


def decisions_back(unit: ReadUnit, batch_id: int) -> list[Trace]:
    """What decisions about the cases of a batch wrote after the import, the last first. They were made in any
    order of rows: the versions of a person tell in which."""
    rows = select(DuplicateCase.row).where(
        col(DuplicateCase.batch_id) == batch_id, col(DuplicateCase.result_member_id).is_not(None)
    )
    found = unit.exec(
        select(RosterTrace).where(col(RosterTrace.batch_id) == batch_id, col(RosterTrace.row).in_(rows))
    ).all()
    newest: dict[int, int] = {}
    for one in found:
        newest[one.row] = max(newest.get(one.row, 0), one.version or 0)
    ordered = sorted(found, key=lambda one: (newest[one.row], one.row, one.part), reverse=True)
    return [_trace(one) for one in ordered]


def _trace(kept: RosterTrace) -> Trace:
    before = None if kept.before is None else json.loads(kept.before)
    return Trace(kept.row, kept.entity, kept.entity_id, kept.version, before)
