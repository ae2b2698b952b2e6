"""The benchmark of the search: it runs, misses nobody, says what it is asked for. No times are asserted."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.questions import KINDS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the command prints for a small district on SQLite."""
    command = [sys.executable, "-m", "bench.search", "--members", "700", "--engine", "sqlite", "--json"]
    command += ["--queries", "4", "--checked", "4", "--keystrokes", "0"]
    command += ["--keep", str(tmp_path_factory.mktemp("bench"))]
    environment = {name: value for name, value in os.environ.items() if name != "BENEFITS_KEY_FILE"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found["engines"]["sqlite"]  # type: ignore[no-any-return]


def test_every_kind_in_every_part_misses_nobody(told: dict[str, Any]) -> None:
    cells = told["cells"]
    assert {cell["kind"] for cell in cells if cell["narrowed"] == "all"} == set(KINDS)
    assert {cell["narrowed"] for cell in cells} >= {
        "a street",
        "a unit",
        "retired",
        "a plan",
        "a street's clerk",
    }
    assert [cell for cell in cells if cell["misses"]] == []
    assert all(cell["checked"] > 0 for cell in cells if cell["queries"])


def test_times_are_told_apart(told: dict[str, Any]) -> None:
    for cell in told["cells"]:
        assert 0 < cell["database_ms"]["p50"] <= cell["database_ms"]["p95"] <= cell["database_ms"]["max"]
        assert cell["database_ms"]["p50"] < cell["whole_ms"]["p50"]
    assert told["floor"]["database_ms"]["p50"] > 0 and told["fill"]["keys"] > 0
