"""The audit chain finds what somebody with full access to the tables did to them, and names the first broken
link."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from benefits.access.models import Role
from benefits.access.service import add_user
from benefits.audit.queries import ChainReport, anchor, verify
from benefits.kernel.actions import Actor
from benefits.kernel.unit import Database

LOGINS = ("zhao", "qian", "sun", "li", "zhou")


@pytest.fixture
def chained(database: Database, root: Actor) -> Database:
    """Five events, linked."""
    for login in LOGINS:
        database.act(root, add_user, login=login, name=login, role=Role.CLERK)
    return database


def _report(database: Database, actor: Actor, printed: str | None = None) -> ChainReport:
    with database.read(actor) as unit:
        return verify(unit, printed)


def _tamper(database: Database, *statements: str) -> None:
    """As an administrator of the database would: the guards are switched off first."""
    with database.engine.begin() as connection:
        _disarm(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)


def _disarm(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for table in ("audit_event", "audit_link"):
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.exec_driver_sql(
            "ALTER TABLE audit_link DROP CONSTRAINT IF EXISTS fk_audit_link_event_id_audit_event"
        )
        return
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'"
    )
    for (name,) in names.fetchall():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def test_an_untouched_chain_is_whole(chained: Database, root: Actor) -> None:
    report = _report(chained, root)
    assert (report.ok, report.links, report.pending, report.why) == (True, 5, 0, None)


def test_an_empty_chain_is_whole(database: Database, root: Actor) -> None:
    assert _report(database, root).ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'nobody'",
        "DELETE FROM audit_event",
        "UPDATE audit_link SET hash = 'x'",
        "DELETE FROM audit_link",
    ],
)
def test_the_database_refuses_to_change_what_was_written(
    chained: Database, root: Actor, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="append-only"), chained.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert _report(chained, root).ok


def test_an_edited_event_is_found(chained: Database, root: Actor) -> None:
    _tamper(chained, "UPDATE audit_event SET actor = 'nobody' WHERE id = 3")
    report = _report(chained, root)
    assert (report.ok, report.broken_seq, report.event_id) == (False, 3, 3)
    assert report.why is not None and report.why.key == "audit.link_broken"


def test_edited_facts_are_found(chained: Database, root: Actor) -> None:
    _tamper(chained, """UPDATE audit_event SET facts = '{"login": "someone"}' WHERE id = 2""")
    assert _report(chained, root).broken_seq == 2


def test_a_deleted_link_is_found(chained: Database, root: Actor) -> None:
    _tamper(chained, "DELETE FROM audit_link WHERE seq = 2")
    report = _report(chained, root)
    assert (report.ok, report.broken_seq) == (False, 2)


def test_two_events_in_each_others_place_are_found(chained: Database, root: Actor) -> None:
    swap = ", ".join(
        f"{column} = (SELECT other.{column} FROM audit_event AS other WHERE other.id = 5 - audit_event.id)"
        for column in ("at", "actor", "action", "target", "facts")
    )
    _tamper(chained, f"UPDATE audit_event SET {swap} WHERE id IN (2, 3)")
    assert _report(chained, root).broken_seq == 2


def test_a_cut_tail_is_found(chained: Database, root: Actor) -> None:
    _tamper(
        chained,
        "DELETE FROM audit_link WHERE seq > 3",
        "DELETE FROM audit_event WHERE id > 3",
    )
    report = _report(chained, root)
    assert not report.ok
    assert report.why is not None and report.why.key == "audit.tail_cut"


def test_a_cut_tail_with_a_forged_head_is_found(chained: Database, root: Actor) -> None:
    _tamper(
        chained,
        "DELETE FROM audit_link WHERE seq > 3",
        "DELETE FROM audit_event WHERE id > 3",
        "UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit_link WHERE seq = 3)",
    )
    assert not _report(chained, root).ok


def test_an_event_slipped_in_is_found(chained: Database, root: Actor) -> None:
    _tamper(
        chained,
        "INSERT INTO audit_event (id, at, actor, action, target, facts) "
        "SELECT 99, at, actor, action, target, facts FROM audit_event WHERE id = 1",
    )
    report = _report(chained, root)
    assert report.why is not None and report.why.key == "audit.unlinked"


def test_an_older_copy_does_not_know_the_printed_anchor(chained: Database, root: Actor) -> None:
    with chained.read(root) as unit:
        printed = anchor(unit)
    assert _report(chained, root, printed).ok
    report = _report(chained, root, "f" * 64)
    assert report.why is not None and report.why.key == "audit.anchor_unknown"


@pytest.mark.parametrize("table", ["audit_event", "audit_link"])
def test_a_table_cannot_be_emptied(chained: Database, root: Actor, table: str) -> None:
    empty: Callable[[str], str] = (
        "TRUNCATE {} CASCADE".format if chained.dialect == "postgresql" else "DELETE FROM {}".format
    )
    with pytest.raises(DBAPIError), chained.engine.begin() as connection:
        connection.exec_driver_sql(empty(table))
    assert _report(chained, root).links == 5
