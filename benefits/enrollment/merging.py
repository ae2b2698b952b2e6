"""Covers follow the person when two records become one (合并重复)."""

from sqlalchemy import update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.errors import Problem, say
from benefits.kernel.unit import WriteUnit
from benefits.members.merging import follows
from benefits.plans.models import Plan


def _blocks(unit: WriteUnit, survivor_id: int, other_id: int) -> tuple[Problem, ...]:
    """Terms of both in one plan that overlap: which of the two stands is for a clerk to say first."""
    other = aliased(Enrollment)
    query = (
        select(Plan.name_zh, Enrollment, other)
        .join(other, col(other.plan_id) == col(Enrollment.plan_id))
        .join(Plan, col(Plan.id) == col(Enrollment.plan_id))
        .where(
            col(Enrollment.member_id) == survivor_id,
            col(other.member_id) == other_id,
            col(Enrollment.state) == EnrollmentState.ACTIVE,
            col(other.state) == EnrollmentState.ACTIVE,
            col(Enrollment.starts) <= col(other.ends),
            col(other.starts) <= col(Enrollment.ends),
        )
        .order_by(col(Enrollment.starts))
    )
    code = "enrollment.merge_overlap"
    return tuple(
        Problem(
            code,
            say(
                code,
                plan=plan,
                starts=one.starts,
                ends=one.ends,
                other_starts=two.starts,
                other_ends=two.ends,
            ),
        )
        for plan, one, two in unit.exec(query)
    )


def _moves(unit: WriteUnit, survivor_id: int, other_id: int) -> int:
    terms = update(Enrollment).where(col(Enrollment.member_id) == other_id).values(member_id=survivor_id)
    options = {"synchronize_session": False, "preserve_rowcount": True}
    result = unit.session.execute(terms.execution_options(**options))
    return int(result.rowcount)  # type: ignore[attr-defined]


follows("enrollment", tables=("enrollment",), blocks=_blocks, moves=_moves)
