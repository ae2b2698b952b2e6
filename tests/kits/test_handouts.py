"""Hand-outs: once a person, campaign and item; lists of signatures in and exactly back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.kits.models import Item, Station
from benefits.kits.queries import handouts, handouts_of
from benefits.kits.roster import HANDOUTS
from benefits.kits.service_handout import hand_out, void
from benefits.members.service import leave, transfer
from benefits.rosters.kind import Wanted
from tests.kits.handing import uncounted
from tests.renewal.factory import World
from tests.rosters.kinds.desk import TODAY, Desk, number, told

HEAD = ("姓名", "身份证号码", "物品", "数量", "发放日期", "发放点", "签字")
CAMPAIGN = "2026年新春走访"
PLACE = "通运街道服务站"


@pytest.fixture
def desk(database: Database, root: Actor, tmp_path: Path) -> Desk:
    made = Desk(World(database, root), tmp_path)
    uncounted(database, CAMPAIGN, "健康包", "雨伞", stations=("一号站", PLACE))
    return made


def _give(desk: Desk, member: int, item: str = "健康包", station: str = "", **given: Any) -> int:
    with desk.database.read(desk.actor) as unit:
        items = [unit.exec(select(Item.id).where(Item.name == item)).one()]
        at = unit.exec(select(Station.id).where(Station.name == station)).first()
    values: dict[str, Any] = {"campaign_id": 1, "items": items, "station_id": at} | given
    return desk.database.act(desk.actor, hand_out, member_id=member, **values).ids[0]


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"on": date(2026, 11, 21)}, "kits.not_yet"),
    ({"on": date(2014, 12, 31)}, "kits.not_entitled"),
    ({"quantity": 0}, "kits.quantity"),
    ({"quantity": 11}, "kits.over_share"),
    ({"items": [999]}, "kits.not_offered"),
    ({"note": "注" * 201}, "kits.too_long"),
    ({"collected_by": "代" * 51}, "kits.too_long"),
    ({"campaign_id": 7}, "kits.campaign_unknown"),
    ({"station_id": 99}, "kits.station_elsewhere"),
    ({"member": 99}, "members.unknown"),
)


def test_what_cannot_be(desk: Desk) -> None:
    member = desk.person("王敏", 1)
    for given, code in WRONG:
        with pytest.raises(Refused) as caught:
            _give(desk, **({"member": member} | given))
        assert caught.value.code == code


def test_once_a_person_until_it_is_voided(desk: Desk) -> None:
    member = desk.person("王敏", 1)
    first = _give(desk, member, station=PLACE, on=date(2015, 1, 1))
    with pytest.raises(Refused) as caught:
        _give(desk, member)
    assert caught.value.code == "kits.handed_out"
    assert caught.value.say.params["where"] == PLACE
    assert caught.value.say.params["day"] == date(2015, 1, 1)
    _give(desk, member, item="雨伞")
    desk.database.act(desk.actor, void, handout_id=first, reason="记错了人")
    with pytest.raises(Refused) as again:
        desk.database.act(desk.actor, void, handout_id=first, reason="记错了人")
    assert again.value.code == "kits.void_already"
    _give(desk, member)
    with desk.database.read(desk.actor) as unit:
        assert [(row.item, row.state.value) for row in handouts_of(unit, member)] == [
            ("健康包", "active"),
            ("雨伞", "active"),
            ("健康包", "void"),
        ]


def test_a_signed_list_comes_in_once(desk: Desk) -> None:
    uncounted(desk.database, "另一次活动", "健康包", stations=("一号站",))
    for n in range(30):
        desk.person("王敏", n)
    before = desk.contents()
    rows = [
        HEAD,
        *(("王敏", number(n), "健康包", "" if n else 2, "2026-11-19", "一号站", "王敏") for n in range(30)),
    ]
    done = desk.send("handouts", *rows, campaign=CAMPAIGN)
    assert (done.report.rows, done.report.added) == (30, 30)
    after = desk.contents()
    again = desk.send("handouts", *rows, campaign=CAMPAIGN)
    assert (again.batch, again.report.same) == (None, 30)
    assert desk.contents() == after
    assert desk.check("handouts", *rows, campaign="T002").added == 30
    with desk.database.read(desk.actor) as unit:
        present = list(HANDOUTS.rows(unit, Wanted(f"/{desk.world.places['D']}/", TODAY)))
    keys = [column.key for column in HANDOUTS.columns]
    cells = [[row.get(key) for key in keys] for row in present]
    assert desk.check("handouts", [column.names[0] for column in HANDOUTS.columns], *cells).same == 30
    assert desk.undo(done.batch).taken_back == 30
    assert desk.contents() == before


def test_every_problem_is_told(desk: Desk) -> None:
    one = desk.person("王敏", 1)
    two = desk.person("李娜", 2)
    _give(desk, one, on=date(2026, 11, 1))
    desk.database.act(desk.actor, leave, member_id=two, on=date(2026, 11, 10))
    report = desk.check(
        "handouts",
        HEAD,
        ("王敏", number(1), "健康包", 1, "2026-11-02", "", ""),
        ("李娜", number(2), "健康包", 1, "2026-11-10", "", ""),  # the last day at the union
        ("李娜", number(2), "雨伞", 11, "2026-11-11", "", ""),
        ("李娜", number(2), "健康包", 1, "2026-11-10", "", ""),
        ("", "", "", "半个", "2026-11-21", "", ""),
        ("王敏", number(1), "油壶", 1, "2026-11-02", "三号站", ""),
        campaign=CAMPAIGN,
    )
    assert report.added == 1
    assert sorted(told(report)) == [
        (2, "item", "kits.handed_out"),
        (4, "given_on", "kits.no.no_union"),
        (4, "quantity", "kits.over_share"),
        (5, "item", "rosters.row_twice"),
        (6, "", "rosters.person_missing"),
        (6, "given_on", "rosters.day_future"),
        (6, "item", "rosters.said_nowhere"),
        (6, "quantity", "rosters.cell_whole"),
        (7, "item", "kits.row.item_unknown"),
        (7, "station", "kits.row.station_unknown"),
    ]
    assert report.problems[0].say.params["day"] == date(2026, 11, 1)


def test_a_campaign_that_is_not_there_is_blamed_with_what_to_do(desk: Desk) -> None:
    desk.person("王敏", 1)
    row = ("王敏", number(1), "健康包", 1, "2026-11-02", "", "")
    report = desk.check("handouts", HEAD, row, campaign="2027年新春走访")
    assert told(report) == [(2, "campaign", "kits.row.campaign_unknown")]
    assert report.problems[0].say.params["campaign"] == "2027年新春走访"


def test_a_street_hands_out_to_its_own_and_sees_what_went_out_elsewhere(desk: Desk) -> None:
    mine, other = desk.person("王敏", 1), desk.person("李娜", 2, "B1")
    moved = desk.person("周静", 3, "B1")
    _give(desk, moved, on=date(2026, 11, 1))
    place = desk.world.places["A1"]
    desk.database.act(desk.actor, transfer, member_id=moved, organisation_id=place, on=date(2026, 11, 5))
    street = desk.street("A")
    rows = [
        (name, number(n), "健康包", 1, "2026-11-20", "", "")
        for n, name in ((1, "王敏"), (2, "李娜"), (3, "周静"))
    ]
    report = street.check("handouts", HEAD, *rows, campaign=CAMPAIGN)
    assert told(report) == [(3, "id_number", "rosters.person_elsewhere"), (4, "item", "kits.handed_out")]
    with pytest.raises(Refused) as second:
        _give(street, moved)
    assert second.value.code == "kits.handed_out"
    done = street.send("handouts", HEAD, rows[0], campaign=CAMPAIGN)
    with desk.database.read(street.actor) as unit:
        (row,) = handouts(unit, campaign_id=1)
    assert (row.member_id, row.organisation) == (mine, "A1工会")
    desk.database.act(desk.actor, void, handout_id=row.id, reason="未领取")
    with pytest.raises(Refused) as caught:
        street.undo(done.batch)
    assert [problem.code for problem in caught.value.problems] == ["rosters.changed_since"]
    assert other
