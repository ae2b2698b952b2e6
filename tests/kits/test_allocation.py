"""Allocation: every piece goes somewhere, ties by the rule that is told, what is too much needs a reason."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.kits.allocation import Proposal
from benefits.kits.allotment import shares
from benefits.kits.models import (
    Allocation,
    AllocationState,
    AllocationUnit,
    Campaign,
    CampaignItem,
    Entitled,
    ItemKind,
    StationState,
    StationUnit,
)
from benefits.kits.models_stock import Transfer
from benefits.kits.rule import said, stored
from benefits.kits.service_allocation import adjust, approve, propose, ship
from benefits.kits.service_campaign import GivenItem, set_items
from benefits.organisations.models import Organisation
from benefits.verify import verify
from tests.kits.desk import Kits


@given(total=st.integers(0, 10_000), weights=st.lists(st.integers(0, 500), max_size=40))
def test_shares_are_whole_and_next_to_exact(total: int, weights: list[int]) -> None:
    found, whole = shares(total, weights), sum(weights)
    assert sum(found) == (total if whole else 0)
    for at, (weight, share) in enumerate(zip(weights, found, strict=True)):
        if whole:
            assert abs(share * whole - total * weight) < whole, "less than one piece from the exact share"
        twins = [other for place, other in enumerate(found) if weights[place] == weight and place < at]
        assert all(0 <= other - share <= 1 for other in twins), "of equals the first is never worse off"


@pytest.mark.parametrize(
    ("total", "weights", "wanted"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (11, [1, 1, 1], [4, 4, 3]),
        (1, [1, 1], [1, 0]),
        (5, [2, 3, 0], [2, 3, 0]),
        (3, [0, 0], [0, 0]),
        (2, [1, 4, 1, 1], [1, 1, 0, 0]),  # 0.29, 1.14, 0.29, 0.29: a tie of three, the first of them
    ],
)
def test_remainders(total: int, weights: list[int], wanted: list[int]) -> None:
    assert shares(total, weights) == wanted


class Fair:
    """Station 1 for street A, station 2 for B; 3 women in A1, 2 in A2, 2 in B1, 1 in the district itself."""

    def __init__(self, kits: Kits, planned: int | None = 20, **more: Any) -> None:
        self.kits = kits
        self.pot = kits.item("控油壶")
        self.campaign = kits.campaign(rule=stored(said(["women"])), **more)
        kits.add(CampaignItem(campaign_id=self.campaign, item_id=self.pot, per_person=2, planned=planned))
        self.a, self.b = (
            kits.station(self.campaign, place=place, number=number)
            for number, place in enumerate("AB", start=1)
        )
        for place, station in (("A", self.a), ("B", self.b)):
            kits.add(
                StationUnit(campaign_id=self.campaign, organisation_id=kits.places[place], station_id=station)
            )
        for place, count in (("A1", 3), ("A2", 2), ("B1", 2), ("D", 1)):
            for _ in range(count):
                kits.person(place)

    def act(self, verb: Any, **given: Any) -> Any:
        return self.kits.database.act(
            given.pop("actor", self.kits.actor), verb, campaign_id=self.campaign, **given
        )

    def refused(self, verb: Any, **given: Any) -> Refused:
        with pytest.raises(Refused) as caught:
            self.act(verb, **given)
        return caught.value

    def propose(self, **given: Any) -> Proposal:
        found: Proposal = self.act(propose, **given)
        return found

    def quantities(self) -> list[int]:
        with self.kits.database.read(self.kits.actor) as unit:
            return list(unit.exec(select(Allocation.quantity).order_by(col(Allocation.station_id))))

    def units(self) -> dict[str, int]:
        with self.kits.database.read(self.kits.actor) as unit:
            query = select(Organisation.code, AllocationUnit.quantity).join(
                AllocationUnit, col(AllocationUnit.organisation_id) == col(Organisation.id)
            )
            return dict(unit.exec(query).all())

    def state(self) -> AllocationState:
        with self.kits.database.read(self.kits.actor) as unit:
            return unit.session.get_one(Campaign, self.campaign).allocation


def test_by_people_and_whom_nobody_serves(kits: Kits) -> None:
    fair = Fair(kits)
    found = fair.propose()
    assert [(one.people, one.quantity) for one in found.shares] == [(5, 14), (2, 6)]
    assert fair.units() == {"A1": 8, "A2": 6, "B1": 6}  # of 14: 8.4 and 5.6
    assert (found.people, [(one.code, one.people) for one in found.unserved]) == (8, [("D", 1)])
    assert "共7人" in render(found.told, "zh")
    assert fair.state() is AllocationState.PROPOSED


def test_the_same_for_each_and_some_kept_back(kits: Kits) -> None:
    fair = Fair(kits)
    assert [one.quantity for one in fair.propose(by="equal", keep_back=1).shares] == [10, 9]
    assert fair.quantities() == [10, 9]
    assert fair.refused(propose, keep_back=21).code == "kits.keep_back"
    assert fair.refused(propose, keep_back=-1).code == "kits.keep_back"


def test_without_a_plan_each_person_gets_the_measure(kits: Kits) -> None:
    fair = Fair(kits, planned=None)
    assert [one.quantity for one in fair.propose().shares] == [10, 4]


def test_the_list_sends_people_elsewhere(kits: Kits) -> None:
    fair = Fair(kits, listed_only=True)
    for place, station in (("A1", fair.b), ("A2", None), ("B1", None)):
        kits.add(
            Entitled(
                campaign_id=fair.campaign,
                member_id=kits.person(place),
                organisation_id=kits.places[place],
                station_id=station,
            )
        )
    found = fair.propose()
    assert [(one.people, one.quantity) for one in found.shares] == [(1, 7), (2, 13)]
    assert fair.units() == {"A2": 7, "B1": 7}, "A1's person takes the other six at station 2"
    fair.act(adjust, station_id=fair.b, item_id=fair.pot, quantity=5)
    assert fair.units() == {"A2": 7, "B1": 3}


def test_one_station_serves_all_where_nothing_else_is_said(kits: Kits) -> None:
    pot, campaign = kits.item(), kits.campaign()
    kits.add(CampaignItem(campaign_id=campaign, item_id=pot, planned=5))
    station = kits.station(campaign)
    kits.person("A1")
    found = kits.database.act(kits.actor, propose, campaign_id=campaign)
    assert [(one.station_id, one.people, one.quantity) for one in found.shares] == [(station, 1, 5)]


def test_money_is_not_allocated_and_closed_stations_get_nothing(kits: Kits) -> None:
    fair = Fair(kits)
    money = kits.item("慰问金", kind=ItemKind.MONEY)
    kits.add(CampaignItem(campaign_id=fair.campaign, item_id=money))
    closed = kits.station(fair.campaign, state=StationState.CLOSED)
    assert {(one.item_id, one.station_id) for one in fair.propose().shares} == {
        (fair.pot, fair.a),
        (fair.pot, fair.b),
    }
    assert closed


def test_nobody_to_count(kits: Kits) -> None:
    pot, campaign = kits.item(), kits.campaign()
    for _ in range(2):
        kits.station(campaign)
    kits.person("A1")
    asked: dict[str, Any] = {"campaign_id": campaign}
    with pytest.raises(Refused) as caught:
        kits.database.act(kits.actor, propose, **asked)
    assert caught.value.code == "kits.campaign_no_items"
    kits.add(CampaignItem(campaign_id=campaign, item_id=pot, planned=5))
    with pytest.raises(Refused) as caught:
        kits.database.act(kits.actor, propose, **asked)
    assert (caught.value.code, caught.value.say.params["people"]) == ("kits.no_people", 1)
    assert [one.quantity for one in kits.database.act(kits.actor, propose, by="equal", **asked).shares] == [
        3,
        2,
    ]


def test_too_much_needs_a_reason(kits: Kits) -> None:
    fair = Fair(kits, budget_fen=20_000)
    fair.propose()
    assert fair.act(adjust, station_id=fair.a, item_id=fair.pot, quantity=15) == 14
    store = kits.station()
    kits.bring(store, fair.pot, 40, cost_fen=1_000)
    found = fair.refused(approve)
    assert [one.code for one in found.problems] == ["kits.above.planned", "kits.above.budget"]
    assert fair.refused(approve, reason="多").code == "kits.why_missing"
    fair.act(approve, reason="区里追加了一批")
    assert fair.state() is AllocationState.APPROVED
    fair.act(adjust, station_id=fair.a, item_id=fair.pot, quantity=14)
    assert fair.state() is AllocationState.PROPOSED
    fair.act(approve)


def test_without_a_plan_stock_is_the_bound(kits: Kits) -> None:
    fair = Fair(kits, planned=None)
    assert fair.refused(approve).code == "kits.not_proposed"
    fair.propose()
    kits.bring(kits.station(), fair.pot, 13)
    assert [one.code for one in fair.refused(approve).problems] == ["kits.above.stock"]
    kits.bring(fair.a, fair.pot, 1)
    fair.act(approve)


def test_only_who_approves_may_approve(kits: Kits) -> None:
    fair = Fair(kits, owner="A")
    fair.propose()
    clerk, other = kits.street("A", "kit.edit", "kit.stock"), kits.street("B", "kit.approve")
    assert fair.refused(approve, actor=clerk).code == "access.not_permitted"
    assert fair.refused(approve, actor=other).code == "kits.not_yours"
    fair.act(approve, actor=kits.street("A", "kit.approve"))


def test_what_is_allocated_is_shipped_once(kits: Kits) -> None:
    fair, store = Fair(kits), kits.station()
    fair.propose()
    assert fair.refused(ship, from_id=store).code == "kits.not_approved"
    fair.act(approve)
    kits.bring(store, fair.pot, 19)
    assert fair.refused(ship, from_id=store).code == "kits.short"
    with kits.database.read(kits.actor) as unit:
        assert unit.exec(select(Transfer.id)).first() is None, "all or none"
    kits.bring(store, fair.pot, 2)
    sent = fair.act(ship, from_id=store, carrier="区工会货车")
    assert ([station for _, station in sent.transfers], sent.pieces) == ([fair.a, fair.b], 20)
    assert fair.refused(ship, from_id=store).code == "kits.all_shipped"
    fair.act(adjust, station_id=fair.b, item_id=fair.pot, quantity=7)
    fair.act(approve, reason="补一件")
    assert fair.act(ship, from_id=store).pieces == 1


def test_what_is_given_no_more_is_allocated_no_more(kits: Kits) -> None:
    fair, tape = Fair(kits), kits.item("小卷尺")
    fair.propose()
    fair.act(set_items, items=[GivenItem(tape, 1, 10)])
    assert (fair.quantities(), fair.units()) == ([], {})
    assert sum(one.quantity for one in fair.propose().shares) == 10
    with kits.database.read(kits.actor) as unit:
        assert [one.code for one in verify(unit) if not one.ok] == []


def test_what_is_not_allocated_is_not_adjusted(kits: Kits) -> None:
    fair = Fair(kits)
    fair.propose()
    wrong = {"station_id": fair.a, "item_id": 999_999, "quantity": 1}
    assert fair.refused(adjust, **wrong).code == "kits.not_allocated"
    assert fair.refused(adjust, **(wrong | {"quantity": -1})).code == "kits.allocation_quantity"
