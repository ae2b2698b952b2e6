"""Finding a unit by whatever a clerk knows of it, on both engines."""

from datetime import date

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.organisations import service
from benefits.organisations.models import Level
from benefits.organisations.queries import by_code, search
from benefits.organisations.search import UnitKey, fits, typed, unit_keys

FOUNDED = date(2010, 1, 1)
USCC = "81110112MC00000270"
DISTRICT = (
    ("110112", "通州区总工会", Level.DISTRICT, None, None),
    ("110112105", "张家湾镇总工会", Level.SUBDISTRICT, "110112", USCC),
    ("110112104", "漷县镇总工会", Level.SUBDISTRICT, "110112", None),
    ("TZ-0012-7", "北京市通州区张家湾镇乐成商贸有限公司工会委员会", Level.GRASSROOTS, "110112105", None),
    ("TZ-0013-1", "北京市通州区张家湾镇重庆火锅店工会委员会", Level.GRASSROOTS, "110112105", None),
    ("TZ-0120-2", "北京市通州区漷县镇长沙路幼儿园工会委员会", Level.GRASSROOTS, "110112104", None),
    ("TZ-0121-9", "北京乐成（集团）有限公司工会委员会", Level.GRASSROOTS, "110112104", None),
    ("IBM", "IBM中国有限公司工会", Level.GRASSROOTS, "110112104", None),
    ("TZ-101", "第101中学工会", Level.GRASSROOTS, "110112104", None),
)
TYPED: tuple[tuple[str, list[str]], ...] = (
    ("TZ-0012-7", ["TZ-0012-7"]),
    ("tz00127", ["TZ-0012-7"]),
    ("0120", ["TZ-0120-2"]),
    ("012", ["TZ-0120-2", "TZ-0121-9"]),
    ("２７０", ["110112105"]),
    (USCC.lower(), ["110112105"]),
    ("张家湾镇总工会", ["110112105"]),
    ("张家湾", ["110112105", "TZ-0012-7", "TZ-0013-1"]),
    ("zhangjiawan", ["110112105", "TZ-0012-7", "TZ-0013-1"]),
    ("zjw", ["110112105", "TZ-0012-7", "TZ-0013-1"]),
    ("zhang jia wan", ["110112105", "TZ-0012-7", "TZ-0013-1"]),
    ("乐成", ["TZ-0012-7", "TZ-0121-9"]),
    ("乐成集团", ["TZ-0121-9"]),
    ("lecheng", ["TZ-0121-9", "TZ-0012-7"]),
    ("yuecheng", ["TZ-0121-9", "TZ-0012-7"]),
    ("yc", ["TZ-0121-9", "TZ-0012-7"]),
    ("chongqing", ["TZ-0013-1"]),
    ("zhongqing", ["TZ-0013-1"]),
    ("cqhg", ["TZ-0013-1"]),
    ("changshalu", ["TZ-0120-2"]),
    ("zhangshalu", ["TZ-0120-2"]),
    ("csl", ["TZ-0120-2"]),
    ("huoxian", ["110112104", "TZ-0120-2"]),
    ("kuoxian", ["110112104", "TZ-0120-2"]),
    ("ibm", ["IBM"]),
    ("101中学", ["TZ-101"]),
    ("101zx", ["TZ-101"]),
    ("幼儿园工会委员会", ["TZ-0120-2"]),
    ("北京市通州区漷县镇长沙路幼儿园工会委员会", ["TZ-0120-2"]),
    ("bei jing shi tong zhou qu huo xian zhen zhang sha lu you er yuan gong hui", ["TZ-0120-2"]),
    ("bjstzqhxzcslyeyghwyh", ["TZ-0120-2"]),
    ("没有这家", []),
    ("meiyouzhejia", []),
    ("999", []),
    ("", []),
    ("（）·", []),
    ("%", []),
)
"""What is typed, and what is found, the best first."""


@pytest.fixture
def ids(database: Database, root: Actor) -> dict[str, int]:
    """Two towns with units of long, alike names; ids by code."""
    made: dict[str, int] = {}
    for code, name, level, above, uscc in DISTRICT:
        made[code] = database.act(
            root,
            service.found,
            name=name,
            code=code,
            level=level,
            parent_id=made.get(above or ""),
            founded=FOUNDED,
            uscc=uscc,
        )
    return made


def _codes(database: Database, actor: Actor, text: str, limit: int = 20, path: str = "") -> list[str]:
    with database.read(actor) as unit:
        return [row.code for row in search(unit, text, limit, path)]


def test_what_a_clerk_types_finds_the_unit(database: Database, root: Actor, ids: dict[str, int]) -> None:
    for text, expected in TYPED:
        found = _codes(database, root, text)
        assert sorted(found) == sorted(expected), text
        assert found[:1] == expected[:1], text


def test_unions_above_come_first_and_the_common_tail_last(
    database: Database, root: Actor, ids: dict[str, int]
) -> None:
    everything = _codes(database, root, "工会")
    assert sorted(everything) == sorted(ids), "whatever every name holds finds all, each once"
    assert _codes(database, root, "tongzhou")[0] == "110112"
    assert _codes(database, root, "zgh") == ["110112", "110112105", "110112104"]
    for text in ("工会", "gonghui", "b", "有限公司"):
        whole = _codes(database, root, text)
        assert [_codes(database, root, text, limit) for limit in range(1, len(whole) + 1)] == [
            whole[:limit] for limit in range(1, len(whole) + 1)
        ], "a shorter page is the beginning of a longer one"


def test_a_part_of_the_tree_only(database: Database, root: Actor, ids: dict[str, int]) -> None:
    with database.read(root) as unit:
        path = by_code(unit, "110112104").path
    assert _codes(database, root, "乐成", path=path) == ["TZ-0121-9"]
    clerk = Actor("li", "李娜", frozenset({"*"}), path)
    assert _codes(database, clerk, "lecheng") == ["TZ-0121-9"]
    assert _codes(database, clerk, "张家湾") == []


def test_an_unknown_code_names_what_is_near(database: Database, root: Actor, ids: dict[str, int]) -> None:
    with database.read(root) as unit, pytest.raises(Refused) as refused:
        by_code(unit, "乐成商贸")
    assert refused.value.code == "organisations.unknown"
    assert [problem.say.params["code"] for problem in refused.value.problems] == ["TZ-0012-7"]


def test_no_part_of_a_name_is_missed(database: Database, root: Actor, ids: dict[str, int]) -> None:
    """A scan of the names is the oracle: each part of each name finds all the units that hold it."""
    names = {code: name.replace("（", "").replace("）", "").lower() for code, name, *_ in DISTRICT}
    parts = {name[start : start + 3] for name in names.values() for start in range(0, len(name) - 2, 4)}
    for part in sorted(parts):
        holding = {code for code, name in names.items() if part in name}
        assert holding <= set(_codes(database, root, part)), part


def test_keys_say_where_in_the_name_they_begin() -> None:
    keys = unit_keys("北京市通州区张家湾镇总工会", "1-02", above=True)
    begins = [key for kind, key in keys if kind == UnitKey.NAME_ABOVE]
    assert begins == ["北京市通州区张家湾镇总工会", "通州区张家湾镇总工会", "张家湾镇总工会", "总工会"]
    assert (UnitKey.NAME_TAIL, "工会") in keys
    assert (UnitKey.INITIALS, "haxxgh") in unit_keys("北京禾岸小学工会", "1")
    assert [key for kind, key in keys if kind == UnitKey.CODE_PART] == ["102", "02"]
    assert len(keys) == len(set(keys))
    longest = unit_keys("长" * 120, "C" * 32)
    assert max(len(key) for _, key in longest) <= 120 and len(longest) < 10_000


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("长乐路小学", "zhangyuelu", True),
        ("长乐路小学", "zylxx", True),
        ("长乐路小学", "changlelux", True),
        ("长乐路小学", "hangle", False),
        ("漷县（镇）", "漷县镇", True),
        ("绿洲", "lyuzhou", True),
        ("女人街", "nyurenjie", True),
        ("森源", "senyuan", True),
        ("龴记", "ji", True),
    ],
)
def test_what_fits_a_name(name: str, text: str, expected: bool) -> None:
    assert fits(name, typed(text)) is expected
