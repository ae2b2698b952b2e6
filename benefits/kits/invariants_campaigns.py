"""What must hold of campaigns: everything that names a station names one of its own campaign, shares of units
lie within those of their station, and a campaign that is over has nothing left."""

from typing import Any

from sqlalchemy import Select, and_, func, or_, select, union_all
from sqlmodel import col

from benefits.kernel.verify import Invariant
from benefits.kits.models import (
    Allocation,
    AllocationUnit,
    Campaign,
    CampaignItem,
    CampaignState,
    Entitled,
    Station,
    StationState,
    StationUnit,
)
from benefits.kits.models_stock import Stock

_OVER = (CampaignState.CLOSED, CampaignState.CANCELLED)


def _own_station(_dialect: str) -> Select[Any]:
    """Units, lists and allocations point to stations of their own campaign; the campaign's id."""
    named: list[Any] = [
        select(col(model.campaign_id).label("campaign_id"))
        .join(Station, col(Station.id) == col(model.station_id))
        .where(or_(col(Station.campaign_id).is_(None), col(Station.campaign_id) != col(model.campaign_id)))
        for model in (StationUnit, Entitled, Allocation, AllocationUnit)
    ]
    both = union_all(*named).subquery()
    return select(both.c.campaign_id)


def _units_within(_dialect: str) -> Select[Any]:
    """The units of a station together get no more than it gets; the campaign's id."""
    whole = and_(
        col(Allocation.campaign_id) == col(AllocationUnit.campaign_id),
        col(Allocation.station_id) == col(AllocationUnit.station_id),
        col(Allocation.item_id) == col(AllocationUnit.item_id),
    )
    keys = (col(AllocationUnit.campaign_id), col(AllocationUnit.station_id), col(AllocationUnit.item_id))
    return (
        select(col(AllocationUnit.campaign_id))
        .join(Allocation, whole, isouter=True)
        .group_by(*keys, col(Allocation.quantity), col(Allocation.people))
        .having(
            or_(
                func.sum(col(AllocationUnit.quantity)) > func.coalesce(col(Allocation.quantity), -1),
                func.sum(col(AllocationUnit.people)) > func.coalesce(col(Allocation.people), -1),
            )
        )
    )


def _allocated_item(_dialect: str) -> Select[Any]:
    """Only what the campaign gives is allocated; the campaign's id."""
    offered = and_(
        col(CampaignItem.campaign_id) == col(Allocation.campaign_id),
        col(CampaignItem.item_id) == col(Allocation.item_id),
    )
    query = select(col(Allocation.campaign_id)).join(CampaignItem, offered, isouter=True)
    return query.where(col(CampaignItem.item_id).is_(None))


def _over(_dialect: str) -> Select[Any]:
    """A campaign that is closed or called off has a day of it, closed stations and nothing on hand."""
    over = col(Campaign.state).in_(_OVER)
    stations = (
        select(col(Station.campaign_id))
        .join(Campaign, col(Campaign.id) == col(Station.campaign_id))
        .where(over, col(Station.state) != StationState.CLOSED)
    )
    stock = (
        select(col(Station.campaign_id))
        .join(Campaign, col(Campaign.id) == col(Station.campaign_id))
        .join(Stock, col(Stock.station_id) == col(Station.id))
        .where(over, col(Stock.on_hand) != 0)
    )
    day = select(col(Campaign.id)).where(over != col(Campaign.closed_on).is_not(None))
    both = union_all(stations, stock, day).subquery()
    return select(both.c[0])


INVARIANTS = (
    Invariant("kits.invariant.own_station", _own_station),
    Invariant("kits.invariant.units_within", _units_within),
    Invariant("kits.invariant.allocated_item", _allocated_item),
    Invariant("kits.invariant.over", _over),
)
