"""Items, stores, stock, transfers and stocktakes from the command line; the keys are those of the guide."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.commands.conftest import Program, Ran
from tests.commands.test_json import agrees

Say = Callable[..., Ran]


@pytest.fixture
def say(sqlite_district: str, program: Program) -> Say:
    """A command line of the administrator."""
    where = ("--database", sqlite_district, "--user", "admin", "--as-of", "2026-11-22")
    return lambda *words: program(*words, *where)


@pytest.fixture
def does(say: Say) -> Callable[..., dict[str, Any]]:
    """The same with ``--json``, whose keys must be the promised ones; the last word of the command ends with
    a dot."""

    def run(*words: str) -> dict[str, Any]:
        end = next(place for place, word in enumerate(words) if word.endswith("."))
        command = (*words[:end], words[end][:-1])
        ran = say(*command, *words[end + 1 :], "--json")
        assert ran.code == 0, (words, ran.out, ran.err)
        data: dict[str, Any] = ran.json
        agrees(" ".join(command), data)
        return data

    return run


def test_goods_from_the_lorry_to_a_store_and_back(does: Callable[..., dict[str, Any]], say: Say) -> None:
    district = ("--org", "通州区总工会")
    for name, code in (("控油壶", "POT"), ("限盐勺", "SPOON"), ("宣传折页", "PAPER")):
        kind = "material" if code == "PAPER" else "goods"
        made = does("kit", "item", "add.", name, *district, "--code", code, "--kind", kind)
        assert (made["item"]["code"], made["item"]["measure"]) == (code, "件")
    kit = does("kit", "item", "add.", "健康小三件", *district, "--kind", "kit")["item"]["code"]
    assert kit == "WP0001"
    parts = does("kit", "item", "bill.", kit, "POT:1", "spoon:2")["parts"]
    assert [(one["code"], one["quantity"]) for one in parts] == [("POT", 1), ("SPOON", 2)]
    edited = does("kit", "item", "edit.", "PAPER", "--name", "宣传页", "--measure", "张", "--version", "1")
    assert edited["item"]["version"] == 2
    assert does("kit", "item", "show.", "健康小三件")["item"]["kind"] == "kit"
    store = does("kit", "store", "add.", "区总仓库", *district, "--keeper", "老王")["store"]
    does("kit", "store", "add.", "张家湾仓库", "--org", "张家湾镇总工会")
    assert [one["name"] for one in does("kit", "store", "list.")["stores"]] == ["区总仓库", "张家湾仓库"]

    where = f"#{store['id']}"
    got = does("kit", "stock", "receive.", where, "POT", "30", "--cost", "12.50", "--fund", "district_union")
    assert (got["stock"]["cost_fen"], got["stock"]["on_hand"], got["quantity"]) == (1250, 30, 30)
    does("kit", "stock", "receive.", where, "SPOON", "41", "--cost", "3", "--expires", "2027-01-31")
    found = does("kit", "stock", "buildable.", where, kit, "--target", "25")
    assert (found["sets"], [one["short"] for one in found["parts"]]) == (20, [0, 9])
    assert does("kit", "stock", "buildable.", where, kit)["sets"] == 20
    built = does("kit", "stock", "build.", where, kit, "20")["stock"]
    assert (built["cost_fen"], built["expires_on"], built["on_hand"]) == (1850, "2027-01-31", 20)
    left = does("kit", "stock", "damage.", where, "POT", "1", "--reason", "运输压坏")["on_hand"]
    assert left == 9 and does("kit", "stock", "lose.", where, "POT", "2", "--reason", "不见")["on_hand"] == 7

    sent = does("kit", "transfer", "send.", where, "张家湾仓库", f"{kit}:15", "POT:2", "--carrier", "老李")
    number = sent["transfer"]["number"]
    assert (number, sent["transfer"]["sent"]) == ("DB-2026-0001", 17)
    assert does("kit", "transfer", "list.", "--state", "sent")["transfers"][0]["number"] == number
    arrived = does(
        "kit",
        "transfer",
        "arrive.",
        number,
        "--damaged",
        f"{kit}:2",
        "--missing",
        f"{kit}:1",
        "--reason",
        "进水",
    )["transfer"]
    assert (arrived["arrived"], arrived["damaged"], arrived["missing"]) == (14, 2, 1)
    assert [one["reason"] for one in does("kit", "transfer", "show.", number)["lines"]] == ["", "进水"]
    lot = f"{kit}/{built['lot']}"
    back = does("kit", "transfer", "send.", "张家湾仓库", where, "--lot", f"{lot}:4")["transfer"]["number"]
    cancelled = does("kit", "transfer", "cancel.", back, "--reason", "不用退了")
    assert cancelled["transfer"]["state"] == "cancelled"

    count = does("kit", "stocktake", "open.", "张家湾仓库", "--note", "月末")["stocktake"]["number"]
    refused = say("kit", "stock", "damage", "张家湾仓库", kit, "1", "--reason", "压坏", "--json")
    assert (refused.code, refused.error["code"]) == (1, "kits.frozen")
    does("kit", "stocktake", "count.", count, f"{lot}:11", "POT:2")
    early = say("kit", "stocktake", "close", count, "--json")
    assert early.error["code"] == "kits.difference_reason"
    does("kit", "stocktake", "count.", count, f"{kit}:11", "--reason", "试用一套")
    closed = does("kit", "stocktake", "close.", count)["stocktake"]
    assert (closed["state"], closed["missing"], closed["left"]) == ("closed", 1, 0)
    again = does("kit", "stocktake", "open.", "张家湾仓库")["stocktake"]["number"]
    assert does("kit", "stocktake", "cancel.", again, "--reason", "改日")["stocktake"]["state"] == "cancelled"
    assert len(does("kit", "stocktake", "list.", "--station", "张家湾仓库")["stocktakes"]) == 2
    assert does("kit", "stocktake", "show.", count)["lines"][0]["book"] == 2

    rows = does("kit", "stock", "show.", "--item", kit)["stock"]
    assert [(one["station"], one["on_hand"]) for one in rows] == [("区总仓库", 5), ("张家湾仓库", 11)]
    moves = does("kit", "stock", "moves.", "张家湾仓库", "--item", kit)["moves"]
    assert sum(one["quantity"] for one in moves) == 11
    assert does("kit", "stock", "moves.", "--document", "transfer:1", "--limit", "2")["moves"][0]["document"]
    assert does("kit", "item", "retire.", "PAPER")["item"]["retired"] is True
    assert len(does("kit", "item", "list.", "--kind", "goods")["items"]) == 2
    assert say("verify").code == 0


def test_words_and_tables_are_for_people(say: Say) -> None:
    say("kit", "item", "add", "控油壶", "--org", "通州区总工会", "--code", "POT")
    say("kit", "store", "add", "区总仓库", "--org", "通州区总工会")
    told = say("kit", "stock", "receive", "区总仓库", "POT", "10", "--cost", "0")
    assert told.out == "区总仓库收到控油壶10件，批次PC-2026-0001，该批结存10\n"
    assert "控油壶  PC-2026-0001  不限" in say("kit", "stock", "show").out
    assert "收货" in say("kit", "stock", "moves").out
    assert "individual" not in say("kit", "item", "list", "--lang", "en").out
    short = say("kit", "transfer", "send", "区总仓库", "区总仓库", "POT:11")
    assert (short.code, short.out) == (1, "") and "区总仓库" in short.err
    lost = say("kit", "stock", "lose", "区总仓库", "POT", "11", "--reason", "不见")
    assert "现有10，需要11" in lost.err


@pytest.mark.parametrize(
    "line",
    [
        ("transfer", "send", "a", "b", "POT"),
        ("transfer", "send", "a", "b", ":3"),
        ("transfer", "send", "a", "b", "POT:0"),
        ("transfer", "send", "a", "b", "POT:x"),
        ("stock", "receive", "a", "POT", "-1"),
        ("stock", "receive", "a", "POT", "1", "--cost", "1.234"),
        ("stock", "receive", "a", "POT", "1", "--expires", "31.12.2026"),
        ("stock", "receive", "a", "POT", "1", "--fund", "me"),
        ("item", "add", "x", "--org", "通州区总工会", "--kind", "thing"),
    ],
)
def test_a_wrong_line_says_what_is_right(say: Say, line: tuple[str, ...]) -> None:
    for name in "ab":
        say("kit", "store", "add", name, "--org", "通州区总工会")
    say("kit", "item", "add", "控油壶", "--org", "通州区总工会", "--code", "POT")
    ran = say("kit", *line)
    assert ran.code == 2 and ran.err and not ran.out, ran
