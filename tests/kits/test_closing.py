"""Closing: everything that stands in the way is named, the balance adds up, 300 stations in as many
statements as two."""

from typing import Any

import pytest
from sqlalchemy import event, func, text
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.kits.closing import Balance, campaign_balance, obstacles
from benefits.kits.models import Campaign, CampaignState, Station, StationState
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.models_stock import MoveKind, Package, PackageState, Stock
from benefits.kits.service_campaign import close_campaign
from benefits.kits.service_stocktake import cancel_stocktake, open_stocktake
from benefits.kits.service_transfer import arrive, send
from tests.kits.desk import TODAY, Kits
from tests.renewal.factory import NOW


def _balance(kits: Kits, campaign: int) -> Balance:
    with kits.database.read(kits.actor) as unit:
        (found,) = campaign_balance(unit, campaign)
    return found


def _in_the_way(kits: Kits, campaign: int) -> list[str]:
    """The codes of what ``close`` refuses with, which must be what ``obstacles`` tells beforehand."""
    with pytest.raises(Refused) as caught:
        kits.database.act(kits.actor, close_campaign, campaign_id=campaign)
    assert caught.value.code == "kits.cannot_close"
    with kits.database.read(kits.actor) as unit:
        assert obstacles(unit, campaign) == caught.value.problems
    return [one.code for one in caught.value.problems]


def _handout(kits: Kits, campaign: int, station: int, item: int, **more: Any) -> int:
    """A hand-out as it stands in the table, with its move."""
    lot = next(iter(kits.on_hand(station)))
    place = kits.places["A1"]
    values: dict[str, Any] = {"quantity": 1, "given_on": TODAY, "given_at": NOW, "made_by": "t"} | more
    made = kits.add(
        Handout(
            member_id=kits.person("A1"),
            organisation_id=place,
            campaign_id=campaign,
            item_id=item,
            slot=item,
            station_id=station,
            **values,
        )
    )
    kits.move(station, lot, MoveKind.HAND_OUT, values["quantity"])
    return made


def test_every_obstacle_is_named_until_the_stock_is_zero(kits: Kits) -> None:
    pot, campaign, store = kits.item("控油壶", measure="个"), kits.campaign(), kits.station()
    one, two = kits.station(campaign, name="一号点"), kits.station(campaign, name="二号点")
    kits.bring(one, pot, 10)
    away: dict[str, Any] = {"from_id": one, "to_id": store, "lines": [(pot, 4)]}
    transfer = kits.database.act(kits.actor, send, **away)
    twice = _handout(kits, campaign, one, pot, state=HandoutState.TWICE)
    count = kits.database.act(kits.actor, open_stocktake, station_id=two)
    package = kits.add(
        Package(
            number="LX-1", uuid="u", campaign_id=campaign, station_id=two, people=0, made_at=NOW, made_by="t"
        )
    )
    assert _in_the_way(kits, campaign) == [
        "kits.close.stock",
        "kits.close.transfer",
        "kits.close.stocktake",
        "kits.close.package",
        "kits.close.twice",
    ]
    with kits.database.read(kits.actor) as unit:
        assert render(obstacles(unit, campaign)[0].say, "zh").startswith("一号点还有控油壶5个。")
    kits.database.act(kits.actor, arrive, transfer_id=transfer, whole=True)
    kits.world.change(Handout, twice, reason="本人已退回")
    kits.database.act(kits.actor, cancel_stocktake, stocktake_id=count, reason="改日再盘")
    kits.world.change(Package, package, state=PackageState.BACK)
    assert _in_the_way(kits, campaign) == ["kits.close.stock"]
    lot = next(iter(kits.on_hand(one)))
    kits.move(one, lot, MoveKind.DAMAGE, 2)
    kits.take(one, pot, 3)
    kits.database.act(kits.actor, close_campaign, campaign_id=campaign)
    found = _balance(kits, campaign)
    assert (found.received, found.sent, found.handed_out, found.damaged, found.tally) == (10, 4, 1, 2, 3)
    assert (found.on_hand, found.on_road, found.recorded, found.difference, found.unrecorded) == (
        0,
        0,
        1,
        0,
        0,
    )
    with kits.database.read(kits.actor) as unit:
        row = unit.session.get_one(Campaign, campaign)
        assert (row.state, row.closed_on) == (CampaignState.CLOSED, TODAY)
        states = select(col(Station.state)).where(col(Station.campaign_id) == campaign)
        assert set(unit.session.scalars(states)) == {StationState.CLOSED}
        assert all(unit.session.scalars(select(col(Stock.frozen)).where(col(Stock.station_id) == one)))
    with pytest.raises(Refused) as again:
        kits.database.act(kits.actor, close_campaign, campaign_id=campaign)
    assert again.value.code == "kits.close_not_open"


def test_the_road_between_two_stations_is_no_difference(kits: Kits) -> None:
    pot, campaign = kits.item(), kits.campaign()
    one, two = kits.station(campaign), kits.station(campaign)
    kits.bring(one, pot, 10)
    transfer = kits.database.act(kits.actor, send, from_id=one, to_id=two, lines=[(pot, 4)])
    found = _balance(kits, campaign)
    assert (found.on_hand, found.on_road, found.difference) == (6, 4, 0)
    kits.database.act(kits.actor, arrive, transfer_id=transfer, whole=True)
    found = _balance(kits, campaign)
    assert (found.on_hand, found.on_road, found.sent, found.arrived, found.difference) == (10, 0, 4, 4, 0)


def test_books_that_do_not_agree_are_named(kits: Kits) -> None:
    pot, campaign = kits.item(), kits.campaign()
    station = kits.station(campaign)
    lot = kits.bring(station, pot, 3)
    kits.move(station, lot, MoveKind.HAND_OUT, 1)  # no hand-out tells of it
    kits.take(station, pot, 2)
    assert _in_the_way(kits, campaign) == ["kits.close.difference"]
    with kits.database.upkeep() as session:  # and a balance that is not the sum of its moves
        session.execute(text("UPDATE kit_stock SET on_hand = 5"))
    found = _balance(kits, campaign)
    assert (found.difference, found.unrecorded) == (-5, 1)
    assert _in_the_way(kits, campaign) == ["kits.close.stock", "kits.close.difference"]


def test_hand_outs_without_stock_leave_no_difference(kits: Kits) -> None:
    pot, campaign = kits.item(), kits.campaign(counts_stock=False)
    values: dict[str, Any] = {"quantity": 1, "given_on": TODAY, "given_at": NOW, "made_by": "t"}
    place: dict[str, Any] = {"member_id": kits.person("A1"), "organisation_id": kits.places["A1"]}
    kits.add(Handout(campaign_id=campaign, item_id=pot, slot=pot, **place, **values))
    found = _balance(kits, campaign)
    assert (found.recorded, found.difference, found.unrecorded) == (1, 0, 0)
    kits.database.act(kits.actor, close_campaign, campaign_id=campaign)


def test_who_closes_must_keep_the_campaign_and_may_approve(kits: Kits) -> None:
    campaign = kits.campaign(owner="A")
    for actor, code in (
        (kits.street("A", "kit.edit", "kit.stock", "kit.hand"), "access.not_permitted"),
        (kits.street("B", "kit.approve"), "kits.not_yours"),
    ):
        with pytest.raises(Refused) as caught:
            kits.database.act(actor, close_campaign, campaign_id=campaign)
        assert caught.value.code == code
    kits.database.act(kits.street("A", "kit.approve"), close_campaign, campaign_id=campaign)


def test_statements_do_not_grow_with_stations(kits: Kits) -> None:
    """Set-based: three hundred stations cost as many statements as two (DESIGN law 14)."""

    def closing(stations: int) -> int:
        campaign = kits.campaign()
        with kits.world.batch():
            for _ in range(stations):
                kits.station(campaign)
        seen: list[str] = []

        def count(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        event.listen(kits.database.engine, "before_cursor_execute", count)
        try:
            kits.database.act(kits.actor, close_campaign, campaign_id=campaign)
        finally:
            event.remove(kits.database.engine, "before_cursor_execute", count)
        return len(seen)

    few = closing(2)
    assert closing(300) == few
    assert few < 40
    with kits.database.read(kits.actor) as unit:
        query = select(func.count()).where(col(Station.state) == StationState.CLOSED)
        assert unit.exec(query).one() == 302
