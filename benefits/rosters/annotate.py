"""Annotated files (批注文件): the file that was checked comes back with its bad cells marked and explained,
so that only those are mended and it is sent again.

An xlsx keeps its formats, further columns and sheets; another form comes back as an xlsx of the same cells,
or as csv where that is asked for. What was marked goes away when the file is annotated again. Of a file too
large for that, a new workbook holds the bad rows alone, with their numbers in the file. The importer reads
each of them: the column 问题 and the sheet 核对结果 mean nothing to it.
"""

import enum
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benefits.kernel.errors import Refused
from benefits.kernel.messages import LANGUAGES, render, text
from benefits.kernel.placing import beside, check_place
from benefits.kernel.text import shown
from benefits.rosters.annotate_book import BookFailed, annotate_book
from benefits.rosters.check import Report
from benefits.rosters.files.cells import Form, column_index
from benefits.rosters.kind import RowProblem

MOST_CELLS = 600_000
"""Cells of a list (rows by columns) that are marked in a copy of the whole file."""
_LONGEST = 2_000
"""Characters of what is said of one cell or one row."""


class Way(enum.Enum):
    """How a file was annotated: in a copy of it (原文件副本), as the same cells in a new workbook (相同内容的
    新文件), as the bad rows alone (只含问题行), as csv."""

    COPY = "copy"
    CELLS = "cells"
    BAD_ROWS = "bad_rows"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Annotated:
    """A finished annotated file. ``marked``: rows with problems that stand in it."""

    path: Path
    marked: int
    way: Way


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of one cell; ``bad``: the row was refused for it, else somebody should look."""

    row: int
    column: int
    """Counted from 0."""
    words: str
    bad: bool


@dataclass(frozen=True, slots=True)
class Notes:
    """All that goes into an annotated file, in words."""

    source: str
    """The sheet that was read; empty: it is no workbook."""
    sheet: str
    """What the sheet is called that is written."""
    head: int
    heads: tuple[str, ...]
    marks: tuple[Mark, ...]
    rows: Mapping[int, str]
    """What is said of each bad row."""
    column: str
    """Heading of the column with it, and what it was called in the other language."""
    other_columns: tuple[str, ...]
    number_column: str
    summary: str
    """Name of the sheet with the results."""
    counts: tuple[tuple[str, str], ...]
    table: tuple[tuple[str, ...], ...]


def annotate(path: Path, report: Report, out: Path, lang: str = "zh") -> Annotated:
    """Write the annotated file of a report to ``out``; what ends in .csv becomes csv, all else xlsx.

    Raises Refused ``rosters.annotate.same_file``, ``rosters.annotate.changed`` where the file is not the one
    that was checked, ``rosters.file_…``, ``kernel.file_…``.
    """
    check_place(out)
    if out.exists() and path.exists() and out.samefile(path):
        raise Refused("rosters.annotate.same_file", name=shown(path.name))
    if _digest(path) != report.facts.digest:
        raise Refused("rosters.annotate.changed", name=shown(path.name))
    notes = _notes(report, lang)
    with beside(out) as temporary:
        way = _write(path, report, temporary, notes, csv=out.suffix.lower() == ".csv")
    return Annotated(out, len(notes.rows), way)


def _write(path: Path, report: Report, temporary: Path, notes: Notes, *, csv: bool) -> Way:
    from benefits.rosters.annotate_cells import write_bad_rows, write_cells, write_csv

    if csv:
        write_csv(path, temporary, notes)
        return Way.CSV
    if (report.rows + report.head.row) * max(len(notes.heads), 1) > MOST_CELLS:
        write_bad_rows(path, temporary, notes)
        return Way.BAD_ROWS
    if report.facts.form is Form.XLSX:
        try:
            annotate_book(path, temporary, notes)
        except BookFailed:  # what only the strict reader could not take: the cells themselves were read
            pass
        else:
            return Way.COPY
    write_cells(path, temporary, notes)
    return Way.CELLS


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as unreadable:
        raise Refused("rosters.file_unreadable", name=shown(path.name)) from unreadable


def _notes(report: Report, lang: str) -> Notes:
    heads = _heads(report)
    titles = [text("rosters.annotate.column", each) for each in LANGUAGES]
    rows: dict[int, list[str]] = {}
    for problem in report.problems:
        place = f"{problem.column}：" if problem.column and lang == "zh" else ""
        place = f"{problem.column}: " if problem.column and lang != "zh" else place
        rows.setdefault(problem.row, []).append(place + render(problem.say, lang))
    return Notes(
        source=report.facts.sheet,
        sheet=report.facts.sheet or text("rosters.annotate.sheet", lang),
        head=report.head.row,
        heads=heads,
        marks=(*_marks(report.problems, lang, bad=True), *_marks(report.warnings, lang, bad=False)),
        rows={row: "\n".join(dict.fromkeys(said))[:_LONGEST] for row, said in sorted(rows.items())},
        column=text("rosters.annotate.column", lang),
        other_columns=tuple(title for title in titles if title != text("rosters.annotate.column", lang)),
        number_column=text("rosters.annotate.number", lang),
        summary=text("rosters.annotate.summary", lang),
        counts=_counts(report, lang),
        table=_table([*report.problems, *report.warnings], lang),
    )


def _heads(report: Report) -> tuple[str, ...]:
    """The headings by their place, without what an earlier annotation added at the end."""
    ours = {text(f"rosters.annotate.{key}", lang) for key in ("column", "number") for lang in LANGUAGES}
    width = max((cell.index for cell in report.head.columns if cell.text not in ours), default=-1) + 1
    heads = [""] * width
    for cell in report.head.columns:
        if cell.index < width:
            heads[cell.index] = cell.text
    return tuple(heads)


def _marks(problems: Iterable[RowProblem], lang: str, *, bad: bool) -> list[Mark]:
    """What is said of each cell, all its sentences together."""
    found: dict[tuple[int, int], list[str]] = {}
    for problem in problems:
        if problem.cell:
            column = column_index(problem.cell.rstrip("0123456789"))
            found.setdefault((problem.row, column), []).append(render(problem.say, lang))
    return [
        Mark(row, column, "\n".join(dict.fromkeys(said))[:_LONGEST], bad)
        for (row, column), said in sorted(found.items())
    ]


def _counts(report: Report, lang: str) -> tuple[tuple[str, str], ...]:
    lines = [(text("rosters.annotate.file", lang), report.facts.name)]
    for name in ("rows", "good", "bad", "added", "changed", "same", "queued"):
        lines.append((text(f"rosters.annotate.count_{name}", lang), f"{getattr(report, name):,}"))
    return tuple(lines)


def _table(problems: Sequence[RowProblem], lang: str) -> tuple[tuple[str, ...], ...]:
    head = tuple(
        text(f"rosters.annotate.{name}", lang) for name in ("row", "cell", "heading", "code", "sentence")
    )
    rows = [
        (str(problem.row), problem.cell, problem.column, problem.code, render(problem.say, lang))
        for problem in sorted(problems, key=lambda problem: problem.row)
    ]
    return (head, *rows)
