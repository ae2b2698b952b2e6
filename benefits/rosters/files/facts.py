"""What is found out about a sheet beside its values: things that a clerk should know, and cells that the
reader leaves empty."""

from array import array
from dataclasses import dataclass, field

from benefits.kernel.errors import Problem, say
from benefits.rosters.files.cells import CellError, letter

MOST_SHOWN = 5
_COLUMNS = 16384
OWN_SHEETS = frozenset(
    {"导出说明", "About this list", "填写说明", "How to fill it in", "核对结果", "Results"}
)
"""Sheets that our own exports, templates and annotated files carry beside the list."""
DAY_FORMATS = frozenset([*range(27, 32), 36, *range(50, 55), 57, 58])
"""Number formats that are days in Chinese editions of Excel and WPS, and are not spelled out in the file."""


@dataclass(slots=True)
class Sheet:
    """A sheet of a workbook, as its table of contents has it."""

    name: str
    part: str = ""
    """Where it stands in a zipped file."""
    hidden: bool = False
    rows: int = 0
    """Rows that hold something, as far as that was counted."""


@dataclass(slots=True)
class Aside:
    """What the reader does not say about one sheet: places are row * 16384 + column, both from 0, ascending
    as in the file."""

    hidden_rows: int = 0
    first_hidden_row: int = 0
    hidden_columns: list[str] = field(default_factory=list)
    merged: int = 0
    first_merged: str = ""
    formulas: int = 0
    uncomputed: int = 0
    first_uncomputed: str = ""
    error_places: "array[int]" = field(default_factory=lambda: array("Q"))
    error_texts: list[CellError] = field(default_factory=list)
    day_places: "array[int]" = field(default_factory=lambda: array("Q"))
    """Numbers that the spreadsheet program shows as days and the reader does not."""
    addressed: bool = True
    """Whether every row of an xlsx sheet has its number, so that it can be read in pieces."""

    def error(self, row: int, column: int, text: CellError) -> None:
        """A cell, counted from 0, that holds an error."""
        self.error_places.append(row * _COLUMNS + column)
        self.error_texts.append(text)

    def formula(self, row: int, column: int, text: str, computed: bool) -> None:
        """A cell with a formula, and whether its value was kept with it."""
        self.formulas += 1
        if not computed:
            self.uncomputed += 1
            self.first_uncomputed = self.first_uncomputed or f"{letter(column)}{row + 1}"
            self.error(row, column, CellError("=" + text[:200], "formula"))

    def hide_row(self, number: int, count: int = 1) -> None:
        """Rows, the first counted from 1, that the program does not show."""
        self.hidden_rows += count
        self.first_hidden_row = self.first_hidden_row or number


def place(row: int, column: int) -> int:
    """The place of a cell counted from 0."""
    return row * _COLUMNS + column


def aside_notes(aside: Aside) -> tuple[Problem, ...]:
    """What of it the clerk should know."""
    made: list[Problem] = []
    if aside.hidden_rows:
        words = say("rosters.file_hidden_rows", count=aside.hidden_rows, row=aside.first_hidden_row)
        made.append(Problem("rosters.file_hidden_rows", words, row=aside.first_hidden_row))
    if aside.hidden_columns:
        columns = "、".join(aside.hidden_columns[:MOST_SHOWN])
        words = say("rosters.file_hidden_columns", count=len(aside.hidden_columns), columns=columns)
        made.append(Problem("rosters.file_hidden_columns", words))
    if aside.merged:
        words = say("rosters.file_merged", count=aside.merged, cells=aside.first_merged)
        made.append(Problem("rosters.file_merged", words))
    if aside.formulas > aside.uncomputed:
        words = say("rosters.file_formulas", count=aside.formulas - aside.uncomputed)
        made.append(Problem("rosters.file_formulas", words))
    if aside.uncomputed:
        words = say("rosters.file_uncomputed", count=aside.uncomputed, cell=aside.first_uncomputed)
        made.append(Problem("rosters.file_uncomputed", words))
    return tuple(made)


def sheet_notes(sheets: list[Sheet], chosen: Sheet) -> tuple[Problem, ...]:
    """The other sheets that hold rows, and whether the chosen one is hidden."""
    made: list[Problem] = []
    others = [
        sheet for sheet in sheets if sheet is not chosen and sheet.rows and sheet.name not in OWN_SHEETS
    ]
    if others:
        named = "、".join(f"「{sheet.name[:31]}」{sheet.rows}" for sheet in others[:MOST_SHOWN])
        words = say("rosters.file_other_sheets", sheet=chosen.name[:31], count=len(others), others=named)
        made.append(Problem("rosters.file_other_sheets", words))
    if chosen.hidden:
        words = say("rosters.file_hidden_sheet", sheet=chosen.name[:31])
        made.append(Problem("rosters.file_hidden_sheet", words))
    return tuple(made)
