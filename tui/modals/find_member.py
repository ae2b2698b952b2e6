"""Find one member (选会员): a search box that answers as one types, and a list to choose from."""

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from tui import _compat
from tui.modals.dialogs import Dialog
from tui.presenters import members as words
from tui.widgets.ime_input import ImeInput
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.members.search import MemberRow

_SHOWN = 60


class FindMember(Dialog["MemberRow"]):
    """Dismissed with the chosen row."""

    def __init__(self, heading: str) -> None:
        super().__init__(classes="tall")
        self.heading = heading
        self._text: str | None = None
        """What the rows answer to."""
        self._waits = False
        """Enter came before the answer to what was typed."""

    def body(self) -> ComposeResult:
        yield ImeInput(placeholder=self.t("tui.members.hint"), id="find")
        columns = [
            Column("name", self.t("tui.members.col.name"), 12),
            Column("birth", self.t("tui.members.col.birth"), 10),
            Column("unit", self.t("tui.members.col.unit"), 14, flex=1),
            Column("tail", self.t("tui.members.col.id_tail"), 6),
        ]
        yield VirtualTable(columns, id="found", empty=self.t("tui.members.nobody"))
        yield Static(self.t("tui.ask.choose_keys"), classes="note", markup=False)

    def on_mount(self) -> None:
        self._search()

    @on(Input.Changed)
    def _search(self) -> None:
        _compat.start(self, self._found, "search")

    async def _found(self) -> None:
        text = self.query_one("#find", Input).value
        try:
            rows = await self.gateway.search(text, _SHOWN)
        except Exception as error:
            self.benefits.trouble(error)
            return
        table = self.query_one(VirtualTable)
        table.show([Row(row, self._cells(row)) for row in rows])
        self._text = text
        if self._waits:
            self._waits = False
            if rows:
                self.dismiss_later(rows[0])

    def _cells(self, row: "MemberRow") -> tuple[str, ...]:
        cells = words.member_cells(row, self.lang)
        return cells[0], cells[2], cells[4], cells[5]

    @on(Input.Submitted)
    def _first(self) -> None:
        """Enter takes the row under the cursor, but never one that answers to another text."""
        if self._text != self.query_one("#find", Input).value:
            self._waits = True
        elif (row := self.query_one(VirtualTable).current) is not None:
            self.dismiss(row.key)

    @on(VirtualTable.Opened)
    def _chosen(self, event: VirtualTable.Opened) -> None:
        self.dismiss(event.row.key)
