"""A table whose cost does not depend on its length (虚拟表格): a million rows take the memory of the pages
that were looked at.

Rows come in pages from a ``Pages`` provider, a line is painted only when it is seen, and one line is one
segment. A cut cell ends in ``…``. A row's state is told by its text, never by colour alone.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, ClassVar, Protocol

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui import _compat
from tui.plain import fit

PAGE = 128
"""Rows of one page."""
_PAGES_KEPT = 64
_WIDE = 98
_GAP = 2
"""Empty cells between columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``width`` in terminal cells; ``flex`` columns share what is left over; ``wide`` ones need
    as many cells as that (``True``: 98)."""

    key: str
    title: str
    width: int
    align: str = "left"
    flex: int = 0
    wide: int = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``key`` identifies it to whoever opens it; ``tone`` names a component style (``""``, ``dim``,
    ``strong``)."""

    key: Any
    cells: tuple[str, ...]
    tone: str = ""


class Pages(Protocol):
    """Where rows come from. Both are awaited on the event loop, so they must leave the work to a thread."""

    async def count(self) -> int:
        """How many rows there are."""

    def page(self, start: int, limit: int) -> Awaitable[Sequence[Row]]:
        """Rows ``start`` to ``start + limit``, fewer at the end."""


class FixedRows:
    """Rows that are all there already."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self.rows = tuple(rows)

    async def count(self) -> int:
        return len(self.rows)

    async def page(self, start: int, limit: int) -> Sequence[Row]:
        return self.rows[start : start + limit]


class VirtualTable(ScrollView, can_focus=True, inherit_bindings=False):
    """A list with a heading line, a cursor and keys; posts ``Opened`` on Enter and ``Moved`` when the cursor
    comes to a row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("home,g", "jump(0)", show=False),
        Binding("end,G", "jump(-1)", show=False),
        Binding("enter", "open", "tui.cmd.list.open", id="list.open"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--head",
        "table--cursor",
        "table--cursor-blurred",
        "table--dim",
        "table--strong",
        "table--loading",
    }
    DEFAULT_CSS = """
    VirtualTable { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    cursor: reactive[int] = reactive(0, repaint=False)

    @dataclass
    class Opened(Message):
        """Enter on a row."""

        table: "VirtualTable"
        row: Row

        @property
        def control(self) -> "VirtualTable":
            return self.table

    @dataclass
    class Moved(Message):
        """The cursor stands on this row now; a later one replaces an earlier one that was not looked at
        yet."""

        table: "VirtualTable"
        row: Row | None

        @property
        def control(self) -> "VirtualTable":
            return self.table

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, type(self)) and message.table is self.table

    @dataclass
    class Failed(Message):
        """Rows could not be had; the screen says why."""

        table: "VirtualTable"
        error: Exception

        @property
        def control(self) -> "VirtualTable":
            return self.table

    def __init__(
        self, columns: Sequence[Column], *, id: str | None = None, empty: str = "", classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.empty = empty
        """What an empty table says: what to do next."""
        self.total = 0
        self.loaded = False
        self._pages: Pages = FixedRows()
        self._cache: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._asked: set[int] = set()
        self._generation = 0
        self._keep: int | None = 0

    # -- data ------------------------------------------------------------------------------------------

    def show(self, pages: Pages | Sequence[Row], *, cursor: int | None = 0) -> None:
        """Show other rows; what is on the screen stays until the first page is here, so nothing flickers.

        ``cursor`` None leaves it where it is then, wherever the clerk has moved it meanwhile.
        """
        self._generation += 1
        self._pages = FixedRows(pages) if isinstance(pages, Sequence) else pages
        self._keep = cursor
        _compat.start(self, partial(self._first, self._generation), "rows")

    def reload(self) -> None:
        """Ask again for the same rows and keep the cursor where it is."""
        self.show(self._pages, cursor=None)

    async def _first(self, generation: int) -> None:
        try:
            total = await self._pages.count()
            number = self._place(total) // PAGE
            rows = await self._pages.page(number * PAGE, PAGE) if total else ()
        except Exception as error:
            self.post_message(self.Failed(self, error))
            return
        if generation != self._generation:
            return
        cursor = self._place(total)
        self.total, self.loaded = total, True
        self._cache = OrderedDict({number: rows} if total else {})
        self._asked.clear()
        self._set_virtual_size()
        self.set_reactive(VirtualTable.cursor, cursor)
        self._scroll_to_cursor()
        self.refresh()
        self.post_message(self.Moved(self, self.current))

    def _place(self, total: int) -> int:
        wanted = self.cursor if self._keep is None else self._keep
        return max(0, min(wanted, total - 1))

    async def _fetch(self, number: int, generation: int) -> None:
        try:
            rows = await self._pages.page(number * PAGE, PAGE)
        except Exception as error:
            self.post_message(self.Failed(self, error))
            return
        if generation != self._generation:
            return
        self._asked.discard(number)
        self._cache[number] = rows
        while len(self._cache) > _PAGES_KEPT:
            self._cache.popitem(last=False)
        self.refresh()
        if self.cursor // PAGE == number:
            self.post_message(self.Moved(self, self.current))

    def row(self, index: int) -> Row | None:
        """The row at ``index`` where its page is here; else the page is asked for and None comes back."""
        if not 0 <= index < self.total:
            return None
        number, place = divmod(index, PAGE)
        rows = self._cache.get(number)
        if rows is None:
            if number not in self._asked:
                self._asked.add(number)
                _compat.start(self, partial(self._fetch, number, self._generation), "pages", exclusive=False)
            return None
        self._cache.move_to_end(number)
        return rows[place] if place < len(rows) else None

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.row(self.cursor)

    @property
    def pages_kept(self) -> int:
        """How many pages are in memory; never more than 64."""
        return len(self._cache)

    # -- keys ------------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        self.cursor += step

    def action_page(self, step: int) -> None:
        self.cursor += step * max(self._body_height - 1, 1)

    def action_jump(self, index: int) -> None:
        self.cursor = index if index >= 0 else self.total - 1

    def action_open(self) -> None:
        if (row := self.current) is not None:
            self.post_message(self.Opened(self, row))

    def on_click(self, event: events.Click) -> None:
        index = round(self.scroll_y) + event.y - 1
        if event.y >= 1 and 0 <= index < self.total:
            already = index == self.cursor
            self.cursor = index
            if already:
                self.action_open()

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, self.total - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint the two rows that changed, and no more unless the list scrolls."""
        if old == new or not self.is_mounted:
            return
        self._scroll_to_cursor()
        self._refresh_row(old)
        self._refresh_row(new)
        self.post_message(self.Moved(self, self.current))

    def _refresh_row(self, index: int) -> None:
        y = index - round(self.scroll_y) + 1
        if 1 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    @property
    def _body_height(self) -> int:
        return max(self.size.height - 1, 1)

    def _scroll_to_cursor(self) -> None:
        top, height = round(self.scroll_y), self._body_height
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True, immediate=True)

    # -- painting --------------------------------------------------------------------------------------

    def _set_virtual_size(self) -> None:
        size = Size(self.size.width, self.total + 1)
        if self.virtual_size != size:
            self.virtual_size = size

    def on_resize(self) -> None:
        self._set_virtual_size()
        self._scroll_to_cursor()

    def on_focus(self) -> None:
        self._refresh_row(self.cursor)

    def on_blur(self) -> None:
        self._refresh_row(self.cursor)

    def widths(self, width: int) -> tuple[int, ...]:
        """The cells of each column at this width; a hidden column has 0."""
        return _widths(self.columns, width)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y == 0:
            titles = tuple(column.title for column in self.columns)
            return self._strip(_joined(self.columns, titles, width), width, self._style("table--head"))
        index = round(self.scroll_y) + y - 1
        if index >= self.total:
            text = fit(f" {self.empty}", width) if self.loaded and not self.total and y == 2 else ""
            return self._strip(text, width, self._style("table--dim" if text else ""))
        row = self.row(index)
        if row is None:
            return self._strip(" …", width, self._style("table--loading"))
        text = _joined(self.columns, row.cells, width)
        if index == self.cursor:
            text = ">" + text[1:]  # the cursor is told by a mark too, not by colour alone
        return self._strip(text, width, self._row_style(index, row))

    def _row_style(self, index: int, row: Row) -> Style:
        if index == self.cursor:
            return self._style("table--cursor" if self.has_focus else "table--cursor-blurred")
        return self._style(f"table--{row.tone}" if row.tone else "")

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name) if name else self.rich_style

    def _strip(self, text: str, width: int, style: Style) -> Strip:
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)


@lru_cache(maxsize=256)
def _widths(columns: tuple[Column, ...], width: int) -> tuple[int, ...]:
    shown = [width >= (_WIDE if column.wide is True else column.wide) for column in columns]
    fixed = sum(column.width for column, there in zip(columns, shown, strict=True) if there)
    room = width - 2 - fixed - _GAP * (sum(shown) - 1)
    flex = sum(column.flex for column, there in zip(columns, shown, strict=True) if there)
    result: list[int] = []
    for column, there in zip(columns, shown, strict=True):
        extra = room * column.flex // flex if flex and column.flex and there else 0
        result.append(max(column.width + extra, 1) if there else 0)
    return tuple(result)


@lru_cache(maxsize=8192)
def _joined(columns: tuple[Column, ...], cells: tuple[str, ...], width: int) -> str:
    parts = [
        fit(cell, room, column.align)
        for column, cell, room in zip(columns, cells, _widths(columns, width), strict=True)
        if room
    ]
    return " " + (" " * _GAP).join(parts) + " "
