"""The list of a campaign: put on, changed, taken off, in and out as a file, and exactly back."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.kits.models import AllocationState, Campaign, CampaignState, Entitled
from benefits.kits.models_handout import Handout
from benefits.kits.service_list import Counted, Listed, put_on_list, take_off_list
from tests.kits.desk import TODAY, Kits
from tests.kits.handing import uncounted
from tests.renewal.factory import NOW, World
from tests.rosters.kinds.desk import Desk, number, told

WHO = ("姓名", "身份证号码")
VISITS = "2026年送温暖"


def _lines(kits: Kits, campaign: int) -> dict[int, tuple[int | None, int | None, str, str]]:
    with kits.database.read(kits.actor) as unit:
        rows = unit.exec(select(Entitled).where(col(Entitled.campaign_id) == campaign))
        return {row.member_id: (row.station_id, row.amount_fen, row.site, row.source) for row in rows}


def _put(kits: Kits, campaign: int, *people: Listed, actor: Actor | None = None, **more: Any) -> Counted:
    who = actor or kits.actor
    return kits.database.act(who, put_on_list, campaign_id=campaign, people=people, **more)


def _off(kits: Kits, campaign: int, *members: int) -> int:
    return kits.database.act(kits.actor, take_off_list, campaign_id=campaign, member_ids=members)


def _given(kits: Kits, campaign: int, member: int) -> None:
    item, place = kits.item(), kits.places["A1"]
    values: dict[str, Any] = {"given_on": TODAY, "given_at": NOW, "made_by": "t", "slot": item}
    kits.add(Handout(campaign_id=campaign, member_id=member, item_id=item, organisation_id=place, **values))


def test_on_the_list_changed_and_off(kits: Kits) -> None:
    campaign = kits.campaign(listed_only=True, allocation=AllocationState.APPROVED)
    station = kits.station(campaign)
    one, two = kits.person("A1"), kits.person("B1")
    done = _put(kits, campaign, Listed(one, amount_fen=50_000, site=" 家 中 "), Listed(two), source="11月")
    assert done == Counted(2, 0, 0)
    assert _lines(kits, campaign) == {one: (None, 50_000, "家 中", "11月"), two: (None, None, "", "11月")}
    with kits.database.read(kits.actor) as unit:
        state = unit.session.get_one(Campaign, campaign).allocation
    assert state is AllocationState.PROPOSED, "other people than those that were counted"
    done = _put(kits, campaign, Listed(one, station, 60_000), Listed(two), source="11月")
    assert done == Counted(0, 1, 1)
    assert _lines(kits, campaign)[one] == (station, 60_000, "", "11月")
    assert _off(kits, campaign, two) == 1
    assert _lines(kits, campaign).keys() == {one}


def test_what_is_wrong_puts_nobody_on_the_list(kits: Kits) -> None:
    campaign, closed = kits.campaign(owner="A"), kits.campaign(state=CampaignState.CLOSED)
    other = kits.station(kits.campaign())
    one, nowhere, away = kits.person("A1"), kits.person(None), kits.person("B1")
    clerk = kits.street("A")
    for people, code in (
        ([Listed(one), Listed(one)], "kits.list_twice"),
        ([Listed(one, amount_fen=0)], "kits.list_amount"),
        ([Listed(one, amount_fen=100_000_001)], "kits.list_amount"),
        ([Listed(one, other)], "kits.list_station"),
        ([Listed(one), Listed(nowhere)], "kits.list_people"),
        ([Listed(one), Listed(away)], "kits.list_people"),
        ([Listed(one, note="长" * 201)], "kits.text_long"),
    ):
        with pytest.raises(Refused) as caught:
            _put(kits, campaign, *people, actor=clerk)
        assert caught.value.code == code
    assert _lines(kits, campaign) == {}
    for target, actor, code in (
        (closed, kits.actor, "kits.campaign_over"),
        (campaign, kits.street("B"), "kits.not_yours"),
    ):
        with pytest.raises(Refused) as caught:
            _put(kits, target, Listed(one), actor=actor)
        assert caught.value.code == code


def test_who_was_handed_something_stays_on_the_list(kits: Kits) -> None:
    campaign, one, two = kits.campaign(), kits.person("A1"), kits.person("A1")
    _put(kits, campaign, Listed(one))
    with pytest.raises(Refused) as caught:
        _off(kits, campaign, one, two)
    assert (caught.value.code, len(caught.value.problems)) == ("kits.not_listed", 1)
    _given(kits, campaign, one)
    with pytest.raises(Refused) as caught:
        _off(kits, campaign, one)
    assert caught.value.code == "kits.list_handed"


@pytest.fixture
def desk(database: Database, root: Actor, tmp_path: Path) -> Desk:
    return Desk(World(database, root), tmp_path)


def test_a_file_puts_people_on_the_list_and_is_taken_back(desk: Desk) -> None:
    for n in range(3):
        desk.person("王敏", n)
    uncounted(desk.database, VISITS, stations=("一号站",))
    head = (*WHO, "慰问金额", "走访地点", "发放点")
    rows = [("王敏", number(n), 300 + n, "家中", "一号站" if n else "") for n in range(3)]
    empty = desk.contents()
    first = desk.send("entitled", head, *rows, campaign=VISITS)
    assert (first.report.added, told(first.report)) == (3, [])
    listed = desk.contents()
    again = desk.check("entitled", head, *rows, campaign=VISITS)
    assert (again.same, again.added) == (3, 0)
    other = desk.send("entitled", (*WHO, "慰问金额"), ("王敏", number(0), 500), campaign=VISITS)
    assert (other.report.changed, told(other.report)) == (1, [])
    desk.undo(other.batch)
    assert desk.contents() == listed
    desk.undo(first.batch)
    assert desk.contents() == empty


def test_what_a_file_gets_wrong_is_blamed_on_its_column(desk: Desk) -> None:
    desk.person("王敏", 1)
    desk.person("李娜", 2)
    uncounted(desk.database, VISITS, stations=("一号站",))
    rows = (
        ("王敏", number(1), -5, "一号站"),
        ("李娜", number(2), 5, "二号站"),
        ("赵无", number(3), 5, "一号站"),
        ("王敏", number(1), 5, "一号站"),
    )
    head = (*WHO, "慰问金额", "发放点")
    assert told(desk.check("entitled", head, *rows, campaign=VISITS)) == [
        (2, "amount", "kits.list_amount"),
        (3, "station", "kits.row.station_unknown"),
        (4, "id_number", "rosters.person_not_registered"),
        (5, "", "rosters.row_twice"),
    ]
    found = desk.check("entitled", head, rows[0], campaign="没有的活动")
    assert told(found)[0] == (2, "campaign", "kits.row.campaign_unknown")
    found = desk.street("A").check("entitled", head, (*rows[0][:2], 5, ""), campaign=VISITS)
    assert told(found) == [(2, "campaign", "kits.not_yours")]


def test_a_line_that_was_used_is_not_taken_back(desk: Desk) -> None:
    member = desk.person("王敏", 1)
    uncounted(desk.database, VISITS, "慰问品")
    done = desk.send("entitled", WHO, ("王敏", number(1)), campaign=VISITS)
    desk.send("handouts", WHO, ("王敏", number(1)), campaign=VISITS, item="慰问品", given_on="2026-11-19")
    with pytest.raises(Refused) as caught:
        desk.undo(done.batch)
    assert [one.code for one in caught.value.problems] == ["rosters.hangs_on"]
    assert member
