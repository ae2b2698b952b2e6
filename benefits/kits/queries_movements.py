"""Reading transfers and stocktakes (调拨与盘点查询)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Campaign, Item, Station
from benefits.kits.models_stock import (
    Lot,
    Stocktake,
    StocktakeLine,
    StocktakeState,
    Transfer,
    TransferLine,
    TransferState,
)


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer as lists show it; ``sent``, ``arrived``, ``damaged`` and ``missing`` are pieces of all lots,
    ``arrived`` None while it is on the road."""

    id: int
    number: str
    campaign: str
    from_id: int
    origin: str
    to_id: int
    to: str
    state: TransferState
    sent_on: date
    sent_by: str
    arrived_on: date | None
    arrived_by: str | None
    carrier: str
    note: str
    sent: int
    arrived: int | None
    damaged: int
    missing: int


@dataclass(frozen=True, slots=True)
class TransferLineRow:
    """A lot of a transfer."""

    item_id: int
    code: str
    item: str
    measure: str
    lot_id: int
    lot: str
    expires_on: date | None
    sent: int
    arrived: int | None
    damaged: int
    missing: int
    reason: str


@dataclass(frozen=True, slots=True)
class TransferView:
    """A transfer with its lots."""

    transfer: TransferRow
    lines: tuple[TransferLineRow, ...]


@dataclass(frozen=True, slots=True)
class StocktakeRow:
    """A stocktake as lists show it; ``left`` lots that nobody has counted."""

    id: int
    number: str
    station_id: int
    station: str
    state: StocktakeState
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None
    note: str
    lots: int
    left: int
    found: int
    missing: int


@dataclass(frozen=True, slots=True)
class StocktakeLineRow:
    """A lot of a stocktake."""

    item_id: int
    code: str
    item: str
    measure: str
    lot_id: int
    lot: str
    expires_on: date | None
    book: int
    counted: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class StocktakeView:
    """A stocktake with its lots."""

    stocktake: StocktakeRow
    lines: tuple[StocktakeLineRow, ...]


def transfers(
    unit: ReadUnit,
    campaign_id: int | None = None,
    station_id: int | None = None,
    state: TransferState | None = None,
    *,
    limit: int = 1000,
) -> tuple[TransferRow, ...]:
    """Transfers of a campaign, from or to a station, in a state; the last first."""
    query = _transfers()
    if campaign_id is not None:
        query = query.where(col(Transfer.campaign_id) == campaign_id)
    if station_id is not None:
        query = query.where(or_(col(Transfer.from_id) == station_id, col(Transfer.to_id) == station_id))
    if state is not None:
        query = query.where(col(Transfer.state) == state)
    rows = unit.exec(query.order_by(col(Transfer.id).desc()).limit(limit))
    return tuple(_transfer_row(*found) for found in rows)


def transfer(unit: ReadUnit, transfer_id: int) -> TransferView:
    """A transfer. Raises Refused ``kits.transfer_unknown``."""
    found = unit.exec(_transfers().where(col(Transfer.id) == transfer_id)).first()
    if found is None:
        raise Refused("kits.transfer_unknown", transfer=transfer_id)
    return TransferView(
        _transfer_row(*found),
        tuple(
            TransferLineRow(
                *(*_named(item, lot), line.sent, line.arrived, line.damaged, line.missing, line.reason)
            )
            for line, lot, item in _lines(unit, TransferLine, TransferLine.transfer_id, transfer_id)
        ),
    )


def stocktakes(
    unit: ReadUnit, station_id: int | None = None, campaign_id: int | None = None, *, limit: int = 1000
) -> tuple[StocktakeRow, ...]:
    """Stocktakes of a station, of a campaign's stations, or all; the last first."""
    query = _stocktakes()
    if station_id is not None:
        query = query.where(col(Stocktake.station_id) == station_id)
    if campaign_id is not None:
        query = query.where(col(Station.campaign_id) == campaign_id)
    rows = unit.exec(query.order_by(col(Stocktake.id).desc()).limit(limit))
    return tuple(_stocktake_row(*found) for found in rows)


def stocktake(unit: ReadUnit, stocktake_id: int) -> StocktakeView:
    """A stocktake. Raises Refused ``kits.stocktake_unknown``."""
    found = unit.exec(_stocktakes().where(col(Stocktake.id) == stocktake_id)).first()
    if found is None:
        raise Refused("kits.stocktake_unknown", stocktake=stocktake_id)
    return StocktakeView(
        _stocktake_row(*found),
        tuple(
            StocktakeLineRow(*(*_named(item, lot), line.book, line.counted, line.reason))
            for line, lot, item in _lines(unit, StocktakeLine, StocktakeLine.stocktake_id, stocktake_id)
        ),
    )


def _lines(unit: ReadUnit, model: Any, owner: Any, owner_id: int) -> Any:
    """The lines of a paper with their lots and items."""
    choose: Any = select
    return unit.exec(
        choose(model, Lot, Item)
        .join(Lot, col(Lot.id) == col(model.lot_id))
        .join(Item, col(Item.id) == col(Lot.item_id))
        .where(col(owner) == owner_id)
        .order_by(col(Item.code), col(Lot.id))
    )


def _named(item: Item, lot: Lot) -> tuple[Any, ...]:
    return (item.id, item.code, item.name, item.measure, lot.id, lot.code, lot.expires_on)


def _transfers() -> Any:
    origin, to = aliased(Station), aliased(Station)
    sums = (
        select(
            col(TransferLine.transfer_id).label("transfer_id"),
            *(
                func.sum(one).label(f"n{place}")
                for place, one in enumerate(
                    (TransferLine.sent, TransferLine.arrived, TransferLine.damaged, TransferLine.missing)
                )
            ),
        )
        .group_by(col(TransferLine.transfer_id))
        .subquery()
    )
    numbers: list[Any] = [sums.c.n0, sums.c.n1, sums.c.n2, sums.c.n3]
    return (
        select(Transfer, col(Campaign.name), col(origin.name), col(to.name), *numbers)
        .join(origin, col(origin.id) == col(Transfer.from_id))
        .join(to, col(to.id) == col(Transfer.to_id))
        .join(sums, sums.c.transfer_id == col(Transfer.id))
        .join(Campaign, col(Campaign.id) == col(Transfer.campaign_id), isouter=True)
    )


def _transfer_row(
    row: Transfer, campaign: str | None, origin: str, to: str, sent: int, arrived: int | None, *less: int
) -> TransferRow:
    assert row.id is not None
    return TransferRow(
        id=row.id,
        number=row.number,
        campaign=campaign or "",
        from_id=row.from_id,
        origin=origin,
        to_id=row.to_id,
        to=to,
        state=row.state,
        sent_on=row.sent_on,
        sent_by=row.sent_by,
        arrived_on=row.arrived_on,
        arrived_by=row.arrived_by,
        carrier=row.carrier,
        note=row.note,
        sent=int(sent),
        arrived=None if arrived is None else int(arrived),
        damaged=int(less[0]),
        missing=int(less[1]),
    )


def _stocktakes() -> Any:
    more, less = _sum(of_more=True), _sum(of_more=False)
    lots = select(func.count()).where(col(StocktakeLine.stocktake_id) == col(Stocktake.id))
    left = lots.where(col(StocktakeLine.counted).is_(None))
    counts = [one.correlate(Stocktake).scalar_subquery() for one in (lots, left, more, less)]
    return select(Stocktake, Station.name, *counts).join(
        Station, col(Station.id) == col(Stocktake.station_id)
    )


def _sum(*, of_more: bool) -> Any:
    """Pieces by which the counts of a stocktake differ from the book, up or down."""
    difference = col(StocktakeLine.counted) - col(StocktakeLine.book)
    apart = difference if of_more else -difference
    return select(func.coalesce(func.sum(apart), 0)).where(
        col(StocktakeLine.stocktake_id) == col(Stocktake.id), apart > 0
    )


def _stocktake_row(row: Stocktake, station: str, *counts: int) -> StocktakeRow:
    assert row.id is not None
    lots, left, more, less = (int(one) for one in counts)
    return StocktakeRow(
        id=row.id,
        number=row.number,
        station_id=row.station_id,
        station=station,
        state=row.state,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        note=row.note,
        lots=lots,
        left=left,
        found=more,
        missing=less,
    )
