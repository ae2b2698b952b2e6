"""What a piece of work costs: CPU of the client and of the whole server, memory, and which statement took
it.

CPU and not the clock, because a machine is shared; ticks of the server are read from ``/proc``, so this
runs on Linux.
"""

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def peak_mb(pid: int | str = "self") -> float:
    """Greatest resident memory of a process so far, MB. From the process's own counter: ``ru_maxrss``
    starts at what the parent had.
    """
    return _status_kb(pid, "VmHWM:") / 1024


def _status_kb(pid: int | str, name: str) -> int:
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def _stat(pid: int) -> list[str]:
    """Fields of ``/proc/PID/stat`` from the third on (state); empty when the process has ended."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server by its postmaster's process."""

    pid: int

    def children(self) -> list[int]:
        """Its processes: backends, workers, writers."""
        pids = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
        return [pid for pid in pids if (found := _stat(pid)) and int(found[1]) == self.pid]

    def cpu(self) -> float:
        """CPU seconds of all its processes so far, those that have ended included (they count in the
        postmaster).
        """
        own = _stat(self.pid)
        ticks = sum(int(own[place]) for place in (11, 12, 13, 14)) if own else 0
        for pid in self.children():
            found = _stat(pid)
            ticks += sum(int(found[place]) for place in (11, 12)) if found else 0
        return ticks / _TICK

    @contextmanager
    def watching(self) -> Iterator[list[float]]:
        """The greatest anonymous memory of one of its processes during the block, MB, in a list of one."""
        peak = [0.0]
        done = threading.Event()

        def look() -> None:
            while not done.wait(0.1):
                peak[0] = max([peak[0], *(_status_kb(pid, "RssAnon:") / 1024 for pid in self.children())])

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        try:
            yield peak
        finally:
            done.set()
            thread.join()


@dataclass(slots=True)
class Cost:
    """Seconds of wall, and of CPU of this process and of the server; filled when the ``with`` ends."""

    seconds: float = 0.0
    client: float = 0.0
    server: float = 0.0


@contextmanager
def costing(postmaster: int | None) -> Iterator[Cost]:
    """Measure a block of this process, and what a server does in the meantime."""
    server = Server(postmaster) if postmaster else None
    cost, there = Cost(), server.cpu() if server else 0.0
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield cost
    finally:
        cost.seconds, cost.client = time.perf_counter() - wall, time.process_time() - cpu
        cost.server = server.cpu() - there if server else 0.0


class Statements:
    """Seconds by statement of one engine: client CPU on SQLite, waiting time for a server."""

    def __init__(self, engine: Engine) -> None:
        self._clock = time.process_time if engine.dialect.name == "sqlite" else time.perf_counter
        self._spent: dict[str, list[float]] = {}
        self._started = 0.0
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, *_: Any) -> None:
        self._started = self._clock()

    def _after(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        name = re.sub(r"(?<=_)\d+", "n", " ".join(statement.split()))  # chunks and parameters are numbered
        self._add(name, self._clock() - self._started)

    def _add(self, name: str, seconds: float) -> None:
        found = self._spent.setdefault(name, [0.0, 0.0])
        found[0] += seconds
        found[1] += 1

    def most(self, count: int = 15) -> list[dict[str, Any]]:
        """The dearest statements: seconds, how often, text."""
        ranked = sorted(self._spent.items(), key=lambda item: -item[1][0])[:count]
        return [
            {"seconds": round(s, 4), "times": int(n), "statement": _short(text)} for text, (s, n) in ranked
        ]


def _short(statement: str) -> str:
    return statement if len(statement) <= 320 else f"{statement[:160]} … {statement[-160:]}"
