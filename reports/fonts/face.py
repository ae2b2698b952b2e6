"""Font files (字体文件), read by HarfBuzz: which characters they have and how wide those are.

A face is loaded once a process, in about a millisecond, and is never changed afterwards.
"""

import struct
from functools import cache
from pathlib import Path

import uharfbuzz as hb

from benefits.kernel.errors import Refused

FOLDER = Path(__file__).resolve().parent
NAN = float("nan")

FILES = {"song": "song.ttf", "song-bold": "song-bold.ttf", "hei": "hei.ttf", "hei-bold": "hei-bold.ttf"}
CHAINS = {
    "song": ("song", "hei"),
    "song-bold": ("song-bold", "song", "hei"),
    "hei": ("hei", "song"),
    "hei-bold": ("hei-bold", "hei", "song"),
}
"""Where a character is looked for: GB/T 9704-2012 asks for 小标宋 and 仿宋, of which no free face exists
(DOMAIN 4.1).
"""


class Widths(dict[str, float]):
    """Advance of each character in thousandths of the type size; NaN for one that the face lacks.

    NaN, so that the sum over a text says in one pass both how wide it is and whether the face can write it.
    """

    def __init__(self, font: hb.Font) -> None:
        super().__init__()
        self._font = font
        self._scale = 1000 / font.face.upem

    def __missing__(self, char: str) -> float:
        glyph = self._font.get_nominal_glyph(ord(char))
        width = self._font.get_glyph_h_advance(glyph) * self._scale if glyph else NAN
        self[char] = width
        return width


class Face:
    """One TrueType file (one weight of one family)."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        try:
            data = path.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise Refused("reports.font_unreadable", path=str(path), reason=reason) from error
        if not _whole(data):
            raise Refused("reports.font_broken", path=str(path))
        self.hb_face = hb.Face(hb.Blob(data))
        if self.hb_face.glyph_count < 2 or "glyf" not in self.hb_face.table_tags:
            raise Refused("reports.font_broken", path=str(path))
        self.hb_font = hb.Font(self.hb_face)
        self.widths = Widths(self.hb_font)
        self.extents = self.hb_font.get_font_extents("ltr")

    def has(self, char: str) -> bool:
        """Whether the face can draw the character."""
        width = self.widths[char]
        return width == width

    def glyph(self, char: str) -> int:
        """The number of the character's glyph, 0 where there is none."""
        return self.hb_font.get_nominal_glyph(ord(char)) or 0


def _whole(data: bytes) -> bool:
    """Whether the bytes are a TrueType file with all of its tables; a cut-off copy is not."""
    if data[:4] != b"\x00\x01\x00\x00" or len(data) < 12:
        return False
    entries = data[12 : 12 + 16 * int.from_bytes(data[4:6], "big")]
    ends = [sum(struct.unpack(">II", entries[at + 8 : at + 16])) for at in range(0, len(entries) - 15, 16)]
    return bool(ends) and max(ends) <= len(data)


@cache
def load(name: str) -> Face:
    """One of ``FILES``; Refused names the file and what to do where it is missing or not a TrueType font."""
    return Face(name, FOLDER / FILES[name])
