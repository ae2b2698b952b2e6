"""续保: the list of runs (批次)."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.plain import plain
from tui.presenters import home, renewal
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import Column, Row, VirtualTable


class Renewal(BaseScreen):
    """All runs, newest first; Enter opens one, ``n`` makes a new one."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("renewal.new")

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.renewal.steps")), classes="note")
        columns = [
            Column("number", self.t("tui.renewal.col.number"), 12),
            Column("plan", self.t("tui.renewal.col.plan"), 12, flex=1),
            Column("window", self.t("tui.renewal.col.window"), 24),
            Column("place", self.t("tui.renewal.col.place"), 18, wide=True),
            Column("state", self.t("tui.renewal.col.state"), 10),
        ]
        yield VirtualTable(columns, id="runs", empty=self.t("tui.renewal.empty"))

    async def fill(self) -> None:
        runs, _ = await self.gateway.due()
        table = self.query_one(VirtualTable)
        table.show([Row(run, renewal.run_cells(run, self.lang)) for run in runs], cursor=None)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.benefits.open_run(event.row.key.number)

    def do_renewal_new(self) -> None:
        if self.benefits.draft is not None:
            self.benefits.new_run(None)
        else:
            self.work(self._new)

    async def _new(self) -> None:
        runs, due = await self.gateway.due()
        session = self.gateway.session
        assert session is not None
        self.benefits.new_run(home.first_window(due, runs, session.today))
