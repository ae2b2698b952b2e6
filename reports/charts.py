"""Charts (图): horizontal bars, drawn as lines and text like everything else, so with the same embedded
faces and no picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.breaking import break_lines
from reports.paper import Paper
from reports.pen import BLACK, BLUE, GREY, PALE, SAND, Colour, Style

LABEL = Style("hei", 9.0)
VALUE = Style("hei", 8.5)
CAPTION = Style("hei", 10.0)
LABEL_SHARE = 0.37


@dataclass(frozen=True, slots=True)
class Series:
    """One set of bars: its name in the legend and its colour."""

    name: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class Bars:
    """One label with a value in each series; None where it is not known (no bar, the word ``unknown``)."""

    label: str
    values: tuple[int | None, ...]


def series(*names: str) -> tuple[Series, ...]:
    """Up to three series; they differ in lightness too, since these papers are copied in grey."""
    return tuple(Series(name, colour) for name, colour in zip(names, (BLUE, SAND, GREY), strict=False))


def draw_bars(paper: Paper, caption: str, sets: Sequence[Series], bars: Sequence[Bars], unknown: str) -> None:
    """Horizontal bars with their values at the end; together on one page where they fit on one."""
    thick = 11.0 if len(sets) == 1 else 9.0
    pitch = thick * len(sets) + 7.0
    legend = 16.0 if len(sets) > 1 else 0.0
    paper.need(min(paper.frame.height, 26 + legend + pitch * len(bars) + 8))
    middle = paper.frame.x + paper.frame.width / 2
    paper.pen.text(middle, paper.y - 15, caption, CAPTION, "centre", paper.frame.width)
    paper.down(24)
    if legend:
        _legend(paper, sets)
    axis = paper.frame.x + paper.frame.width * LABEL_SHARE
    largest = max((value or 0 for bar in bars for value in bar.values), default=0)
    room = paper.frame.right - axis - VALUE.measure(f"{largest:,}") - 6
    start = paper.y
    for bar in bars:
        if pitch > paper.room():
            paper.pen.rule(axis, start, axis, paper.y, 0.7, GREY)
            paper.start_page()
            start = paper.y
        _one(paper, bar, sets, axis, thick, pitch, room / max(largest, 1), unknown)
    paper.pen.rule(axis, start, axis, paper.y, 0.7, GREY)
    paper.down(8)


def _one(
    paper: Paper,
    bar: Bars,
    sets: Sequence[Series],
    axis: float,
    thick: float,
    pitch: float,
    scale: float,
    unknown: str,
) -> None:
    room = axis - paper.frame.x - 6
    lines = break_lines(bar.label, LABEL.measure, room) if LABEL.measure(bar.label) * 0.8 > room else None
    middle = paper.y - pitch / 2 - LABEL.size * 0.36
    if lines is None or pitch < 2.2 * LABEL.size:
        paper.pen.text(axis - 6, middle, bar.label, LABEL, "right", room)
    else:
        texts = [lines[0].text, "".join(line.text for line in lines[1:])]
        for text, shift in zip(texts, (0.6, -0.6), strict=True):
            paper.pen.text(axis - 6, middle + shift * LABEL.size, text, LABEL, "right", room)
    top = paper.y - 3.5
    for kind, value in zip(sets, bar.values, strict=True):
        if value:
            paper.pen.rectangle(axis, top - thick + 1, value * scale, thick - 1, fill=kind.colour)
        words = unknown if value is None else f"{value:,}"
        colour = GREY if value is None else BLACK
        paper.pen.text(
            axis + (value or 0) * scale + 4, top - thick / 2 - 3.4, words, Style("hei", 8.5, colour)
        )
        top -= thick
    paper.y -= pitch
    if sets[1:]:
        paper.pen.rule(axis, paper.y, axis + 3, paper.y, 0.4, PALE)


def _legend(paper: Paper, sets: Sequence[Series]) -> None:
    wide = sum(LABEL.measure(kind.name) + 30 for kind in sets) - 12
    x = paper.frame.x + (paper.frame.width - wide) / 2
    for kind in sets:
        paper.pen.rectangle(x, paper.y - 9, 12, 7, fill=kind.colour)
        paper.pen.text(x + 16, paper.y - 8.6, kind.name, LABEL)
        x += LABEL.measure(kind.name) + 30
    paper.down(16)
