"""One unit, one action, one event, on both engines: what is not committed is gone, what is not declared is
refused."""

import threading
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import func
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from benefits.access.models import Role, Setting
from benefits.access.queries import users
from benefits.access.service import add_user
from benefits.audit.chain import write_event
from benefits.audit.queries import events, verify
from benefits.database import create_database, open_database
from benefits.kernel.actions import Actor, action
from benefits.kernel.clock import Clock
from benefits.kernel.errors import Refused
from benefits.kernel.unit import AfterCommit, Database, WriteUnit


@action("access.count_up", permission="access.count_up")
def count_up(unit: WriteUnit) -> int:
    """Read a number, then write the next one: the verb of the race."""
    counter = unit.session.get(Setting, "counter")
    if counter is None:
        counter = Setting(key="counter", value="0")
        unit.session.add(counter)
    counter.value = str(int(counter.value) + 1)
    unit.session.flush()
    return int(counter.value)


@action("access.add_two", permission="access.add_two")
def add_two(unit: WriteUnit) -> None:
    """A verb that calls another action twice."""
    add_user(unit, login="one", name="一", role=Role.CLERK)
    add_user(unit, login="two", name="二", role=Role.CLERK)


@action("access.add_twice", permission="access.add_twice")
def add_twice(unit: WriteUnit) -> None:
    """A verb that fails half-way."""
    add_user(unit, login="wang", name="王敏", role=Role.CLERK)
    add_user(unit, login="wang", name="王敏", role=Role.CLERK)


def _logins(database: Database, actor: Actor) -> list[str]:
    with database.read(actor) as unit:
        return [row.login for row in users(unit)]


def test_what_is_not_committed_is_gone(database: Database, root: Actor) -> None:
    with database.write(root) as unit:
        add_user(unit, login="wang", name="王敏", role=Role.CLERK)
    assert _logins(database, root) == []
    with database.read(root) as unit:
        assert events(unit) == ()


def test_an_error_takes_everything_back(database: Database, root: Actor) -> None:
    with pytest.raises(Refused) as refused, database.write(root) as unit:
        unit.commit()
        add_twice(unit)
    assert refused.value.code == "access.login_taken"
    assert _logins(database, root) == []


def test_one_action_is_one_event(database: Database, root: Actor) -> None:
    database.act(root, add_two)
    assert _logins(database, root) == ["one", "two"]
    with database.read(root) as unit:
        (event,) = events(unit)
    assert (event.action, event.actor) == ("access.add_two", root.login)


def test_a_second_action_in_one_unit_is_an_error(database: Database, root: Actor) -> None:
    with pytest.raises(AssertionError), database.write(root) as unit:
        add_user(unit, login="one", name="一", role=Role.CLERK)
        add_user(unit, login="two", name="二", role=Role.CLERK)
        unit.commit()
    assert _logins(database, root) == []


def test_a_write_with_no_open_action_is_refused(database: Database, root: Actor) -> None:
    with pytest.raises(AssertionError, match="no open action"), database.write(root) as unit:
        unit.session.add(Setting(key="colour", value="red"))
        unit.commit()
    with database.read(root) as unit:
        assert unit.session.get(Setting, "colour") is None


def test_a_read_unit_cannot_write(database: Database, root: Actor) -> None:
    with pytest.raises(AssertionError, match="cannot write"), database.read(root) as unit:
        unit.session.add(Setting(key="colour", value="red"))
        unit.session.flush()


def test_a_read_unit_is_one_snapshot(database: Database, root: Actor) -> None:
    with database.read(root) as unit:
        before = unit.exec(select(func.count()).select_from(Setting)).one()
        database.act(root, count_up)
        unit.session.expire_all()
        assert unit.exec(select(func.count()).select_from(Setting)).one() == before


def test_an_action_needs_its_permission(database: Database, root: Actor) -> None:
    clerk = replace(root, permissions=frozenset({"renewal.preview"}))
    with pytest.raises(Refused) as refused:
        database.act(clerk, add_user, login="wang", name="王敏", role=Role.CLERK)
    assert refused.value.code == "access.not_permitted"
    assert _logins(database, root) == []


def test_no_update_is_lost_between_two_clerks(database: Database, root: Actor) -> None:
    """Four clerks count up at the same time, eight times each: read-then-write, tried again where they
    collide."""
    database.act(root, count_up)
    wrong: list[BaseException] = []
    start = threading.Barrier(4)

    def clerk() -> None:
        try:
            start.wait()
            for _ in range(8):
                while True:
                    try:
                        database.act(root, count_up)
                        break
                    except Refused as refused:  # tried often enough: the clerk presses the key again
                        if refused.code != "kernel.busy":
                            raise
        except BaseException as error:
            wrong.append(error)

    clerks = [threading.Thread(target=clerk) for _ in range(4)]
    for thread in clerks:
        thread.start()
    for thread in clerks:
        thread.join(timeout=120)
    assert wrong == []
    with database.read(root) as unit:
        value = unit.exec(select(Setting.value).where(col(Setting.key) == "counter")).one()
    assert value == "33"


def _busy_sealer(_database: Database) -> None:
    raise Refused("kernel.busy", why="the chain is being linked")


def _broken_sealer(_database: Database) -> None:
    raise OperationalError("SELECT 1", {}, Exception("connection lost"))


@pytest.mark.parametrize("sealer", [_busy_sealer, _broken_sealer])
def test_what_fails_after_the_commit_does_not_do_the_action_again(
    database: Database, root: Actor, sealer: AfterCommit
) -> None:
    unlucky = Database(database.engine, database.keys, database.clock, write_event, sealer)
    assert unlucky.act(root, count_up) == 1
    with database.read(root) as unit:
        counter = unit.session.get(Setting, "counter")
        assert counter is not None and counter.value == "1"
        assert [event.action for event in events(unit)] == ["access.count_up"]
    database.act(root, count_up)
    with database.read(root) as unit:
        report = verify(unit)
    assert (report.ok, report.links, report.pending) == (True, 2, 0), "the next writer links what is pending"


def test_a_sealer_that_must_wait_too_long_leaves_the_event_for_the_next(
    postgresql_url: str, root: Actor, clock: Clock
) -> None:
    url = make_url(postgresql_url)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as other:
        other.execute(f'ALTER DATABASE "{url.database}" SET lock_timeout = 200')
        other.commit()
        database = open_database(postgresql_url, clock=clock)
        other.execute("LOCK TABLE audit_link IN SHARE MODE")
        assert database.act(root, count_up) == 1
        other.rollback()
    assert database.act(root, count_up) == 2
    with database.read(root) as unit:
        report = verify(unit)
    database.close()
    assert (report.ok, report.links, report.pending) == (True, 2, 0)


def test_initialising_twice_is_refused_and_changes_nothing(database_url: str, root: Actor) -> None:
    with pytest.raises(Refused) as refused:
        create_database(database_url)
    assert refused.value.code == "kernel.already_initialised"
    opened = open_database(database_url)
    opened.act(root, count_up)
    opened.close()


def test_an_empty_database_is_told_from_a_ready_one(empty_database_url: str) -> None:
    with pytest.raises(Refused) as refused:
        open_database(empty_database_url)
    assert refused.value.code in ("kernel.not_initialised", "kernel.no_such_database")


def test_a_newer_database_is_not_touched(database_url: str, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused) as refused:
        open_database(database_url)
    assert refused.value.code == "kernel.newer_database"
