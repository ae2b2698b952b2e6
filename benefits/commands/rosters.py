"""What the roster commands print: reports, batches and possible duplicates, as JSON and as lines."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.options import Call, Misuse
from benefits.commands.show import listed, table, words
from benefits.kernel.errors import Say, say
from benefits.kernel.messages import render

if TYPE_CHECKING:
    from benefits.rosters.check import Report
    from benefits.rosters.kind import RowProblem
    from benefits.rosters.queries import BatchRow, CaseRow, LeftOut, Side

COUNTS = ("rows", "good", "bad", "added", "changed", "same", "queued")
SET: Any = typer.Option([], "--set", metavar="NAME=VALUE", help="commands.option.set")
KIND: Any = typer.Option(..., "--kind", metavar="KIND", help="commands.option.kind")
_SHOWN = 50


def pairs(given: list[str]) -> dict[str, str]:
    """``NAME=VALUE`` several times. Raises Misuse for what is none."""
    found = {}
    for text in given:
        name, sign, value = text.rpartition("=") if text.endswith("=") else text.partition("=")
        if not sign or not name.strip():
            raise Misuse(say("commands.usage.pair", text=text))
        found[name.strip()] = value.strip()
    return found


def found(one: "RowProblem | LeftOut") -> dict[str, Any]:
    """A problem as JSON promises it."""
    return {
        "row": one.row,
        "column": one.column,
        "cell": one.cell,
        "key": one.key,
        "code": one.code,
        "name": one.name,
        "say": one.say,
    }


def report_object(report: "Report") -> dict[str, Any]:
    """A report as JSON: counts that reconcile, every problem of every row."""
    return {
        "kind": report.kind,
        **{name: getattr(report, name) for name in COUNTS},
        "problems": [found(one) for one in report.problems],
        "warnings": [found(one) for one in report.warnings],
        "skipped": [found(one) for one in report.skipped],
        "changes": [
            {
                "row": one.row,
                "name": one.name,
                "outcome": one.outcome,
                "changes": [
                    {"key": each.key, "before": each.before, "after": each.after} for each in one.changes
                ],
                "evidence": list(one.evidence),
            }
            for one in report.changes
        ],
        "file": {
            "name": report.facts.name,
            "form": report.facts.form,
            "encoding": report.facts.encoding,
            "sheet": report.facts.sheet,
            "digest": report.facts.digest,
            "notes": [{"code": note.code, "say": note.say} for note in report.facts.notes],
        },
        "head": {
            "row": report.head.row,
            "columns": [
                {"letter": cell.letter, "heading": cell.text, "key": cell.key, "how": cell.how}
                for cell in report.head.columns
            ],
        },
    }


def report_lines(call: Call, report: "Report") -> list[str]:
    """A report in words: the counts, then the problems, the first fifty of them."""
    lines = [
        words(
            call,
            "commands.roster.counts",
            **{name: f"{getattr(report, name):,}" for name in COUNTS},
        )
    ]
    lines += [render(note.say, call.lang) for note in report.facts.notes]
    ignored = [cell.text for cell in report.head.columns if cell.text and not cell.key]
    if ignored:
        lines.append(words(call, "commands.roster.ignored", columns=listed(call, ignored)))
    for heading, rows in (
        ("commands.roster.problems", report.problems),
        ("commands.roster.warnings", report.warnings),
        ("commands.roster.skipped", report.skipped),
    ):
        if rows:
            lines += ["", words(call, heading, count=len(rows)), *problem_lines(call, rows)]
    if report.changes:
        lines += ["", words(call, "commands.roster.changes"), *_change_lines(call, report)]
    return lines


def problem_lines(call: Call, rows: "Sequence[RowProblem | LeftOut]") -> list[str]:
    """Problems as a table."""
    heads = [f"commands.head.{name}" for name in "row cell name problem".split()]
    cells = [(one.row, one.cell, one.name, render(one.say, call.lang)) for one in rows[:_SHOWN]]
    lines = table(call, heads, cells, numbers=(0,))
    if len(rows) > _SHOWN:
        lines.append(words(call, "commands.roster.more", count=len(rows) - _SHOWN))
    return lines


def _change_lines(call: Call, report: "Report") -> list[str]:
    def said(value: Say | str) -> str:
        return render(value, call.lang) if isinstance(value, Say) else value

    lines = []
    for one in report.changes[:_SHOWN]:
        what = [
            f"{words(call, f'rosters.column.{each.key}')} {said(each.before)} → {said(each.after)}"
            for each in one.changes
        ]
        what += [words(call, f"rosters.evidence.{code}") for code in one.evidence]
        outcome = words(call, f"commands.roster.outcome.{one.outcome.value}")
        lines.append(
            f"{one.row:>6}  {one.name}  {outcome}  {('；' if call.lang == 'zh' else '; ').join(what)}"
        )
    return lines


def batch_object(row: "BatchRow") -> dict[str, Any]:
    """A batch as JSON."""
    counts = {name: getattr(row, name) for name in COUNTS if name != "good"}
    return {
        "batch": row.number,
        "kind": row.kind,
        "organisation": row.organisation,
        "file": row.file_name,
        "mode": row.mode,
        "state": row.state,
        **counts,
        "good": row.rows - row.bad,
        "made_by": row.made_by,
        "made_at": row.made_at,
        "undone_by": row.undone_by,
        "undone_at": row.undone_at,
        "undo_reason": row.undo_reason,
    }


def batch_lines(call: Call, rows: "Iterable[BatchRow]") -> list[str]:
    """Batches as a table."""
    names = "batch kind file state rows added changed same queued bad by".split()
    cells = [
        (
            row.number,
            words(call, f"rosters.kind.{row.kind}"),
            row.file_name,
            words(call, f"commands.roster.state.{row.state.value}"),
            row.rows,
            row.added,
            row.changed,
            row.same,
            row.queued,
            row.bad,
            row.made_by,
        )
        for row in rows
    ]
    return table(call, [f"commands.head.{name}" for name in names], cells, numbers=range(4, 10))


def _side(side: "Side") -> dict[str, Any]:
    return {
        "member_id": side.member_id,
        "name": side.name,
        "sex": side.sex,
        "birth": side.birth,
        "id_number": side.id_number,
        "phone": side.phone,
        "organisation": side.organisation,
        "status": side.status,
        "joined_on": side.joined_on,
        "covers": side.covers,
    }


def case_object(row: "CaseRow") -> dict[str, Any]:
    """A possible duplicate as JSON, both sides."""
    return {
        "case": row.id,
        "state": row.state,
        "evidence": list(row.evidence),
        "registered": _side(row.left),
        "other": _side(row.right),
        "batch": row.batch,
        "row": row.row,
        "decided_by": row.decided_by,
        "decided_at": row.decided_at,
        "reason": row.reason,
    }


def case_lines(call: Call, rows: "Iterable[CaseRow]") -> list[str]:
    """Possible duplicates, two lines each: who is registered, who may be the same."""
    lines: list[str] = []
    for row in rows:
        evidence = listed(call, [render(one, call.lang) for one in row.evidence])
        lines.append(words(call, "commands.roster.case", case=row.id, evidence=evidence))
        lines.append("  " + _side_line(call, row.left))
        lines.append("  " + _side_line(call, row.right, f"{row.batch} {row.row}" if row.batch else ""))
    return lines or [words(call, "commands.none")]


def _side_line(call: Call, side: "Side", source: str = "") -> str:
    who = f"#{side.member_id}" if side.member_id else source
    known = [who, side.name, side.birth, side.id_number, side.phone, side.organisation]
    return "  ".join(str(one) for one in known if one)
