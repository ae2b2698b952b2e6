"""The generated district."""

from tests.districts import clerk, clock, district, office

__all__ = ["clerk", "clock", "district", "office"]
