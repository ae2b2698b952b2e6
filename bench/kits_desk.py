"""The counters of ``bench.kits``: a base with stations and people, and what one clerk does there.

Four sides do the same number of hand-outs: *ours* the verb itself; *bare* the driver alone, with the same
question whether the person is entitled, one conditional update of the balance, an audit event and its link,
nothing computed, no hand-out, no line of the ledger; *unit* the same question and update as an action of the
program's unit of work, with its audit; *rows* bare, and the hand-out and the line of the ledger too.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benefits.access.queries import INSTALLER
from benefits.database import create_database, open_database
from benefits.kernel import prepared
from benefits.kernel.actions import action
from benefits.kernel.clock import FixedClock
from benefits.kernel.unit import Database, WriteUnit
from benefits.kits import admission, giving
from benefits.kits.service_handout import hand_out
from sample_data.generate import TODAY
from tests.kits.desk import Kits

RULE = [{"id": "in-post", "test": {"fact": "status", "is": "in_post"}}]
SIDES = ("ours", "bare", "rows", "unit")
WARM = 20
"""Hand-outs of a clerk before the clock runs."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one clerk stands: station and lot, and who is in the queue."""

    campaign: int
    station: int
    lot: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """One clerk's work: when it began and ended (the machine's clock), CPU seconds of the process, and every
    hand-out, milliseconds."""

    began: float
    ended: float
    cpu: float
    took: tuple[float, ...]


def fill(address: str, clerks: int, each: int, stations: int) -> list[Desk]:
    """A campaign with a rule, whose stations have enough, and everybody who comes."""
    create_database(address, clock=FixedClock(TODAY)).close()
    database = open_database(address, clock=FixedClock(TODAY))
    kits = Kits(database, INSTALLER)
    item = kits.item()
    campaign = kits.campaign(item, rule=RULE, starts=TODAY.replace(day=1), ends=TODAY)
    desks = []
    places = [kits.station(campaign) for _ in range(stations)]
    lots = [kits.bring(place, item, clerks * (each + WARM), cost_fen=1500) for place in places]
    for number in range(clerks):
        with kits.world.batch():
            people = tuple(kits.person("A1") for _ in range(each + WARM))
        at = number % stations
        desks.append(Desk(campaign, places[at], lots[at], people))
    database.close()
    return desks


@action("kits.bench", permission="kit.hand", brief=True)
def _through_unit(unit: WriteUnit, *, desk: Desk, member: int) -> None:
    admission.admitted(unit, desk.campaign, RULE, member, unit.today)
    assert prepared.changed(unit, giving._TAKE, station=desk.station, lot=desk.lot, many=1)
    unit.record(
        f"member:{member}", member=member, campaign=desk.campaign, station=desk.station, on=unit.today
    )


def work(where: str, side: str, desk: Desk, ready: Any) -> Done:
    """One clerk: some hand-outs to warm up, then, when all are ready, the rest against the clock."""
    database = open_database(where, clock=FixedClock(TODAY))
    each = _side(database, side, desk)
    for member in desk.people[:WARM]:
        each(member)
    ready.wait(120)
    began = last = time.monotonic()
    cpu = time.process_time()
    took = []
    for member in desk.people[WARM:]:
        each(member)
        now = time.monotonic()
        took.append((now - last) * 1e3)
        last = now
    cpu = time.process_time() - cpu
    database.close()
    return Done(began, last, cpu, tuple(took))


def _side(database: Database, side: str, desk: Desk) -> Callable[[int], None]:
    if side == "ours":
        given: dict[str, Any] = {"campaign_id": desk.campaign, "station_id": desk.station}
        return lambda member: _nothing(database.act(INSTALLER, hand_out, member_id=member, **given))
    if side == "unit":
        return lambda member: database.act(INSTALLER, _through_unit, desk=desk, member=member)
    return _Bare(database, desk, side == "rows")


def _nothing(_: object) -> None:
    return None


class _Bare:
    """The driver alone, on a connection of its own with the program's settings."""

    def __init__(self, database: Database, desk: Desk, rows: bool) -> None:
        self._sqlite = database.dialect == "sqlite"
        self._desk = desk
        self._connection = database.engine.raw_connection()
        self._cursor: Any = self._connection.cursor()
        with database.read(INSTALLER) as unit:
            asked = prepared._prepared(admission._statement(_JSON, TODAY), (), database.engine.dialect)
            assert unit.today == TODAY
        self._asked = asked
        if self._sqlite:
            self._cursor.execute("PRAGMA query_only = OFF")  # whoever read before left it on
        mark = "?" if self._sqlite else "%s"
        away = "NOT frozen"
        self._take = (
            f"UPDATE kit_stock SET on_hand = on_hand - 1 WHERE station_id = {mark} AND lot_id = {mark} "
            f"AND on_hand >= 1 AND {away}"
        )
        self._event = (
            "INSERT INTO audit_event (at, actor, action, target, facts) "
            f"VALUES ({', '.join([mark] * 5)}) RETURNING id"
        )
        self._link = f"INSERT INTO audit_link (seq, event_id, hash) VALUES ({', '.join([mark] * 3)})"
        self._rows = self._inserts(mark) if rows else ()

    def _inserts(self, mark: str) -> tuple[str, str]:
        handout = (
            "INSERT INTO kit_handout (member_id, organisation_id, campaign_id, item_id, slot, station_id, "
            "quantity, fen, given_on, given_at, made_by, collected_by, signed, note, state, reason, origin) "
            f"VALUES ({', '.join([mark] * 4)}, 1, {mark}, 1, 1500, {mark}, {mark}, 'bench', '', 'no', '', "
            "'active', '', '') RETURNING id"
        )
        move = (
            "INSERT INTO kit_move (station_id, lot_id, kind, quantity, day, at, made_by, document, "
            f"handout_id, reason, origin) VALUES ({mark}, {mark}, 'hand_out', -1, {mark}, {mark}, 'bench', "
            f"'', {mark}, '', '')"
        )
        return handout, move

    def __call__(self, member: int) -> None:
        desk, run = self._desk, self._cursor.execute
        now = "2026-11-20 04:00:00.000000" if self._sqlite else "2026-11-20 04:00:00+00"
        day = TODAY.isoformat()
        run("BEGIN IMMEDIATE" if self._sqlite else "SELECT 1")
        values = {"campaign": desk.campaign, "member": member, "day": TODAY}
        run(self._asked.sql, self._asked.bound(values))
        assert len(self._cursor.fetchall()) == 1
        run(self._take, (desk.station, desk.lot))
        assert self._cursor.rowcount == 1
        if self._rows:
            given = (member, 1, desk.campaign, 1, desk.station, day, now)
            run(self._rows[0], given)
            made = self._cursor.fetchall()[0][0]
            run(self._rows[1], (desk.station, desk.lot, day, now, made))
        facts = f'{{"campaign":{desk.campaign},"member":{member},"on":"{day}","station":{desk.station}}}'
        run(self._event, (now, "bench", "kits.hand_out", f"handout:{member}", facts))
        event = self._cursor.fetchall()[0][0]
        run(self._link, (event + 1_000_000, event, "0" * 64))
        self._connection.commit()


_JSON = json.dumps(RULE, sort_keys=True)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile."""
    ranked = sorted(values)
    return {
        "p50_ms": round(ranked[len(ranked) // 2], 2),
        "p99_ms": round(ranked[int(len(ranked) * 0.99)], 2),
    }
