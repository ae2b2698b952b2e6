"""Hand-outs a second, and the closing of a great campaign: ``python -m bench.kits``.

1, 4 and 16 clerks, each a process with a database connection of its own, hand out one after the other as fast
as they can; the sides take turns, each on a fresh copy of the same base (``bench.kits_desk`` says what they
are). The closing is that of a campaign of many stations whose sets were all handed out
(``bench.kits_closing``).
"""

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.kits_closing import closing
from bench.kits_desk import SIDES, Desk, Done, fill, spread, work
from bench.places import Place, PostgresqlServer, SqliteFiles

_processes = multiprocessing.get_context("forkserver")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; prints a table, or one JSON object."""
    given = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    with ExitStack() as stack:
        folder = given.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="benefits-bench-"))
        )
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["BENEFITS_KEY_FILE"] = str(folder / "bench.key")
        _processes.set_forkserver_preload(["bench.kits_desk"])
        engines: dict[str, Any] = {}
        for name in ("sqlite", "postgresql") if given.engine == "both" else (given.engine,):
            place: Place = SqliteFiles(folder) if name == "sqlite" else PostgresqlServer(folder)
            stack.callback(place.close)
            engines[name] = measure(place, given)
            place.close()
    found = {"benchmark": "kits", "engines": engines}
    print(json.dumps(found, indent=2) if given.json else "\n".join(_table(found)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.kits", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--engine", choices=("both", "sqlite", "postgresql"), default="both")
    parser.add_argument("--clerks", type=int, nargs="*", default=[1, 4, 16])
    parser.add_argument("--handouts", type=int, default=2000, help="of all clerks of a round together")
    parser.add_argument("--rounds", type=int, default=3, help="of every side; the median counts")
    parser.add_argument(
        "--one-station", action="store_true", help="all clerks at one station, not each at his or her own"
    )
    parser.add_argument("--stations", type=int, default=300, help="of the campaign that is closed; 0: none")
    parser.add_argument("--sets", type=int, default=200_000, help="handed out there")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the databases here")
    return parser


def measure(place: Place, given: argparse.Namespace) -> dict[str, Any]:
    """One engine."""
    found: dict[str, Any] = {"handouts": [_clerks(place, count, given) for count in given.clerks]}
    if given.stations:
        found["closing"] = closing(place, given.stations, given.sets, given.rounds)
    return found


def _clerks(place: Place, count: int, given: argparse.Namespace) -> dict[str, Any]:
    """So many clerks; every side in turn, round after round."""
    base = f"kits_{count}"
    place.create(base)
    desks = fill(place.address(base), count, given.handouts // count, 1 if given.one_station else count)
    place.finished(base)
    rates: dict[str, list[float]] = {side: [] for side in SIDES}
    cpu: dict[str, list[float]] = {side: [] for side in SIDES}
    took: list[float] = []
    for number in range(given.rounds):
        turn = number % len(SIDES)
        for side in (*SIDES[turn:], *SIDES[:turn]):
            place.copy(base, "kits_round")
            done = _round(place.address("kits_round"), side, desks)
            handed = sum(len(one.took) for one in done)
            rates[side].append(handed / (max(one.ended for one in done) - min(one.began for one in done)))
            cpu[side].append(sum(one.cpu for one in done) / handed * 1e3)
            if side == "ours":
                took += [ms for one in done for ms in one.took]
    place.drop("kits_round")
    median = {side: statistics.median(values) for side, values in rates.items()}
    return {
        "clerks": count,
        "a_second": {side: round(value, 1) for side, value in median.items()},
        "client_cpu_ms": {side: round(statistics.median(values), 3) for side, values in cpu.items()},
        "of_bare": round(median["ours"] / median["bare"], 3),
        "of_rows": round(median["ours"] / median["rows"], 3),
        "of_unit": round(median["ours"] / median["unit"], 3),
        **spread(took),
    }


def _round(where: str, side: str, desks: Sequence[Desk]) -> list[Done]:
    ready = _processes.Barrier(len(desks))
    pipes = []
    for desk in desks:
        mine, yours = _processes.Pipe()
        child = _processes.Process(target=_child, args=(yours, where, side, desk, ready), daemon=True)
        child.start()
        yours.close()
        pipes.append((mine, child))
    done = []
    for mine, child in pipes:
        found = mine.recv()
        child.join()
        if not isinstance(found, Done):
            raise RuntimeError(found)
        done.append(found)
    return done


def _child(pipe: Any, where: str, side: str, desk: Desk, ready: Any) -> None:
    import traceback

    try:
        pipe.send(work(where, side, desk, ready))
    except BaseException:
        pipe.send(traceback.format_exc())


def _table(found: dict[str, Any]) -> list[str]:
    lines = []
    for engine, told in found["engines"].items():
        lines.append(f"{engine}: hand-outs a second")
        lines.append("clerks    ours    bare    rows    unit  of bare  of rows  of unit   p50 ms   p99 ms")
        for row in told["handouts"]:
            rates = "".join(f"{row['a_second'][side]:8.0f}" for side in SIDES)
            ratios = "".join(
                f"{row[name]:9.2f}" for name in ("of_bare", "of_rows", "of_unit", "p50_ms", "p99_ms")
            )
            lines.append(f"{row['clerks']:6d}{rates}{ratios}")
            spent = ", ".join(f"{side} {ms:.2f}" for side, ms in row["client_cpu_ms"].items())
            lines.append(f"       CPU of the client a hand-out, ms: {spent}")
        if "closing" in told:
            one = told["closing"]
            lines.append(
                f"closing {one['stations']} stations, {one['sets']} sets: {one['seconds']:.2f} s; "
                f"floor {one['floor_seconds']:.2f} s; {one['of_floor']:.2f} × the floor's speed"
            )
    return lines


if __name__ == "__main__":
    raise SystemExit(main())
