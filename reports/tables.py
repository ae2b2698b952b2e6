"""Tables on paper (表格): paged, with repeated heads, drawn row by row, so that a roster of any length costs
no more memory.

Widths are given in millimetres and hold for every page of a table. Figures and dates are squeezed sideways
where they are too wide, words go over several lines; nothing is clipped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from reports.breaking import break_lines, tokens
from reports.geometry import MM
from reports.paper import Paper
from reports.pen import BLACK, GREY, SHADE, ZEBRA, Style

PAD_X = 3.2
SQUEEZE = 0.9
OPENING = "“‘《〈（【〔「『"
"""Full-width marks whose left half is white hang at the edge of a cell, so that columns stand straight."""
FEW = 16
"""A table of at most so many rows is not parted where a page can hold it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its width in mm (0: shares what is left), how it is set, the head it stands
    under.
    """

    head: str
    width: float = 0.0
    align: str = "left"
    group: str = ""
    part: int = 0
    """Tells two groups of the same name apart."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: caption and unit of measure above, columns, type size; ``keep`` points must be free below
    its last rows; ``parted``: a short one may go over two pages too.
    """

    columns: Sequence[Column]
    caption: str = ""
    unit: str = ""
    continued: str = ""
    size: float = 9.0
    keep: float = 0.0
    fit: bool = False
    """Take only the widths given, centred, instead of the whole type area."""
    pad: float = 2.6
    parted: bool = False


class Drawing:
    """One table on its way down the pages."""

    def __init__(self, paper: Paper, table: Table) -> None:
        self._paper = paper
        self._table = table
        self._cell = Style("hei", table.size)
        self._total = Style("hei-bold", table.size)
        self._head = Style("hei-bold", table.size)
        self._leading = table.size * 1.3
        self._edges = _edges(paper, table)
        self._ys: list[float] = []
        self._count = 0
        self._top_rule = 0.0
        self._head_lines = [self._head_of(column.head, i) for i, column in enumerate(table.columns)]
        self._grouped = any(column.group for column in table.columns)
        self._head_height = self._leading * max(len(lines) for lines in self._head_lines) + 2 * table.pad
        self._group_height = self._leading + 2 * table.pad if self._grouped else 0.0

    def _room_of(self, index: int) -> float:
        return self._edges[index + 1] - self._edges[index] - 2 * PAD_X

    def _broken(self, text: str, index: int, style: Style) -> list[str]:
        room = self._room_of(index)
        lines: list[str] = []
        for part in text.split("\n"):
            if style.measure(part) * SQUEEZE <= room:
                lines.append(part)
            else:
                word = max(map(style.measure, tokens(part)))
                wide = max(room, min(word, room * 1.7))
                lines += [line.text for line in break_lines(part, style.measure, wide)]
        return lines

    def _head_of(self, text: str, index: int) -> list[str]:
        """A head over as few lines as it needs, of even length."""
        lines = self._broken(text, index, self._head)
        if len(lines) < 2:
            return lines
        even = max(self._head.measure(text) / len(lines) + self._head.size * 0.6, self._head.size * 2)
        tried = [line.text for line in break_lines(text, self._head.measure, even)]
        widest = max(map(self._head.measure, tried))
        return tried if len(tried) == len(lines) and widest <= self._room_of(index) else lines

    def _lines_of(self, cells: Sequence[str], style: Style) -> list[Sequence[str]]:
        """The lines of each cell; only words at the left edge wrap, figures and dates are squeezed when
        drawn.
        """
        lines: list[Sequence[str]] = []
        for index, text in enumerate(cells):
            if self._table.columns[index].align != "left" or (
                style.measure(text) * SQUEEZE <= self._room_of(index) and "\n" not in text
            ):
                lines.append((text,))
            else:
                lines.append(self._broken(text, index, style))
        return lines

    def _height(self, lines: Sequence[Sequence[str]]) -> float:
        return self._leading * max(map(len, lines)) + 2 * self._table.pad

    def _top_height(self) -> float:
        caption = self._table.size * 2.1 if self._table.caption or self._table.unit else 0.0
        return caption + self._group_height + self._head_height

    def keep_together(self, rows: Sequence[Sequence[str]], tail: float) -> None:
        """Begin a new page for a small table that would be parted here and is not parted there."""
        height = (
            self._top_height() + tail + sum(self._height(self._lines_of(row, self._cell)) for row in rows)
        )
        if height + self._paper.waiting_height() <= self._paper.frame.height:
            self._paper.need(height)

    # one page's part

    def begin(self, first: bool, row_height: float) -> None:
        """Caption and head; on a new page where not even one row would follow."""
        paper, table = self._paper, self._table
        caption = table.size * 2.1 if table.caption or table.unit else 0.0
        if first:
            paper.need(self._top_height() + row_height + 1)
        middle = (self._edges[0] + self._edges[-1]) / 2
        if caption:
            base = paper.y - table.size * 1.45
            unit = Style("song", table.size - 0.5, GREY)
            words = table.caption if first else table.caption + table.continued
            room = self._edges[-1] - self._edges[0] - 2 * unit.measure(table.unit) - 16
            paper.pen.text(middle, base, words, Style("hei", table.size + 1), "centre", room)
            paper.pen.text(self._edges[-1], base, table.unit, unit, "right")
            paper.y -= caption
        self._top_rule = paper.y
        self._ys = [paper.y]
        self._draw_head()

    def _draw_head(self) -> None:
        paper, edges = self._paper, self._edges
        height = self._group_height + self._head_height
        paper.pen.rectangle(edges[0], paper.y - height, edges[-1] - edges[0], height, fill=SHADE)
        spans = _spans(self._table.columns)
        for group, first, last in spans:
            if group:
                middle = (edges[first] + edges[last]) / 2
                base = paper.y - self._group_height / 2 - self._head.size * 0.36
                room = edges[last] - edges[first] - 2 * PAD_X
                paper.pen.text(middle, base, group, self._head, "centre", room)
                line = paper.y - self._group_height
                paper.pen.rule(edges[first], line, edges[last], line, 0.35)
        for index, column in enumerate(self._table.columns):
            top = paper.y - (self._group_height if column.group else 0.0)
            space = self._head_height + (0.0 if column.group else self._group_height)
            self._draw_lines(self._head_lines[index], index, "centre", top, space, self._head)
        paper.y -= height
        self._ys.append(paper.y)

    def _draw_lines(
        self, lines: Sequence[str], index: int, align: str, top: float, space: float, style: Style
    ) -> None:
        left, right = self._edges[index] + PAD_X, self._edges[index + 1] - PAD_X
        x = left if align == "left" else right if align == "right" else (left + right) / 2
        base = top - (space - len(lines) * self._leading) / 2 - self._leading / 2 - style.size * 0.36
        for text in lines:
            if text:
                hang = style.size * 0.42 if align == "left" and text[0] in OPENING else 0.0
                self._paper.pen.text(x - hang, base, text, style, align, right - left + hang)
            base -= self._leading

    def row(self, cells: Sequence[str], total: bool = False, reserve: float = 0.0) -> None:
        """One row; one that is taller than a page goes on over the next."""
        style = self._total if total else self._cell
        lines = self._lines_of(cells, style)
        space = self._paper.frame.height - self._top_height() - 2 * self._table.pad - 1
        most = max(1, int(space / self._leading))
        for first in range(0, max(map(len, lines)), most):
            self._row([part[first : first + most] or ("",) for part in lines], style, total, reserve)
        self._count += 1

    def _row(self, lines: Sequence[Sequence[str]], style: Style, total: bool, reserve: float) -> None:
        """What of a row stands on one page; opens the next page with the head again where it does not fit."""
        height = self._height(lines)
        paper = self._paper
        if not self._ys:
            self.begin(self._count == 0, height + reserve)
        elif height + reserve > paper.room():
            self.close()
            paper.start_page()
            self.begin(False, height)
        if total or self._count % 2 == 1:
            fill = SHADE if total else ZEBRA
            edges = self._edges
            paper.pen.rectangle(edges[0], paper.y - height, edges[-1] - edges[0], height, fill=fill)
        for index, texts in enumerate(lines):
            align = self._table.columns[index].align
            self._draw_lines(texts, index, align, paper.y, height, style)
        paper.y -= height
        self._ys.append(paper.y)

    def close(self) -> None:
        """The lines of this page's part: thin inside, strong above and below."""
        if not self._ys:
            return
        pen, edges, ys = self._paper.pen, self._edges, self._ys
        if self._grouped:
            top = ys[0] - self._group_height
            for group, first, last in _spans(self._table.columns):
                for edge in edges[first : last + 1]:
                    start = ys[0] if edge in (edges[first], edges[last]) or not group else top
                    pen.rule(edge, start, edge, ys[-1], 0.35)
            pen.grid([edges[0], edges[-1]], ys)
        else:
            pen.grid(edges, ys)
        pen.rule(edges[0], ys[0], edges[-1], ys[0], 1.0, BLACK)
        pen.rule(edges[0], ys[-1], edges[-1], ys[-1], 1.0, BLACK)
        self._ys = []


def draw_table(
    paper: Paper, table: Table, rows: Iterable[Sequence[str]], totals: Sequence[Sequence[str]] = ()
) -> None:
    """All rows, then the totals, which never stand on a page without a row above them."""
    drawing = Drawing(paper, table)
    height = table.size * 1.3 + 2 * table.pad
    tail = len(totals) * height + table.keep
    source = iter(rows)
    few = list(islice(source, FEW + 1))
    if len(few) <= FEW and not table.parted:
        drawing.keep_together(few, tail)
    waiting: Sequence[str] | None = None
    for cells in chain(few, source):
        if waiting is not None:
            drawing.row(waiting)
        waiting = cells
    if waiting is not None:
        drawing.row(waiting, reserve=tail)
    for number, cells in enumerate(totals):
        drawing.row(cells, total=True, reserve=0.0 if waiting is not None or number else tail - height)
    drawing.close()
    paper.down(6)


def _edges(paper: Paper, table: Table) -> list[float]:
    fixed = sum(column.width for column in table.columns) * MM
    open_columns = sum(1 for column in table.columns if not column.width)
    whole = fixed if table.fit and not open_columns else paper.frame.width
    share = (whole - fixed) / open_columns if open_columns else 0.0
    scale = 1.0 if open_columns or table.fit else whole / fixed
    x = paper.frame.x + (paper.frame.width - whole) / 2
    edges = [x]
    for column in table.columns:
        x += column.width * MM * scale if column.width else share
        edges.append(x)
    return edges


def _spans(columns: Sequence[Column]) -> list[tuple[str, int, int]]:
    """Heads over several columns: (name, first column, one past the last); a column under none is alone."""
    spans: list[tuple[str, int, int]] = []
    for index, column in enumerate(columns):
        before = columns[index - 1] if index else None
        if before and column.group and (before.group, before.part) == (column.group, column.part):
            spans[-1] = (column.group, spans[-1][1], index + 1)
        else:
            spans.append((column.group, index, index + 1))
    return spans
