"""What may be wrong with a database itself: each fault is one clear message, and nothing is changed."""

import multiprocessing
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from benefits.access.models import Role
from benefits.access.queries import INSTALLER, users
from benefits.access.service import add_user
from benefits.audit.queries import verify
from benefits.database import create_database, key_path, open_database
from benefits.kernel.actions import Actor
from benefits.kernel.engine import parse_url
from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.kernel.unit import Database, WriteUnit
from benefits.migrations import KNOWN
from tests import engines


def _add(database: Database, actor: Actor, login: str = "wang") -> int:
    return database.act(actor, add_user, login=login, name="王敏", role=Role.CLERK)


def _logins(database: Database, actor: Actor) -> list[str]:
    with database.read(actor) as unit:
        return [row.login for row in users(unit)]


def _refusal(make: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        make()
    for lang in ("zh", "en"):
        assert render(refused.value.say, lang)
    return refused.value


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "none" / "benefits.sqlite"
    refusal = _refusal(lambda: open_database(str(path)))
    assert (refusal.code, refusal.say.params["path"]) == ("kernel.no_such_database", str(path))
    assert not path.parent.exists()


@pytest.mark.parametrize("content", [b"not a database at all, only text\n" * 200, os.urandom(8192)])
def test_a_file_that_is_no_database(sqlite_url: str, tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other.sqlite"
    other.write_bytes(content)
    assert _refusal(lambda: open_database(str(other))).code == "kernel.not_a_database"
    assert other.read_bytes() == content


def test_a_damaged_file(sqlite_url: str, root: Actor) -> None:
    path = Path(sqlite_url)
    opened = open_database(sqlite_url)
    for number in range(200):
        _add(opened, root, f"user{number}")
    opened.close()
    data = bytearray(path.read_bytes())
    half = len(data) // 2
    data[half:] = b"\xff" * (len(data) - half)
    path.write_bytes(data)

    def read() -> None:
        database = open_database(sqlite_url)
        try:
            with database.read(root) as unit:
                users(unit)
                verify(unit)
        finally:
            database.close()

    assert _refusal(read).code in ("kernel.database_damaged", "kernel.not_a_database")


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    path.touch()
    assert _refusal(lambda: open_database(str(path))).code == "kernel.not_initialised"


@pytest.mark.parametrize("name", ["XDG_CONFIG_HOME", "nothing://here", "mysql://x/y", "sqlite://", "://"])
def test_an_address_that_is_none(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _refusal(lambda: open_database(name)).code in (
        "kernel.bad_database_url",
        "kernel.no_such_database",
    )


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    refusal = _refusal(lambda: open_database("postgresql://nobody@127.0.0.1:1/none"))
    assert refusal.code == "kernel.cannot_open"


def test_a_database_that_the_server_does_not_have(postgresql_url: str) -> None:
    url = parse_url(postgresql_url).set(database="no_such_database_here")
    address = url.render_as_string(hide_password=False)
    assert _refusal(lambda: open_database(address)).code == "kernel.cannot_open"


def test_a_missing_key(database_url: str) -> None:
    key_path(parse_url(database_url)).unlink()
    assert _refusal(lambda: open_database(database_url)).code == "kernel.key_missing"


@pytest.mark.parametrize("content", ["", "zz" * 32, "00" * 31, "00" * 33, "中文"])
def test_a_key_that_is_none(database_url: str, content: str) -> None:
    key_path(parse_url(database_url)).write_text(content)
    assert _refusal(lambda: open_database(database_url)).code == "kernel.key_invalid"


def test_another_database_s_key(database_url: str) -> None:
    path = key_path(parse_url(database_url))
    path.write_text("11" * 32)
    assert _refusal(lambda: open_database(database_url)).code == "kernel.key_wrong"
    assert "11" * 32 not in str(_refusal(lambda: open_database(database_url)))


def _version(database: Database, version: str) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")


@pytest.mark.parametrize("version", ["9999", "zz", "0000"])
def test_a_newer_schema(database_url: str, database: Database, version: str) -> None:
    _version(database, version)
    refusal = _refusal(lambda: open_database(database_url))
    assert (refusal.code, refusal.say.params["found"]) == ("kernel.newer_database", version)
    assert _refusal(lambda: create_database(database_url)).code == "kernel.already_initialised"


def test_an_older_schema(database_url: str, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a program one step further on would see it."""
    monkeypatch.setattr("benefits.migrations.HEAD", "0003")
    assert KNOWN[0] == "0001"
    assert _refusal(lambda: open_database(database_url)).code == "kernel.older_database"


def _as_nobody(path: str, answers: Any) -> None:
    os.setgid(65534)
    os.setuid(65534)
    try:
        opened = open_database(path)
        answers.put(_add(opened, INSTALLER, "li"))
    except Refused as refusal:
        answers.put(refusal.code)


@pytest.mark.parametrize("writable_folder", [True, False])
def test_a_read_only_file_is_not_written(sqlite_url: str, root: Actor, writable_folder: bool) -> None:
    """By a process that is not root, for whom alone permissions exist."""
    opened = open_database(sqlite_url)
    _add(opened, root)
    opened.close()
    with tempfile.TemporaryDirectory(dir=os.environ[engines.HOME]) as name:
        folder = Path(name)
        copy = folder / "benefits.sqlite"
        engines.copy_sqlite(Path(sqlite_url), copy)
        copy.chmod(0o444)
        Path(f"{copy}.key").chmod(0o444)
        folder.chmod(0o777 if writable_folder else 0o555)
        before = copy.read_bytes()
        context = multiprocessing.get_context("fork")
        answers = context.Queue()
        child = context.Process(target=_as_nobody, args=(str(copy), answers))
        child.start()
        assert answers.get(timeout=60) in ("kernel.read_only", "kernel.cannot_open")
        child.join()
        assert copy.read_bytes() == before
        folder.chmod(0o777)


def test_a_server_in_read_only_mode(postgresql_url: str, root: Actor) -> None:
    opened = open_database(postgresql_url)
    event.listen(opened.engine, "begin", lambda raw: raw.exec_driver_sql("SET TRANSACTION READ ONLY"))
    try:
        assert _refusal(lambda: _add(opened, root)).code == "kernel.read_only"
        assert _logins(opened, root) == []
    finally:
        opened.close()


@pytest.fixture
def full(database: Database) -> Iterator[Database]:
    """No room for another page; PostgreSQL says so by the same state as when its disk is full."""
    with database.engine.begin() as connection:
        if database.dialect == "sqlite":
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        else:
            connection.exec_driver_sql(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; "
                "END $$"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER full_disk BEFORE INSERT ON audit_event EXECUTE FUNCTION full_disk()"
            )
    if database.dialect == "sqlite":
        database.engine.dispose()
        event.listen(
            database.engine,
            "connect",
            lambda raw, _record: raw.execute(f"PRAGMA max_page_count = {pages}").close(),
        )
    yield database


def test_a_full_disk_writes_nothing_and_says_so(full: Database, root: Actor) -> None:
    count = 0
    with pytest.raises(Refused) as refused:
        for count in range(2000):  # SQLite first fills the room that its pages have
            full.act(root, add_user, login=f"user{count}", name="王" * 40, role=Role.CLERK)
    assert refused.value.code == "kernel.disk_full"
    assert len(_logins(full, root)) == count
    with full.read(root) as unit:
        assert verify(unit).ok


def test_a_database_that_somebody_holds_is_busy(
    database: Database, root: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unit is tried again, then the clerk is told; reading goes on all the time."""
    monkeypatch.setattr("benefits.kernel.unit._TRIES", 2)
    with database.engine.connect() as holder:
        if database.dialect == "sqlite":
            holder.exec_driver_sql("ROLLBACK")
            holder.exec_driver_sql("BEGIN IMMEDIATE")
            database.engine.pool.dispose()
            event.listen(
                database.engine,
                "connect",
                lambda raw, _record: raw.execute("PRAGMA busy_timeout = 50").close(),
            )
        else:
            holder.exec_driver_sql("LOCK TABLE app_user IN EXCLUSIVE MODE")
            event_options = "ALTER ROLE CURRENT_USER IN DATABASE {} SET lock_timeout = '50ms'"
            name = holder.exec_driver_sql("SELECT current_database()").scalar_one()
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
                other.exec_driver_sql(event_options.format(f'"{name}"'))
            database.engine.pool.dispose()
        assert _refusal(lambda: _add(database, root)).code == "kernel.busy"
        assert _logins(database, root) == []
        holder.rollback()
    assert _add(database, root)


def test_a_unit_is_tried_again_until_the_other_is_done(database: Database, root: Actor) -> None:
    tries = 0
    done = threading.Event()

    def verb(unit: WriteUnit) -> int:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise Refused("kernel.busy", why="locked")
        done.set()
        return add_user(unit, login="wang", name="王敏", role=Role.CLERK)

    assert database.act(root, verb) and tries == 3 and done.is_set()
    assert _logins(database, root) == ["wang"]


def test_a_programmer_s_error_is_no_refusal(database: Database) -> None:
    with pytest.raises(DBAPIError), database.upkeep() as session:
        session.connection().exec_driver_sql("SELECT nonsense FROM setting")
