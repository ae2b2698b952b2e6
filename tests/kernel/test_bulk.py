"""Many rows at once, inside an open action: through the columns' own types, and through the scope."""

from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from benefits.kernel.actions import Actor, action
from benefits.kernel.bulk import reserve, write
from benefits.kernel.unit import Database, WriteUnit
from benefits.members.models import Member, MemberIdentifier
from benefits.organisations.models import Level, Organisation
from benefits.organisations.service import found

COLUMNS = ("id", "organisation_id", "name", "id_number", "version", "changed_at")


@action("kernel.test_bulk", permission="member.edit")
def _register(unit: WriteUnit, place: int, names: list[str]) -> list[int]:
    ids = list(reserve(unit, Member, len(names)))
    rows = [(n, place, name, f"N{name}", 1, unit.clock.now()) for n, name in zip(ids, names, strict=True)]
    assert write(unit, Member, COLUMNS, rows) == len(names)
    return ids


def _street(database: Database, root: Actor, code: str) -> int:
    day = date(2000, 1, 1)
    return database.act(root, found, name=code, code=code, level=Level.DISTRICT, parent_id=None, founded=day)


def test_rows_go_through_the_types_of_their_columns(database: Database, root: Actor) -> None:
    place = _street(database, root, "A")
    first = database.act(root, _register, place, ["甲", "乙"])
    second = database.act(root, _register, place, ["丙"])
    assert len({*first, *second}) == 3
    with database.read(root) as unit:
        rows = unit.exec(select(Member).order_by(col(Member.id))).all()
    assert [(row.name, row.id_number) for row in rows] == [("甲", "N甲"), ("乙", "N乙"), ("丙", "N丙")]


def test_ids_that_were_reserved_are_not_given_again(database: Database, root: Actor) -> None:
    place = _street(database, root, "A")
    (mine,) = database.act(root, _register, place, ["甲"])
    with database.write(root) as unit:
        with unit.acting(_register.__action__):  # type: ignore[attr-defined]
            other = Member(organisation_id=place, name="乙", changed_at=unit.clock.now())
            unit.session.add(other)
            unit.session.flush()
        assert other.id is not None and other.id > mine


def test_a_unit_that_is_not_acting_writes_nothing(database: Database, root: Actor) -> None:
    with database.write(root) as unit, pytest.raises(AssertionError, match="no open action"):
        write(unit, MemberIdentifier, ("id",), [(1,)])


def test_postgresql_refuses_rows_outside_the_scope(postgresql_url: str, root: Actor) -> None:
    from benefits.database import open_database

    database = open_database(postgresql_url)
    try:
        mine, other = _street(database, root, "A"), _street(database, root, "B")
        with database.read(root) as unit:
            path = unit.exec(select(Organisation.path).where(col(Organisation.id) == mine)).one()
        clerk = Actor("c", "c", frozenset({"member.edit"}), path)
        database.act(clerk, _register, mine, ["甲"])
        with pytest.raises(DBAPIError):
            database.act(clerk, _register, other, ["乙"])
    finally:
        database.close()
