"""The ledger: a balance is the sum of its moves, never below zero, and nothing moves where it is frozen."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.unit import WriteUnit
from benefits.kits import ledger
from benefits.kits.keeping import keep_campaign, keep_owner, keep_station
from benefits.kits.ledger import Booking, Line
from benefits.kits.models import StationState
from benefits.kits.models_stock import Move, MoveKind, Stock
from tests.kits.desk import TODAY, Kits, book

_DAY = timedelta(days=1)


@action("kits.test_freeze", permission="kit.stock", brief=True)
def freeze(unit: WriteUnit, station: int, state: StationState) -> None:
    """As a stocktake does."""
    ledger.freeze(unit, station, state)


@action("kits.test_thaw", permission="kit.stock", brief=True)
def thaw(unit: WriteUnit, station: int) -> None:
    """As a stocktake does in the end."""
    ledger.thaw(unit, station)


@action("kits.test_many", permission="kit.stock")
def many(unit: WriteUnit, bookings: list[Booking]) -> int:
    """As an import does."""
    return ledger.book_many(unit, bookings)


def _refused(kits: Kits, verb: Any, *args: Any, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        kits.database.act(kits.actor, verb, *args, **more)
    return caught.value


def test_a_balance_is_the_sum_of_its_moves(kits: Kits) -> None:
    store, item = kits.station(), kits.item()
    lot = kits.bring(store, item, 100)
    kits.move(store, lot, MoveKind.DAMAGE, 3, reason="压坏")
    kits.move(store, lot, MoveKind.FOUND, 1)
    assert kits.on_hand(store) == kits.moved(store) == {lot: 98}
    with kits.database.read(kits.actor) as unit:
        rows = unit.exec(select(Move).order_by(col(Move.id))).all()
    assert [(row.quantity, row.kind.value, row.reason) for row in rows] == [
        (100, "receive", ""),
        (-3, "damage", "压坏"),
        (1, "found", ""),
    ]
    assert {row.made_by for row in rows} == {kits.actor.login}
    assert {row.day for row in rows} == {TODAY}


def test_a_shortage_names_station_item_have_and_need(kits: Kits) -> None:
    store, item = kits.station(name="区总仓库"), kits.item("限盐勺")
    kits.bring(store, item, 4, expires_on=TODAY)
    kits.bring(store, item, 9, expires_on=TODAY - _DAY)
    with pytest.raises(Refused) as caught:
        kits.take(store, item, 5)
    refusal = caught.value
    assert (refusal.code, dict(refusal.say.params)) == (
        "kits.short",
        {"station": "区总仓库", "item": "限盐勺", "have": 4, "need": 5},
    )
    assert [problem.say.params["count"] for problem in refusal.problems] == [9]
    lot = kits.bring(store, item, 2)
    short = _refused(kits, book, lines=[Line(store, lot, MoveKind.LOSS, 3)])
    assert (short.code, short.say.params["have"], short.say.params["need"]) == ("kits.short", 2, 3)
    elsewhere = kits.station()
    nothing = _refused(kits, book, lines=[Line(elsewhere, lot, MoveKind.LOSS, 1)])
    assert (nothing.code, nothing.say.params["have"]) == ("kits.short", 0)
    assert kits.on_hand(elsewhere) == {}


def test_what_expires_first_goes_first(kits: Kits) -> None:
    store, item = kits.station(), kits.item()
    never = kits.bring(store, item, 10)
    later = kits.bring(store, item, 10, expires_on=TODAY + _DAY)
    today = kits.bring(store, item, 3, expires_on=TODAY)
    kits.bring(store, item, 50, expires_on=TODAY - _DAY)
    with kits.database.read(kits.actor) as unit:
        assert ledger.fefo(unit, store, item, 14, TODAY) == ((today, 3), (later, 10), (never, 1))
        assert ledger.fefo(unit, store, item, 10, TODAY + _DAY) == ((later, 10),)
        assert ledger.fefo(unit, store, item, 10, TODAY + 2 * _DAY) == ((never, 10),)
        with pytest.raises(Refused) as caught:
            ledger.fefo(unit, store, item, 11, TODAY + 2 * _DAY)
    assert (caught.value.code, caught.value.say.params["have"]) == ("kits.short", 10)
    assert kits.take(store, item, 14) == {today: 3, later: 10, never: 1}
    assert kits.on_hand(store) == kits.moved(store)


@pytest.mark.parametrize("state", [StationState.COUNTING, StationState.AWAY, StationState.CLOSED])
def test_nothing_moves_where_it_is_frozen(kits: Kits, state: StationState) -> None:
    store, other, item = kits.station(name="区总仓库"), kits.station(), kits.item()
    lot, new = kits.bring(store, item, 5), kits.bring(other, item, 5)
    kits.database.act(kits.actor, freeze, store, state)
    for line in (
        Line(store, lot, MoveKind.DAMAGE, 1),
        Line(store, lot, MoveKind.RECEIVE, 1),
        Line(store, new, MoveKind.ARRIVE, 1),  # a lot that the store never had
    ):
        refusal = _refused(kits, book, lines=[line])
        assert (refusal.code, refusal.say.params["station"]) == ("kits.frozen", "区总仓库")
        assert state.value in refusal.say.params["why"].key  # type: ignore[attr-defined]
    with pytest.raises(Refused) as caught:
        kits.take(store, item, 1)
    assert caught.value.code == "kits.frozen"
    assert _refused(kits, freeze, store, state).code == "kits.frozen"
    assert kits.on_hand(store) == kits.moved(store) == {lot: 5}
    kits.database.act(kits.actor, thaw, store)
    kits.move(store, lot, MoveKind.DAMAGE, 5)
    assert kits.on_hand(store) == {}


def test_all_or_nothing(kits: Kits) -> None:
    store, item = kits.station(), kits.item()
    one, two = kits.bring(store, item, 5), kits.bring(store, item, 5)
    lines = [Line(store, one, MoveKind.DAMAGE, 5), Line(store, two, MoveKind.DAMAGE, 6)]
    assert _refused(kits, book, lines=lines).code == "kits.short"
    assert kits.on_hand(store) == kits.moved(store) == {one: 5, two: 5}


def test_moves_come_back_in_the_order_of_the_lines(kits: Kits) -> None:
    store, item = kits.station(), kits.item()
    one, two = kits.lot(item), kits.lot(item)
    lines = [Line(store, two, MoveKind.RECEIVE, 2), Line(store, one, MoveKind.RECEIVE, 1)]
    ids = kits.database.act(kits.actor, book, lines=lines)
    with kits.database.read(kits.actor) as unit:
        rows: dict[Any, int] = dict(unit.exec(select(col(Move.id), col(Move.quantity))).all())
    assert [rows[made] for made in ids] == [2, 1]


def test_many_at_once_say_the_same_as_one_by_one(kits: Kits) -> None:
    """By the net change: what goes and comes back within one lot of moves is never short."""
    store, other, item = kits.station(), kits.station(), kits.item()
    lot = kits.bring(store, item, 10)
    out, into = Line(store, lot, MoveKind.SEND, 10), Line(other, lot, MoveKind.ARRIVE, 10)
    asked = [
        Booking(Line(store, lot, MoveKind.SEND, 4), TODAY),
        Booking(out, TODAY, document="transfer:1"),
        Booking(Line(store, lot, MoveKind.FOUND, 4), TODAY, reason="盘点"),
        Booking(into, TODAY, origin="u", origin_seq=7, made_by="zhan"),
    ]
    assert kits.database.act(kits.actor, many, asked) == 4
    assert (kits.on_hand(store), kits.on_hand(other)) == ({}, {lot: 10})
    assert (kits.moved(store), kits.moved(other)) == ({}, {lot: 10})
    refusal = _refused(kits, many, [Booking(out, TODAY), Booking(into, TODAY)])
    assert (refusal.code, refusal.say.params["have"]) == ("kits.short", 0)
    assert kits.database.act(kits.actor, many, []) == 0
    with kits.database.read(kits.actor) as unit:
        row = unit.exec(select(Move).where(col(Move.origin) == "u")).one()
    assert (row.origin_seq, row.made_by, row.kind, row.quantity) == (7, "zhan", MoveKind.ARRIVE, 10)


def test_a_slip_of_the_pen_does_not_pass(kits: Kits) -> None:
    store, item = kits.station(), kits.item()
    lot = kits.bring(store, item, 1)
    refusal = _refused(kits, book, lines=[Line(store, lot, MoveKind.RECEIVE, ledger.MOST_HELD)])
    assert (refusal.code, refusal.say.params["have"]) == ("kits.too_many", 1)
    kits.move(store, lot, MoveKind.RECEIVE, ledger.MOST_HELD - 1)
    assert kits.on_hand(store) == {lot: ledger.MOST_HELD}


def test_the_database_itself_refuses_a_balance_below_zero(kits: Kits) -> None:
    store, item = kits.station(), kits.item()
    kits.bring(store, item, 1)
    with pytest.raises(DBAPIError), kits.database.upkeep() as session:
        session.execute(update(Stock).values(on_hand=-1))
    with pytest.raises(DBAPIError), kits.database.upkeep() as session:
        session.execute(update(Move).values(quantity=2))
    assert sum(kits.on_hand(store).values()) == 1


def test_who_may_change_what(kits: Kits) -> None:
    """Whoever keeps the host, the owner of the campaign, or is the keeper; everybody else may look."""
    item = kits.item(owner="A")
    campaign = kits.campaign(item, owner="A")
    far, own = kits.station(campaign, place="B1"), kits.station(place="B")
    keeper = kits.user()
    kept = kits.station(place="B", keeper_user_id=keeper)
    with kits.database.read(kits.street("A")) as unit:
        assert keep_campaign(unit, campaign).id == campaign
        assert keep_station(unit, far).id == far
        keep_owner(unit, kits.places["A1"])
        for wrong in (
            lambda: keep_station(unit, own),
            lambda: keep_station(unit, kept),
            lambda: keep_owner(unit, kits.places["D"]),
            lambda: keep_owner(unit, kits.places["B1"]),
        ):
            with pytest.raises(Refused) as caught:
                wrong()
            assert caught.value.code == "kits.not_yours"
            with unit.beyond_scope(), pytest.raises(Refused):
                wrong()
        with pytest.raises(Refused) as unknown:
            keep_station(unit, 999)
        assert unknown.value.code == "kits.station_unknown"
        with pytest.raises(Refused) as missing:
            keep_campaign(unit, 999)
        assert missing.value.code == "kits.campaign_unknown"
    with kits.database.read(kits.street("A", user_id=keeper)) as unit:
        assert keep_station(unit, kept).id == kept
    with kits.database.read(kits.street("B")) as unit, pytest.raises(Refused):
        keep_campaign(unit, campaign)
