"""``benefits roster``: spreadsheets in: check, import, undo; what was imported; possible duplicates."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands import roster_lists
from benefits.commands.options import Call, group, number, one_of, verb
from benefits.commands.rosters import (
    KIND,
    SET,
    batch_lines,
    batch_object,
    case_lines,
    case_object,
    found,
    pairs,
    problem_lines,
    report_lines,
    report_object,
)
from benefits.commands.show import emit, table, words
from benefits.commands.work import act, opened, read
from benefits.kernel.messages import render

if TYPE_CHECKING:
    from benefits.rosters.check import Asked

app = group("roster")

FILE: Any = typer.Argument(..., metavar="FILE", help="commands.option.roster_file")
BATCH: Any = typer.Argument(..., metavar="BATCH", help="commands.option.batch")
ORG: Any = typer.Option(None, "--org", "--unit", metavar="CODE", help="commands.option.org_of_rows")
SHEET: Any = typer.Option(None, "--sheet", metavar="NAME", help="commands.option.sheet")
MAP: Any = typer.Option([], "--map", metavar="HEADING=KEY", help="commands.option.map")
REASON: Any = typer.Option(..., "--reason", metavar="TEXT", help="commands.option.reason")


def _asked(org: str | None, sheet: str | None, mapping: list[str], options: list[str]) -> "Asked":
    from benefits.rosters.check import Asked

    return Asked(org, sheet, pairs(mapping), pairs(options))


def _counting(call: Call) -> Callable[[int, int], None] | None:
    """Rows done, on a terminal."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, _total: int) -> None:
        line = words(call, "commands.roster.counting", rows=f"{done:,}")
        print(f"\r{line}", end="", file=sys.stderr, flush=True)

    return tell


@verb(app, "commands.roster.kinds")
def kinds(call: Call) -> None:
    """Kinds of rosters with their columns (花名册类别)."""
    from benefits.roster_kinds import KINDS

    data = [
        {
            "kind": kind.name,
            "title": kind.title,
            "columns": [
                {
                    "key": column.key,
                    "title": column.title,
                    "names": list(column.names),
                    "required": column.required,
                    "choices": list(column.choices),
                }
                for column in kind.columns
            ],
            "options": [{"name": one.name, "required": one.required} for one in kind.options],
        }
        for kind in KINDS.values()
    ]
    lines = []
    for kind in KINDS.values():
        lines.append(f"{kind.name}  {render(kind.title, call.lang)}")
        for column in kind.columns:
            mark = "*" if column.required else " "
            lines.append(f"  {mark} {column.key:<20} {'、'.join(column.names[:4])}")
        for one in kind.options:
            lines.append(f"  --set {one.name}=  {words(call, f'rosters.option.{one.name}')}")
    emit(call, {"kinds": data}, *lines)


@verb(app, "commands.roster.check")
def check(
    call: Call,
    file: Path = FILE,
    kind: str = KIND,
    org: str | None = ORG,
    sheet: str | None = SHEET,
    mapping: list[str] = MAP,
    options: list[str] = SET,
    annotate: Path | None = typer.Option(None, "--annotate", metavar="OUT", help="commands.option.annotate"),
) -> None:
    """Check every row of a file and write nothing (核对花名册)."""
    from benefits.roster_kinds import kind_of
    from benefits.rosters.check import check as check_roster

    chosen = kind_of(kind)
    asked = _asked(org, sheet, mapping, options)
    report = read(call, check_roster, file, chosen, asked, _counting(call))
    data, lines = report_object(report), report_lines(call, report)
    if annotate is not None:
        from benefits.rosters.annotate import annotate as mark

        made = mark(file, report, annotate, call.lang)
        data["annotated"] = {"path": str(made.path), "marked": made.marked, "way": made.way}
        lines += ["", words(call, "commands.roster.annotated", path=made.path, count=made.marked)]
        lines.append(words(call, f"rosters.annotate.way.{made.way.value}"))
    lines += ["", words(call, f"commands.roster.next_{'bad' if report.bad else 'good'}", good=report.good)]
    emit(call, data, *lines)


@verb(app, "commands.roster.import")
def import_(
    call: Call,
    file: Path = FILE,
    kind: str = KIND,
    mode: str = typer.Option(
        "all", "--mode", metavar="all|good", parser=one_of("all", "good"), help="commands.option.mode"
    ),
    org: str | None = ORG,
    sheet: str | None = SHEET,
    mapping: list[str] = MAP,
    options: list[str] = SET,
) -> None:
    """Import a file in one transaction, as a batch that can be undone (导入花名册)."""
    from benefits.roster_kinds import kind_of
    from benefits.rosters.models import Mode
    from benefits.rosters.service import import_roster

    done = act(
        call,
        import_roster,
        path=file,
        kind=kind_of(kind),
        mode=Mode(mode),
        asked=_asked(org, sheet, mapping, options),
        progress=_counting(call),
    )
    said = "commands.roster.unchanged" if done.batch is None else "commands.roster.imported"
    lines = [words(call, said, batch=done.batch or "-"), *report_lines(call, done.report)]
    emit(call, {"batch": done.batch} | report_object(done.report), *lines)


@verb(app, "commands.roster.undo")
def undo(call: Call, batch: str = BATCH, reason: str = REASON) -> None:
    """Take exactly one batch back (撤销导入)."""
    from benefits.roster_kinds import KINDS
    from benefits.rosters.service import undo as undo_batch

    done = act(call, undo_batch, batch=batch, reason=reason, kinds=KINDS)
    line = words(call, "commands.roster.undone", batch=done.batch, count=done.taken_back, cases=done.cases)
    emit(call, {"batch": done.batch, "taken_back": done.taken_back, "cases": done.cases}, line)


@verb(app, "commands.roster.list")
def list_batches(
    call: Call,
    limit: int = typer.Option(20, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
) -> None:
    """Batches, the latest first (导入批次)."""
    from benefits.rosters.queries import batches

    rows = read(call, batches, limit)
    emit(call, {"batches": [batch_object(row) for row in rows]}, *batch_lines(call, rows))


@verb(app, "commands.roster.show")
def show(call: Call, batch: str = BATCH) -> None:
    """One batch, and everybody it left out, with the reasons (批次详情)."""
    from benefits.rosters.queries import batch as batch_view

    view = read(call, batch_view, batch, call.lang)
    problems = [found(one) for one in view.problems]
    data = batch_object(view.batch) | {"problems": problems, "open_cases": view.open_cases}
    lines = batch_lines(call, [view.batch])
    if view.problems:
        lines += ["", words(call, "commands.roster.problems", count=len(view.problems))]
        lines += problem_lines(call, view.problems)
    if view.open_cases:
        lines += ["", words(call, "commands.roster.cases_open", count=view.open_cases)]
    emit(call, data, *lines)


@verb(app, "commands.roster.duplicates")
def duplicates(
    call: Call,
    scan: bool = typer.Option(False, "--scan", help="commands.option.scan"),
    every: bool = typer.Option(False, "--all", help="commands.option.all_cases"),
    limit: int = typer.Option(50, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
) -> None:
    """Possible duplicates with the evidence on both sides (查重队列)."""
    from benefits.rosters.models import CaseState
    from benefits.rosters.queries import cases
    from benefits.rosters.service_duplicates import scan_duplicates

    fresh = None
    with opened(call) as (database, actor):
        if scan:
            fresh = database.act(actor, scan_duplicates)
        with database.read(actor) as unit:
            rows = cases(unit, None if every else CaseState.OPEN, limit)
    data: dict[str, Any] = {"cases": [case_object(row) for row in rows]}
    lines = case_lines(call, rows)
    if any(row.state is CaseState.OPEN for row in rows):
        lines += ["", words(call, "commands.roster.case_next")]
    if fresh is not None:
        data["found"] = fresh
        lines = [words(call, "commands.roster.scanned", count=fresh), *lines]
    emit(call, data, *lines)


@verb(app, "commands.roster.decide")
def decide(
    call: Call,
    case: int = typer.Argument(..., metavar="CASE", help="commands.option.case", parser=number(1)),
    verdict: str = typer.Argument(
        ...,
        metavar="same|distinct|dropped",
        help="commands.option.case_verdict",
        parser=one_of("same", "distinct", "dropped"),
    ),
    reason: str = REASON,
    keep: int | None = typer.Option(
        None, "--keep", metavar="MEMBER", parser=number(1), help="commands.option.keep"
    ),
) -> None:
    """Say of a possible duplicate what it is (处理疑似重复)."""
    from benefits.roster_kinds import kind_of
    from benefits.rosters.models import CaseState
    from benefits.rosters.service_duplicates import decide as decide_case

    member = act(
        call,
        decide_case,
        case_id=case,
        verdict=CaseState(verdict),
        reason=reason,
        kind=kind_of("members"),
        keep=keep,
    )
    line = words(call, f"commands.roster.decided.{verdict}", case=case, member=member or "-")
    emit(call, {"case": case, "verdict": verdict, "member_id": member}, line)


@verb(app, "commands.roster.map")
def map_columns(
    call: Call,
    kind: str = KIND,
    org: str = typer.Option(..., "--org", "--unit", metavar="CODE", help="commands.option.map_org"),
    mapping: list[str] = MAP,
    forget: bool = typer.Option(False, "--forget", help="commands.option.forget"),
) -> None:
    """Remember how a unit heads its columns, or show what is remembered (列对应)."""
    from benefits.organisations.queries import by_code
    from benefits.roster_kinds import kind_of
    from benefits.rosters.mapping import remembered
    from benefits.rosters.service import forget_columns, remember_columns

    chosen = kind_of(kind)
    with opened(call) as (database, actor):
        if forget:
            database.act(actor, forget_columns, organisation=org, kind=chosen)
        if mapping:
            database.act(actor, remember_columns, organisation=org, kind=chosen, mapping=pairs(mapping))
        with database.read(actor) as unit:
            known = remembered(unit, by_code(unit, org).id, chosen.name)
    heads = ["commands.head.heading", "commands.head.key"]
    rows = [(heading, key or "-") for heading, key in sorted(known.items())]
    emit(call, {"mapping": known}, *table(call, heads, rows))


app.registered_commands += roster_lists.app.registered_commands
