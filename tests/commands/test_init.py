"""A new installation: database, key, first user, plans; again, broken off, and where it cannot be."""

import getpass
import os
import stat
from pathlib import Path

import pytest

from benefits.database import create_database, key_path
from benefits.kernel.engine import parse_url
from tests.commands.conftest import Program, child


def test_init_makes_everything(empty_database_url: str, program: Program) -> None:
    where = ("--database", empty_database_url)
    ran = program("init", "--federation", "通州区总工会", *where, "--json")
    assert ran.code == 0, ran
    assert set(ran.json) == {"database", "key_file", "user", "plans", "federation"}
    assert ran.json["user"] == getpass.getuser()
    assert ran.json["plans"] == 3
    key = Path(ran.json["key_file"])
    assert key == key_path(parse_url(empty_database_url))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert program("plan", "list", *where, "--json").json["plans"][0]["code"] == "bj-accident-1y"
    tree = program("org", "tree", *where, "--json").json["organisations"]
    assert [one["name"] for one in tree] == ["通州区总工会"]
    assert [one["role"] for one in program("user", "list", *where, "--json").json["users"]] == ["admin"]
    assert program("verify", *where, "--json").json["ok"] is True


def test_init_in_words_says_where_the_key_is(tmp_path: Path, program: Program) -> None:
    ran = program("init", "--database", str(tmp_path / "new" / "我的.sqlite"))
    assert ran.code == 0
    assert f"{tmp_path / 'new' / '我的.sqlite'}.key" in ran.out and "备份" in ran.out


def test_init_twice_is_refused_and_changes_nothing(empty_database_url: str, program: Program) -> None:
    where = ("--database", empty_database_url)
    assert program("init", *where).code == 0
    key = key_path(parse_url(empty_database_url)).read_text()
    ran = program("init", *where, "--user", "other", "--json")
    assert ran.code == 1 and ran.error["code"] == "kernel.already_initialised"
    assert key_path(parse_url(empty_database_url)).read_text() == key
    assert len(program("user", "list", *where, "--json").json["users"]) == 1


def test_init_goes_on_where_it_was_killed(empty_database_url: str, program: Program) -> None:
    """Killed after the schema was made and before there was a user: nobody could ever get in."""
    create_database(empty_database_url).close()
    ran = program("init", "--database", empty_database_url, "--json")
    assert ran.code == 0, ran
    assert program("user", "list", "--database", empty_database_url).code == 0


def test_a_refused_init_leaves_no_file(tmp_path: Path, program: Program) -> None:
    where = tmp_path / "benefits.sqlite"
    ran = program(
        "init", "--federation", "区" * 300, "--code", "X" * 99, "--user", "u" * 65, "--database", str(where)
    )
    if ran.code == 0:  # SQLite itself does not mind long texts
        return
    assert ran.code == 1
    assert list(tmp_path.iterdir()) == []


def test_init_where_a_folder_cannot_be_made(tmp_path: Path, program: Program) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = program("init", "--database", str(tmp_path / "file" / "b.sqlite"), "--json")
    assert ran.code == 1 and ran.error["code"] == "kernel.cannot_open"
    assert (tmp_path / "file").read_text() == "in the way"


def test_the_usual_place_is_the_users_data_folder(tmp_path: Path) -> None:
    env = {"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)}
    done = child("init", env=env)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "benefits" / "benefits.sqlite").is_file()
    assert child("user", "list", env=env).returncode == 0


def test_users_roles_and_scope(empty_database_url: str, program: Program) -> None:
    where = ("--database", empty_database_url)
    program("init", "--federation", "通州区总工会", "--code", "110112", *where)
    for words in (
        ("org", "add", "T1", "--name", "张家湾镇总工会", "--level", "subdistrict", "--parent", "110112"),
        (
            "org",
            "add",
            "U1",
            "--name",
            "北京样例有限公司工会",
            "--level",
            "grassroots",
            "--parent",
            "T1",
            "--staff",
            "40",
        ),
        ("user", "add", "zhang", "--name", "张会", "--role", "clerk", "--org", "T1"),
        ("user", "add", "shen", "--role", "auditor"),
    ):
        assert program(*words, *where).code == 0
    zhang = ("--user", "zhang", *where)
    assert [row["code"] for row in program("org", "list", "--json", *zhang).json["organisations"]] == [
        "T1",
        "U1",
    ]
    shown = program("org", "show", "T1", "--json", *zhang).json
    assert shown["below"] == 1 and shown["children"][0]["staff"] == 40
    hidden = program("org", "show", "110112", "--json", *zhang)
    assert hidden.code == 1 and hidden.error["code"] == "organisations.unknown"
    refused = program("user", "add", "li", "--role", "admin", "--json", *zhang)
    assert refused.code == 1 and refused.error["code"] == "access.not_permitted"
    assert (
        program("org", "add", "U2", "--name", "x", "--level", "grassroots", "--user", "shen", *where).code
        == 1
    )
    taken = program("user", "add", "zhang", "--role", "clerk", "--json", *where)
    assert taken.code == 1 and taken.error["code"] == "access.login_taken"
    assert [row["login"] for row in program("user", "list", "--json", *where).json["users"]][1:] == [
        "shen",
        "zhang",
    ]


def test_the_user_may_come_from_the_environment(
    empty_database_url: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENEFITS_DATABASE", empty_database_url)
    monkeypatch.setenv("BENEFITS_USER", "boss")
    assert program("init", "--json").json["user"] == "boss"
    assert program("user", "list").code == 0
    assert os.environ["BENEFITS_USER"] == "boss"
    ran = program("user", "list", "--user", "nobody-else", "--json")
    assert ran.code == 1 and ran.error["code"] == "access.unknown_user"


def test_schema_version_and_upgrade(database_url: str, program: Program) -> None:
    where = ("--database", database_url)
    found = program("db", "version", *where, "--json").json
    assert found["found"] == found["needed"]
    assert program("db", "upgrade", *where, "--json").json["changed"] is False
