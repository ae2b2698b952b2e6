import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcwidth

from benefits.kernel.messages import render
from benefits.kernel.text import (
    COMPOUND_SURNAMES,
    MOVED,
    cell_width,
    check_name,
    cut,
    mask_id,
    mask_name,
    mask_phone,
    normalise_name,
    pad,
    plain,
    shown,
)

texts = st.text(
    st.one_of(st.characters(), st.sampled_from("张三·•．. \u3000\u200b\u202e\ue81eé́Ａ㛃𬭎")), max_size=60
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        (" 张\u3000 三\n", "张三"),
        ("张\u200b三\ufeff", "张三"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提‧吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提⋅吐尔逊", "买买提·吐尔逊"),
        ("买买提∙吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("买买提 · 吐尔逊", "买买提·吐尔逊"),
        ("买买提··吐尔逊", "买买提·吐尔逊"),
        ("阿卜杜·热合曼·买买提", "阿卜杜·热合曼·买买提"),
        ("㛃 䶮𬭎", "㛃䶮𬭎"),
        ("\ue81e", "龴"),
        ("张\ue826", "张\u9fb5"),
        ("⼈⼤", "人大"),
        ("Ａｎｎａ　Ｌｅｅ", "Anna Lee"),
        ("J. Smith", "J. Smith"),
        ("Jose\u0301  Garci\u0301a", "José García"),
        ("\uf9dc\ufa0e", "\uf9dc\ufa0e"),  # compatibility Han stay as written
        ("", ""),
    ],
)
def test_a_name_comes_to_one_form(typed: str, name: str) -> None:
    assert normalise_name(typed) == name


@given(texts)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_name(text)
    assert normalise_name(once) == once
    assert once == once.strip() and "\n" not in once


def test_moved_points_are_those_of_the_standard() -> None:
    gb18030_2022 = {
        0xFE59: "龴", 0xFE61: "龵", 0xFE66: "龶", 0xFE67: "龷", 0xFE6D: "龸",
        0xFE7E: "龹", 0xFE90: "龺", 0xFEA0: "龻",
        0xA6D9: "︐", 0xA6DA: "︒", 0xA6DB: "︑", 0xA6DC: "︓", 0xA6DD: "︔", 0xA6DE: "︕", 0xA6DF: "︖",
        0xA6EC: "︗", 0xA6ED: "︘", 0xA6F3: "︙",
    }  # fmt: skip
    assert len(gb18030_2022) == 18
    for code, char in gb18030_2022.items():
        private = code.to_bytes(2, "big").decode("gb18030")  # Python's codec is the mapping of 2005
        assert 0xE000 <= ord(private) <= 0xF8FF
        assert MOVED[ord(private)] == char
    assert MOVED[0xE816] == "𠂇" and MOVED[0xE855] == "𤇾"
    assert (MOVED[0xE819], MOVED[0xE81A]) == ("⺄", "㑳")
    assert not any(0xE000 <= ord(char) <= 0xF8FF for char in MOVED.values())
    assert len(set(MOVED.values())) == len(MOVED) == 80 + 10 + 1


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("张三", []),
        ("  \u200b", ["kernel.name_missing"]),
        ("买" * 25 + "·" + "提" * 24, []),
        ("买" * 25 + "·" + "提" * 25, ["kernel.name_long"]),
        ("张\ue000", ["kernel.name_private"]),
        ("张\U000f0001" + "三" * 60, ["kernel.name_long", "kernel.name_private"]),
        ("张\ue81e", []),
    ],
)
def test_what_is_wrong_with_a_name_is_said(typed: str, codes: list[str]) -> None:
    check = check_name(typed)
    assert check.name == normalise_name(typed)
    assert [problem.code for problem in check.problems] == codes
    for problem in check.problems:
        assert render(problem.say, "zh") and render(problem.say, "en")
    if "kernel.name_private" in codes:
        assert "U+" in render(check.problems[-1].say, "zh")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("张三", "张三"),
        ("[b]=1+1</b>", "[b]=1+1</b>"),
        ("a\x1b[31mb\x07", "a[31mb"),
        ("a\r\nb\tc\u2028d", "a b c d"),
        ("\u202eevil\u202c\u2066x\u2069\u200e\u061c", "evilx"),
        ("z\u200bw\u200dj\ufeff\u00ad\u2060", "zwj"),
        ("\x9b31m\x85x", "31m x"),
        ("\ud800x", "x"),
        ("e\u0301 ① ★", "e\u0301 ① ★"),
        ("", ""),
    ],
)
def test_plain(text: str, clean: str) -> None:
    assert plain(text) == clean


@given(texts)
def test_plain_leaves_nothing_hostile_and_loses_nothing_else(text: str) -> None:
    clean = plain(text)
    assert plain(clean) == clean
    clean.encode("utf-8")
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in clean)
    assert not any(
        unicodedata.bidirectional(char) in ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "FSI", "PDF", "PDI")
        for char in clean
    )
    assert [c for c in text if c.isalnum()] == [c for c in clean if c.isalnum()]


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("110112197001050025", "110112********0025"),
        ("CAN110084102305", "CAN110*****2305"),
        ("H12345678", "H1*****78"),
        ("12345678", "12****78"),
        ("1234567", "*******"),
        ("", ""),
    ],
)
def test_mask_id(number: str, masked: str) -> None:
    assert mask_id(number) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800138000", "138****8000"),
        ("01069541234", "010****1234"),
        ("69541234", "******34"),
        ("123", "***"),
        ("", ""),
    ],
)
def test_mask_phone(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@given(st.text("0123456789X", max_size=30))
def test_masks_always_hide_something(number: str) -> None:
    for masked in (mask_id(number), mask_phone(number)):
        assert len(masked) == len(number)
        assert masked.count("*") >= min(len(number), 4)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张小明", "张**"),
        ("欧阳修", "欧阳*"),
        ("欧阳", "欧*"),
        ("司马相如", "司马**"),
        ("买买提·吐尔逊", "买买提·**"),
        ("买买提·吐尔逊·阿不都", "买买提·**"),
        ("Anna Lee", "A**"),
        ("𬭎小明", "𬭎**"),
        ("丁", "*"),
        ("", ""),
    ],
)
def test_mask_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_compound_surnames_are_pairs() -> None:
    assert len(COMPOUND_SURNAMES) == 61 and all(len(name) == 2 for name in COMPOUND_SURNAMES)
    assert {"欧阳", "司马", "尉迟", "万俟", "长孙", "澹台"} <= COMPOUND_SURNAMES


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", 3),
        ("张三", 4),
        ("𬭎㛃䶮", 6),
        ("·—…①│", 5),
        ("e\u0301", 1),
        ("Ａ", 2),
        ("a\x1bb\u200b", 2),
        ("", 0),
        ("각", 2),
    ],
)
def test_cell_width(text: str, cells: int) -> None:
    assert cell_width(text) == cells


def test_cell_width_agrees_with_terminals_on_every_han_and_latin_character() -> None:
    spans = [
        (0x20, 0x7F),
        (0xA0, 0x250),
        (0x3400, 0x4DC0),
        (0x4E00, 0xA000),
        (0xF900, 0xFA6E),
        (0x20000, 0x2A6E0),
    ]
    spans += [
        (0x300, 0x370),
        (0x3000, 0x302A),
        (0xFF01, 0xFFA0),
        (0xFFA1, 0xFFE7),
        (0xAC00, 0xD7A4),
        (0xE000, 0xE100),
    ]
    for first, last in spans:
        for code in range(first, last):
            char = chr(code)
            if unicodedata.category(char) == "Cn" or code == 0xAD:
                continue  # unassigned in one table and not in the other; soft hyphens differ everywhere
            assert cell_width(char) == max(wcwidth(char), 0), hex(code)


@given(texts, st.integers(-1, 30))
def test_cut_and_pad_keep_their_room(text: str, cells: int) -> None:
    short = cut(text, cells)
    assert cell_width(short) <= max(cells, 0)
    if cells > 0 and cell_width(text) <= cells:
        assert short == text
    elif cells > 0:
        assert short.endswith("…") and text.startswith(short[:-1])
        assert cell_width(short) >= cells - 1  # no more is lost than one half of a wide character
    for align in ("left", "right", "center"):
        assert cell_width(pad(text, cells, align)) == max(cells, 0)


def test_cut_and_pad() -> None:
    assert cut("通州区总工会", 6) == "通州…"
    assert cut("通州区", 5) == "通州…"
    assert cut("通州", 4) == "通州"
    assert cut("ab", 1) == "…"
    assert cut("e\u0301e\u0301e\u0301", 2) == "e\u0301…"
    assert pad("通州", 6) == "通州  "
    assert pad("通州", 6, "right") == "  通州"
    assert pad("通州", 7, "center") == " 通州  "
    assert pad("通州区", 5) == "通州…"
    assert pad("通州区", 4) == "通… "
    assert shown("x\n" * 100) == "x " * 19 + "x…"
