"""Prepared statements keep to what every statement keeps to: scope, types, one transaction, open actions."""

import pytest
from sqlalchemy import bindparam, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from benefits.access.models import Setting
from benefits.kernel.actions import Action, Actor
from benefits.kernel.prepared import changed, first, rows
from benefits.kernel.unit import Database
from benefits.members.models import Member
from tests.renewal.factory import World

_PEOPLE = (
    select(col(Member.id), col(Member.birth), col(Member.sex))
    .where(col(Member.name) == bindparam("name"))
    .order_by(col(Member.id))
)
_SET = insert(Setting).values({"key": bindparam("key"), "value": "1"})


def test_rows_are_those_of_the_mapper_in_every_scope(database: Database, root: Actor) -> None:
    world = World(database, root)
    mine, other = world.person("A1"), world.person("B1", born=None)
    street = Actor("jie", "街道", frozenset({"*"}), f"/{world.places['D']}/{world.places['A']}/")
    for actor, ids in ((root, [mine, other]), (street, [mine]), (root, [mine, other])):
        with database.read(actor) as unit:
            found = rows(unit, _PEOPLE, name="王敏")
            assert [row[0] for row in found] == ids
            query = select(Member).where(col(Member.name) == "王敏").order_by(col(Member.id))
            assert [(row.id, row.birth, row.sex) for row in unit.exec(query)] == [tuple(row) for row in found]
    with database.read(street) as unit, unit.beyond_scope():
        assert len(rows(unit, _PEOPLE, name="王敏")) == 2
    with database.read(root) as unit:
        assert first(unit, _PEOPLE, name="没有") is None


def test_a_write_is_part_of_the_unit_and_needs_an_action(database: Database, root: Actor) -> None:
    with database.write(root) as unit, pytest.raises(AssertionError):
        changed(unit, _SET, key="a")
    with database.read(root) as reading, pytest.raises(AssertionError):
        rows(reading, _SET, key="a")
    with database.write(root) as unit, unit.acting(Action("test.set", "test")):
        assert changed(unit, _SET, key="a") == 1
        assert unit.session.get(Setting, "a") is not None  # one transaction with the mapper
    with database.read(root) as reading:  # never committed
        assert reading.exec(select(Setting).where(col(Setting.key) == "a")).first() is None


def test_errors_come_as_they_always_do(database: Database, root: Actor) -> None:
    with (
        pytest.raises(IntegrityError),
        database.write(root) as unit,
        unit.acting(Action("test.set", "test")),
    ):
        changed(unit, _SET, key="a")
        changed(unit, _SET, key="a")
