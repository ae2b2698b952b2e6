"""A reference interpreter of tests: three-valued logic over one row in Python, written apart from the SQL
compiler.

It exists only here, to catch the compiler in a lie; nothing of the program may use it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from benefits.plans import conditions as c

Row = Mapping[str, Any]


def years(birth: date, day: date) -> int:
    """Full years by counting birthdays; who was born on 29 February has it on 1 March in common years."""
    count = 0
    while True:
        year = birth.year + count + 1
        try:
            birthday = date(year, birth.month, birth.day)
        except ValueError:
            birthday = date(year, 3, 1)
        if birthday > day:
            return count
        count += 1


def last_day(start: date, months: int = 12) -> date:
    """The day before the same day ``months`` later."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = start.day
    try:
        following = date(year, month + 1, day)
    except ValueError:
        following = date(year, month + 2, 1)
    return following - timedelta(days=1)


def holds(test: Any, row: Row, start: date) -> bool | None:
    """True, False or None (a datum is missing)."""
    match test:
        case c.Is():
            return None if row[test.fact] is None else row[test.fact] == test.value
        case c.OneOf():
            return None if row[test.fact] is None else row[test.fact] in test.values
        case c.Has():
            return None if row[test.fact] is None else bool(row[test.fact])
        case c.Known():
            return row[test.fact] is not None
        case c.Not():
            inner = holds(test.test, row, start)
            return None if inner is None else not inner
        case c.All():
            return both([holds(part, row, start) for part in test.parts])
        case c.AnyOf():
            return either([holds(part, row, start) for part in test.parts])
        case _:
            return _by_date(test, row, start)


def both(values: list[bool | None]) -> bool | None:
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def either(values: list[bool | None]) -> bool | None:
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def _by_date(test: Any, row: Row, start: date) -> bool | None:
    if isinstance(test, c.Dated):
        return _dated(test, row, start)
    day = start if test.at == "start" else last_day(start)
    if isinstance(test, c.BelowRetirement):
        month = row["retirement_month"]
        return None if month is None else (day.year, day.month) < (month.year, month.month)
    birth = row["birth"]
    age = None if birth is None else years(birth, day)
    if isinstance(test, c.AgeBySex):
        return either(
            [
                _sexed(row["sex"], "male", age, test.ages.male),
                _sexed(row["sex"], "female", age, test.ages.female),
            ]
        )
    if age is None:
        return None
    if isinstance(test, c.AgeBetween):
        return test.ages[0] <= age <= test.ages[1]
    if isinstance(test, c.MinAge):
        return age >= test.age
    assert isinstance(test, c.MaxAge)
    return age <= test.age


def _sexed(sex: str | None, wanted: str, age: int | None, span: tuple[int, int]) -> bool | None:
    return both([None if sex is None else sex == wanted, None if age is None else span[0] <= age <= span[1]])


def _dated(test: c.Dated, row: Row, start: date) -> bool | None:
    value = row[test.fact]
    if value is None:
        return None
    verdicts = []
    for name, bound in (
        ("on_or_after", test.on_or_after),
        ("after", test.after),
        ("on_or_before", test.on_or_before),
        ("before", test.before),
    ):
        if bound is not None:
            day = start if bound == "start" else bound
            verdicts.append(
                {
                    "on_or_after": value >= day,
                    "after": value > day,
                    "on_or_before": value <= day,
                    "before": value < day,
                }[name]
            )
    return all(verdicts)
