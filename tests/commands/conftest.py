"""The program as a user runs it: in this process, or as a child."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benefits.commands import main
from benefits.database import create_database
from benefits.kernel.clock import FixedClock
from sample_data.generate import DISTRICT_FILES, TODAY, fill
from tests import engines

ROOT = Path(__file__).resolve().parents[2]
WOMEN = "bj-women-disease-1y"
PAID = ("--funding", "district")
GRACE = ("--grace-days", "30", "--grace-reason", "办事处答复 30 天", *PAID)
WINDOW = ("--from", "2026-11-01", "--to", "2026-12-31")


@dataclass(frozen=True, slots=True)
class Ran:
    """One command line: exit code and both outputs."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """What ``--json`` says about a refusal."""
        return self.json["error"]


Program = Callable[..., Ran]


def _fill(address: str) -> None:
    database = create_database(address, clock=FixedClock(TODAY))
    try:
        fill(database, today=TODAY, files=DISTRICT_FILES)
    finally:
        database.close()


@pytest.fixture
def district_url(engine_kind: str, tmp_path: Path) -> Iterator[str]:
    """A database of its own with the committed district."""
    engines.template(engine_kind, "district", _fill)
    where = engines.fresh(engine_kind, "district", tmp_path)
    yield where
    engines.discard(where)


@pytest.fixture
def sqlite_district(tmp_path: Path) -> str:
    """The same on SQLite only, for what is SQLite's own."""
    engines.template("sqlite", "district", _fill)
    return engines.fresh("sqlite", "district", tmp_path)


@pytest.fixture
def program(capfd: pytest.CaptureFixture[str]) -> Program:
    """Run a command line in this process."""

    def run(*words: str) -> Ran:
        capfd.readouterr()
        code = main(list(words))
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def at(district_url: str, program: Program) -> Program:
    """Run a command line on the sample district, as its administrator on its business day, printing JSON."""

    def run(*words: str, user: str = "admin", day: str | None = "2026-11-22") -> Ran:
        more = ("--as-of", day) if day else ()
        return program(*words, "--database", district_url, "--user", user, "--json", *more)

    return run


def child(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the real program in a process of its own."""
    environment = os.environ | options.pop("env", {})
    return subprocess.run(
        [sys.executable, "-c", "import sys; from benefits.commands import main; sys.exit(main())", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=options.pop("cwd", ROOT),
        env=environment | {"PYTHONPATH": str(ROOT)},
        timeout=options.pop("timeout", 120),
        **options,
    )
