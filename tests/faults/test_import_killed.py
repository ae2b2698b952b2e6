"""A process killed in the middle of an import or an undo: all of it happened, or nothing."""

import csv
import random
import time
from pathlib import Path
from typing import Any

import pytest

from benefits.verify import verify
from tests.races.verbs import import_members, undo_batch
from tests.races.workers import hire, race
from tests.renewal.factory import World, contents
from tests.rosters.kinds.desk import KEPT, number

PEOPLE = 90
KILLS = 6


@pytest.fixture
def world(database: object, root: object) -> World:
    return World(database, root)  # type: ignore[arg-type]


def _file(folder: Path) -> Path:
    path = folder / "名单.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = [("A1", f"张{chr(0x4E00 + at)}", number(at)) for at in range(1, PEOPLE + 1)]
        csv.writer(out).writerows([("单位编码", "姓名", "证件号码"), *rows])
    return path


def test_an_import_and_its_undo_are_whole_or_nothing(world: World, database_url: str, tmp_path: Path) -> None:
    chance, path = random.Random(20261122), _file(tmp_path)
    before = _state(world)
    span, killed, cut = 0.6, 0, 0
    for _ in range(40):
        worker = hire(database_url, import_members, path=path)
        worker.await_ready()
        worker.go()
        time.sleep(chance.uniform(0.05, span))
        alive = worker.kill()
        after = _state(world)
        killed += alive
        if alive:
            people = len(after["member"])
            assert people in (0, PEOPLE)
            cut += people == 0
        else:
            span *= 0.8
        if after != before:
            batch = f"DR-2026-{_batches(world):04d}"
            race([hire(database_url, undo_batch, batch=batch)])
            assert _state(world) == before
        if killed >= KILLS and cut:
            break
    assert cut, "no import was cut"
    with world.database.read(world.actor) as unit:
        assert [one.code for one in verify(unit) if not one.ok and one.code.startswith("members.")] == []


def _state(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but those that remember imports."""
    found = contents(world.database, *KEPT)
    found["setting"] = [row for row in found["setting"] if not row[0].startswith("counter:")]
    return found


def _batches(world: World) -> int:
    from sqlmodel import col, func, select

    from benefits.rosters.models import RosterBatch

    with world.database.read(world.actor) as unit:
        return unit.exec(select(func.count(col(RosterBatch.id)))).one()
