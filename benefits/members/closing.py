"""People keep a unit from being closed: their memberships go to another union first [S80]."""

from datetime import date

from sqlalchemy import func, or_
from sqlmodel import col, select

from benefits.kernel.errors import Problem, say
from benefits.kernel.unit import ReadUnit
from benefits.members.models import Membership
from benefits.organisations.closing import stands_in_the_way


@stands_in_the_way
def people_left(unit: ReadUnit, organisation_id: int, on: date) -> Problem | None:
    """Who is still a member on the day after a unit's last day, retired people too (保留会籍)."""
    count = unit.exec(
        select(func.count(col(Membership.member_id).distinct())).where(
            col(Membership.organisation_id) == organisation_id,
            or_(col(Membership.ends).is_(None), col(Membership.ends) > on),
        )
    ).one()
    words = say("members.left_at_unit", count=count, day=on)
    return Problem("members.left_at_unit", words) if count else None
