"""Possible duplicates follow the person when two records become one (合并重复): the case about these two is
decided by it.
"""

from sqlalchemy import and_, or_
from sqlmodel import col, select

from benefits.kernel.errors import Problem
from benefits.kernel.unit import WriteUnit
from benefits.members.merging import follows
from benefits.rosters.models import CaseState, DuplicateCase


def _blocks(unit: WriteUnit, survivor_id: int, other_id: int) -> tuple[Problem, ...]:
    """Nothing: a merge is what the queue is for."""
    return ()


def _moves(unit: WriteUnit, survivor_id: int, other_id: int) -> int:
    about_them = or_(
        *[
            and_(col(DuplicateCase.member_id) == one, col(DuplicateCase.other_id) == two)
            for one, two in ((survivor_id, other_id), (other_id, survivor_id))
        ]
    )
    for case in unit.exec(select(DuplicateCase).where(about_them)).all():
        if case.state is CaseState.OPEN:
            case.state, case.result_member_id = CaseState.SAME, survivor_id
            case.decided_by, case.decided_at = unit.actor.login, unit.clock.now()
    unit.session.flush()
    moved = 0
    touched = or_(
        col(DuplicateCase.member_id) == other_id,
        col(DuplicateCase.other_id) == other_id,
        col(DuplicateCase.result_member_id) == other_id,
    )
    for case in unit.exec(select(DuplicateCase).where(touched, ~about_them)).all():
        if case.member_id == other_id:
            case.member_id = survivor_id
        if case.other_id == other_id:
            case.other_id = survivor_id
        if case.result_member_id == other_id:
            case.result_member_id = survivor_id
        moved += 1
    unit.session.flush()
    return moved


follows("cases", tables=("duplicate_case",), blocks=_blocks, moves=_moves)
