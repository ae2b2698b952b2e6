"""Who may collect: every no with all its reasons, boundary days, missing data, the union and the list."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.kernel.messages import render
from benefits.kits.entitlement import (
    Verdict,
    entitled,
    groups,
    judge,
    judge_many,
    station_of,
    stations_served,
)
from benefits.kits.models import Campaign, CampaignState, CampaignUnit, Entitled, StationUnit
from benefits.kits.rule import said, sentences, stored
from benefits.members.models import Employment, Member, MemberCategory, Membership, Status, WorkerCategory
from tests.kits.desk import ENDS, STARTS, TODAY, Kits

WOMEN = stored(said(["members-in-post", "women"]))


def _judge(kits: Kits, campaign: int, member: int, day: date = TODAY, actor: Actor | None = None) -> Verdict:
    with kits.database.read(actor or kits.actor) as unit:
        return judge(unit, campaign, member, day)


def _codes(kits: Kits, campaign: int, member: int, day: date = TODAY) -> list[str]:
    return [reason.code for reason in _judge(kits, campaign, member, day).reasons]


def _everybody(kits: Kits, campaign: int, day: date = TODAY, actor: Actor | None = None) -> set[int]:
    """Who is entitled by the one statement about all, which must say what the verdicts say one by one."""
    with kits.database.read(actor or kits.actor) as unit:
        row = unit.session.get_one(Campaign, campaign)
        found = set(unit.session.scalars(entitled(unit, row, day, col(Member.id))))
        everybody = unit.exec(select(Member.id)).all()
        verdicts = judge_many(unit, row, [one for one in everybody if one is not None], day)
    outside = {"kits.no.not_open", "kits.no.too_early", "kits.no.over"}
    assert found == {
        one for one, verdict in verdicts.items() if all(reason.code in outside for reason in verdict.reasons)
    }
    return found


def test_a_woman_in_post_is_entitled_on_the_days_of_the_campaign(kits: Kits) -> None:
    campaign, woman = kits.campaign(rule=WOMEN), kits.person()
    for day, codes in (
        (date(2026, 10, 31), ["kits.no.too_early"]),
        (STARTS, []),
        (ENDS, []),
        (date(2026, 12, 1), ["kits.no.over"]),
    ):
        assert _codes(kits, campaign, woman, day) == codes
    found = _judge(kits, campaign, woman)
    assert (found.ok, found.organisation_id, found.union) == (True, kits.places["A1"], "A1工会")


def test_a_no_says_all_its_reasons(kits: Kits) -> None:
    campaign = kits.campaign(rule=WOMEN, listed_only=True, state=CampaignState.DRAFT)
    man = kits.person(sex=Sex.MALE, status=Status.RETIRED)
    found = _judge(kits, campaign, man, date(2026, 12, 1))
    assert [reason.code for reason in found.reasons] == [
        "kits.no.not_open",
        "kits.no.over",
        "kits.no.not_listed",
        "kits.no.not_in_post",
        "kits.no.wrong_sex",
    ]
    told = [render(reason.say, lang) for lang in ("zh", "en") for reason in found.reasons[-1:]]
    assert told == ["不符合“性别为女”（登记的是：男）。", "does not meet “sex is female” (on record: male)."]


def test_a_missing_datum_is_named_and_entitles_to_nothing(kits: Kits) -> None:
    campaign, somebody = kits.campaign(rule=WOMEN), kits.person(sex=None)
    found = _judge(kits, campaign, somebody)
    assert [reason.code for reason in found.reasons] == ["kits.no.data_missing"]
    assert render(found.reasons[0].say, "zh") == "资料缺失：性别未登记，无法判断“性别为女”。请先补登。"
    assert somebody not in _everybody(kits, campaign)


def test_the_union_of_the_day_decides(kits: Kits) -> None:
    campaign = kits.campaign()
    for unit in ("A1", "B"):
        kits.add(CampaignUnit(campaign_id=campaign, organisation_id=kits.places[unit]))
    there, below, elsewhere, nowhere = (kits.person(place) for place in ("A1", "B2", "A2", None))
    moved = kits.person("A2")
    with kits.world.batch() as session:
        old = session.exec(select(Membership).where(col(Membership.member_id) == moved)).one()
        old.ends = TODAY
        member = session.get_one(Member, moved)
        member.organisation_id = kits.places["B1"]
        session.add(Membership(member_id=moved, organisation_id=kits.places["B1"], starts=date(2026, 11, 21)))
    assert _codes(kits, campaign, there) == _codes(kits, campaign, below) == []
    assert _codes(kits, campaign, elsewhere) == ["kits.no.other_unit"]
    assert _codes(kits, campaign, nowhere) == ["kits.no.no_union"]
    assert _codes(kits, campaign, moved) == ["kits.no.other_unit"]
    assert _codes(kits, campaign, moved, date(2026, 11, 21)) == []
    assert _everybody(kits, campaign) == {there, below}
    assert _everybody(kits, campaign, date(2026, 11, 21)) == {there, below, moved}


def test_the_list_says_who_where_and_how_much(kits: Kits) -> None:
    campaign = kits.campaign(listed_only=True)
    station, other = kits.station(campaign), kits.station(campaign)
    listed, plain, off = kits.person("A1"), kits.person("A2"), kits.person("A2")
    lines: tuple[tuple[int, str, dict[str, Any]], ...] = (
        (listed, "A1", {"station_id": other, "amount_fen": 50_000}),
        (plain, "A2", {}),
    )
    for member, place, values in lines:
        home = kits.places[place]
        kits.add(Entitled(campaign_id=campaign, member_id=member, organisation_id=home, **values))
    for place in ("A", "A2"):
        at = station if place == "A" else other
        kits.add(StationUnit(campaign_id=campaign, organisation_id=kits.places[place], station_id=at))
    found = _judge(kits, campaign, listed)
    assert (found.ok, found.station_id, found.amount_fen) == (True, other, 50_000)
    assert _judge(kits, campaign, plain).station_id == other, "the deepest part that a station serves"
    assert _codes(kits, campaign, off) == ["kits.no.not_listed"]
    assert _everybody(kits, campaign) == {listed, plain}
    with kits.database.read(kits.actor) as unit:
        row = unit.session.get_one(Campaign, campaign)
        counted = [(one.organisation_id, one.station_id, one.people) for one in groups(unit, row, TODAY)]
        served = stations_served(unit, campaign)
        d, a, a1 = (kits.places[code] for code in ("D", "A", "A1"))
        assert (station_of((d, a, a1), served), station_of((d,), served)) == (station, None)
    assert sorted(counted) == [(kits.places["A1"], other, 1), (kits.places["A2"], None, 1)]


def test_couriers_are_told_by_their_category_of_the_day(kits: Kits) -> None:
    campaign = kits.campaign(rule=stored(said(["category:courier,food_rider"])))
    courier, unsaid, clerk = (
        kits.person(employment=form)
        for form in (Employment.PLATFORM, Employment.PLATFORM, Employment.REGULAR)
    )
    kits.add(
        MemberCategory(member_id=courier, category_code="food_rider", starts=date(2026, 11, 10), ends=TODAY)
    )
    assert _codes(kits, campaign, courier) == []
    assert _codes(kits, campaign, courier, date(2026, 11, 21)) == ["kits.no.data_missing"]
    assert _codes(kits, campaign, unsaid) == ["kits.no.data_missing"]
    assert _codes(kits, campaign, clerk) == ["kits.no.wrong_category"]
    kits.add(WorkerCategory(code="streamer", name_zh="主播", name_en="streamer", starts=STARTS))
    for code in ("streamer", "truck_driver"):
        kits.add(MemberCategory(member_id=unsaid, category_code=code, starts=STARTS))
    own = kits.campaign(rule=stored(said(["category:streamer"], {"streamer"})))
    assert (_codes(kits, own, unsaid), _codes(kits, own, clerk)) == ([], ["kits.no.wrong_category"])
    with pytest.raises(Refused) as caught:
        said(["category:streamer"])
    assert caught.value.code == "kits.rule_bad"
    (reason,) = _judge(kits, campaign, unsaid).reasons
    assert (
        render(reason.say, "zh")
        == "不符合“职工类别为快递员、网约送餐员之一”（登记的是：streamer、货车司机）。"
    )
    assert _everybody(kits, campaign) == {courier}


def test_a_clerk_judges_people_of_the_own_part_only(kits: Kits) -> None:
    campaign, mine, other = kits.campaign(rule=WOMEN), kits.person("A1"), kits.person("B1")
    clerk = kits.street("A")
    assert _judge(kits, campaign, mine, actor=clerk).ok
    with pytest.raises(Refused) as caught:
        _judge(kits, campaign, other, actor=clerk)
    assert caught.value.code == "members.unknown"
    assert _everybody(kits, campaign, actor=clerk) == {mine}


def test_rules_have_names_and_files(kits: Kits, tmp_path: Path) -> None:
    file = tmp_path / "rule.toml"
    file.write_text(
        '[[require]]\nid = "young"\ntest = { max_age = 35, at = "start" }\n'
        '[[require]]\nid = "since"\ntest = { fact = "joined_on", on_or_before = 2026-10-31 }\n',
        encoding="utf-8",
    )
    rule = said(["women", str(file)])
    assert sentences(rule, "zh") == ("性别为女", "领取当日未满36周岁", "入会日期不晚于2026-10-31")
    campaign = kits.campaign(rule=stored(rule))
    fits = kits.person(born=date(1990, 11, 21), joined_on=date(2026, 10, 31))
    late = kits.person(born=date(1990, 11, 20), joined_on=date(2026, 11, 1))
    assert _codes(kits, campaign, fits) == []
    assert _codes(kits, campaign, late) == ["kits.no.over_age", "kits.no.wrong_date"]


BAD: tuple[tuple[Sequence[str], str, str], ...] = (
    (["men"], "", "kits.rule_unknown"),
    (["category:curier"], "", "kits.rule_bad"),
    (["women", "women"], "", "kits.rule_bad"),
    (["{file}"], "[[require]]\nid = 'x'\ntest = { fact = 'shoe', is = '42' }", "kits.rule_bad"),
    (["{file}"], "[[require]]\nid = 'x'\ntest = { fact = 'joined_on', after = 'soon' }", "kits.rule_bad"),
    (["{file}"], "name = 'x'", "kits.rule_no_require"),
    (["{file}"], "[require", "kits.rule_unreadable"),
    (["nowhere.toml"], "", "kits.rule_unreadable"),
)


@pytest.mark.parametrize(("words", "text", "code"), BAD)
def test_a_bad_rule_is_refused_with_its_faults(
    words: Sequence[str], text: str, code: str, tmp_path: Path
) -> None:
    file = tmp_path / "rule.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        said([word.format(file=file) for word in words])
    assert caught.value.code == code
    problems: Any = [render(problem.say, "zh") for problem in caught.value.problems]
    assert bool(problems) == (code == "kits.rule_bad")
