"""The search over a whole register: ``python -m bench.search --members N``.

Each kind of question is asked many times, of the whole register and narrowed, as somebody who sees all and
as the clerk of the district, of a street and of a unit. Database time is that of the driver's cursor (execute
and fetch), and of the processor meanwhile; the rest is Python. A few questions are asked before,
unmeasured: a server has planned its statements by then, as after the first words of a day. The first texts of
a kind are asked in full too and compared with an oracle that looks at everybody: a miss is a person whom the
oracle knows and the search does not, or the other way round. The floor is 50 rows by primary key.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from bench.places import Place, on_engines
from bench.questions import KINDS, Everybody, Person, texts
from bench.tables import sweep
from bench.timing import Spent, timed
from benefits.access.queries import INSTALLER
from benefits.database import create_database, open_database
from benefits.enrollment.queries import covered_now
from benefits.kernel.actions import Actor
from benefits.kernel.clock import FixedClock
from benefits.kernel.unit import Database, ReadUnit
from benefits.members.models import Member, Status
from benefits.members.search import Narrow, search
from benefits.organisations.models import Level, Organisation
from sample_data.generate import TODAY, fill

PAGE = 50
SAMPLE = 5_000
"""Texts are drawn from so many people where no oracle is asked."""
WARM = 8
"""Questions of a kind that are asked before, unmeasured."""
PLAN = "bj-accident-1y"
EVERYBODY = 10_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; prints a table, or one JSON object."""
    given = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    engines = on_engines(given.engine, given.keep, lambda place, _: measure(place, given))
    found = {"benchmark": "search", "seed": given.seed, "engines": engines}
    print(json.dumps(found, indent=2, ensure_ascii=False) if given.json else "\n".join(_table(found)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.search", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--engine", choices=("both", "sqlite", "postgresql"), default="both")
    parser.add_argument("--queries", type=int, default=100, help="texts of a kind")
    parser.add_argument(
        "--repeat", type=int, default=1, help="ask each text so often and take the least: for a busy machine"
    )
    parser.add_argument("--checked", type=int, default=20, help="texts of a kind that the oracle checks")
    parser.add_argument(
        "--parts", nargs="*", default=[], help="only these parts of the register (all, a street …)"
    )
    parser.add_argument("--keystrokes", type=int, default=60, help="keys typed into the terminal; 0: none")
    parser.add_argument("--only-fill", action="store_true", help="make the databases and stop")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the databases here, and use those that are there"
    )
    return parser


def measure(place: Place, given: argparse.Namespace) -> dict[str, Any]:
    """One engine."""
    name = f"search_{given.members}_{given.seed}"
    found: dict[str, Any] = {"members": given.members}
    if not place.has(name):
        found["fill"] = _fill(place, name, given)
    if given.only_fill:
        return found
    database = open_database(place.address(name), clock=FixedClock(TODAY))
    spent = timed(database.engine)
    everybody = Everybody.read(database, 1 if given.checked else max(1, given.members // SAMPLE))
    found["floor"] = _floor(database, spent, everybody, given)
    found["cells"] = [
        _cell(database, spent, everybody, kind, narrow, given)
        for narrow in _narrowings(database, given.seed)
        if not given.parts or narrow.name in given.parts
        for kind in KINDS
    ]
    database.close()
    if given.keystrokes:
        from bench.keystroke import keystrokes

        found["keystrokes"] = keystrokes(place.address(name), everybody, given.keystrokes, given.seed)
    return found


def _fill(place: Place, name: str, given: argparse.Namespace) -> dict[str, Any]:
    place.create(name)
    began = time.perf_counter()
    database = create_database(place.address(name), clock=FixedClock(TODAY))
    made = fill(database, given.members, given.seed, TODAY)
    sweep(database.engine)
    database.close()
    place.finished(name)
    return {"seconds": round(time.perf_counter() - began, 1), "keys": made.keys}


@dataclass(frozen=True, slots=True)
class _Narrowing:
    """A part of the register: who asks, within what, and whom of the oracle's that leaves."""

    name: str
    place: Callable[[random.Random], str]
    narrow: Callable[[], Narrow]
    keep: Callable[[Person, str], bool]
    clerk: bool = False


def _narrowings(database: Database, seed: int) -> list[_Narrowing]:
    """The ways to narrow a search."""
    with database.read(INSTALLER) as unit:
        paths = {
            level: list(unit.exec(select(Organisation.path).where(col(Organisation.level) == level)))
            for level in (Level.DISTRICT, Level.SUBDISTRICT, Level.GRASSROOTS)
        }
        covered = set(unit.session.scalars(covered_now(unit, PLAN)))
        query = covered_now(unit, PLAN)

    few = {level: random.Random(seed).sample(found, min(4, len(found))) for level, found in paths.items()}

    def nowhere(_rng: random.Random) -> str:
        return ""

    def street(rng: random.Random) -> str:
        return rng.choice(paths[Level.SUBDISTRICT])

    def one_of(level: Level) -> Callable[[random.Random], str]:
        return lambda rng: rng.choice(few[level])  # a process serves few clerks

    def small(rng: random.Random) -> str:
        return rng.choice(paths[Level.GRASSROOTS])

    def status(*wanted: Status) -> Callable[[], Narrow]:
        return lambda: Narrow(status=wanted)

    def inside(person: Person, path: str) -> bool:
        return person.path.startswith(path)

    def insured(person: Person, path: str) -> bool:
        return person.id in covered and person.status == "in_post" and inside(person, path)

    return [
        _Narrowing("all", nowhere, Narrow, lambda person, path: True),
        _Narrowing("a street", street, Narrow, inside),
        _Narrowing("a unit", small, Narrow, inside),
        _Narrowing("retired", nowhere, status(Status.RETIRED), lambda person, _: person.status == "retired"),
        _Narrowing(
            "deceased", nowhere, status(Status.DECEASED), lambda person, _: person.status == "deceased"
        ),
        _Narrowing("a plan", nowhere, lambda: Narrow(people=query), lambda person, _: person.id in covered),
        _Narrowing("street, in post, plan", street, lambda: Narrow((Status.IN_POST,), query), insured),
        _Narrowing("a street's clerk", one_of(Level.SUBDISTRICT), Narrow, inside, clerk=True),
        _Narrowing("the district's clerk", one_of(Level.DISTRICT), Narrow, inside, clerk=True),
        _Narrowing("a unit's clerk", one_of(Level.GRASSROOTS), Narrow, inside, clerk=True),
    ]


def _cell(
    database: Database,
    spent: Spent,
    everybody: Everybody,
    kind: str,
    narrowing: _Narrowing,
    given: argparse.Namespace,
) -> dict[str, Any]:
    """One kind of question in one part of the register."""
    rng = random.Random(f"{given.seed} {kind} {narrowing.name}")
    database_ms: list[float] = []
    cpu_ms: list[float] = []
    whole_ms: list[float] = []
    rows = statements = misses = 0
    asked = texts(everybody, kind, given.queries, given.seed)
    checked = given.checked if narrowing.name == "all" else given.checked // 4
    warm = asked[:WARM]
    for number, text in enumerate([*warm, *asked], -len(warm)):
        path = narrowing.place(rng)
        began = time.perf_counter()
        with database.read(_actor(narrowing, path)) as unit:
            spent.reset()
            found = search(unit, text, PAGE, None, "" if narrowing.clerk else path, narrowing.narrow())
            took = [(time.perf_counter() - began, spent.seconds, spent.cpu)]
            if number < 0:
                continue
            for _ in range(1, given.repeat):
                began = time.perf_counter()
                spent.reset()
                search(unit, text, PAGE, None, "" if narrowing.clerk else path, narrowing.narrow())
                took.append((time.perf_counter() - began, spent.seconds, spent.cpu))
            for kept, values in zip((whole_ms, database_ms, cpu_ms), zip(*took, strict=True), strict=True):
                kept.append(min(values) * 1e3)
            rows, statements = rows + len(found), statements + spent.statements
            if number < checked:
                misses += _misses(unit, everybody, kind, text, narrowing, path)
    return {
        "narrowed": narrowing.name,
        "kind": kind,
        "queries": len(asked),
        "database_ms": _spread(database_ms),
        "cpu_ms": _spread(cpu_ms),
        "whole_ms": _spread(whole_ms),
        "rows": round(rows / max(1, len(asked)), 1),
        "statements": round(statements / max(1, len(asked)), 1),
        "checked": min(checked, len(asked)),
        "misses": misses,
    }


def _actor(narrowing: _Narrowing, path: str) -> Actor:
    return Actor("bench", "bench", frozenset({"*"}), path) if narrowing.clerk else INSTALLER


def _misses(
    unit: ReadUnit, everybody: Everybody, kind: str, text: str, narrowing: _Narrowing, path: str
) -> int:
    """People on whom search and oracle differ. Who has left is known to the oracle without a place, so in a
    part of the tree only those with one are compared."""
    place = "" if narrowing.clerk else path
    found = [
        row
        for row in search(unit, text, EVERYBODY, None, place, narrowing.narrow())
        if not path or row.organisation_id is not None
    ]
    with unit.database.read(INSTALLER) as above:
        wanted = everybody.answering(above, kind, text)
    kept = {id for id in wanted if narrowing.keep(everybody.people[id - 1], path)}
    twice = len(found) - len({row.id for row in found})
    return len({row.id for row in found} ^ kept) + twice


def _floor(
    database: Database, spent: Spent, everybody: Everybody, given: argparse.Namespace
) -> dict[str, Any]:
    """50 rows by primary key, wherever they lie."""
    rng, took, worked = random.Random(given.seed), [], []
    choose: Any = select
    query = choose(
        Member.id, Member.name, Member.sex, Member.birth, Member.status, Organisation.name, Member.id_last4
    ).join(Organisation, isouter=True)
    with database.read(INSTALLER) as unit:
        for _ in range(given.queries):
            ids = [person.id for person in rng.sample(everybody.people, PAGE)]
            least = []
            for _ in range(given.repeat):
                spent.reset()
                unit.session.execute(query.where(col(Member.id).in_(ids))).all()
                least.append((spent.seconds * 1e3, spent.cpu * 1e3))
            took.append(min(seconds for seconds, _ in least))
            worked.append(min(cpu for _, cpu in least))
        people = unit.exec(select(func.count()).select_from(Member)).one()
    return {"database_ms": _spread(took), "cpu_ms": _spread(worked), "people": people}


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    at = {"p50": 0.5, "p95": 0.95, "max": 1.0}
    return {name: round(ordered[min(len(ordered) - 1, int(len(ordered) * q))], 3) for name, q in at.items()}


def _table(found: dict[str, Any]) -> list[str]:
    lines = []
    for engine, figures in found["engines"].items():
        lines += ["", f"{engine}, {figures['members']:,} members"]
        if "fill" in figures:
            lines.append(f"filled in {figures['fill']['seconds']} s, {figures['fill']['keys']:,} keys")
        if "floor" not in figures:
            continue
        head = ("cpu p50", "p95", "database p50", "p95", "max", "whole p50", "p95", "rows", "misses")
        lines.append(_line("", "ms:", *head))
        floor = figures["floor"]
        worked = (floor["cpu_ms"]["p50"], floor["cpu_ms"]["p95"])
        lines.append(
            _line("floor", "50 by primary key", *worked, *floor["database_ms"].values(), "", "", PAGE, "")
        )
        for cell in figures["cells"]:
            whole = cell["whole_ms"]
            last = (whole["p50"], whole["p95"], cell["rows"], f"{cell['misses']}/{cell['checked']}")
            worked = (cell["cpu_ms"]["p50"], cell["cpu_ms"]["p95"])
            lines.append(_line(cell["narrowed"], cell["kind"], *worked, *cell["database_ms"].values(), *last))
        if "keystrokes" in figures:
            lines.append(_line("terminal", "key to painted row", *figures["keystrokes"]["ms"].values()))
    return lines


def _line(narrowed: str, kind: str, *values: Any) -> str:
    return f"{narrowed:24}{kind:26}" + "".join(f"{value!s:>13}" for value in values)


if __name__ == "__main__":
    raise SystemExit(main())
