"""A small generated district on each engine."""

from datetime import date

import pytest

from benefits.kernel.clock import Clock, FixedClock
from sample_data.generate import TODAY


@pytest.fixture
def clock() -> Clock:
    """The sample's business day."""
    return FixedClock(TODAY)


@pytest.fixture
def today() -> date:
    return TODAY
