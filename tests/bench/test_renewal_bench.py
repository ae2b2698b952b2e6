"""The benchmark itself: it runs, its parts agree to the fen, and it says what it is asked for. No times are
asserted.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = 600


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the command prints for a small district on SQLite."""
    command = [sys.executable, "-m", "bench.renewal", "--members", str(MEMBERS), "--engine", "sqlite"]
    command += [
        "--peer-members",
        str(MEMBERS),
        "--keep",
        str(tmp_path_factory.mktemp("bench")),
        "--statements",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "BENEFITS_KEY_FILE"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found["engines"]["sqlite"]  # type: ignore[no-any-return]


def test_one_size_says_everything(told: dict[str, Any]) -> None:
    (size,) = told["sizes"]
    assert size["members"] == MEMBERS
    for key in (
        "seconds",
        "cpu_seconds",
        "floor_cpu_seconds",
        "ratio",
        "us_per_candidate",
        "memory_mb",
        "commits",
    ):
        assert size[key] > 0, key
    assert size["statements"], "the dearest statements are listed"


def test_floor_and_peer_came_to_the_same(told: dict[str, Any]) -> None:
    (size,) = told["sizes"]
    assert size["floor_equal"] is True
    assert told["peer"]["peer_equal"] is True
    assert told["peer"]["factor"] > 0
    assert size["candidates"] == told["peer"]["candidates"] == sum(size["verdicts"].values())
    assert size["rows"]["decision"] == size["candidates"] > MEMBERS / 2
    assert size["rows"]["enrollment"] == size["verdicts"]["renew"]
    assert size["due_fen"] > 0
