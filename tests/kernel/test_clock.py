from datetime import UTC, date, datetime, timedelta

import pytest

from benefits.kernel.clock import Clock, FixedClock, SystemClock


def test_system_clock_is_aware_utc_and_its_day_is_shanghais() -> None:
    system: Clock = SystemClock()
    now = system.now()
    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)
    assert system.today() in {(now + timedelta(hours=8)).date(), (now + timedelta(hours=8, seconds=5)).date()}


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_business_day_changes_at_sixteen_utc(instant: datetime, day: date) -> None:
    class Stopped(SystemClock):
        def now(self) -> datetime:
            return instant

    assert Stopped().today() == day


def test_fixed_clock_stands_at_noon() -> None:
    fixed: Clock = FixedClock(date(2028, 2, 29))
    assert fixed.today() == date(2028, 2, 29)
    assert fixed.now() == datetime(2028, 2, 29, 4, tzinfo=UTC)
    assert fixed.now().tzinfo is UTC
