"""Key sets of a run (键集): the few units and people whom a reason is about, each a subquery that the engine
reads once and that is left out where it is empty (DESIGN law 15)."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.unit import ReadUnit
from benefits.members.models import Membership, Standing
from benefits.organisations.models import Organisation


def if_any(unit: ReadUnit, keys: Any) -> Any | None:
    """A set of keys, or None where it is empty and nobody need be asked."""
    return None if unit.session.execute(keys.limit(1)).first() is None else keys


def not_written_by(run_id: int | None, model: Any = Enrollment) -> ColumnElement[bool]:
    """Terms that a run did not write itself: what it is asked about again when it goes on."""
    return or_(col(model.run_id).is_(None), col(model.run_id) != (run_id or 0))


def closed_units(starts: date) -> Select[Any]:
    """Units whose last day (撤销) comes before the term: nobody is left there to be billed."""
    return select(col(Organisation.id)).where(col(Organisation.closed) < starts)


def expired_outside(
    plans: tuple[int, ...], window: tuple[date, date], days: tuple[date, date], run_id: int | None
) -> Select[int]:
    """People whose term expired outside the window, on the first of ``days`` or later and before the second.

    A window with that day in it renews them without a gap and without waiting (DOMAIN 0.4); to add them
    would take both away.
    """
    held = aliased(Enrollment)
    return select(col(held.member_id)).where(
        col(held.plan_id).in_(plans),
        col(held.state) == EnrollmentState.ACTIVE,
        col(held.ends) >= days[0],
        col(held.ends) < days[1],
        not_(col(held.ends).between(*window)),
        not_written_by(run_id, held),
    )


def first_anniversaries(plan_id: int, window: tuple[date, date], run_id: int | None) -> Select[int, date]:
    """(unit, expiry date of the first terms that it paid for and that end in the window)."""
    held = aliased(Enrollment)
    return (
        select(col(held.organisation_id), func.min(col(held.ends)).label("ends"))
        .where(
            col(held.plan_id) == plan_id,
            col(held.ends).between(*window),
            col(held.state) == EnrollmentState.ACTIVE,
            not_written_by(run_id, held),
        )
        .group_by(col(held.organisation_id))
    )


def holders(plans: tuple[int, ...], starts: date, ends: date) -> Select[int]:
    """People with cover of one of ``plans`` on a day of a term."""
    held = aliased(Enrollment)
    return select(col(held.member_id)).where(
        col(held.plan_id).in_(plans),
        col(held.state) == EnrollmentState.ACTIVE,
        col(held.starts) <= ends,
        col(held.ends) >= starts,
    )


def second_unions(starts: date) -> Select[int, int]:
    """(member, union) of memberships that are a person's second one on the first day of a term
    (重复入会)."""
    return select(col(Membership.member_id), col(Membership.organisation_id)).where(
        col(Membership.standing) == Standing.SECOND,
        col(Membership.starts) <= starts,
        or_(col(Membership.ends).is_(None), col(Membership.ends) >= starts),
    )
