"""The ledger against a plain model: whatever clerks do in whatever order, on hand is what a dictionary says,
and every refusal is the one that the dictionary expects."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from benefits.kernel.errors import Refused
from benefits.kernel.verify import check
from benefits.kits.invariants_stock import INVARIANTS
from benefits.kits.models_stock import MoveKind
from benefits.kits.queries_stock import stock
from benefits.kits.service_stock import build, damage, receive
from benefits.kits.service_stocktake import (
    Counted,
    cancel_stocktake,
    close_stocktake,
    count,
    open_stocktake,
)
from benefits.kits.service_transfer import Arrived, arrive, cancel_transfer, send
from tests.kits.desk import TODAY, Kits, take

PLACES = st.integers(0, 2)
ITEMS = st.integers(0, 1)
FEW = st.integers(1, 12)
EXPIRY = st.one_of(st.none(), st.integers(0, 3))
_DAY = timedelta(days=1)


class Shelves:
    """What a clerk with pencil and paper would know."""

    def __init__(self) -> None:
        self.held: defaultdict[tuple[int, int], int] = defaultdict(int)
        self.lots: dict[int, tuple[int, date | None]] = {}
        self.counting: dict[int, int] = {}
        self.road: dict[int, tuple[int, int, dict[int, int]]] = {}

    def fresh(self, station: int, item: int, day: date) -> list[tuple[int, int]]:
        """Lots that may be handed out, the first to expire first."""
        found = [
            (ends or date.max, lot, self.held[station, lot])
            for lot, (of, ends) in self.lots.items()
            if of == item and self.held[station, lot] and (ends is None or ends >= day)
        ]
        return [(lot, many) for _, lot, many in sorted(found)]

    def taken(self, station: int, item: int, quantity: int, day: date) -> dict[int, int] | str:
        """What ``take`` should do: lots and pieces, or the refusal."""
        lots = self.fresh(station, item, day)
        if lots and station in self.counting:
            return "kits.frozen"
        if sum(many for _, many in lots) < quantity:
            return "kits.short"
        if station in self.counting:
            return "kits.frozen"
        found: dict[int, int] = {}
        for lot, many in lots:
            if quantity:
                found[lot] = min(many, quantity)
                quantity -= found[lot]
        return found


class Clerks(RuleBasedStateMachine):
    """Three stores, two items and a kit of one and two of them."""

    kits: Kits

    def __init__(self) -> None:
        super().__init__()
        self.stations = [self.kits.station() for _ in range(3)]
        self.items = [self.kits.item(f"物品{place}") for place in range(2)]
        self.kit = self.kits.kit({self.items[0]: 1, self.items[1]: 2})
        self.shelves = Shelves()

    def does(self, verb: Callable[..., Any], **given: Any) -> Any:
        """What came of it: the result, or the code of the refusal."""
        try:
            return self.kits.database.act(self.kits.actor, verb, **given)
        except Refused as refusal:
            return refusal.code

    @rule(place=PLACES, item=ITEMS, quantity=FEW, expiry=EXPIRY)
    def goods_come(self, place: int, item: int, quantity: int, expiry: int | None) -> None:
        station, ends = self.stations[place], None if expiry is None else TODAY + expiry * _DAY
        given: dict[str, Any] = {"quantity": quantity, "cost_fen": 100, "expires_on": ends}
        found = self.does(receive, station_id=station, item_id=self.items[item], **given)
        if station in self.shelves.counting:
            assert found == "kits.frozen"
        else:
            self.shelves.lots[found] = (self.items[item], ends)
            self.shelves.held[station, found] += quantity

    @rule(place=PLACES, item=ITEMS, quantity=FEW, later=st.integers(0, 4))
    def goods_go(self, place: int, item: int, quantity: int, later: int) -> None:
        station, day = self.stations[place], TODAY + later * _DAY
        expected = self.shelves.taken(station, self.items[item], quantity, day)
        given: dict[str, Any] = {"quantity": quantity, "kind": MoveKind.TALLY, "day": day}
        found = self.does(take, station_id=station, item_id=self.items[item], **given)
        assert (found if isinstance(found, str) else dict(found)) == expected
        self._less(station, expected)

    @rule(place=PLACES, quantity=FEW, which=st.integers(0, 9))
    def a_lot_is_damaged(self, place: int, quantity: int, which: int) -> None:
        if not self.shelves.lots:
            return
        station, lot = self.stations[place], sorted(self.shelves.lots)[which % len(self.shelves.lots)]
        item, _ = self.shelves.lots[lot]
        given: dict[str, Any] = {"quantity": quantity, "reason": "压坏", "lot_id": lot}
        found = self.does(damage, station_id=station, item_id=item, **given)
        if station in self.shelves.counting and self.shelves.held[station, lot]:
            assert found == "kits.frozen"
        elif self.shelves.held[station, lot] < quantity:
            assert found in ("kits.short", "kits.frozen")
        else:
            assert found is None
            self._less(station, {lot: quantity})

    @rule(place=PLACES, quantity=st.integers(1, 5))
    def kits_are_built(self, place: int, quantity: int) -> None:
        station = self.stations[place]
        needs = [
            self.shelves.taken(station, item, per * quantity, TODAY)
            for item, per in zip(self.items, (1, 2), strict=True)
        ]
        found = self.does(build, station_id=station, kit_id=self.kit, quantity=quantity)
        refused = [need for need in needs if isinstance(need, str)]
        if refused:
            assert found in refused
            return
        parts = {lot: many for need in needs if not isinstance(need, str) for lot, many in need.items()}
        self._less(station, parts)
        ends = [self.shelves.lots[lot][1] for lot in parts]
        known = [day for day in ends if day is not None]
        assert found.expires_on == (min(known) if known else None) and found.cost_fen == 300
        self.shelves.lots[found.lot_id] = (self.kit, found.expires_on)
        self.shelves.held[station, found.lot_id] += quantity

    @rule(place=PLACES, on=st.integers(1, 2), item=ITEMS, quantity=FEW)
    def goods_are_sent(self, place: int, on: int, item: int, quantity: int) -> None:
        origin, to = self.stations[place], self.stations[(place + on) % 3]
        expected = self.shelves.taken(origin, self.items[item], quantity, TODAY)
        found = self.does(send, from_id=origin, to_id=to, lines=[(self.items[item], quantity)])
        if isinstance(expected, str):
            assert found == expected
        else:
            self._less(origin, expected)
            self.shelves.road[found] = (origin, to, expected)

    @precondition(lambda self: self.shelves.road)
    @rule(damaged=st.integers(0, 2), missing=st.integers(0, 2), whole=st.booleans())
    def goods_arrive(self, damaged: int, missing: int, whole: bool) -> None:
        transfer, (_, to, lots) = next(iter(self.shelves.road.items()))
        lot, sent = next(iter(lots.items()))
        lines = [Arrived(lot, sent - damaged - missing, damaged, missing, "路上颠坏")]
        found = self.does(arrive, transfer_id=transfer, lines=[] if whole else lines, whole=True)
        if not whole and damaged + missing > sent:
            assert found == "kits.arrival"
        elif to in self.shelves.counting:
            assert found == "kits.frozen"
        else:
            assert found is None
            del self.shelves.road[transfer]
            for one, many in lots.items():
                self.shelves.held[to, one] += many
            if not whole:
                self.shelves.held[to, lot] -= damaged + missing

    @precondition(lambda self: self.shelves.road)
    @rule()
    def goods_are_taken_back(self) -> None:
        transfer, (origin, _, lots) = next(reversed(self.shelves.road.items()))
        found = self.does(cancel_transfer, transfer_id=transfer, reason="不送了")
        if origin in self.shelves.counting:
            assert found == "kits.frozen"
            return
        assert found is None
        del self.shelves.road[transfer]
        for one, many in lots.items():
            self.shelves.held[origin, one] += many

    @rule(place=PLACES)
    def a_count_begins(self, place: int) -> None:
        station = self.stations[place]
        found = self.does(open_stocktake, station_id=station)
        if station in self.shelves.counting:
            assert found == "kits.frozen"
        else:
            self.shelves.counting[station] = found

    @precondition(lambda self: self.shelves.counting)
    @rule(more=st.integers(-3, 3), book=st.booleans())
    def a_count_ends(self, more: int, book: bool) -> None:
        station, stocktake = next(iter(self.shelves.counting.items()))
        if not book:
            assert self.does(cancel_stocktake, stocktake_id=stocktake, reason="改日再盘") is None
            del self.shelves.counting[station]
            return
        there = {lot: many for (at, lot), many in self.shelves.held.items() if at == station and many}
        counted = {lot: max(0, many + more) for lot, many in there.items()}
        lines = [Counted(lot, many, "实盘不符") for lot, many in counted.items()]
        assert self.does(count, stocktake_id=stocktake, lines=lines) == 0
        found = self.does(close_stocktake, stocktake_id=stocktake)
        assert found.found - found.missing == sum(counted.values()) - sum(there.values())
        self.shelves.held.update({(station, lot): many for lot, many in counted.items()})
        del self.shelves.counting[station]

    @invariant()
    def the_book_says_what_is_there(self) -> None:
        with self.kits.database.read(self.kits.actor) as unit:
            rows = [row for station in self.stations for row in stock(unit, station)]
        assert {(row.station_id, row.lot_id): row.on_hand for row in rows} == {
            key: many for key, many in self.shelves.held.items() if many
        }
        assert all(row.frozen == (row.station_id in self.shelves.counting) for row in rows)

    def teardown(self) -> None:
        with self.kits.database.read(self.kits.actor) as unit:
            assert [result.code for result in check(unit, INVARIANTS) if not result.ok] == []

    def _less(self, station: int, lots: dict[int, int] | str) -> None:
        if not isinstance(lots, str):
            for lot, many in lots.items():
                self.shelves.held[station, lot] -= many


def test_the_ledger_agrees_with_pencil_and_paper(kits: Kits) -> None:
    """In one database, each run of clerks in stores of its own."""
    run_state_machine_as_test(
        type("ClerksHere", (Clerks,), {"kits": kits}),
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
