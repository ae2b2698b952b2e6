"""The schema that the migrations make is the one that the models and the guards say, on both engines."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel

from benefits.database import create_database, open_database
from benefits.kernel.engine import make_engine, parse_url
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.migrations import HEAD, KNOWN, schema_version, upgrade

GUARDS = {
    "sqlite": {
        *(f"audit_{table}_no_{verb}" for table in ("event", "link") for verb in ("update", "delete")),
        *(f"{table}_no_{verb}" for table in ("plan_edition", "kit_move") for verb in ("update", "delete")),
        *(f"enrollment_overlap_{verb}" for verb in ("insert", "update")),
    },
    "postgresql": {
        *(f"audit_{table}_{what}" for table in ("event", "link") for what in ("append_only", "no_truncate")),
        "plan_edition_immutable",
        *(f"kit_move_{what}" for what in ("append_only", "no_truncate")),
        "enrollment_overlap",
    },
}


def _guards(database: Database) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.dialect == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal "
        "UNION SELECT conname FROM pg_constraint WHERE contype = 'x'"
    )
    with database.engine.connect() as connection:
        return {name for (name,) in connection.exec_driver_sql(query)}


def _ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    return not (kind == "index" and name == "enrollment_overlap")  # the exclusion constraint, held in guards


def test_models_and_migrations_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {"compare_type": True, "include_object": _ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_every_table_is_there(database: Database) -> None:
    tables = set(inspect(database.engine).get_table_names())
    assert tables == {table.name for table in SQLModel.metadata.sorted_tables} | {"alembic_version"}


def test_the_guards_are_there(database: Database) -> None:
    assert _guards(database) >= GUARDS[database.dialect]


def test_an_empty_database_is_brought_to_the_head(empty_database_url: str) -> None:
    engine = make_engine(parse_url(empty_database_url))
    try:
        assert schema_version(engine) is None
        upgrade(engine)
        assert schema_version(engine) == HEAD == KNOWN[-1]
        upgrade(engine)
        assert schema_version(engine) == HEAD
    finally:
        engine.dispose()


def test_a_migration_that_fails_leaves_nothing(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a schema would be refused by this program and by the next."""

    def fails(_dialect: str) -> None:
        raise RuntimeError("the power failed")

    with monkeypatch.context() as patched:
        patched.setattr("benefits.migrations.guards.create_guards", fails)
        with pytest.raises(RuntimeError):
            create_database(empty_database_url)
    create_database(empty_database_url).close()
    opened = open_database(empty_database_url)
    assert _guards(opened) >= GUARDS[opened.dialect]
    opened.close()


def test_a_newer_database_is_not_upgraded(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused) as refused:
        upgrade(database.engine)
    assert refused.value.code == "kernel.newer_database"
    assert schema_version(database.engine) == "9999"
