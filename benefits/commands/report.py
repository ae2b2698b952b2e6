"""``benefits report``: paper."""

from pathlib import Path

import typer

import benefits.commands.report_kits  # noqa: F401  (adds its verbs)
from benefits.commands.options import Call, verb
from benefits.commands.reports import app, tell
from benefits.commands.show import progress, words
from benefits.commands.work import read

__all__ = ["app"]


@verb(app, "commands.report.renewal")
def renewal(
    call: Call,
    runs: list[str] = typer.Argument(..., metavar="RUN", help="commands.option.runs"),
    out: str | None = typer.Option(None, "--out", metavar="FILE", help="commands.option.out_pdf"),
    no_annex: bool = typer.Option(False, "--no-annex", help="commands.option.no_annex"),
) -> None:
    """The renewal report for the district federation as PDF (续保报告)."""
    from benefits.renewal.report import renewal_report
    from reports.renewal import render

    dataset = read(call, renewal_report, runs, annex=not no_annex, lang=call.lang)
    path = Path(out) if out else Path(words(call, "commands.report.file", run=runs[0]))
    made = render(dataset, path, call.lang, progress(call, "commands.report.drawing"))
    checks = [{"text": said, "ok": ok} for said, ok in dataset.checks]
    tell(call, made, dataset.digest, {"runs": list(dict.fromkeys(runs))}, {"checks": checks})
