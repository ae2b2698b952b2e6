"""A small generated district on each engine."""

from datetime import date

import pytest

from sample_data.generate import TODAY
from tests.districts import clock, district

__all__ = ["clock", "district"]


@pytest.fixture
def today() -> date:
    return TODAY
