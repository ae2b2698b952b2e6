"""Closing a great campaign: many stations, every set handed out to somebody by name. The floor asks the
ledger for the same sums through the driver, and writes the campaign's and the stations' new state."""

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from bench.places import Place
from bench.tables import sweep
from benefits.access.queries import INSTALLER
from benefits.database import create_database, open_database
from benefits.kernel import bulk
from benefits.kernel.clock import FixedClock
from benefits.kits.models_handout import Handout, HandoutState, Signed
from benefits.kits.models_stock import Lot, Move, MoveKind, Stock
from benefits.kits.service_campaign import close_campaign
from benefits.members.models import Member, Status
from sample_data.generate import TODAY
from tests.kits.desk import Kits

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


def closing(place: Place, stations: int, sets: int, rounds: int) -> dict[str, Any]:
    """Seconds of the closing and of its floor, the median of some rounds on copies."""
    base = "kits_closing"
    place.create(base)
    campaign = _fill(place.address(base), stations, sets)
    place.finished(base)
    ours, floor = [], []
    for _ in range(rounds):
        place.copy(base, "kits_round")
        ours.append(_ours(place.address("kits_round"), campaign))
        place.copy(base, "kits_round")
        floor.append(_floor(place.address("kits_round"), campaign))
    place.drop("kits_round")
    found, least = statistics.median(ours), statistics.median(floor)
    return {
        "stations": stations,
        "sets": sets,
        "seconds": round(found, 3),
        "floor_seconds": round(least, 3),
        "of_floor": round(least / found, 3),
    }


def _ours(where: str, campaign: int) -> float:
    database = open_database(where, clock=FixedClock(TODAY))
    began = time.perf_counter()
    database.act(INSTALLER, close_campaign, campaign_id=campaign)
    took = time.perf_counter() - began
    database.close()
    return took


def _floor(where: str, campaign: int) -> float:
    database = open_database(where, clock=FixedClock(TODAY))
    mark = "?" if database.dialect == "sqlite" else "%s"
    connection = database.engine.raw_connection()
    cursor = connection.cursor()
    if database.dialect == "sqlite":
        cursor.execute("PRAGMA query_only = OFF")  # whoever read before left it on
    began = time.perf_counter()
    if database.dialect == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
    for question in (
        "SELECT lot.item_id, move.kind, sum(move.quantity) FROM kit_move AS move JOIN kit_lot AS lot ON "
        "lot.id = move.lot_id JOIN kit_station AS station ON station.id = move.station_id "
        f"WHERE station.campaign_id = {mark} GROUP BY lot.item_id, move.kind",
        f"SELECT item_id, sum(quantity) FROM kit_handout WHERE campaign_id = {mark} "
        "AND state <> 'void' GROUP BY item_id",
        "SELECT sum(on_hand) FROM kit_stock JOIN kit_station ON kit_station.id = kit_stock.station_id "
        f"WHERE kit_station.campaign_id = {mark}",
    ):
        cursor.execute(question, (campaign,))
        cursor.fetchall()
    cursor.execute(f"UPDATE kit_campaign SET state = 'closed' WHERE id = {mark}", (campaign,))
    cursor.execute(f"UPDATE kit_station SET state = 'closed' WHERE campaign_id = {mark}", (campaign,))
    connection.commit()
    took = time.perf_counter() - began
    connection.close()
    database.close()
    return took


def _fill(where: str, stations: int, sets: int) -> int:
    """Everybody, the stations, and what was handed out there."""
    create_database(where, clock=FixedClock(TODAY)).close()
    database = open_database(where, clock=FixedClock(TODAY))
    kits = Kits(database, INSTALLER)
    item = kits.item()
    campaign = kits.campaign(item, starts=TODAY.replace(day=1), ends=TODAY)
    with kits.world.batch():
        places = [kits.station(campaign) for _ in range(stations)]
    each = [sets // stations + (number < sets % stations) for number in range(stations)]
    home = kits.places["A1"]
    with database.upkeep() as session:
        same = ("王敏", home, Status.IN_POST, NOW, False, 1)
        names = ("id", "name", "organisation_id", "status", "changed_at", "has_card", "version")
        _load(session, Member, names, ((one, *same) for one in range(1, sets + 1)))
        lot = Lot(item_id=item, code="P1", cost_fen=1500)
        session.add(lot)
        session.flush()
        assert lot.id is not None
        at = [place for place, many in zip(places, each, strict=True) for _ in range(many)]
        columns = (
            "id member_id organisation_id campaign_id item_id slot station_id quantity fen given_on".split()
        )
        columns += "given_at made_by collected_by signed note state reason origin".split()
        tail = (NOW, "bench", "", Signed.SELF, "", HandoutState.ACTIVE, "", "")
        rows = (
            (one, one, home, campaign, item, item, place, 1, 1500, TODAY, *tail)
            for one, place in enumerate(at, 1)
        )
        _load(session, Handout, columns, rows)
        columns = "station_id lot_id kind quantity day at made_by document handout_id reason origin".split()
        _load(session, Move, columns, _moves(places, each, lot.id, at))
        session.add_all(Stock(station_id=place, lot_id=lot.id, on_hand=0) for place in places)
        session.flush()
        bulk.follow(session, Member, Handout)
    sweep(database.engine)
    database.close()
    return campaign


def _moves(places: list[int], each: list[int], lot: int, at: list[int]) -> Iterator[tuple[Any, ...]]:
    for place, many in zip(places, each, strict=True):
        yield place, lot, MoveKind.RECEIVE, many, TODAY, NOW, "bench", "", None, "", ""
    for one, place in enumerate(at, 1):
        yield place, lot, MoveKind.HAND_OUT, -1, TODAY, NOW, "bench", "", one, "", ""


def _load(session: Session, model: Any, columns: Any, rows: Any) -> None:
    bulk.load(session, model, list(columns), rows)
