"""Last year's covers (上期参保): which plans, what they cost then, and when a unit's terms end, as days
from the business day.

Prices and splits are those of the plan editions (a test compares them with the catalogue); here they are
facts of the past.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from benefits.kernel.dates import anniversary, term_end


@dataclass(frozen=True, slots=True)
class Sold:
    """An edition as it was sold."""

    plan: str
    edition: str
    waiting_days: int


WOMEN = Sold("bj-women-disease-1y", "2018", 30)
ACCIDENT = Sold("bj-accident-1y", "2017", 0)
BUNDLE = Sold("bj-five-covers", "2021", 0)
SHARE_FEN = {(WOMEN, None): 2500, (ACCIDENT, "26"): 2600, (ACCIDENT, "50"): 5000, (ACCIDENT, "74"): 7400} | {
    (ACCIDENT, "100"): 10000,
    (BUNDLE, None): 14000,
}
WOMEN_ENDS = (-2, 8, 8, 15, 23, 39, 39, 105)
"""Days from the business day to the end of a unit's term: most within six weeks, some in March (女职工节)."""
ACCIDENT_ENDS = (8, 23, 39, 39, 174)
BUNDLE_ENDS = (39,)
GRACE_IN, GRACE_OUT = -30, -31
"""The last day of a thirty-day grace is the business day; the day before that it is over."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What a unit took out last year: the edition, the end of the term, tier, shares, who pays."""

    sold: Sold
    ends: date
    tier: str | None
    shares: int
    funding: str
    joining: float

    @property
    def fen(self) -> int:
        """Fee of one person."""
        return SHARE_FEN[self.sold, self.tier] * self.shares


@dataclass(frozen=True, slots=True)
class Term:
    """A term with its waiting period as a first one."""

    starts: date
    ends: date
    waiting_until: date | None


@lru_cache(maxsize=1000)
def term(sold: Sold, ends: date, years_back: int) -> Term:
    """The term that ended so many years before ``ends``; computed from the day after ``ends``, never
    chained.
    """
    after = ends + timedelta(days=1)
    starts = anniversary(after, -12 * (years_back + 1))
    waiting = starts + timedelta(days=sold.waiting_days - 1) if sold.waiting_days else None
    return Term(starts, term_end(starts, 12), waiting)
