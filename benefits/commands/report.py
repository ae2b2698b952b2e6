"""``benefits report``: paper."""

from pathlib import Path

import typer

from benefits.commands.options import Call, group, verb
from benefits.commands.show import emit, progress, words
from benefits.commands.work import read

app = group("report")


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
    missing = [_missing(one) for one in made.missing]
    data = {
        "report": str(made.path.resolve()),
        "runs": list(dict.fromkeys(runs)),
        "pages": made.pages,
        "bytes": made.bytes,
        "sha256": made.sha256,
        "digest": dataset.digest,
        "missing_glyphs": missing,
        "checks": [{"text": said, "ok": ok} for said, ok in dataset.checks],
    }
    lines = [
        words(
            call,
            "commands.report.made",
            path=data["report"],
            pages=made.pages,
            size=f"{made.bytes / 1024:,.0f}",
        ),
        f"SHA-256 {made.sha256}",
    ]
    if missing:
        lines.append(words(call, "commands.report.missing", chars=" ".join(one["char"] for one in missing)))
    emit(call, data, *lines)


def _missing(one: object) -> dict[str, str]:
    """A character that no face has."""
    char = str(getattr(one, "char", one))
    return {"char": char, "code": " ".join(f"U+{ord(each):04X}" for each in char)}
