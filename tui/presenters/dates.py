"""Dates as clerks type them (日期输入): the kernel's forms, and what a hand writes faster.

``20260105``, ``2026-1-5`` and ``2026年1月5日`` are read by the kernel. Added here: ``1.5`` (this year),
``今天``, ``月底``, ``年底``, and a distance from today: ``+30`` days, ``+3m``, ``-1y``, also ``+30天``,
``+3月``, ``-1年``.
"""

import re
import unicodedata
from datetime import date, timedelta

from benefits.kernel.dates import anniversary, parse_day
from tui.i18n import t

_WORDS = {"今天": "today", "today": "today", "月底": "month", "eom": "month", "年底": "year", "eoy": "year"}
_SHORT = re.compile(r"([0-9]{1,2})[-./月]([0-9]{1,2})日?")
_AWAY = re.compile(r"([+-])([0-9]{1,4})(d|天|日|m|月|个月|y|年)?")


def read_day(text: str, today: date) -> date:
    """The day that was typed. Raises Refused as ``kernel.dates.parse_day`` does.

    >>> read_day("1.5", date(2026, 11, 22)), read_day("+3m", date(2026, 11, 30))
    (datetime.date(2026, 1, 5), datetime.date(2027, 3, 1))
    """
    typed = unicodedata.normalize("NFKC", text).strip().lower()
    if (word := _WORDS.get(typed)) is not None:
        return _named(word, today)
    if (match := _AWAY.fullmatch(typed)) is not None:
        return _away(match, today)
    if (match := _SHORT.fullmatch(typed)) is not None:
        return parse_day(f"{today.year}-{match[1]}-{match[2]}")
    return parse_day(text)


def _named(word: str, today: date) -> date:
    if word == "today":
        return today
    if word == "year":
        return date(today.year, 12, 31)
    return month_end(today)


def _away(match: re.Match[str], today: date) -> date:
    count = int(match[2]) * (1 if match[1] == "+" else -1)
    unit = match[3] or "d"
    if unit in ("m", "月", "个月"):
        return anniversary(today, count)
    if unit in ("y", "年"):
        return anniversary(today, 12 * count)
    return today + timedelta(days=count)


def month_end(day: date) -> date:
    """The last day of the month."""
    return anniversary(day.replace(day=1), 1) - timedelta(days=1)


def day_words(day: date, lang: str) -> str:
    """A date with its weekday, as an echo behind an input: ``2026-01-05 周一``."""
    return f"{day.isoformat()} {t(f'tui.weekday.{day.isoweekday()}', lang)}"
