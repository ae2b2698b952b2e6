"""``benefits kit package`` from end to end: a home on each engine, and stations on their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Program, Ran
from tests.commands.test_json import agrees

TOWN, OWNER = "张家湾镇总工会", "通州区总工会"
DAYS = ("--from", "2026-11-01", "--to", "2026-11-30")
CAMPAIGN = "HD-2026-0001"


@pytest.fixture
def does(at: Program) -> Callable[..., Any]:
    """Run ``kit …`` at home; it succeeds."""

    def run(command: str, *words: str) -> Any:
        ran = at("kit", *command.split(), *words)
        assert ran.code == 0, ran.out + ran.err
        if command.startswith("package"):
            agrees(f"kit {command}", ran.json)
        return ran.json

    return run


@pytest.fixture
def fair(does: Callable[..., Any]) -> str:
    """An open campaign with two stations, 30 oil pots at each."""
    does("item add", "控油壶", "--code", "YH", "--measure", "个", "--org", OWNER)
    does("campaign add", "健康小三件", "--org", OWNER, *DAYS, "--units", TOWN, "--item", "YH:1", "--public")
    does("station add", CAMPAIGN, "一号点", "二号点", "--org", OWNER)
    for number, lot in (("1", "甲"), ("2", "乙")):
        does("stock receive", f"{CAMPAIGN}/{number}", "YH", "30", "--lot", lot, "--cost", "10")
    does("campaign open", CAMPAIGN)
    return CAMPAIGN


def _away(
    program: Program, does: Callable[..., Any], file: Path, station: str
) -> tuple[Any, Callable[..., Ran]]:
    """A package made, and opened on another computer; how to run ``kit …`` there."""
    made = does("package make", f"{CAMPAIGN}/{station}", "--out", str(file), "--login", "zhan")
    target = file.with_suffix(".sqlite")
    opened = program(
        *("kit", "package", "open", str(file), "--code", made["code"], "--to", str(target), "--json"),
        *("--as-of", "2026-11-22"),
    )
    assert opened.code == 0, opened.out
    agrees("kit package open", opened.json)
    assert (opened.json["people"], opened.json["pieces"]) == (made["people"], 30)
    where = ("--database", str(target), "--user", "zhan", "--as-of", "2026-11-22", "--json")
    return made, lambda *words: program(*words, *where)


def test_two_stations_without_the_network(
    program: Program, at: Program, does: Callable[..., Any], fair: str, tmp_path: Path
) -> None:
    people = [
        str(row["id"]) for row in at("member", "search", "--org", TOWN, "--limit", "6", "").json["members"]
    ]
    first, one = _away(program, does, tmp_path / "一号点.kit", "1")
    second, two = _away(program, does, tmp_path / "二号点.kit", "2")
    assert first["people"] == second["people"] > 6
    frozen = at("kit", "handout", "give", people[0], "--campaign", fair, "--station", "1")
    assert frozen.code == 1 and frozen.error["code"] == "kits.frozen"
    give = ("kit", "handout", "give")
    for run, station, who in ((one, "1", people[:3]), (two, "2", people[2:5])):
        for person in who:
            ran = run(*give, person, "--campaign", fair, "--station", station)
            assert ran.code == 0, ran.out
        again = run(*give, who[0], "--campaign", fair, "--station", station)
        assert again.error["code"] == "kits.handed_out"
        assert run("verify").json["ok"] is True, run("verify").out
    assert one("kit", "handout", "tally", "YH", "4", "--campaign", fair, "--station", "1").code == 0
    assert one("kit", "stock", "damage", f"{fair}/1", "YH", "2", "--reason", "摔碎").code == 0
    refused = one("kit", "stock", "receive", f"{fair}/1", "YH", "5", "--lot", "丙", "--cost", "1")
    assert refused.error["code"] == "kits.package_only_home"
    backs = []
    for run, name in ((one, "回1"), (two, "回2")):
        packed = run("kit", "package", "pack", "--out", str(tmp_path / f"{name}.kit"))
        assert packed.code == 0, packed.out
        agrees("kit package pack", packed.json)
        backs.append(packed.json)
    assert [(row["handouts"], row["tallied"], row["written_off"]) for row in backs] == [(3, 4, 2), (3, 0, 0)]
    came = [does("package back", row["file"]) for row in (*reversed(backs), backs[0], backs[1])]
    assert [(row["new"], row["known"], row["again"]) for row in came] == [
        *((3, 0, False), (3, 0, False)),
        *((0, 3, True), (0, 3, True)),
    ]
    assert [row["conflicts"] for row in came] == [0, 1, 1, 1]
    _settled(does, at, people[2])


def _settled(does: Callable[..., Any], at: Program, person: str) -> None:
    """What two stations gave to one person is listed and settled, and the books agree."""
    (conflict,) = does("package conflicts", CAMPAIGN)["conflicts"]
    assert (conflict["kind"], conflict["member_id"]) == ("twice", int(person))
    assert {conflict["station"], conflict["first_station"]} == {"一号点", "二号点"}
    does("package settle", str(conflict["handout_id"]), "--reason", "已说明，不再追回")
    assert at("kit", "package", "conflicts", CAMPAIGN).json == {"conflicts": []}
    assert len(does("package conflicts", CAMPAIGN, "--all")["conflicts"]) == 1
    rows = does("package list")["packages"]
    assert [(row["state"], row["handouts"]) for row in rows] == [("back", 3), ("back", 3)]
    stock = {row["station"]: row["on_hand"] for row in does("stock show", f"{CAMPAIGN}/1")["stock"]}
    assert stock == {"一号点": 30 - 3 - 4 - 2}
    assert does("handout list", "--campaign", CAMPAIGN, "--state", "twice")["handouts"]
    assert at("verify").json["ok"] is True and at("audit", "verify").json["ok"] is True


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_a_package_that_is_lost(
    program: Program, at: Program, does: Callable[..., Any], fair: str, tmp_path: Path
) -> None:
    made, away = _away(program, does, tmp_path / "一号点.kit", "1")
    assert does("package lost", made["number"].lower(), "--reason", "电脑丢失") == {"number": made["number"]}
    assert does("package list", "--campaign", fair)["packages"][0]["state"] == "lost"
    again = at("kit", "package", "lost", made["number"], "--reason", "电脑丢失")
    assert again.error["code"] == "kits.package_not_out"
    assert at("kit", "package", "lost", "LX-1", "--reason", "?").error["code"] == "kits.package_unknown"
    home = at("kit", "package", "pack", "--out", str(tmp_path / "x.kit"))
    assert home.error["code"] == "kits.package_not_here"
    code = program("kit", "package", "open", str(tmp_path / "一号点.kit"), "--json")
    assert (code.code, code.error["code"]) == (2, "commands.usage.missing")
    assert away("kit", "package", "pack", "--out", str(tmp_path / "回.kit")).json["handouts"] == 0
    assert does("package back", str(tmp_path / "回.kit"))["new"] == 0


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_words_say_what_to_do_next(
    program: Program, district_url: str, does: Callable[..., Any], fair: str, tmp_path: Path
) -> None:
    where = ("--database", district_url, "--user", "admin", "--as-of", "2026-11-22")
    file = tmp_path / "一号点.kit"
    told = program("kit", "package", "make", f"{fair}/1", "--out", str(file), *where).out
    code = told.partition("开包口令：")[2][:14]
    assert "只显示这一次" in told
    opened = program("kit", "package", "open", str(file), "--code", code, "--lang", "en").out
    assert f"--database {file.with_suffix('.sqlite')}" in opened
    for verb in ("list", "conflicts"):
        assert program("kit", "package", verb, *where).code == 0
