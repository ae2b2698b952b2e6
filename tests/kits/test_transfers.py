"""Transfers: what left and what arrived are two numbers, and nothing disappears in between."""

from datetime import timedelta
from typing import Any

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kits import queries_movements, queries_stock
from benefits.kits.models import StationState
from benefits.kits.models_stock import TransferState
from benefits.kits.references import transfer_of
from benefits.kits.service_stocktake import open_stocktake
from benefits.kits.service_transfer import Arrived, arrive, cancel_transfer, send
from tests.kits.desk import TODAY, Kits

_DAY = timedelta(days=1)


def _send(kits: Kits, origin: int, to: int, actor: Actor | None = None, **more: Any) -> int:
    return kits.database.act(actor or kits.actor, send, from_id=origin, to_id=to, **more)


def _refused(kits: Kits, verb: Any, actor: Actor | None = None, **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        kits.database.act(actor or kits.actor, verb, **more)
    return caught.value.code


def _arrive(kits: Kits, transfer: int, *lines: Arrived, actor: Actor | None = None, **more: Any) -> None:
    kits.database.act(actor or kits.actor, arrive, transfer_id=transfer, lines=lines, **more)


def _view(kits: Kits, transfer: int) -> queries_movements.TransferView:
    with kits.database.read(kits.actor) as unit:
        return queries_movements.transfer(unit, transfer)


def _road(kits: Kits, campaign: int | None = None) -> dict[str, int]:
    with kits.database.read(kits.actor) as unit:
        return {row.item: row.quantity for row in queries_stock.in_transit(unit, campaign)}


def _all(kits: Kits, *stations: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for station in stations:
        assert kits.on_hand(station) == kits.moved(station)
        for lot, count in kits.on_hand(station).items():
            found[lot] = found.get(lot, 0) + count
    return found


def test_goods_leave_are_on_the_road_and_arrive(kits: Kits) -> None:
    pot, leaflet = kits.item("控油壶"), kits.item("宣传页", measure="张")
    campaign = kits.campaign(pot)
    store, station = kits.station(name="区仓库"), kits.station(campaign, name="通运街道")
    soon = kits.bring(store, pot, 30, expires_on=TODAY + _DAY)
    late = kits.bring(store, pot, 30)
    papers = kits.bring(store, leaflet, 500)
    made = _send(kits, store, station, lines=[(pot, 40), (leaflet, 200)], carrier=" 老李 ", note="上午送")
    assert kits.on_hand(store) == {late: 20, papers: 300} and kits.on_hand(station) == {}
    assert _road(kits) == _road(kits, campaign) == {"宣传页": 200, "控油壶": 40}
    row = _view(kits, made).transfer
    assert (row.number, row.origin, row.to, row.state) == (
        "DB-2026-0001",
        "区仓库",
        "通运街道",
        TransferState.SENT,
    )
    assert (row.carrier, row.sent, row.arrived, row.sent_by) == ("老李", 240, None, kits.actor.login)
    _arrive(kits, made, Arrived(late, 7, 2, 1, "一箱进水"), whole=True)
    assert kits.on_hand(station) == kits.moved(station) == {soon: 30, late: 7, papers: 200}
    assert _road(kits) == {}
    view = _view(kits, made)
    assert (view.transfer.arrived, view.transfer.damaged, view.transfer.missing) == (237, 2, 1)
    assert [(line.sent, line.arrived, line.damaged, line.missing, line.reason) for line in view.lines] == [
        (30, 30, 0, 0, ""),
        (10, 7, 2, 1, "一箱进水"),
        (200, 200, 0, 0, ""),
    ]
    with kits.database.read(kits.actor) as unit:
        rows = queries_stock.moves(unit, station_id=station, document=f"transfer:{made}")
        assert sorted((move.kind.value, move.quantity) for move in rows) == [
            ("arrive", 10),
            ("arrive", 30),
            ("arrive", 200),
            ("damage", -2),
            ("loss", -1),
        ]
        assert transfer_of(unit, " db-2026-0001") == made
        assert [one.id for one in queries_movements.transfers(unit, campaign)] == [made]
        assert queries_movements.transfers(unit, station_id=store, state=TransferState.SENT) == ()
    for verb, more in ((arrive, {"whole": True}), (cancel_transfer, {"reason": "不送了"})):
        assert _refused(kits, verb, transfer_id=made, **more) == "kits.transfer_done"


def test_what_is_taken_back_is_where_it_was(kits: Kits) -> None:
    item, store, other = kits.item(), kits.station(), kits.station()
    lot = kits.bring(store, item, 10)
    made = _send(kits, store, other, lines=[(item, 10)])
    with pytest.raises(Refused) as caught:
        kits.database.act(kits.actor, cancel_transfer, transfer_id=made, reason=" ")
    assert caught.value.code == "kits.transfer_reason"
    kits.database.act(kits.actor, cancel_transfer, transfer_id=made, reason="车坏了")
    assert _all(kits, store, other) == kits.on_hand(store) == {lot: 10}
    assert _view(kits, made).transfer.state is TransferState.CANCELLED and _road(kits) == {}
    with pytest.raises(Refused) as done:
        _arrive(kits, made, whole=True)
    assert done.value.code == "kits.transfer_done"


def test_expired_goods_travel_by_their_lot_only(kits: Kits) -> None:
    item, store, other = kits.item(), kits.station(), kits.station()
    old = kits.bring(store, item, 5, expires_on=TODAY - _DAY)
    with pytest.raises(Refused) as caught:
        _send(kits, store, other, lines=[(item, 1)])
    assert caught.value.code == "kits.short"
    _arrive(kits, _send(kits, store, other, lots=[(old, 5)]), whole=True)
    assert kits.on_hand(other) == {old: 5}


def test_what_cannot_be_sent(kits: Kits) -> None:
    item, store, other = kits.item(), kits.station(), kits.station()
    closed = kits.station(state=StationState.CLOSED)
    lot = kits.bring(store, item, 10)
    for given, code in (
        ({}, "kits.nothing_sent"),
        ({"lines": [(item, 1)] * 201}, "kits.nothing_sent"),
        ({"lines": [(item, 1), (item, 2)]}, "kits.line_twice"),
        ({"lots": [(lot, 1), (lot, 2)]}, "kits.line_twice"),
        ({"lines": [(item, 0)]}, "kits.pieces"),
        ({"lines": [(item, 11)]}, "kits.short"),
        ({"lots": [(lot, 11)]}, "kits.short"),
        ({"lines": [(item, 6)], "lots": [(lot, 6)]}, "kits.short"),
        ({"lines": [(999, 1)]}, "kits.item_unknown"),
        ({"lines": [(item, 1)], "to_id": store}, "kits.same_place"),
        ({"lines": [(item, 1)], "to_id": closed}, "kits.frozen"),
        ({"lines": [(item, 1)], "to_id": 999}, "kits.station_unknown"),
        ({"lines": [(item, 1)], "on": TODAY + _DAY}, "kits.day_to_come"),
        ({"lines": [(item, 1)], "carrier": "人" * 51}, "kits.text_long"),
    ):
        values: dict[str, Any] = {"from_id": store, "to_id": other} | given
        with pytest.raises(Refused) as caught:
            kits.database.act(kits.actor, send, **values)
        assert caught.value.code == code, given
    assert kits.on_hand(store) == kits.moved(store) == {lot: 10}
    with kits.database.read(kits.actor) as unit:
        assert queries_movements.transfers(unit) == ()
    both = _send(kits, store, other, lines=[(item, 4)], lots=[(lot, 6)])
    assert [line.sent for line in _view(kits, both).lines] == [10]


def test_what_is_signed_for_adds_up_to_what_was_sent(kits: Kits) -> None:
    item, store, other = kits.item(), kits.station(), kits.station()
    one, two = kits.bring(store, item, 10), kits.bring(store, item, 5)
    stranger = kits.bring(store, item, 5)
    made = _send(kits, store, other, lots=[(one, 10), (two, 5)])
    whole = Arrived(two, 5)
    for lines, codes in (
        ((), ["kits.arrival_unsaid"] * 2),
        ((Arrived(one, 10),), ["kits.arrival_unsaid"]),
        ((whole, Arrived(one, 11)), ["kits.arrival_sum"]),
        ((whole, Arrived(one, 9)), ["kits.arrival_sum"]),
        ((whole, Arrived(one, 11, -1, 0, "多了")), ["kits.arrival_sum"]),
        ((whole, Arrived(one, 2**70, 0, 0, "多了")), ["kits.arrival_sum"]),
        ((whole, Arrived(one, 9, 1)), ["kits.arrival_reason"]),
        ((whole, Arrived(one, 9, 0, 1, " x ")), ["kits.arrival_reason"]),
        ((whole, Arrived(one, 10), Arrived(one, 10)), ["kits.arrival_twice"]),
        ((whole, Arrived(one, 10), Arrived(stranger, 5)), ["kits.arrival_not_sent"]),
        ((whole, Arrived(one, 10), Arrived(999, 5)), ["kits.arrival_not_sent"]),
    ):
        with pytest.raises(Refused) as caught:
            _arrive(kits, made, *lines)
        assert caught.value.code == "kits.arrival"
        assert [problem.code for problem in caught.value.problems] == codes, lines
    for on, code in ((TODAY - _DAY, "kits.arrived_before_sent"), (TODAY + _DAY, "kits.day_to_come")):
        with pytest.raises(Refused) as early:
            _arrive(kits, made, whole=True, on=on)
        assert early.value.code == code
    with pytest.raises(Refused) as unknown:
        _arrive(kits, 999, whole=True)
    assert unknown.value.code == "kits.transfer_unknown"
    assert kits.on_hand(other) == {}
    _arrive(kits, made, whole, Arrived(one, 0, 0, 10, "整箱未到"))
    assert kits.on_hand(other) == kits.moved(other) == {two: 5}


def test_each_end_is_signed_for_by_who_keeps_it(kits: Kits) -> None:
    item = kits.item()
    mine, theirs = kits.station(place="A"), kits.station(place="B")
    kits.bring(mine, item, 10)
    one, other = kits.street("A", "kit.stock"), kits.street("B", "kit.stock")
    with pytest.raises(Refused) as caught:
        _send(kits, mine, theirs, other, lines=[(item, 5)])
    assert caught.value.code == "kits.not_yours"
    made = _send(kits, mine, theirs, one, lines=[(item, 5)])
    for actor, verb, more, code in (
        (one, arrive, {"whole": True}, "kits.not_yours"),
        (other, cancel_transfer, {"reason": "不要了"}, "kits.not_yours"),
        (kits.street("B", "kit.hand"), arrive, {"whole": True}, "access.not_permitted"),
    ):
        assert _refused(kits, verb, actor, transfer_id=made, **more) == code
    _arrive(kits, made, actor=other, whole=True)


def test_nothing_arrives_where_somebody_counts(kits: Kits) -> None:
    item, store, other = kits.item(), kits.station(), kits.station()
    kits.bring(store, item, 10)
    made = _send(kits, store, other, lines=[(item, 4)])
    for station in (store, other):
        kits.database.act(kits.actor, open_stocktake, station_id=station)
    for verb, more in ((arrive, {"whole": True}), (cancel_transfer, {"reason": "不送了"})):
        assert _refused(kits, verb, transfer_id=made, **more) == "kits.frozen"
    with pytest.raises(Refused) as frozen:
        _send(kits, store, other, lines=[(item, 1)])
    assert frozen.value.code == "kits.frozen"
    assert _view(kits, made).transfer.state is TransferState.SENT
