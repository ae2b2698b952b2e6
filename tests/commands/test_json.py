"""The keys of ``--json`` are those that the guide promises."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import GRACE, ROOT, WINDOW, WOMEN, Program

ROW = re.compile(r"\| `([a-z -]+)` \| `([a-z0-9_, ]+)` \| (?:`([a-z0-9_, ]+)`)? ?\|")
GUIDE = (ROOT / "docs" / "guide" / "json.md").read_text(encoding="utf-8")
PROMISED = {found[1]: (found[2], found[3]) for found in ROW.finditer(GUIDE)}
LOOKING: dict[str, tuple[str, ...]] = {
    "db version": (),
    "user list": (),
    "org list": (),
    "org show": ("张家湾镇总工会",),
    "org tree": (),
    "member search": ("王",),
    "member show": ("1",),
    "plan list": (),
    "plan show": (WOMEN,),
    "plan explain": (WOMEN, "--member", "1", "--start", "2026-12-01"),
    "enroll show": ("1",),
    "enroll list": (),
    "audit list": (),
    "audit verify": (),
    "verify": (),
    "doctor": (),
}


def _keys(words: str | None) -> set[str]:
    return {word.strip() for word in (words or "").split(",") if word.strip()}


def agrees(command: str, data: dict[str, Any]) -> None:
    top, item = PROMISED[command]
    assert set(data) == _keys(top)
    if item:
        rows = data[top.rpartition(",")[2].strip()]
        assert rows and all(set(row) == _keys(item) for row in rows)


def test_the_guide_names_every_command() -> None:
    from tests.commands.test_start import _commands

    assert sorted(PROMISED) == sorted(" ".join(words) for words in _commands())


@pytest.mark.parametrize("command", LOOKING)
def test_what_is_looked_at(command: str, sqlite_district: str, program: Program) -> None:
    where = ("--database", sqlite_district, "--user", "admin", "--json")
    agrees(command, program(*command.split(), *LOOKING[command], *where).json)


def test_what_is_done(sqlite_district: str, program: Program, tmp_path: Path) -> None:
    where = ("--database", sqlite_district, "--user", "admin", "--json", "--as-of", "2026-11-22")

    def does(command: str, *words: str) -> dict[str, Any]:
        data: dict[str, Any] = program(*command.split(), *words, *where).json
        agrees(command, data)
        return data

    run = str(does("renewal preview", "--plan", WOMEN, *WINDOW, *GRACE)["run"])
    rows = does("renewal decisions", run, "--verdict", "renew")["decisions"]
    member = str(rows[0]["member_id"])
    unit = str(does("renewal units", run)["units"][0]["code"])
    for words in (
        ("renewal list",),
        ("renewal show", run),
        ("renewal decline", run, member, "--reason", "x"),
        ("renewal include", run, member, "--reason", "x"),
        ("renewal withdraw", run, member),
        ("renewal unit", run, unit, "--confirmed"),
        ("renewal confirm", run),
        ("renewal apply", run),
        ("report renewal", run, "--no-annex", "--out", str(tmp_path / "r.pdf")),
        ("member reveal", member, "--field", "id_number", "--reason", "核对原件"),
        ("user add", "li", "--role", "clerk"),
        ("org add", "T99", "--name", "新镇总工会", "--level", "subdistrict", "--parent", "通州区总工会"),
    ):
        does(*words)
    later = ("--from", "2027-03-01", "--to", "2027-03-31", *GRACE)
    second = str(does("renewal preview", "--plan", WOMEN, *later)["run"])
    does("renewal abandon", second, "--reason", "x")
