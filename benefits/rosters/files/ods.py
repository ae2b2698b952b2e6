"""OpenDocument sheets (.ods): what the fast reader leaves out.

LibreOffice keeps the text of an error only for the eye, and a hidden row is one that is collapsed or filtered
away; rows and cells that are alike are written once, with the number of repetitions.
"""

import re
from collections.abc import Iterator

from benefits.rosters.files.cells import CellError, letter
from benefits.rosters.files.facts import Aside
from benefits.rosters.files.zips import Unpacked

_PART = "content.xml"
_ATTRIBUTE = re.compile(rb'\b((?:table|office|calcext):[\w-]+)="([^"]*)"')
_TAG = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell)\b([^<>]*)>")
_SHOWN = re.compile(rb"<text:p[^<>]*>([^<]*)<")
_REPEATED_ROW = b"table:number-rows-repeated"
_REPEATED_CELL = b"table:number-columns-repeated"


def survey(zipped: Unpacked, index: int) -> Aside:
    """What the reader does not say about the sheet with that number."""
    aside = Aside()
    row = 0
    for text in _table_rows(zipped, index):
        opened = _TAG.search(text)
        said = dict(_ATTRIBUTE.findall(opened[3])) if opened else {}
        times = _number(said.get(_REPEATED_ROW))
        holds = b"office:value" in text or b"<text:p" in text
        if holds and said.get(b"table:visibility") in (b"collapse", b"filter"):
            aside.hide_row(row + 1, times)
        if b"table:formula" in text or b"-spanned" in text:
            _row(text, row, aside)
        row += times
    return aside


def count_cells(zipped: Unpacked) -> int:
    """How many cells the repetitions of all tables come to, up to the last one of each row that holds
    something."""
    total = 0
    for text in _table_rows(zipped, None):
        width = reach = times = 0
        for found in _TAG.finditer(text):
            said = dict(_ATTRIBUTE.findall(found[3]))
            if found[2] == b"table-row":
                times = _number(said.get(_REPEATED_ROW))
            elif not found[1]:
                width += _number(said.get(_REPEATED_CELL))
                reach = width if b"office:value-type" in said or b"table:formula" in said else reach
        total += times * reach
    return total


def _number(text: bytes | None) -> int:
    return min(int(text), 1_048_576) if text and text.isdigit() else 1


def _table_rows(zipped: Unpacked, index: int | None) -> Iterator[bytes]:
    """The text of each row of a table, or of all, without its end tag."""
    rest = b""
    table = -1
    for piece in zipped.pieces(_PART):
        text = rest + piece
        parts = text.split(b"</table:table-row>")
        rest = parts.pop()
        for part in parts:
            if b"<table:table " in part:
                table += len(re.findall(rb"<table:table ", part))
            if index in (None, table) and (begin := part.find(b"<table:table-row")) >= 0:
                yield part[begin:]
        if index is not None and table > index:
            return


def _row(text: bytes, row: int, aside: Aside) -> None:
    column = 0
    for found in _TAG.finditer(text):
        if found[1] or found[2] == b"table-row":
            continue
        said = dict(_ATTRIBUTE.findall(found[3]))
        spanned = _number(said.get(b"table:number-columns-spanned"))
        if spanned > 1 or _number(said.get(b"table:number-rows-spanned")) > 1:
            aside.merged += 1
            aside.first_merged = aside.first_merged or _merged(row, column, spanned, said)
        if b"table:formula" in said:
            aside.formula(row, column, "", computed=True)
            if said.get(b"calcext:value-type") == b"error":
                shown = _SHOWN.search(text, found.end())
                aside.error(
                    row, column, CellError(shown[1].decode("utf-8", "replace")[:20] if shown else "#N/A")
                )
        column += _number(said.get(_REPEATED_CELL))


def _merged(row: int, column: int, spanned: int, said: dict[bytes, bytes]) -> str:
    down = _number(said.get(b"table:number-rows-spanned"))
    return f"{letter(column)}{row + 1}:{letter(column + spanned - 1)}{row + down}"
