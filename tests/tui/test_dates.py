"""Dates as they are typed."""

from datetime import date

import pytest

from benefits.kernel.errors import Refused
from tui.presenters.dates import day_words, month_end, read_day

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("20260105", date(2026, 1, 5)),
        ("2026-1-5", date(2026, 1, 5)),
        ("２０２６年１月５日", date(2026, 1, 5)),
        ("1.5", date(2026, 1, 5)),
        ("1月5日", date(2026, 1, 5)),
        (" 12/31 ", date(2026, 12, 31)),
        ("今天", TODAY),
        ("年底", date(2026, 12, 31)),
        ("月底", date(2026, 11, 30)),
        ("+30", date(2026, 12, 22)),
        ("-60天", date(2026, 9, 23)),
        ("+3m", date(2027, 2, 22)),
        ("+1年", date(2027, 11, 22)),
    ],
)
def test_what_a_hand_writes_is_read(typed: str, day: date) -> None:
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["", "明年", "2.30", "13.1", "05/01/2026", "+"])
def test_what_is_no_day_is_refused_with_a_reason(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        read_day(typed, TODAY)
    assert refused.value.code.startswith("kernel.date_")


def test_the_end_of_a_month_and_a_leap_day() -> None:
    assert month_end(date(2028, 2, 3)) == date(2028, 2, 29)
    assert read_day("+1y", date(2028, 2, 29)) == date(2029, 3, 1)


def test_the_echo_tells_the_weekday() -> None:
    assert day_words(date(2026, 11, 22), "zh") == "2026-11-22 周日"
    assert day_words(date(2026, 11, 22), "en") == "2026-11-22 Sun"
