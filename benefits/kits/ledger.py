"""The ledger of stock (库存台账): every move is written together with the balance that it changes.

A balance is changed by one conditional UPDATE, which the database carries out or not: nobody reads what is on
hand and then writes what is left of it. So it holds at READ COMMITTED too, and whoever comes second waits for
the first and then sees what he or she left. What a station has is locked lot by lot, in order.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn

from sqlalchemy import and_, bindparam, insert, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from benefits.kernel import bulk
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits.models import Item, Station, StationState
from benefits.kits.models_stock import INTO, Lot, Move, MoveKind, Stock

MOST_HELD = 1_000_000_000
"""Pieces of one lot at one station; more is a slip of the pen."""
OUT_OF = tuple(kind for kind in MoveKind if kind not in INTO)
"""Kinds that take out of stock."""

Lots = tuple[tuple[int, int], ...]
"""Ids of lots, each with a number of pieces."""


@dataclass(frozen=True, slots=True)
class Line:
    """A move to be booked: ``quantity`` pieces, at least 1; whether they come or go is said by the kind."""

    station_id: int
    lot_id: int
    kind: MoveKind
    quantity: int

    @property
    def delta(self) -> int:
        """What it does to the balance."""
        return self.quantity if self.kind in INTO else -self.quantity


@dataclass(frozen=True, slots=True)
class Booking:
    """A line of ``book_many`` with all that its move says; ``made_by`` and ``at`` None: the actor, now."""

    line: Line
    day: date
    document: str = ""
    handout_id: int | None = None
    reason: str = ""
    origin: str = ""
    origin_seq: int | None = None
    made_by: str | None = None
    at: datetime | None = None


def book(
    unit: WriteUnit,
    lines: Iterable[Line],
    *,
    day: date,
    document: str = "",
    handout_id: int | None = None,
    reason: str = "",
    origin: str = "",
    origin_seq: int | None = None,
) -> list[int]:
    """Write moves and change the balances (记账); the ids of the moves in the order of ``lines``.

    Raises Refused: ``kits.short`` naming station, item, have and need; ``kits.frozen`` while a station is
    counted, away or closed; ``kits.too_many``.
    """
    asked = list(lines)
    for line in sorted(asked, key=lambda one: (one.station_id, one.lot_id)):
        _change(unit, line.station_id, line.lot_id, line.delta)
    said = Booking(asked[0], day, document, handout_id, reason, origin, origin_seq) if asked else None
    rows = [_values(unit, line, said) for line in asked if said is not None]
    return [unit.session.execute(_MOVE, row).scalar_one() for row in rows]


def book_many(unit: WriteUnit, bookings: Sequence[Booking]) -> int:
    """The same for thousands of moves at once (批量记账), by the net change of each balance; how many.

    Raises Refused as ``book`` does.
    """
    net: defaultdict[tuple[int, int], int] = defaultdict(int)
    for one in bookings:
        net[one.line.station_id, one.line.lot_id] += one.line.delta
    for (station, lot), delta in sorted(net.items()):
        _change(unit, station, lot, delta)
    rows = (tuple(_values(unit, one.line, one).values()) for one in bookings)
    return bulk.write(unit, Move, _COLUMNS, rows) if bookings else 0


def fefo(unit: ReadUnit, station_id: int, item_id: int, quantity: int, day: date) -> Lots:
    """Lots that ``quantity`` of an item are to come from: what expires first goes first (先到期先发), what
    does not expire goes last, nothing that expired before ``day``.

    Raises Refused ``kits.short``, ``kits.frozen``.
    """
    found: list[tuple[int, int]] = []
    left = quantity
    for lot, on_hand in _fresh(unit, station_id, item_id, day):
        if left:
            found.append((lot, min(on_hand, left)))
            left -= found[-1][1]
    if left:
        _refuse_short(unit, station_id, item_id, day, quantity - left, quantity)
    return tuple(found)


def take(
    unit: WriteUnit,
    *,
    station_id: int,
    item_id: int,
    quantity: int,
    kind: MoveKind,
    day: date,
    document: str = "",
    handout_id: int | None = None,
    reason: str = "",
) -> Lots:
    """Take ``quantity`` of an item out of a station's stock, lots by ``fefo``, and write the moves. A lot
    that somebody else emptied meanwhile is passed over for the next one.

    Raises Refused ``kits.short``, ``kits.frozen``.
    """
    taken: defaultdict[int, int] = defaultdict(int)
    left = quantity
    while left:  # once more only where somebody else's taking was committed in between
        lots = _fresh(unit, station_id, item_id, day)
        if sum(on_hand for _, on_hand in lots) < left:
            _refuse_short(unit, station_id, item_id, day, quantity - left + sum(n for _, n in lots), quantity)
        for lot, on_hand in lots:
            many = min(on_hand, left)
            if many and _changed(unit, station_id, lot, -many):
                taken[lot] += many
                left -= many
    for lot, many in taken.items():
        line = Line(station_id, lot, kind, many)
        said = Booking(line, day, document, handout_id, reason)
        unit.session.execute(_MOVE, _values(unit, line, said))
    return tuple(taken.items())


def freeze(unit: WriteUnit, station_id: int, state: StationState) -> None:
    """Nothing moves at a station from now on (冻结): it is counted, away or closed.

    Raises Refused ``kits.frozen`` where it is so already.
    """
    changed = unit.session.execute(
        update(Station)
        .where(col(Station.id) == station_id, col(Station.state) == StationState.OPEN)
        .values(state=state)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        refuse_frozen(unit, station_id)
    unit.session.execute(_FREEZE, {"station": station_id, "now": True})


def thaw(unit: WriteUnit, station_id: int) -> None:
    """A station works again (解冻)."""
    unit.session.execute(update(Station).where(col(Station.id) == station_id).values(state=StationState.OPEN))
    unit.session.execute(_FREEZE, {"station": station_id, "now": False})


def refuse_frozen(unit: ReadUnit, station_id: int) -> NoReturn:
    """Raise Refused ``kits.frozen`` with the reason, or ``kits.station_unknown``."""
    found = unit.exec(
        select(col(Station.name), col(Station.state)).where(col(Station.id) == station_id)
    ).first()
    if found is None:
        raise Refused("kits.station_unknown", station=station_id)
    raise Refused("kits.frozen", station=found[0], why=say(f"kits.frozen_why.{found[1].value}"))


_ROW = and_(col(Stock.station_id) == bindparam("station"), col(Stock.lot_id) == bindparam("lot"))
_BOTH_WAYS = {"synchronize_session": False}  # balances are read as columns, never as objects
_CHANGE = (
    update(Stock)
    .where(
        _ROW,
        col(Stock.frozen).is_(False),
        col(Stock.on_hand) + bindparam("delta") >= 0,
        col(Stock.on_hand) <= bindparam("most"),
    )
    .values(on_hand=col(Stock.on_hand) + bindparam("delta"))
    .execution_options(**_BOTH_WAYS)
)
_FREEZE = (
    update(Stock)
    .where(col(Stock.station_id) == bindparam("station"))
    .values(frozen=bindparam("now"))
    .execution_options(**_BOTH_WAYS)
)
_MOVE = insert(Move).returning(col(Move.id))
_COLUMNS = (
    "station_id",
    "lot_id",
    "kind",
    "quantity",
    "day",
    "at",
    "made_by",
    "document",
    "handout_id",
    "reason",
    "origin",
    "origin_seq",
)
_LOTS = (
    select(col(Stock.lot_id), col(Stock.on_hand), col(Stock.frozen))
    .join(Lot, col(Lot.id) == col(Stock.lot_id))
    .where(
        col(Stock.station_id) == bindparam("station"),
        col(Lot.item_id) == bindparam("item"),
        col(Stock.on_hand) > 0,
        or_(col(Lot.expires_on).is_(None), col(Lot.expires_on) >= bindparam("day")),
    )
    .order_by(col(Lot.expires_on).is_(None), col(Lot.expires_on), col(Lot.id))
)


def _values(unit: WriteUnit, line: Line, said: Booking | None) -> dict[str, Any]:
    """A move as the table takes it, in the order of ``_COLUMNS``."""
    assert said is not None and line.quantity >= 1, line
    return {
        "station_id": line.station_id,
        "lot_id": line.lot_id,
        "kind": line.kind,
        "quantity": line.delta,
        "day": said.day,
        "at": said.at or unit.clock.now(),
        "made_by": said.made_by or unit.actor.login,
        "document": said.document,
        "handout_id": said.handout_id,
        "reason": said.reason,
        "origin": said.origin,
        "origin_seq": said.origin_seq,
    }


def _changed(unit: WriteUnit, station_id: int, lot_id: int, delta: int) -> bool:
    most = MOST_HELD - delta if delta > 0 else MOST_HELD
    given = {"station": station_id, "lot": lot_id, "delta": delta, "most": most}
    return bool(unit.session.execute(_CHANGE, given).rowcount == 1)  # type: ignore[attr-defined]


def _change(unit: WriteUnit, station_id: int, lot_id: int, delta: int) -> None:
    if _changed(unit, station_id, lot_id, delta):
        return
    if delta >= 0 and _open_row(unit, station_id, lot_id) and _changed(unit, station_id, lot_id, delta):
        return
    _refuse(unit, station_id, lot_id, delta)


def _open_row(unit: WriteUnit, station_id: int, lot_id: int) -> bool:
    """Make the balance of a lot that a station never had. The station's row is held meanwhile, so that nobody
    freezes it without this balance."""
    state = unit.exec(
        select(col(Station.state)).where(col(Station.id) == station_id).with_for_update(read=True)
    ).first()
    if state is not StationState.OPEN:
        refuse_frozen(unit, station_id)
    insert_of = postgresql.insert if unit.dialect == "postgresql" else sqlite.insert
    row = {"station_id": station_id, "lot_id": lot_id, "on_hand": 0, "frozen": False}
    unit.session.execute(insert_of(Stock).values(**row).on_conflict_do_nothing())
    return True


def _refuse(unit: ReadUnit, station_id: int, lot_id: int, delta: int) -> NoReturn:
    """Say why a balance was not changed."""
    row = unit.exec(
        select(col(Stock.on_hand), col(Stock.frozen)).where(
            col(Stock.station_id) == station_id, col(Stock.lot_id) == lot_id
        )
    ).first()
    have, frozen = row or (0, False)
    if frozen:
        refuse_frozen(unit, station_id)
    station, item, lot = unit.exec(
        select(col(Station.name), col(Item.name), col(Lot.code))
        .select_from(Station)
        .join(Lot, col(Lot.id) == lot_id)
        .join(Item, col(Item.id) == col(Lot.item_id))
        .where(col(Station.id) == station_id)
    ).one()
    if delta > 0:
        raise Refused("kits.too_many", station=station, item=item, have=have, more=delta, most=MOST_HELD)
    raise Refused(
        "kits.short",
        station=station,
        item=say("kits.item_of_lot", item=item, lot=lot),
        have=have,
        need=-delta,
    )


def _fresh(unit: ReadUnit, station_id: int, item_id: int, day: date) -> list[tuple[int, int]]:
    """Lots that may be handed out on ``day``, the first to expire first, with what is on hand."""
    rows = unit.session.execute(_LOTS, {"station": station_id, "item": item_id, "day": day}).all()
    if any(frozen for _, _, frozen in rows):
        refuse_frozen(unit, station_id)
    return [(lot, on_hand) for lot, on_hand, _ in rows]


def _refuse_short(unit: ReadUnit, station_id: int, item_id: int, day: date, have: int, need: int) -> NoReturn:
    """Say what is short, and what is there that has expired."""
    station = unit.exec(select(Station.name).where(col(Station.id) == station_id)).first()
    item = unit.exec(select(Item.name).where(col(Item.id) == item_id)).first()
    if station is None:
        raise Refused("kits.station_unknown", station=station_id)
    if item is None:
        raise Refused("kits.item_unknown", item=item_id)
    expired = unit.exec(
        select(col(Lot.code), col(Lot.expires_on), col(Stock.on_hand))
        .join(Stock, col(Stock.lot_id) == col(Lot.id))
        .where(
            col(Stock.station_id) == station_id,
            col(Lot.item_id) == item_id,
            col(Stock.on_hand) > 0,
            col(Lot.expires_on) < day,
        )
        .order_by(col(Lot.expires_on), col(Lot.id))
    )
    problems = tuple(
        Problem("kits.expired", say("kits.expired", lot=lot, day=ends, count=count))
        for lot, ends, count in expired
    )
    raise Refused("kits.short", station=station, item=item, have=have, need=need, problems=problems)
