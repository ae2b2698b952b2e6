"""What clerks do to one store at the same time."""

import time
from collections import Counter

from sqlalchemy import insert, update
from sqlmodel import col, select

from benefits.access.queries import INSTALLER
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database, WriteUnit
from benefits.kits.models_stock import Move, MoveKind, Stock
from benefits.kits.service_stock import receive
from benefits.kits.service_stocktake import open_stocktake
from benefits.kits.service_transfer import arrive, cancel_transfer
from tests.kits.desk import TODAY, take


def take_one_by_one(database: Database, station: int, item: int, rounds: int) -> Counter[str]:
    """Take one piece after the other; what became of each."""
    found: Counter[str] = Counter()
    for _ in range(rounds):
        try:
            database.act(INSTALLER, take, station_id=station, item_id=item, quantity=1)
            found["taken"] += 1
        except Refused as refusal:
            found[refusal.code] += 1
    return found


@action("kits.test_write_what_is_left", permission="kit.stock", brief=True)
def write_what_is_left(unit: WriteUnit, *, station: int, lot: int, left: int) -> None:
    """A move, and the balance that somebody has worked out."""
    row = {"station_id": station, "lot_id": lot, "kind": MoveKind.TALLY, "quantity": -1, "day": TODAY}
    unit.session.execute(insert(Move).values(**row, at=unit.clock.now(), made_by="x"))
    unit.session.execute(
        update(Stock).where(col(Stock.station_id) == station, col(Stock.lot_id) == lot).values(on_hand=left)
    )


def read_then_write(database: Database, station: int, lot: int, rounds: int) -> Counter[str]:
    """The same by somebody who reads what is on hand, and writes what is then left of it."""
    found: Counter[str] = Counter()
    for _ in range(rounds):
        with database.read(INSTALLER) as unit:
            query = select(col(Stock.on_hand)).where(
                col(Stock.station_id) == station, col(Stock.lot_id) == lot
            )
            held = unit.exec(query).one()
        if held == 0:
            found["kits.short"] += 1
            continue
        time.sleep(0.01)  # long enough for somebody else to read the same
        database.act(INSTALLER, write_what_is_left, station=station, lot=lot, left=held - 1)
        found["taken"] += 1
    return found


def bring(database: Database, station: int, item: int, rounds: int) -> Counter[str]:
    """Receive one lot after the other, until the store stands still."""
    found: Counter[str] = Counter()
    for _ in range(rounds):
        try:
            database.act(INSTALLER, receive, station_id=station, item_id=item, quantity=2, cost_fen=1)
            found["received"] += 1
        except Refused as refusal:
            found[refusal.code] += 1
    return found


def begin_to_count(database: Database, station: int) -> str:
    """Open a stocktake a little later."""
    time.sleep(0.15)
    database.act(INSTALLER, open_stocktake, station_id=station)
    return "opened"


def sign(database: Database, transfer: int) -> str:
    """Sign for a transfer."""
    database.act(INSTALLER, arrive, transfer_id=transfer, whole=True)
    return "arrived"


def take_back(database: Database, transfer: int) -> str:
    """Take a transfer back."""
    database.act(INSTALLER, cancel_transfer, transfer_id=transfer, reason="不送了")
    return "taken back"
