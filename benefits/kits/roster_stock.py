"""Stock behind a list of hand-outs (签收表的出库): lots are set aside row by row while the list is judged, so
that what a check says is short is what an import would find short."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from benefits.kernel.errors import Refused, say
from benefits.kernel.unit import WriteUnit
from benefits.kits.keeping import keep_station
from benefits.kits.ledger import Booking, Line, book_many
from benefits.kits.models import ItemKind, Station
from benefits.kits.models_stock import Lot, MoveKind, Stock
from benefits.kits.offering import Fault, Given, Offer
from benefits.rosters.kind import Job

Taken = tuple[tuple[int, int], ...]
"""Lots, each with a number of pieces."""


@dataclass(slots=True)
class _Held:
    """What is left of a lot at a station after the rows before."""

    lot_id: int
    left: int
    expires_on: date | None
    cost_fen: int
    frozen: bool


def counted(offer: Offer, given: Given) -> bool:
    """Whether a hand-out of this item comes out of a station's stock."""
    return offer.campaign.counts_stock and given.item.kind is not ItemKind.MONEY


def kept(job: Job, station: Station) -> bool:
    """Whether whoever sends the list in may take of a station's stock."""
    known: dict[int | None, bool] = job.memory.setdefault("kits.kept", {})
    if station.id not in known:
        try:
            keep_station(job.unit, station.id or 0)
            known[station.id] = True
        except Refused:
            known[station.id] = False
    return known[station.id]


def set_aside(
    job: Job, station: Station, given: Given, quantity: int, day: date
) -> tuple[Taken, int] | Fault:
    """Lots for one row, first expiry first, and their cost; or what is in the way."""
    held = _held(job, station, given)
    if any(one.frozen for one in held):
        return "kits.frozen", {"station": station.name, "why": say(f"kits.frozen_why.{station.state.value}")}
    fresh = [one for one in held if one.expires_on is None or one.expires_on >= day]
    have = sum(one.left for one in fresh)
    if have < quantity:
        return "kits.short", {
            "station": station.name,
            "item": given.item.name,
            "have": have,
            "need": quantity,
        }
    taken, cost, left = [], 0, quantity
    for one in fresh:
        many = min(one.left, left)
        if many:
            taken.append((one.lot_id, many))
            cost += many * one.cost_fen
            one.left -= many
            left -= many
    return tuple(taken), cost


def put_back(job: Job, station: Station | None, given: Given, taken: Taken) -> None:
    """What was set aside for a row that is not handed out after all."""
    if station is not None and taken:
        many = dict(taken)
        for one in _held(job, station, given):
            one.left += many.get(one.lot_id, 0)


def _held(job: Job, station: Station, given: Given) -> list[_Held]:
    key = f"kits.held:{station.id}:{given.item.id}"
    known: list[_Held] | None = job.memory.get(key)
    if known is None:
        query = (
            select(Stock, Lot)
            .join(Lot, col(Lot.id) == col(Stock.lot_id))
            .where(col(Stock.station_id) == station.id, col(Lot.item_id) == given.item.id)
            .order_by(col(Lot.expires_on).is_(None), col(Lot.expires_on), col(Lot.id))
        )
        known = job.memory[key] = [
            _Held(stock.lot_id, stock.on_hand, lot.expires_on, lot.cost_fen, stock.frozen)
            for stock, lot in job.unit.exec(query)
        ]
    return known


def book_taken(unit: WriteUnit, made: Iterable[tuple[int, int | None, Taken, date]]) -> None:
    """Write the moves of new hand-outs: (hand-out, station, lots, day) each."""
    bookings = [
        Booking(Line(station, lot, MoveKind.HAND_OUT, many), day, handout_id=handout)
        for handout, station, taken, day in made
        if station is not None
        for lot, many in taken
    ]
    if bookings:
        book_many(unit, bookings)
