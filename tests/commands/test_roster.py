"""A clerk's way with a roster on the command line: check, import, undo, duplicates, lists."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Program
from tests.commands.test_json import agrees
from tests.rosters.kinds.desk import number

UNIT = "110112105"
HEAD = ("单位", "姓名", "证件号码", "手机号")


def _file(path: Path, *rows: Sequence[Any]) -> str:
    with path.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows([HEAD, *rows])
    return str(path)


@pytest.fixture
def roster(tmp_path: Path) -> str:
    """Two good rows and a bad one, as a unit sends them: GB18030."""
    return _file(
        tmp_path / "名单.csv",
        ("张家湾镇总工会", "单小明", number(1), "13800000001"),
        ("张家湾镇总工会", "曾小红", number(2), "13800000002"),
        ("张家湾镇总工会", "解小刚", "123", ""),
    )


def test_check_import_show_undo(at: Program, roster: str, tmp_path: Path) -> None:
    checked = at("roster", "check", roster, "--kind", "members", "--annotate", str(tmp_path / "标注.xlsx"))
    report = checked.json
    assert (checked.code, report["rows"], report["good"], report["bad"]) == (0, 3, 2, 1)
    (problem,) = report["problems"]
    assert (problem["row"], problem["column"], problem["cell"]) == (4, "证件号码", "C4")
    assert problem["code"].startswith("kernel.id_") and problem["say"].endswith("。")
    assert report["file"]["encoding"] == "GB18030" and Path(report.pop("annotated")["path"]).exists()
    agrees("roster check", report)

    refused = at("roster", "import", roster, "--kind", "members")
    assert (refused.code, refused.error["code"]) == (1, "rosters.not_clean")
    assert [one["row"] for one in refused.error["problems"]] == [4]
    done = at("roster", "import", roster, "--kind", "members", "--mode", "good").json
    agrees("roster import", done)
    assert done["rows"] == done["added"] + done["changed"] + done["same"] + done["queued"] + done["bad"] == 3
    again = at("roster", "import", roster, "--kind", "members", "--mode", "good").json
    assert (again["batch"], again["same"], again["bad"]) == (None, 2, 1)

    listed = at("roster", "list").json
    agrees("roster list", listed)
    shown = at("roster", "show", done["batch"]).json
    agrees("roster show", shown)
    assert [one["name"] for one in shown["problems"]] == ["解小刚"]
    assert [one["name"] for one in at("member", "search", "shanxiaoming").json["members"]] == ["单小明"]
    undone = at("roster", "undo", done["batch"], "--reason", "发错单位")
    assert undone.json == {"batch": done["batch"], "taken_back": 2, "cases": 0}
    agrees("roster undo", undone.json)
    assert at("member", "search", "单小明").json["members"] == []
    twice = at("roster", "undo", done["batch"], "--reason", "发错单位")
    assert (twice.code, twice.error["code"]) == (1, "rosters.undone_already")
    assert at("roster", "undo", "DR-1999-0001", "--reason", "发错").error["code"] == "rosters.batch_unknown"


def test_who_may_not_import_is_told(at: Program, roster: str) -> None:
    refused = at("roster", "import", roster, "--kind", "members", user="shenji")
    assert (refused.code, refused.error["code"]) == (1, "access.not_permitted")


def test_a_street_imports_for_itself_only(at: Program, roster: str, tmp_path: Path) -> None:
    mine = at("roster", "check", roster, "--kind", "members", user="zhangjiawan").json
    assert mine["good"] == 2
    other = _file(tmp_path / "b.csv", ("永顺镇总工会", "单小明", number(1), ""))
    (problem,) = at("roster", "check", other, "--kind", "members", user="zhangjiawan").json["problems"]
    assert problem["code"] == "rosters.unit_name_unknown"


@pytest.mark.parametrize("name", ["无此文件.csv", "空.csv", "图片.xlsx"])
def test_what_is_no_roster_gets_one_sentence(at: Program, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "空.csv":
        path.touch()
    if name == "图片.xlsx":
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    refused = at("roster", "check", str(path), "--kind", "members")
    assert (refused.code, refused.error["problems"]) == (1, []) and name in refused.error["message"]
    unknown = at("roster", "check", str(path), "--kind", "nobody")
    assert unknown.error["code"] == "rosters.unknown_kind"


def test_duplicates_wait_and_are_decided(at: Program, tmp_path: Path) -> None:
    first = (
        "member",
        "add",
        "单小明",
        "--unit",
        UNIT,
        "--set",
        "birth=1985-05-17",
        "--set",
        "phone=13800000001",
    )
    assert at(*first).code == 0
    path = _file(tmp_path / "a.csv", ("张家湾镇总工会", "单小明", number(1), "13800000001"))
    done = at("roster", "import", path, "--kind", "members").json
    assert (done["queued"], done["added"]) == (1, 0)
    cases = at("roster", "duplicates").json
    agrees("roster duplicates", cases)
    (case,) = cases["cases"]
    assert case["evidence"] == ["姓名和出生日期相同", "姓名和手机号相同"] and case["batch"] == done["batch"]
    assert number(1) not in str(cases)
    decided = at("roster", "decide", str(case["case"]), "same", "--reason", "看过身份证").json
    agrees("roster decide", decided)
    assert decided["member_id"] == case["registered"]["member_id"]
    assert at("roster", "duplicates").json["cases"] == []
    assert at("roster", "import", path, "--kind", "members").json["same"] == 1


def test_columns_are_remembered(at: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"户名,证件号码\n单小明,{number(1)}\n", encoding="utf-8")
    unknown = at("roster", "check", str(path), "--kind", "members", "--org", UNIT)
    assert unknown.error["code"] == "rosters.head_nowhere"
    mapped = at("roster", "map", "--kind", "members", "--org", UNIT, "--map", "户名=name").json
    agrees("roster map", mapped)
    assert at("roster", "check", str(path), "--kind", "members", "--org", UNIT).json["good"] == 1
    assert at("roster", "map", "--kind", "members", "--org", UNIT, "--forget").json == {"mapping": {}}


def test_lists_go_out_and_come_back(at: Program, tmp_path: Path) -> None:
    kinds = at("roster", "kinds").json
    agrees("roster kinds", kinds)
    assert {kind["kind"] for kind in kinds["kinds"]} == {
        *(
            "members",
            "organisations",
            "enrollments",
            "transfers",
            "retirements",
            "payments",
            "handouts",
            "entitled",
        )
    }
    for kind in kinds["kinds"]:
        made = at(
            "roster", "template", "--kind", kind["kind"], "--out", str(tmp_path / f"{kind['kind']}.xlsx")
        )
        assert made.code == 0, made.out
        agrees("roster template", made.json)
    out = str(tmp_path / "out.csv")
    masked = at("roster", "export", "--kind", "members", "--unit", UNIT, "--out", out).json
    agrees("roster export", masked)
    assert masked["rows"] > 10 and "*" in Path(out).read_text(encoding="utf-8-sig")
    clear = ("--reveal", "--purpose", "核对", "--reason", "年度核对")
    assert (
        at("roster", "export", "--kind", "members", "--unit", UNIT, "--out", out, "--force", *clear).code == 0
    )
    again = at("roster", "import", out, "--kind", "members").json
    assert (again["batch"], again["same"], again["bad"]) == (None, again["rows"], 0)


@pytest.mark.parametrize(
    "words",
    [
        ("roster", "export", "--kind", "members"),
        ("roster", "template", "--kind", "members", "--filled"),
        ("quality", "export", "all"),
    ],
)
def test_a_list_takes_no_file_s_place_unasked(at: Program, tmp_path: Path, words: tuple[str, ...]) -> None:
    out = tmp_path / "填好的.xlsx"
    out.write_bytes(b"filled in by hand")
    asked = (*words, "--unit", UNIT, "--out", str(out))
    before = at("audit", "list", "--limit", "1").json["events"][0]["id"]
    refused = at(*asked, "--reveal", "--purpose", "核对", "--reason", "年度核对")
    assert (refused.code, refused.error["code"]) == (1, "commands.file_exists")
    assert str(out) in refused.error["message"] and out.read_bytes() == b"filled in by hand"
    assert at("audit", "list", "--limit", "1").json["events"][0]["id"] == before
    assert at(*asked, "--force").code == 0 and out.read_bytes()[:2] == b"PK"
    folder = tmp_path / "folder.xlsx"
    folder.mkdir()
    assert at(*words, "--unit", UNIT, "--out", str(folder)).error["code"] == "kernel.file_is_folder"
