"""The report as a whole (续保报告成文): front page, ten parts, signature, annex; then the file."""

from pathlib import Path

from benefits.renewal.dataset import RenewalReport
from reports.output import RenderedReport, check_place, put_in_place
from reports.paper import Paper
from reports.renewal.closing import draw_checks, draw_expiries, draw_years
from reports.renewal.front import draw_front
from reports.renewal.money import draw_money
from reports.renewal.runs import run_numbers
from reports.renewal.sections import (
    draw_exceptions,
    draw_participation,
    draw_plans,
    draw_reasons,
    draw_streets,
)
from reports.renewal.sheets import draw_sheet, open_annex
from reports.words import Progress, Words

PARTS = (
    draw_front,
    draw_plans,
    draw_streets,
    draw_reasons,
    draw_participation,
    draw_exceptions,
    draw_money,
    draw_years,
    draw_expiries,
    draw_checks,
)


def render(
    dataset: RenewalReport, path: Path, lang: str = "zh", progress: Progress | None = None
) -> RenderedReport:
    """Draw the report in ``lang`` and put it at ``path`` in one step; the same dataset always gives the
    same bytes.

    ``progress(done, of)`` is called after each part and each unit sheet. Raises Refused, with an older
    file at ``path`` untouched, where the file cannot be written or a font file is missing.
    """
    check_place(path)
    words = Words(lang, "renewal")
    runs = run_numbers(dataset)
    shown = (
        words.join(runs)
        if len(runs) <= 3
        else words("runs_more", first=words.join(runs[:2]), number=len(runs))
    )
    mark = dataset.digest[:16]
    paper = Paper(
        dataset.title,
        dataset.issuing_union,
        words("subject", runs=words.join(runs), digest=dataset.digest),
        lang,
        dataset.made_at,
        lambda page: words.shared("page", page=page),
        lambda pages: words.shared("pages", pages=pages),
    )
    foot = words("foot", runs=shown, digest=mark)
    steps = len(PARTS) + len(dataset.sheets)
    paper.foot = foot
    paper.draft = words("draft") if dataset.draft else ""
    for done, part in enumerate(PARTS, 1):
        part(paper, dataset, words)
        if progress is not None:
            progress(done, steps)
    street = None
    for number, sheet in enumerate(dataset.sheets, 1):
        paper.foot = words("foot", runs=sheet.run_number, digest=mark)
        if number == 1:
            open_annex(paper, words)
        draw_sheet(paper, sheet, number, words, new_street=sheet.street != street)
        street = sheet.street
        if progress is not None:
            progress(len(PARTS) + number, steps)
    data = paper.finish()
    digest = put_in_place(path, data)
    return RenderedReport(path, paper.page, len(data), digest, tuple(paper.pen.missing))
