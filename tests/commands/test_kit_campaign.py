"""``benefits kit campaign``, ``station``, ``list`` and ``allocation`` from end to end on the sample
district, on both engines."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Program
from tests.commands.test_json import agrees

TOWN, OTHER = "张家湾镇总工会", "漷县镇总工会"
DAYS = ("--from", "2026-11-01", "--to", "2026-11-30")
CAMPAIGN = "HD-2026-0001"


@pytest.fixture
def does(at: Program) -> Any:
    """Run ``kit …``; it succeeds, and its keys are those that the guide promises."""

    def run(command: str, *words: str) -> Any:
        ran = at("kit", *command.split(), *words)
        assert ran.code == 0, ran.out + ran.err
        agrees(f"kit {command}", ran.json)
        return ran.json

    return run


@pytest.fixture
def fair(does: Any, at: Program) -> str:
    """A campaign of the district that gives oil pots, with a store that has 2,000."""
    for words in (
        ("item", "add", "控油壶", "--code", "YH", "--measure", "个", "--org", "通州区总工会"),
        ("store", "add", "区工会仓库", "--org", "通州区总工会"),
        ("stock", "receive", "区工会仓库", "YH", "2000", "--lot", "2026-1", "--cost", "10"),
    ):
        ran = at("kit", *words)
        assert ran.code == 0, ran.out + ran.err
    made = ("健康小三件", "--org", "通州区总工会", *DAYS, "--rule", "members-in-post", "--item", "YH:1:2000")
    assert does("campaign add", *made, "--budget", "25000")["number"] == CAMPAIGN
    return CAMPAIGN


def test_a_campaign_from_draft_to_closed(does: Any, at: Program, fair: str) -> None:
    assert does("campaign show", fair)["rule"] == ["在职状态为在职"]
    stations = does("station add", fair, "一号点", "二号点", "--hours", "9:00–17:00")["stations"]
    assert [one["number"] for one in stations] == [1, 2]
    does("station units", f"{fair}/1", TOWN)
    does("station units", f"{fair}/二号点", OTHER)
    taken = at("kit", "station", "units", f"{fair}/2", TOWN)
    assert taken.error["code"] == "kits.unit_served"
    assert does("station edit", f"{fair}/1", "--keeper", "李娜")["version"] == 2
    does("campaign open", fair)
    found = does("allocation propose", fair)
    assert sum(one["quantity"] for one in found["stations"]) == 2000
    assert found["people"] == sum(one["people"] for one in (*found["stations"], *found["unserved"]))
    first = found["stations"][0]["quantity"]
    assert does("allocation adjust", fair, "1", "YH", str(first + 1))["before"] == first
    above = at("kit", "allocation", "approve", fair)
    assert [one["code"] for one in above.error["problems"]] == ["kits.above.planned"]
    does("allocation adjust", fair, "1", "YH", str(first))
    does("allocation approve", fair)
    sent = does("allocation ship", fair, "--from", "区工会仓库", "--carrier", "货车")
    assert (sent["pieces"], len(sent["transfers"])) == (2000, 2)
    assert does("allocation show", fair)["allocation"] == "approved"
    balance = does("campaign balance", fair)
    assert (balance["difference"], balance["items"][0]["on_road"]) == (0, 2000)
    blocked = at("kit", "campaign", "close", fair)
    assert (blocked.code, blocked.error["code"]) == (1, "kits.cannot_close")
    assert [one["code"] for one in blocked.error["problems"]] == ["kits.close.transfer"] * 2
    for one in sent["transfers"]:
        assert at("kit", "transfer", "cancel", one["transfer"], "--reason", "改期").code == 0
    does("station close", f"{fair}/2")
    assert [one["state"] for one in does("station list", fair)["stations"]] == ["open", "closed"]
    assert does("campaign close", fair)["state"] == "closed"
    assert does("campaign list")["campaigns"][0]["number"] == fair
    assert at("verify").json["ok"] is True


def test_edit_units_items_and_cancel(does: Any, at: Program, fair: str) -> None:
    found = does("campaign edit", fair, "--rule", "women", "--rule", "category:courier", "--public")
    assert found["fields"] == ["public", "rule"]
    stale = at("kit", "campaign", "edit", fair, "--name", "新名", "--version", "1")
    assert stale.error["code"] == "kits.stale"
    does("campaign units", fair, TOWN, OTHER)
    does("campaign items", fair, "YH:2:100")
    shown = does("campaign show", fair)
    assert shown["rule"] == ["性别为女", "职工类别为快递员之一"]
    assert ({one["name"] for one in shown["units"]}, shown["items"][0]["per_person"]) == ({TOWN, OTHER}, 2)
    does("campaign units", fair, "--all")
    for words, code in (
        (("units", fair), 2),
        (("units", fair, TOWN, "--all"), 2),
        (("items", fair, "YH:x"), 2),
        (("items", fair, "没有"), 1),
        (("edit", fair), 2),
        (("edit", fair, "--budget", "很多"), 2),
        (("cancel", fair, "--reason", " "), 1),
        (("show", "没有这个活动"), 1),
    ):
        assert at("kit", "campaign", *words).code == code, words
    assert does("campaign cancel", fair, "--reason", "暴雨")["state"] == "cancelled"


def test_a_list_of_people(does: Any, at: Program, fair: str) -> None:
    people = [str(row["id"]) for row in at("member", "search", "王").json["members"][:3]]
    does("station add", fair, "一号点")
    more = ("--amount", "500", "--site", "家中", "--station", "1", "--source", "春节走访")
    assert does("list add", fair, *people, *more)["added"] == 3
    assert does("list add", fair, people[0], *more[2:])["changed"] == 1
    shown = does("list show", fair, "--limit", "2")
    assert (shown["count"], len(shown["people"])) == (3, 2)
    assert does("list remove", fair, people[0])["removed"] == 1
    assert at("kit", "list", "remove", fair, people[0]).error["code"] == "kits.not_listed"
    assert at("kit", "list", "add", fair, "x").code == 2


def test_three_hundred_stations_out_of_a_file(does: Any, at: Program, fair: str, tmp_path: Path) -> None:
    def file(*rows: tuple[str, ...]) -> str:
        path = tmp_path / "发放点.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([("序号", "发放点名称", "承办单位", "开放时间", "对应单位"), *rows])
        return str(path)

    rows = [(str(n), f"{n}号点", TOWN, "9:00–17:00", "") for n in range(1, 300)]
    last = ("300", "三百号点", OTHER, "", f"{TOWN}、{OTHER}")
    assert does("station add", fair, "--file", file(*rows, last))["added"] == 300
    found = does("station list", fair)["stations"]
    assert (found[-1]["units"], found[0]["host"]) == ([TOWN, OTHER], TOWN) or len(found[-1]["units"]) == 2
    wrong = at(
        "kit", "station", "add", fair, "--file", file(("x", "甲", "", "", ""), ("", "", "没有", "", ""))
    )
    assert [one["row"] for one in wrong.error["problems"]] == [2, 3]
    nothing = tmp_path / "空.csv"
    nothing.write_text("姓名,电话\n王敏,1\n", encoding="utf-8")
    headless = at("kit", "station", "add", fair, "--file", str(nothing))
    assert headless.error["code"] == "kits.stations_head"
    assert at("kit", "station", "add", fair).code == 2


def test_tables_fit_and_speak_both_languages(
    at: Program, does: Any, fair: str, program: Program, district_url: str
) -> None:
    does("station add", fair, "一号点")
    does("allocation propose", fair, "--by", "equal")
    where = ("--database", district_url, "--user", "admin", "--as-of", "2026-11-22")
    for words in (
        ("campaign", "list"),
        ("campaign", "show", fair),
        ("campaign", "balance", fair),
        ("station", "list", fair),
        ("list", "show", fair),
        ("allocation", "show", fair),
    ):
        for lang, name in (("zh", "健康小三件"), ("en", "健康小三件")):
            ran = program("kit", *words, *where, "--lang", lang)
            assert ran.code == 0 and ran.out
            assert name in ran.out or "station" in words
