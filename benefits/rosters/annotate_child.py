"""The process that marks a copy (批注子进程): the workbook by its path, what to mark on standard input, the
copy on standard output. It imports nothing of the domain but how limits are set.

Only cells that exist are looked at: one far cell would make a million of what lies between.
"""

import contextlib
import json
import sys
from typing import Any

from benefits.rosters.files.limits import lower

_AUTHOR = "benefits"
_OLD = "\n———\n"
"""Between our words and a note that somebody else had left at the cell."""
_CPU = 150


def main(path: str) -> None:
    """Mark the copy as standard input says."""
    job = json.load(sys.stdin)
    _limit(job["memory"])
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = book[job["sheet"]]
    _values_for_formulas(sheet, path)
    _clear(book, sheet, job)
    column = _problem_column(sheet, job)
    fills = _fills(job["fills"])
    for mark in job["marks"]:
        _mark(sheet, mark, fills)
    last = _say(sheet, job, column)
    _show_bad_rows(sheet, job, column, last)
    _summary(book, job)
    book.active = book.sheetnames.index(sheet.title)
    book.save(sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _limit(memory: int) -> None:
    """Memory, computing time, no core dump, as far as the system holds a process to them."""
    with contextlib.suppress(ImportError):
        import resource

        lower(resource.RLIMIT_AS, memory)
        lower(resource.RLIMIT_CPU, _CPU)
        lower(resource.RLIMIT_CORE, 0)


def _values_for_formulas(sheet: Any, path: str) -> None:
    """The formulas of the list become their values, as they were read: a copy keeps no computed values, and
    what was right would be missing."""
    formulas = [cell for cell in _cells(sheet) if cell.data_type == "f"]
    if not formulas:
        return
    from openpyxl import load_workbook

    values = load_workbook(path, data_only=True)[sheet.title]
    for cell in formulas:
        value = values.cell(cell.row, cell.column).value
        if value is not None:
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # also one that begins with =


def _clear(book: Any, sheet: Any, job: dict[str, Any]) -> None:
    """What an earlier annotation left: its fills, its notes, its sheet, the words in its column."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    ours = {alpha + fill for fill in job["fills"] for alpha in ("00", "FF")}
    for cell in _cells(sheet):
        if cell.comment is None or cell.comment.author != _AUTHOR:
            continue
        _, mark, theirs = cell.comment.text.partition(_OLD)
        cell.comment = Comment(theirs, "") if mark else None
        if cell.fill.fgColor.rgb in ours:
            cell.fill = PatternFill()
    heads = [cell for cell in _cells(sheet) if cell.row == job["head"] and cell.value in job["columns"]]
    columns = {cell.column for cell in heads if cell.column > job["width"]}
    for cell in _cells(sheet):
        if cell.column in columns and cell.row >= job["head"]:
            cell.value = None
    for name in list(book.sheetnames):
        if name != sheet.title and book[name]["A1"].value in job["summaries"]:
            del book[name]


def _cells(sheet: Any) -> list[Any]:
    """The cells that exist and can hold something."""
    return [cell for cell in sheet._cells.values() if not _is_merged(cell)]


def _is_merged(cell: Any) -> bool:
    return type(cell).__name__ == "MergedCell"


def _problem_column(sheet: Any, job: dict[str, Any]) -> int:
    """The first column right of everything that is written at or below the head."""
    used = [
        cell.column
        for cell in sheet._cells.values()
        if cell.row >= job["head"] and (cell.value is not None or _is_merged(cell))
    ]
    return int(min(max([job["width"], *used]) + 1, 16384))


def _fills(colours: list[str]) -> tuple[Any, Any]:
    from openpyxl.styles import PatternFill

    bad, doubtful = (PatternFill("solid", fgColor=f"FF{colour}") for colour in colours)
    return bad, doubtful


def _mark(sheet: Any, mark: dict[str, Any], fills: tuple[Any, Any]) -> None:
    from openpyxl.comments import Comment

    cell = sheet.cell(mark["row"], mark["column"] + 1)
    if _is_merged(cell):
        cell = next(
            sheet.cell(area.min_row, area.min_col)
            for area in sheet.merged_cells.ranges
            if cell.coordinate in area
        )
    cell.fill = fills[0] if mark["bad"] else fills[1]
    words = mark["words"]
    if cell.comment is not None and cell.comment.author == _AUTHOR:
        words = f"{cell.comment.text}\n{words}"
    elif cell.comment is not None:
        words += _OLD + cell.comment.text
    lines = sum(1 + len(line) // 18 for line in words.split("\n"))
    cell.comment = Comment(words, _AUTHOR, width=280, height=24 + 18 * lines)


def _say(sheet: Any, job: dict[str, Any], column: int) -> Any:
    """What is wrong with each row, in a column of its own; the last row of the list."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    red, wrap = Font(color="FFC00000"), Alignment(wrap_text=True, vertical="top")
    head = sheet.cell(job["head"], column)
    head.value, head.font = job["column"], Font(bold=True, color="FFC00000")
    for row, said in job["rows"].items():
        cell = sheet.cell(int(row), column)
        cell.value, cell.data_type, cell.font, cell.alignment = said, "s", red, wrap
    sheet.column_dimensions[get_column_letter(column)].width = 60
    return max(cell.row for cell in _cells(sheet) if cell.value is not None)


def _show_bad_rows(sheet: Any, job: dict[str, Any], column: int, last: Any) -> None:
    """The head stays in sight; a filter over the list shows the bad rows. A list that is a table of the
    program's own keeps the table's filter."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.filters import CustomFilter, CustomFilters, FilterColumn

    if sheet.freeze_panes is None:
        sheet.freeze_panes = f"A{job['head'] + 1}"
    bad = {int(row) for row in job["rows"]}
    if sheet.tables or last <= job["head"]:
        return
    sheet.auto_filter.ref = f"A{job['head']}:{get_column_letter(column)}{last}"
    sheet.auto_filter.filterColumn = []
    for row in range(job["head"] + 1, last + 1):
        sheet.row_dimensions[row].hidden = bool(bad) and row not in bad
    if bad:
        blank = CustomFilters(customFilter=[CustomFilter(operator="notEqual", val=" ")])
        sheet.auto_filter.filterColumn = [FilterColumn(colId=column - 1, customFilters=blank)]


def _summary(book: Any, job: dict[str, Any]) -> None:
    """The sheet with the results, last."""
    from openpyxl.styles import Font

    name = job["summary"] if job["summary"] not in book.sheetnames else f"{job['summary']} (2)"
    sheet = book.create_sheet(name)
    for letter, width in zip("ABCDE", (12, 16, 18, 28, 80), strict=True):
        sheet.column_dimensions[letter].width = width
    for row, line in enumerate(job["lines"], 1):
        for index, words in enumerate(line, 1):
            cell = sheet.cell(row, index)
            cell.value, cell.data_type = words, "s"
    sheet["A1"].font = Font(bold=True)
