"""Rosters of members in: ``python -m bench.roster --rows 100000 1000000``.

A roster of eight columns about a district where half of its people are registered, a tenth of those with
another phone, and one row in two hundred is wrong (``bench.roster_file``). Ours checks it and imports its
good rows, by the program's own functions. The floor (``bench.roster_floor``) reads the file with the fastest
reader and upserts the very rows that ours wrote. Both run in processes of their own on copies of the same
base; the ratio is that of CPU time: client, reading child and server. The peer (``bench.roster_peer``) goes
row by row with openpyxl and models, at a smaller size, and is extrapolated by the row. Tables must come out
alike, or nothing is printed.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.places import Place, on_engines

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; prints a line for each measurement, or one JSON object."""
    given = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    engines = on_engines(given.engine, given.keep, lambda place, folder: measure(place, folder, given))
    found = {"benchmark": "roster", "seed": given.seed, "engines": engines}
    print(json.dumps(found, indent=2) if given.json else "\n".join(_lines(found)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.roster", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000], help="sizes")
    parser.add_argument("--form", choices=("xlsx", "csv"), nargs="+", default=["xlsx", "csv"])
    parser.add_argument("--engine", choices=("both", "sqlite", "postgresql"), default="both")
    parser.add_argument("--peer-rows", type=int, default=5000, help="rows of the peer; 0: no peer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep files and databases here, and use those that are there"
    )
    return parser


def measure(place: Place, folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """All sizes and forms on one engine, then the peer."""
    sizes = [size(place, folder, rows, form, given) for rows in sorted(given.rows) for form in given.form]
    found: dict[str, Any] = {"sizes": sizes}
    if given.peer_rows:
        found["peer"] = peer(place, folder, given, sizes)
    return found


def size(place: Place, folder: Path, rows: int, form: str, given: argparse.Namespace) -> dict[str, Any]:
    """One file: check, import, floor."""
    base, files = _base(place, folder, rows, given.form, given.seed)
    file = files[given.form.index(form)]
    place.copy(base, "ours")
    ours_at = place.address("ours")
    checked = _job(place, "check", address=ours_at, file=str(file))
    brought = _job(place, "ours", address=ours_at, file=str(file))
    assert checked["counts"] == brought["counts"], "an import does what the check said"
    kept = folder / "taken"
    taken = _job(place, "take", address=ours_at, base=place.address(base), folder=str(kept))
    place.drop("ours")
    place.copy(base, "floor")
    at_floor = {"folder": str(kept), "last": taken["last"]}
    floor = _job(place, "floor", address=place.address("floor"), file=str(file), **at_floor)
    place.drop("floor")
    assert floor["sums"] == taken["sums"], f"ours and floor differ: {taken['sums']} {floor['sums']}"
    return _figures(place, form, checked, brought, floor)


def _figures(
    place: Place, form: str, checked: dict[str, Any], brought: dict[str, Any], floor: dict[str, Any]
) -> dict[str, Any]:
    least = floor["read"] + _cpu(floor)
    figures: dict[str, Any] = {
        "rows": brought["counts"]["rows"],
        "form": form,
        "counts": brought["counts"],
        "problems": brought["problems"],
        "check": _told(checked),
        "import": _told(brought),
        "floor": {"cpu_seconds": round(least, 2), "read": round(floor["read"], 2)}
        | {"seconds": round(floor["seconds"], 2), "write": round(_cpu(floor), 2)}
        | {"server": round(floor["server"], 2)},
        "ratio": round(_cpu(brought) / least, 3),
        "memory_mb": round(max(checked["memory_mb"], brought["memory_mb"]), 1),
        "floor_equal": True,
    }
    if place.server is not None:
        figures["backend_memory_mb"] = round(brought["backend_mb"], 1)
    return figures


def _told(found: dict[str, Any]) -> dict[str, Any]:
    parts = {part: round(seconds, 3) for part, seconds in found["parts"].items()}
    whole = {"cpu_seconds": round(_cpu(found), 2), "seconds": round(found["seconds"], 2)}
    memory = {"memory_mb": round(found["memory_mb"], 1), "child_mb": round(found["child_mb"], 1)}
    return whole | parts | {"server": round(found["server"], 2)} | memory


def peer(
    place: Place, folder: Path, given: argparse.Namespace, sizes: list[dict[str, Any]]
) -> dict[str, Any]:
    """Row by row at a smaller size, and ours on the same file: both by the row."""
    base, (file,) = _base(place, folder, given.peer_rows, ["xlsx"], given.seed)
    found: dict[str, dict[str, Any]] = {}
    for name in ("ours", "peer"):
        place.copy(base, name)
        most = {} if name == "ours" else {"rows": given.peer_rows}
        found[name] = _job(place, name, address=place.address(name), file=str(file), **most)
        place.drop(name)
    same = {key: value for key, value in found["ours"]["counts"].items() if value and key != "rows"}
    assert same == found["peer"]["counts"], f"ours and peer differ: {same} {found['peer']['counts']}"
    cost, small = (1e6 * _cpu(found[name]) / given.peer_rows for name in ("peer", "ours"))
    largest = max((one for one in sizes), key=lambda one: (one["rows"], one["form"] == "xlsx"))
    large = 1e6 * largest["import"]["cpu_seconds"] / largest["rows"]
    return {
        "rows": given.peer_rows,
        "counts": found["peer"]["counts"],
        "cpu_seconds": round(_cpu(found["peer"]), 2),
        "us_per_row": round(cost, 1),
        "factor": round(cost / large, 1),
        "factor_of": f"{largest['rows']} rows {largest['form']}, the peer extrapolated by the row",
        "factor_same_size": round(cost / small, 1),
    }


def _lines(found: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for engine, told in found["engines"].items():
        for one in told["sizes"]:
            lines.append(f"{engine} {one['rows']:,} rows {one['form']}: {one['counts']}")
            for name in ("check", "import", "floor"):
                lines.append(f"  {name:<7}" + "  ".join(f"{key} {value}" for key, value in one[name].items()))
            lines.append(f"  ours/floor {one['ratio']}  memory {one['memory_mb']} MB (parent and child)")
        if "peer" in told:
            one = told["peer"]
            lines.append(f"{engine} peer, {one['rows']:,} rows: {one['us_per_row']} us a row; peer/ours")
            lines[-1] += f" {one['factor']} ({one['factor_of']}), {one['factor_same_size']} at the same size"
    return lines


def _cpu(found: dict[str, Any]) -> float:
    return float(found["client"] + found["server"])


def _base(place: Place, folder: Path, rows: int, forms: Sequence[str], seed: int) -> tuple[str, list[Path]]:
    """The database to start from, and the files; they are made together, with the same units."""
    name = f"roster_{rows}_{seed}"
    files = [folder / f"{name}.{form}" for form in forms]
    if not place.has(name) or not all(file.exists() for file in files):
        place.create(name)
        arguments = {"rows": rows, "seed": seed, "files": list(map(str, files))}
        _job(place, "base", address=place.address(name), **arguments)
        place.finished(name)
    return name, files


def _job(place: Place, job: str, **arguments: Any) -> dict[str, Any]:
    """Run a job in a process of its own; its findings, with the greatest memory of a server process."""
    command = [sys.executable, "-m", "bench.roster_job", job]
    if place.server is None or job in ("base", "take"):
        done = subprocess.run(
            [*command, json.dumps(arguments)], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True
        )
        return dict(json.loads(done.stdout))
    arguments["postmaster"] = place.server.pid
    with place.server.watching() as memory:
        done = subprocess.run(
            [*command, json.dumps(arguments)], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True
        )
    return dict(json.loads(done.stdout)) | {"backend_mb": memory[0]}


if __name__ == "__main__":
    raise SystemExit(main())
