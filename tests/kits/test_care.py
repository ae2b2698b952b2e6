"""Care: a month's birthdays, visits with money, wishes; the year's limit counts."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.kernel.unit import Database
from benefits.kits.models import Campaign, Entitled, ItemKind
from benefits.kits.models_handout import Allowance, Handout
from benefits.kits.queries_care import left_out, messages
from benefits.kits.service_campaign import GivenItem, open_campaign
from benefits.kits.service_care import (
    Birthdays,
    add_birthdays,
    add_message,
    add_visits,
    choose_messages,
    list_birthdays,
)
from benefits.kits.service_handout import hand_out
from benefits.members.models import Status
from tests.kits.desk import Kits


@pytest.fixture
def november(kits: Kits) -> dict[str, int]:
    """People of streets A and B, born around November."""
    return {
        "first": kits.person("A1", name="样例一日", birth=date(1990, 11, 1)),
        "last": kits.person("A2", name="样例三十", birth=date(1985, 11, 30)),
        "october": kits.person("A1", name="样例十月", birth=date(1990, 10, 31)),
        "december": kits.person("A1", name="样例腊月", birth=date(1990, 12, 1)),
        "other": kits.person("B1", name="样例乙街", birth=date(1991, 11, 15)),
        "unknown": kits.person("A1", name="样例无生日", birth=None),
        "retired": kits.person("A1", name="样例退休", birth=date(1960, 11, 9), status=Status.RETIRED),
    }


def _birthdays(kits: Kits, place: str = "A", **more: Any) -> Birthdays:
    given: dict[str, Any] = {"year": 2026, "month": 11, "counts_stock": False} | more
    items = more.get("items") or (GivenItem(kits.item("生日蛋糕券")),)
    given |= {"items": items, "organisation_id": kits.places[place]}
    return kits.database.act(kits.actor, add_birthdays, **given)


def _listed(kits: Kits, campaign: int) -> set[int]:
    with kits.database.read(kits.actor) as unit:
        query = select(Entitled.member_id).where(col(Entitled.campaign_id) == campaign)
        return set(unit.exec(query))


def test_a_month_has_its_people_and_says_whom_it_leaves_out(kits: Kits, november: dict[str, int]) -> None:
    made = _birthdays(kits)
    assert (made.listed, made.before, made.no_birth, made.not_in_post) == (2, 0, 1, 1)
    assert _listed(kits, made.campaign_id) == {november["first"], november["last"]}
    with kits.database.read(kits.actor) as unit:
        rows = left_out(unit, made.campaign_id)
        campaign = unit.session.get_one(Campaign, made.campaign_id)
        assert (campaign.name, campaign.starts, campaign.ends) == (
            "2026年11月生日慰问",
            date(2026, 11, 1),
            date(2026, 11, 30),
        )
    assert {row.member_id for row in rows} == {november["unknown"], november["retired"]}
    assert {render(row.why) for row in rows} == {"没有出生日期，请先补录", "不在职（退休）"}


def test_who_joins_later_is_put_on_the_list_once(kits: Kits, november: dict[str, int]) -> None:
    made = _birthdays(kits)
    late = kits.person("A2", name="样例新来", birth=date(2000, 11, 20))
    again = kits.database.act(kits.actor, list_birthdays, campaign_id=made.campaign_id)
    assert (again.listed, again.before) == (1, 2)
    assert late in _listed(kits, made.campaign_id)
    assert kits.database.act(kits.actor, list_birthdays, campaign_id=made.campaign_id).listed == 0


def test_a_leap_day_is_in_every_february(kits: Kits) -> None:
    born = kits.person("A1", name="样例闰日", birth=date(1992, 2, 29))
    made = _birthdays(kits, year=2027, month=2)
    assert _listed(kits, made.campaign_id) == {born}


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (1948, 1), (2028, 1)])
def test_a_month_that_is_none_is_refused(kits: Kits, year: int, month: int) -> None:
    with pytest.raises(Refused) as refused:
        _birthdays(kits, year=year, month=month)
    assert refused.value.code == "kits.month"


def test_a_street_makes_its_own_list_only(kits: Kits, november: dict[str, int]) -> None:
    street = kits.street("B")
    item = GivenItem(kits.item("贺卡"))
    given: dict[str, Any] = {"year": 2026, "month": 11, "items": (item,), "counts_stock": False}
    with pytest.raises(Refused) as refused:
        kits.database.act(street, add_birthdays, organisation_id=kits.places["A"], **given)
    assert refused.value.code == "kits.not_yours"
    made = kits.database.act(street, add_birthdays, organisation_id=kits.places["B"], **given)
    assert _listed(kits, made.campaign_id) == {november["other"]}


def test_gifts_count_against_the_limit_of_the_year(kits: Kits, november: dict[str, int]) -> None:
    """300 yuan a year [S103]: 200 in November's campaign, then no further 200."""
    cake = kits.item("生日蛋糕")
    made = _birthdays(kits, items=(GivenItem(cake),), counts_stock=True)
    station = kits.station(made.campaign_id)
    kits.bring(station, cake, 5, cost_fen=20_000)
    kits.database.act(kits.actor, open_campaign, campaign_id=made.campaign_id)
    given: dict[str, Any] = {"member_id": november["first"], "campaign_id": made.campaign_id}
    kits.database.act(kits.actor, hand_out, station_id=station, **given)
    with kits.database.read(kits.actor) as unit:
        row = unit.exec(select(Allowance)).one()
        assert (row.fen, row.most_fen, row.year, row.purpose) == (20_000, 30_000, 2026, "birthday")
    second = _birthdays(kits, items=(GivenItem(cake),), counts_stock=True, name="补发")
    other = kits.station(second.campaign_id)
    kits.bring(other, cake, 5, cost_fen=20_000)
    kits.database.act(kits.actor, open_campaign, campaign_id=second.campaign_id)
    given["campaign_id"] = second.campaign_id
    with pytest.raises(Refused) as refused:
        kits.database.act(kits.actor, hand_out, station_id=other, **given)
    assert refused.value.code == "kits.over_limit"
    assert kits.on_hand(other) == {next(iter(kits.on_hand(other))): 5}


def test_visits_give_the_amount_of_the_list(kits: Kits, november: dict[str, int]) -> None:
    made = kits.database.act(
        kits.actor,
        add_visits,
        organisation_id=kits.places["D"],
        name="春节走访慰问",
        starts=date(2026, 11, 1),
        ends=date(2026, 11, 30),
    )
    kits.add(
        Entitled(
            campaign_id=made,
            member_id=november["retired"],
            organisation_id=kits.places["A1"],
            amount_fen=50_000,
            site="样例医院",
        )
    )
    kits.database.act(kits.actor, open_campaign, campaign_id=made)
    kits.database.act(kits.actor, hand_out, campaign_id=made, station_id=None, member_id=november["retired"])
    with kits.database.read(kits.actor) as unit:
        assert unit.exec(select(Handout.fen)).one() == 50_000
        kinds = unit.exec(select(Handout.item_id)).one()
    assert kinds
    not_listed = november["first"]
    with pytest.raises(Refused):
        kits.database.act(kits.actor, hand_out, campaign_id=made, station_id=None, member_id=not_listed)


def test_the_money_item_is_made_once(kits: Kits) -> None:
    from benefits.kits.queries_items import items

    given: dict[str, Any] = {"starts": date(2026, 11, 1), "ends": date(2026, 11, 30)}
    for name in ("一", "二"):
        kits.database.act(kits.actor, add_visits, organisation_id=kits.places["D"], name=name, **given)
    with kits.database.read(kits.actor) as unit:
        assert len(items(unit, kind=ItemKind.MONEY)) == 1


def test_wishes_are_kept_and_chosen(kits: Kits, november: dict[str, int]) -> None:
    made = _birthdays(kits, "D")
    given: dict[str, Any] = {"campaign_id": made.campaign_id, "organisation_id": kits.places["A1"]}
    wishes = [
        kits.database.act(kits.actor, add_message, author="样例友", words_said=f"祝 福{n}", **given)
        for n in range(3)
    ]
    chosen: dict[str, Any] = {"campaign_id": made.campaign_id, "message_ids": wishes[:2]}
    assert kits.database.act(kits.actor, choose_messages, **chosen) == 2
    assert kits.database.act(kits.actor, choose_messages, **chosen) == 0
    with kits.database.read(kits.actor) as unit:
        assert [row.id for row in messages(unit, made.campaign_id, chosen=True)] == wishes[:2]
        assert len(messages(unit, made.campaign_id)) == 3
    with kits.database.read(kits.street("B")) as unit:  # a wish is its unit's
        assert messages(unit, made.campaign_id) == ()
    other = _birthdays(kits, "D", name="另一个月", month=10)
    with pytest.raises(Refused) as refused:
        kits.database.act(kits.actor, choose_messages, campaign_id=other.campaign_id, message_ids=wishes[:1])
    assert refused.value.code == "kits.message_unknown"


@pytest.mark.parametrize(
    ("author", "said"), [("", "生日快乐"), ("样例", "  "), ("样例", "长" * 501), ("名" * 51, "好")]
)
def test_a_wish_needs_an_author_and_words(kits: Kits, database: Database, author: str, said: str) -> None:
    made = _birthdays(kits, "D")
    with pytest.raises(Refused) as refused:
        kits.database.act(
            kits.actor,
            add_message,
            campaign_id=made.campaign_id,
            organisation_id=kits.places["A1"],
            author=author,
            words_said=said,
        )
    assert refused.value.code in ("kits.text_missing", "kits.text_long")
