"""Datasets of papers about goods (物资类文书): allocation, deliveries, stock. Each from one snapshot."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import col

from benefits.kernel.errors import Refused
from benefits.kernel.messages import text
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit
from benefits.kits.allocation import people_by_station
from benefits.kits.campaigns import campaign_found
from benefits.kits.dataset import digest, head, pairs, place_of, union_name
from benefits.kits.models import (
    Allocation,
    AllocationState,
    AllocationUnit,
    Item,
    Station,
)
from benefits.kits.models_stock import Lot, Stock, Transfer, TransferLine, TransferState
from benefits.kits.papers import (
    AllocationLine,
    AllocationSheet,
    Delivery,
    DeliveryLine,
    Good,
    Head,
    StockLine,
    StockReport,
)
from benefits.kits.queries_movements import transfer
from benefits.organisations.models import Organisation


def allocation_sheet(unit: ReadUnit, campaign_id: int, lang: str = "zh") -> AllocationSheet:
    """What every station and unit is to get (物资分配表).

    Raises Refused: ``kits.campaign_unknown``; ``kits.no_allocation`` before one was proposed.
    """
    campaign = campaign_found(unit, campaign_id)
    if campaign.allocation is AllocationState.NONE:
        raise Refused("kits.no_allocation", campaign=campaign.name)
    goods = _goods(unit, campaign_id)
    stations = {one.id: one for one in _own_stations(unit, campaign_id)}
    _, unserved = people_by_station(unit, campaign, tuple(stations.values()))
    whole = _quantities(unit, Allocation, campaign_id, "station_id")
    parts = _quantities(unit, AllocationUnit, campaign_id, "organisation_id")
    units = pairs(unit, select(col(Organisation.id), col(Organisation.name)))
    at = _served_at(unit, campaign_id)
    lines = tuple(
        AllocationLine(place_of(unit, station), "", *_told(whole.get(station.id or 0, {}), goods))
        for station in sorted(stations.values(), key=lambda one: one.number)
    )
    inner = tuple(
        AllocationLine(place_of(unit, stations[at[place]]), units[place], *_told(parts[place], goods))
        for place in sorted(parts, key=lambda place: (stations[at[place]].number, place))
        if place in units
    )
    return AllocationSheet(
        head(unit, campaign, (lines, inner)),
        tuple(good for _, good in goods),
        lines,
        inner,
        tuple((one.name, one.people) for one in unserved),
        text("kits.paper.remainder", lang),
        campaign.allocation is AllocationState.APPROVED,
        campaign.budget_fen,
        _cost(unit, campaign_id, goods, whole),
    )


def delivery(unit: ReadUnit, transfer_id: int) -> Delivery:
    """One delivery (调拨单). Raises Refused: ``kits.transfer_unknown``, ``kits.transfer_cancelled``."""
    found = unit.session.get(Transfer, transfer_id)
    if found is None:
        raise Refused("kits.transfer_unknown", transfer=transfer_id)
    if found.state is TransferState.CANCELLED:
        raise Refused("kits.transfer_cancelled", transfer=found.number)
    source, target = (unit.session.get_one(Station, one) for one in (found.from_id, found.to_id))
    lines = tuple(
        DeliveryLine(
            Good(one.code, one.item, one.measure),
            *(one.lot, one.expires_on, one.sent, one.arrived, one.damaged, one.missing, one.reason),
        )
        for one in transfer(unit, transfer_id).lines
    )
    return Delivery(
        _head_of(unit, found, source, lines),
        found.number,
        place_of(unit, source),
        place_of(unit, target),
        found.sent_on,
        found.sent_by,
        found.arrived_on,
        found.arrived_by or "",
        found.carrier,
        found.note,
        lines,
    )


def stock_report(unit: ReadUnit, campaign_id: int | None = None) -> StockReport:
    """What lies where (库存表): a campaign's stations, or without one every store and station that the
    actor's part of the tree hosts. Lots with nothing left are left out.

    Raises Refused ``kits.campaign_unknown``.
    """
    query = (
        select(Station, Lot, Item, col(Stock.on_hand))
        .join(Stock, col(Stock.station_id) == col(Station.id))
        .join(Lot, col(Lot.id) == col(Stock.lot_id))
        .join(Item, col(Item.id) == col(Lot.item_id))
        .where(col(Stock.on_hand) > 0, _here(unit, campaign_id))
        .order_by(col(Station.campaign_id).is_not(None), col(Station.campaign_id), col(Station.number))
        .order_by(col(Station.id), col(Item.code), col(Lot.id))
    )
    lines = tuple(
        StockLine(place_of(unit, station), _good(item), lot.code, lot.expires_on, on_hand, lot.cost_fen)
        for station, lot, item, on_hand in unit.session.execute(query)
    )
    road = _on_the_road(unit, campaign_id)
    campaign = None if campaign_id is None else campaign_found(unit, campaign_id)
    if campaign is not None:
        above = head(unit, campaign, (lines, road))
    else:
        above = _head(unit, _own_union(unit), text("kits.paper.stock", "zh"), (lines, road))
    return StockReport(above, unit.today, lines, road)


def _here(unit: ReadUnit, campaign_id: int | None) -> Any:
    if campaign_id is not None:
        return col(Station.campaign_id) == campaign_id
    hosts = select(col(Organisation.id)).where(path_within(col(Organisation.path), unit.actor.scope))
    return col(Station.organisation_id).in_(hosts)


def _on_the_road(unit: ReadUnit, campaign_id: int | None) -> tuple[tuple[Good, int], ...]:
    here = select(col(Station.id)).where(_here(unit, campaign_id))
    choose: Any = select
    query = (
        choose(col(Item.id), func.sum(col(TransferLine.sent)))
        .select_from(TransferLine)
        .join(Transfer, col(Transfer.id) == col(TransferLine.transfer_id))
        .join(Lot, col(Lot.id) == col(TransferLine.lot_id))
        .join(Item, col(Item.id) == col(Lot.item_id))
        .where(col(Transfer.state) == TransferState.SENT)
        .where(or_(col(Transfer.from_id).in_(here), col(Transfer.to_id).in_(here)))
        .group_by(col(Item.id), col(Item.code))
        .order_by(col(Item.code))
    )
    return tuple(
        (_good(unit.session.get_one(Item, item)), int(many)) for item, many in unit.session.execute(query)
    )


def _head_of(unit: ReadUnit, found: Transfer, source: Station, lines: object) -> Head:
    if found.campaign_id is None:
        return _head(unit, union_name(unit, source.organisation_id), found.number, lines)
    return head(unit, campaign_found(unit, found.campaign_id), lines)


def _head(unit: ReadUnit, union: str, number: str, rows: object) -> Head:
    """Of a paper that belongs to no campaign."""
    return Head(union, "", number, None, None, unit.clock.now(), unit.actor.name, digest(rows))


def _own_union(unit: ReadUnit) -> str:
    """The top of what the actor sees."""
    query = select(col(Organisation.name)).order_by(func.length(col(Organisation.path)), col(Organisation.id))
    return str(unit.session.scalars(query.limit(1)).first() or "")


def _good(item: Item) -> Good:
    return Good(item.code, item.name, item.measure)


def _goods(unit: ReadUnit, campaign_id: int) -> list[tuple[int, Good]]:
    """The campaign's allocated items in order of code."""
    allocated = select(col(Allocation.item_id)).where(col(Allocation.campaign_id) == campaign_id)
    query = select(Item).where(col(Item.id).in_(allocated)).order_by(col(Item.code))
    return [(item.id or 0, _good(item)) for item in unit.session.scalars(query)]


def _own_stations(unit: ReadUnit, campaign_id: int) -> Sequence[Station]:
    query = select(Station).where(col(Station.campaign_id) == campaign_id).order_by(col(Station.number))
    return unit.session.scalars(query).all()


def _quantities(
    unit: ReadUnit, model: Any, campaign_id: int, owner: str
) -> dict[int, dict[int, tuple[int, int]]]:
    """By owner and item: (people, quantity)."""
    found: dict[int, dict[int, tuple[int, int]]] = {}
    columns = (getattr(model, owner), model.item_id, model.people, model.quantity)
    for key, item, people, many in unit.session.execute(
        select(*columns).where(model.campaign_id == campaign_id)
    ):
        found.setdefault(key, {})[item] = (people, many)
    return found


def _served_at(unit: ReadUnit, campaign_id: int) -> dict[int, int]:
    query = select(col(AllocationUnit.organisation_id), col(AllocationUnit.station_id))
    return pairs(unit, query.where(col(AllocationUnit.campaign_id) == campaign_id))


def _told(
    found: Mapping[int, tuple[int, int]], goods: Sequence[tuple[int, Good]]
) -> tuple[int, tuple[int, ...]]:
    people = max((people for people, _ in found.values()), default=0)
    return people, tuple(found.get(item, (0, 0))[1] for item, _ in goods)


def _cost(
    unit: ReadUnit,
    campaign_id: int,
    goods: Sequence[tuple[int, Good]],
    whole: Mapping[int, Mapping[int, tuple[int, int]]],
) -> int | None:
    """What the allocated goods cost at the dearest price of a lot; None where an item has no lot yet."""
    query = select(col(Lot.item_id), func.max(col(Lot.cost_fen))).group_by(col(Lot.item_id))
    price = pairs(unit, query.where(col(Lot.item_id).in_([item for item, _ in goods])))
    total = 0
    for item, _ in goods:
        many = sum(found.get(item, (0, 0))[1] for found in whole.values())
        if many and item not in price:
            return None
        total += many * price.get(item, 0)
    return total
