"""Names stay with those who may read them: the file's mode, the text of a database error, a held lock."""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from benefits.access.models import Setting
from benefits.database import create_database, open_database
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database


@pytest.fixture
def umask() -> Iterator[None]:
    """A machine where new files are for all to read."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_a_new_file_is_not_for_all_to_read(tmp_path: Path, root: Actor) -> None:
    path = tmp_path / "benefits.sqlite"
    database = create_database(str(path))
    with database.read(root) as unit:
        assert unit.session.get(Setting, "key_fingerprint")
        beside = [file for file in tmp_path.iterdir() if file.name.startswith(f"{path.name}-")]
        assert [oct(_mode(file)) for file in (path, *beside)] == [oct(0o640)] * (1 + len(beside))
    database.close()


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o640), (0o077, 0o600)])
def test_the_umask_takes_more(tmp_path: Path, umask: None, mask: int, mode: int) -> None:
    os.umask(mask)
    create_database(str(tmp_path / "benefits.sqlite")).close()
    assert oct(_mode(tmp_path / "benefits.sqlite")) == oct(mode)


def test_an_empty_file_that_was_there_is_closed_and_a_database_left_as_it_is(
    tmp_path: Path, sqlite_url: str
) -> None:
    path = tmp_path / "empty.sqlite"
    path.touch(0o666)
    path.chmod(0o666)
    create_database(str(path)).close()
    assert oct(_mode(path)) == oct(0o640)
    Path(sqlite_url).chmod(0o664)
    with pytest.raises(Refused):
        create_database(sqlite_url)
    assert oct(_mode(Path(sqlite_url))) == oct(0o664)


def test_an_error_s_text_goes_without_the_statement_s_parameters(database: Database) -> None:
    with pytest.raises(DBAPIError) as error, database.upkeep() as session:
        session.add(Setting(key="王敏110112197001050025", value="x"))
        session.flush()
        session.expunge_all()
        session.add(Setting(key="王敏110112197001050025", value="x"))
        session.flush()
    assert "[SQL" in str(error.value) and "[parameters" not in str(error.value)


def test_a_database_is_opened_and_read_while_another_writes(
    database_url: str, database: Database, root: Actor
) -> None:
    read: list[str] = []

    def other() -> None:
        opened = open_database(database_url)
        with opened.read(root) as unit:
            read.extend(unit.exec(select(Setting.key).where(col(Setting.key) == "key_fingerprint")))
        opened.close()

    with database.write(root):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=4)  # whoever waits for the write lock waits five seconds
        assert not thread.is_alive() and read == ["key_fingerprint"]
