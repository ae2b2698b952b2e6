"""``benefits org`` from end to end on the sample district, on both engines."""

from typing import Any

import pytest

from tests.commands.conftest import Program
from tests.commands.test_json import agrees

TOWN = "张家湾镇总工会"


@pytest.fixture
def does(at: Program) -> Any:
    """Run ``org …``; it succeeds, and its keys are those that the guide promises."""

    def run(verb: str, *words: str, **more: Any) -> Any:
        ran = at("org", verb, *words, **more)
        assert ran.code == 0, ran.out + ran.err
        agrees(f"org {verb}", ran.json)
        return ran.json

    return run


def _told(program: Program, url: str, *words: str, lang: str = "zh") -> str:
    return program("org", *words, "--database", url, "--user", "admin", "--lang", lang).out


def _found(at: Program, text: str, *words: str) -> list[str]:
    return [row["code"] for row in at("org", "search", text, *words).json["organisations"]]


def test_a_unit_from_founding_to_closing(does: Any, at: Program) -> None:
    made = ("N1", "--name", "长乐商贸有限公司", "--level", "grassroots", "--parent", TOWN)
    does("add", *made, "--founded", "2020-01-01", "--industry", "6", "--unit-type", "170")
    assert _found(at, "zhangyue") == _found(at, "clsm", "--org", TOWN) == ["N1"]
    edited = does("edit", "N1", "--staff", "40", "--address", "新华大街1号", "--risk-class", "high")
    assert (edited["version"], edited["fields"]) == (2, ["address", "risk_class", "staff"])
    stale = at("org", "edit", "N1", "--staff", "50", "--version", "1")
    assert stale.code == 1 and stale.error["code"] == "organisations.stale"
    assert "50" in stale.error["problems"][0]["message"] and "40" in stale.error["problems"][0]["message"]
    does("edit", "N1", "--address", "")
    does("rename", "N1", "--name", "重庆路商贸有限公司", "--on", "2024-05-01")
    does("move", "N1", "--parent", "漷县镇总工会", "--on", "2025-01-01")
    page = does("show", "N1")["organisation"]
    assert [row["name"] for row in page["names"]] == ["长乐商贸有限公司", "重庆路商贸有限公司"]
    assert [row["parent"] for row in page["positions"]] == [TOWN, "漷县镇总工会"]
    assert (page["staff"], page["address"], page["industry"], page["risk_class"]) == (40, None, "06", "high")
    for day, name in (("2024-04-30", "长乐商贸有限公司"), ("2024-05-01", "重庆路商贸有限公司")):
        tree = does("tree", TOWN, "--on", day)["organisations"]
        assert {"depth": 1, "code": "N1", "name": name} in tree
    assert "N1" not in {row["code"] for row in does("tree", TOWN, "--on", "2025-01-01")["organisations"]}
    assert "N1" not in {row["code"] for row in does("tree", "--depth", "1")["organisations"]}
    does("close", "N1", "--on", "2026-11-21", "--successor", TOWN)
    assert at("org", "close", "N1").error["code"] == "organisations.is_closed"
    does("reopen", "N1")
    assert at("verify").json["ok"] is True


def test_what_is_left_is_named(at: Program) -> None:
    """A town is not closed over its units, nor a unit over its people."""
    town = at("org", "close", TOWN)
    assert town.code == 1 and town.error["code"] == "organisations.close_blocked"
    assert "organisations.left_units" in {problem["code"] for problem in town.error["problems"]}
    unit = at("org", "search", "禾岸服装").json["organisations"][0]["code"]
    full = at("org", "close", unit).error
    assert [problem["code"] for problem in full["problems"]] == ["members.left_at_unit"]
    assert "还有57名会员" in full["problems"][0]["message"]


def test_an_unknown_unit_names_what_is_near(at: Program) -> None:
    for text in ("张家湾镇", "张家湾镇工会", "张家湾镇工会委员会"):
        refused = at("org", "show", text).error
        assert refused["code"] == "organisations.unknown"
        assert TOWN in refused["problems"][0]["message"]
    assert at("org", "show", "没有这家工会").error["problems"] == []


def test_clerks_come_and_go(does: Any, at: Program) -> None:
    assert at("user", "add", "wang", "--role", "clerk", "--org", TOWN).code == 0
    named = ("--name", "王敏", "--phone", "13800138000", "--login", "wang", "--since", "2020-01-01")
    first = does("appoint", TOWN, *named)["id"]
    change = ("--to", "李娜", "--phone", "010-69521234", "--document", "通工变〔2026〕7号")
    done = does("hand-over", TOWN, *change, "--on", "2026-11-01")
    assert (done["old"], done["login"], done["deactivated"]) == ("王敏", "wang", True)
    assert at("org", "list", user="wang").error["code"] == "access.user_inactive"
    rows = does("clerks", TOWN)["clerks"]
    assert [(row["id"], row["ends"]) for row in rows] == [(done["id"], None), (first, "2026-10-31")]
    assert rows[1]["phone"] == "138****8000"
    assert [row["name"] for row in does("clerks", TOWN, "--now")["clerks"]] == ["李娜"]
    assert does("reveal", str(first), "--reason", "核对变更表")["value"] == "13800138000"
    assert does("dismiss", str(done["id"]))["on"] == "2026-11-22"
    assert does("show", TOWN)["clerks"] == []


def test_a_town_s_clerk_keeps_to_the_town(at: Program) -> None:
    for words, code in (
        (("rename", "通州区总工会", "--name", "新名"), "organisations.unknown"),
        (("rename", TOWN, "--name", "新名"), "organisations.own_top"),
        (("close", "漷县镇总工会"), "organisations.unknown"),
        (("appoint", TOWN, "--name", "王敏"), "access.clerk_own_top"),
    ):
        ran = at("org", *words, user="zhangjiawan")
        assert (ran.code, ran.error["code"]) == (1, code), words
    towns = at("org", "search", "总工会", user="zhangjiawan").json["organisations"]
    assert [row["name"] for row in towns] == [TOWN]


def test_words_for_people(at: Program, district_url: str, program: Program) -> None:
    at("org", "rename", TOWN, "--name", "张家湾新城总工会", "--on", "2026-01-01")
    at("org", "appoint", TOWN.replace("镇", "新城"), "--name", "王敏")
    page = _told(program, district_url, "show", "张家湾新城总工会")
    assert page.splitlines()[0].startswith("张家湾新城总工会 (")
    assert TOWN in page and "现任经办人：王敏" in page and "2025-12-31" in page
    english = _told(program, district_url, "show", "张家湾新城总工会", lang="en")
    assert "clerks now: 王敏" in english
    assert "张家湾新城总工会" in _told(program, district_url, "search", TOWN)
    assert _told(program, district_url, "search", "没有这家").strip() == "（没有）"


def test_wrong_usage_is_told(at: Program) -> None:
    for words in (("edit", TOWN), ("rename", TOWN), ("tree", "--on", "2026-13-01"), ("dismiss", "x")):
        assert at("org", *words).code == 2, words
    wrong = at("org", "edit", TOWN, "--industry", "99", "--staff", "many", "--uscc", "1").error
    assert wrong["code"] == "organisations.invalid" and len(wrong["problems"]) == 3
