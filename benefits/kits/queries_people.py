"""Whom a campaign is for, and who has had something (发放对象查询): who is entitled on the day for which it
counts, who of them waits still, and who was handed something. Only people whom the actor sees."""

import enum
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import col

from benefits.kernel.unit import ReadUnit
from benefits.kits.campaigns import campaign_found
from benefits.kits.entitlement import counting_day, entitled
from benefits.kits.models import Entitled
from benefits.kits.models_handout import Handout, HandoutState
from benefits.members.models import Member
from benefits.organisations.models import Organisation


class Which(enum.Enum):
    """Everybody entitled (能领), those of them to whom nothing was handed yet (未领), who was handed
    something (已领), who stands on the list (名单)."""

    ENTITLED = "entitled"
    WAITING = "waiting"
    HANDED = "handed"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of a campaign; ``given_on``: the first day on which something was handed over, None: not yet;
    ``amount_fen`` and ``site`` are what the list says."""

    member_id: int
    name: str
    id_tail: str
    union: str
    amount_fen: int | None
    site: str
    given_on: date | None


def people(
    unit: ReadUnit, campaign_id: int, which: Which, *, skip: int = 0, limit: int = 128
) -> tuple[PersonRow, ...]:
    """People of a campaign by union, ``limit`` of them after the first ``skip``.

    Raises Refused ``kits.campaign_unknown``.
    """
    query = _query(unit, campaign_id, which, *_columns(campaign_id))
    query = query.order_by(col(Organisation.path), col(Member.id)).offset(skip).limit(limit)
    return tuple(
        PersonRow(id, name, tail or "", union or "", fen, site or "", on)
        for id, name, tail, union, fen, site, on in unit.session.execute(query)
    )


def count_people(unit: ReadUnit, campaign_id: int, which: Which) -> int:
    """How many they are. Raises Refused ``kits.campaign_unknown``."""
    query = _query(unit, campaign_id, which, func.count(func.distinct(col(Member.id))))
    return int(unit.session.execute(query).scalar_one())


def _query(unit: ReadUnit, campaign_id: int, which: Which, *columns: Any) -> Select[Any]:
    campaign = campaign_found(unit, campaign_id)
    if which in (Which.ENTITLED, Which.WAITING):
        query = entitled(unit, campaign, counting_day(campaign, unit.today), *columns)
        return (
            query if which is Which.ENTITLED else query.where(~_handed(campaign_id, col(Handout.id)).exists())
        )
    listed = (col(Entitled.member_id) == col(Member.id)) & (col(Entitled.campaign_id) == campaign_id)
    query = (
        select(*columns)
        .select_from(Member)
        .join(Entitled, listed, isouter=which is Which.HANDED)
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True)
    )
    return query.where(_handed(campaign_id, col(Handout.id)).exists()) if which is Which.HANDED else query


def _handed(campaign_id: int, what: Any) -> Any:
    """Of the hand-outs of the person at hand that hold."""
    return (
        select(what)
        .where(
            col(Handout.member_id) == col(Member.id),
            col(Handout.campaign_id) == campaign_id,
            col(Handout.state) == HandoutState.ACTIVE,
        )
        .correlate(Member)
    )


def _columns(campaign_id: int) -> tuple[Any, ...]:
    return (
        *(col(Member.id), col(Member.name), col(Member.id_last4), col(Organisation.name)),
        *(col(Entitled.amount_fen), col(Entitled.site)),
        _handed(campaign_id, func.min(col(Handout.given_on))).scalar_subquery(),
    )
