"""The clock (时钟): the only place that asks for the time. Everything else is told what day it is.

A business day is a day in Asia/Shanghai, an instant is aware UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """What a unit of work knows of the time."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""

    def today(self) -> date:
        """The business day in Asia/Shanghai."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The business day in Asia/Shanghai; it changes at 16:00 UTC."""
        return self.now().astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands at noon in Shanghai on one day: for ``--as-of`` and for tests."""

    day: date

    def now(self) -> datetime:
        """Noon in Shanghai on that day, in UTC."""
        return datetime.combine(self.day, time(12), SHANGHAI).astimezone(UTC)

    def today(self) -> date:
        """That day."""
        return self.day
