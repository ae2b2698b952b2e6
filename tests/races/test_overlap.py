"""Eight processes cover the same person at the same time: the database lets one of them, and with its guard
off it lets them all."""

import pytest
from sqlmodel import col, select

from benefits.enrollment.models import Enrollment
from benefits.kernel.unit import Database
from tests.races.verbs import cover
from tests.races.workers import hire, race
from tests.renewal.factory import World, plan_text


@pytest.fixture
def person(world: World) -> World:
    """Somebody without cover."""
    world.publish(plan_text())
    world.person()
    return world


def _drop_guards(database: Database) -> None:
    statements = (
        ["ALTER TABLE enrollment DROP CONSTRAINT enrollment_overlap"]
        if database.dialect == "postgresql"
        else ["DROP TRIGGER enrollment_overlap_insert", "DROP TRIGGER enrollment_overlap_update"]
    )
    with database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _race(world: World, where: str) -> list[str]:
    workers = [hire(where, cover, shift=shift) for shift in range(8)]
    found: list[str] = race(workers)
    with world.database.read(world.actor) as unit:
        terms = unit.exec(select(Enrollment).where(col(Enrollment.member_id) == 1)).all()
    assert len(terms) == found.count("covered")
    return sorted(found)


def test_one_of_eight_covers_the_person(person: World, database_url: str) -> None:
    assert _race(person, database_url) == ["covered"] + ["refused"] * 7


def test_without_the_guard_they_overlap(person: World, database_url: str) -> None:
    """The twin: what the test above would show if the guard were missing."""
    _drop_guards(person.database)
    assert _race(person, database_url) == ["covered"] * 8
