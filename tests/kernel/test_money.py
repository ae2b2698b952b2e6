import json
from fractions import Fraction
from pathlib import Path

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.kernel.money import capitals, parse_yuan, split, yuan

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text("utf-8"))["rmb_capital"]
LARGEST = 10**14 - 1
amounts = st.integers(0, LARGEST)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (123450, "1,234.50"),
        (-123450, "-1,234.50"),
        (-5, "-0.05"),
        (100000000, "1,000,000.00"),
    ],
)
def test_yuan(fen: int, text: str) -> None:
    assert yuan(fen) == text


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("25", 2500),
        ("25.5", 2550),
        ("１２３４．５０", 123450),
        ("￥1,234.50", 123450),
        ("¥ 1，234.50", 123450),
        ("人民币258,778元整", 25877800),
        ("25 元", 2500),
        ("25.00元正", 2500),
        ("0", 0),
        ("007", 700),
        ("-3.10", -310),
        ("999999999999.99", LARGEST),
    ],
)
def test_parse_yuan(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "元",
        "¥",
        "1.234",
        "12,34",
        "1,2345",
        "1e5",
        "1.",
        ".5",
        "--5",
        "25万元",
        "二十五元",
        "+5",
        "NaN",
        "٢٥",
        "25 28",
        "1\n2",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_yuan(text)
    assert refused.value.code == "kernel.amount_form"
    assert render(refused.value.say, "zh") and render(refused.value.say, "en")


@pytest.mark.parametrize("text", ["1000000000000", "9" * 5000])
def test_an_amount_beyond_the_ledger_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_yuan(text)
    assert refused.value.code == "kernel.amount_large"


@given(st.integers(-LARGEST, LARGEST))
def test_figures_are_read_back(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == parse_yuan(yuan(fen).replace(",", "") + "元") == fen


@pytest.mark.parametrize(("figures", "words"), VECTORS.items())
def test_words_of_the_vectors(figures: str, words: str) -> None:
    assert capitals(parse_yuan(figures)) == f"人民币{words}"


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (1_0500_0000_00, "壹亿零伍佰万元整"),
        (1_0000_5000_00, "壹亿零伍仟元整"),
        (1_0000_0005_00, "壹亿零伍元整"),
        (1000_0000_00, "壹仟万元整"),
        (9999_9999_9999_99, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        (1000_0000_0000_01, "壹仟亿元零壹分"),
        (10_0000_1000_10, "壹拾亿零壹仟元零壹角整"),
        (1010_1010_10, "壹仟零壹拾万壹仟零壹拾元零壹角整"),
    ],
)
def test_words_of_zeros_across_groups(fen: int, words: str) -> None:
    assert capitals(fen) == f"人民币{words}"


def _folded(words: str) -> str:
    """Without what the rule leaves open: 整 after 角, and 零 before 角 after a zero units digit."""
    return words.removeprefix("人民币").removesuffix("整").replace("元零", "元")


@given(st.one_of(amounts, st.integers(0, 10**7)))
def test_words_agree_with_cn2an(fen: int) -> None:
    theirs = cn2an.an2cn(f"{fen // 100}.{fen % 100:02d}", "rmb")
    assert _folded(capitals(fen)) == _folded(theirs)


_VALUES = {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}


def _read(words: str) -> int:
    """The amount that the words say, read independently of how they are made."""
    total = section = digit = 0
    for char in words:
        if char in _VALUES:
            digit = _VALUES[char]
        elif char in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[char]
            digit = 0
        elif char in "亿万元":
            total += (section + digit) * {"亿": 10**10, "万": 10**6, "元": 100}[char]
            section = digit = 0
        elif char in "角分":
            total += digit * {"角": 10, "分": 1}[char]
            digit = 0
    return total


@given(st.one_of(amounts, st.integers(0, 10**7)))
def test_words_say_the_amount(fen: int) -> None:
    words = capitals(fen)
    assert words.startswith("人民币") and _read(words.removeprefix("人民币")) == fen
    assert "零零" not in words and words.endswith("分") == bool(fen % 10)


@pytest.mark.parametrize(
    ("fen", "code"), [(-1, "kernel.words_negative"), (LARGEST + 1, "kernel.words_large")]
)
def test_words_refuse_negative_and_too_large(fen: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        capitals(fen)
    assert refused.value.code == code
    assert yuan(fen) in render(refused.value.say, "zh")


def test_split_of_real_fees_adds_up() -> None:
    assert split(3600, (15, 10, 11)) == (1500, 1000, 1100)
    assert sum(split(3600 * 1333, (15, 10, 11))) == 3600 * 1333
    assert split(100, (1, 1, 1)) == (34, 33, 33)
    assert split(-100, (1, 1, 1)) == (-34, -33, -33)
    assert split(5, (0, 1)) == (0, 5)
    assert split(2, (1, 1, 1)) == (1, 1, 0)
    assert split(0, (3, 4)) == (0, 0)


@given(st.integers(-(10**14), 10**14), st.lists(st.integers(0, 10**6), min_size=1, max_size=9).filter(any))
def test_split_is_exact_and_fair(fen: int, weights: list[int]) -> None:
    parts = split(fen, weights)
    assert sum(parts) == fen
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(fen * weight, sum(weights))) < 1
        assert weight or not part


@pytest.mark.parametrize("weights", [(), (0, 0), (1, -1, 3)])
def test_split_needs_weights(weights: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)
