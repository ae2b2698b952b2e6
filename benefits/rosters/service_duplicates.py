"""Verbs on possible duplicates (疑似重复): what a clerk says of a case, and looking through the register for
more of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.reasons import reason_said
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.models import Member
from benefits.members.service_merge import merge
from benefits.organisations.models import Organisation
from benefits.rosters.batch import keep_traces
from benefits.rosters.duplicates import candidate
from benefits.rosters.kind import Kind
from benefits.rosters.models import CaseState, DuplicateCase

MOST_PAIRS = 10_000


@action("rosters.decide", permission="member.edit")
def decide(
    unit: WriteUnit,
    *,
    case_id: int,
    verdict: CaseState,
    reason: str,
    kind: Kind,
    keep: int | None = None,
) -> int | None:
    """Say of a possible duplicate what it is (处理疑似重复); the member that came of it.

    A row and a member: ``SAME`` writes what the row knows over the member (the name of the register stays),
    ``DISTINCT`` registers the row as somebody new, ``DROPPED`` leaves it out; an undo of the batch takes this
    back too. Two members: ``SAME`` merges them, ``keep`` survives (the older one); the other verdicts keep
    both.

    Raises Refused: ``rosters.case_unknown``, ``rosters.case_decided``, ``rosters.reason_…``,
    ``rosters.case_blocked`` with what the row contradicts, those of ``members.merge``.
    """
    case = unit.exec(select(DuplicateCase).where(col(DuplicateCase.id) == case_id)).first()
    if case is None:
        raise Refused("rosters.case_unknown", case=case_id)
    if case.state is not CaseState.OPEN:
        raise Refused("rosters.case_decided", case=case_id, by=case.decided_by or "-")
    reason = reason_said(reason, missing="rosters.reason_missing", long="rosters.reason_long")
    with unit.quietly():
        result = (
            _row(unit, case, verdict, kind) if case.candidate else _pair(unit, case, verdict, reason, keep)
        )
    case.state, case.reason, case.result_member_id = verdict, reason, result
    case.decided_by, case.decided_at = unit.actor.login, unit.clock.now()
    unit.record(f"case:{case_id}", verdict=verdict.value, member=case.member_id, result=result, reason=reason)
    return result


def _row(unit: WriteUnit, case: DuplicateCase, verdict: CaseState, kind: Kind) -> int | None:
    if verdict is CaseState.DROPPED:
        return None
    assert kind.settle is not None and case.batch_id is not None and case.row is not None
    same = case.member_id if verdict is CaseState.SAME else None
    result, traces = kind.settle(unit, case.row, candidate(case), same)
    keep_traces(unit, case.batch_id, traces)
    return result


def _pair(
    unit: WriteUnit, case: DuplicateCase, verdict: CaseState, reason: str, keep: int | None
) -> int | None:
    if verdict is not CaseState.SAME:
        return None
    pair = (case.member_id, case.other_id)
    survivor = case.member_id if keep is None else keep
    if survivor not in pair:
        raise Refused("rosters.keep_unknown", member=survivor)
    other = next(one for one in pair if one is not None and one != survivor)
    merge(unit, survivor_id=survivor, other_id=other, reason=reason)
    return survivor


@action("rosters.scan_duplicates", permission="member.edit")
def scan_duplicates(unit: WriteUnit, *, path: str = "/") -> int:
    """Look through a part of the register for two records of one person (全库查重): the same name and birth
    where a number is missing or ends alike, or the same name and phone. How many new cases; what was decided
    before is not asked again.
    """
    known = set(
        unit.exec(
            select(DuplicateCase.member_id, DuplicateCase.other_id).where(
                col(DuplicateCase.other_id).is_not(None)
            )
        )
    )
    found: dict[tuple[int, int], tuple[int, list[str]]] = {}
    for evidence, older, younger, place in _pairs(unit, path):
        if (older, younger) not in known:
            found.setdefault((older, younger), (place, []))[1].append(evidence)
    for (older, younger), (place, why) in found.items():
        unit.session.add(
            DuplicateCase(
                organisation_id=place,
                member_id=older,
                other_id=younger,
                evidence=",".join(dict.fromkeys(why)),
            )
        )
    if found:
        unit.record(f"cases:{path}", found=len(found))
    return len(found)


def _pairs(unit: ReadUnit, path: str) -> Iterator[tuple[str, int, int, int]]:
    older, younger = aliased(Member), aliased(Member)
    alike = or_(
        col(older.id_last4).is_(None),
        col(younger.id_last4).is_(None),
        col(older.id_last4) == col(younger.id_last4),
    )
    tests: Sequence[tuple[str, Any]] = (
        ("name_birth", and_(col(older.birth) == col(younger.birth), alike)),
        ("name_phone", col(older.phone_digest) == col(younger.phone_digest)),
    )
    for evidence, test in tests:
        rows = unit.exec(
            select(older.id, younger.id, younger.organisation_id)
            .join(younger, and_(test, col(older.name) == col(younger.name), col(older.id) < col(younger.id)))
            .join(Organisation, col(Organisation.id) == col(younger.organisation_id))
            .where(
                path_within(col(Organisation.path), path),
                col(older.merged_into_id).is_(None),
                col(older.organisation_id).is_not(None),
            )
            .limit(MOST_PAIRS)
        )
        for one, other, place in rows:
            yield evidence, one or 0, other or 0, place or 0
