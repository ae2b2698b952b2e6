"""Child processes that open the database themselves: clerks at their own terminals, who can be killed.

They are forked from a server that has imported everything already, so that eight of them cost little more
than one.
"""

import multiprocessing
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from typing import Any

from benefits.database import open_database
from benefits.kernel.clock import FixedClock
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database

Verb = Callable[..., Any]
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["benefits.database", "benefits.renewal.batch", "benefits.plans.queries", "benefits.kits.service_handout"]
)


def _work(where: str, pipe: "Connection[Any, Any]", verb: Verb, arguments: dict[str, Any]) -> None:
    database: Database = open_database(where, clock=FixedClock(date(2026, 11, 20)))
    pipe.send("ready")
    pipe.recv()
    try:
        pipe.send(verb(database, **arguments))
    except Refused as refusal:
        pipe.send(f"refused {refusal.code}")
    except BaseException:
        pipe.send(AssertionError(traceback.format_exc()))
    finally:
        database.close()


@dataclass(frozen=True)
class Worker:
    """A child that has opened the database and waits for the start."""

    process: Any
    pipe: "Connection[Any, Any]"

    def await_ready(self) -> None:
        assert self.pipe.recv() == "ready"

    def go(self) -> None:
        self.pipe.send("go")

    def result(self) -> Any:
        """What the child made of it; raises what it did not expect."""
        assert self.pipe.poll(120), "a worker does not answer"
        found = self.pipe.recv()
        self.process.join()
        if isinstance(found, AssertionError):
            raise found
        return found

    def kill(self) -> bool:
        """End it as the machine does when it runs out of memory; whether it was still at work."""
        self.process.kill()
        self.process.join()
        return bool(self.process.exitcode == -9)


def hire(where: str, verb: Verb, **arguments: Any) -> Worker:
    """Start a child that will do ``verb(database, **arguments)``, a function of a module."""
    mine, yours = _context.Pipe()
    process = _context.Process(target=_work, args=(where, yours, verb, arguments), daemon=True)
    process.start()
    yours.close()
    return Worker(process, mine)


def race(workers: list[Worker]) -> list[Any]:
    """Let them all go at once; what each made of it."""
    for worker in workers:
        worker.await_ready()
    for worker in workers:
        worker.go()
    return [worker.result() for worker in workers]
