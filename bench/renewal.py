"""The renewal of a whole district against the floor and against a peer: ``python -m bench.renewal --members
N``.

Ours is preview and apply of every plan of the sample, with the program's own chunks. The floor
(``bench.floor``) inserts the same rows with no logic into a copy of the same database. Both run in
processes of their own, one pair after the other; the ratio is that of CPU time, client and server together,
as the median of the pairs. The peer (``bench.peer``) is a loop with entities at a smaller size. All three
must come to the same rows and the same fen, or nothing is printed.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.places import Place, on_engines

ROOT = Path(__file__).resolve().parent.parent
SHARED = ("decision", "enrollment", "due")
"""What the peer writes too; it keeps no sums by unit."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; prints one JSON object."""
    given = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    engines = on_engines(given.engine, given.keep, lambda place, _: measure(place, given))
    print(json.dumps({"benchmark": "renewal", "seed": given.seed, "engines": engines}, indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.renewal", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--members", type=int, nargs="+", default=[100_000], help="sizes; several give the growth"
    )
    parser.add_argument("--engine", choices=("both", "sqlite", "postgresql"), default="both")
    parser.add_argument(
        "--peer-members", type=int, default=10_000, help="size of the peer's district; 0: no peer"
    )
    parser.add_argument("--repeat", type=int, default=1, help="pairs of ours and floor")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the databases here, and use those that are there"
    )
    parser.add_argument("--statements", action="store_true", help="list the dearest statements of ours")
    return parser


def measure(place: Place, given: argparse.Namespace) -> dict[str, Any]:
    """All sizes on one engine, then the peer."""
    sizes = [size(place, members, given) for members in sorted(given.members)]
    found: dict[str, Any] = {"sizes": sizes}
    if len(sizes) > 1:
        small, large = sizes[0]["us_per_candidate"], sizes[-1]["us_per_candidate"]
        found["growth"] = {
            "from": sizes[0]["members"],
            "to": sizes[-1]["members"],
            "ratio": round(large / small, 3),
        }
    if given.peer_members:
        found["peer"] = peer(place, given, sizes[-1]["us_per_candidate"])
    return found


def size(place: Place, members: int, given: argparse.Namespace) -> dict[str, Any]:
    """One size: pairs of ours and floor."""
    base, with_source = f"base_{members}_{given.seed}", f"source_{members}"
    _ensure_base(place, base, members, given.seed)
    renewals: list[dict[str, Any]] = []
    floors: list[dict[str, Any]] = []
    steps: list[Any] = []
    for number in range(given.repeat):
        place.copy(base, "ours")
        renewals.append(_job(place, "ours", address=place.address("ours"), statements=given.statements))
        if number == 0:
            steps = _take_source(place, base, with_source)
        place.drop("ours")
        place.copy(with_source if place.engine == "postgresql" else base, "floor")
        source = place.address(with_source) if place.engine == "sqlite" else "src"
        arguments = {"source": source, "steps": steps, "statements": given.statements}
        floors.append(_job(place, "floor", address=place.address("floor"), **arguments))
        place.drop("floor")
        same = {json.dumps(found["sums"]) for found in (renewals[0], renewals[-1], floors[-1])}
        assert len(same) == 1, f"ours and floor differ: {same}"
    place.drop(with_source)
    return _figures(place, members, renewals, floors, len(steps))


def _take_source(place: Place, base: str, name: str) -> list[Any]:
    """Put the rows of the renewal that was just done where the floor reads them."""
    if place.engine == "sqlite":
        place.drop(name)
        source = place.address(name)
    else:
        place.copy(base, name)
        source = "src"
    found = _job(place, "source", ours=place.address("ours"), target=place.address(name), name=source)
    steps: list[Any] = found["steps"]
    return steps


def _figures(
    place: Place, members: int, renewals: list[dict[str, Any]], floors: list[dict[str, Any]], commits: int
) -> dict[str, Any]:
    sums = renewals[0]["sums"]
    candidates = sums["decision"]["rows"]
    ratios = [_cpu(one) / _cpu(other) for one, other in zip(renewals, floors, strict=True)]
    cpu = median(_cpu(found) for found in renewals)
    figures: dict[str, Any] = {
        "members": members,
        "candidates": candidates,
        "verdicts": renewals[0]["verdicts"],
        "rows": {table: found["rows"] for table, found in sums.items()},
        "due_fen": sums["due"]["fen"],
        "commits": commits,
        "seconds": round(median(found["seconds"] for found in renewals), 3),
        "cpu_seconds": round(cpu, 3),
        "cpu_server": round(median(found["server"] for found in renewals), 3),
        "floor_seconds": round(median(found["seconds"] for found in floors), 3),
        "floor_cpu_seconds": round(median(_cpu(found) for found in floors), 3),
        "ratio": round(median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "us_per_candidate": round(1e6 * cpu / candidates, 2),
        "memory_mb": round(max(found["memory_mb"] for found in renewals), 1),
        "floor_equal": True,
    }
    if place.server is not None:
        figures["backend_memory_mb"] = round(max(found["backend_mb"] for found in renewals), 1)
    if renewals[0]["statements"]:
        figures["statements"] = renewals[-1]["statements"]
        figures["floor_statements"] = floors[-1]["statements"]
    return figures


def peer(place: Place, given: argparse.Namespace, us_per_candidate: float) -> dict[str, Any]:
    """The loop with entities, and ours at the same size, which must come to the same."""
    base = f"base_{given.peer_members}_{given.seed}"
    _ensure_base(place, base, given.peer_members, given.seed)
    found: dict[str, dict[str, Any]] = {}
    for name in ("ours", "peer"):
        place.copy(base, name)
        found[name] = _job(place, name, address=place.address(name))
        place.drop(name)
    same = {
        json.dumps([found[name]["verdicts"], *[found[name]["sums"][t] for t in SHARED]]) for name in found
    }
    assert len(same) == 1, f"ours and peer differ: {same}"
    candidates = found["peer"]["sums"]["decision"]["rows"]
    cost, small = (1e6 * _cpu(found[name]) / candidates for name in ("peer", "ours"))
    return {
        "members": given.peer_members,
        "candidates": candidates,
        "cpu_seconds": round(_cpu(found["peer"]), 3),
        "us_per_candidate": round(cost, 1),
        "factor": round(cost / us_per_candidate, 1),
        "factor_same_size": round(cost / small, 1),
        "peer_equal": True,
    }


def _cpu(found: dict[str, Any]) -> float:
    return float(found["client"] + found["server"])


def _ensure_base(place: Place, name: str, members: int, seed: int) -> None:
    if not place.has(name):
        place.create(name)
        _job(place, "base", address=place.address(name), members=members, seed=seed)
        place.finished(name)


def _job(place: Place, job: str, **arguments: Any) -> dict[str, Any]:
    """Run a job in a process of its own; its findings, with the greatest memory of a server process."""
    if place.server is not None and job in ("ours", "floor", "peer"):
        arguments["postmaster"] = place.server.pid
    command = [sys.executable, "-m", "bench.job", job, json.dumps(arguments)]
    if place.server is None:
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
        return dict(json.loads(done.stdout))
    with place.server.watching() as memory:
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return dict(json.loads(done.stdout)) | {"backend_mb": memory[0]}


if __name__ == "__main__":
    raise SystemExit(main())
