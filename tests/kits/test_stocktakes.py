"""Stocktakes: the station stands still, and only what is explained is booked."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from benefits.kernel.errors import Refused
from benefits.kits import queries_movements, queries_stock
from benefits.kits.models import ItemKind, StationState
from benefits.kits.models_stock import StocktakeState
from benefits.kits.references import stocktake_of
from benefits.kits.service_stock import receive
from benefits.kits.service_stocktake import (
    Counted,
    Result,
    cancel_stocktake,
    close_stocktake,
    count,
    open_stocktake,
)
from tests.kits.desk import Kits


def _refused(kits: Kits, verb: Any, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        kits.database.act(kits.actor, verb, **more)
    return caught.value


def _open(kits: Kits, station: int, note: str = "") -> int:
    return kits.database.act(kits.actor, open_stocktake, station_id=station, note=note)


def _count(kits: Kits, stocktake: int, *lines: Counted) -> int:
    return kits.database.act(kits.actor, count, stocktake_id=stocktake, lines=lines)


def test_differences_are_booked_with_their_reasons(kits: Kits) -> None:
    pot, spoon = kits.item("控油壶"), kits.item("限盐勺")
    store = kits.station(name="区仓库")
    less, more, same = kits.bring(store, pot, 10), kits.bring(store, pot, 5), kits.bring(store, spoon, 7)
    gone = kits.bring(store, spoon, 1)
    kits.take(store, spoon, 7)
    new = kits.lot(spoon)
    made = _open(kits, store, " 月末盘点 ")
    assert _refused(kits, open_stocktake, station_id=store).code == "kits.frozen"
    with kits.database.read(kits.actor) as unit:
        assert {row.frozen for row in queries_stock.stock(unit, store)} == {True}
        view = queries_movements.stocktake(unit, made)
    assert (view.stocktake.number, view.stocktake.note, view.stocktake.lots, view.stocktake.left) == (
        "PD-2026-0001",
        "月末盘点",
        3,
        3,
    )
    assert [(line.item, line.lot_id, line.book, line.counted) for line in view.lines] == [
        ("控油壶", less, 10, None),
        ("控油壶", more, 5, None),
        ("限盐勺", gone, 1, None),
    ]
    assert _count(kits, made, Counted(less, 9), Counted(more, 5)) == 1
    uncounted = _refused(kits, close_stocktake, stocktake_id=made)
    assert (uncounted.code, uncounted.say.params["count"]) == ("kits.uncounted", 1)
    assert (
        _count(kits, made, Counted(more, 6, "上次少点一件"), Counted(gone, 0), Counted(new, 2, "漏登")) == 0
    )
    unexplained = _refused(kits, close_stocktake, stocktake_id=made)
    assert unexplained.code == "kits.difference_reason"
    assert [problem.say.params["counted"] for problem in unexplained.problems] == [9, 0]
    _count(kits, made, Counted(less, 8, "外借未还"), Counted(gone, 0, "试用"))
    found = kits.database.act(kits.actor, close_stocktake, stocktake_id=made)
    assert found == Result(lots=4, found=3, missing=3)
    assert kits.on_hand(store) == kits.moved(store) == {less: 8, more: 6, new: 2}
    assert same not in kits.on_hand(store)
    with kits.database.read(kits.actor) as unit:
        rows = queries_stock.moves(unit, document=f"stocktake:{made}")
        assert sorted((row.kind.value, row.quantity, row.reason) for row in rows) == [
            ("found", 1, "上次少点一件"),
            ("found", 2, "漏登"),
            ("missing", -2, "外借未还"),
            ("missing", -1, "试用"),
        ]
        (row,) = queries_movements.stocktakes(unit, store)
        assert (row.state, row.found, row.missing) == (StocktakeState.CLOSED, 3, 3)
        assert stocktake_of(unit, "pd-2026-0001") == made
    for verb, values in (
        (close_stocktake, {}),
        (count, {"lines": []}),
        (cancel_stocktake, {"reason": "不盘了"}),
    ):
        assert _refused(kits, verb, stocktake_id=made, **values).code == "kits.stocktake_done"
    kits.take(store, pot, 1)  # and the station works again


def test_a_stocktake_that_is_given_up_changes_nothing(kits: Kits) -> None:
    store, item = kits.station(), kits.item()
    lot = kits.bring(store, item, 10)
    made = _open(kits, store)
    _count(kits, made, Counted(lot, 3, "没数完"))
    assert _refused(kits, cancel_stocktake, stocktake_id=made, reason="").code == "kits.stocktake_reason"
    kits.database.act(kits.actor, cancel_stocktake, stocktake_id=made, reason="下雨")
    assert kits.on_hand(store) == kits.moved(store) == {lot: 10}
    assert kits.take(store, item, 10) == {lot: 10}
    again = _open(kits, store)
    assert kits.database.act(kits.actor, close_stocktake, stocktake_id=again) == Result(0, 0, 0)


def test_what_cannot_be_counted(kits: Kits) -> None:
    store, item = kits.station(place="A"), kits.item()
    lot = kits.bring(store, item, 10)
    money = kits.lot(kits.item("慰问金", kind=ItemKind.MONEY))
    made = _open(kits, store)
    for line, code in (
        (Counted(lot, -1), "kits.pieces"),
        (Counted(lot, 2**70), "kits.pieces"),
        (Counted(lot, 1, "因" * 201), "kits.text_long"),
        (Counted(999, 1), "kits.lot_unknown"),
        (Counted(money, 1), "kits.lot_unknown"),
    ):
        assert _refused(kits, count, stocktake_id=made, lines=[line]).code == code
    assert _refused(kits, count, stocktake_id=999, lines=[]).code == "kits.stocktake_unknown"
    assert _refused(kits, open_stocktake, station_id=999).code == "kits.station_unknown"
    closed = kits.station(state=StationState.CLOSED)
    assert _refused(kits, open_stocktake, station_id=closed).code == "kits.frozen"
    with pytest.raises(Refused) as denied:
        kits.database.act(kits.street("B"), close_stocktake, stocktake_id=made)
    assert denied.value.code == "kits.not_yours"
    _count(kits, made, Counted(lot, 10))
    assert kits.database.act(kits.street("A"), close_stocktake, stocktake_id=made) == Result(1, 0, 0)


def _while_it_is_open(kits: Kits, first: Any, then: Any) -> Any:
    """``first(unit)`` in a unit that commits a little later; ``then()`` begins meanwhile; what came of it."""
    began = threading.Event()

    def hold() -> None:
        with kits.database.write(kits.actor, True) as unit:
            first(unit)
            began.set()
            time.sleep(0.3)
            unit.commit()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(hold)
        assert began.wait(10)
        found = then()
        done.result()
    return found


def test_a_lot_that_comes_in_as_the_count_begins_is_counted(kits: Kits) -> None:
    """The count waits for a lot that the store never had, until it is booked."""
    store, item = kits.station(), kits.item()
    new: dict[str, Any] = {"station_id": store, "item_id": item, "quantity": 3, "cost_fen": 0}
    made = _while_it_is_open(kits, lambda unit: receive(unit, **new), lambda: _open(kits, store))
    with kits.database.read(kits.actor) as unit:
        assert [line.book for line in queries_movements.stocktake(unit, made).lines] == [3]
        assert [row.frozen for row in queries_stock.stock(unit, store)] == [True]


def test_a_lot_that_comes_in_after_the_count_began_is_refused(kits: Kits) -> None:
    store, item = kits.station(), kits.item()
    refusal = _while_it_is_open(
        kits,
        lambda unit: open_stocktake(unit, station_id=store),
        lambda: _refused(kits, receive, station_id=store, item_id=item, quantity=3, cost_fen=0),
    )
    assert refusal.code == "kits.frozen" and kits.moved(store) == {}
