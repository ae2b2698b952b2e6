"""Many write at once and nobody waits for the seal; what a killed writer left is sealed by the next."""

import os
import time

import pytest
from sqlalchemy import func as sa_func
from sqlmodel import col, func, select

from benefits.access.models import Role
from benefits.access.queries import INSTALLER
from benefits.access.service import add_user
from benefits.audit import chain
from benefits.audit.models import AuditEvent, AuditHead, AuditLink, AuditPending
from benefits.audit.queries import ChainReport, anchor, events, verify
from benefits.database import open_database
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.sealed import Keys
from benefits.kernel.unit import Database
from tests.races.workers import hire, race

WRITERS, EACH = 8, 6


def write_some(database: Database, name: str) -> int:
    """Add users one by one, each an event, as a clerk who presses the key again when it was busy."""
    for number in range(EACH):
        while True:
            try:
                database.act(INSTALLER, add_user, login=f"{name}-{number}", name=name, role=Role.CLERK)
                break
            except Refused as refusal:
                assert refusal.code == "kernel.busy"
    return EACH


def die_before_sealing(database: Database) -> None:
    """Commit, and be killed before the event is linked."""
    database._after_commit = lambda _database: os.kill(os.getpid(), 9)
    database.act(INSTALLER, add_user, login="doomed", name="x", role=Role.CLERK)


def _report(database: Database, printed: str | None = None) -> ChainReport:
    with database.read(INSTALLER) as unit:
        return verify(unit, printed)


def _one(database: Database, login: str) -> None:
    database.act(INSTALLER, add_user, login=login, name=login, role=Role.CLERK)


def test_eight_write_at_once_and_the_chain_is_whole(database: Database, database_url: str) -> None:
    found = race([hire(database_url, write_some, name=f"w{number}") for number in range(WRITERS)])
    assert found == [EACH] * WRITERS
    report = _report(database)
    assert report.ok and report.links + report.pending == WRITERS * EACH
    _one(database, "last")
    report = _report(database)
    assert (report.ok, report.links, report.pending) == (True, WRITERS * EACH + 1, 0)
    with database.read(INSTALLER) as unit:
        names = {event.facts["login"] for event in events(unit, limit=1000)}
    assert names == {f"w{w}-{n}" for w in range(WRITERS) for n in range(EACH)} | {"last"}


def test_no_writer_waits_for_the_sealer(postgresql_url: str) -> None:
    """Somebody holds the seal for as long as it takes; commits go on, pending, and are sealed later."""
    database, other = open_database(postgresql_url), open_database(postgresql_url)
    try:
        with other.engine.begin() as sealer:
            sealer.execute(select(sa_func.pg_advisory_xact_lock(chain._SEALER_LOCK)))
            began = time.monotonic()
            for login in ("a", "b", "c"):
                _one(database, login)
            assert time.monotonic() - began < 5
            report = _report(database)
            assert (report.ok, report.links, report.pending) == (True, 0, 3)
        _one(database, "d")
        report = _report(database)
        assert (report.ok, report.links, report.pending) == (True, 4, 0)
    finally:
        database.close()
        other.close()


def test_what_a_killed_writer_left_is_sealed_by_the_next(database: Database, database_url: str) -> None:
    _one(database, "first")
    worker = hire(database_url, die_before_sealing)
    worker.await_ready()
    worker.go()
    worker.process.join()
    assert worker.process.exitcode == -9
    pending = 1 if database.dialect == "postgresql" else 0
    report = _report(database)
    assert (report.ok, report.links, report.pending) == (True, 2 - pending, pending)
    _one(database, "next")
    report = _report(database)
    assert (report.ok, report.links, report.pending) == (True, 3, 0)


def _disarm(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        if database.dialect == "postgresql":
            for table in ("audit_event", "audit_link"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            connection.exec_driver_sql("ALTER TABLE audit_link DROP CONSTRAINT fk_audit_link_event_id")
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            names = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'"
            )
            for (name,) in names.fetchall():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_tail_cut_with_the_older_head_put_back_is_found_by_a_printed_anchor(database: Database) -> None:
    """Nothing inside the database can tell an older state of it; the paper can."""
    for login in ("a", "b", "c"):
        _one(database, login)
    with database.read(INSTALLER) as unit:
        head = unit.session.get(AuditHead, 1)
        assert head is not None
        old = (head.seq, head.hash, head.mac)
        early = anchor(unit)
    for login in ("d", "e"):
        _one(database, login)
    with database.read(INSTALLER) as unit:
        printed = anchor(unit)
    assert _report(database, early).ok and _report(database, printed).ok
    _disarm(
        database,
        "DELETE FROM audit_link WHERE seq > 3",
        "DELETE FROM audit_event WHERE id > 3",
        f"UPDATE audit_head SET seq = {old[0]}, hash = '{old[1]}', mac = '{old[2]}'",
    )
    assert _report(database).ok
    assert _report(database, early).ok
    report = _report(database, printed)
    assert (report.ok, report.why and report.why.key) == (False, "audit.anchor_unknown")


def test_a_deleted_event_is_named(database: Database, root: Actor) -> None:
    for login in ("a", "b", "c", "d"):
        _one(database, login)
    if database.dialect == "sqlite":
        raw = database.engine.raw_connection()
        for statement in (
            "PRAGMA foreign_keys = OFF",
            "DROP TRIGGER audit_event_no_delete",
            "DELETE FROM audit_event WHERE id = 2",
        ):
            raw.cursor().execute(statement)
        raw.close()
    else:
        _disarm(database, "DELETE FROM audit_event WHERE id = 2")
    report = _report(database)
    assert (report.ok, report.broken_seq, report.event_id) == (False, 2, 2)
    assert report.why is not None and report.why.key == "audit.event_missing"


@pytest.mark.parametrize("change", ["at", "target", "action"])
def test_every_field_of_an_event_is_bound(database: Database, change: str) -> None:
    for login in ("a", "b"):
        _one(database, login)
    value = "'2020-01-01 00:00:00'" if change == "at" else "'x'"
    _disarm(database, f"UPDATE audit_event SET {change} = {value} WHERE id = 1")
    assert _report(database).broken_seq == 1


def test_a_link_to_another_event_is_found(database: Database) -> None:
    for login in ("a", "b", "c"):
        _one(database, login)
    _disarm(
        database,
        "UPDATE audit_link SET event_id = 99 WHERE seq = 2",
        "UPDATE audit_link SET event_id = 2 WHERE seq = 3",
        "UPDATE audit_link SET event_id = 3 WHERE seq = 2",
    )
    assert _report(database).broken_seq == 2


def test_another_installation_s_chain_does_not_verify(database: Database) -> None:
    """Whoever rewrites the whole chain without the key cannot make it verify."""
    for login in ("a", "b"):
        _one(database, login)
    database.keys = Keys.derive(b"x" * 32)
    assert _report(database).broken_seq == 1


def test_counts_agree(database: Database) -> None:
    for login in ("a", "b"):
        _one(database, login)
    with database.read(INSTALLER) as unit:
        counted = [
            unit.exec(select(func.count()).select_from(model)).one()
            for model in (AuditEvent, AuditLink, AuditPending)
        ]
        order = unit.exec(select(col(AuditLink.event_id)).order_by(col(AuditLink.seq))).all()
    assert counted == [2, 2, 0] and list(order) == [1, 2]
