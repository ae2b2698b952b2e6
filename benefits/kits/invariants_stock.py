"""What must hold of stock: every balance from its moves alone, and nothing lost on the road, in a count or
in a kit that was built."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.kernel.verify import Invariant
from benefits.kits.models import Station, StationState
from benefits.kits.models_stock import (
    INTO,
    Move,
    MoveKind,
    Package,
    Stock,
    Stocktake,
    StocktakeLine,
    StocktakeState,
    Transfer,
    TransferLine,
    TransferState,
)


def _balance(_dialect: str) -> Select[Any]:
    """What is on hand is the sum of the moves, of every lot at every station; the station's id."""
    moved: Any = select(
        col(Move.station_id).label("station_id"),
        col(Move.lot_id).label("lot_id"),
        col(Move.quantity).label("n"),
    )
    held = select(col(Stock.station_id), col(Stock.lot_id), -col(Stock.on_hand))
    both = union_all(moved, held).subquery()
    return (
        select(both.c.station_id).group_by(both.c.station_id, both.c.lot_id).having(func.sum(both.c.n) != 0)
    )


def _below_zero(_dialect: str) -> Select[Any]:
    return (
        select(col(Move.station_id))
        .group_by(col(Move.station_id), col(Move.lot_id))
        .having(func.sum(Move.quantity) < 0)
    )


def _sign(_dialect: str) -> Select[Any]:
    into = col(Move.kind).in_(INTO)
    return select(col(Move.id)).where(
        or_(and_(into, col(Move.quantity) <= 0), and_(~into, col(Move.quantity) >= 0))
    )


def _transfers(_dialect: str) -> Select[Any]:
    """The moves of a transfer are what its lines say: sent, arrived in full, what is damaged or missing
    written off; on the road, only sent."""
    line, arrived = TransferLine, col(Transfer.state) == TransferState.ARRIVED
    expected = (
        (Transfer.from_id, MoveKind.SEND, -col(line.sent), None),
        (Transfer.to_id, MoveKind.ARRIVE, col(line.sent), arrived),
        (Transfer.from_id, MoveKind.ARRIVE, col(line.sent), col(Transfer.state) == TransferState.CANCELLED),
        (Transfer.to_id, MoveKind.DAMAGE, -col(line.damaged), arrived),
        (Transfer.to_id, MoveKind.LOSS, -col(line.missing), arrived),
    )
    parts: list[Select[Any]] = []
    for station, kind, quantity, where in expected:
        part: Any = select(
            col(Transfer.id).label("id"),
            col(station).label("station_id"),
            col(line.lot_id).label("lot_id"),
            literal(kind.value).label("kind"),
            quantity.label("n"),
        ).join(line, col(line.transfer_id) == col(Transfer.id))
        parts.append(part if where is None else part.where(where))
    return _apart([*parts, _booked(Transfer, "transfer:")])


def _transfer_lines(_dialect: str) -> Select[Any]:
    """What arrived is said of each lot of a transfer that arrived, and of no other."""
    said = col(TransferLine.arrived).is_not(None)
    whole = col(TransferLine.arrived) + col(TransferLine.damaged) + col(TransferLine.missing)
    return (
        select(col(Transfer.id))
        .join(TransferLine, col(TransferLine.transfer_id) == col(Transfer.id))
        .where(
            or_(
                said != (col(Transfer.state) == TransferState.ARRIVED),
                and_(said, whole != col(TransferLine.sent)),
            )
        )
    )


def _stocktakes(_dialect: str) -> Select[Any]:
    """A stocktake that is closed booked its differences, any other nothing."""
    difference = col(StocktakeLine.counted) - col(StocktakeLine.book)
    kind = case((difference > 0, literal(MoveKind.FOUND.value)), else_=literal(MoveKind.MISSING.value))
    counted = (
        select(
            col(Stocktake.id).label("id"),
            col(Stocktake.station_id).label("station_id"),
            col(StocktakeLine.lot_id).label("lot_id"),
            kind.label("kind"),
            func.coalesce(difference, 0).label("n"),
        )
        .join(StocktakeLine, col(StocktakeLine.stocktake_id) == col(Stocktake.id))
        .where(col(Stocktake.state) == StocktakeState.CLOSED)
    )
    return _apart([counted, _booked(Stocktake, "stocktake:")])


def _documents(_dialect: str) -> Select[Any]:
    """What was sent, arrived, was found or is missing has its paper; what was built, its parts."""
    other = aliased(Move)
    parts = (
        select(col(other.id))
        .where(
            col(other.document) == col(Move.document),
            col(other.station_id) == col(Move.station_id),
            col(other.kind) != col(Move.kind),
            col(other.kind).in_((MoveKind.BUILT, MoveKind.USED)),
        )
        .exists()
    )
    papers: tuple[tuple[tuple[MoveKind, ...], Any], ...] = (
        ((MoveKind.SEND, MoveKind.ARRIVE), _paper(Transfer, "transfer:")),
        (
            (MoveKind.FOUND, MoveKind.MISSING),
            or_(_paper(Stocktake, "stocktake:"), _paper(Package, "package:")),
        ),
        ((MoveKind.BUILT, MoveKind.USED), and_(col(Move.document).startswith("build:"), parts)),
    )
    without = [and_(col(Move.kind).in_(kinds), ~paper) for kinds, paper in papers]
    return select(col(Move.id)).where(col(Move.origin) == "", or_(*without))


def _frozen(_dialect: str) -> Select[Any]:
    return (
        select(col(Station.id))
        .join(Stock, col(Stock.station_id) == col(Station.id))
        .where(col(Stock.frozen) != (col(Station.state) != StationState.OPEN))
    )


def _counting(_dialect: str) -> Select[Any]:
    """A station is being counted where a stocktake of it is open, and only there."""
    opened = select(col(Stocktake.station_id)).where(col(Stocktake.state) == StocktakeState.OPEN)
    return select(col(Station.id)).where(
        col(Station.id).in_(opened) != (col(Station.state) == StationState.COUNTING)
    )


def _document(model: Any, prefix: str) -> ColumnElement[str]:
    return literal(prefix) + cast(col(model.id), String)


def _paper(model: Any, prefix: str) -> ColumnElement[bool]:
    return col(Move.document).in_(select(_document(model, prefix)))


def _booked(model: Any, prefix: str) -> Select[Any]:
    """What was booked under the papers of a table, with the sign turned round."""
    return select(
        col(model.id),
        col(Move.station_id),
        col(Move.lot_id),
        cast(col(Move.kind), String),
        -col(Move.quantity),
    ).join(Move, col(Move.document) == _document(model, prefix))


def _apart(parts: list[Select[Any]]) -> Select[Any]:
    """Papers where the sums of what they say and what was booked are not nil."""
    rows = union_all(*parts).subquery()
    return (
        select(rows.c.id)
        .group_by(rows.c.id, rows.c.station_id, rows.c.lot_id, rows.c.kind)
        .having(func.sum(rows.c.n) != 0)
    )


INVARIANTS = (
    Invariant("kits.invariant.balance", _balance),
    Invariant("kits.invariant.not_below_zero", _below_zero),
    Invariant("kits.invariant.sign", _sign),
    Invariant("kits.invariant.transfer_booked", _transfers),
    Invariant("kits.invariant.transfer_said", _transfer_lines),
    Invariant("kits.invariant.stocktake_booked", _stocktakes),
    Invariant("kits.invariant.documents", _documents),
    Invariant("kits.invariant.frozen", _frozen),
    Invariant("kits.invariant.counting", _counting),
)
