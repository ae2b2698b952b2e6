"""Templates (导入模板): an empty or filled list that our own importer reads back, with drop-downs and every
column explained.

The list is the first sheet and holds nothing but the list; what is to be written, with examples, stands on
the second, so that an example is never imported. Columns of text are formatted as text, so that Excel never
makes 1.1E+17 of an identity number. Nothing is hidden and nothing is locked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benefits.kernel.errors import Refused, say
from benefits.kernel.messages import render, text
from benefits.kernel.placing import beside
from benefits.kernel.text import plain
from benefits.kernel.unit import ReadUnit
from benefits.rosters.files.cells import letter
from benefits.rosters.kind import Column, Kind, Misread, Wanted
from benefits.rosters.out import (
    Holds,
    OutCell,
    OutColumn,
    Revealed,
    Stamp,
    cells_of,
    columns_of,
    heading,
    marked,
    stamp_of,
)
from benefits.rosters.out_xlsx import formats_of, furnish, new_workbook, sheet_title, write_row

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SPARE_ROWS = 2000
"""Empty rows with drop-downs below what a template is filled with."""
_LAST_ROW = 1_048_575
_LONGEST_LIST = 255
"""Characters of a drop-down list within a rule; longer ones stand on the second sheet."""
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255
_LENGTHS = {"id_number": 18, "phone": 11}
"""What a number nearly always has; others are asked about, not refused."""
_EARLIEST = date(1900, 1, 1)
_GUIDE = (("column", 18), ("needed", 8), ("what", 50), ("words", 40), ("example", 24))
"""Columns of the second sheet and their widths."""
_LISTS = 6
"""Its column where long lists of words begin."""


@dataclass(frozen=True, slots=True)
class Template:
    """A finished template. ``rows``: with how many it was filled."""

    path: Path
    kind: str
    rows: int


def template(
    unit: ReadUnit,
    kind: Kind,
    path: Path,
    *,
    filled: Wanted | None = None,
    lang: str = "zh",
    organisation: str = "",
    revealed: Revealed | None = None,
) -> Template:
    """Write the template of a kind, filled with last term's list (上期名单) where ``filled`` says of which
    units. Identity numbers and phones of such a list stay empty unless ``revealed``: masked ones could not be
    read back. Their last four stand in a column of their own that the importer leaves out.

    Raises Refused ``rosters.template.no_list`` for a kind that has no such list, ``access.not_permitted``,
    ``kernel.file_…``.
    """
    columns = columns_of(kind, lang, unit.today)
    rows: Iterable[Sequence[OutCell]] = ()
    if filled is not None:
        if kind.prefill is None:
            raise Refused("rosters.template.no_list", kind=kind.title)
        if not unit.actor.may(kind.permission):
            raise Refused("access.not_permitted", user=unit.actor.name, action=say("rosters.out.export"))
        columns, rows = _filling(columns, kind.prefill(unit, filled), lang, clear=revealed is not None)
    title = text("rosters.template.title", lang, kind=render(kind.title, lang))
    stamp = marked(stamp_of(unit, title, organisation), revealed)
    with beside(path) as temporary:
        count = _write(temporary, kind, columns, rows, lang, stamp)
    return Template(path, kind.name, count)


def _filling(
    columns: Sequence[OutColumn], rows: Iterator[Mapping[str, Any]], lang: str, *, clear: bool
) -> tuple[tuple[OutColumn, ...], Iterator[list[OutCell]]]:
    """The columns of a filled template, and its rows. Without leave the private cells are empty and their
    tails stand at the end."""
    cells = cells_of(columns, lang, clear=True)
    keys = [column.key for column in columns]
    private = [index for index, column in enumerate(columns) if column.mask is not None]
    if clear or not private:
        return tuple(columns), (
            [cell(row.get(key)) for cell, key in zip(cells, keys, strict=True)] for row in rows
        )

    def hidden() -> Iterator[list[OutCell]]:
        for row in rows:
            made = [cell(row.get(key)) for cell, key in zip(cells, keys, strict=True)]
            tails = [f"{columns[at].head} *{str(made[at])[-4:]}" for at in private if made[at]]
            for at in private:
                made[at] = None
            yield [*made, "  ".join(tails) or None]

    tail = OutColumn("", text("rosters.template.tails", lang), width=24)
    return (*columns, tail), hidden()


def _write(
    path: Path,
    kind: Kind,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[OutCell]],
    lang: str,
    stamp: Stamp,
) -> int:
    with new_workbook(path) as workbook:
        formats = formats_of(workbook, columns)
        sheet = workbook.add_worksheet(sheet_title(render(kind.title, lang)))
        guide = workbook.add_worksheet(text("rosters.template.guide", lang))
        lists = _long_lists(kind.columns, guide.get_name())
        heads(workbook, sheet, columns, kind.columns)
        furnish(sheet, lang, stamp)
        count = 0
        for row in rows:
            count += 1
            if count > _LAST_ROW:
                raise Refused("rosters.template.too_long", most=_LAST_ROW)
            write_row(sheet, count, row, columns, formats)
        last = min(count + SPARE_ROWS, _LAST_ROW)
        for index, (column, out) in enumerate(zip(kind.columns, columns, strict=False)):
            check_cells(sheet, index, last, column, out, lang, lists.get(column.key, ""))
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        _guide(workbook, guide, kind, columns, lang)
    return count


def heads(
    workbook: "Workbook", sheet: "Worksheet", columns: Sequence[OutColumn], asked: Sequence[Column]
) -> None:
    """The head: what must be filled in is marked with a star and a colour."""
    required = {column.key for column in asked if column.required}
    look = {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1}
    usual = workbook.add_format({**look, "bg_color": "#DDEBF7"})
    must = workbook.add_format({**look, "bg_color": "#FCE4D6", "font_color": "#C00000"})
    for index, (column, form) in enumerate(zip(columns, formats_of(workbook, columns), strict=True)):
        star = column.key in required
        sheet.write_string(0, index, plain(column.head) + " *" * star, must if star else usual)
        sheet.set_column(index, index, min(max(column.width, 2 * len(column.head) + 4), 60), form)
    sheet.freeze_panes(1, 0)


def check_cells(
    sheet: "Worksheet", index: int, last: int, column: Column, out: OutColumn, lang: str, listed: str = ""
) -> None:
    """What a spreadsheet program itself says about the cells of a column: the words to choose from, the
    length of a number, and what to write. ``listed``: where the words stand if they are too many for a
    rule."""
    explained = render(say(f"rosters.explain.{column.key}"), lang)
    rule: dict[str, Any] = {
        **_rule(column, out, listed),
        "input_title": plain(out.head)[:_LONGEST_TITLE],
        "input_message": plain(explained)[:_LONGEST_MESSAGE],
    }
    if rule["validate"] != "any":
        rule["error_title"] = plain(out.head)[:_LONGEST_TITLE]
        rule["error_message"] = plain(explained)[:_LONGEST_MESSAGE]
    sheet.data_validation(1, index, last, index, rule)


def _rule(column: Column, out: OutColumn, listed: str) -> dict[str, Any]:
    """The rule of a column. It only warns where the importer takes more than the rule knows: passports, +86,
    days typed as text, several words in one cell."""
    if column.choices:
        source = f"={listed}" if listed else list(column.choices)
        kind = "information" if _takes_several(column) else "stop"
        return {"validate": "list", "source": source, "error_type": kind}
    if column.key in _LENGTHS:
        length = _LENGTHS[column.key]
        return {"validate": "length", "criteria": "==", "value": length, "error_type": "warning"}
    if out.holds is Holds.DAY:
        return {"validate": "date", "criteria": ">=", "value": _EARLIEST, "error_type": "warning"}
    if out.holds in (Holds.FEN, Holds.COUNT):
        what = "decimal" if out.holds is Holds.FEN else "integer"
        return {"validate": what, "criteria": ">=", "value": 0, "error_type": "warning"}
    return {"validate": "any"}


def _takes_several(column: Column) -> bool:
    """Whether a cell may hold several of the words, asked of the reader."""
    try:
        return isinstance(column.read("、".join(column.choices[:2]), _EARLIEST), tuple)
    except Misread:
        return False


def _long_lists(columns: Sequence[Column], guide: str) -> dict[str, str]:
    """Where on the second sheet the words stand that are too many for a rule, by key."""
    long = [column for column in columns if len(",".join(column.choices)) > _LONGEST_LIST]
    return {
        column.key: f"'{guide}'!${letter(_LISTS + at)}$2:${letter(_LISTS + at)}${len(column.choices) + 1}"
        for at, column in enumerate(long)
    }


def _guide(
    workbook: "Workbook", sheet: "Worksheet", kind: Kind, columns: Sequence[OutColumn], lang: str
) -> None:
    """Every column explained: what it is called, whether it must be filled in, what to write, the words to
    choose from, an example. Beside them the long lists of words."""
    bold = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1})
    wrap = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    lines = [[text(f"rosters.template.{head}", lang) for head, _ in _GUIDE]]
    lines += [_explained(column, out, lang) for column, out in zip(kind.columns, columns, strict=False)]
    lines += [
        [text(f"rosters.template.{note}", lang, count=SPARE_ROWS)]
        for note in ("note_type", "note_keep", "note_spare")
    ]
    long = [column for column in kind.columns if len(",".join(column.choices)) > _LONGEST_LIST]
    words = [(heading(column, lang), *column.choices) for column in long]
    for row, (line, beside_it) in enumerate(zip_longest(lines, zip_longest(*words), fillvalue=())):
        form = wrap if row else bold
        for index, cell in enumerate(line):
            sheet.write_string(row, index, plain(cell), form if row <= len(kind.columns) else None)
        for index, word in enumerate(beside_it, _LISTS):
            sheet.write_string(row, index, plain(word or ""), form)
    for index, (_, width) in enumerate(_GUIDE):
        sheet.set_column(index, index, width)
    sheet.freeze_panes(1, 0)


def _explained(column: Column, out: OutColumn, lang: str) -> list[str]:
    needed = "must" if column.required else "may"
    explained = render(say(f"rosters.explain.{column.key}"), lang)
    words = "、".join(column.choices)
    return [out.head, text(f"rosters.template.{needed}", lang), explained, words, column.example]
