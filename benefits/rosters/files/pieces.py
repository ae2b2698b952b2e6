"""Large Excel sheets, in pieces: the fast reader holds a whole sheet in memory, so it is given a small
workbook of some thousand rows after the other.

The shared texts are read once, here; in the pieces a cell that refers to one holds the reference behind a
mark that no XML text can contain. A million rows of eight columns take 250 MB in place of 750.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from benefits.kernel.errors import Refused
from benefits.rosters.files.facts import Sheet
from benefits.rosters.files.limits import MEGABYTE
from benefits.rosters.files.xlsx import whole_rows
from benefits.rosters.files.zips import Unpacked

MARK = "\x0b"
"""No XML text has it, and to ``int`` it is a blank."""
_SIZE = 4 * MEGABYTE
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
_TAIL = b"</sheetData></worksheet>"
_REFERS = re.compile(rb"""\bt=["']s["']([^<>]*)>\s*<v>""")
_PLAIN = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_START = re.compile(r"<(?:\w+:)?si\b")
_TEXT = re.compile(r"<(?:\w+:)?t\b[^<>]*?(?:/>|>([^<]*)<)")
_SOUND = re.compile(r"<(?:\w+:)?rPh\b")
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def shared_texts(zipped: Unpacked) -> list[str]:
    """All shared texts in order (ECMA-376 18.4): formats and sounds beside the text are left out."""
    found: list[str] = []
    if "xl/sharedStrings.xml" not in zipped:
        return found
    for text in _texts(zipped):
        plain = _PLAIN.findall(text)
        if len(plain) < text.count("<si") + text.count(":si"):
            plain = ["".join(_TEXT.findall(_without_sound(item))) for item in _START.split(text)[1:]]
        if "&" in text or "_x" in text:
            plain = [_ESCAPE.sub(_escaped, _ENTITY.sub(_entity, item)) for item in plain]
        found += plain
    return found


def _without_sound(item: str) -> str:
    first, *rest = _SOUND.split(item)
    return first + "".join(part.partition("rPh>")[2] for part in rest)


def _texts(zipped: Unpacked) -> Iterator[str]:
    held: list[bytes] = []
    for piece in zipped.pieces("xl/sharedStrings.xml"):
        cut = piece.rfind(b"</si>") + 5
        if cut > 4:
            yield b"".join([*held, piece[:cut]]).decode("utf-8", "replace")
            held = []
            piece = piece[cut:]
        held.append(piece)
    yield b"".join(held).decode("utf-8", "replace")


def _entity(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    code = int(found[1]) if found[1] else int(found[2], 16)
    return chr(code) if code < 0x110000 else "\ufffd"


def _escaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def small_books(zipped: Unpacked, sheet: Sheet, from_1904: bool) -> Iterator[io.BytesIO]:
    """The sheet as workbooks of a few megabytes each, without shared texts."""
    styles = zipped.whole("xl/styles.xml") if "xl/styles.xml" in zipped else b""
    held: list[bytes] = []
    size = 0
    for piece in whole_rows(zipped.pieces(sheet.part)):
        begin = max(0, piece.find(b"<row"))
        if b"<row" in piece:
            held.append(piece[begin : piece.rfind(b"</row>") + 6])
            size += len(piece)
        if size > _SIZE:
            yield _book(b"".join(held), styles, from_1904)
            held, size = [], 0
    if held:
        yield _book(b"".join(held), styles, from_1904)


def _book(rows: bytes, styles: bytes, from_1904: bool) -> io.BytesIO:
    marked = rows.replace(b' t="s"><v>', b' t="str"><v>\x0b')
    if b't="s"' in marked or b"t='s'" in marked:  # written in another order
        marked = _REFERS.sub(b't="str"\\1><v>\x0b', marked)
    epoch = '<workbookPr date1904="1"/>' if from_1904 else ""
    parts: dict[str, bytes | str] = {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="a" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">{epoch}<sheets>'
        '<sheet name="a" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="a" Type="{_LINKS}/worksheet" Target="worksheets/a.xml"/>'
        f'<Relationship Id="b" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/a.xml": b"".join((_HEAD, marked, _TAIL)),
    }
    if styles:
        parts["xl/styles.xml"] = styles
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    made.seek(0)
    return made


def resolve(values: list[Any], shared: list[str], name: str) -> list[Any]:
    """A column with the texts that its cells refer to. Raises Refused ``rosters.file_damaged``."""
    if str not in set(map(type, values)):
        return values
    try:
        with suppress(TypeError):  # not only texts
            if "".join(values).count(MARK) == len(values):
                return list(map(shared.__getitem__, map(int, values)))
        return [
            shared[int(value)] if value.__class__ is str and value[:1] == MARK else value for value in values
        ]
    except (IndexError, ValueError) as broken:
        raise Refused("rosters.file_damaged", name=name) from broken
