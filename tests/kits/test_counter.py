"""At the counter: what is due, what is left, a group, the public, signatures, the year's limit, and what
every invariant of hand-outs finds."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlmodel import Session, select

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.kits.counter import look_up, station
from benefits.kits.invariants import INVARIANTS
from benefits.kits.models import Entitled, ItemKind, Once, StationState
from benefits.kits.models_handout import Allowance, Handout, HandoutState, Signed
from benefits.kits.models_stock import Stock
from benefits.kits.queries import handouts
from benefits.kits.service_group import GroupHanded, hand_out_group
from benefits.kits.service_handout import Handed, hand_out, void
from benefits.kits.service_tally import sign, tally
from benefits.members.record import MemberInput
from benefits.members.service import add
from benefits.verify import verify
from tests.kits.desk import TODAY, Kits

WOMEN = [{"id": "women", "test": {"fact": "sex", "is": "female"}}]


@pytest.fixture
def kits(database: Database, root: Actor) -> Kits:
    return Kits(database, root)


def _give(kits: Kits, campaign: int, station: int | None, member: int, **more: Any) -> Handed:
    given = {"campaign_id": campaign, "station_id": station, "member_id": member} | more
    return kits.database.act(more.pop("actor", kits.actor), hand_out, **given)


def _refused(kits: Kits, verb: Callable[..., Any], **given: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        kits.database.act(kits.actor, verb, **given)
    return caught.value


def _broken(kits: Kits) -> list[str]:
    with kits.database.read(kits.actor) as unit:
        return [one.code for one in verify(unit) if not one.ok]


def test_all_that_is_due_first_expiry_first(kits: Kits) -> None:
    pot, spoon = kits.item("控油壶"), kits.item("限盐勺")
    campaign = kits.campaign(pot, spoon, per_person=2)
    place = kits.station(campaign)
    late = kits.bring(place, pot, 5, cost_fen=100)
    soon = kits.bring(place, pot, 3, cost_fen=70, expires_on=TODAY)
    kits.bring(place, pot, 9, expires_on=date(2026, 11, 19))
    kits.bring(place, spoon, 9, cost_fen=10)
    people = [kits.person() for _ in range(2)]
    done = _give(kits, campaign, place, people[0])
    assert done.items == (("控油壶", 2, 140), ("限盐勺", 2, 20))
    assert done.left == ((pot, "控油壶", 6), (spoon, "限盐勺", 7))
    second = _give(kits, campaign, place, people[1], items=[pot])
    assert second.items == (("控油壶", 2, 170),)  # the last of what expires, and one that does not
    assert {lot: kits.on_hand(place).get(lot, 0) for lot in (late, soon)} == {late: 4, soon: 0}
    assert _give(kits, campaign, place, people[1]).items == (("限盐勺", 2, 20),)
    with kits.database.read(kits.actor) as unit:
        assert [row.fen for row in handouts(unit, campaign_id=campaign)] == [140, 20, 170, 20]
    assert _broken(kits) == []


def test_every_reason_is_told_and_nothing_is_written(kits: Kits) -> None:
    campaign = kits.campaign(kits.item(), rule=WOMEN, listed_only=True)
    place = kits.station(campaign)
    refusal = _refused(
        kits,
        hand_out,
        campaign_id=campaign,
        station_id=place,
        member_id=kits.person(sex=None),
        on=date(2026, 10, 31),
    )
    assert refusal.code == "kits.not_entitled"
    told = {one.code for one in refusal.problems}
    assert told == {"kits.no.too_early", "kits.no.not_listed", "kits.no.data_missing"}
    with kits.database.read(kits.actor) as unit:
        assert handouts(unit, campaign_id=campaign) == ()


def test_one_thing_of_a_campaign(kits: Kits) -> None:
    pot, spoon = kits.item("控油壶"), kits.item("限盐勺")
    campaign = kits.campaign(pot, spoon, once=Once.CAMPAIGN)
    place, person = kits.station(campaign), kits.person()
    for item in (pot, spoon):
        kits.bring(place, item, 3)
    given = {"campaign_id": campaign, "station_id": place, "member_id": person}
    assert _refused(kits, hand_out, **given).code == "kits.which_item"
    _give(kits, campaign, place, person, items=[spoon])
    assert _refused(kits, hand_out, **given, items=[pot]).say.params["item"] == "限盐勺"


def test_short_and_frozen_name_the_station(kits: Kits) -> None:
    item = kits.item("控油壶")
    campaign = kits.campaign(item, per_person=3)
    place, person = kits.station(campaign), kits.person()
    kits.bring(place, item, 2)
    given = {"campaign_id": campaign, "station_id": place, "member_id": person}
    refusal = _refused(kits, hand_out, **given)
    assert (refusal.code, refusal.say.params["have"], refusal.say.params["need"]) == ("kits.short", 2, 3)
    with kits.world.batch() as session:
        session.execute(update(Stock).values(frozen=True))
    assert _refused(kits, hand_out, **given, quantity=1).code == "kits.frozen"
    with kits.database.read(kits.actor) as unit:
        assert handouts(unit, campaign_id=campaign) == ()
        assert station(unit, place).left[0].on_hand == 2
        assert station(unit, place).state == StationState.OPEN.value


def test_what_comes_back_damaged_is_written_off(kits: Kits) -> None:
    item = kits.item()
    campaign = kits.campaign(item)
    place = kits.station(campaign)
    lot = kits.bring(place, item, 5)
    one, two = (_give(kits, campaign, place, kits.person()).ids[0] for _ in range(2))
    kits.database.act(kits.actor, void, handout_id=one, reason="领错了")
    assert kits.on_hand(place) == {lot: 4}
    kits.database.act(kits.actor, void, handout_id=two, reason="退回时已损坏", damaged=True)
    assert kits.on_hand(place) == {lot: 4} == kits.moved(place)
    assert _broken(kits) == []


def test_a_group_collects_what_is_due_and_names_everybody_left_out(kits: Kits) -> None:
    item = kits.item()
    campaign = kits.campaign(item, rule=WOMEN)
    place = kits.station(campaign)
    people = [kits.person(name=f"王{chr(0x4E00 + at)}") for at in range(4)]
    kits.person(name="李强", sex=None)
    kits.person("A2")
    kits.bring(place, item, 4, cost_fen=5)
    _give(kits, campaign, place, people[0])
    given: dict[str, Any] = {"campaign_id": campaign, "station_id": place, "collected_by": "赵主席"}
    unit_id = kits.places["A1"]
    done: GroupHanded = kits.database.act(kits.actor, hand_out_group, organisation_id=unit_id, **given)
    assert (done.asked, done.people, done.pieces) == (5, 3, 3)
    told = {(one.say.params["name"], one.code) for one in done.left_out}
    assert told == {(f"王{chr(0x4E00)}", "kits.handed_out"), ("李强", "kits.no.data_missing")}
    with kits.database.read(kits.actor) as unit:
        rows = handouts(unit, campaign_id=campaign)
    assert [(row.collected_by, row.signed) for row in rows[1:]] == [("赵主席", Signed.FOR)] * 3
    assert sum(kits.on_hand(place).values()) == 0
    again = kits.database.act(kits.actor, hand_out_group, organisation_id=unit_id, **given)
    assert (again.people, len(again.left_out)) == (0, 5)
    short = _refused(kits, hand_out_group, organisation_id=kits.places["A2"], **given)
    assert (short.code, short.say.params["have"], short.say.params["need"]) == ("kits.short", 0, 1)
    assert _refused(kits, hand_out_group, member_ids=[], **given).code == "kits.group_empty"
    given["collected_by"] = " "
    assert _refused(kits, hand_out_group, member_ids=people, **given).code == "kits.collector_missing"
    assert _broken(kits) == []


def test_the_public_and_leaflets_by_tally(kits: Kits) -> None:
    pot, paper = kits.item("控油壶"), kits.item("宣传折页", kind=ItemKind.MATERIAL)
    campaign, public = kits.campaign(pot, paper), kits.campaign(pot, public=True)
    place, other = kits.station(campaign), kits.station(public)
    for where, item in ((place, pot), (place, paper), (other, pot)):
        kits.bring(where, item, 10)
    kits.database.act(kits.actor, tally, campaign_id=campaign, station_id=place, item_id=paper, quantity=7)
    kits.database.act(kits.actor, tally, campaign_id=public, station_id=other, item_id=pot, quantity=10)
    given = {"campaign_id": campaign, "station_id": place, "item_id": pot, "quantity": 1}
    assert _refused(kits, tally, **given).code == "kits.not_public"
    assert _refused(kits, tally, **given | {"item_id": paper, "quantity": 4}).code == "kits.short"
    assert _refused(kits, tally, **given | {"station_id": other}).code == "kits.station_elsewhere"
    assert _refused(kits, tally, **given | {"quantity": 0}).code == "kits.quantity"
    assert _refused(kits, tally, **given | {"on": date(2026, 10, 31)}).code == "kits.outside"
    assert _broken(kits) == []


def test_signatures(kits: Kits) -> None:
    item = kits.item()
    campaign = kits.campaign(item, counts_stock=False)
    ids = [_give(kits, campaign, None, kits.person()).ids[0] for _ in range(3)]
    assert kits.database.act(kits.actor, sign, handout_ids=ids[:2]) == 2
    assert kits.database.act(kits.actor, sign, handout_ids=ids) == 1
    kits.database.act(kits.actor, void, handout_id=ids[0], reason="未领取")
    refusal = _refused(kits, sign, handout_ids=ids)
    assert (refusal.code, refusal.say.params["known"]) == ("kits.sign_unknown", 2)


def test_money_comes_from_the_list_and_the_years_limit_holds(kits: Kits) -> None:
    """300 yuan a year for birthdays from 2019 on [S103]; a void one counts no more."""
    money, person = kits.item("慰问金", kind=ItemKind.MONEY), kits.person()
    campaigns = [kits.campaign(money, purpose="birthday") for _ in range(2)]
    given = {"campaign_id": campaigns[0], "station_id": None, "member_id": person}
    assert _refused(kits, hand_out, **given).code == "kits.no_amount"
    for campaign, fen in zip(campaigns, (20_000, 10_001), strict=True):
        row = Entitled(campaign_id=campaign, member_id=person, organisation_id=kits.places["A1"])
        row.amount_fen = fen
        kits.add(row)
    first = _give(kits, campaigns[0], None, person)
    assert first.items == (("慰问金", 1, 20_000),)
    over = _refused(kits, hand_out, **given | {"campaign_id": campaigns[1]})
    assert (over.code, over.say.params["had"], over.say.params["most"]) == (
        "kits.over_limit",
        "200.00",
        "300.00",
    )
    kits.database.act(kits.actor, void, handout_id=first.ids[0], reason="未领取")
    _give(kits, campaigns[1], None, person)
    with kits.database.read(kits.actor) as unit:
        assert [row.fen for row in unit.exec(select(Allowance))] == [10_001]
    assert _broken(kits) == []


def test_who_stands_there(kits: Kits) -> None:
    item = kits.item("控油壶")
    campaign = kits.campaign(item)
    place = kits.station(campaign)
    kits.bring(place, item, 3)
    who = MemberInput(organisation_id=kits.places["A1"], name="欧阳静", joined_on=date(2020, 1, 1))
    person = kits.database.act(kits.actor, add, who)
    with kits.database.read(kits.actor) as unit:
        (row,) = look_up(unit, campaign, "ouyang")
    assert (row.member_id, row.ok, row.organisation) == (person, True, "A1工会")
    assert [(one.item, one.quantity) for one in row.due] == [("控油壶", 1)]
    _give(kits, campaign, place, person)
    with kits.database.read(kits.actor) as unit:
        (row,) = look_up(unit, campaign, "欧阳")
        head = station(unit, place)
    assert (row.ok, row.due, [one.item for one in row.had]) == (False, (), ["控油壶"])
    assert (head.today, head.left[0].on_hand) == (1, 2)


def _index_off(session: Session) -> None:
    session.execute(text("DROP INDEX uq_kit_handout_member_campaign_slot"))
    row = session.exec(select(Handout)).first()
    assert row is not None
    session.add(Handout(**row.model_dump(exclude={"id"})))


def _set(**values: Any) -> Callable[[Session], Any]:
    return lambda session: session.execute(update(Handout).values(**values))


BREAKS: dict[str, Callable[[Session, dict[str, int]], Any]] = {
    "kits.invariant.once": lambda session, _: _index_off(session),
    "kits.invariant.something": lambda session, _: _set(slot=0)(session),
    "kits.invariant.handout_moves": lambda session, _: _set(state=HandoutState.VOID)(session),
    "kits.invariant.allowance": lambda session, _: session.execute(delete(Allowance)),
    "kits.invariant.handout_place": lambda session, known: _set(station_id=known["other"])(session),
}


@pytest.mark.parametrize("code", BREAKS)
def test_every_invariant_finds_what_breaks_it(kits: Kits, code: str) -> None:
    item = kits.item()
    campaign = kits.campaign(item, purpose="birthday")
    place = kits.station(campaign)
    kits.bring(place, item, 3, cost_fen=100)
    _give(kits, campaign, place, kits.person())
    assert _broken(kits) == []
    assert {one.code for one in INVARIANTS} == set(BREAKS)
    with kits.database.upkeep() as session:
        BREAKS[code](session, {"other": kits.station(kits.campaign())})
    assert code in _broken(kits)
