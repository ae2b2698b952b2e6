"""Two clerks and one file: everybody is registered once, whoever is first; and a twin without the guard."""

import csv
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select

from benefits.audit.queries import verify
from benefits.members.models import Member, MemberIdentity
from benefits.rosters.models import RosterBatch
from benefits.verify import verify as verify_all
from tests.races.verbs import import_members, undo_batch
from tests.races.workers import hire, race
from tests.renewal.factory import World
from tests.rosters.kinds.desk import number

PEOPLE = 40


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "名单.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = [("A1", f"张{chr(0x4E00 + at)}", number(at)) for at in range(1, PEOPLE + 1)]
        csv.writer(out).writerows([("单位编码", "姓名", "证件号码"), *rows])
    return path


def _people(world: World) -> int:
    with world.database.read(world.actor) as unit:
        return unit.exec(select(func.count(col(Member.id)))).one()


def test_clerks_who_import_one_file_at_once_register_everybody_once(
    world: World, database_url: str, roster: Path
) -> None:
    found = race([hire(database_url, import_members, path=roster) for _ in range(3)])
    assert sorted(map(str, found)) == ["DR-2026-0001", "None", "None"]
    assert _people(world) == PEOPLE
    with world.database.read(world.actor) as unit:
        assert verify(unit).ok
        assert [one.added for one in unit.exec(select(RosterBatch))] == [PEOPLE]
        assert [found.code for found in verify_all(unit) if not found.ok and "members" in found.code] == []


def test_without_the_identity_two_clerks_register_everybody_twice(
    world: World, database_url: str, roster: Path, engine_kind: str
) -> None:
    """What the guard is for: SQLite lets one clerk in after the other, PostgreSQL both at once."""
    first = race([hire(database_url, import_members, path=roster)])
    with world.database.upkeep() as session:
        session.connection().exec_driver_sql("DELETE FROM member_identity")
        session.connection().exec_driver_sql("UPDATE member SET birth = NULL")
    second = race([hire(database_url, import_members, path=roster)])
    assert first != second and _people(world) == 2 * PEOPLE
    with world.database.read(world.actor) as unit:
        assert "members.invariant.known_by_identity" in {one.code for one in verify_all(unit) if not one.ok}


def test_of_two_clerks_who_undo_a_batch_one_is_told(world: World, database_url: str, roster: Path) -> None:
    batch = race([hire(database_url, import_members, path=roster)])[0]
    found = race([hire(database_url, undo_batch, batch=batch) for _ in range(2)])
    assert sorted(map(str, found)) == [str(PEOPLE), "refused rosters.undone_already"]
    assert _people(world) == 0


def test_the_database_itself_refuses_a_second_identity(world: World, database_url: str, roster: Path) -> None:
    race([hire(database_url, import_members, path=roster)])
    with pytest.raises(DBAPIError), world.database.upkeep() as session:
        taken = session.exec(select(MemberIdentity)).first()
        assert taken is not None
        session.add(MemberIdentity(digest=taken.digest, member_id=taken.member_id))
        session.expunge(taken)
        session.flush()
