"""The demonstration: one command from nothing to the report, again and again, on both engines."""

import json
import shlex
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from tests.commands.conftest import Program, child

KEYS = set("database run candidates renewed added excluded declined due_fen report seconds".split())


def _embedded(path: Path) -> bool:
    """Every font of every page carries its file."""
    pages: Any = PdfReader(path).pages
    for page in pages:
        for reference in page["/Resources"]["/Font"].values():
            font = reference.get_object()
            for part in font.get("/DescendantFonts", [font]):
                descriptor = part.get_object()["/FontDescriptor"].get_object()
                if not {"/FontFile2", "/FontFile3"} & set(descriptor):
                    return False
    return True


def test_the_demo_twice(tmp_path: Path) -> None:
    """The real program; the second one leaves the first alone."""
    first = child("demo", "--out", "out", "--json", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    data = json.loads(first.stdout)
    assert set(data) >= KEYS
    parts = [data[name] for name in ("renewed", "added", "excluded", "declined")]
    assert data["candidates"] == sum(parts) and min(parts) >= 1
    assert data["due_fen"] > 0 and data["members"] == 5000
    paper = Path(data["report"])
    assert paper.parent == Path(data["database"]).parent == tmp_path / "out"
    assert _embedded(paper)
    text = "".join(page.extract_text() for page in PdfReader(paper).pages[:8]).replace(",", "")
    assert data["run"] in text and str(data["candidates"]) in text

    database = Path(data["database"]).read_bytes()
    second = child("demo", "--out", "out", cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "benefits --database" in second.stdout and "demo-2.sqlite" in second.stdout
    assert Path(data["database"]).read_bytes() == database

    opened = shlex.split(data["open"])
    assert opened[:2] == ["benefits", "--database"] and opened[2] == data["database"]
    shown = child("renewal", "show", data["run"], *opened[1:], "--json")
    assert json.loads(shown.stdout)["state"] == "applied"
    again = child("renewal", "apply", data["run"], *opened[1:], "--json")
    assert json.loads(again.stdout)["changed"] is False
    checked = child("verify", "--database", data["database"], "--user", "admin", "--json")
    assert checked.returncode == 0 and json.loads(checked.stdout)["ok"] is True


def test_the_demo_of_a_size_and_a_seed(empty_database_url: str, tmp_path: Path, program: Program) -> None:
    words = (
        "--database",
        empty_database_url,
        "--out",
        str(tmp_path / "paper"),
        "--members",
        "1200",
        "--seed",
        "7",
    )
    ran = program("demo", *words, "--json", "--lang", "en")
    assert ran.code == 0, ran.err
    assert ran.json["members"] == 1200
    assert Path(ran.json["report"]).is_file()
    again = program("demo", *words, "--json")
    assert again.code == 1 and again.error["code"] == "kernel.already_initialised"


def test_the_demo_leaves_the_usual_database_alone(tmp_path: Path, program: Program) -> None:
    usual = tmp_path / "usual.sqlite"
    done = child("demo", "--members", "1200", "--json", cwd=tmp_path, env={"BENEFITS_DATABASE": str(usual)})
    assert done.returncode == 0, done.stderr
    assert not usual.exists()
    assert json.loads(done.stdout)["database"] == str(tmp_path / "demo" / "demo.sqlite")


def test_a_demo_that_is_refused_leaves_nothing(tmp_path: Path, program: Program) -> None:
    ran = program("demo", "--out", str(tmp_path / "out"), "--members", "10", "--json")
    assert ran.code == 1 and ran.error["code"] == "members.sample_too_small"
    assert list((tmp_path / "out").iterdir()) == []
    (tmp_path / "file").write_text("in the way")
    blocked = program("demo", "--out", str(tmp_path / "file"), "--json")
    assert blocked.code == 1 and blocked.error["code"] == "commands.os_error"
