"""Commands on people: what they do, print and refuse; their JSON is what the guide promises."""

import json
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.access.queries import INSTALLER
from benefits.database import open_database
from benefits.members.models import Member, Status
from tests.commands.conftest import Program
from tests.commands.test_json import agrees

WOMAN = "110112197001050025"
TOWN = "张家湾镇总工会"


@pytest.fixture
def people(district_url: str) -> list[str]:
    """Ten people in post, by their numbers."""
    database = open_database(district_url)
    with database.read(INSTALLER) as unit:
        found = unit.exec(
            select(Member.id)
            .where(col(Member.status) == Status.IN_POST, col(Member.organisation_id).is_not(None))
            .order_by(col(Member.id))
            .limit(10)
        ).all()
    database.close()
    return [str(person) for person in found]


def _does(at: Program, command: str, *words: str, code: int = 0) -> dict[str, Any]:
    ran = at(*command.split(), *words)
    assert ran.code == code, ran.out
    data: dict[str, Any] = ran.json
    told = {key: value for key, value in data.items() if key != "warnings"}
    agrees(command, told)
    return data


def test_a_life_in_commands(at: Program) -> None:
    """From the first entry to the end, each step printing what the guide promises."""
    given = (
        "--set",
        f"id_number={WOMAN}",
        "--set",
        "retirement_category=F55",
        "--set",
        "joined_on=2020-01-01",
    )
    made = _does(at, "member add", "王敏", "--org", TOWN, *given)
    person = str(made["member_id"])
    assert _does(at, "member edit", person, "--set", "phone=13800138000")["version"] == 2
    assert "warnings" not in _does(at, "member card", person, "9999001234567890")
    bank = _does(at, "member identifier", person, "4111111111111112", "--kind", "bank_card")
    assert [one["code"] for one in bank["warnings"]] == ["members.luhn"]
    _does(at, "member identifier", person, "--kind", "bank_card", "--end")
    _does(at, "member category", person, "快递员", "--on", "2022-01-01")
    _does(at, "member category", person, "courier", "--end")
    kin = _does(at, "member kin", person, "--name", "李强", "--relation", "spouse", "--percent", "50")[
        "kin_id"
    ]
    _does(at, "member kin", person, "--end", str(kin))
    _does(at, "member consent", person, "health")
    _does(at, "member consent", person, "health", "--withdraw")
    _does(at, "member retain", person, "--until", "2056-12-31")
    late = ("--month", "2027-06", "--agreement", "2025-01-01")
    _does(at, "member plan-retirement", person, *late, "--confirmed")
    _does(at, "member plan-retirement", person, "--cancel")
    _does(at, "member retire", person, "--on", "2026-03-01")
    _does(at, "member leave", person)
    _does(at, "member rejoin", person, "--to", TOWN)
    _does(at, "member decease", person)
    entries = _does(at, "member timeline", person)["entries"]
    assert {"membership", "status", "identifier", "category", "kin", "consent"} <= {
        one["kind"] for one in entries
    }
    shown = at("member", "show", person)
    assert WOMAN not in shown.out and "9999001234567890" not in shown.out
    assert shown.json["member"]["status"] == "deceased"
    assert at("verify").json["ok"] is True


def test_many_are_moved_and_the_rest_are_named(at: Program, people: list[str]) -> None:
    gone = people[3]
    assert at("member", "leave", gone).code == 0
    moved = _does(at, "member transfer", *people[:4], "--to", "通州区总工会", code=1)
    assert moved["moved"] == [int(person) for person in people[:3]]
    assert [(one["row"], one["code"]) for one in moved["left_out"]] == [(4, "members.no_membership")]
    assert moved["asked"] == len(moved["moved"]) + len(moved["left_out"])


def test_a_stale_form_shows_both_values(at: Program, people: list[str]) -> None:
    person = people[0]
    seen = str(at("member", "show", person).json["member"]["version"])
    assert at("member", "edit", person, "--set", "phone=13800138000", "--version", seen).code == 0
    stale = at("member", "edit", person, "--set", "phone=13900139000", "--version", seen)
    assert (stale.code, stale.error["code"]) == (1, "members.stale")
    assert "139****9000" in stale.out and "138****8000" in stale.out
    assert [one["field"] for one in stale.error["problems"]] == ["phone"]
    wrong = at("member", "edit", person, "--set", "no_such=1", "--set", "risk_class=x")
    assert {one["field"] for one in wrong.error["problems"]} == {"no_such", "risk_class"}


def test_a_page_in_words_says_its_version(program: Program, sqlite_district: str) -> None:
    where = ("1", "--database", sqlite_district, "--user", "admin")
    assert "--version 1，" in program("member", "show", *where).out
    assert program("member", "edit", *where, "--set", "phone=13800138000", "--version", "1").code == 0
    assert "--version 2，" in program("member", "show", *where).out


def test_two_records_become_one(at: Program, people: list[str]) -> None:
    twin = _does(at, "member add", "王敏", "--org", TOWN)["member_id"]
    again = _does(at, "member add", "王敏", "--org", TOWN, "--set", f"id_number={WOMAN}")["member_id"]
    told = _does(at, "member merge", str(twin), str(again), "--reason", "同一人，重复登记")
    assert "id_number" in told["filled"] and told["other_id"] == again
    gone = at("member", "show", str(again))
    assert (gone.code, gone.error["code"]) == (1, "members.merged")
    assert str(twin) in gone.error["message"]
    assert at("member", "show", WOMAN).json["member"]["id"] == twin
    blocked = at("member", "merge", people[0], people[1], "--reason", "同一人")
    assert blocked.error["code"] == "members.merge_blocked" and blocked.error["problems"]


def test_reasons_are_words_and_numbers_are_masked(
    district_url: str, program: Program, people: list[str]
) -> None:
    where = ("--database", district_url, "--user", "admin", "--as-of", "2026-11-22")
    assert program("member", "leave", people[0], *where).code == 0
    page = program("member", "show", people[0], *where)
    assert "离职" in page.out and "resigned" not in page.out
    english = program("member", "show", people[0], *where, "--lang", "en")
    assert "resigned" in english.out
    set_card = program("member", "card", people[1], "9999001234567891", *where)
    assert "京卡卡号" in set_card.out


def test_a_second_membership_and_the_code_table(at: Program) -> None:
    assert len(_does(at, "member categories")["categories"]) == 10
    new = ("--zh", "即时配送员", "--en", "instant courier", "--from", "2026-01-01", "--group", "new_2026")
    _does(at, "member define-category", "rider_2026", *new)
    assert len(_does(at, "member categories")["categories"]) == 11
    assert at("member", "define-category", "rider_2027", *new, user="qu").error["code"] == (
        "access.not_permitted"
    )
    none = at("member", "end-second", "1", "--org", TOWN)
    assert none.error["code"] == "members.no_second"


def test_a_reveal_of_every_number(at: Program, people: list[str]) -> None:
    person = people[0]
    at("member", "identifier", person, "A-0017", "--kind", "staff_number")
    asked = ("--reason", "核对名册")
    assert at("member", "reveal", person, "--field", "staff_number", *asked).json["value"] == "A-0017"
    kin = ("--name", "李强", "--phone", "13800138000")
    made = at("member", "kin", person, *kin).json["kin_id"]
    shown = at("member", "reveal", person, "--kin", str(made), "--field", "phone", *asked)
    assert shown.json["value"] == "13800138000"
    assert at("member", "reveal", person, "--kin", str(made), "--field", "bank_card", *asked).code == 2
    trail = json.dumps(at("audit", "list", "--limit", "9").json)
    assert "13800138000" not in trail and "A-0017" not in trail


@pytest.mark.parametrize(
    "words",
    [
        ("card", "1"),
        ("card", "1", "9999", "--end"),
        ("kin", "1"),
        ("kin", "1", "--name", "李强", "--end", "1"),
        ("plan-retirement", "1"),
        ("plan-retirement", "1", "--month", "2027-13"),
        ("plan-retirement", "1", "--month", "2027-06", "--cancel"),
        ("consent", "1", "everything"),
        ("edit", "1", "--set", "phone"),
        ("transfer", "1", "--to", TOWN, "--on", "2026-02-30"),
    ],
)
def test_a_wrong_command_line_is_told(sqlite_district: str, program: Program, words: tuple[str, ...]) -> None:
    ran = program("member", *words, "--database", sqlite_district, "--user", "admin", "--json")
    assert ran.code == 2 and ran.error["message"]


def test_a_past_business_day(at: Program, people: list[str]) -> None:
    """What is done without a day is done on the business day."""
    done = at("member", "decease", people[0], day="2026-11-20")
    assert done.json["on"] == "2026-11-20"
    late = at("member", "leave", people[1], "--on", "2026-11-22", day="2026-11-20")
    assert late.error["code"] == "members.not_yet"


def test_a_field_that_is_not_known_is_named_without_its_value(at: Program, people: list[str]) -> None:
    for verb in (("edit", people[0]), ("add", "王敏", "--org", TOWN)):
        ran = at("member", *verb, "--set", f"id={WOMAN}")
        assert ran.code == 1 and WOMAN not in ran.out
        (problem,) = ran.json["error"]["problems"]
        assert problem["code"] == "members.field_unknown" and "id_number" in problem["message"]


def test_an_edit_of_nothing_is_refused(at: Program, people: list[str]) -> None:
    ran = at("member", "edit", people[0])
    assert ran.code == 2 and "--help" in ran.out
