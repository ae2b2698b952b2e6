"""What clerks type about stock (录入): counts, prices, days (texts: ``kits.record``)."""

from datetime import date

from benefits.kernel.errors import Refused
from benefits.kernel.unit import ReadUnit

MOST_PIECES = 1_000_000
"""Pieces that one line may say; more is a slip of the pen."""
MOST_FEN = 100_000_000
"""Price of one piece: a million yuan."""


def pieces(quantity: int, *, least: int = 1, most: int = MOST_PIECES) -> int:
    """A number of pieces. Raises Refused ``kits.pieces``."""
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not least <= quantity <= most:
        raise Refused("kits.pieces", quantity=quantity, least=least, most=most)
    return quantity


def price(fen: int) -> int:
    """What one costs, fen. Raises Refused ``kits.price``."""
    if isinstance(fen, bool) or not isinstance(fen, int) or not 0 <= fen <= MOST_FEN:
        raise Refused("kits.price", fen=fen, most=MOST_FEN // 100)
    return fen


def happened(unit: ReadUnit, on: date | None) -> date:
    """The day of something that has happened, today unless said. Raises Refused ``kits.day_to_come``."""
    day = on or unit.today
    if day > unit.today:
        raise Refused("kits.day_to_come", day=day, today=unit.today)
    return day
