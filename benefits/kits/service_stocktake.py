"""Verbs on stocktakes (盘点): open one, which freezes the station; write down what was counted; close it,
which books what was found or is missing; give it up."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, update
from sqlmodel import col, select

from benefits.access.counters import count_on
from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.reasons import LONGEST_REASON, reason_said
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits import ledger
from benefits.kits.keeping import keep_station
from benefits.kits.ledger import Booking, Line
from benefits.kits.models import Item, ItemKind, StationState
from benefits.kits.models_stock import Lot, MoveKind, Stock, Stocktake, StocktakeLine, StocktakeState
from benefits.kits.record import words
from benefits.kits.words import pieces

_REASON = words("reason", LONGEST_REASON)
_MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Counted:
    """A lot as it was counted; why it differs from the book, where it does."""

    lot_id: int
    counted: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a stocktake came to: lots counted, pieces found and missing."""

    lots: int
    found: int
    missing: int


@action("kits.open_stocktake", permission="kit.stock", brief=True)
def open_stocktake(unit: WriteUnit, *, station_id: int, note: str = "") -> int:
    """Begin to count a station (开始盘点); nothing moves there until it is closed or given up. Its id.

    Raises Refused: ``kits.frozen``, ``kits.station_unknown``, ``kits.not_yours``.
    """
    station = keep_station(unit, station_id)
    ledger.freeze(unit, station_id, StationState.COUNTING)
    made = Stocktake(
        number=f"PD-{unit.today.year}-{count_on(unit, f'kit_stocktake-{unit.today.year}'):04d}",
        station_id=station_id,
        opened_at=unit.clock.now(),
        opened_by=unit.actor.login,
        note=words("note", 200)(note),
    )
    unit.session.add(made)
    unit.session.flush()
    assert made.id is not None
    held = select(col(Stock.lot_id), col(Stock.on_hand)).where(
        col(Stock.station_id) == station_id, col(Stock.on_hand) > 0
    )
    rows = [{"stocktake_id": made.id, "lot_id": lot, "book": book} for lot, book in unit.exec(held).all()]
    if rows:
        unit.session.execute(insert(StocktakeLine), rows)
    unit.record(f"stocktake:{made.id}", number=made.number, station=station.name, lots=len(rows))
    return made.id


@action("kits.count", permission="kit.stock", brief=True)
def count(unit: WriteUnit, *, stocktake_id: int, lines: Sequence[Counted]) -> int:
    """Write down what was counted (登记实盘数), again if need be; a lot that the book does not know there is
    added. How many lots are still to be counted.

    Raises Refused: ``kits.stocktake_done``, ``kits.stocktake_unknown``, ``kits.lot_unknown``,
    ``kits.pieces``, ``kits.not_yours``, what ``record.words`` refuses.
    """
    found = _open(unit, stocktake_id)
    for one in lines:
        values = {"counted": pieces(one.counted, least=0), "reason": _REASON(one.reason)}
        done = unit.session.execute(
            update(StocktakeLine)
            .where(col(StocktakeLine.stocktake_id) == stocktake_id, col(StocktakeLine.lot_id) == one.lot_id)
            .values(**values)
        )
        if done.rowcount == 0:  # type: ignore[attr-defined]
            _refuse_no_lot(unit, one.lot_id)
            row = {"stocktake_id": stocktake_id, "lot_id": one.lot_id, "book": 0}
            unit.session.execute(insert(StocktakeLine), [row | values])
    left = len(_uncounted(unit, stocktake_id))
    unit.record(f"stocktake:{stocktake_id}", number=found.number, counted=len(lines), left=left)
    return left


@action("kits.close_stocktake", permission="kit.stock", brief=True)
def close_stocktake(unit: WriteUnit, *, stocktake_id: int) -> Result:
    """Book the differences (盘点入账) and let the station work again.

    Raises Refused: ``kits.uncounted`` with the lots that nobody counted, ``kits.difference_reason`` with the
    differences that have no reason, ``kits.stocktake_done``, ``kits.stocktake_unknown``, ``kits.not_yours``.
    """
    found = _open(unit, stocktake_id)
    if problems := _uncounted(unit, stocktake_id):
        raise Refused(
            "kits.uncounted", number=found.number, count=len(problems), problems=problems[:_MOST_SHOWN]
        )
    rows = _rows(unit, stocktake_id)
    if problems := _unexplained(rows):
        raise Refused(
            "kits.difference_reason",
            number=found.number,
            count=len(problems),
            problems=problems[:_MOST_SHOWN],
        )
    ledger.thaw(unit, found.station_id)
    document = f"stocktake:{stocktake_id}"
    bookings = []
    for line, _ in rows:
        assert line.counted is not None
        if line.counted != line.book:
            kind = MoveKind.FOUND if line.counted > line.book else MoveKind.MISSING
            moved = Line(found.station_id, line.lot_id, kind, abs(line.counted - line.book))
            bookings.append(Booking(moved, unit.today, document, reason=line.reason))
    ledger.book_many(unit, bookings)
    _end(unit, found, StocktakeState.CLOSED)
    more = sum(one.line.quantity for one in bookings if one.line.kind is MoveKind.FOUND)
    less = sum(one.line.quantity for one in bookings if one.line.kind is MoveKind.MISSING)
    unit.record(document, number=found.number, lots=len(rows), found=more, missing=less)
    return Result(len(rows), more, less)


@action("kits.cancel_stocktake", permission="kit.stock", brief=True)
def cancel_stocktake(unit: WriteUnit, *, stocktake_id: int, reason: str) -> None:
    """Give a stocktake up (作废盘点): nothing is booked, the station works again.

    Raises Refused: ``kits.stocktake_done``, ``kits.stocktake_reason``, ``kits.stocktake_unknown``,
    ``kits.not_yours``.
    """
    found = _open(unit, stocktake_id)
    said = reason_said(reason, missing="kits.stocktake_reason", long="kits.reason_long")
    ledger.thaw(unit, found.station_id)
    _end(unit, found, StocktakeState.CANCELLED)
    unit.record(f"stocktake:{stocktake_id}", number=found.number, reason=said)


def _open(unit: WriteUnit, stocktake_id: int) -> Stocktake:
    """An open stocktake; whoever else wants it waits until this one is through."""
    query = select(Stocktake).where(col(Stocktake.id) == stocktake_id).with_for_update()
    found = unit.exec(query).first()
    if found is None:
        raise Refused("kits.stocktake_unknown", stocktake=stocktake_id)
    keep_station(unit, found.station_id)
    if found.state is not StocktakeState.OPEN:
        state = say(f"kits.stocktake_state.{found.state.value}")
        raise Refused("kits.stocktake_done", number=found.number, state=state)
    return found


def _end(unit: WriteUnit, found: Stocktake, state: StocktakeState) -> None:
    found.state, found.closed_at, found.closed_by = state, unit.clock.now(), unit.actor.login


def _refuse_no_lot(unit: ReadUnit, lot_id: int) -> None:
    kind = unit.exec(
        select(col(Item.kind)).join(Lot, col(Lot.item_id) == col(Item.id)).where(col(Lot.id) == lot_id)
    ).first()
    if kind is None or kind is ItemKind.MONEY:
        raise Refused("kits.lot_unknown", lot=lot_id)


def _rows(unit: ReadUnit, stocktake_id: int) -> list[tuple[StocktakeLine, str]]:
    """Lines with item and number of the lot."""
    query = (
        select(StocktakeLine, col(Item.name), col(Lot.code))
        .join(Lot, col(Lot.id) == col(StocktakeLine.lot_id))
        .join(Item, col(Item.id) == col(Lot.item_id))
        .where(col(StocktakeLine.stocktake_id) == stocktake_id)
        .order_by(col(Item.code), col(Lot.id))
    )
    return [(line, f"{item} {code}") for line, item, code in unit.exec(query)]


def _uncounted(unit: ReadUnit, stocktake_id: int) -> tuple[Problem, ...]:
    return tuple(
        Problem("kits.uncounted_lot", say("kits.uncounted_lot", what=what, book=line.book))
        for line, what in _rows(unit, stocktake_id)
        if line.counted is None
    )


def _unexplained(rows: Sequence[tuple[StocktakeLine, str]]) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            "kits.difference_lot",
            say("kits.difference_lot", what=what, book=line.book, counted=line.counted),
        )
        for line, what in rows
        if line.counted != line.book and len(line.reason) < 2
    )
