"""Thousands of values as one parameter find what a list of parameters finds."""

from datetime import date

import pytest
from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.among import among, among_pairs
from benefits.kernel.unit import Database
from benefits.members.models import Member
from tests.renewal.factory import World

NAMES = ("张三", "李'四", '王"五', "𬭩·\\", "a,b")


@pytest.fixture
def people(database: Database, root: Actor) -> tuple[World, list[int]]:
    world = World(database, root)
    marks = {name: bytes([at]) * 32 for at, name in enumerate(NAMES)}
    return world, [
        world.person(name=name, birth=date(1990, 1, at), phone_digest=marks[name])
        for at, name in enumerate(NAMES, 1)
    ]


def test_whole_numbers_bytes_and_pairs(people: tuple[World, list[int]]) -> None:
    world, ids = people
    wanted = [(date(1990, 1, 2), NAMES[1]), (date(1990, 1, 4), NAMES[3]), (date(1990, 1, 1), NAMES[4])]
    with world.database.read(world.actor) as unit:

        def found(test: object) -> list[int | None]:
            return list(unit.exec(select(Member.id).where(test).order_by(col(Member.id))))  # type: ignore[arg-type]

        assert found(among(unit, Member.id, [ids[3], ids[0], 10**12])) == [ids[0], ids[3]]
        assert found(among(unit, Member.phone_digest, [bytes(32), b"\x03" * 32])) == [ids[0], ids[3]]
        assert found(among_pairs(unit, Member.birth, Member.name, wanted)) == [ids[1], ids[3]]
        many = [*range(10**6, 10**6 + 40_000), ids[2]]
        assert found(among(unit, Member.id, many)) == [ids[2]]
        empty: list[int] = []
        assert found(among(unit, Member.id, empty)) == []


def test_an_older_sqlite_gets_the_parameters(
    people: tuple[World, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, ids = people
    monkeypatch.setattr("benefits.kernel.among._UNHEX", (99, 0))
    with world.database.read(world.actor) as unit:
        test = among(unit, Member.phone_digest, [b"\x01" * 32])
        assert list(unit.exec(select(Member.id).where(test))) == [ids[1]]
