"""One job of a measurement, in a process of its own: ``python -m bench.job NAME JSON`` prints one JSON
object.

``base`` fills a database, ``ours`` renews, ``source`` takes the finished rows out, ``floor`` inserts them
without logic, ``peer`` is the loop with entities.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine

from bench import floor, peer
from bench.measure import Cost, Statements, costing, peak_mb
from bench.tables import sums, sweep, verdicts
from benefits.access.queries import INSTALLER
from benefits.database import create_database, open_database
from benefits.kernel.clock import FixedClock
from benefits.kernel.engine import make_engine, parse_url
from benefits.kernel.unit import Database
from benefits.renewal import batch, service
from sample_data.generate import TODAY, fill

WINDOW: tuple[date, date] = (TODAY - timedelta(days=31), TODAY + timedelta(days=200))
"""All terms of the sample's last year end here; the first of them a day after the grace."""
PLANS = (
    ("bj-women-disease-1y", "district"),
    ("bj-accident-1y", "employer"),
    ("bj-five-covers", "district"),
)
GRACE = 30


def base(address: str, members: int, seed: int) -> dict[str, Any]:
    """A dense district, swept and analysed."""
    database = create_database(address, clock=FixedClock(TODAY))
    fill(database, members, seed, TODAY, search_keys=False, sealed=False, years=1, dense=True)
    sweep(database.engine)
    database.close()
    return {}


def _open(address: str) -> Database:
    return open_database(address, clock=FixedClock(TODAY))


def ours(address: str, postmaster: int | None = None, statements: bool = False) -> dict[str, Any]:
    """Preview and apply every plan with the default chunk."""
    database = _open(address)
    counted = Statements(database.engine) if statements else None
    with costing(postmaster) as cost:
        for plan, funding in PLANS:
            run = database.act(
                INSTALLER,
                service.preview,
                plan=plan,
                window_from=WINDOW[0],
                window_to=WINDOW[1],
                funding=funding,
                grace_days=GRACE,
                grace_reason="bench",
            )
            batch.apply_run(database, INSTALLER, run)
    memory, dearest = peak_mb(), counted.most() if counted else []
    found = _result(database.engine, cost, memory) | {"statements": dearest}
    database.close()
    return found


def source(ours: str, target: str, name: str) -> dict[str, Any]:
    """Take the rows of a finished renewal into plain tables for the floor; what each commit inserts."""
    reader, writer = make_engine(parse_url(ours)), make_engine(parse_url(target))
    steps = floor.prepare(reader, writer, name)
    reader.dispose()
    writer.dispose()
    return {"steps": steps}


def floor_(
    address: str,
    source: str,
    steps: list[floor.Step],
    postmaster: int | None = None,
    statements: bool = False,
) -> dict[str, Any]:
    """Insert the rows."""
    engine = make_engine(parse_url(address))
    counted = Statements(engine) if statements else None
    connection = floor.attach(engine, source)
    with costing(postmaster) as cost:
        floor.insert_all(connection, steps)
    memory, dearest = peak_mb(), counted.most() if counted else []
    connection.close()
    found = _result(engine, cost, memory) | {"statements": dearest}
    engine.dispose()
    return found


def peer_(address: str, postmaster: int | None = None) -> dict[str, Any]:
    """The same renewal as a loop with entities."""
    database = _open(address)
    with costing(postmaster) as cost:
        for plan, funding in PLANS:
            peer.renew(database, plan, funding, WINDOW, GRACE)
    memory = peak_mb()
    found = _result(database.engine, cost, memory)
    database.close()
    return found


def _result(engine: Engine, cost: Cost, memory: float) -> dict[str, Any]:
    with engine.connect() as connection:
        totals = sums(connection)
        told = verdicts(connection)
    return asdict(cost) | {"memory_mb": memory, "sums": totals, "verdicts": told}


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "base": base,
    "ours": ours,
    "source": source,
    "floor": floor_,
    "peer": peer_,
}


if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
