import csv
from calendar import monthrange
from datetime import date
from pathlib import Path

import pytest

from benefits.kernel.dates import anniversary
from benefits.kernel.messages import render
from benefits.members.retirement import (
    RetirementCategory,
    category_words,
    delay_months,
    flexible_months,
    statutory_month,
)

TABLE = Path(__file__).parents[1] / "data" / "retirement_table.csv"


def month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def test_every_row_of_the_official_table_on_the_first_and_last_day_of_the_month() -> None:
    rows = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
    assert (
        len(rows) == 480
    )  # each category from a year before its first delayed month to a year after its cap
    originals = {"M60": 60, "F55": 55, "F50": 50}
    for row in rows:
        category, first = RetirementCategory(row["category"]), month(row["birth_ym"])
        last = first.replace(day=monthrange(first.year, first.month)[1])
        ends = (row["earliest_flexible_ym"], row["latest_flexible_ym"])
        flexible = (month(ends[0]), month(ends[1])) if all(ends) else None
        for birth in (first, last):
            assert delay_months(category, birth) == int(row["delay_months"]), row
            assert statutory_month(category, birth) == month(row["statutory_ym"]), row
            assert flexible_months(category, birth) == flexible, row
        age = divmod(originals[row["category"]] * 12 + int(row["delay_months"]), 12)
        assert age == (int(row["age_years"]), int(row["age_months"])), row


@pytest.mark.parametrize(
    ("category", "birth", "expected"),
    [
        (RetirementCategory.M60, date(1964, 12, 31), date(2024, 12, 1)),
        (RetirementCategory.M60, date(1965, 4, 30), date(2025, 5, 1)),
        (RetirementCategory.M60, date(1965, 5, 1), date(2025, 7, 1)),
        (RetirementCategory.F50, date(1975, 2, 28), date(2025, 3, 1)),
        (RetirementCategory.F50, date(1975, 3, 1), date(2025, 5, 1)),
        (RetirementCategory.M60, date(2000, 2, 29), date(2063, 2, 1)),
        (RetirementCategory.M60, date(1930, 6, 30), date(1990, 6, 1)),
    ],
)
def test_boundaries(category: RetirementCategory, birth: date, expected: date) -> None:
    assert statutory_month(category, birth) == expected


@pytest.mark.parametrize(
    ("category", "first", "step", "cap"),
    [
        (RetirementCategory.M60, date(1965, 1, 1), 4, 36),
        (RetirementCategory.F55, date(1970, 1, 1), 4, 36),
        (RetirementCategory.F50, date(1975, 1, 1), 2, 60),
    ],
)
def test_480_birth_months_of_each_category_by_the_printed_bands(
    category: RetirementCategory, first: date, step: int, cap: int
) -> None:
    """1,440 cases, laid out as the annex is: band after band, none before, the cap after."""
    births = [anniversary(date(1950, 1, 1), months) for months in range(480)]
    expected = [0 for birth in births if birth < first]
    for delay in range(1, cap + 1):
        expected += [delay] * step
    expected += [cap] * (480 - len(expected))
    assert [delay_months(category, birth) for birth in births] == expected
    for birth, delay in zip(births, expected, strict=True):
        age = int(category.value[1:]) * 12 + delay
        retired = statutory_month(category, birth)
        assert (retired.year - birth.year) * 12 + retired.month - birth.month == age


@pytest.mark.parametrize("category", RetirementCategory)
def test_who_is_born_later_never_retires_earlier(category: RetirementCategory) -> None:
    births = [anniversary(date(1940, 1, 1), step) for step in range(12 * 80)]
    months = [statutory_month(category, birth) for birth in births]
    assert months == sorted(months)
    for birth, statutory in zip(births, months, strict=True):
        flexible = flexible_months(category, birth)
        assert flexible is None or flexible[0] <= statutory <= flexible[1]


def test_each_category_has_its_words() -> None:
    words = {
        render(category_words(category), lang) for category in RetirementCategory for lang in ("zh", "en")
    }
    assert len(words) == 6
