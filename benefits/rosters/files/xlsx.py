"""Excel workbooks (.xlsx): the table of contents, and what the fast reader leaves out.

The sheet's XML runs by once in pieces; only rows that hold something rare are looked at more closely: errors,
formulas, hidden rows, and days in the formats that East Asian editions of Excel have built in (ECMA-376
18.8.30: numbers 27 to 36 and 50 to 58 are days or times in Chinese, and are not spelled out in the file).
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

from benefits.kernel.errors import Refused
from benefits.rosters.files.cells import CellError, column_index, letter
from benefits.rosters.files.facts import DAY_FORMATS, Aside, Sheet, place
from benefits.rosters.files.zips import Unpacked

_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.S)
_CELL_START = re.compile(rb"<(?:\w+:)?c\b")
_ATTRIBUTE = re.compile(rb"""\b(r|s|t|hidden|min|max|ref)=["']([^"']*)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^<>]*>([^<]*)")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^<>]*>([^<]*)<")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^<>]*ref=["']([A-Z0-9:]+)["']""")
_HOLDS = re.compile(rb"<(?:\w+:)?(?:v|is)\b[^/<>]*>")
_EMPTY_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*?(?:/>|>(?:<(?:\w+:)?c\b[^<>]*/>)*</(?:\w+:)?row>)")
_ROW_ENDS = (b"</row>", b":row>")
_MOST_HELD = 64 * 1024 * 1024


def list_sheets(zipped: Unpacked) -> list[Sheet]:
    """The worksheets in the order of their tabs. Raises Refused ``rosters.file_damaged``."""
    try:
        book = ElementTree.fromstring(zipped.whole("xl/workbook.xml"))
        links = ElementTree.fromstring(zipped.whole("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError, ExpatError, ValueError) as broken:
        raise Refused("rosters.file_damaged", name=zipped.name) from broken
    parts = {link.get("Id"): link.get("Target", "") for link in links}
    found = []
    for node in book.iter():
        if _local(node.tag) != "sheet":
            continue
        link = next((value for key, value in node.attrib.items() if _local(key) == "id"), "")
        target = parts.get(link, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in zipped and "worksheets" in part:
            found.append(Sheet(node.get("name", ""), part, node.get("state", "visible") != "visible"))
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def is_1904(zipped: Unpacked) -> bool:
    """Whether days are counted from 1904, as old Excel for Mac did."""
    return re.search(rb"""date1904=["'](?:1|true)["']""", zipped.whole("xl/workbook.xml")) is not None


def day_styles(zipped: Unpacked) -> frozenset[bytes]:
    """The styles, by their numbers, whose format is one of the built-in Chinese days."""
    if "xl/styles.xml" not in zipped:
        return frozenset()
    try:
        root = ElementTree.fromstring(zipped.whole("xl/styles.xml"))
    except (ElementTree.ParseError, ExpatError, ValueError):
        return frozenset()  # the reader will say what it makes of it
    spelled = {node.get("numFmtId") for node in root.iter() if _local(node.tag) == "numFmt"}
    wanted = {str(number) for number in DAY_FORMATS} - spelled
    for node in root:
        if _local(node.tag) == "cellXfs":
            return frozenset(str(n).encode() for n, xf in enumerate(node) if xf.get("numFmtId") in wanted)
    return frozenset()


def count_rows(zipped: Unpacked, sheet: Sheet) -> int:
    """How many rows of a sheet hold cells with values."""
    count = 0
    holds = False
    for piece in whole_rows(zipped.pieces(sheet.part)):
        count += _count(piece) - len(_EMPTY_ROW.findall(piece))
        holds = holds or _HOLDS.search(piece) is not None
    return max(count, 1) if holds else 0


def survey(zipped: Unpacked, sheet: Sheet) -> Aside:
    """What the reader does not say about a sheet; counts its rows on the way."""
    aside = Aside()
    days = day_styles(zipped)
    styled = (
        re.compile(b"|".join(rb"""\bs=["']%s["']""" % number for number in sorted(days))) if days else None
    )
    number = 0
    holds = False
    for piece in whole_rows(zipped.pieces(sheet.part)):
        if not number:
            _columns(piece, aside)
        rows = _count(piece)
        holds = holds or _HOLDS.search(piece) is not None
        aside.addressed = aside.addressed and piece.count(b'<row r="') == rows
        if not _ends_rows(piece):
            _merged(piece, aside)
        if _ends_rows(piece) and (_has_rare(piece) or (styled and styled.search(piece))):
            rows -= len(_EMPTY_ROW.findall(piece))
            for found in _ROW.finditer(piece):
                number = _row(found, number + 1, aside, days)
        else:
            number += rows
        sheet.rows += rows
    sheet.rows = max(sheet.rows, 1) if holds else 0
    return aside


def _ends_rows(piece: bytes) -> bool:
    return any(mark in piece for mark in _ROW_ENDS)


def _count(piece: bytes) -> int:
    return piece.count(b"<row") or piece.count(b":row") // 2


def _has_rare(piece: bytes) -> bool:
    """Whether any row of it has to be looked at: quick, because nearly none has."""
    if b't="e"' in piece or b"hidden=" in piece or b"<f" in piece:
        return True
    return (b"<row" not in piece and b":f" in piece) or (b"'" in piece and b"t='e'" in piece)


def whole_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut where rows end."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        end = max(piece.rfind(mark) for mark in _ROW_ENDS)
        cut = piece.find(b">", end) + 1 if end >= 0 else 0
        if cut:
            yield b"".join([*held, piece[:cut]])
            held, size = [], 0
        held.append(piece[cut:])
        size += len(piece) - cut
        if size > _MOST_HELD:  # one row as long as that: nothing will be found in it
            held, size = [], 0
    yield b"".join(held)


def _columns(piece: bytes, aside: Aside) -> None:
    """Columns stand before the rows."""
    for column in _COLUMN.findall(piece[: max(0, piece.find(b"sheetData"))]):
        said = dict(_ATTRIBUTE.findall(column))
        if said.get(b"hidden") in (b"1", b"true"):
            first, last = int(said.get(b"min", b"1")), int(said.get(b"max", b"1"))
            aside.hidden_columns += [letter(index - 1) for index in range(first, min(last, first + 99) + 1)]


def _merged(piece: bytes, aside: Aside) -> None:
    """Merged cells stand after the rows."""
    if merged := _MERGED.findall(piece):
        aside.merged += len(merged)
        aside.first_merged = aside.first_merged or merged[0].decode()


def _row(found: re.Match[bytes], number: int, aside: Aside, days: frozenset[bytes]) -> int:
    said = dict(_ATTRIBUTE.findall(found[1]))
    if said.get(b"r", b"").isdigit():
        number = int(said[b"r"])
    body = found[2]
    if said.get(b"hidden") in (b"1", b"true") and body and _HOLDS.search(body):
        aside.hide_row(number)
    if body and (b'"e"' in body or b"'e'" in body or b"<f" in body or b":f" in body or days):
        column = -1
        for cell in _CELL_START.split(body)[1:]:
            head, _, content = cell.partition(b">")
            marks = dict(_ATTRIBUTE.findall(head))
            named = marks.get(b"r", b"").decode("ascii", "replace").rstrip("0123456789")
            column = column_index(named) if named.isalpha() and named.isupper() else column + 1
            _cell(marks, content, number - 1, column, aside, days)
    return number


def _cell(
    marks: dict[bytes, bytes], body: bytes, row: int, column: int, aside: Aside, days: frozenset[bytes]
) -> None:
    kind = marks.get(b"t", b"n")
    value = _VALUE.search(body)
    formula = _FORMULA.search(body) if b"<f" in body or b":f" in body else None
    if formula:
        text = formula[1].decode("utf-8", "replace")
        aside.formula(row, column, text, computed=bool(value and value[1]) or kind == b"str")
    if kind == b"e" and value:
        aside.error(row, column, CellError(value[1].decode("utf-8", "replace")[:20]))
    elif kind == b"n" and value and marks.get(b"s") in days:
        aside.day_places.append(place(row, column))


_ADDRESS = re.compile(rb"""<(?:\w+:)?c\b[^<>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>/]*>""")


def extent(zipped: Unpacked, part: str) -> tuple[int, int, int, str, str]:
    """Cells with content, the highest row and the highest column they reach, and the addresses of the cells
    that lie there."""
    cells = 0
    row, column = (0, "A1"), (0, "A1")
    for piece in whole_rows(zipped.pieces(part)):
        found = _ADDRESS.findall(piece)
        if not found:
            continue
        cells += len(found)
        for letters in {letters for letters, _ in found}:
            index = column_index(letters.decode()) + 1
            if index > column[0]:
                number = next(number for name, number in found if name == letters)
                column = index, (letters + number).decode()
        letters, number = max(found, key=lambda address: int(address[1]))
        if int(number) > row[0]:
            row = int(number), (letters + number).decode()
    return cells, row[0], column[0], row[1], column[1]
