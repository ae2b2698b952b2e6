"""Find one unit (选单位): a search box that answers as one types, and a list to choose from."""

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from tui import _compat
from tui.gateways import organisations
from tui.modals.dialogs import Dialog
from tui.presenters import organisations as words
from tui.widgets.ime_input import ImeInput
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.organisations.queries import OrganisationRow

_SHOWN = 60


class FindUnit(Dialog["OrganisationRow"]):
    """Dismissed with the chosen row."""

    def __init__(self, heading: str) -> None:
        super().__init__(classes="tall")
        self.heading = heading
        self._text: str | None = None
        """What the rows answer to."""
        self._waits = False
        """Enter came before the answer to what was typed."""

    def body(self) -> ComposeResult:
        yield ImeInput(placeholder=self.t("tui.units_found.hint"), id="find")
        columns = [
            Column("name", self.t("tui.units_found.name"), 20, flex=1),
            Column("code", self.t("tui.units_found.code"), 14),
            Column("level", self.t("tui.units_found.level"), self.by_lang(16, 20)),
        ]
        yield VirtualTable(columns, id="found", empty=self.t("tui.units_found.none"))
        yield Static(self.t("tui.ask.choose_keys"), classes="note", markup=False)

    def on_mount(self) -> None:
        self._search()

    @on(Input.Changed)
    def _search(self) -> None:
        _compat.start(self, self._found, "search")

    async def _found(self) -> None:
        text = self.query_one("#find", Input).value
        try:
            rows = await organisations.find(self.gateway, text, _SHOWN)
        except Exception as error:
            self.benefits.trouble(error)
            return
        table = self.query_one(VirtualTable)
        table.show([self._row(row) for row in rows])
        self._text = text
        if self._waits:
            self._waits = False
            if rows:
                self.dismiss_later(rows[0])

    def _row(self, row: "OrganisationRow") -> Row:
        return Row(row, words.found_cells(row, self.lang))

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
