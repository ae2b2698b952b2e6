"""``benefits quality`` on the sample district."""

from pathlib import Path

import openpyxl

from tests.commands.conftest import Program

TOWN = "张家湾镇总工会"


def test_the_board_adds_up_and_its_people_are_listed(at: Program) -> None:
    units = at("quality", "board").json["units"]
    top = units[0]
    assert set(top) == {"code", "name", "level", "depth", "people", "faulty", "faults"}
    streets = [unit for unit in units if unit["level"] == "subdistrict"]
    assert top["people"] == sum(unit["people"] for unit in streets) > 4000
    missing = top["faults"]["phone_missing"]
    assert missing["count"] == sum(unit["faults"]["phone_missing"]["count"] for unit in streets)
    assert missing["percent"] == round(100 * missing["count"] / top["people"], 2)
    found = at("quality", "people", "phone_missing", "--limit", "5000").json["people"]
    assert len(found) == missing["count"] and all(not row["phone"] for row in found)
    assert {row["faults"][0] for row in found} == {"phone_missing"}


def test_a_clerk_sees_the_own_town(at: Program) -> None:
    units = at("quality", "board", user="zhangjiawan").json["units"]
    assert units[0]["name"] == TOWN and len(units) < 40
    assert at("quality", "board", "--unit", "梨园镇总工会", user="zhangjiawan").code == 1
    mine = at("quality", "people", "all", "--limit", "5000", user="zhangjiawan").json["people"]
    assert len(mine) == units[0]["faulty"]
    (street,) = at("quality", "board", "--unit", TOWN, "--level", "subdistrict").json["units"]
    assert street["faulty"] == len(mine)


def test_words_for_people(sqlite_district: str, program: Program) -> None:
    where = ("--database", sqlite_district, "--user", "admin")
    out = program("quality", "board", "--unit", TOWN, *where).out
    assert "%" in out
    (line,) = (line for line in out.splitlines() if line.startswith("110112105 "))
    assert TOWN in line and "缺手机号 17、缺京卡卡号 4" in line
    said = program("quality", "people", "second_membership", *where).out
    assert "重复入会" in said and "********" in said
    assert program("quality", "people", "nothing", *where).code == 1


def test_the_list_for_a_unit_can_be_imported(at: Program, tmp_path: Path) -> None:
    out = tmp_path / "list.xlsx"
    made = at("quality", "export", "all", "--unit", TOWN, "--out", str(out)).json
    assert set(made) == {"file", "rows", "revealed", "keep_until", "sha256"}
    assert (made["revealed"], made["keep_until"]) == (False, "2026-12-22")
    faulty = at("quality", "board", "--unit", TOWN).json["units"][0]["faulty"]
    read = at("roster", "check", str(out), "--kind", "members").json
    assert (made["rows"], read["rows"], read["bad"], read["added"]) == (faulty, faulty, 0, 0)


def test_full_numbers_need_a_reason_and_leave_a_trace(at: Program, tmp_path: Path) -> None:
    words = (
        "quality",
        "export",
        "phone_missing",
        "--unit",
        TOWN,
        "--out",
        str(tmp_path / "a.xlsx"),
        "--reveal",
    )
    assert at(*words).code == 2 and at(*words, "--purpose", "补正").code == 2
    assert not (tmp_path / "a.xlsx").exists()
    given = (*words, "--purpose", "补正手机号", "--reason", "单位无法按姓名区分")
    assert at(*given, user="shenji").code == 1  # an auditor looks at records, not at numbers
    made = at(*given).json
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    numbers = [sheet.cell(row, 5).value for row in range(2, made["rows"] + 2)]
    assert made["revealed"] and all(number and "*" not in number for number in numbers)
    sheet.cell(2, 8).value = "14000099999"
    sheet.parent.save(tmp_path / "b.xlsx")
    read = at("roster", "check", str(tmp_path / "b.xlsx"), "--kind", "members").json
    assert (read["changed"], read["queued"], read["bad"]) == (1, 0, 0)
    event = at("audit", "list", "--limit", "1").json["events"][0]
    assert event["action"] == "rosters.export_revealed" and "单位无法按姓名区分" in str(event)
