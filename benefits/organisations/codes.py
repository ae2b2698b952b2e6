"""Code lists of the union's own form of a unit (单位登记表代码) [S86].

The numbers are known; the names of the industries and of some types are not, and are shown as 待核实 instead
of being guessed (DOMAIN 2.1).
"""

from benefits.kernel.errors import Say, say

INDUSTRIES = tuple(f"{number:02}" for number in range(1, 21))
"""Industry (所属行业), 01–20."""
UNIT_TYPES = tuple("110 120 130 140 151 159 161 169 170 190 200 300 400 500 600 700".split())
"""Type of the unit (单位性质)."""
_NAMED = frozenset("110 120 170 200 300 400 500 600 700".split())


def industry_words(code: str) -> Say:
    """An industry as a screen shows it."""
    return say("organisations.industry", code=code)


def unit_type_words(code: str) -> Say:
    """A type of unit as a screen shows it."""
    if code in _NAMED:
        return say(f"organisations.unit_type.{code}")
    return say("organisations.unit_type_unnamed", code=code)
