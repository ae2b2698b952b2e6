"""What must hold of the hand-outs, proven without the index that is meant to keep it."""

from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.kernel.verify import Invariant
from benefits.kits.models import Campaign, CampaignItem, Item, ItemKind, Once, Station
from benefits.kits.models_handout import Allowance, Handout, HandoutState
from benefits.kits.models_stock import Move, MoveKind
from benefits.kits.twice import HOME_ORIGIN


def _twice(_dialect: str) -> Select[Any]:
    one, other = Handout, aliased(Handout)
    same = and_(
        col(other.member_id) == col(one.member_id),
        col(other.campaign_id) == col(one.campaign_id),
        col(other.slot) == col(one.slot),
        col(other.id) != col(one.id),
        col(other.state) == HandoutState.ACTIVE,
    )
    return select(col(one.id)).join(other, same).where(col(one.state) == HandoutState.ACTIVE)


def _not_offered(_dialect: str) -> Select[Any]:
    offered = and_(
        col(CampaignItem.campaign_id) == col(Handout.campaign_id),
        col(CampaignItem.item_id) == col(Handout.item_id),
    )
    slot = and_(col(Campaign.once) == Once.ITEM, col(Handout.slot) != col(Handout.item_id)) | and_(
        col(Campaign.once) == Once.CAMPAIGN, col(Handout.slot) != 0
    )
    unsaid = and_(col(CampaignItem.item_id).is_(None), col(Handout.state) != HandoutState.VOID)
    return (
        select(col(Handout.id))
        .join(Campaign, col(Campaign.id) == col(Handout.campaign_id))
        .outerjoin(CampaignItem, offered)
        .where(or_(col(Handout.quantity) < 1, unsaid, slot))
    )


def _moved(_dialect: str) -> Select[Any]:
    """Hand-outs whose moves are not what they say: the pieces of an active one, or one given twice, less
    what came back; none of a void one. What a package was given to begin with has its moves at home."""
    out = (
        select(col(Move.handout_id).label("id"), (-func.sum(col(Move.quantity))).label("n"))
        .where(col(Move.kind).in_((MoveKind.HAND_OUT, MoveKind.HAND_BACK)), col(Move.handout_id).is_not(None))
        .group_by(col(Move.handout_id))
        .subquery()
    )
    goods = and_(col(Campaign.counts_stock), col(Item.kind) != ItemKind.MONEY)
    said = case((and_(goods, col(Handout.state) != HandoutState.VOID), col(Handout.quantity)), else_=0)
    return (
        select(col(Handout.id))
        .join(Campaign, col(Campaign.id) == col(Handout.campaign_id))
        .join(Item, col(Item.id) == col(Handout.item_id))
        .outerjoin(out, out.c.id == col(Handout.id))
        .where(col(Handout.origin) != HOME_ORIGIN, said != func.coalesce(out.c.n, 0))
    )


def _allowed(_dialect: str) -> Select[Any]:
    """People whose gifts of a year and purpose add up to something else than is held of them: less held
    passes the limit, more refuses what is due."""
    given: Any = select(
        col(Handout.member_id).label("member_id"),
        func.extract("year", col(Handout.given_on)).label("year"),
        col(Campaign.purpose).label("purpose"),
        col(Handout.fen).label("fen"),
    )
    given = given.join(Campaign, col(Campaign.id) == col(Handout.campaign_id)).where(
        col(Handout.state) == HandoutState.ACTIVE, col(Campaign.purpose) != ""
    )
    held: Any = select(
        col(Allowance.member_id), col(Allowance.year), col(Allowance.purpose), -col(Allowance.fen)
    )
    both = union_all(given, held).subquery()
    return (
        select(both.c.member_id)
        .group_by(both.c.member_id, both.c.year, both.c.purpose)
        .having(func.sum(both.c.fen) != 0)
    )


def _elsewhere(_dialect: str) -> Select[Any]:
    return (
        select(col(Handout.id))
        .join(Station, col(Station.id) == col(Handout.station_id))
        .where(or_(col(Station.campaign_id).is_(None), col(Station.campaign_id) != col(Handout.campaign_id)))
    )


INVARIANTS = (
    Invariant("kits.invariant.once", _twice),
    Invariant("kits.invariant.something", _not_offered),
    Invariant("kits.invariant.handout_moves", _moved),
    Invariant("kits.invariant.allowance", _allowed),
    Invariant("kits.invariant.handout_place", _elsewhere),
)
