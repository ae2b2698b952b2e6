"""The units of a run (单位): review of each list, participation, sums."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateway import Wanted
from tui.modals.dialogs import Ask
from tui.plain import plain
from tui.presenters import renewal as words
from tui.screens.base import BaseScreen
from tui.screens.people import People
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.renewal.queries import RunView, UnitRow


class Units(BaseScreen):
    """One line a unit; Enter opens its people, ``v`` confirms its list, ``s`` says that it sent none."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("run.reviewed", "run.not_submitted", "run.pending")

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number
        self.view: RunView | None = None

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.number, self.t("tui.cmd.run.units")]

    def body(self) -> ComposeResult:
        yield Static("", id="sums", classes="words")
        sums = ("candidates", "renewed", "added", "excluded", "declined")
        wide = ("added", "declined")
        columns = [
            Column("unit", self.t("tui.units.col.unit"), 16, flex=1),
            Column("state", self.t("tui.units.col.state"), self.by_lang(8, 15)),
            Column("ratio", self.t("tui.units.col.ratio"), self.by_lang(11, 16)),
            *(Column(name, self.t(f"tui.units.col.{name}"), 5, "right", wide=name in wide) for name in sums),
            Column("fen", self.t("tui.units.col.fen"), 14, "right", wide=True),
        ]
        yield VirtualTable(columns, id="units", empty=self.t("tui.units.empty"))

    async def fill(self) -> None:
        view = self.view = await self.gateway.run(self.number)
        self.query_one("#sums", Static).update(plain(words.run_sums(view, self.lang)))
        units = await self.gateway.units(self.number)
        table = self.query_one(VirtualTable)
        tones = {"pending": "", "confirmed": "dim", "not_submitted": "strong"}
        rows = [Row(unit, words.unit_cells(unit, self.lang), tones[unit.state.value]) for unit in units]
        table.show(rows, cursor=None)
        self.refresh_bindings()

    def may(self, id: str) -> bool:
        changing = id in ("run.reviewed", "run.not_submitted", "run.pending")
        if changing and (self.view is None or self.view.run.state.value not in words.CHANGEABLE):
            return False
        return super().may(id)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        unit = event.row.key
        self.app.push_screen(People(self.number, Wanted(organisation_id=unit.organisation_id), unit.name))

    def do_run_reviewed(self) -> None:
        self._set("confirmed")

    def do_run_pending(self) -> None:
        self._set("pending")

    def do_run_not_submitted(self) -> None:
        row = self.query_one(VirtualTable).current
        if row is None:
            return
        unit: UnitRow = row.key
        people = unit.renewed + unit.added
        said = self.t("tui.units.not_submitted_words", unit=unit.name, people=people)
        ask = Ask(self.t("tui.cmd.run.not_submitted"), said, self.t("tui.units.not_submitted_yes"))
        self.app.push_screen(ask, lambda yes: self._set("not_submitted") if yes else None)

    def _set(self, state: str) -> None:
        row = self.query_one(VirtualTable).current
        if row is not None:
            self.work(partial(self._review, row.key, state))

    async def _review(self, unit: "UnitRow", state: str) -> None:
        await self.gateway.review_unit(self.number, unit.organisation_id, state)
        table = self.query_one(VirtualTable)
        if state == "confirmed":
            table.cursor += 1  # on to the next list
        await self.fill()
