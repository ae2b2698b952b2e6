from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from benefits.kernel.dates import (
    Period,
    age_on,
    anniversary,
    earliest_birth,
    latest_birth,
    parse_day,
    term_end,
)
from benefits.kernel.errors import Refused
from benefits.kernel.messages import render

days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
births = st.dates(date(1900, 1, 1), date(2100, 12, 31))
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2024, 2, 29), 24, date(2026, 3, 1)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 2, 28), 12, date(2024, 2, 28)),
        (date(2025, 1, 31), 1, date(2025, 3, 1)),
        (date(2024, 1, 31), 1, date(2024, 3, 1)),
        (date(2024, 1, 29), 1, date(2024, 2, 29)),
        (date(2025, 3, 31), 1, date(2025, 5, 1)),
        (date(2025, 11, 30), 3, date(2026, 3, 1)),
        (date(2025, 12, 31), 12, date(2026, 12, 31)),
        (date(2025, 1, 1), -1, date(2024, 12, 1)),
        (date(2025, 7, 1), 0, date(2025, 7, 1)),
        (date(2000, 2, 29), 1200, date(2100, 3, 1)),
    ],
)
def test_anniversary(start: date, months: int, expected: date) -> None:
    assert anniversary(start, months) == expected


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2023, 5, 1), 12, date(2024, 4, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 3, 1), 12, date(2024, 2, 29)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
    ],
)
def test_term_end_is_inclusive(start: date, months: int, expected: date) -> None:
    assert term_end(start, months) == expected


def test_terms_from_the_first_start_keep_the_leap_day_and_chained_ones_lose_it() -> None:
    first = date(2024, 2, 29)
    chained = first
    for _ in range(4):
        chained = anniversary(chained, 12)
    assert anniversary(first, 48) == date(2028, 2, 29) != chained


@given(days, st.integers(1, 240))
def test_terms_follow_one_another_without_gap_or_overlap(start: date, months: int) -> None:
    end = term_end(start, months)
    assert end + DAY == anniversary(start, months)
    assert end >= start
    # dateutil clips to the month's last day; the two agree but where the day is missing, and there by one day
    clipped = start + relativedelta(months=months)
    assert anniversary(start, months) == (clipped if clipped.day == start.day else clipped + DAY)


def test_a_term_has_at_least_one_month() -> None:
    with pytest.raises(ValueError, match="at least one month"):
        term_end(date(2026, 1, 1), 0)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
        (date(2000, 2, 29), date(2028, 2, 28), 27),
        (date(2000, 2, 29), date(2028, 2, 29), 28),
        (date(2010, 11, 22), date(2026, 11, 22), 16),
        (date(2010, 11, 23), date(2026, 11, 22), 15),
        (date(2026, 11, 22), date(2026, 11, 22), 0),
    ],
)
def test_age(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


@given(births, st.integers(0, 90), st.dates(date(2000, 1, 1), date(2190, 12, 31)))
def test_birth_bounds_agree_with_age(birth: date, age: int, day: date) -> None:
    assert (age_on(birth, day) >= age) == (birth <= latest_birth(age, day))
    assert (age_on(birth, day) <= age) == (birth >= earliest_birth(age, day))


def test_birth_bounds_are_tight_on_every_day_of_five_years() -> None:
    day = date(2024, 1, 1)
    while day < date(2029, 1, 1):
        for age in (15, 16, 60):
            latest, earliest = latest_birth(age, day), earliest_birth(age, day)
            assert age_on(latest, day) >= age > age_on(latest + DAY, day), day
            assert age_on(earliest, day) <= age < age_on(earliest - DAY, day), day
        day += DAY


def test_period_is_inclusive() -> None:
    year = Period(date(2024, 3, 1), date(2025, 2, 28))
    assert year.days == 365
    assert year.contains(date(2024, 3, 1)) and year.contains(date(2025, 2, 28))
    assert not year.contains(date(2024, 2, 29)) and not year.contains(date(2025, 3, 1))
    assert Period(date(2026, 1, 1), date(2026, 1, 1)).days == 1
    with pytest.raises(ValueError, match="before it starts"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_periods_that_touch_overlap_only_on_a_common_day() -> None:
    first = Period(date(2025, 1, 1), date(2025, 12, 31))
    assert not first.overlaps(Period(date(2026, 1, 1), date(2026, 12, 31)))
    assert first.overlaps(Period(date(2025, 12, 31), date(2026, 12, 30)))
    assert Period(date(2025, 12, 31), date(2026, 12, 30)).overlaps(first)


@given(days, st.integers(0, 60), days, st.integers(0, 60))
def test_overlap_is_having_a_day_in_common(one: date, length: int, other: date, length2: int) -> None:
    a = Period(one, min(one + length * DAY, date(2199, 12, 31)))
    b = Period(other, min(other + length2 * DAY, date(2199, 12, 31)))
    shared = {a.starts + n * DAY for n in range(a.days)} & {b.starts + n * DAY for n in range(b.days)}
    assert a.overlaps(b) == bool(shared)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05",
        "20260105",
        "2026.1.5",
        "2026/1/5",
        "2026年1月5日",
        " 2026 年 1 月 5 日 ",
        "２０２６－０１－０５",
        "2026/01/05",
    ],
)
def test_parse_day(text: str) -> None:
    assert parse_day(text) == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "kernel.date_form"),
        ("5/1/2026", "kernel.date_form"),
        ("2026-1/5", "kernel.date_form"),
        ("2026015", "kernel.date_form"),
        ("46027", "kernel.date_form"),
        ("2026-01-05T00:00", "kernel.date_form"),
        ("٢٠٢٦-٠١-٠٥", "kernel.date_form"),
        ("tomorrow", "kernel.date_form"),
        ("2025-02-29", "kernel.date_unknown"),
        ("2026-13-01", "kernel.date_unknown"),
        ("2026-00-10", "kernel.date_unknown"),
        ("1899-12-31", "kernel.date_year"),
        ("2200-01-01", "kernel.date_year"),
        ("9999-12-31", "kernel.date_year"),
        ("[b]\x1b[31m" + "9" * 5000, "kernel.date_form"),
    ],
)
def test_what_is_no_day_is_refused_in_both_languages(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_day(text)
    assert refused.value.code == code
    for lang in ("zh", "en"):
        sentence = render(refused.value.say, lang)
        assert "\x1b" not in sentence and len(sentence) < 250


@given(days)
def test_parse_day_reads_back_what_is_printed(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
    ):
        assert parse_day(text) == day
