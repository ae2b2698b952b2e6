"""Dates (日期): cover runs from ``starts`` to ``ends``, both inclusive, as printed on the policy.

One rule for a day that a month does not have: it becomes the first day of the next month. So the anniversary
of 29 February in a common year is 1 March, that of 31 January after one month is 1 March, and ``end =
anniversary - 1 day`` is then the last day of the month: no term is shorter than the months it was sold for.
Term n is computed from the first start (``anniversary(start, 12 * n)``), never from term n-1, so that a leap
day is not lost on the way.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from benefits.kernel.errors import Refused
from benefits.kernel.text import shown

_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_FORMS = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
    re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日"),
)


def anniversary(start: date, months: int) -> date:
    """The day ``months`` months after ``start`` (negative: before it); a missing day is the first of the next
    month.

    >>> anniversary(date(2024, 2, 29), 12), anniversary(date(2024, 2, 29), 48)
    (datetime.date(2025, 3, 1), datetime.date(2028, 2, 29))
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return date(year, month + 1, start.day)
    except ValueError:  # the month has no such day; never December, which has all 31
        return date(year, month + 2, 1)


def term_end(start: date, months: int) -> date:
    """The last day (inclusive) of a term of ``months`` months that begins on ``start`` (止期).

    >>> term_end(date(2026, 1, 1), 12)
    datetime.date(2026, 12, 31)
    """
    if months < 1:
        raise ValueError(f"a term has at least one month, not {months}")
    return anniversary(start, months) - _DAY


def age_on(birth: date, day: date) -> int:
    """Full years of age (周岁) on ``day``; somebody born on 29 February turns a year older on 1 March in a
    common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def latest_birth(age: int, day: date) -> date:
    """The latest birth date of somebody who is at least ``age`` on ``day``: ``age_on(b, day) >= age`` iff ``b
    <=`` this.

    >>> latest_birth(16, date(2026, 11, 22))
    datetime.date(2010, 11, 22)
    """
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February, and no leap year then
        return date(day.year - age, 2, 28)


def earliest_birth(max_age: int, day: date) -> date:
    """The earliest birth date of somebody who is at most ``max_age`` on ``day``: ``age_on(b, day) <=
    max_age`` iff ``b >=`` this.

    >>> earliest_birth(60, date(2026, 11, 22))
    datetime.date(1965, 11, 23)
    """
    return latest_birth(max_age + 1, day) + _DAY


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``starts`` to ``ends``, both inclusive (起止期)."""

    starts: date
    ends: date

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise ValueError(f"a period cannot end ({self.ends}) before it starts ({self.starts})")

    @property
    def days(self) -> int:
        """How many days, the first and the last counted."""
        return (self.ends - self.starts).days + 1

    def contains(self, day: date) -> bool:
        """Whether ``day`` is in the period; the first and the last day are."""
        return self.starts <= day <= self.ends

    def overlaps(self, other: "Period") -> bool:
        """Whether at least one day is in both."""
        return self.starts <= other.ends and other.starts <= self.ends


def parse_day(text: str) -> date:
    """A date as clerks write it: 2026-01-05, 2026/1/5, 2026.1.5, 20260105, 2026年1月5日, in any width.

    Year first only: 05/01/2026 is two different days. Raises Refused with what was read.

    >>> parse_day("２０２６年1月5日")
    datetime.date(2026, 1, 5)
    """
    cleaned = unicodedata.normalize("NFKC", text).strip()
    match = next((found for form in _FORMS if (found := form.fullmatch(cleaned))), None)
    if match is None:
        raise Refused("kernel.date_form", text=shown(text))
    year, month, day = (int(part) for part in match.groups())
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Refused("kernel.date_year", text=shown(text), first=_FIRST_YEAR, last=_LAST_YEAR)
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused("kernel.date_unknown", text=shown(text)) from None
