"""The roster's benchmark: it runs on both engines, ours, floor and peer come to the same rows, and it says
what it is asked for. No times are asserted.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = 300


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What the command prints for a small roster; its own folder, which the server may read too."""
    command = [sys.executable, "-m", "bench.roster", "--rows", str(ROWS), "--peer-rows", str(ROWS)]
    command += ["--form", "xlsx", "--json"]
    environment = {name: value for name, value in os.environ.items() if name != "BENEFITS_KEY_FILE"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    engines: dict[str, Any] = json.loads(done.stdout)["engines"]
    return engines


def test_both_engines_come_to_the_same(told: dict[str, Any]) -> None:
    found = [one for engine in ("sqlite", "postgresql") for one in told[engine]["sizes"]]
    assert [one["form"] for one in found] == ["xlsx"] * 2
    for one in found:
        assert one["counts"] == found[0]["counts"]
        assert one["floor_equal"] is True
    counts = found[0]["counts"]
    assert counts["rows"] == ROWS == sum(counts.values()) - ROWS
    assert (counts["added"], counts["changed"], counts["bad"]) == (149, 15, 1)
    assert found[0]["problems"] == 1


def test_every_part_has_its_cost(told: dict[str, Any]) -> None:
    for one in (size for engine in told.values() for size in engine["sizes"]):
        for part in ("cpu_seconds", "read", "normalise", "judge", "memory_mb", "child_mb"):
            assert one["check"][part] > 0, part
            assert one["import"][part] > 0, part
        assert one["import"]["write"] > 0
        assert one["floor"]["cpu_seconds"] > 0
        assert one["ratio"] > 0


def test_the_peer_came_to_the_same(told: dict[str, Any]) -> None:
    for engine in told.values():
        assert engine["peer"]["factor"] > 0
        assert engine["peer"]["counts"]["added"] == 149
