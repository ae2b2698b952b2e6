"""Reading batches and possible duplicates (导入批次、查重队列). Numbers are masked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.errors import Refused, Say, say
from benefits.kernel.ids import Sex
from benefits.kernel.text import mask_id, mask_phone
from benefits.kernel.unit import ReadUnit
from benefits.members.models import Member, Status
from benefits.organisations.models import Organisation
from benefits.rosters.batch import by_number, worded
from benefits.rosters.duplicates import candidate
from benefits.rosters.models import BatchState, CaseState, DuplicateCase, Mode, RosterBatch, RosterProblem


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as lists show it. ``rows`` = added + changed + same + queued + bad."""

    id: int
    number: str
    kind: str
    organisation: str
    file_name: str
    mode: Mode
    state: BatchState
    rows: int
    added: int
    changed: int
    same: int
    queued: int
    bad: int
    made_by: str
    made_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    undo_reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a row of a batch was left out; ``say`` in the reader's language."""

    row: int
    column: str
    cell: str
    key: str
    code: str
    name: str
    say: Say


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch with what it left out; ``open_cases`` wait for a clerk."""

    batch: BatchRow
    problems: tuple[LeftOut, ...]
    open_cases: int


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a possible duplicate. ``member_id`` None: a row of a file; ``organisation`` empty where it
    lies outside the actor's scope."""

    member_id: int | None
    name: str
    sex: Sex | None
    birth: date | None
    id_number: str
    phone: str
    organisation: str
    status: Status | None
    joined_on: date | None
    covers: int


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A possible duplicate, evidence and both sides. ``batch`` and ``row`` where it came from a file."""

    id: int
    state: CaseState
    evidence: tuple[Say, ...]
    left: Side
    right: Side
    batch: str | None
    row: int | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str


def batches(unit: ReadUnit, limit: int = 50, before: int | None = None) -> tuple[BatchRow, ...]:
    """Batches, the latest first; ``before``: the id of the last one seen."""
    query = _batches().order_by(col(RosterBatch.id).desc()).limit(limit)
    if before is not None:
        query = query.where(col(RosterBatch.id) < before)
    return tuple(_batch(found, place) for found, place in unit.exec(query))


def batch(unit: ReadUnit, number: str, lang: str = "zh") -> BatchView:
    """One batch with the reasons of the rows that it left out. Raises Refused ``rosters.batch_unknown``."""
    found = by_number(unit, number)
    place = unit.exec(select(Organisation.name).where(col(Organisation.id) == found.organisation_id)).first()
    rows = unit.exec(
        select(RosterProblem)
        .where(col(RosterProblem.batch_id) == found.id)
        .order_by(col(RosterProblem.row), col(RosterProblem.part))
    )
    waiting = unit.exec(
        select(func.count()).where(
            col(DuplicateCase.batch_id) == found.id, col(DuplicateCase.state) == CaseState.OPEN
        )
    ).one()
    return BatchView(_batch(found, place), tuple(_left_out(row, lang) for row in rows), waiting)


def _batches() -> Any:
    return select(RosterBatch, Organisation.name).join(
        Organisation, col(Organisation.id) == col(RosterBatch.organisation_id), isouter=True
    )


def _batch(found: RosterBatch, place: str | None) -> BatchRow:
    assert found.id is not None
    return BatchRow(
        found.id,
        found.number,
        found.kind,
        place or "",
        found.file_name,
        found.mode,
        found.state,
        found.rows,
        found.added,
        found.changed,
        found.same,
        found.queued,
        found.bad,
        found.made_by,
        found.made_at,
        found.undone_by,
        found.undone_at,
        found.undo_reason,
    )


def _left_out(row: RosterProblem, lang: str) -> LeftOut:
    kept = row.params
    sentence = say(row.code, **worded(kept.get("params", {}), lang))
    return LeftOut(
        row.row, kept.get("heading", ""), row.cell, row.column, row.code, kept.get("name", ""), sentence
    )


def count_cases(unit: ReadUnit, state: CaseState = CaseState.OPEN) -> int:
    """How many possible duplicates there are."""
    return unit.exec(select(func.count(col(DuplicateCase.id))).where(col(DuplicateCase.state) == state)).one()


def cases(
    unit: ReadUnit, state: CaseState | None = CaseState.OPEN, limit: int = 50, after: int = 0
) -> tuple[CaseRow, ...]:
    """Possible duplicates in the order in which they came; ``after``: the id of the last one seen."""
    query = select(DuplicateCase).where(col(DuplicateCase.id) > after)
    if state is not None:
        query = query.where(col(DuplicateCase.state) == state)
    return _shown(unit, list(unit.exec(query.order_by(col(DuplicateCase.id)).limit(limit))))


def case(unit: ReadUnit, case_id: int) -> CaseRow:
    """One possible duplicate. Raises Refused ``rosters.case_unknown``."""
    found = _shown(unit, list(unit.exec(select(DuplicateCase).where(col(DuplicateCase.id) == case_id))))
    if not found:
        raise Refused("rosters.case_unknown", case=case_id)
    return found[0]


def _shown(unit: ReadUnit, found: list[DuplicateCase]) -> tuple[CaseRow, ...]:
    ids = {one.member_id for one in found} | {one.other_id for one in found if one.other_id is not None}
    sides = _sides(unit, sorted(ids))
    places = _places(unit, found)
    numbers = dict(
        unit.exec(
            select(RosterBatch.id, RosterBatch.number).where(
                col(RosterBatch.id).in_([one.batch_id for one in found if one.batch_id is not None])
            )
        ).all()
    )
    gone = Side(None, "-", None, None, "", "", "", None, None, 0)
    return tuple(
        CaseRow(
            id=one.id or 0,
            state=one.state,
            evidence=tuple(say(f"rosters.evidence.{code}") for code in one.evidence.split(",")),
            left=sides.get(one.member_id, gone),
            right=_of_row(one, places) if one.candidate else sides.get(one.other_id or 0, gone),
            batch=numbers.get(one.batch_id),
            row=one.row,
            decided_by=one.decided_by,
            decided_at=one.decided_at,
            reason=one.reason,
        )
        for one in found
    )


def _sides(unit: ReadUnit, ids: list[int]) -> dict[int, Side]:
    covers = aliased(Enrollment)
    counted = (
        select(func.count(col(covers.id)))
        .where(col(covers.member_id) == col(Member.id), col(covers.state) == EnrollmentState.ACTIVE)
        .correlate(Member)
        .scalar_subquery()
    )
    rows = unit.exec(
        select(Member, Organisation.name, counted)
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True)
        .where(col(Member.id).in_(ids))
    )
    return {
        member.id or 0: Side(
            member.id,
            member.name,
            member.sex,
            member.birth,
            mask_id(member.id_number or ""),
            mask_phone(member.phone or ""),
            place or "",
            member.status,
            member.joined_on,
            count,
        )
        for member, place, count in rows
    }


def _places(unit: ReadUnit, found: list[DuplicateCase]) -> dict[int, str]:
    ids = {one.organisation_id for one in found}
    rows = unit.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(ids)))
    return {place or 0: name for place, name in rows}


def _of_row(one: DuplicateCase, places: dict[int, str]) -> Side:
    values = candidate(one)
    birth, joined = values.get("birth"), values.get("joined_on")
    return Side(
        None,
        values["name"],
        Sex(values["sex"]) if "sex" in values else None,
        date.fromisoformat(birth) if birth else None,
        mask_id(values.get("id_number", "")),
        mask_phone(values.get("phone", "")),
        places.get(one.organisation_id, ""),
        None,
        date.fromisoformat(joined) if joined else None,
        0,
    )
