"""Campaigns and their stations: made, edited, opened, called off; who may, and what is refused."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kits.models import (
    AllocationState,
    Campaign,
    CampaignItem,
    CampaignState,
    CampaignUnit,
    Once,
    Station,
    StationState,
    StationUnit,
)
from benefits.kits.models_stock import MoveKind
from benefits.kits.rule import said
from benefits.kits.service_campaign import (
    GivenItem,
    add_campaign,
    cancel_campaign,
    edit_campaign,
    open_campaign,
    set_items,
    set_units,
)
from benefits.kits.service_station import (
    NewStation,
    add_station,
    add_stations,
    assign_units,
    close_station,
    edit_station,
)
from tests.kits.desk import ENDS, STARTS, Kits


def _row(kits: Kits, campaign: int) -> Campaign:
    with kits.database.read(kits.actor) as unit:
        return unit.session.get_one(Campaign, campaign)


def _station(kits: Kits, station: int) -> Station:
    with kits.database.read(kits.actor) as unit:
        return unit.session.get_one(Station, station)


def _act(kits: Kits, verb: Any, **given: Any) -> Any:
    return kits.database.act(given.pop("actor", kits.actor), verb, **given)


def _refused(kits: Kits, verb: Any, **given: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        _act(kits, verb, **given)
    return caught.value


def _new(kits: Kits, **given: Any) -> int:
    values = {"organisation_id": kits.places["D"], "name": "健康小三件", "starts": STARTS, "ends": ENDS}
    made: int = _act(kits, add_campaign, **(values | given))
    return made


def test_a_campaign_from_draft_to_open(kits: Kits) -> None:
    campaign = _new(kits, rule=said(["women"]), budget_fen=1_000_000)
    assert _row(kits, campaign).number == "HD-2026-0001"
    assert _row(kits, _new(kits, name="第二个")).number == "HD-2026-0002"
    pot = kits.item("控油壶")
    assert _refused(kits, open_campaign, campaign_id=campaign).code == "kits.campaign_no_items"
    assert _act(kits, set_items, campaign_id=campaign, items=[GivenItem(pot, 1, 2000)]) == 1
    assert _refused(kits, open_campaign, campaign_id=campaign).code == "kits.campaign_no_station"
    _act(kits, add_station, campaign_id=campaign, station=NewStation("通运街道服务站"))
    _act(kits, open_campaign, campaign_id=campaign)
    assert _row(kits, campaign).state is CampaignState.OPEN
    again = _refused(kits, open_campaign, campaign_id=campaign)
    assert again.code == "kits.not_draft"


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"ends": date(2026, 10, 31)}, "kits.campaign_days"),
    ({"name": " "}, "kits.text_missing"),
    ({"name": "活" * 61}, "kits.text_long"),
    ({"name": "活" * 61, "budget_fen": -1}, "kits.invalid"),
    ({"budget_fen": -1}, "kits.budget_negative"),
    ({"purpose": "wedding"}, "kits.purpose_unknown"),
    ({"purpose": "birthday", "starts": date(2018, 12, 31)}, "kits.no_limit"),
)


@pytest.mark.parametrize(("given", "code"), WRONG)
def test_what_cannot_be(kits: Kits, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        _new(kits, **given)
    assert caught.value.code == code


def test_a_limit_needs_a_day_that_it_is_known_for(kits: Kits) -> None:
    assert _new(kits, purpose="birthday", starts=date(2019, 1, 1))


def test_a_name_is_one_campaigns(kits: Kits) -> None:
    _new(kits)
    with pytest.raises(Refused) as caught:
        _new(kits)
    assert caught.value.code == "kits.campaign_taken"


def test_an_edit_needs_the_version_that_was_looked_at(kits: Kits) -> None:
    campaign = _new(kits)
    assert (
        _act(kits, edit_campaign, campaign_id=campaign, version=1, changes={"name": "新名", "public": True})
        == 2
    )
    stale = _refused(kits, edit_campaign, campaign_id=campaign, version=1, changes={"name": "旧名"})
    assert (stale.code, [one.field for one in stale.problems]) == ("kits.stale", ["name"])
    _act(kits, edit_campaign, campaign_id=campaign, version=2, changes={"rule": said(["women"])})
    assert _row(kits, campaign).rule[0]["id"] == "women"


def test_what_it_was_counted_by_stays_once_it_is_open(kits: Kits) -> None:
    campaign = kits.campaign()
    for changes, code in (
        ({"once": Once.CAMPAIGN}, "kits.only_draft"),
        ({"ends": date(2026, 10, 1)}, "kits.campaign_days"),
    ):
        found = _refused(kits, edit_campaign, campaign_id=campaign, version=1, changes=changes)
        assert found.code == code
    _act(kits, edit_campaign, campaign_id=campaign, version=1, changes={"once": Once.ITEM, "public": True})
    closed = kits.campaign(state=CampaignState.CLOSED)
    found = _refused(kits, edit_campaign, campaign_id=closed, version=1, changes={"name": "x"})
    assert found.code == "kits.campaign_over"


def test_units_lie_below_the_owner(kits: Kits) -> None:
    campaign = kits.campaign(owner="A", allocation=AllocationState.APPROVED)
    own, other = kits.places["A1"], kits.places["B1"]
    assert _refused(kits, set_units, campaign_id=campaign, organisation_ids=[own, other]).code == (
        "kits.unit_outside"
    )
    assert _refused(kits, set_units, campaign_id=campaign, organisation_ids=[999_999]).code == (
        "kits.unit_unknown"
    )
    assert _act(kits, set_units, campaign_id=campaign, organisation_ids=[own, own]) == 1
    assert _row(kits, campaign).allocation is AllocationState.PROPOSED, "people are counted anew"
    with kits.database.read(kits.actor) as unit:
        assert list(unit.exec(select(CampaignUnit.organisation_id))) == [own]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"per_person": 0}, "kits.per_person"),
        ({"per_person": 1001}, "kits.per_person"),
        ({"planned": -1}, "kits.planned"),
        ({"item_id": 999_999}, "kits.item_unknown"),
    ],
)
def test_items_that_cannot_be_given(kits: Kits, given: dict[str, Any], code: str) -> None:
    campaign, pot, gone = kits.campaign(), kits.item(), kits.item("旧壶", retired=True)
    wrong = GivenItem(**({"item_id": pot} | given))
    assert _refused(kits, set_items, campaign_id=campaign, items=[wrong]).code == code
    twice = [GivenItem(pot), GivenItem(pot)]
    assert _refused(kits, set_items, campaign_id=campaign, items=twice).code == "kits.item_twice"
    retired = [GivenItem(gone)]
    assert _refused(kits, set_items, campaign_id=campaign, items=retired).code == "kits.retired_given"
    _act(kits, set_items, campaign_id=campaign, items=[GivenItem(pot, 2, 0)])
    with kits.database.read(kits.actor) as unit:
        assert [(row.per_person, row.planned) for row in unit.exec(select(CampaignItem))] == [(2, 0)]


def test_three_hundred_stations_at_once(kits: Kits) -> None:
    campaign = kits.campaign()
    stations = [NewStation(f"{n}号点", kits.places["A1"], keeper="李娜") for n in range(1, 301)]
    made = _act(kits, add_stations, campaign_id=campaign, stations=stations)
    assert len(set(made)) == 300
    assert (_station(kits, made[0]).number, _station(kits, made[-1]).number) == (1, 300)
    one = _act(kits, add_station, campaign_id=campaign, station=NewStation("补一个"))
    assert (_station(kits, one).number, _station(kits, one).organisation_id) == (301, kits.places["D"])


def test_a_list_of_stations_comes_whole_or_not_at_all(kits: Kits) -> None:
    campaign, a1 = kits.campaign(owner="A"), kits.places["A1"]
    for wrong, code in (
        ([NewStation("一"), NewStation("一")], "kits.station_taken"),
        ([NewStation("一"), NewStation("二", number=1)], "kits.station_number_taken"),
        ([NewStation("一", number=0)], "kits.station_number"),
        ([NewStation("一", kits.places["B1"])], "kits.unit_outside"),
        ([NewStation("一", units=(a1,)), NewStation("二", units=(a1,))], "kits.unit_served"),
        ([NewStation("一", keeper_login="nobody")], "kits.keeper_unknown"),
        ([], "kits.stations_many"),
        ([NewStation("一", hours="全" * 121)], "kits.text_long"),
    ):
        assert _refused(kits, add_stations, campaign_id=campaign, stations=wrong).code == code
    with kits.database.read(kits.actor) as unit:
        assert unit.exec(select(Station.id)).first() is None


def test_a_unit_collects_at_one_station(kits: Kits) -> None:
    campaign, a1, a2 = kits.campaign(), kits.places["A1"], kits.places["A2"]
    first, second = kits.station(campaign), kits.station(campaign)
    assert _act(kits, assign_units, station_id=first, organisation_ids=[a1, a2]) == 2
    found = _refused(kits, assign_units, station_id=second, organisation_ids=[a2])
    assert found.code == "kits.unit_served"
    _act(kits, assign_units, station_id=first, organisation_ids=[a1])
    _act(kits, assign_units, station_id=second, organisation_ids=[a2])
    with kits.database.read(kits.actor) as unit:
        query = select(StationUnit.organisation_id, StationUnit.station_id).order_by(
            col(StationUnit.station_id)
        )
        assert list(unit.exec(query)) == [(a1, first), (a2, second)]
    store = kits.station()
    assert _refused(kits, assign_units, station_id=store, organisation_ids=[a1]).code == "kits.store_no_units"


def test_the_keeper_edits_the_own_station_and_nothing_else(kits: Kits) -> None:
    campaign = kits.campaign()
    login = kits.user("zhan")
    keeper = kits.street("B", user_id=login)
    mine, other = (kits.station(campaign, keeper_user_id=user) for user in (login, None))
    change = {"version": 1, "changes": {"hours": "9:00–17:00", "keeper_login": "zhan"}}
    assert _act(kits, edit_station, actor=keeper, station_id=mine, **change) == 2
    assert _station(kits, mine).hours == "9:00–17:00"
    found = _refused(kits, edit_station, actor=keeper, station_id=other, **change)
    assert found.code == "kits.not_yours"
    found = _refused(kits, add_station, actor=keeper, campaign_id=campaign, station=NewStation("一"))
    assert found.code == "kits.not_yours"
    assert (
        _refused(kits, edit_station, station_id=mine, version=1, changes={"hours": "x"}).code == "kits.stale"
    )


def test_a_station_closes_when_it_has_nothing(kits: Kits) -> None:
    campaign, pot = kits.campaign(), kits.item()
    station = kits.station(campaign)
    lot = kits.bring(station, pot, 3)
    found = _refused(kits, close_station, station_id=station)
    assert (found.code, [one.code for one in found.problems]) == (
        "kits.station_not_empty",
        ["kits.close.stock"],
    )
    kits.take(station, pot, 3)
    _act(kits, close_station, station_id=station)
    assert (_station(kits, station).state, kits.on_hand(station)) == (StationState.CLOSED, {})
    assert lot


def test_a_campaign_is_called_off_when_nothing_has_begun(kits: Kits) -> None:
    campaign, pot = kits.campaign(), kits.item()
    station = kits.station(campaign)
    kits.bring(station, pot, 3)
    assert _refused(kits, cancel_campaign, campaign_id=campaign, reason=" ").code == "kits.why_missing"
    found = _refused(kits, cancel_campaign, campaign_id=campaign, reason="暴雨")
    assert (found.code, len(found.problems)) == ("kits.cannot_cancel", 1)
    kits.take(station, pot, 3, kind=MoveKind.LOSS)
    _act(kits, cancel_campaign, campaign_id=campaign, reason="暴雨")
    assert _row(kits, campaign).state is CampaignState.CANCELLED
    assert _station(kits, station).state is StationState.CLOSED
