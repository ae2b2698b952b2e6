"""``benefits kit handout`` from the look at a person to the signature, on both engines."""

from typing import Any

import pytest

from tests.commands.conftest import Program
from tests.commands.test_json import agrees

DAYS = ("--from", "2026-11-01", "--to", "2026-11-30")
CAMPAIGN = ("--campaign", "HD-2026-0001")
STATION = ("--station", "社区服务站")


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
def counter(does: Any, at: Program) -> list[dict[str, Any]]:
    """A station with ten oil pots and thirty leaflets; who is found there."""
    district = ("--org", "通州区总工会")
    does("item add", "控油壶", "--code", "YH", *district)
    does("item add", "宣传折页", "--code", "ZY", "--kind", "material", *district)
    does("campaign add", "健康进社区", *district, *DAYS, "--item", "YH", "--item", "ZY")
    does("station add", "HD-2026-0001", "社区服务站", "--org", "张家湾镇总工会")
    does("campaign open", "HD-2026-0001")
    for item, count in (("YH", "10"), ("ZY", "30")):
        does("stock receive", "HD-2026-0001/1", item, count, "--cost", "12.50")
    found: list[dict[str, Any]] = does("handout look", "王", *CAMPAIGN)["people"]
    return [row for row in found if row["ok"]]


def test_from_the_look_to_the_signature(does: Any, at: Program, counter: list[dict[str, Any]]) -> None:
    person = counter[0]
    assert [one["item"] for one in person["due"]] == ["控油壶"]
    member = str(person["member_id"])
    given = does("handout give", member, *CAMPAIGN, *STATION)
    assert (given["name"], given["items"]) == (
        person["name"],
        [{"item": "控油壶", "quantity": 1, "fen": 1250}],
    )
    assert [one["on_hand"] for one in given["left"]] == [9]
    again = at("kit", "handout", "give", member, *CAMPAIGN, *STATION)
    assert (again.code, again.json["error"]["code"]) == (1, "kits.handed_out")
    assert "社区服务站" in again.json["error"]["message"]
    (row,) = does("handout list", *CAMPAIGN)["handouts"]
    assert (row["member_id"], row["station"], row["signed"]) == (person["member_id"], "社区服务站", "no")
    number = str(row["id"])
    assert does("handout sign", number)["new"] == 1
    assert does("handout sign", number)["new"] == 0
    assert does("handout void", number, "--reason", "领错了人", "--damaged")["state"] == "void"
    assert [one["state"] for one in does("handout list", "--member", member)["handouts"]] == ["void"]
    assert does("handout give", member, *CAMPAIGN, *STATION)["left"][0]["on_hand"] == 8


def test_a_group_and_the_public(does: Any, at: Program, counter: list[dict[str, Any]]) -> None:
    first, second, *_ = counter
    does("handout give", str(first["member_id"]), *CAMPAIGN, *STATION)
    people = [word for one in (first, second) for word in ("--member", str(one["member_id"]))]
    done = does("handout group", *CAMPAIGN, *STATION, "--collected-by", "李主席", *people)
    assert (done["asked"], done["people"], done["pieces"], len(done["left_out"])) == (2, 1, 1, 1)
    rows = does("handout list", *CAMPAIGN, *STATION, "--state", "active")["handouts"]
    assert [(row["collected_by"], row["signed"]) for row in rows] == [("", "no"), ("李主席", "for")]
    assert does("handout tally", "ZY", "12", *CAMPAIGN, *STATION)["lots"][0]["quantity"] == 12
    short = at("kit", "handout", "tally", "ZY", "19", *CAMPAIGN, *STATION)
    assert (short.code, short.json["error"]["code"]) == (1, "kits.short")
    closed = at("kit", "handout", "tally", "YH", "1", *CAMPAIGN, *STATION)
    assert closed.json["error"]["code"] == "kits.not_public"
    neither = at("kit", "handout", "group", *CAMPAIGN, "--collected-by", "李主席")
    assert neither.code == 2
