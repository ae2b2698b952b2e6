"""会员: a search box that answers as one types, and the list of who was found."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from tui.commands import bindings
from tui.plain import plain
from tui.presenters import members as words
from tui.screens.base import BaseScreen
from tui.screens.member import Person
from tui.screens.member_list import ask_add, ask_transfer
from tui.widgets.ime_input import ImeInput
from tui.widgets.mark_table import MarkTable, marked
from tui.widgets.virtual_table import PAGE, Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.members.search import MemberRow


FIRST = 50
"""Rows that are asked for with every letter: more than a screen shows, and no more than it takes."""


class Members(BaseScreen):
    """Search by name, pinyin, initials, last digits of ID or phone, or a whole ID number from a card
    reader."""

    AUTO_FOCUS = "#search"
    BINDINGS: ClassVar[list[BindingType]] = bindings("list.search", "members.add", "members.transfer")

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[MemberRow] = []
        self._more = False
        self._text: str | None = None
        self._open_first = False
        self._marked: dict[int, str] = {}
        """Who is marked, by id; the search may change meanwhile."""

    def body(self) -> ComposeResult:
        yield ImeInput(placeholder=self.t("tui.members.hint"), id="search")
        columns = [
            Column("name", self.t("tui.members.col.name"), 14, flex=1),
            Column("sex", self.t("tui.members.col.sex"), 4),
            Column("birth", self.t("tui.members.col.birth"), 10),
            Column("status", self.t("tui.members.col.status"), self.by_lang(8, 14)),
            Column("unit", self.t("tui.members.col.unit"), 16, flex=2),
            Column("id", self.t("tui.members.col.id_tail"), 6),
            Column("phone", self.t("tui.members.col.phone_tail"), 6, wide=True),
        ]
        yield MarkTable(columns, id="found", empty=self.t("tui.members.nobody"))
        yield Static("", id="count", classes="note")

    async def fill(self) -> None:
        await self._search(keep=True)

    # -- searching ---------------------------------------------------------------------------------------

    @on(Input.Changed, "#search")
    def typed(self) -> None:
        self._open_first = False
        if self.gateway.session is not None:
            self.work(self._search, "search")

    async def _search(self, *, keep: bool = False) -> None:
        text = self.query_one("#search", Input).value
        rows = await self.gateway.search(text, FIRST)
        self._rows, self._more, self._text = list(rows), len(rows) == FIRST, text
        self._list(None if keep else 0)
        if self._open_first:
            self._open_first = False
            self._open_only()

    def _list(self, cursor: int | None) -> None:
        table = self.query_one(VirtualTable)
        table.show([self._row(row) for row in self._rows], cursor=cursor)
        self._count()

    def _row(self, row: "MemberRow") -> Row:
        return Row(row, marked(words.member_cells(row, self.lang), row.id in self._marked))

    def _count(self) -> None:
        key = "tui.members.more" if self._more else "tui.members.count"
        said = self.t(key, count=f"{len(self._rows):,}")
        if self._marked:
            said = self.t("tui.members.marked", count=f"{len(self._marked):,}")
        self.query_one("#count", Static).update(plain(said))

    # -- marking, moving many, adding one ----------------------------------------------------------------

    @on(MarkTable.Marked)
    def mark(self, event: MarkTable.Marked) -> None:
        row: MemberRow = event.row.key
        if not self.benefits.permits("member.edit"):
            return
        if self._marked.pop(row.id, None) is None:
            self._marked[row.id] = row.name
        self._list(event.table.cursor + 1)
        self.refresh_bindings()

    def may(self, id: str) -> bool:
        if id == "members.transfer" and not self._marked:
            return False
        return super().may(id)

    def do_members_transfer(self) -> None:
        ask_transfer(self, self._marked)

    def do_members_add(self) -> None:
        ask_add(self)

    @on(VirtualTable.Moved)
    def near_the_end(self, event: VirtualTable.Moved) -> None:
        if self._more and event.table.cursor >= len(self._rows) - 1:
            self._more = False
            self.work(self._next_page, "page")

    async def _next_page(self) -> None:
        text, last = self._text or "", self._rows[-1].cursor
        rows = await self.gateway.search(text, PAGE, last)
        if text == self._text:
            self._rows += rows
            self._more = len(rows) == PAGE
            self._list(None)

    # -- opening -----------------------------------------------------------------------------------------

    @on(Input.Submitted, "#search")
    def submitted(self) -> None:
        """Enter opens the one person who was found (a card reader ends with Enter), or goes to the list."""
        if self._text == self.query_one("#search", Input).value:
            self._open_only()
        else:
            self._open_first = True  # the answer is still under way

    def _open_only(self) -> None:
        if len(self._rows) == 1:
            self.app.push_screen(Person(self._rows[0].id, self._rows[0].name))
        elif self._rows:
            self.query_one(VirtualTable).focus()

    @on(VirtualTable.Opened)
    def opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Person(event.row.key.id, event.row.key.name))

    def do_list_search(self) -> None:
        self.query_one("#search", Input).focus()
