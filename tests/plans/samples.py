"""Random rules and awkward people for the rule tests."""

import random
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from benefits.plans.conditions import CODES, DATES, FLAGS, Fact

STARTS = (
    date(2024, 2, 29),
    date(2025, 2, 28),
    date(2025, 3, 1),
    date(2026, 1, 1),
    date(2026, 12, 31),
    date(2028, 2, 29),
)
AGES = (16, 18, 54, 55, 59, 60)
CODED = tuple(CODES)


def births() -> list[date]:
    """Births around every age boundary of every start, and leap days."""
    found = {date(1964, 2, 29), date(1968, 2, 29), date(2008, 2, 29), date(2012, 2, 29), date(1965, 4, 30)}
    for start in STARTS:
        for age in AGES:
            near = (
                date(start.year - age, 2, 28)
                if (start.month, start.day) == (2, 29)
                else start.replace(year=start.year - age)
            )
            found |= {
                near + timedelta(days=shift) for shift in (-367, -366, -365, -1, 0, 1, 2, 364, 365, 366)
            }
    return sorted(found)


def people(count: int, seed: int = 20261122) -> list[dict[str, Any]]:
    """Rows of facts: each datum missing in one of seven, every boundary birth at least once."""
    chance = random.Random(seed)
    days = births()

    def maybe(value: Any) -> Any:
        return None if chance.random() < 1 / 7 else value

    rows = []
    for number in range(count):
        birth = days[number] if number < len(days) else chance.choice(days)
        row: dict[str, Any] = {fact.value: maybe(chance.choice(sorted(CODES[fact]))) for fact in CODED}
        row |= {fact.value: maybe(chance.random() < 0.5) for fact in FLAGS}
        row["birth"] = maybe(birth) if number >= len(days) else birth
        row["joined_on"] = maybe(
            chance.choice([*STARTS, date(2020, 1, 1), date(2019, 12, 31), date(2020, 1, 2)])
        )
        month = chance.choice([date(s.year + y, s.month, 1) for s in STARTS for y in (0, 1)])
        row["retirement_month"] = maybe((month + timedelta(days=chance.choice([-1, 0, 31]))).replace(day=1))
        rows.append(row | {"id": number + 1})
    return rows


def _span(low: int, high: int) -> list[int]:
    return [min(low, high), max(low, high)]


_at = st.sampled_from(["start", "end"])
_age = st.sampled_from(AGES)
_spans = st.builds(_span, _age, _age)
_day = st.sampled_from(["start", *STARTS, date(2020, 1, 1)])
_coded = st.sampled_from(CODED).flatmap(
    lambda fact: st.one_of(
        st.builds(lambda code: {"fact": fact.value, "is": code}, st.sampled_from(sorted(CODES[fact]))),
        st.builds(
            lambda codes: {"fact": fact.value, "one_of": codes},
            st.lists(st.sampled_from(sorted(CODES[fact])), min_size=1, max_size=3),
        ),
    )
)
_flags = st.sampled_from(sorted(FLAGS)).flatmap(
    lambda fact: st.sampled_from(
        [{"fact": fact.value, "is": True}, {"fact": fact.value, "is": False}, {"has": fact.value}]
    )
)
_ages = st.one_of(
    st.builds(lambda span, at: {"fact": "birth", "age_between": span, "at": at}, _spans, _at),
    st.builds(lambda age, at: {"min_age": age, "at": at}, _age, _at),
    st.builds(lambda age, at: {"max_age": age, "at": at}, _age, _at),
    st.builds(lambda m, f, at: {"age_by_sex": {"male": m, "female": f}, "at": at}, _spans, _spans, _at),
    st.builds(lambda at: {"below_statutory_retirement": True, "at": at}, _at),
)
_dated = st.builds(
    lambda fact, bounds: {"fact": fact.value, **bounds},
    st.sampled_from(sorted(DATES)),
    st.dictionaries(
        st.sampled_from(["on_or_after", "after", "on_or_before", "before"]), _day, min_size=1, max_size=3
    ),
)
_known = st.sampled_from(list(Fact)).map(lambda fact: {"known": fact.value})
leaves = st.one_of(_coded, _flags, _ages, _dated, _known)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(lambda test: {"not": test}),
        st.lists(inner, min_size=1, max_size=4).map(lambda tests: {"all": tests}),
        st.lists(inner, min_size=1, max_size=4).map(lambda tests: {"any": tests}),
    ),
    max_leaves=12,
)
