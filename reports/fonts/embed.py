"""Faces as they stand in one PDF: subset, embedded, and with text that copies out as it was typed.

One Type0 font with Identity-H encoding a face. Each *character* (not each glyph) gets its own two-byte
code in order of first use, and a CIDToGIDMap leads from code to glyph, so that two characters that share a
drawing still read back as themselves, and ToUnicode is right for characters beyond U+FFFF (㛃 is not one, 𬭎
is), which reportlab's own TrueType class gets wrong.
"""

from typing import Any

import uharfbuzz as hb
from reportlab.pdfbase import pdfdoc

from reports.fonts.face import CHAINS, Face, load

_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


class Codes(dict[int, str]):
    """Code point -> the code it is written with; made for ``str.translate``, a new character takes the
    next code.
    """

    def __init__(self) -> None:
        super().__init__()
        self.chars = ["\0"]

    def __missing__(self, point: int) -> str:
        self.chars.append(chr(point))
        code = self[point] = chr(len(self.chars) - 1)
        return code


class EmbeddedFont:
    """One face in one document."""

    def __init__(self, face: Face, resource: str) -> None:
        self.face = face
        self.resource = resource
        self.codes = Codes()

    def encoded(self, text: str) -> str:
        """The text as the hexadecimal string of a show operator."""
        return text.translate(self.codes).encode("utf-16-be").hex()

    def addObjects(self, doc: Any) -> None:
        """Write the font with the glyphs that were used."""
        if len(self.codes) == 0:
            return
        chars = self.codes.chars
        glyphs = [0, *(self.face.glyph(char) for char in chars[1:])]
        wish = hb.SubsetInput()
        wish.glyph_set.update(set(glyphs))
        wish.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        for tag in ("cmap", "OS/2", "name", "post", "gasp"):
            wish.drop_table_tag_set.add(int.from_bytes(tag.encode(), "big"))
        plan = hb.SubsetPlan(self.face.hb_face, wish)
        moved = plan.old_to_new_glyph_mapping
        base = f"{_tag(chars)}+{self.face.hb_face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME)}"
        where = doc.Reference(
            _stream(doc, b"".join(moved[g].to_bytes(2, "big") for g in glyphs)), f"gid:{self.resource}"
        )
        unicode = doc.Reference(_stream(doc, _to_unicode(chars).encode()), f"uni:{self.resource}")
        name = pdfdoc.PDFName(base)
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": name,
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {
                        "Registry": pdfdoc.PDFString("Adobe"),
                        "Ordering": pdfdoc.PDFString("Identity"),
                        "Supplement": 0,
                    }
                ),
                "FontDescriptor": self._descriptor(doc, name, bytes(plan.execute().blob.data)),
                "DW": 1000,
                "W": self._widths(chars),
                "CIDToGIDMap": where,
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": name,
                "Encoding": "/Identity-H",
                "ToUnicode": unicode,
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant, f"cid:{self.resource}")]),
            }
        )
        doc.idToObject["BasicFonts"].dict[self.resource] = doc.Reference(font, f"font:{self.resource}")

    def _descriptor(self, doc: Any, name: Any, data: bytes) -> Any:
        file = _stream(doc, data)
        file.dictionary["Length1"] = len(data)
        extents = self.face.extents
        return doc.Reference(
            pdfdoc.PDFDictionary(
                {
                    "Type": "/FontDescriptor",
                    "FontName": name,
                    "Flags": 4,
                    "ItalicAngle": 0,
                    "FontBBox": pdfdoc.PDFArray([-1000, extents.descender, 3000, extents.ascender]),
                    "Ascent": extents.ascender,
                    "Descent": extents.descender,
                    "CapHeight": 733,
                    "StemV": 140 if "bold" in self.face.name else 80,
                    "FontFile2": doc.Reference(file, f"file:{self.resource}"),
                }
            ),
            f"desc:{self.resource}",
        )

    def _widths(self, chars: list[str]) -> Any:
        widths: list[object] = []
        for code, char in enumerate(chars[1:], 1):
            width = round(self.face.widths[char])
            if width != 1000:
                widths += [code, pdfdoc.PDFArray([width])]
        return pdfdoc.PDFArray(widths)


def _stream(doc: Any, content: bytes) -> Any:
    stream = pdfdoc.PDFStream()
    stream.content = content
    if doc.compression:
        stream.filters = [pdfdoc.PDFZCompress]
    return stream


def _to_unicode(chars: list[str]) -> str:
    lines = [
        f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for code, char in enumerate(chars) if code
    ]
    blocks = [lines[first : first + 100] for first in range(0, len(lines), 100)]
    return _HEAD + "".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar\n" for b in blocks) + _TAIL


def _tag(chars: list[str]) -> str:
    """Six letters that name the subset, as PDF wants; from its characters, so that the bytes do not vary."""
    import hashlib

    digest = hashlib.sha256("".join(chars).encode("utf-16-be")).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


class FontSet:
    """The faces of one document. ``chain`` gives those that are tried for one role, first the right one."""

    def __init__(self) -> None:
        self._fonts = {name: EmbeddedFont(load(name), f"F{number}") for number, name in enumerate(CHAINS, 1)}
        self._chains = {role: tuple(self._fonts[name] for name in names) for role, names in CHAINS.items()}

    def chain(self, role: str) -> tuple[EmbeddedFont, ...]:
        """The embedded faces for a role, in order of preference."""
        return self._chains[role]

    def attach(self, doc: Any) -> None:
        """Have the faces written when the document is."""
        doc.delayedFonts.extend(self._fonts.values())
