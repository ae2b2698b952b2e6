"""What hand-outs took out of stock, and taking it back (发放退回)."""

from collections.abc import Sequence

from sqlmodel import col, select

from benefits.kernel.among import among
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits.ledger import Booking, Line, book_many
from benefits.kits.models_handout import Handout
from benefits.kits.models_stock import Move, MoveKind


def taken_of(unit: ReadUnit, handouts: Sequence[int]) -> dict[int, list[tuple[int, int, int]]]:
    """What hand-outs took out of stock and has not come back: hand-out -> (station, lot, pieces)."""
    net: dict[tuple[int, int, int], int] = {}
    query = select(Move).where(among(unit, Move.handout_id, handouts))
    for move in unit.exec(query.where(col(Move.kind).in_((MoveKind.HAND_OUT, MoveKind.HAND_BACK)))):
        assert move.handout_id is not None
        key = (move.handout_id, move.station_id, move.lot_id)
        net[key] = net.get(key, 0) - move.quantity
    found: dict[int, list[tuple[int, int, int]]] = {}
    for (handout, station, lot), many in net.items():
        if many:
            found.setdefault(handout, []).append((station, lot, many))
    return found


def give_back(unit: WriteUnit, handouts: Sequence[Handout], reason: str, *, damaged: bool = False) -> None:
    """What these took comes back into the stock of the stations that it came from; ``damaged``: and is
    written off there. Raises Refused ``kits.frozen``."""
    taken = taken_of(unit, [one.id for one in handouts if one.id is not None])
    kinds = (MoveKind.HAND_BACK, MoveKind.DAMAGE) if damaged else (MoveKind.HAND_BACK,)
    bookings = [
        Booking(Line(station, lot, kind, many), unit.today, handout_id=handout, reason=reason)
        for handout, lots in taken.items()
        for station, lot, many in lots
        for kind in kinds
    ]
    if bookings:
        book_many(unit, bookings)
