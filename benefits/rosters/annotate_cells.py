"""Annotated files from the cells alone (按内容重写): a new workbook, or csv, where there is no xlsx to keep.

The cells are read again through the same limited child as in the check; text stays text, a number stays the
number that was refused.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benefits.kernel.text import plain
from benefits.rosters.files.cells import Cell, Row
from benefits.rosters.files.reading import open_sheet
from benefits.rosters.out import guarded
from benefits.rosters.out_xlsx import new_workbook, sheet_title

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from benefits.rosters.annotate import Notes

BAD, DOUBTFUL = "#FFC7CE", "#FFEB9C"
"""Fills of bad cells and of those to be looked at."""
_LAST_ROW = 1_048_575
_WIDTH, _WIDE = 16, 60


def write_cells(path: Path, out: Path, notes: "Notes") -> None:
    """The same cells at the same places in a new workbook, the bad ones marked."""
    with new_workbook(out) as workbook:
        writer = _Writer(workbook, notes, len(notes.heads))
        last = 0
        for row in _rows(path, notes):
            last = row.number
            writer.row(row.number - 1, row, notes.rows.get(row.number, ""))
        writer.finish(notes.head - 1, max(last - 1, notes.head - 1))
        summary(workbook, notes)


def write_bad_rows(path: Path, out: Path, notes: "Notes") -> None:
    """The head and the bad rows, with their numbers in the file."""
    with new_workbook(out) as workbook:
        writer = _Writer(workbook, notes, len(notes.heads), numbered=True)
        writer.row(0, Row(notes.head, notes.heads), "")
        at = 0
        for row in _rows(path, notes):
            if row.number in notes.rows and at < _LAST_ROW:
                at += 1
                writer.row(at, row, notes.rows[row.number])
        writer.finish(0, at)
        summary(workbook, notes)


def write_csv(path: Path, out: Path, notes: "Notes") -> None:
    """The same cells as csv in UTF-8, each row with what is wrong with it at its end."""
    width = len(notes.heads)
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        write = csv.writer(file).writerow
        number = 0
        for row in _rows(path, notes):
            for _ in range(row.number - number - 1):
                write([])
            number = row.number
            cells = [guarded(_in_csv(cell)) for cell in row.cells[:width]]
            said = notes.column if number == notes.head else notes.rows.get(number, "").replace("\n", "；")
            write(cells + [""] * (width - len(cells)) + [guarded(said)] if number >= notes.head else cells)


def _rows(path: Path, notes: "Notes") -> Iterator[Row]:
    with open_sheet(path, sheet=notes.source or None) as opened:
        for block in opened:
            yield from block


def _in_csv(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    return str(cell)


class _Writer:
    """One sheet of the new workbook."""

    def __init__(self, workbook: "Workbook", notes: "Notes", width: int, *, numbered: bool = False) -> None:
        self.notes = notes
        self.width = width
        self.numbered = numbered
        self.sheet = workbook.add_worksheet(sheet_title(notes.sheet))
        self.marks = {(mark.row, mark.column): mark for mark in notes.marks}
        looks: dict[str, dict[str, Any]] = {"": {}, "bad": {"bg_color": BAD}, "doubt": {"bg_color": DOUBTFUL}}
        forms = {"text": "@", "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm:ss", "number": "General"}
        self.formats = {
            (look, form): workbook.add_format({"num_format": code, **extra})
            for look, extra in looks.items()
            for form, code in forms.items()
        }
        self.said = workbook.add_format({"text_wrap": True, "font_color": "#C00000", "valign": "top"})
        self.head = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1, "text_wrap": True})
        self.sheet.set_column(0, max(width - 1, 0), _WIDTH, self.formats["", "text"])
        self.sheet.set_column(width, width + numbered, _WIDE if not numbered else _WIDTH)
        self.sheet.set_column(width + numbered, width + numbered, _WIDE)

    def row(self, at: int, row: Row, said: str) -> None:
        """A row of the file at place ``at``, counted from 0."""
        is_head = row.number == self.notes.head
        for index, cell in enumerate(row.cells):
            if index >= self.width and row.number >= self.notes.head:
                break  # what an earlier annotation wrote
            mark = self.marks.get((row.number, index))
            look = "" if mark is None else ("bad" if mark.bad else "doubt")
            self._cell(at, index, cell, look, self.head if is_head else None)
            if mark is not None:
                comment(self.sheet, at, index, mark.words)
        for index in range(len(row.cells), self.width):  # an empty cell may be the bad one
            if (mark := self.marks.get((row.number, index))) is not None:
                self.sheet.write_blank(at, index, None, self.formats["bad" if mark.bad else "doubt", "text"])
                comment(self.sheet, at, index, mark.words)
        if self.numbered and is_head:
            self.sheet.write_string(at, self.width, self.notes.number_column, self.head)
        elif self.numbered:
            self.sheet.write_number(at, self.width, row.number)
        if is_head:
            self.sheet.write_string(at, self.width + self.numbered, self.notes.column, self.head)
        elif said:
            self.sheet.write_string(at, self.width + self.numbered, plain_lines(said), self.said)

    def _cell(self, at: int, index: int, cell: Cell, look: str, form: Any) -> None:
        if cell is None:
            if look:
                self.sheet.write_blank(at, index, None, self.formats[look, "text"])
        elif isinstance(cell, bool):
            self.sheet.write_boolean(at, index, cell, form or self.formats[look, "number"])
        elif isinstance(cell, int | float) and abs(cell) < 1e300:
            self.sheet.write_number(at, index, cell, form or self.formats[look, "number"])
        elif isinstance(cell, datetime):
            self.sheet.write_datetime(at, index, cell.replace(tzinfo=None), self.formats[look, "moment"])
        elif isinstance(cell, date):
            self.sheet.write_datetime(at, index, cell, self.formats[look, "day"])
        else:
            self.sheet.write_string(at, index, str(cell)[:32_000], form or self.formats[look, "text"])

    def finish(self, head: int, last: int) -> None:
        """The head stays in sight, and of the rows only those with problems are shown at first."""
        column = self.width + self.numbered
        self.sheet.freeze_panes(head + 1, 0)
        if last > head:
            self.sheet.autofilter(head, 0, last, column)


def comment(sheet: "Worksheet", row: int, column: int, words: str) -> None:
    """A note at a cell, wide enough to be read."""
    lines = sum(1 + len(line) // 18 for line in words.split("\n"))
    look = {"author": "benefits", "width": 280, "height": 24 + 18 * lines}
    sheet.write_comment(row, column, plain_lines(words), look)


def plain_lines(words: str) -> str:
    """Text of several lines without anything hostile in it."""
    return "\n".join(plain(line) for line in words.split("\n"))


def summary(workbook: "Workbook", notes: "Notes") -> None:
    """The sheet with the results: counts, then every problem with its row, cell, code and sentence."""
    sheet = workbook.add_worksheet(sheet_title(notes.summary))
    bold = workbook.add_format({"bold": True})
    for index, width in enumerate((12, 16, 18, 28, 80)):
        sheet.set_column(index, index, width)
    for row, line in enumerate(summary_lines(notes)):
        for index, cell in enumerate(line):
            sheet.write_string(row, index, cell, bold if row in (0, len(notes.counts) + 2) else None)


def summary_lines(notes: "Notes") -> list[Sequence[str]]:
    """The rows of that sheet."""
    lines: list[Sequence[str]] = [(notes.summary,), *notes.counts, (), *notes.table]
    return [[plain(cell) for cell in line] for line in lines]
