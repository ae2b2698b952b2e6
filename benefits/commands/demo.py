"""``benefits demo``: a sample district, renewed from preview to paper, in a database of its own."""

import contextlib
import os
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.options import Call, number, single, verb
from benefits.commands.show import emit, progress, words
from benefits.kernel.money import yuan

if TYPE_CHECKING:
    from benefits.kernel.actions import Actor
    from benefits.kernel.unit import Database

app = single("demo")

PLAN = "bj-women-disease-1y"
FUNDING = "district"
GRACE_DAYS = 30
"""The edition leaves the grace period 待核实, so the demo's clerk records one."""
USER = "qu"
"""The sample's clerk of the district federation."""
ADMIN = "admin"
"""The sample's administrator, who sees everything."""
_BEFORE = timedelta(days=31)
_AFTER = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the clerk of the demo decided by hand."""

    declined: int | None
    included: int | None


@verb(app, "commands.demo.help", as_of=False)
def demo(
    call: Call,
    out: str = typer.Option("demo", "--out", metavar="DIR", help="commands.option.out_demo"),
    members: int | None = typer.Option(
        None, "--members", metavar="N", parser=number(1), help="commands.option.members"
    ),
    seed: int | None = typer.Option(
        None, "--seed", metavar="S", parser=number(0), help="commands.option.seed"
    ),
) -> None:
    """Make the sample district, renew the women's plan, write the report (演示)."""
    from benefits.access.queries import actor_for
    from benefits.commands.init import cleared_up
    from benefits.kernel.engine import parse_url
    from sample_data.kits import hold_campaign

    began = time.perf_counter()
    folder = _folder(Path(out))
    address, report = _places(folder, call.database if _given(call) else None)
    with cleared_up(parse_url(address)):
        database, filled = _sample(call, address, members, seed)
        with contextlib.closing(database):
            actor = actor_for(database, USER)
            run, reviewed = _renew(call, database, actor)
            data = _finished(call, database, actor, run, report)
            approver = actor_for(database, ADMIN)
            held = hold_campaign(database, actor, database.clock.today(), approver=approver)
    data = {"database": _shown(address)} | data
    data |= {
        "members": filled.members,
        "declined_member": reviewed.declined,
        "included_member": reviewed.included,
        "campaign": held.number,
        "kits_handed": held.people,
        "user": USER,
        "open": f"{_called()} --database {_quoted(data['database'])} --user {USER}",
        "seconds": round(time.perf_counter() - began, 2),
    }
    emit(call, data, *_lines(call, data))


def _given(call: Call) -> bool:
    """``--database`` on this command line; the demo never writes into the clerk's own database by itself."""
    import os

    return call.database is not None and call.database != os.environ.get("BENEFITS_DATABASE")


def _folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _places(folder: Path, given: str | None) -> tuple[str, Path]:
    """Address of the database and path of the report; another demo in a folder takes the next number."""
    for count in range(1, 10_000):
        name = "demo" if count == 1 else f"demo-{count}"
        database, report = folder / f"{name}.sqlite", folder / f"{name}.pdf"
        taken = [report] if given else [database, report, Path(f"{database}.key")]
        if not any(path.exists() for path in taken):
            return given or str(database), report
    raise AssertionError("ten thousand demos in one folder")


def _shown(address: str) -> str:
    from benefits.kernel.engine import parse_url

    return parse_url(address).render_as_string(hide_password=True) if "://" in address else address


def _called() -> str:
    """The program as the clerk called it: ``./run`` says so in a clone, where nothing is on the PATH."""
    return _quoted(os.environ.get("BENEFITS_PROGRAM") or "benefits")


def _quoted(word: str) -> str:
    import shlex

    return shlex.quote(word)


def _sample(call: Call, address: str, members: int | None, seed: int | None) -> "tuple[Database, Any]":
    """A new database with the sample: the committed district, or one of the size or seed that was given."""
    from benefits.database import create_database
    from benefits.kernel.clock import FixedClock
    from sample_data.generate import DISTRICT_FILES, TODAY, fill

    database = create_database(address, clock=FixedClock(TODAY))
    bar = progress(call, "commands.demo.filling")
    try:
        if members is None and seed is None and DISTRICT_FILES.is_dir():
            return database, fill(database, today=TODAY, progress=bar, files=DISTRICT_FILES)
        return database, fill(database, members or 5000, 1 if seed is None else seed, TODAY, bar)
    except BaseException:
        database.close()
        raise


def _renew(call: Call, database: "Database", actor: "Actor") -> tuple[str, Reviewed]:
    """Preview, two decisions by hand with their reasons, apply."""
    from benefits.renewal import service
    from benefits.renewal.batch import apply_run

    today: date = database.clock.today()
    run = database.act(
        actor,
        service.preview,
        plan=PLAN,
        window_from=today - _BEFORE,
        window_to=today + _AFTER,
        with_class=True,
        funding=FUNDING,
        grace_days=GRACE_DAYS,
        grace_reason=words(call, "commands.demo.grace"),
    )
    reviewed = Reviewed(_decline_one(call, database, actor, run), _include_one(call, database, actor, run))
    apply_run(database, actor, run, progress=progress(call, "commands.run.applying"))
    return run, reviewed


def _decline_one(call: Call, database: "Database", actor: "Actor", run: str) -> int | None:
    """The first person who would be renewed does not want to be."""
    from benefits.renewal import queries, service
    from benefits.renewal.models import Override, Verdict

    with database.read(actor) as unit:
        found = queries.decisions(unit, run, verdict=Verdict.RENEW, limit=1)
    for row in found:
        said = words(call, "commands.demo.declines")
        database.act(
            actor, service.override, run=run, member_id=row.member_id, kind=Override.DECLINE, reason=said
        )
        return row.member_id
    return None


def _include_one(call: Call, database: "Database", actor: "Actor", run: str) -> int | None:
    """The first person left out whom the house lets a clerk include."""
    from benefits.kernel.errors import Refused
    from benefits.renewal import queries, service
    from benefits.renewal.models import Override, Verdict

    with database.read(actor) as unit:
        found = queries.decisions(unit, run, verdict=Verdict.EXCLUDE, limit=1000)
    said = words(call, "commands.demo.includes")
    for row in found:
        try:
            database.act(
                actor, service.override, run=run, member_id=row.member_id, kind=Override.INCLUDE, reason=said
            )
        except Refused as refusal:
            if refusal.code != "renewal.cannot_include":
                raise
            continue
        return row.member_id
    return None


def _finished(call: Call, database: "Database", actor: "Actor", run: str, path: Path) -> dict[str, Any]:
    """The report on paper, and the sums of the run."""
    from benefits.commands.runs import counts
    from benefits.renewal.queries import view
    from benefits.renewal.report import renewal_report
    from reports.renewal import render

    with database.read(actor) as unit:
        found = view(unit, run)
        dataset = renewal_report(unit, [run], lang=call.lang)
    made = render(dataset, path, call.lang, progress(call, "commands.report.drawing"))
    return {"run": run, "plan": PLAN} | counts(found) | {
        "report": str(made.path),
        "pages": made.pages,
        "sha256": made.sha256,
    }  # fmt: skip


def _lines(call: Call, data: dict[str, Any]) -> list[str]:
    sums = {
        key: f"{data[key]:,}" for key in ("candidates", "renewed", "added", "excluded", "declined", "members")
    }
    program = _quoted(data["database"])
    return [
        words(call, "commands.demo.district", members=sums["members"], database=data["database"]),
        words(call, "commands.demo.renewed", run=data["run"], plan=data["plan"]),
        words(
            call,
            "commands.run.sums",
            candidates=sums["candidates"],
            renewed=sums["renewed"],
            added=sums["added"],
            excluded=sums["excluded"],
            declined=sums["declined"],
            due=yuan(data["due_fen"]),
        ),
        words(call, "commands.demo.report", report=data["report"], pages=data["pages"]),
        words(call, "commands.demo.kits", campaign=data["campaign"], kits_handed=data["kits_handed"]),
        words(call, "commands.demo.seconds", seconds=data["seconds"]),
        "",
        words(call, "commands.demo.next"),
        f"  {data['open']}",
        f"  {_called()} renewal decisions {data['run']} --verdict exclude --database {program} --user {USER}",
        f"  {_called()} kit station list {data['campaign']} --database {program} --user {USER}",
        f"  {_called()} verify --database {program} --user {ADMIN}",
    ]
