"""Ugly and hostile files, made by hand so that each has exactly one thing wrong with it."""

import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from benefits.rosters.files.cells import letter

_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)
STYLES = (
    f'<styleSheet xmlns="{_SPREADSHEET}"><numFmts count="1"><numFmt numFmtId="170" '
    'formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0"/><xf numFmtId="170" applyNumberFormat="1"/><xf numFmtId="57" applyNumberFormat="1"/>'
    '<xf numFmtId="31" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
"""Styles 1: a spelled-out day; 2 and 3: the Chinese days that are built in."""


def text_cell(place: str, text: str) -> str:
    """A cell with text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def xml_row(number: int, values: Sequence[object], left: int = 0) -> str:
    """A row of texts and numbers from a column on; None is no cell; a text that begins with ``<`` is XML."""
    cells = []
    for index, value in enumerate(values, left):
        place = f"{letter(index)}{number}"
        if isinstance(value, str):
            cells.append(value.replace("@", place) if value.startswith("<") else text_cell(place, value))
        elif value is not None:
            cells.append(f'<c r="{place}"><v>{value}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def xlsx(
    path: Path,
    sheets: Mapping[str, str],
    *,
    columns: str = "",
    after: str = "",
    hidden: Sequence[str] = (),
    from_1904: bool = False,
    more: Mapping[str, str | bytes] | None = None,
    level: int = 1,
) -> Path:
    """A workbook of sheets given as the XML of their rows."""
    states = {name: "hidden" if name in hidden else "visible" for name in sheets}
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" state="{states[name]}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    epoch = '<workbookPr date1904="1"/>' if from_1904 else ""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_LINKS}">{epoch}'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="s" Type="{_LINKS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="t" Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{_SPREADSHEET}"/>',
    }
    for n, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{_SPREADSHEET}">{columns}<sheetData>{rows}</sheetData>{after}</worksheet>'
        )
    return zipped(path, parts | dict(more or {}), level)


def zipped(path: Path, parts: Mapping[str, str | bytes], level: int = 1) -> Path:
    """Any zipped file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return path


def plain_xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """A workbook of one sheet with these rows from A1 on."""
    return xlsx(path, {"名单": "".join(xml_row(n, row) for n, row in enumerate(rows, 1))})


def ods(path: Path, tables: str, *, encrypted: bool = False, before: str = "", styles: str = "") -> Path:
    """An OpenDocument workbook; ``tables`` is the XML of its tables."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    content = (
        f'{before}<office:document-content{spaces} xmlns:calcext="urn:org:documentfoundation:names:'
        f'experimental:calc:xmlns:calcext:1.0" office:version="1.2"><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    lock = "<manifest:encryption-data/>" if encrypted else ""
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
        f"{lock}</manifest:file-entry></manifest:manifest>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(path, {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def ods_cell(text: str, more: str = "") -> str:
    """A cell with text."""
    value = f"<text:p>{escape(text)}</text:p>"
    return f'<table:table-cell office:value-type="string"{more}>{value}</table:table-cell>'


def compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """A compound file (OLE2) with these streams; each is padded so that none is a small one."""
    names = list(streams)
    chains: list[bytes] = []
    fat: list[int] = []
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for number, name in enumerate(names, 1):
        data = streams[name].ljust(4096, b"\0")
        sectors = -(-len(data) // 512)
        right = number + 1 if number < len(names) else 0xFFFFFFFF
        entries.append(_entry(name, 2, len(fat), len(data), right=right))
        fat += [*range(len(fat) + 1, len(fat) + sectors), 0xFFFFFFFE]
        chains.append(data.ljust(sectors * 512, b"\0"))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\0")
    first_directory = len(fat)
    count = len(directory) // 512
    fat += [*range(len(fat) + 1, len(fat) + count), 0xFFFFFFFE]
    table = len(fat)
    fat_sectors = -(-(table + table // 100 + 2) // 128)
    fat += [0xFFFFFFFD] * fat_sectors
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    )
    head += struct.pack("<9L", 0, fat_sectors, first_directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109L", *range(table, table + fat_sectors), *[0xFFFFFFFF] * (109 - fat_sectors))
    packed = struct.pack(f"<{len(fat)}L", *fat).ljust(fat_sectors * 512, b"\xff")
    path.write_bytes(head + b"".join(chains) + directory + packed)
    return path


def _entry(
    name: str, kind: int, start: int, size: int, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF
) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    made = raw.ljust(64, b"\0") + struct.pack("<HBB3L", len(raw), kind, 1, 0xFFFFFFFF, right, child)
    return made + bytes(36) + struct.pack("<LLL", start, size, 0)


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(content)) + content


def _text(text: str, length: str) -> bytes:
    return struct.pack(f"<{length}B", len(text), 1) + text.encode("utf-16-le")


def xls(
    path: Path, cells: Mapping[tuple[int, int], object], *, from_1904: bool = False, locked: bool = False
) -> Path:
    """A BIFF8 workbook of the sheet 名单. A value is a text, a number, a pair (number, style), or bytes: the
    code of an error. Row 3 is hidden if it holds anything. Style 1 is a day, style 2 a Chinese one that is
    built in."""
    texts = [value for value in cells.values() if isinstance(value, str)]
    begin = _record(0x809, struct.pack("<4H2L", 0x600, 5, 0x1000, 1997, 0, 0x600))
    begin += _record(0x2F, bytes(54)) if locked else b""
    begin += _record(0x42, struct.pack("<H", 1200)) + _record(0x22, struct.pack("<H", from_1904))
    for style in (0, 14, 57):
        begin += _record(0xE0, struct.pack("<3H", 0, style, 0) + bytes(14))
    shared = struct.pack("<2L", len(texts), len(texts)) + b"".join(_text(text, "H") for text in texts)
    end = _record(0xFC, shared) + _record(0x0A)
    bound = struct.pack("<LBB", 0, 0, 0) + _text("名单", "B")
    place = len(begin) + 4 + len(bound) + len(end)
    bound = struct.pack("<L", place) + bound[4:]
    sheet = _record(0x809, struct.pack("<4H2L", 0x600, 0x10, 0x1000, 1997, 0, 0x600))
    sheet += _record(0x208, struct.pack("<6HL", 2, 0, 9, 255, 0, 0, 0x120))
    number = 0
    for (row, column), value in cells.items():
        if isinstance(value, str):
            sheet += _record(0xFD, struct.pack("<3HL", row, column, 0, number))
            number += 1
        elif isinstance(value, bytes):
            sheet += _record(0x205, struct.pack("<3H", row, column, 0) + value + b"\1")
        else:
            figure, style = value if isinstance(value, tuple) else (value, 0)
            sheet += _record(0x203, struct.pack("<3Hd", row, column, style, figure))
    return compound(path, {"Workbook": begin + _record(0x85, bound) + end + sheet + _record(0x0A)})


def swollen(text: bytes, times: int) -> tuple[bytes, int]:
    """A deflated stream of a text repeated: made in a moment, however long it unpacks to; and that length."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * times + zlib.compressobj(9, zlib.DEFLATED, -15).flush(), len(text) * times


def lying_zip(path: Path, member: str, stream: bytes, told: bytes) -> Path:
    """Put into a zipped file a member whose table of contents tells only of its first bytes."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr(member, told)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as made:
        info = made.getinfo(member)
        directory = made.start_dir
    begin = info.header_offset + 30 + len(member)
    head = bytearray(data[info.header_offset : begin])
    struct.pack_into("<L", head, 18, len(stream))
    contents = bytearray(data[directory:])
    place = contents.rindex(member.encode()) - 46
    struct.pack_into("<L", contents, place + 20, len(stream))
    moved = info.header_offset + len(head) + len(stream)
    struct.pack_into("<L", contents, contents.rindex(b"PK\x05\x06") + 16, moved)
    path.write_bytes(data[: info.header_offset] + bytes(head) + stream + bytes(contents))
    return path
