"""The statutory retirement month (法定退休年龄) since 2025, and the flexible range around it.

Source: decision of the NPC Standing Committee of 2024-09-13, in force from 2025-01-01 [S89]; flexible
retirement by 人社部发〔2024〕94号 [S90]; DOMAIN 2.5. Men go from 60 to 63 and women-55 to 58 by one month for
every four birth months, women-50 to 55 by one month for every two:

    delay = min(cap, floor((birth month - first month) / step) + 1), and 0 for those born before the first
    month.

Months are dates on their first day. A woman's category cannot be read from her ID: she must be asked. Special
work and others for whom the state rules otherwise (国家另有规定的) stand outside this rule.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from benefits.kernel.dates import anniversary
from benefits.kernel.errors import Say, say

_FLEXIBLE_MONTHS = 36


class RetirementCategory(Enum):
    """退休类别: the retirement age that held before 2025."""

    M60 = "M60"
    F55 = "F55"
    F50 = "F50"


def category_words(category: RetirementCategory) -> Say:
    """What the category is called on screens and paper."""
    return say(f"members.category_{category.value.lower()}")


@dataclass(frozen=True, slots=True)
class _Rule:
    original_age: int
    first_year: int  # the first birth month with a delay is January of this year
    step: int
    cap: int


_RULES = {
    RetirementCategory.M60: _Rule(60, 1965, 4, 36),
    RetirementCategory.F55: _Rule(55, 1970, 4, 36),
    RetirementCategory.F50: _Rule(50, 1975, 2, 60),
}


def delay_months(category: RetirementCategory, birth: date) -> int:
    """Months of delay (延迟月数) against the original age."""
    rule = _RULES[category]
    since = (birth.year - rule.first_year) * 12 + birth.month - 1
    return 0 if since < 0 else min(rule.cap, since // rule.step + 1)


def statutory_month(category: RetirementCategory, birth: date) -> date:
    """The first day of the month in which the statutory age is reached (法定退休年月)."""
    return anniversary(_original_month(category, birth), delay_months(category, birth))


def flexible_months(category: RetirementCategory, birth: date) -> tuple[date, date] | None:
    """The earliest and latest month of flexible retirement (弹性退休), as first days; None where the old rule
    still holds.

    Earlier by at most three years but never before the original age, later by at most three years. The years
    of contribution, the notice and who may not defer [S90] are for a clerk to check.
    """
    if delay_months(category, birth) == 0:
        return None
    statutory = statutory_month(category, birth)
    earliest = max(anniversary(statutory, -_FLEXIBLE_MONTHS), _original_month(category, birth))
    return earliest, anniversary(statutory, _FLEXIBLE_MONTHS)


def _original_month(category: RetirementCategory, birth: date) -> date:
    return anniversary(birth.replace(day=1), _RULES[category].original_age * 12)
