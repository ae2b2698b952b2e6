"""A small district for the tests of the tree."""

from datetime import date

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.unit import Database
from benefits.organisations import service
from benefits.organisations.models import Level

FOUNDED = date(2010, 1, 1)


@pytest.fixture
def tree(database: Database, root: Actor) -> dict[str, int]:
    """A district with two streets, each with two units; ids by code."""
    ids: dict[str, int] = {}

    def found(code: str, level: Level, parent: str | None) -> None:
        ids[code] = database.act(
            root,
            service.found,
            name=f"{code}工会",
            code=code,
            level=level,
            parent_id=ids[parent] if parent else None,
            founded=FOUNDED,
        )

    found("D", Level.DISTRICT, None)
    for street in ("A", "B"):
        found(street, Level.SUBDISTRICT, "D")
        for number in (1, 2):
            found(f"{street}{number}", Level.GRASSROOTS, street)
    return ids
