"""What every verb on a person begins with: find the person and the union, mind the day (会员查找)."""

from datetime import date

from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.reasons import reason_said
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.models import IdentifierKind, Member, MemberIdentifier, Membership, Standing
from benefits.organisations.models import Organisation


def person(unit: ReadUnit, member_id: int) -> Member:
    """A person of the actor's scope. Raises Refused ``members.unknown``, or ``members.merged`` naming the
    record that took this one over."""
    found = unit.exec(select(Member).where(col(Member.id) == member_id)).first()
    if found is None:
        raise Refused("members.unknown", member=member_id)
    if found.merged_into_id is not None:
        raise merged(found)
    return found


def merged(tombstone: Member) -> Refused:
    """What is said to whoever asks for a record that is nobody any more (已合并)."""
    return Refused(
        "members.merged", name=tombstone.name, member=tombstone.id, survivor=tombstone.merged_into_id
    )


def union_open(unit: ReadUnit, organisation_id: int) -> Organisation:
    """A union that is not closed: whoever joins it, on whatever day, stays. Raises Refused
    ``organisations.unknown`` or ``members.organisation_closed``."""
    found = unit.exec(select(Organisation).where(col(Organisation.id) == organisation_id)).first()
    if found is None:
        raise Refused("organisations.unknown", organisation=organisation_id)
    if found.closed is not None:
        raise Refused("members.organisation_closed", organisation=found.name, closed=found.closed)
    return found


def open_membership(unit: ReadUnit, member_id: int | None) -> Membership | None:
    """The membership that counts (主会籍), if one is open."""
    return unit.exec(
        select(Membership).where(
            col(Membership.member_id) == member_id,
            col(Membership.ends).is_(None),
            col(Membership.standing) == Standing.PRIMARY,
        )
    ).first()


def open_identifier(unit: ReadUnit, member_id: int | None, kind: IdentifierKind) -> MemberIdentifier | None:
    """The number of a kind that a person has now, if any."""
    return unit.exec(
        select(MemberIdentifier).where(
            col(MemberIdentifier.member_id) == member_id,
            col(MemberIdentifier.kind) == kind,
            col(MemberIdentifier.ends).is_(None),
        )
    ).first()


def refuse_future(unit: ReadUnit, on: date) -> None:
    """What has not happened yet is not written. Raises Refused ``members.not_yet``."""
    if on > unit.today:
        raise Refused("members.not_yet", day=on, today=unit.today)


def touch(unit: WriteUnit, member: Member) -> None:
    """Something about the person was written: a form opened before is out of date, and whoever else writes
    about the same person at this moment must begin again."""
    member.version += 1
    member.changed_at = unit.clock.now()


def clerk_reason(text: str) -> str:
    """Why a clerk does what the rule does not foresee. Raises Refused ``members.why_missing`` or
    ``members.reason_long``."""
    return reason_said(text, missing="members.why_missing", long="members.reason_long")
