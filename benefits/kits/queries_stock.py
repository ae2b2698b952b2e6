"""Reading stock (库存查询): what is on hand, the ledger, stores, what is on the road."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from benefits.contributions.models import Payer
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Item, ItemKind, Station, StationState
from benefits.kits.models_stock import Lot, Move, MoveKind, Stock, Transfer, TransferLine, TransferState
from benefits.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class StockRow:
    """A lot at a station."""

    station_id: int
    station: str
    item_id: int
    code: str
    item: str
    kind: ItemKind
    measure: str
    lot_id: int
    lot: str
    expires_on: date | None
    cost_fen: int
    fund: Payer | None
    on_hand: int
    frozen: bool


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A line of the ledger; ``quantity`` with its sign."""

    id: int
    day: date
    at: datetime
    made_by: str
    station_id: int
    station: str
    item_id: int
    code: str
    item: str
    lot_id: int
    lot: str
    kind: MoveKind
    quantity: int
    document: str
    handout_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A store; ``on_hand`` pieces of all that it keeps."""

    id: int
    name: str
    organisation: str
    """The unit that hosts it; empty where it lies outside the actor's scope."""
    address: str
    keeper: str
    state: StationState
    on_hand: int


@dataclass(frozen=True, slots=True)
class RoadRow:
    """Pieces of an item that are on the road to a campaign's stations, or between stores (在途)."""

    item_id: int
    code: str
    item: str
    quantity: int


def stock(
    unit: ReadUnit,
    station_id: int | None = None,
    campaign_id: int | None = None,
    item_id: int | None = None,
    *,
    empty: bool = False,
) -> tuple[StockRow, ...]:
    """What is on hand at a station, at all stations of a campaign, of an item, or everywhere; by station,
    item, and what expires first. ``empty``: with lots of which nothing is left."""
    query: Any = (
        select(Stock, Station, Item, Lot)
        .join(Station, col(Station.id) == col(Stock.station_id))
        .join(Lot, col(Lot.id) == col(Stock.lot_id))
        .join(Item, col(Item.id) == col(Lot.item_id))
    )
    if station_id is not None:
        query = query.where(col(Stock.station_id) == station_id)
    if campaign_id is not None:
        query = query.where(col(Station.campaign_id) == campaign_id)
    if item_id is not None:
        query = query.where(col(Lot.item_id) == item_id)
    if not empty:
        query = query.where(col(Stock.on_hand) > 0)
    order = (col(Station.campaign_id), col(Station.number), col(Station.id), col(Item.code))
    rows = unit.exec(query.order_by(*order, col(Lot.expires_on).is_(None), col(Lot.expires_on), col(Lot.id)))
    return tuple(_stock_row(*found) for found in rows)


def moves(
    unit: ReadUnit,
    *,
    station_id: int | None = None,
    campaign_id: int | None = None,
    item_id: int | None = None,
    document: str | None = None,
    before: int | None = None,
    limit: int = 200,
) -> tuple[MoveRow, ...]:
    """Lines of the ledger, the last first; ``before``: only those older than that move (the next page)."""
    query: Any = (
        select(Move, Station.name, Item, Lot.code)
        .join(Station, col(Station.id) == col(Move.station_id))
        .join(Lot, col(Lot.id) == col(Move.lot_id))
        .join(Item, col(Item.id) == col(Lot.item_id))
        .order_by(col(Move.id).desc())
        .limit(limit)
    )
    if station_id is not None:
        query = query.where(col(Move.station_id) == station_id)
    if campaign_id is not None:
        query = query.where(col(Station.campaign_id) == campaign_id)
    if item_id is not None:
        query = query.where(col(Lot.item_id) == item_id)
    if document is not None:
        query = query.where(col(Move.document) == document)
    if before is not None:
        query = query.where(col(Move.id) < before)
    return tuple(_move_row(*found) for found in unit.exec(query))


def stores(unit: ReadUnit, *, closed: bool = False) -> tuple[StoreRow, ...]:
    """The stores (仓库) by id; ``closed``: those that are closed, too."""
    held = (
        select(func.coalesce(func.sum(Stock.on_hand), 0))
        .where(col(Stock.station_id) == col(Station.id))
        .correlate(Station)
        .scalar_subquery()
    )
    query: Any = (
        select(Station, Organisation.name, held)
        .join(Organisation, col(Organisation.id) == col(Station.organisation_id), isouter=True)
        .where(col(Station.campaign_id).is_(None))
        .order_by(col(Station.id))
    )
    if not closed:
        query = query.where(col(Station.state) != StationState.CLOSED)
    return tuple(
        StoreRow(row.id, row.name, host or "", row.address, row.keeper, row.state, int(count))
        for row, host, count in unit.exec(query)
    )


def in_transit(unit: ReadUnit, campaign_id: int | None = None) -> tuple[RoadRow, ...]:
    """What is on the road, of a campaign or of all (在途), by item."""
    query: Any = (
        select(Item, func.sum(TransferLine.sent))
        .join(Lot, col(Lot.item_id) == col(Item.id))
        .join(TransferLine, col(TransferLine.lot_id) == col(Lot.id))
        .join(Transfer, col(Transfer.id) == col(TransferLine.transfer_id))
        .where(col(Transfer.state) == TransferState.SENT)
        .group_by(col(Item.id))
        .order_by(col(Item.code))
    )
    if campaign_id is not None:
        query = query.where(col(Transfer.campaign_id) == campaign_id)
    return tuple(RoadRow(item.id, item.code, item.name, int(count)) for item, count in unit.exec(query))


def _stock_row(held: Stock, station: Station, item: Item, lot: Lot) -> StockRow:
    return StockRow(
        station_id=held.station_id,
        station=station.name,
        item_id=lot.item_id,
        code=item.code,
        item=item.name,
        kind=item.kind,
        measure=item.measure,
        lot_id=held.lot_id,
        lot=lot.code,
        expires_on=lot.expires_on,
        cost_fen=lot.cost_fen,
        fund=lot.fund,
        on_hand=held.on_hand,
        frozen=held.frozen,
    )


def _move_row(move: Move, station: str, item: Item, lot: str) -> MoveRow:
    assert move.id is not None and item.id is not None
    return MoveRow(
        id=move.id,
        day=move.day,
        at=move.at,
        made_by=move.made_by,
        station_id=move.station_id,
        station=station,
        item_id=item.id,
        code=item.code,
        item=item.name,
        lot_id=move.lot_id,
        lot=lot,
        kind=move.kind,
        quantity=move.quantity,
        document=move.document,
        handout_id=move.handout_id,
        reason=move.reason,
    )
