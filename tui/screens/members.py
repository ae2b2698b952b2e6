"""会员: a search box that answers as one types, and the list of who was found."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from tui.commands import bindings
from tui.gateways import members
from tui.plain import plain
from tui.presenters import members as words
from tui.screens.base import BaseScreen
from tui.screens.member import Person
from tui.screens.member_list import ask_add, ask_narrow, ask_transfer
from tui.widgets.ime_input import ImeInput
from tui.widgets.line import Line
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
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "list.search", "members.narrow", "members.add", "members.transfer"
    )

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[MemberRow] = []
        self._more = False
        self._text: str | None = None
        self._open_first = False
        self._marked: dict[int, str] = {}
        """Who is marked, by id; the search may change meanwhile."""
        self._narrowed = self._within = members.Narrowed()
        """What is chosen, and what the rows answer to."""

    def body(self) -> ComposeResult:
        yield ImeInput(placeholder=self.t("tui.members.hint"), id="search")
        narrowed = Line(id="narrowed", classes="line")
        narrowed.display = False
        yield narrowed
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
        now = self._narrowed
        if not now.everybody:  # the unit may have moved, or a renewal begun
            again = await members.narrowed(self.gateway, now.values)
            if self._narrowed is now:
                self._narrowed = again
        self._say_narrowed()
        await self._search(keep=True)

    # -- searching ---------------------------------------------------------------------------------------

    @on(Input.Changed, "#search")
    def typed(self) -> None:
        self._open_first = False
        if self.gateway.session is not None:
            self.work(self._search, "search")

    async def _search(self, *, keep: bool = False) -> None:
        text, now = self.query_one("#search", Input).value, self._narrowed
        rows = await self.gateway.search(text, FIRST, None, now.path, now.narrow)
        if now is not self._narrowed:  # narrowed otherwise meanwhile: another answer is under way
            return
        self._rows, self._more = list(rows), len(rows) == FIRST
        self._text, self._within = text, now
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

    # -- narrowing ---------------------------------------------------------------------------------------

    async def do_members_narrow(self) -> None:
        """Awaited, so that keys typed ahead go to the form."""
        await self._guarded(self._ask_narrow)

    async def _ask_narrow(self) -> None:
        await ask_narrow(self, self._narrowed, self._narrow)

    def _narrow(self, chosen: Any) -> None:
        if chosen is not None:
            self._narrowed, self._open_first = chosen, False
            self.query_one(VirtualTable).cursor = 0
            self.refill()

    def _say_narrowed(self) -> None:
        line, table = self.query_one("#narrowed", Line), self.query_one(VirtualTable)
        line.say(words.narrowed_words(self._narrowed, self.lang))
        line.display = not self._narrowed.everybody
        table.empty = self.t("tui.members.nobody_here" if line.display else "tui.members.nobody")

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
        text, last, now = self._text or "", self._rows[-1].cursor, self._within
        rows = await self.gateway.search(text, PAGE, last, now.path, now.narrow)
        if text == self._text and now is self._within:
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
