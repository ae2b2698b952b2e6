"""Datasets of the kits' papers, from what really happened; drawn and read back by the commands' tests."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.kits.dataset import care, signoff, undelivered
from benefits.kits.dataset_goods import allocation_sheet, stock_report
from benefits.kits.dataset_report import campaign_report
from benefits.kits.models import CampaignKind, Entitled, Message, StationUnit
from benefits.kits.service_handout import hand_out, void
from tests.kits.desk import TODAY, Kits


def _read(kits: Kits, query: Any, *given: Any, actor: Actor | None = None) -> Any:
    with kits.database.read(actor or kits.actor) as unit:
        return query(unit, *given)


def _names(units: Any) -> dict[str, list[str]]:
    return {part.unit: [one.name for one in part.receivers] for part in units}


@pytest.fixture
def half(kits: Kits) -> tuple[int, int, int, list[int]]:
    """Two stations, A and B; three people of A1, one of B1; one of A1 has collected at B."""
    item = kits.item("健康小三件")
    campaign = kits.campaign(item)
    first, second = kits.station(campaign, name="甲点"), kits.station(campaign, name="乙点", place="B")
    for place, station in (("A", first), ("B", second)):
        kits.add(StationUnit(campaign_id=campaign, organisation_id=kits.places[place], station_id=station))
        kits.bring(station, item, 5, cost_fen=2900)
    people = [kits.person("A1", name=f"样例{n}") for n in "甲乙丙"] + [kits.person("B1", name="样例丁")]
    kits.database.act(kits.actor, hand_out, campaign_id=campaign, station_id=second, member_id=people[0])
    return campaign, first, second, people


def test_a_sign_off_sheet_has_its_people_and_whoever_came(kits: Kits, half: Any) -> None:
    campaign, first, second, _ = half
    here = _read(kits, signoff, campaign, first)
    assert _names(here.units) == {"A1工会": ["样例甲", "样例乙", "样例丙"]}
    assert [one.given_on for one in here.units[0].receivers] == [TODAY, None, None]
    there = _read(kits, signoff, campaign, second)
    assert _names(there.units) == {"A1工会": ["样例甲"], "B1工会": ["样例丁"]}
    assert there.units[1].receivers[0].what == "健康小三件×1"
    assert there.head.digest != here.head.digest


def test_a_street_prints_its_own_people_only(kits: Kits, half: Any) -> None:
    campaign, _, second, _ = half
    seen = _read(kits, signoff, campaign, second, actor=kits.street("B"))
    assert _names(seen.units) == {"B1工会": ["样例丁"]}


def test_the_undelivered_list_names_whoever_has_nothing(kits: Kits, half: Any) -> None:
    campaign, _, _, people = half
    sheet = _read(kits, undelivered, campaign)
    assert _names(sheet.units) == {"A1工会": ["样例乙", "样例丙"], "B1工会": ["样例丁"]}
    assert (sheet.entitled, sheet.given) == (4, 1)
    assert sheet.units[0].receivers[0].note.endswith("甲点")
    with kits.database.read(kits.actor) as unit:
        from benefits.kits.models_handout import Handout

        handed = unit.exec(select(col(Handout.id))).one()
    assert handed is not None
    kits.database.act(kits.actor, void, handout_id=handed, reason="登记错人")
    assert _read(kits, undelivered, campaign).given == 0


def test_the_report_adds_up(kits: Kits, half: Any) -> None:
    campaign, first, second, people = half
    kits.database.act(kits.actor, hand_out, campaign_id=campaign, station_id=first, member_id=people[1])
    report = _read(kits, campaign_report, campaign)
    (item,) = report.items
    assert (item.came, item.handed, item.on_hand, item.difference) == (10, 2, 8, 0)
    assert (report.entitled, report.people, report.handouts) == (4, 2, 2)
    assert [(one.unit, one.entitled, one.given) for one in report.units] == [("A工会", 3, 2), ("B工会", 1, 0)]
    assert report.cost_fen == 5800 == sum(fen for _, fen in report.funds)
    assert len(report.obstacles) == 2 and report.closed_on is None  # both stations still have stock
    assert sum(flow.handed for _, flows in report.stations for flow in flows) == item.handed


def test_stock_is_told_by_lot_of_what_is_hosted_here(kits: Kits, half: Any) -> None:
    campaign, *_ = half
    whole = _read(kits, stock_report, campaign)
    assert [(line.place.name, line.on_hand, line.cost_fen) for line in whole.lines] == [
        ("甲点", 5, 2900),
        ("乙点", 4, 2900),
    ]
    own = _read(kits, stock_report, None, actor=kits.street("A"))
    assert [line.place.name for line in own.lines] == ["甲点"]


def test_a_care_list_says_what_each_is_given(kits: Kits) -> None:
    item = kits.item("生日蛋糕券")
    campaign = kits.campaign(item, kind=CampaignKind.BIRTHDAY, listed_only=True)
    born = kits.person("A1", name="样例寿星", birth=date(1990, 11, 3))
    kits.person("A1", name="样例旁人")
    kits.add(
        Entitled(
            campaign_id=campaign,
            member_id=born,
            organisation_id=kits.places["A1"],
            amount_fen=30_000,
            note="11-03",
        )
    )
    wish: dict[str, Any] = {
        "campaign_id": campaign,
        "organisation_id": kits.places["A1"],
        "made_on": TODAY,
        "author": "样例友",
    }
    kits.add(Message(text="生日快乐", chosen=True, **wish))
    kits.add(Message(text="没有选中", **wish))
    sheet = _read(kits, care, campaign)
    assert _names(sheet.units) == {"A1工会": ["样例寿星"]}
    assert (sheet.units[0].receivers[0].fen, sheet.units[0].receivers[0].note) == (30_000, "11-03")
    assert sheet.wishes == (("生日快乐", "样例友"),)


def test_papers_that_cannot_be_made_say_why(kits: Kits, half: Any, database: Database) -> None:
    campaign, first, *_ = half
    for query, given, code in (
        (care, (campaign,), "kits.not_care"),
        (allocation_sheet, (campaign,), "kits.no_allocation"),
        (signoff, (campaign, first + 99), "kits.station_unknown"),
        (campaign_report, (999_999,), "kits.campaign_unknown"),
    ):
        with pytest.raises(Refused) as refused:
            _read(kits, query, *given)
        assert refused.value.code == code
