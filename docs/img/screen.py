"""A terminal screen as SVG, cell by cell.

The library's own export counts characters where it must count cells, and so squeezes Chinese to half its
width. Here each run of narrow or of wide characters carries the width of its cells, and stands where it stood
in whatever face the reader's machine has.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

CELL, LINE, FONT = 9, 22, 16
BAR, MARGIN = 34, 12
FACES = (
    "Sarasa Mono SC, Noto Sans Mono CJK SC, Source Han Mono SC, Menlo, Consolas, DejaVu Sans Mono, monospace"
)
INK, PAPER = "#e9f0ef", "#14191a"


def svg(strips: Sequence[Strip], title: str) -> str:
    """The screen in a window frame."""
    width = max(strip.cell_length for strip in strips) * CELL + 2 * MARGIN
    height = len(strips) * LINE + BAR + MARGIN
    lamps = "".join(
        f'<circle cx="{20 + 18 * place}" cy="{BAR // 2}" r="5.5" fill="{colour}"/>'
        for place, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    rows = "\n".join(
        part for number, strip in enumerate(strips) for part in _row(strip, BAR + number * LINE) if part
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="{PAPER}"/>\n{lamps}\n'
        f'<g font-family="{FACES}" font-size="{FONT}" fill="{INK}">\n'
        f'<text x="{width // 2}" y="{BAR // 2 + 5}" text-anchor="middle" opacity="0.7">'
        f"{escape(title)}</text>\n"
        f"{rows}\n</g>\n</svg>\n"
    )


def _row(strip: Strip, top: int) -> Iterator[str]:
    """Grounds first, then words, so that no ground covers a neighbour's stroke."""
    words: list[str] = []
    x = MARGIN
    for segment in Segment.simplify(strip):
        ink, ground = _colours(segment.style or Style.null())
        wide = cell_len(segment.text) * CELL
        if ground:
            area = f'x="{x}" y="{top}" width="{wide}" height="{LINE}"'
            yield f'<rect {area} fill="{ground}" shape-rendering="crispEdges"/>'
        bold = ' font-weight="bold"' if segment.style and segment.style.bold else ""
        words += _words(segment.text, x, top + LINE - 6, f'fill="{ink}"{bold}')
        x += wide
    yield from words


def _words(text: str, x: int, base: int, look: str) -> Iterator[str]:
    """Text in runs of one kind: blank, narrow or wide."""
    for (blank, _), letters in groupby(text, key=lambda letter: (letter.isspace(), cell_len(letter))):
        run = "".join(letters)
        cells = cell_len(run) * CELL
        if not blank and cells:
            yield f'<text x="{x}" y="{base}" textLength="{cells}" {look}>{escape(run)}</text>'
        x += cells


def _colours(style: Style) -> tuple[str, str]:
    ink, ground = _hex(style.color), _hex(style.bgcolor)
    if style.reverse:
        ink, ground = ground or PAPER, ink or INK
    return ink or INK, ground


def _hex(colour: Color | None) -> str:
    return "" if colour is None or colour.is_default else colour.get_truecolor().hex
