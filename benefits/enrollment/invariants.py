"""What must hold of the covers. The overlap is proven by joining terms with each other, not by the guard
that forbids it.
"""

from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.verify import Invariant
from benefits.plans.models import PlanEdition


def _overlap(_dialect: str) -> Select[Any]:
    one, other = Enrollment, aliased(Enrollment)
    clash = and_(
        col(other.member_id) == col(one.member_id),
        col(other.plan_id) == col(one.plan_id),
        col(other.id) != col(one.id),
        col(other.state) == EnrollmentState.ACTIVE,
        col(other.starts) <= col(one.ends),
        col(other.ends) >= col(one.starts),
    )
    return select(col(one.id)).join(other, clash).where(col(one.state) == EnrollmentState.ACTIVE)


def _edition(_dialect: str) -> Select[Any]:
    edition = col(PlanEdition.id) == col(Enrollment.edition_id)
    return (
        select(col(Enrollment.id))
        .join(PlanEdition, edition)
        .where(col(PlanEdition.plan_id) != col(Enrollment.plan_id))
    )


def _prior(_dialect: str) -> Select[Any]:
    """Of the same member, in the books, and before. The plan may be another one where a run wrote the term:
    the plan that succeeds the one that ended."""
    prior = aliased(Enrollment)
    active = EnrollmentState.ACTIVE
    wrong = or_(
        col(prior.member_id) != col(Enrollment.member_id),
        and_(col(prior.plan_id) != col(Enrollment.plan_id), col(Enrollment.run_id).is_(None)),
        and_(col(prior.state) != active, col(Enrollment.state) == active),
        col(prior.ends) >= col(Enrollment.starts),
    )
    return select(col(Enrollment.id)).join(prior, col(prior.id) == col(Enrollment.prior_id)).where(wrong)


def _dates(_dialect: str) -> Select[Any]:
    starts, ends = col(Enrollment.starts), col(Enrollment.ends)
    return select(col(Enrollment.id)).where(
        or_(
            ~col(Enrollment.waiting_until).between(starts, ends),
            ~col(Enrollment.exhausted_on).between(starts, ends),
        )
    )


def _continuity(_dialect: str) -> Select[Any]:
    return select(col(Enrollment.id)).where(col(Enrollment.continuous_since) > col(Enrollment.starts))


INVARIANTS = (
    Invariant("enrollment.invariant.no_overlap", _overlap),
    Invariant("enrollment.invariant.edition_of_plan", _edition),
    Invariant("enrollment.invariant.prior_of_same", _prior),
    Invariant("enrollment.invariant.dates_in_term", _dates),
    Invariant("enrollment.invariant.continuity", _continuity),
)
