"""Find one of many (查找选取): a search box that answers as one types, and a list to choose from."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from tui import _compat
from tui.modals.dialogs import Dialog
from tui.widgets.ime_input import ImeInput
from tui.widgets.virtual_table import Column, Row, VirtualTable

SHOWN = 60
"""How many are listed: who does not see it types on."""
Found = TypeVar("Found")


class Finder(Dialog[Found], Generic[Found]):
    """Dismissed with the chosen row of a query. Whoever inherits says what is asked and shown."""

    HINT: ClassVar[str]
    NOTHING: ClassVar[str]
    """Keys of what stands in the empty box, and in the empty list."""

    def __init__(self, heading: str) -> None:
        super().__init__(classes="tall")
        self.heading = heading
        self._text: str | None = None
        """What the rows answer to."""
        self._waits = False
        """Enter came before the answer to what was typed."""

    @abstractmethod
    def columns(self) -> list[Column]:
        """What is shown of each."""

    @abstractmethod
    async def ask(self, text: str) -> Sequence[Found]:
        """The first ``SHOWN`` that a text finds."""

    @abstractmethod
    def cells(self, row: Found) -> tuple[str, ...]:
        """One of them, by columns."""

    def body(self) -> ComposeResult:
        yield ImeInput(placeholder=self.t(self.HINT), id="find")
        yield VirtualTable(self.columns(), id="found", empty=self.t(self.NOTHING))
        yield Static(self.t("tui.ask.choose_keys"), classes="note", markup=False)

    def on_mount(self) -> None:
        self._search()

    @on(Input.Changed)
    def _search(self) -> None:
        _compat.start(self, self._found, "search")

    async def _found(self) -> None:
        text = self.query_one("#find", Input).value
        try:
            rows = await self.ask(text)
        except Exception as error:
            self.benefits.trouble(error)
            return
        self.query_one(VirtualTable).show([Row(row, self.cells(row)) for row in rows])
        self._text = text
        if self._waits:
            self._waits = False
            if rows:
                self.dismiss_later(rows[0])

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
