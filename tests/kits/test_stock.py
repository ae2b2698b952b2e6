"""Stock comes in, is built into kits, and is written off; the ledger says all of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.contributions.models import Payer
from benefits.kernel.errors import Refused
from benefits.kits.models import Campaign, ItemKind
from benefits.kits.models_stock import Lot, Move
from benefits.kits.references import station_of
from benefits.kits.service_stock import Built, add_store, build, damage, lose, receive
from tests.kits.desk import TODAY, Kits

_DAY = timedelta(days=1)


def _receive(kits: Kits, station: int, item: int, quantity: Any = 10, **more: Any) -> int:
    values: dict[str, Any] = {"station_id": station, "item_id": item, "quantity": quantity}
    return kits.database.act(kits.actor, receive, **({"cost_fen": 500} | values | more))


def _build(kits: Kits, station: int, kit: int, quantity: int, **more: Any) -> Built:
    return kits.database.act(kits.actor, build, station_id=station, kit_id=kit, quantity=quantity, **more)


def _lot(kits: Kits, lot: int) -> Lot:
    with kits.database.read(kits.actor) as unit:
        return unit.exec(select(Lot).where(col(Lot.id) == lot)).one()


def _moves(kits: Kits) -> list[tuple[str, int, str]]:
    with kits.database.read(kits.actor) as unit:
        rows = unit.exec(select(Move).order_by(col(Move.id)))
        return [(row.kind.value, row.quantity, row.reason) for row in rows]


def test_stores_are_stations_of_no_campaign(kits: Kits) -> None:
    values: dict[str, Any] = {"organisation_id": kits.places["A"], "name": "街道仓库"}
    made = kits.database.act(kits.street("A", "kit.edit"), add_store, **values)
    with pytest.raises(Refused) as caught:
        kits.database.act(kits.actor, add_store, **values)
    assert caught.value.code == "kits.store_taken"
    kits.database.act(kits.actor, add_store, organisation_id=kits.places["B"], name="区仓库")
    with pytest.raises(Refused) as denied:
        kits.database.act(kits.street("A"), add_store, organisation_id=kits.places["B"], name="区仓库")
    assert denied.value.code == "kits.not_yours"
    campaign = kits.campaign()
    station = kits.station(campaign, number=3, name="街道仓库")
    with kits.database.read(kits.actor) as unit:
        assert station_of(unit, f"#{made}").name == "街道仓库"
        assert station_of(unit, "区仓库").campaign_id is None
        number = unit.exec(select(Campaign.number)).one()
        assert station_of(unit, f"{number.lower()}/3").id == station_of(unit, "3", campaign).id == station
        for text, code in (
            ("街道仓库", "kits.several"),
            ("HD-2026-0000/1", "kits.campaign_missing"),
            (f"{number}/4", "kits.station_missing"),
            ("#", "kits.station_missing"),
            ("#99999999999999999999", "kits.station_missing"),
            ("没有", "kits.station_missing"),
            ("", "kits.station_missing"),
        ):
            with pytest.raises(Refused) as refused:
                station_of(unit, text)
            assert refused.value.code == code, text


def test_goods_come_in_by_lots(kits: Kits) -> None:
    store, item = kits.station(), kits.item()
    one = _receive(kits, store, item, 10, fund=Payer.DISTRICT, note="京东到货")
    two = _receive(kits, store, item, 5, lot=" A-7 ", cost_fen=0, expires_on=TODAY, on=TODAY - _DAY)
    again = _receive(kits, store, item, 2, lot="A-7", cost_fen=None)
    assert again == two != one
    found = _lot(kits, one)
    assert (found.code, found.cost_fen, found.fund, found.expires_on) == (
        "PC-2026-0001",
        500,
        Payer.DISTRICT,
        None,
    )
    assert kits.on_hand(store) == kits.moved(store) == {one: 10, two: 7}
    assert _moves(kits)[0] == ("receive", 10, "京东到货")
    with pytest.raises(Refused) as caught:
        _receive(kits, store, item, 1, lot="A-7", cost_fen=1, expires_on=TODAY + _DAY)
    assert caught.value.code == "kits.lot_differs"
    assert [problem.field for problem in caught.value.problems] == ["cost_fen", "expires_on"]
    assert _receive(kits, store, kits.item("限盐勺"), 1, lot="A-7") != two


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"quantity": 0}, "kits.pieces"),
    ({"quantity": -1}, "kits.pieces"),
    ({"quantity": 1_000_001}, "kits.pieces"),
    ({"quantity": 2**70}, "kits.pieces"),
    ({"quantity": 1.5}, "kits.pieces"),
    ({"cost_fen": None}, "kits.cost_missing"),
    ({"cost_fen": -1}, "kits.price"),
    ({"cost_fen": 10**12}, "kits.price"),
    ({"expires_on": TODAY - _DAY}, "kits.expired_already"),
    ({"on": TODAY + _DAY}, "kits.day_to_come"),
    ({"lot": "批" * 41}, "kits.text_long"),
    ({"note": "长" * 201}, "kits.text_long"),
    ({"station_id": 999}, "kits.station_unknown"),
    ({"item_id": 999}, "kits.item_unknown"),
)


def test_what_cannot_come_in(kits: Kits) -> None:
    store, item = kits.station(), kits.item()
    for given, code in WRONG:
        with pytest.raises(Refused) as caught:
            _receive(kits, store, item, **given)
        assert caught.value.code == code, given
    for wrong, code in (
        (kits.item("慰问金", kind=ItemKind.MONEY), "kits.money_kept"),
        (kits.item("旧款", retired=True), "kits.item_retired"),
    ):
        with pytest.raises(Refused) as refused:
            _receive(kits, store, wrong)
        assert refused.value.code == code
    assert _moves(kits) == []
    with kits.database.read(kits.actor) as unit:
        assert unit.exec(select(Lot)).all() == []


def test_kits_are_built_of_their_parts(kits: Kits) -> None:
    """The parts go by expiry; a kit costs what they cost, rounded down, and expires with the first."""
    store, pot, spoon = kits.station(), kits.item("控油壶"), kits.item("限盐勺")
    kit = kits.kit({pot: 1, spoon: 2})
    soon = _receive(kits, store, pot, 2, expires_on=TODAY + _DAY, cost_fen=100, fund=Payer.DISTRICT)
    late = _receive(kits, store, pot, 5, expires_on=TODAY + 9 * _DAY, cost_fen=201, fund=Payer.DISTRICT)
    spoons = _receive(kits, store, spoon, 8, cost_fen=50, fund=Payer.DISTRICT)
    made = _build(kits, store, kit, 4)
    assert (made.quantity, made.cost_fen, made.expires_on) == (4, (200 + 402 + 400) // 4, TODAY + _DAY)
    assert kits.on_hand(store) == kits.moved(store) == {late: 3, made.lot_id: 4}
    assert _moves(kits)[3:] == [("used", -2, ""), ("used", -2, ""), ("used", -8, ""), ("built", 4, "")]
    assert _lot(kits, made.lot_id).fund is Payer.DISTRICT
    with kits.database.read(kits.actor) as unit:
        documents = set(unit.exec(select(Move.document).where(col(Move.document) != "")))
    assert len(documents) == 1 and documents.pop().startswith("build:")
    _receive(kits, store, spoon, 6, lot=_lot(kits, spoons).code, cost_fen=None)
    more = _build(kits, store, kit, 1, lot="K-1")
    assert more.lot == "K-1" and more.cost_fen == 201 + 100
    with pytest.raises(Refused) as caught:
        _build(kits, store, kit, 3)
    assert (caught.value.code, caught.value.say.params["item"]) == ("kits.short", "控油壶")
    assert [problem.say.params["item"] for problem in caught.value.problems] == ["控油壶", "限盐勺"]
    assert sum(kits.on_hand(store).values()) == 2 + 4 + 4 + 1
    assert soon not in kits.on_hand(store)
    for station, wrong, quantity, code in (
        (store, pot, 1, "kits.not_a_kit"),
        (store, kits.kit({}), 1, "kits.no_bill"),
        (store, kit, 0, "kits.pieces"),
        (999, kit, 1, "kits.station_unknown"),
    ):
        with pytest.raises(Refused) as refused:
            _build(kits, station, wrong, quantity)
        assert refused.value.code == code


def test_what_is_damaged_or_lost_is_written_off_with_a_reason(kits: Kits) -> None:
    store, item = kits.station(), kits.item()
    old = kits.bring(store, item, 4, expires_on=date(2026, 1, 1))
    good = kits.bring(store, item, 9)
    off: dict[str, Any] = {"station_id": store, "item_id": item}
    kits.database.act(kits.actor, damage, **off, quantity=2, reason="运输压坏")
    kits.database.act(kits.actor, damage, **off, quantity=4, reason="已过期", lot_id=old)
    kits.database.act(kits.actor, lose, **off, quantity=1, reason="清点不见")
    assert kits.on_hand(store) == kits.moved(store) == {good: 6}
    assert _moves(kits)[2:] == [
        ("damage", -2, "运输压坏"),
        ("damage", -4, "已过期"),
        ("loss", -1, "清点不见"),
    ]
    other = kits.bring(store, kits.item("限盐勺"), 5)
    for given, code in (
        ({"quantity": 7, "reason": "压坏"}, "kits.short"),
        ({"quantity": 1, "reason": " "}, "kits.loss_reason"),
        ({"quantity": 1, "reason": "长" * 201}, "kits.reason_long"),
        ({"quantity": 0, "reason": "压坏"}, "kits.pieces"),
        ({"quantity": 1, "reason": "压坏", "lot_id": other}, "kits.lot_of_another"),
        ({"quantity": 1, "reason": "压坏", "lot_id": 999}, "kits.lot_of_another"),
        ({"quantity": 1, "reason": "压坏", "on": TODAY + _DAY}, "kits.day_to_come"),
    ):
        with pytest.raises(Refused) as caught:
            kits.database.act(kits.actor, damage, **(off | given))
        assert caught.value.code == code, given
    with pytest.raises(Refused) as denied:
        kits.database.act(kits.street("B"), lose, **off, quantity=1, reason="压坏")
    assert denied.value.code == "kits.not_yours"
