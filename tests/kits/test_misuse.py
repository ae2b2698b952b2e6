"""What must not work: a second share by a side door, another street's stock, a limit passed by a list, books
that no longer agree after an ordinary change."""

from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.kernel import bulk
from benefits.kernel.errors import Refused
from benefits.kits import closing, service_campaign
from benefits.kits.closing import campaign_balance
from benefits.kits.dataset import signoff, undelivered
from benefits.kits.models import Campaign, CampaignItem, CampaignState, ItemKind, Once, Station
from benefits.kits.models_handout import Allowance, Handout, HandoutState
from benefits.kits.models_stock import Package, PackageState
from benefits.kits.queries_list import listed
from benefits.kits.service_allocation import propose
from benefits.kits.service_campaign import GivenItem, cancel_campaign, close_campaign, set_items
from benefits.kits.service_group import hand_out_group
from benefits.kits.service_handout import hand_out, void
from benefits.kits.service_list import Listed, put_on_list
from benefits.kits.service_station import edit_station
from benefits.kits.service_tally import tally
from benefits.kits.service_transfer import send
from benefits.members.service import transfer
from benefits.members.service_merge import merge
from benefits.verify import verify
from tests.kits.desk import TODAY, Kits
from tests.renewal.factory import NOW
from tests.rosters.kinds.desk import Desk, number, told

HEAD = ("姓名", "证件号码", "物品", "发放日期", "发放点")


@pytest.fixture
def desk(kits: Kits, tmp_path: Path) -> Desk:
    """Where lists come in, over the same small district."""
    return Desk(kits.world, tmp_path)


def _books(kits: Kits) -> list[str]:
    with kits.database.read(kits.actor) as unit:
        return [one.code for one in verify(unit) if not one.ok]


def _refused(kits: Kits, verb: Any, actor: Any = None, **given: Any) -> str:
    with pytest.raises(Refused) as caught:
        kits.database.act(actor or kits.actor, verb, **given)
    return caught.value.code


def _allowed(kits: Kits) -> list[int]:
    with kits.database.read(kits.actor) as unit:
        return list(unit.exec(select(col(Allowance.fen)).order_by(col(Allowance.member_id))))


def test_a_list_counts_against_the_limit_of_the_year(kits: Kits, desk: Desk) -> None:
    """300 yuan a year [S103]: what a list says was handed out counts as what a counter hands out."""
    person = desk.person("王敏", 1)
    cake = kits.item("生日蛋糕")
    first, second = (kits.campaign(cake, purpose="birthday") for _ in range(2))
    one, two = kits.station(first), kits.station(second)
    kits.bring(one, cake, 5, cost_fen=20_000)
    kits.bring(two, cake, 5, cost_fen=20_000)
    row = ("王敏", number(1), "生日蛋糕", "2026-11-19")
    done = desk.send("handouts", HEAD, (*row, f"{_name(kits, one)}"), campaign="HD-2026-0002")
    assert (_allowed(kits), _books(kits)) == ([20_000], [])
    given: dict[str, Any] = {"campaign_id": second, "station_id": two, "member_id": person}
    assert _refused(kits, hand_out, **given) == "kits.over_limit"
    report = desk.check("handouts", HEAD, (*row, f"{_name(kits, two)}"), campaign="HD-2026-0003")
    assert told(report) == [(2, "item", "kits.over_limit")]
    desk.undo(done.batch)
    assert (_allowed(kits), _books(kits)) == ([], [])
    kits.database.act(kits.actor, hand_out, **given)


def test_two_lines_of_one_list_pass_no_limit(kits: Kits, desk: Desk) -> None:
    desk.person("王敏", 1)
    cake, flowers = kits.item("生日蛋糕"), kits.item("鲜花")
    campaign = kits.campaign(cake, flowers, purpose="birthday")
    station = kits.station(campaign)
    for item in (cake, flowers):
        kits.bring(station, item, 5, cost_fen=20_000)
    rows = [("王敏", number(1), item, "2026-11-19", _name(kits, station)) for item in ("生日蛋糕", "鲜花")]
    report = desk.check("handouts", HEAD, *rows, campaign="HD-2026-0003")
    assert told(report) == [(3, "item", "kits.over_limit")]


def _name(kits: Kits, station: int) -> str:
    with kits.database.read(kits.actor) as unit:
        return unit.exec(select(col(Station.name)).where(col(Station.id) == station)).one()


def test_a_list_takes_no_stock_of_another_street(kits: Kits, desk: Desk) -> None:
    desk.person("王敏", 1)
    pot = kits.item()
    campaign = kits.campaign(pot)
    station = kits.station(campaign, place="B")
    kits.bring(station, pot, 5)
    row = ("王敏", number(1), "控油壶", "2026-11-19", _name(kits, station))
    report = desk.street("A").check("handouts", HEAD, row, campaign="HD-2026-0002")
    assert told(report) == [(2, "station", "kits.not_yours")]
    assert desk.check("handouts", HEAD, row, campaign="HD-2026-0002").added == 1


def test_nobody_strikes_into_the_stock_of_another_street(kits: Kits) -> None:
    pot = kits.item()
    campaign = kits.campaign(pot)
    station = kits.station(campaign, place="B")
    kits.bring(station, pot, 5)
    given: dict[str, Any] = {"campaign_id": campaign, "station_id": station, "member_id": kits.person("A1")}
    made = kits.database.act(kits.actor, hand_out, **given).ids[0]
    said: dict[str, Any] = {"handout_id": made, "reason": "没有领"}
    assert _refused(kits, void, kits.street("A"), **said) == "kits.not_yours"
    assert sum(kits.on_hand(station).values()) == 4
    kits.database.act(kits.actor, void, **said)


def test_a_record_that_became_part_of_another_is_handed_nothing(kits: Kits) -> None:
    """On the day of the merge the other record still has its membership."""
    pot = kits.item()
    campaign = kits.campaign(pot)
    station = kits.station(campaign)
    kits.bring(station, pot, 5)
    one, two = kits.person("A1", name="王敏"), kits.person("A1", name="王敏")
    given: dict[str, Any] = {"campaign_id": campaign, "station_id": station}
    kits.database.act(kits.actor, hand_out, member_id=one, **given)
    kits.database.act(kits.actor, merge, survivor_id=one, other_id=two, reason="同一人重复登记")
    assert _refused(kits, hand_out, member_id=two, **given) in ("members.merged", "members.unknown")
    more: dict[str, Any] = {"collected_by": "李娜", "organisation_id": kits.places["A1"]}
    done = kits.database.act(kits.actor, hand_out_group, **given, **more)
    assert (done.people, done.asked) == (0, 1)


def test_an_item_that_is_given_no_longer_leaves_no_trace(kits: Kits) -> None:
    pot, spoon = kits.item(), kits.item("限盐勺")
    campaign = kits.campaign(pot, spoon)
    station = kits.station(campaign)
    kits.bring(station, pot, 5)
    kits.bring(station, spoon, 5)
    person = kits.person("A1")
    given: dict[str, Any] = {"campaign_id": campaign, "station_id": station, "member_id": person}
    kits.database.act(kits.actor, propose, campaign_id=campaign)
    made = kits.database.act(kits.actor, hand_out, items=(spoon,), **given)
    kits.database.act(kits.actor, void, handout_id=made.ids[0], reason="拿错了")
    kits.database.act(kits.actor, set_items, campaign_id=campaign, items=(GivenItem(pot),))
    assert _books(kits) == []


def test_a_group_collects_one_thing_each(kits: Kits) -> None:
    """Where everybody gets one of several things, the group says which."""
    pot, spoon = kits.item(), kits.item("限盐勺")
    campaign = kits.campaign(pot, spoon, once=Once.CAMPAIGN)
    station = kits.station(campaign)
    kits.bring(station, pot, 5)
    kits.bring(station, spoon, 5)
    people = [kits.person("A1") for _ in range(3)]
    given: dict[str, Any] = {"campaign_id": campaign, "station_id": station, "collected_by": "李娜"}
    assert _refused(kits, hand_out_group, member_ids=people, **given) == "kits.which_item"
    done = kits.database.act(kits.actor, hand_out_group, member_ids=people, items=(pot,), **given)
    assert (done.people, done.pieces) == (3, 3)
    again = kits.database.act(kits.actor, hand_out_group, member_ids=people, items=(spoon,), **given)
    assert (again.people, {one.code for one in again.left_out}) == (0, {"kits.handed_out"})


def test_what_the_public_took_is_not_called_off(kits: Kits) -> None:
    leaflet = kits.item("宣传页", kind=ItemKind.MATERIAL)
    campaign = kits.campaign(leaflet)
    station = kits.station(campaign)
    kits.bring(station, leaflet, 5)
    given: dict[str, Any] = {
        "campaign_id": campaign,
        "station_id": station,
        "item_id": leaflet,
        "quantity": 5,
    }
    kits.database.act(kits.actor, tally, **given)
    assert _refused(kits, cancel_campaign, campaign_id=campaign, reason="不办了") == "kits.cancel_handed"


def test_a_closed_campaign_keeps_its_list(kits: Kits, desk: Desk) -> None:
    desk.person("王敏", 1)
    pot = kits.item()
    campaign = kits.campaign(pot, counts_stock=False)
    kits.station(campaign, name="一号站")
    row = ("王敏", number(1), "控油壶", "2026-11-19", "一号站")
    done = desk.send("handouts", HEAD, row, campaign="HD-2026-0002")
    kits.database.act(kits.actor, close_campaign, campaign_id=campaign)
    with pytest.raises(Refused) as caught:
        desk.undo(done.batch)
    assert [one.code for one in caught.value.problems] == ["kits.not_open"]
    with kits.database.read(kits.actor) as unit:
        assert unit.exec(select(col(Handout.state))).all() == [HandoutState.ACTIVE]


def test_a_store_goes_to_nobody_else(kits: Kits) -> None:
    store = kits.station(place="A")
    changes: dict[str, Any] = {"organisation_id": kits.places["B"]}
    said: dict[str, Any] = {"station_id": store, "version": 1, "changes": changes}
    assert _refused(kits, edit_station, kits.street("A"), **said) == "kits.not_yours"
    kits.database.act(kits.actor, edit_station, **said)


def test_days_at_the_edge(kits: Kits) -> None:
    """First and last day of the campaign, the day before and the day after."""
    pot = kits.item()
    campaign = kits.campaign(pot, starts=date(2026, 11, 19), ends=date(2026, 11, 20), counts_stock=False)
    given: dict[str, Any] = {"campaign_id": campaign, "station_id": None}
    for day in (19, 20):
        kits.database.act(kits.actor, hand_out, member_id=kits.person("A1"), on=date(2026, 11, day), **given)
    early: dict[str, Any] = {"member_id": kits.person("A1"), "on": date(2026, 11, 18)}
    assert _refused(kits, hand_out, **early, **given) == "kits.not_entitled"
    over = kits.campaign(pot, starts=date(2026, 11, 1), ends=date(2026, 11, 19), counts_stock=False)
    late: dict[str, Any] = {"campaign_id": over, "station_id": None, "member_id": kits.person("A1")}
    assert _refused(kits, hand_out, **late) == "kits.not_entitled"
    draft = kits.campaign(pot, state=CampaignState.DRAFT, counts_stock=False)
    assert _refused(kits, hand_out, **late | {"campaign_id": draft}) == "kits.not_entitled"


def test_money_beside_goods_keeps_no_campaign_open(kits: Kits) -> None:
    """Money is in no stock: that no move tells of it is no difference."""
    pot, money = kits.item(), kits.item("慰问金", kind=ItemKind.MONEY)
    campaign = kits.campaign(pot, money)
    station = kits.station(campaign)
    kits.bring(station, pot, 1)
    person = kits.person("A1")
    kits.database.act(
        kits.actor, put_on_list, campaign_id=campaign, people=[Listed(person, amount_fen=50_000)]
    )
    kits.database.act(kits.actor, hand_out, campaign_id=campaign, station_id=station, member_id=person)
    with kits.database.read(kits.actor) as unit:
        assert [(one.name, one.unrecorded) for one in campaign_balance(unit, campaign)] == [
            ("控油壶", 0),
            ("慰问金", 0),
        ]
    kits.database.act(kits.actor, close_campaign, campaign_id=campaign)


def test_the_line_of_a_list_goes_with_the_person(kits: Kits) -> None:
    """Listed at street A, moved to street B: street B hands out what the list says."""
    money = kits.item("慰问金", kind=ItemKind.MONEY)
    campaign = kits.campaign(money, listed_only=True, counts_stock=False)
    person = kits.person("A1")
    people = [Listed(person, amount_fen=50_000)]
    kits.database.act(kits.actor, put_on_list, campaign_id=campaign, people=people)
    to = kits.places["B1"]
    kits.database.act(kits.actor, transfer, member_id=person, organisation_id=to, on=date(2026, 11, 18))
    with kits.database.read(kits.street("B")) as unit:
        assert [one.member_id for one in listed(unit, campaign)] == [person]
    given: dict[str, Any] = {"campaign_id": campaign, "station_id": None, "member_id": person}
    with pytest.raises(Refused) as caught:
        kits.database.act(kits.street("A"), hand_out, **given)
    assert caught.value.code == "members.unknown"
    done = kits.database.act(kits.street("B"), hand_out, **given)
    assert done.items == (("慰问金", 1, 50_000),)


def test_the_only_station_has_everybody_on_its_sheet(kits: Kits) -> None:
    """As the allocation has it: one station alone serves all."""
    pot = kits.item()
    campaign = kits.campaign(pot)
    station = kits.station(campaign, name="会场")
    kits.person("A1"), kits.person("B1")
    with kits.database.read(kits.actor) as unit:
        sheet = signoff(unit, campaign, station)
        assert sum(len(part.receivers) for part in sheet.units) == 2
        left = undelivered(unit, campaign)
        assert {one.note for part in left.units for one in part.receivers} == {"3. 会场"}


def test_what_a_package_did_is_proven(kits: Kits) -> None:
    """Each invariant of packages, broken once."""
    pot = kits.item()
    campaign = kits.campaign(pot, counts_stock=False)
    station, other = kits.station(campaign), kits.station(campaign)
    assert _books(kits) == []
    values: dict[str, Any] = {"campaign_id": campaign, "number": "LX-1", "uuid": "u1", "people": 1}
    values |= {"made_at": NOW, "made_by": "test"}
    package = kits.add(Package(station_id=station, **values))
    assert _books(kits) == ["kits.invariant.away"]
    with kits.world.batch() as session:
        session.get_one(Package, package).state = PackageState.LOST
    assert _books(kits) == []
    person = kits.person("A1")
    row: dict[str, Any] = {"member_id": person, "organisation_id": kits.places["A1"], "item_id": pot}
    row |= {"campaign_id": campaign, "slot": pot, "given_on": TODAY, "given_at": NOW, "made_by": "x"}
    made = kits.add(Handout(station_id=other, origin="u1", origin_seq=1, **row))
    assert _books(kits) == ["kits.invariant.handout_of_package"]
    with kits.world.batch() as session:
        session.get_one(Handout, made).station_id = station
        session.get_one(Handout, made).state = HandoutState.TWICE
    assert _books(kits) == ["kits.invariant.first_holds"]


def _gifts(kits: Kits, person: int, fen: int) -> list[int]:
    """Two campaigns of birthday money that both name the person."""
    money = kits.item("慰问金", kind=ItemKind.MONEY)
    found = [kits.campaign(money, purpose="birthday", counts_stock=False) for _ in range(2)]
    for campaign in found:
        people = [Listed(person, amount_fen=fen)]
        kits.database.act(kits.actor, put_on_list, campaign_id=campaign, people=people)
    return found


def test_a_list_of_another_street_knows_what_was_given_before(kits: Kits, desk: Desk) -> None:
    """Given at street A, moved to street B: street B's list adds to it."""
    person = desk.person("王敏", 1)
    first, _ = _gifts(kits, person, 20_000)
    kits.database.act(kits.actor, hand_out, campaign_id=first, station_id=None, member_id=person)
    to = kits.places["B1"]
    kits.database.act(kits.actor, transfer, member_id=person, organisation_id=to, on=date(2026, 11, 20))
    second = kits.campaign(kits.item(), purpose="birthday")
    station = kits.station(second, place="B", name="二号站")
    (pot,) = {one for one in _offered(kits, second)}
    kits.bring(station, pot, 5, cost_fen=10_000)
    row = ("王敏", number(1), "控油壶", "2026-11-20", "二号站")
    with kits.database.read(kits.actor) as unit:
        numbered = unit.session.get_one(Campaign, second).number
    desk.street("B").send("handouts", HEAD, row, campaign=numbered)
    assert (_allowed(kits), _books(kits)) == ([30_000], [])


def _offered(kits: Kits, campaign: int) -> list[int]:
    with kits.database.read(kits.actor) as unit:
        query = select(col(CampaignItem.item_id)).where(col(CampaignItem.campaign_id) == campaign)
        return list(unit.exec(query))


class Meanwhile:
    """Somebody else's verb, begun in the middle of another one, which goes on when it is through or waits."""

    def __init__(self, kits: Kits, verb: Any, **given: Any) -> None:
        self.done: list[str] = []
        self._work = Thread(target=self._run, args=(kits, verb, given))

    def _run(self, kits: Kits, verb: Any, given: dict[str, Any]) -> None:
        try:
            kits.database.act(kits.actor, verb, **given)
            self.done.append("done")
        except Refused as refusal:
            self.done.append(refusal.code)

    def begin(self) -> None:
        if not self.done and self._work.ident is None:
            self._work.start()
            self._work.join(0.7)

    def end(self) -> list[str]:
        self._work.join()
        return self.done


def test_a_strike_forgets_no_gift_made_meanwhile(kits: Kits, monkeypatch: pytest.MonkeyPatch) -> None:
    person = kits.person("A1")
    first, second = _gifts(kits, person, 10_000)
    given: dict[str, Any] = {"station_id": None, "member_id": person}
    made = kits.database.act(kits.actor, hand_out, campaign_id=first, **given).ids[0]
    other, erase = Meanwhile(kits, hand_out, campaign_id=second, **given), bulk.erase

    def slowly(*args: Any) -> Any:
        other.begin()
        return erase(*args)

    monkeypatch.setattr(bulk, "erase", slowly)
    kits.database.act(kits.actor, void, handout_id=made, reason="没有领")
    assert (other.end(), _allowed(kits), _books(kits)) == (["done"], [10_000], [])


def test_nothing_is_sent_to_a_campaign_that_is_being_closed(
    kits: Kits, monkeypatch: pytest.MonkeyPatch
) -> None:
    pot = kits.item()
    campaign, store = kits.campaign(pot), kits.station(place="A")
    station = kits.station(campaign)
    kits.bring(store, pot, 5)
    other = Meanwhile(kits, send, from_id=store, to_id=station, lines=[(pot, 5)])
    real = closing.obstacles

    def slowly(*args: Any) -> Any:
        found = real(*args)
        other.begin()
        return found

    monkeypatch.setattr(service_campaign, "obstacles", slowly)
    try:
        kits.database.act(kits.actor, close_campaign, campaign_id=campaign)
        closed = "closed"
    except Refused as refusal:
        closed = refusal.code
    assert (closed, other.end()) in (
        ("closed", ["kits.frozen"]),
        ("kits.cannot_close", ["done"]),
    )


@pytest.mark.parametrize("fen", [9_999, 10_001, 0])
def test_what_is_held_of_the_year_is_what_was_given(kits: Kits, fen: int) -> None:
    """Less would pass the limit, more would refuse what is due."""
    person = kits.person("A1")
    first, _ = _gifts(kits, person, 10_000)
    kits.database.act(kits.actor, hand_out, campaign_id=first, station_id=None, member_id=person)
    assert _books(kits) == []
    with kits.world.batch() as session:
        session.get_one(Allowance, (person, 2026, "birthday")).fen = fen
    assert _books(kits) == ["kits.invariant.allowance"]
