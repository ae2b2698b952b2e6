"""The benchmark of hand-outs: it runs, and says what it is asked for. No times are asserted."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.kits_desk import SIDES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the command prints for two clerks and a small campaign on SQLite."""
    command = [sys.executable, "-m", "bench.kits", "--engine", "sqlite", "--clerks", "2", "--json"]
    command += ["--handouts", "20", "--rounds", "1", "--stations", "3", "--sets", "30"]
    command += ["--keep", str(tmp_path_factory.mktemp("bench"))]
    environment = {name: value for name, value in os.environ.items() if name != "BENEFITS_KEY_FILE"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found["engines"]["sqlite"]  # type: ignore[no-any-return]


def test_every_side_hands_out(told: dict[str, Any]) -> None:
    (row,) = told["handouts"]
    assert row["clerks"] == 2
    assert set(row["a_second"]) == set(SIDES) and all(rate > 0 for rate in row["a_second"].values())
    assert row["of_bare"] > 0 and row["p99_ms"] >= row["p50_ms"] > 0


def test_the_campaign_closes(told: dict[str, Any]) -> None:
    found = told["closing"]
    assert (found["stations"], found["sets"]) == (3, 30)
    assert found["seconds"] > 0 and found["of_floor"] > 0
