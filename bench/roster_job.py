"""One job of the roster's measurement, in a process of its own: ``python -m bench.roster_job NAME JSON``
prints one JSON object.

``base`` makes a district in which half of a roster is registered, and the files; ``check`` and ``ours`` are
the program's own, ``take`` keeps what ours wrote, ``floor`` loads it without logic, ``peer`` goes row by row.
"""

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bench import roster_file, roster_floor, roster_peer
from bench.measure import Cost, costing, peak_mb
from bench.tables import sweep
from benefits.access.queries import INSTALLER
from benefits.database import create_database, open_database
from benefits.kernel.clock import FixedClock
from benefits.kernel.engine import make_engine, parse_url
from benefits.kernel.unit import Database
from benefits.organisations.models import Level, Organisation
from benefits.roster_kinds import kind_of
from benefits.rosters import check as checking
from benefits.rosters import chunks as chunking
from benefits.rosters.files.reading import Opened
from benefits.rosters.kind import Kind
from benefits.rosters.models import Mode
from benefits.rosters.service import import_roster
from sample_data.generate import TODAY, fill

SAMPLE = 600
"""People of the sample district, or one for fifty rows: they make the units, and are not in the roster."""


def _open(address: str) -> Database:
    return open_database(address, clock=FixedClock(TODAY))


def base(address: str, rows: int, seed: int, files: list[str]) -> dict[str, Any]:
    """A district with half of the roster registered, by an import of its own; and the files that are
    missing."""
    database = create_database(address, clock=FixedClock(TODAY))
    fill(database, max(SAMPLE, rows // 50), seed, TODAY)
    units = _units(database)
    for name in map(Path, files):
        if not name.exists():
            roster_file.write(name, (one.row() for one in roster_file.people(rows, seed, units)))
    before = Path(files[0]).with_name(f"before_{rows}_{seed}.csv")
    known = (one.row(one.before) for one in roster_file.people(rows, seed, units) if one.before)
    roster_file.write(before, known)
    done = database.act(INSTALLER, import_roster, path=before, kind=kind_of("members"), mode=Mode.ALL)
    before.unlink()
    assert done.report.added == (rows + 1) // 2, done.report
    sweep(database.engine)
    database.close()
    return {}


def _units(database: Database) -> list[str]:
    """Codes of the units that are open."""
    with database.read(INSTALLER) as unit:
        found = select(Organisation.code).where(
            col(Organisation.level) == Level.GRASSROOTS, col(Organisation.closed).is_(None)
        )
        return list(unit.exec(found.order_by(col(Organisation.code))))


class _Parts:
    """CPU seconds of this process by part, and of the reading child; a part does not count what is inside
    it."""

    def __init__(self) -> None:
        self.spent = {"read": 0.0, "normalise": 0.0, "judge": 0.0}
        self._inner = 0.0

    def steps(self, part: str, items: Iterator[Any]) -> Iterator[Any]:
        """The items, with the time that each takes to come."""
        while True:
            with self.timing(part):
                item = next(items, self)
            if item is self:
                return
            yield item

    @contextmanager
    def timing(self, part: str) -> Iterator[None]:
        """Time a block as a part."""
        outer, self._inner = self._inner, 0.0
        began = time.process_time()
        yield
        took = time.process_time() - began
        self.spent[part] += took - self._inner
        self._inner = outer + took

    def kind(self, kind: Kind) -> Kind:
        """The kind, its judging timed; and the two generators before it."""
        blocks, chunks = Opened.blocks, chunking.chunks

        def judge(*given: Any) -> Any:
            with self.timing("judge"):
                return kind.judge(*given)

        setattr(Opened, "blocks", lambda opened: self.steps("read", blocks(opened)))  # noqa: B010
        setattr(checking, "chunks", lambda *given: self.steps("normalise", chunks(*given)))  # noqa: B010
        return replace(kind, judge=judge)


@contextmanager
def _with_child() -> Iterator[dict[str, float]]:
    """CPU seconds of the children that end inside, and the peak memory of the greatest, looked at every
    hundredth of a second."""
    found = {"child": 0.0, "child_mb": 0.0}
    peaks: dict[str, float] = {}
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.01):
            for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
                peaks[pid] = peak_mb(int(pid)) or peaks.get(
                    pid, 0.0
                )  # the last: before exec it is the parent's

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        yield found
    finally:
        done.set()
        thread.join()
        found["child_mb"] = max(peaks.values(), default=0.0)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found["child"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def check(address: str, file: str, postmaster: int | None = None) -> dict[str, Any]:
    """Check a file."""
    database, parts = _open(address), _Parts()
    kind = parts.kind(kind_of("members"))
    with _with_child() as child, costing(postmaster) as cost, database.read(INSTALLER) as unit:
        report = checking.check(unit, Path(file), kind)
    database.close()
    return _told(cost, child, parts, report)


def ours(address: str, file: str, postmaster: int | None = None) -> dict[str, Any]:
    """Import a file, good rows."""
    database, parts = _open(address), _Parts()
    kind = parts.kind(kind_of("members"))
    with _with_child() as child, costing(postmaster) as cost:
        done = database.act(INSTALLER, import_roster, path=Path(file), kind=kind, mode=Mode.GOOD)
    found = _told(cost, child, parts, done.report)
    database.close()
    return found


def _told(cost: Cost, child: dict[str, float], parts: _Parts, report: checking.Report) -> dict[str, Any]:
    spent = parts.spent | {"write": cost.client - sum(parts.spent.values())}
    spent["read"] += child["child"]
    counts = {name: getattr(report, name) for name in "rows added changed same queued bad".split()}
    memory = {"memory_mb": peak_mb() + child["child_mb"], "child_mb": child["child_mb"]}
    assert all(one.say.key and one.cell for one in report.problems), "every reason has its cell"
    client = cost.client + child["child"]
    told = {"counts": counts, "problems": len(report.problems), "parts": spent}
    return asdict(cost) | {"client": client} | told | memory


def take(address: str, base: str, folder: str) -> dict[str, Any]:
    """Keep the rows that ours wrote, for the floor."""
    engine, before = make_engine(parse_url(address)), make_engine(parse_url(base))
    found = roster_floor.take(engine, before, Path(folder))
    engine.dispose()
    before.dispose()
    return found


def floor(
    address: str, file: str, folder: str, last: dict[str, int], postmaster: int | None = None
) -> dict[str, Any]:
    """Read the file with the fastest reader and load the rows."""
    with _with_child() as child, costing(postmaster) as reading:
        rows = roster_floor.read(Path(file))
    engine = make_engine(parse_url(address))
    cost = roster_floor.load_all(engine, Path(folder), postmaster)
    memory = peak_mb() + child["child_mb"]
    found = asdict(cost) | {"rows": rows, "read": reading.client, "memory_mb": memory}
    found["sums"] = roster_floor.sums(engine, last)
    engine.dispose()
    return found


def peer(address: str, file: str, rows: int, postmaster: int | None = None) -> dict[str, Any]:
    """The usual way, row by row."""
    database = _open(address)
    with costing(postmaster) as cost:
        counts = roster_peer.bring(database, Path(file), rows)
    memory = peak_mb()
    database.close()
    return asdict(cost) | {"counts": counts, "memory_mb": memory}


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "base": base,
    "check": check,
    "ours": ours,
    "take": take,
    "floor": floor,
    "peer": peer,
}


if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
