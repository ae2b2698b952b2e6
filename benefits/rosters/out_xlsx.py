"""A list as xlsx (电子表格), row by row: text as text, days as days, amounts as numbers of two decimals.

Nothing is guessed from what a text looks like: ``=1+1`` and 001 stay what they are. Columns of text are
formatted as text too, so that what a clerk types into them later stays as typed. The list comes first, sheet
after sheet of 1,048,575 rows; the last sheet says what the file is.
"""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benefits.kernel.messages import text
from benefits.kernel.text import cell_width, cut, plain
from benefits.rosters.out import Holds, OutCell, OutColumn, Stamp

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET_ROWS = 1_048_575
"""Rows of a sheet below its head."""
LONGEST_CELL = 32_000
"""Characters of a cell; the form ends at 32,767."""
NUMBER_FORMS = {
    Holds.TEXT: "@",
    Holds.DAY: "yyyy-mm-dd",
    Holds.MONTH: "yyyy-mm",
    Holds.FEN: "#,##0.00",
    Holds.COUNT: "0",
}
_FURNITURE = 250
"""Characters of a header or footer; the form ends at 255."""
_A4 = 9
_NARROWEST, _WIDEST = 6, 60


def write_xlsx(
    path: Path, columns: Sequence[OutColumn], rows: Iterable[Sequence[OutCell]], lang: str, stamp: Stamp
) -> tuple[int, int]:
    """Write the list; how many rows, on how many sheets."""
    with new_workbook(path) as workbook:
        formats = formats_of(workbook, columns)
        title = sheet_title(stamp.title)
        sheets, count, row = [new_sheet(workbook, title, columns, formats, lang, stamp)], 0, 0
        for values in rows:
            count += 1
            if row == SHEET_ROWS:
                finish_sheet(sheets[-1], row, len(columns))
                another = f"{title[:26]} {len(sheets) + 1}"
                sheets.append(new_sheet(workbook, another, columns, formats, lang, stamp))
                row = 0
            row += 1
            write_row(sheets[-1], row, values, columns, formats)
        finish_sheet(sheets[-1], row, len(columns))
        about(workbook, lang, stamp, count)
    return count, len(sheets)


@contextlib.contextmanager
def new_workbook(path: Path, *, constant_memory: bool = True) -> "Iterator[Workbook]":
    """A workbook that guesses nothing, finished when ``with`` ends without an error. Rows on their way to it
    lie in a folder beside it that nobody else may open, and which is gone afterwards."""
    from xlsxwriter.workbook import Workbook

    with tempfile.TemporaryDirectory(prefix=".xlsx.", dir=path.parent, ignore_cleanup_errors=True) as folder:
        workbook = Workbook(
            str(path),
            {
                "constant_memory": constant_memory,
                "tmpdir": folder,
                "strings_to_numbers": False,
                "strings_to_formulas": False,
                "strings_to_urls": False,
            },
        )
        yield workbook
        workbook.close()


def formats_of(workbook: "Workbook", columns: Sequence[OutColumn]) -> list["Format"]:
    """The format of each column's cells."""
    made = {
        holds: workbook.add_format({"num_format": form, "valign": "top"})
        for holds, form in NUMBER_FORMS.items()
    }
    return [made[column.holds] for column in columns]


def sheet_title(title: str) -> str:
    """A title as a sheet may be called: 31 characters, none of ``[]:*?/\\`` and no apostrophe at its ends."""
    kept = "".join(" " if char in "[]:*?/\\" else char for char in plain(title))
    return kept[:31].strip(" '") or "Sheet"


def new_sheet(
    workbook: "Workbook",
    name: str,
    columns: Sequence[OutColumn],
    formats: Sequence["Format"],
    lang: str,
    stamp: Stamp,
) -> "Worksheet":
    """A sheet with its head, widths and page set up: A4 across, the head on every page, who and until when at
    the foot."""
    sheet = workbook.add_worksheet(name)
    head = workbook.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#DDEBF7", "bottom": 1}
    )
    for index, (column, form) in enumerate(zip(columns, formats, strict=True)):
        width = max(column.width, cell_width(column.head) + 3)
        sheet.set_column(index, index, min(max(width, _NARROWEST), _WIDEST), form)
        sheet.write_string(0, index, plain(column.head), head)
    sheet.freeze_panes(1, 0)
    furnish(sheet, lang, stamp)
    return sheet


def furnish(sheet: "Worksheet", lang: str, stamp: Stamp) -> None:
    """The page: A4 across, one page wide, the head repeated, and around it what the list is (水印)."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    mark = "rosters.out.mark_clear" if stamp.revealed else "rosters.out.mark_masked"
    sheet.set_header("&C" + _furniture(f"{stamp.title}  {text(mark, lang)}"))
    line = text(
        "rosters.out.footer",
        lang,
        who=stamp.who,
        made=f"{stamp.made:%Y-%m-%d %H:%M}",
        purpose=stamp.purpose or text("rosters.out.no_purpose", lang),
        expires=stamp.expires,
    )
    sheet.set_footer("&L" + _furniture(line) + "&R&P / &N")


def _furniture(words: str) -> str:
    """Text in a header or footer, where ``&`` begins a code."""
    return plain(words)[: _FURNITURE // 2].replace("&", "&&")


def write_row(
    sheet: "Worksheet",
    row: int,
    values: Sequence[OutCell],
    columns: Sequence[OutColumn],
    formats: Sequence["Format"],
) -> None:
    """One row of values; empty cells are left out."""
    for index, value in enumerate(values):
        if value is None:
            continue
        if isinstance(value, str):
            sheet.write_string(row, index, cut(value, LONGEST_CELL), formats[index])
        elif isinstance(value, date):
            sheet.write_datetime(row, index, value, formats[index])
        elif columns[index].holds is Holds.FEN:
            amount: Any = Decimal(value).scaleb(-2)  # 0.1 + 0.2 is 0.3 to a clerk
            sheet.write_number(row, index, amount, formats[index])
        else:
            sheet.write_number(row, index, value, formats[index])


def finish_sheet(sheet: "Worksheet", rows: int, width: int) -> None:
    """Filter buttons over what there is."""
    sheet.autofilter(0, 0, rows, width - 1)


def about(workbook: "Workbook", lang: str, stamp: Stamp, count: int) -> None:
    """The last sheet and the file's properties: what the list is, who made it, for what, until when."""
    mark = "rosters.out.mark_clear" if stamp.revealed else "rosters.out.mark_masked"
    lines = (
        ("rosters.out.title", stamp.title),
        ("rosters.out.organisation", stamp.organisation),
        ("rosters.out.rows", f"{count:,}"),
        ("rosters.out.who", stamp.who),
        ("rosters.out.made", f"{stamp.made:%Y-%m-%d %H:%M}"),
        ("rosters.out.purpose", stamp.purpose or text("rosters.out.no_purpose", lang)),
        ("rosters.out.expires", stamp.expires.isoformat()),
        ("rosters.out.numbers", text(mark, lang)),
    )
    sheet = workbook.add_worksheet(text("rosters.out.about", lang))
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 60)
    bold = workbook.add_format({"bold": True})
    for row, (key, value) in enumerate(lines):
        sheet.write_string(row, 0, text(key, lang), bold)
        sheet.write_string(row, 1, plain(value))
    workbook.set_properties(
        {
            "title": plain(stamp.title),
            "author": plain(stamp.who),
            "company": plain(stamp.organisation),
            "comments": text("rosters.out.until", lang, purpose=lines[5][1], expires=stamp.expires),
            "created": stamp.made.replace(tzinfo=None),
        }
    )
