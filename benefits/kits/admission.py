"""Whether somebody may collect, asked at the counter (领取审核): one prepared statement says yes; only a no
is asked again for its reasons."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, exists, or_
from sqlmodel import col, select

from benefits.kernel.errors import Problem, Refused
from benefits.kernel.prepared import first
from benefits.kernel.unit import ReadUnit
from benefits.kits.entitlement import judge
from benefits.kits.models import Campaign, CampaignState, CampaignUnit, Entitled
from benefits.kits.rule import arms, of_campaign
from benefits.members.models import Member, Membership, Standing
from benefits.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is entitled: name, the union of the day, and the money that the list says."""

    name: str
    organisation_id: int
    amount_fen: int | None


def admitted(
    unit: ReadUnit, campaign_id: int, rule: list[dict[str, Any]], member_id: int, day: date
) -> Person:
    """Who it is, if the campaign with that rule is for that person on a day.

    Raises Refused: ``kits.not_entitled`` with every reason, ``members.unknown`` (or out of scope),
    ``kits.campaign_unknown``.
    """
    found = first(
        unit,
        _statement(json.dumps(rule, sort_keys=True), day),
        campaign=campaign_id,
        member=member_id,
        day=day,
    )
    if found is not None:
        return Person(*found)
    verdict = judge(unit, campaign_id, member_id, day)
    if verdict.ok:
        assert verdict.organisation_id is not None
        return Person(verdict.name, verdict.organisation_id, verdict.amount_fen)
    raise Refused(
        "kits.not_entitled",
        name=verdict.name,
        problems=tuple(Problem(one.code, one.say) for one in verdict.reasons),
    )


@lru_cache(maxsize=128)
def _statement(rule: str, day: date) -> Any:
    """The person, if every test of the rule holds on that day, the union of that day lies in the campaign's
    reach, the list (if it is for its list only) names him or her, and the campaign is open."""
    choose: Any = select
    of_the_day = and_(
        col(Membership.member_id) == col(Member.id),
        col(Membership.standing) == Standing.PRIMARY,
        col(Membership.starts) <= bindparam("day"),
        or_(col(Membership.ends).is_(None), col(Membership.ends) >= bindparam("day")),
    )
    listed = and_(col(Entitled.member_id) == col(Member.id), col(Entitled.campaign_id) == col(Campaign.id))
    return (
        choose(col(Member.name), col(Membership.organisation_id), col(Entitled.amount_fen))
        .select_from(Member)
        .join(Campaign, col(Campaign.id) == bindparam("campaign"))
        .join(Membership, of_the_day)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .join(Entitled, listed, isouter=True)
        .where(
            col(Member.id) == bindparam("member"),
            col(Member.merged_into_id).is_(None),
            col(Campaign.state) == CampaignState.OPEN,
            col(Campaign.starts) <= bindparam("day"),
            col(Campaign.ends) >= bindparam("day"),
            or_(col(Campaign.listed_only).is_(False), col(Entitled.member_id).is_not(None)),
            _reached(),
            *(arm.clause for arm in arms(of_campaign(json.loads(rule)), day)),
        )
    )


def _reached() -> ColumnElement[bool]:
    """The union lies in one of the campaign's units, or of its owner's part of the tree if it names none."""
    units = exists().where(col(CampaignUnit.campaign_id) == col(Campaign.id))
    return or_(
        units.where(_below(col(CampaignUnit.organisation_id))),
        and_(~units, _below(col(Campaign.organisation_id))),
    )


def _below(top: Any) -> ColumnElement[bool]:
    """By the ids of the path: whoever works in a part of the tree does not see what is above it."""
    return col(Organisation.path).like("%/" + cast(top, String) + "/%")
