"""Every invariant of stock finds what breaks it, on both engines: moves, papers and balances are compared
with each other, never trusted."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlmodel import Session, col, select

from benefits.access.queries import INSTALLER
from benefits.database import create_database, open_database
from benefits.kernel.clock import FixedClock
from benefits.kernel.messages import text as words
from benefits.kernel.unit import Database
from benefits.kernel.verify import check
from benefits.kits.invariants_stock import INVARIANTS
from benefits.kits.models import Station, StationState
from benefits.kits.models_stock import (
    Move,
    MoveKind,
    Stock,
    Stocktake,
    StocktakeLine,
    Transfer,
    TransferLine,
    TransferState,
)
from benefits.kits.service_stock import build
from benefits.kits.service_stocktake import Counted, close_stocktake, count, open_stocktake
from benefits.kits.service_transfer import Arrived, arrive, cancel_transfer, send
from benefits.verify import verify
from tests import engines
from tests.kits.desk import TODAY, Kits
from tests.renewal.factory import NOW

Break = Callable[[Session], Any]


def _migrate(address: str) -> None:
    create_database(address).close()


def _fill(address: str) -> None:
    """A store that built kits and sent goods away: one lot arrived with a difference, one came back, one is
    on the road; the other store was counted, and is being counted again."""
    database = open_database(address, clock=FixedClock(TODAY))
    kits = Kits(database, INSTALLER)
    pot, spoon = kits.item("控油壶"), kits.item("限盐勺")
    kit = kits.kit({pot: 1, spoon: 1})
    store, other = kits.station(), kits.station()
    lot = kits.bring(store, pot, 100)
    kits.bring(store, spoon, 100)
    act: Any = lambda verb, **given: database.act(INSTALLER, verb, **given)  # noqa: E731
    act(build, station_id=store, kit_id=kit, quantity=20)
    first, second = (act(send, from_id=store, to_id=other, lines=[(kit, 5), (pot, 7)]) for _ in range(2))
    act(send, from_id=store, to_id=other, lines=[(spoon, 3)])
    act(arrive, transfer_id=first, lines=[Arrived(lot, 4, 2, 1, "压坏")], whole=True)
    act(cancel_transfer, transfer_id=second, reason="车坏了")
    counted = act(open_stocktake, station_id=other)
    with database.read(INSTALLER) as unit:
        held = unit.exec(select(col(Stock.lot_id), col(Stock.on_hand)).where(col(Stock.station_id) == other))
        lines = [Counted(one, many + 1, "多点") for one, many in held]
    act(count, stocktake_id=counted, lines=lines)
    act(close_stocktake, stocktake_id=counted)
    act(open_stocktake, station_id=other)
    database.close()


@pytest.fixture
def stocked(engine_kind: str, tmp_path: Path) -> Iterator[Database]:
    engines.template(engine_kind, "migrated", _migrate)
    engines.template(engine_kind, "stocked", _fill, base="migrated")
    where = engines.fresh(engine_kind, "stocked", tmp_path)
    database = open_database(where, clock=FixedClock(TODAY))
    yield database
    database.close()
    engines.discard(where)


def _move(kind: MoveKind, quantity: int, *, document: str = "", lot: int = 1, station: int = 1) -> Break:
    """A move behind the ledger's back, and the balance that goes with it."""
    values: dict[str, Any] = {"day": TODAY, "at": NOW, "made_by": "x", "reason": "", "origin": ""}

    def write(session: Session) -> None:
        row = values | {"station_id": station, "lot_id": lot, "kind": kind, "quantity": quantity}
        session.execute(insert(Move).values(**row, document=document))
        session.execute(
            update(Stock)
            .where(col(Stock.station_id) == station, col(Stock.lot_id) == lot)
            .values(on_hand=col(Stock.on_hand) + quantity)
        )

    return write


def _moves_alone(session: Session) -> None:
    """More went out than was there, and the balance says so."""
    _unchecked(session, "kit_stock", "ck_kit_stock_on_hand")
    _move(MoveKind.LOSS, -1000)(session)


def _wrong_sign(session: Session) -> None:
    _unchecked(session, "kit_move", "ck_kit_move_sign")
    _move(MoveKind.LOSS, 1)(session)


def _unchecked(session: Session, table: str, constraint: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"))
    else:
        session.execute(text("PRAGMA ignore_check_constraints = 1"))


def _set(model: Any, key: Any, value: Any, **values: Any) -> Break:
    return lambda session: session.execute(update(model).where(col(key) == value).values(**values))


BREAKS: dict[str, tuple[Break, ...]] = {
    "kits.invariant.balance": (
        _set(Stock, Stock.station_id, 1, on_hand=99_999),
        lambda session: session.execute(insert(Stock).values(station_id=2, lot_id=2, on_hand=1, frozen=True)),
    ),
    "kits.invariant.not_below_zero": (_moves_alone,),
    "kits.invariant.sign": (_wrong_sign,),
    "kits.invariant.transfer_booked": (
        _move(MoveKind.ARRIVE, 1, document="transfer:1", station=2),
        _move(MoveKind.ARRIVE, 3, document="transfer:3", lot=2, station=1),
        _set(Transfer, Transfer.id, 3, state=TransferState.CANCELLED),
        _set(TransferLine, TransferLine.transfer_id, 1, sent=9, arrived=6, damaged=2, missing=1),
    ),
    "kits.invariant.transfer_said": (
        _set(TransferLine, TransferLine.transfer_id, 3, arrived=3),
        _set(TransferLine, TransferLine.transfer_id, 1, arrived=None),
    ),
    "kits.invariant.stocktake_booked": (
        _move(MoveKind.FOUND, 1, document="stocktake:1", station=2),
        _move(MoveKind.MISSING, -1, document="stocktake:2", station=2),
        _set(StocktakeLine, StocktakeLine.stocktake_id, 1, counted=0),
    ),
    "kits.invariant.documents": (
        _move(MoveKind.FOUND, 1),
        _move(MoveKind.ARRIVE, 1, document="transfer:99"),
        _move(MoveKind.BUILT, 1, document="build:99"),
        _move(MoveKind.USED, -1),
    ),
    "kits.invariant.frozen": (
        _set(Stock, Stock.station_id, 1, frozen=True),
        _set(Stock, Stock.station_id, 2, frozen=False),
    ),
    "kits.invariant.counting": (
        _set(Station, Station.id, 1, state=StationState.COUNTING),
        _set(Station, Station.id, 2, state=StationState.AWAY),
    ),
}


def test_each_invariant_of_stock_has_its_break_here() -> None:
    assert {each.code for each in INVARIANTS} == set(BREAKS)
    assert all(words(each.code, lang) for each in INVARIANTS for lang in ("zh", "en"))


def test_a_store_that_works_breaks_none(stocked: Database) -> None:
    with stocked.read(INSTALLER) as unit:
        assert [result for result in verify(unit) if not result.ok] == []
        states = set(unit.exec(select(col(Transfer.state))))
        assert states == set(TransferState) and unit.exec(select(Stocktake)).all() != []


def test_each_break_is_found(stocked: Database) -> None:
    """Each in a transaction that is rolled back."""
    missed = []
    for code, breaks in BREAKS.items():
        for place, one in enumerate(breaks):
            with stocked.write(INSTALLER) as unit, unit.recording():
                one(unit.session)
                found = {result.code: result for result in check(unit, INVARIANTS)}[code]
            if found.ok or not found.count or not found.examples:
                missed.append((code, place))
    assert missed == []
    with stocked.read(INSTALLER) as after:
        assert [result for result in check(after, INVARIANTS) if not result.ok] == []
