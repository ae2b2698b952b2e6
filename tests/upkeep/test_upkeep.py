"""A database of the first schema, with people and units in it, becomes one of today; on both engines."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, func
from sqlmodel import col, select

import benefits.migrations
from benefits import upkeep
from benefits.access.queries import INSTALLER
from benefits.database import key_path, open_database
from benefits.kernel.engine import make_engine, parse_url
from benefits.kernel.sealed import load_keys, seal
from benefits.kernel.unit import Database
from benefits.members.models import Member, MemberKey
from benefits.members.search import search as search_people
from benefits.migrations import schema_version, upgrade
from benefits.organisations.queries import search as search_units
from benefits.upkeep import Filled, fill_derived
from benefits.verify import verify

FOUNDED = date(2010, 1, 1)
UNITS = (
    (1, None, "/1/", "district", "D", "通州区总工会"),
    (2, 1, "/1/2/", "grassroots", "U", "长乐小学工会"),
)
PEOPLE = ((1, "曾小明", "13800138000"), (2, "单雄信", "13800138000"), (3, "丁", None))


def _fill(engine: Engine, address: str) -> None:
    """Rows of 0001, with keys of people as that version wrote them: parts of names among whole ones."""
    tables = MetaData()
    tables.reflect(engine)
    with load_keys(key_path(parse_url(address)), create=True).active(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.set_config("benefits.scope", "/", True)))

        def insert(table: str, **values: Any) -> None:
            connection.execute(tables.tables[table].insert().values(**values))

        for place, parent, path, level, code, name in UNITS:
            kept = {"id": place, "parent_id": parent, "path": path, "level": level, "code": code}
            insert("organisation", **kept, name=name, founded=FOUNDED)
            insert("organisation_position", organisation_id=place, parent_id=parent, starts=FOUNDED)
        for person, name, phone in PEOPLE:
            sealed = {"phone": seal("member.phone", phone), "phone_last4": phone[-4:]} if phone else {}
            values = {"organisation_id": 2, "changed_at": datetime(2026, 1, 1, tzinfo=UTC), "version": 1}
            insert("member", id=person, name=name, **values, **sealed)
            joined: dict[str, Any] = {
                "organisation_id": 2,
                "starts": FOUNDED,
                "standing": "primary",
                "reason": "",
            }
            insert("membership", member_id=person, **joined)
            for start in range(len(name)):
                insert("member_key", kind=1, key=name[start:], member_id=person)


@pytest.fixture
def old(empty_database_url: str) -> Iterator[str]:
    """Address of a database of the first schema."""
    engine = make_engine(parse_url(empty_database_url))
    config = Config()
    config.set_main_option("script_location", str(Path(benefits.migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    _fill(engine, empty_database_url)
    assert schema_version(engine) == "0001"
    upgrade(engine)
    engine.dispose()
    yield empty_database_url


def _whole(database: Database) -> None:
    """What was filled finds units and people, once each, and keeps every invariant."""
    with database.read(INSTALLER) as unit:
        assert [row.code for row in search_units(unit, "zhangle")] == ["U"]
        assert [row.code for row in search_units(unit, "tzqzgh")] == ["D"]
        assert [row.name for row in search_people(unit, "zeng")] == ["曾小明"]
        assert [row.name for row in search_people(unit, "小明")] == ["曾小明"]
        assert {row.name for row in search_people(unit, "8000")} == {"曾小明", "单雄信"}
        digests = unit.exec(select(Member.phone_digest).order_by(col(Member.id))).all()
        assert [result.code for result in verify(unit) if not result.ok] == []
    assert digests[0] == digests[1] is not None and digests[2] is None


def test_what_is_derived_is_filled_once(old: str) -> None:
    database = open_database(old)
    assert fill_derived(database) == Filled(units=2, people=3, phones=2)
    _whole(database)
    assert fill_derived(database) == Filled(0, 0, 0)
    with database.read(INSTALLER) as unit:
        stale = unit.exec(select(MemberKey.key).where(col(MemberKey.kind) == 1)).all()
    assert sorted(stale) == ["丁", "单雄信", "曾小明"], "parts of names are keys of their own kind now"
    database.close()


@pytest.mark.parametrize("stops_in", ["_fill_people", "_fill_digests"])
def test_a_killed_run_goes_on(old: str, monkeypatch: pytest.MonkeyPatch, stops_in: str) -> None:
    real = getattr(upkeep, stops_in)
    calls: list[int] = []

    def stops(session: Any, ids: Any) -> int:
        if calls:
            raise KeyboardInterrupt
        calls.append(1)
        return int(real(session, ids))

    database = open_database(old)
    with monkeypatch.context() as patched:
        patched.setattr(upkeep, "CHUNK", 1)
        patched.setattr(upkeep, stops_in, stops)
        with pytest.raises(KeyboardInterrupt):
            fill_derived(database)
    again = fill_derived(database)
    assert again == (Filled(0, 2, 2) if stops_in == "_fill_people" else Filled(0, 0, 1))
    _whole(database)
    database.close()
