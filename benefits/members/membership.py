"""What the verbs on memberships (会籍) share: closing, opening again, ending a second one."""

from datetime import date, timedelta

from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.unit import WriteUnit
from benefits.members.keys import follow
from benefits.members.models import Member, Membership, Standing

DAY = timedelta(days=1)


def close_all(unit: WriteUnit, member: Member, reason: str, on: date) -> None:
    """End all memberships with that day, a second one at a union elsewhere too: who died or left is a member
    nowhere. Raises Refused ``members.too_early``."""
    memberships = select(Membership).where(
        col(Membership.member_id) == member.id, col(Membership.ends).is_(None)
    )
    with unit.beyond_scope():
        for membership in unit.exec(memberships).all():
            if on < membership.starts:
                raise Refused("members.too_early", name=member.name, since=membership.starts)
            membership.ends, membership.reason = on, reason
        unit.session.flush()
    member.organisation_id = None
    follow(unit, [member.id or 0])


def end_second(unit: WriteUnit, member_id: int, organisation_id: int, on: date) -> None:
    """A second membership at the union that becomes the person's own from ``on`` ends there: it was about
    this. One that was noted for that day or a later one has no day left, and stays in the trail only.
    """
    open_there = select(Membership).where(
        col(Membership.member_id) == member_id,
        col(Membership.organisation_id) == organisation_id,
        col(Membership.standing) == Standing.SECOND,
        col(Membership.ends).is_(None),
    )
    for second in unit.exec(open_there).all():
        if second.starts < on:
            second.ends, second.reason = on - DAY, "transferred"
        else:
            unit.session.delete(second)
        unit.record(second_ended=second.id)
    unit.session.flush()  # before the new row, which may begin on the same day


def take_back(unit: WriteUnit, member: Member, organisation_id: int, on: date) -> None:
    """A new membership, or the last one opened again where it would not have ended before ``on`` (a mistake
    taken back).
    """
    assert member.id is not None
    last = unit.exec(
        select(Membership)
        .where(col(Membership.member_id) == member.id, col(Membership.standing) == Standing.PRIMARY)
        .order_by(col(Membership.ends).desc())
    ).first()
    member.organisation_id = organisation_id
    follow(unit, [member.id])
    end_second(unit, member.id, organisation_id, on)
    if last is None or last.ends is None or last.ends < on:
        unit.session.add(Membership(member_id=member.id, organisation_id=organisation_id, starts=on))
        return
    if last.organisation_id != organisation_id:
        raise Refused("members.too_early", name=member.name, since=last.ends)
    last.ends, last.reason = None, ""
