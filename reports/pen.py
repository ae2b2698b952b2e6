"""Drawing (绘制): text and lines straight onto a page, text always as data, never as markup.

All text of all papers goes through ``Pen.text``. Where no face has a character, a box with its code
(U+XXXX) stands in its place and the character is remembered together with the text it stood in: nothing is
lost silently (DESIGN 10).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from benefits.kernel.text import plain
from reports.breaking import Line
from reports.fonts.embed import FontSet
from reports.fonts.face import CHAINS, load

Colour = tuple[float, float, float]
BLACK: Colour = (0.0, 0.0, 0.0)
GREY: Colour = (0.38, 0.38, 0.38)
PALE: Colour = (0.62, 0.62, 0.62)
RED: Colour = (0.78, 0.06, 0.10)
SHADE: Colour = (0.93, 0.925, 0.91)
ZEBRA: Colour = (0.975, 0.973, 0.966)
BLUE: Colour = (0.20, 0.33, 0.50)
SAND: Colour = (0.76, 0.69, 0.58)


@dataclass(frozen=True, slots=True)
class Style:
    """A face's role, a size in points and a colour."""

    role: str
    size: float
    colour: Colour = BLACK

    def sized(self, size: float) -> "Style":
        """The same face and colour in another size."""
        return Style(self.role, size, self.colour)

    def measure(self, text: str) -> float:
        """How wide the text is, in points; missing characters count as wide as their box."""
        return width_of(self.role, text) * self.size / 1000


@dataclass(frozen=True, slots=True)
class Missing:
    """A character that no face has (缺字), and the text in which it stood."""

    char: str
    text: str


BOX_SIZE = 0.5
BOX_PAD = 120.0


@lru_cache(maxsize=20_000)
def width_of(role: str, text: str) -> float:
    """Width of a text in thousandths of the type size."""
    total = sum(map(load(CHAINS[role][0]).widths.__getitem__, text))
    if total == total:
        return total
    return sum(_char_width(role, char) for char in plain(text))


@lru_cache(maxsize=4_000)
def _char_width(role: str, char: str) -> float:
    for name in CHAINS[role]:
        width = load(name).widths[char]
        if width == width:
            return width
    return width_of("hei", code_of(char)) * BOX_SIZE + BOX_PAD


def code_of(char: str) -> str:
    """The name of a character by its code, U+2CB4E."""
    return f"U+{ord(char):04X}"


class Pen:
    """Writes the operators of one document's pages. ``code`` is the list of the page being drawn."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self._fonts = FontSet()
        self._fonts.attach(canvas._doc)
        self.missing: dict[Missing, None] = {}

    def _put(self, operators: str) -> None:
        self._canvas._code.append(operators)

    def text(
        self, x: float, y: float, text: str, style: Style, align: str = "left", room: float = 0.0
    ) -> None:
        """One line of text at a baseline; squeezed sideways where it is wider than ``room`` (0: as wide as
        it is).
        """
        if not text:
            return
        width = style.measure(text)
        squeeze = min(1.0, room / width) if room and width else 1.0
        if align != "left":
            x -= width * squeeze * (1.0 if align == "right" else 0.5)
        self._show(x, y, text, style, squeeze)

    def line(self, x: float, y: float, line: Line, style: Style, width: float) -> None:
        """One line of a paragraph; all but the last are stretched to ``width``.

        Where a line has words with spaces the spaces grow, else the gaps between pieces; never inside one.
        """
        spaces = sum(map(str.isspace, line.pieces))
        wanted = [spaces < 3 or piece.isspace() for piece in line.pieces[:-1]]
        slack = width - line.width
        if (
            line.last
            or not any(wanted)
            or slack > 0.32 * style.size * sum(wanted)
            and not spaces
            or slack < 0.01
        ):
            self.text(x, y, line.text, style)
            return
        step = slack / sum(wanted)
        first = self._fonts.chain(style.role)[0]
        if all(map(first.face.has, line.text)):
            shift = f"{-step * 1000 / style.size:.1f}"
            shown = [f"<{first.encoded(piece)}>" for piece in line.pieces]
            shown[:-1] = [
                f"{piece}{shift}" if wide else piece for piece, wide in zip(shown, wanted, strict=False)
            ]
            self._run(first.resource, x, y, f"[{''.join(shown)}] TJ", style, 1.0)
            return
        for piece, wide in zip(line.pieces, [*wanted, False], strict=True):
            self.text(x, y, piece, style)
            x += style.measure(piece) + (step if wide else 0.0)

    def _show(self, x: float, y: float, text: str, style: Style, squeeze: float) -> None:
        chain = self._fonts.chain(style.role)
        widths = chain[0].face.widths
        total = sum(map(widths.__getitem__, text))
        if total == total:
            self._run(chain[0].resource, x, y, f"<{chain[0].encoded(text)}> Tj", style, squeeze)
            return
        self._show_by_fallback(x, y, plain(text), style, squeeze)

    def _show_by_fallback(self, x: float, y: float, text: str, style: Style, squeeze: float) -> None:
        chain = self._fonts.chain(style.role)
        place = 0
        while place < len(text):
            font = next((font for font in chain if font.face.has(text[place])), None)
            if font is None:
                self.missing[Missing(text[place], text)] = None
                self._box(x, y, text[place], style, squeeze)
                x += _char_width(style.role, text[place]) * style.size * squeeze / 1000
                place += 1
                continue
            end = place + 1
            while end < len(text) and next((f for f in chain if f.face.has(text[end])), None) is font:
                end += 1
            piece = text[place:end]
            self._run(font.resource, x, y, f"<{font.encoded(piece)}> Tj", style, squeeze)
            x += sum(map(font.face.widths.__getitem__, piece)) * style.size * squeeze / 1000
            place = end

    def _box(self, x: float, y: float, char: str, style: Style, squeeze: float) -> None:
        width = _char_width(style.role, char) * style.size * squeeze / 1000
        self.rectangle(
            x + 0.4, y - style.size * 0.14, width - 0.8, style.size * 0.92, stroke=style.colour, line=0.4
        )
        small = Style("hei", style.size * BOX_SIZE, style.colour)
        self._show(
            x + BOX_PAD / 2 * style.size * squeeze / 1000,
            y + style.size * 0.14,
            code_of(char),
            small,
            squeeze,
        )

    def _run(self, font: str, x: float, y: float, show: str, style: Style, squeeze: float) -> None:
        scale = f"{squeeze * 100:.1f} Tz " if squeeze != 1.0 else ""
        after = " 100 Tz" if scale else ""
        self._put(
            f"BT {_rgb(style.colour)} rg /{font} {style.size:g} Tf {scale}{x:.2f} {y:.2f} Td {show}{after} ET"
        )

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, width: float = 0.4, colour: Colour = PALE
    ) -> None:
        """A straight line."""
        self._put(f"{width:g} w {_rgb(colour)} RG {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S")

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: Colour | None = None,
        stroke: Colour | None = None,
        line: float = 0.4,
    ) -> None:
        """A rectangle, filled or drawn or both."""
        shape = f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re"
        if fill is not None:
            self._put(f"{_rgb(fill)} rg {shape} f")
        if stroke is not None:
            self._put(f"{line:g} w {_rgb(stroke)} RG {shape} S")

    def grid(self, xs: list[float], ys: list[float], width: float = 0.35, colour: Colour = PALE) -> None:
        """All lines of a table segment in one stroke; both lists from the first edge to the last."""
        path = "".join(f"{x:.2f} {ys[0]:.2f} m {x:.2f} {ys[-1]:.2f} l " for x in xs)
        path += "".join(f"{xs[0]:.2f} {y:.2f} m {xs[-1]:.2f} {y:.2f} l " for y in ys)
        self._put(f"{width:g} w {_rgb(colour)} RG {path}S")

    def seal(self, x: float, y: float, radius: float, words: str) -> None:
        """The place for a round seal (盖章处): a dotted circle with pale words; the real seal covers it."""
        k = 0.5522847 * radius
        self._put(
            f"q [2 2.5] 0 d 0.6 w {_rgb(PALE)} RG {x + radius:.2f} {y:.2f} m "
            f"{x + radius:.2f} {y + k:.2f} {x + k:.2f} {y + radius:.2f} {x:.2f} {y + radius:.2f} c "
            f"{x - k:.2f} {y + radius:.2f} {x - radius:.2f} {y + k:.2f} {x - radius:.2f} {y:.2f} c "
            f"{x - radius:.2f} {y - k:.2f} {x - k:.2f} {y - radius:.2f} {x:.2f} {y - radius:.2f} c "
            f"{x + k:.2f} {y - radius:.2f} {x + radius:.2f} {y - k:.2f} {x + radius:.2f} {y:.2f} c S Q"
        )
        self.text(x, y - 3, words, Style("song", 8.5, PALE), "centre")


@lru_cache(maxsize=64)
def _rgb(colour: Colour) -> str:
    return " ".join(f"{part:.3g}" for part in colour)
