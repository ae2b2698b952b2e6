"""Row-level security (行级安全): on PostgreSQL the scope holds even for a statement that no filter of ours
touched."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from benefits.database import open_database
from benefits.kernel.actions import Actor
from benefits.kernel.clock import Clock
from benefits.kernel.unit import Database
from benefits.organisations import service
from benefits.organisations.models import Level, Organisation


@pytest.fixture
def limited(postgresql_url: str, clock: Clock, root: Actor) -> Iterator[tuple[Database, dict[str, int]]]:
    """A tree of two streets, and the database opened as a role that is no superuser."""
    made = open_database(postgresql_url, clock=clock)

    def found(name: str, level: Level, parent: int | None) -> int:
        day = date(2000, 1, 1)
        return made.act(root, service.found, name=name, code=name, level=level, parent_id=parent, founded=day)

    district = found("区", Level.DISTRICT, None)
    ids = {"district": district, "east": found("东", Level.SUBDISTRICT, district)}
    ids["west"] = found("西", Level.SUBDISTRICT, district)
    ids["unit"] = found("东一", Level.GRASSROOTS, ids["east"])
    yield made, ids
    made.close()


def _clerk(ids: dict[str, int], street: str) -> Actor:
    return Actor("c", "c", frozenset({"*"}), f"/{ids['district']}/{ids[street]}/")


def test_a_core_statement_sees_only_the_subtree(
    limited: tuple[Database, dict[str, int]], root: Actor
) -> None:
    database, ids = limited
    table = Organisation.__table__  # type: ignore[attr-defined]  # a Core select, which no ORM filter covers
    with database.read(root) as unit:
        assert unit.session.execute(select(func.count()).select_from(table)).scalar_one() == 4
    with database.read(_clerk(ids, "east")) as unit:
        seen = set(unit.session.execute(select(table.c.id)).scalars())
    assert seen == {ids["east"], ids["unit"]}


def test_a_connection_without_a_scope_sees_nothing(limited: tuple[Database, dict[str, int]]) -> None:
    database, _ = limited
    with database.engine.connect() as connection, Session(connection) as session:
        assert session.execute(select(func.count()).select_from(Organisation)).scalar_one() == 0


def test_a_row_cannot_be_written_outside_the_scope(limited: tuple[Database, dict[str, int]]) -> None:
    database, ids = limited
    west = _clerk(ids, "west")
    made = database.act(
        west,
        service.found,
        name="西一",
        code="西一",
        level=Level.GRASSROOTS,
        parent_id=ids["west"],
        founded=date(2000, 1, 1),
    )
    with database.read(west) as unit:
        query = select(col(Organisation.path)).where(col(Organisation.id) == made)
        assert unit.session.execute(query).scalar_one().startswith(west.scope)
    table = Organisation.__table__  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="row-level security"), database.engine.begin() as connection:
        connection.execute(select(func.set_config("benefits.scope", west.scope, True)))
        connection.execute(
            table.insert().values(
                path=f"/{ids['district']}/{ids['east']}/",
                level="grassroots",
                code="x",
                name="x",
                founded=date.today(),
            )
        )
