"""Line breaking: marks, figures, and that no character is ever lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.breaking import NO_END, NO_START, break_lines, even_lines, tokens

MARKS = "，。；：？！、）》”（《“￥¥"
TEXTS = st.text(st.sampled_from("续保人次共计北京" + MARKS + "0123456789.,% ab—…"), max_size=80)


def em(text: str) -> float:
    """Han and full-width characters are one wide, Latin half."""
    return sum(0.5 if ord(char) < 0x2000 else 1.0 for char in text)


@given(TEXTS, st.integers(6, 20))
def test_no_character_is_lost(text: str, width: int) -> None:
    lines = break_lines(text, em, width)
    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")
    assert [line.last for line in lines] == [False] * (len(lines) - 1) + [True]


@given(
    st.text(st.sampled_from("续保人次共计北京，。；：？！、"), max_size=60).filter(lambda t: "，，" not in t)
)
def test_a_closing_mark_never_starts_a_line(text: str) -> None:
    plain = "".join(char for place, char in enumerate(text) if char not in NO_START or not place or
                    text[place - 1] not in NO_START)  # fmt: skip
    for line in break_lines(plain.lstrip("".join(NO_START)), em, 7)[1:]:
        assert line.text[:1] not in NO_START


@pytest.mark.parametrize("width", range(9, 24))
def test_marks_and_figures_of_a_real_sentence(width: int) -> None:
    text = (
        "新一期参保12,345人次（9,876人）、《花名册》“五送”，会费合计￥1,234,567.80元，"
        "截至2026年11月22日，续保率94.9%。"
    )
    lines = [line.text for line in break_lines(text, em, width)]
    assert "".join(lines) == text
    for line in lines[1:]:
        assert line[0] not in NO_START, lines
    for line in lines[:-1]:
        assert line[-1] not in NO_END, lines
    for whole in ("12,345", "￥1,234,567.80", "2026年11月22日", "94.9%"):
        assert any(whole in line for line in lines), (whole, lines)


def test_a_closing_mark_at_the_end_may_hang_half() -> None:
    assert [line.text for line in break_lines("一二三四五，六", em, 5.5)] == ["一二三四五，", "六"]


def test_the_first_line_is_indented() -> None:
    assert [line.text for line in break_lines("一二三四五六七八", em, 5, 2)] == ["一二三", "四五六七八"]


def test_an_endless_word_is_cut_not_lost() -> None:
    lines = [line.text for line in break_lines("甲" + "x" * 40, em, 5)]
    assert lines == ["甲", "x" * 10, "x" * 10, "x" * 10, "x" * 10]


def test_a_title_breaks_between_words() -> None:
    lines = even_lines("关于通州区2026年度职工互助保障续保工作情况的报告", em, 20)
    assert lines == ["关于通州区2026年度职工", "互助保障续保工作情况的报告"]


def test_tokens_keep_dates_and_amounts_whole() -> None:
    assert tokens("至2026年11月2日￥1,200.00") == ["至", "2026年11月2日", "￥1,200.00"]
