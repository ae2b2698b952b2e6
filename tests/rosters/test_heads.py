"""The head of a roster: found wherever it stands, columns matched by what they mean and not by how they
look."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.kernel.messages import render
from benefits.rosters.files.cells import Block, Cell, Row
from benefits.rosters.heads import Head, Peekable, find_head, plain_heading

NAMES = {
    "name": ("姓名", "会员姓名"),
    "sex": ("性别",),
    "id_type": ("证件类型",),
    "id_number": ("证件号码", "身份证号", "身份证号码"),
    "phone": ("手机号码", "联系电话"),
    "unit": ("单位名称", "单位"),
    "into": ("转入单位",),
    "out_of": ("转出单位",),
    "joined": ("入会日期",),
    "left": ("退会日期",),
}
REQUIRED = ("name", "id_number")


def head(
    *rows: Sequence[Cell],
    first: int = 1,
    remembered: dict[str, str] | None = None,
    required: Sequence[str] = REQUIRED,
) -> Head:
    numbered = [Row(number, tuple(cells)) for number, cells in enumerate(rows, first)]
    return find_head(Peekable([numbered]), NAMES, required, remembered or {})


def meant(found: Head) -> dict[str, str | None]:
    return {cell.letter: cell.key for cell in found.columns}


def test_the_old_beijing_template_begins_after_twenty_rows() -> None:
    """DOMAIN 2.2 [S15]."""
    notes: list[list[Cell]] = [[f"{n}. 请核对姓名、身份证号码，姓名中间不要有空格"] for n in range(1, 20)]
    rows: list[list[Cell]] = [
        *notes,
        ["会员编号", "身份证号码", "会员姓名", "可投保金额"],
        ["1", "110112197001050025", "张三", 100],
    ]
    found = head(*rows)
    assert found.row == 20
    assert meant(found) == {"A": None, "B": "id_number", "C": "name", "D": None}
    assert (found.missing, found.doubled, found.seen) == ((), (), ())


@pytest.mark.parametrize(
    ("heading", "key", "how"),
    [
        ("姓名", "name", "exact"),
        ("  姓 名\n", "name", "exact"),
        ("*姓名（必填）", "name", "exact"),
        ("【姓名】：", "name", "exact"),
        ("會員姓名", None, None),
        ("会员姓名", "name", "alias"),
        ("职工姓名", "name", "similar"),
        ("配偶姓名", None, None),
        ("身份证号码(18位)", "id_number", "similar"),
        ("身份证号码（如：110112…）", "id_number", "similar"),
        ("身份征号码", "id_number", "similar"),
        ("姓别", "sex", "similar"),
        ("手机号", "phone", "similar"),
        ("家属联系电话", None, None),
        ("所在单位", "unit", "similar"),
        ("入职日期", None, None),
        ("退休日期", None, None),
        ("转入单位", "into", "exact"),
        ("转出单位", "out_of", "exact"),
        ("Phone", "phone", "alias"),
        ("ID_Number", "id_number", "alias"),
        ("ｉｄ ｎｕｍｂｅｒ", "id_number", "alias"),
    ],
)
def test_what_a_heading_means(heading: str, key: str | None, how: str | None) -> None:
    found = head(
        ["序号", "备用", heading, *(["姓名"] if key != "name" else []), "证件类型"], required=["id_type"]
    )
    cell = found.columns[2]
    assert (cell.key, cell.how, cell.letter, cell.text) == (key, how, "C", heading.strip())


def test_a_head_over_two_rows() -> None:
    found = head(
        ["某单位会员名单"],
        ["姓名", "性别", "证件", None, "手机号码"],
        [None, None, "类型", "号码"],
        ["张三", "男", "居民身份证", "110112197001050025", "13800138000"],
    )
    assert found.row == 3
    assert meant(found) == {"A": "name", "B": "sex", "C": "id_type", "D": "id_number", "E": "phone"}


def test_a_row_of_groups_above_the_head_is_no_part_of_it() -> None:
    found = head(["个人信息", None, None, "单位"], ["姓名", "证件号码", "性别", "转入单位"], ["张三"])
    assert found.row == 2
    assert meant(found) == {"A": "name", "B": "id_number", "C": "sex", "D": "into"}


def test_the_row_that_has_all_that_is_required_goes_before_the_one_that_has_more() -> None:
    found = head(["性别", "单位", "手机号码", "入会日期"], ["x"], ["姓名", "证件号码"], ["张三", "1"])
    assert found.row == 3


def test_what_is_remembered_goes_before_everything() -> None:
    remembered = {
        plain_heading("名字"): "name",
        plain_heading("证件号码"): "",
        "工号": "id_number",
        "性别": "gone",
    }
    found = head(["名字", "证件号码", "工 号", "性别"], remembered=remembered)
    assert [(cell.key, cell.how) for cell in found.columns] == [
        ("name", "remembered"),
        (None, "remembered"),
        ("id_number", "remembered"),
        ("sex", "exact"),
    ]


def test_two_columns_of_one_meaning() -> None:
    found = head(["姓名", "证件号码", "姓 名", "手机号", "联系电话", "身份证号"])
    assert meant(found) == {"A": "name", "B": "id_number", "C": None, "D": None, "E": "phone", "F": None}
    (doubled,) = found.doubled
    assert (doubled.code, doubled.row, doubled.field) == ("rosters.head_doubled", 1, "name")
    assert "A「姓名」" in render(doubled.say) and "C「姓 名」" in render(doubled.say, "en")


def test_nothing_found_tells_what_is_there() -> None:
    found = head(["说明"], ["甲", None, 5, "乙"])
    assert (found.row, found.columns, found.missing) == (0, (), REQUIRED)
    assert found.seen == ("甲", "5", "乙")
    assert head().seen == ()


def test_what_is_missing_is_named() -> None:
    found = head(["姓名", "性别"])
    assert (found.row, found.missing) == (1, ("id_number",))


def test_the_digest_is_of_what_the_headings_say() -> None:
    assert head(["姓名", "证件号码"]).digest == head(["x"], ["*姓 名", "证件号码：", None]).digest
    assert head(["姓名", "证件号码"]).digest != head(["证件号码", "姓名"]).digest


def test_the_rows_stay() -> None:
    blocks = [
        [Row(1, ("说明",)), Row(3, ("姓名", "证件号码")), Row(4, ("张三", "1"))],
        [Row(70, ("李四", "2"))],
    ]
    rows = Peekable(blocks)
    assert find_head(rows, NAMES, REQUIRED, {}).row == 3
    assert list(rows.after(3)) == [[Row(4, ("张三", "1"))], [Row(70, ("李四", "2"))]]


def test_blocks_of_columns_stay_too() -> None:
    blocks = [
        Block(2, (["姓名", None, "张三", " "], ["证件号码", None, "1", None])),
        Block(6, (["李四"], [None])),
    ]
    rows = Peekable(blocks)
    assert find_head(rows, NAMES, REQUIRED, {}).row == 2
    rest = list(rows.after(2))
    assert [block.filled() for block in rest] == [([4], (["张三"], ["1"])), ([6], (["李四"], [None]))]
    assert [row for block in rest for row in block.rows()] == [Row(4, ("张三", "1")), Row(6, ("李四",))]


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(max_size=12), st.integers(), st.booleans()), max_size=8))
)
def test_anything_may_stand_above(rows: list[list[Cell]]) -> None:
    found = head(*rows, ["姓名", "证件号码", "性别"], ["张三"])
    assert found.row == len(rows) + 1 or found.row == 0 if len(rows) >= 60 else found.row == len(rows) + 1
