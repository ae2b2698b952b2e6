"""How paper says numbers, dates and amounts in its language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from benefits.kernel.clock import SHANGHAI
from benefits.kernel.messages import text
from benefits.kernel.money import yuan

Progress = Callable[[int, int], None]
NONE = "—"
_NUMERALS = "〇一二三四五六七八九"
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Words:
    """A paper's language, its part of the catalogue (``reports.<part>``), and the counters of its tables and
    figures."""

    lang: str
    part: str
    counters: dict[str, int] = field(default_factory=dict)

    def __call__(self, key: str, /, **params: object) -> str:
        """A message of the paper's own part of the catalogue."""
        return text(f"reports.{self.part}.{key}", self.lang, **params)

    def shared(self, key: str, /, **params: object) -> str:
        """A message that all papers have."""
        return text(f"reports.shared.{key}", self.lang, **params)

    def next(self, key: str, title: str) -> str:
        """The caption of the next table or figure: 表3  按计划汇总."""
        self.counters[key] = self.counters.get(key, 0) + 1
        return self(key, number=self.counters[key], title=title)

    def day(self, day: date) -> str:
        """A date as in running text: 2026年11月22日, 22 November 2026."""
        if self.lang == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def moment(self, at: datetime) -> str:
        """An instant as the local time of day in Shanghai."""
        local = at.astimezone(SHANGHAI)
        return f"{self.day(local.date())} {local:%H:%M}"

    def span(self, first: date, last: date) -> str:
        """A period, both days included."""
        return self.shared("span", first=self.day(first), last=self.day(last))

    def join(self, parts: Sequence[str]) -> str:
        """A list inside a sentence: 甲、乙、丙."""
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def sentences(self, parts: Sequence[str]) -> str:
        """Clauses one after another."""
        return ("；" if self.lang == "zh" else "; ").join(parts)

    def prose(self, parts: Sequence[str]) -> str:
        """Whole sentences one after another."""
        return ("" if self.lang == "zh" else " ").join(parts)

    def numbered(self, number: int, title: str) -> str:
        """A first-level heading: 一、…"""
        return f"{chinese_number(number)}、{title}" if self.lang == "zh" else f"{number}. {title}"

    def sub(self, number: int, title: str) -> str:
        """A second-level heading: （一）…"""
        return f"（{chinese_number(number)}）{title}" if self.lang == "zh" else f"({number}) {title}"


def chinese_number(number: int) -> str:
    """1 to 99 as headings count: 十, 十一, 二十三.

    >>> chinese_number(2), chinese_number(10), chinese_number(34)
    ('二', '十', '三十四')
    """
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones]
    return (_NUMERALS[tens] if tens > 1 else "") + "十" + (_NUMERALS[ones] if ones else "")


def count(number: int | None) -> str:
    """A count with separators; a dash where it is not known."""
    return NONE if number is None else f"{number:,}"


def amount(fen: int | None) -> str:
    """Yuan with two decimals; a dash where it is not known."""
    return NONE if fen is None else yuan(fen)


def percent(part: int, whole: int) -> str:
    """A rate with one decimal, rounded half up in whole numbers; a dash where there is no base.

    >>> percent(2, 3), percent(1, 0)
    ('66.7%', '—')
    """
    if whole <= 0:
        return NONE
    return tenths((part * 2000 + whole) // (whole * 2))


def basis_points(ratio: int | None) -> str:
    """A ratio of 10 000 as per cent; cut, not rounded, since 49.99 % is not 50 %.

    >>> basis_points(4999), basis_points(5000), basis_points(None)
    ('49.99%', '50%', '—')
    """
    if ratio is None:
        return NONE
    return f"{ratio // 100}.{ratio % 100:02d}".rstrip("0").rstrip(".") + "%"


def change(now: int, before: int | None) -> str:
    """The change against a year ago in per cent, with its sign."""
    if before is None or before <= 0:
        return NONE
    tenth = (abs(now - before) * 2000 + before) // (before * 2)
    sign = "+" if now > before and tenth else "−" if now < before and tenth else ""
    return sign + tenths(tenth)


def tenths(number: int) -> str:
    """Tenths of a per cent as text."""
    return f"{number // 10}.{number % 10}%"
