"""Old Excel workbooks (.xls): what the fast reader leaves out, from the records of the stream ([MS-XLS])."""

import struct
from collections.abc import Iterator

from benefits.kernel.errors import Refused
from benefits.rosters.files.cells import CellError, letter
from benefits.rosters.files.facts import DAY_FORMATS, Aside
from benefits.rosters.files.facts import place as address
from benefits.rosters.files.ole import BrokenCompound, Compound

_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _ROW, _COLINFO = 0x0809, 0x0A, 0x2F, 0x85, 0x0208, 0x7D
_FORMULA, _BOOLERR, _MERGED, _DATEMODE = 0x06, 0x0205, 0xE5, 0x22
_FORMAT, _XF, _NUMBER, _RK, _MULRK = 0x041E, 0xE0, 0x0203, 0x027E, 0xBD
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def load(data: bytes, name: str) -> bytes:
    """The workbook stream. Raises Refused ``rosters.file_damaged``, ``rosters.file_encrypted``."""
    try:
        compound = Compound(data)
        stream = compound.read("Workbook" if "Workbook" in compound.streams else "Book")
    except (BrokenCompound, struct.error, KeyError) as broken:
        raise Refused("rosters.file_damaged", name=name) from broken
    for kind, _, _ in _records(stream, 0):
        if kind == _FILEPASS:
            raise Refused("rosters.file_encrypted", name=name)
        if kind == _EOF:
            break
    return stream


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place of the content and length of each record."""
    place = start
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, place)
        yield kind, place + 4, length
        place += 4 + length


def is_1904(stream: bytes) -> bool:
    """Whether days are counted from 1904, as old Excel for Mac did."""
    for kind, place, length in _records(stream, 0):
        if kind == _DATEMODE and length >= 2:
            return stream[place] == 1
        if kind == _EOF:
            break
    return False


def day_styles(stream: bytes) -> frozenset[int]:
    """The styles, by their numbers, whose format is one of the built-in Chinese days."""
    styles: list[int] = []
    spelled = set()
    for kind, place, length in _records(stream, 0):
        if kind == _XF and length >= 4:
            styles.append(struct.unpack_from("<H", stream, place + 2)[0])
        elif kind == _FORMAT and length >= 2:
            spelled.add(struct.unpack_from("<H", stream, place)[0])
        elif kind == _EOF:
            break
    return frozenset(number for number, style in enumerate(styles) if style in DAY_FORMATS - spelled)


def survey(stream: bytes, index: int) -> Aside:
    """What the reader does not say about the sheet with that number among the worksheets."""
    aside = Aside()
    days = day_styles(stream)
    start = _start(stream, index)
    depth = 0
    try:
        for kind, place, length in _records(stream, start):
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if not depth:
                    break
            elif depth == 1:  # deeper lie the charts
                _record(stream, kind, place, length, aside)
                if days and kind in (_NUMBER, _RK, _MULRK, _FORMULA):
                    _days(stream, kind, place, length, days, aside)
    except struct.error:
        pass  # the reader has read it; what cannot be told of it is not told
    return aside


def _days(stream: bytes, kind: int, at: int, length: int, days: frozenset[int], aside: Aside) -> None:
    row, column = struct.unpack_from("<2H", stream, at)
    cells = (length - 6) // 6 if kind == _MULRK else 1
    for number in range(cells):
        if struct.unpack_from("<H", stream, at + 4 + 6 * number)[0] in days:
            aside.day_places.append(address(row, column + number))


def _start(stream: bytes, index: int) -> int:
    seen = 0
    for kind, place, length in _records(stream, 0):
        if kind == _BOUNDSHEET and length >= 6 and stream[place + 5] == 0:
            if seen == index:
                return int(struct.unpack_from("<L", stream, place)[0])
            seen += 1
        elif kind == _EOF:
            break
    return len(stream)


def _record(stream: bytes, kind: int, at: int, length: int, aside: Aside) -> None:
    if kind == _ROW and length >= 16:
        number, _, last = struct.unpack_from("<3H", stream, at)
        if struct.unpack_from("<L", stream, at + 12)[0] & 0x20 and last:
            aside.hide_row(number + 1)
    elif kind == _COLINFO and length >= 10:
        first, end, _, _, flags = struct.unpack_from("<5H", stream, at)
        if flags & 1:
            aside.hidden_columns += [letter(column) for column in range(first, min(end, 255) + 1)]
    elif kind == _MERGED and length >= 10:
        top, bottom, left, right = struct.unpack_from("<4H", stream, at + 2)
        aside.merged += int(struct.unpack_from("<H", stream, at)[0])
        aside.first_merged = aside.first_merged or f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"
    elif kind == _BOOLERR and length >= 8:
        row, column, _, value, is_error = struct.unpack_from("<3H2B", stream, at)
        if is_error:
            aside.error(row, column, CellError(_ERRORS.get(value, "#UNKNOWN!")))
    elif kind == _FORMULA and length >= 14:
        row, column = struct.unpack_from("<2H", stream, at)
        result = stream[at + 6 : at + 14]
        aside.formula(row, column, "", computed=True)
        if result[6:] == b"\xff\xff" and result[0] == 2:
            aside.error(row, column, CellError(_ERRORS.get(result[2], "#UNKNOWN!")))
