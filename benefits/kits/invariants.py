"""What must hold of the hand-outs, proven without the index that is meant to keep it."""

from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.kernel.verify import Invariant
from benefits.kits.models import Campaign, CampaignItem, Once
from benefits.kits.models_handout import Handout, HandoutState


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
    return (
        select(col(Handout.id))
        .join(Campaign, col(Campaign.id) == col(Handout.campaign_id))
        .outerjoin(CampaignItem, offered)
        .where(or_(col(Handout.quantity) < 1, col(CampaignItem.item_id).is_(None), slot))
    )


INVARIANTS = (
    Invariant("kits.invariant.once", _twice),
    Invariant("kits.invariant.something", _not_offered),
)
