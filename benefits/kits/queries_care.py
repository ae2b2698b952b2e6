"""Reading wishes and whom a month's list left out (慰问查询)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import extract, or_, select
from sqlmodel import col

from benefits.kernel.errors import Refused, Say, say
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit
from benefits.kits.campaigns import campaign_found
from benefits.kits.models import Campaign, CampaignKind, Message
from benefits.members.models import Member, Membership, Standing, Status
from benefits.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A wish as lists show it."""

    id: int
    author: str
    text: str
    union: str
    chosen: bool
    made_on: date


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody whom a month's list does not have, and why."""

    member_id: int
    name: str
    union: str
    why: Say


def messages(
    unit: ReadUnit, campaign_id: int, *, chosen: bool | None = None, limit: int = 100, after: int = 0
) -> tuple[MessageRow, ...]:
    """The wishes of a campaign that the actor sees, in the order in which they came; ``chosen``: only those
    that were chosen, or were not."""
    query = (
        select(Message, col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(Message.organisation_id))
        .where(col(Message.campaign_id) == campaign_id, col(Message.id) > after)
        .order_by(col(Message.id))
    )
    if chosen is not None:
        query = query.where(col(Message.chosen) == chosen)
    return tuple(
        MessageRow(row.id or 0, row.author, row.text, name, row.chosen, row.made_on)
        for row, name in unit.session.execute(query.limit(limit))
    )


def left_out(unit: ReadUnit, campaign_id: int, *, limit: int = 500) -> tuple[LeftOut, ...]:
    """Members of the owner's part of the tree whom a month's list leaves out (未列入名单): no birth date is
    known, or born in that month and not in post.

    Raises Refused: ``kits.campaign_unknown``, ``kits.not_birthdays``.
    """
    campaign = campaign_found(unit, campaign_id)
    if campaign.kind is not CampaignKind.BIRTHDAY:
        raise Refused("kits.not_birthdays", campaign=campaign.name)
    birth, status = col(Member.birth), col(Member.status)
    unknown = birth.is_(None) & (status == Status.IN_POST)
    born = extract("month", birth) == campaign.starts.month
    idle = born & or_(status != Status.IN_POST, status.is_(None))
    query = (
        people_of(unit, campaign, col(Member.name), col(Organisation.name), birth, status)
        .where(or_(unknown, idle))
        .order_by(col(Organisation.path), col(Member.id))
    )
    return tuple(
        LeftOut(member, name, union, _why(born_on, held))
        for member, name, union, born_on, held in unit.session.execute(query.limit(limit))
    )


def _why(born_on: date | None, status: Status | None) -> Say:
    if born_on is None:
        return say("kits.care.no_birth")
    if status is None:
        return say("kits.care.no_status")
    return say("kits.care.not_in_post", status=say(f"members.status.{status.value}"))


def people_of(unit: ReadUnit, campaign: Campaign, *columns: Any) -> Any:
    """Ids, and ``columns``, of everybody with an open membership in the owner's part of the tree."""
    path = unit.session.get_one(Organisation, campaign.organisation_id).path
    choose: Any = select
    return (
        choose(col(Member.id), *columns)
        .join(Membership, col(Membership.member_id) == col(Member.id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(
            col(Membership.ends).is_(None),
            col(Membership.standing) == Standing.PRIMARY,
            path_within(col(Organisation.path), path),
        )
    )
