"""系统: who works here, what was done, and whether everything is as it should be."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.modals.dialogs import Tell
from tui.plain import plain
from tui.presenters import system as words
from tui.screens.base import BaseScreen
from tui.screens.categories import Categories
from tui.widgets.virtual_table import Column, Row, VirtualTable


class System(BaseScreen):
    """The audit trail, newest first, and the checks."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "system.chain", "system.verify", "system.doctor", "system.categories"
    )

    def body(self) -> ComposeResult:
        yield Static("", id="who", classes="words")
        yield Static(plain(self.t("tui.system.trail")), classes="head")
        columns = [
            Column("at", self.t("tui.system.at"), 16),
            Column("actor", self.t("tui.system.actor"), 10),
            Column("action", self.t("tui.system.action"), 14, flex=1),
            Column("target", self.t("tui.system.target"), 14, flex=1),
        ]
        yield VirtualTable(columns, id="events", empty=self.t("tui.system.no_events"))

    async def fill(self) -> None:
        session = self.gateway.session
        if session is not None:
            lines = self.t(
                "tui.system.who",
                user=session.user_name,
                login=session.login,
                database=session.database,
                dialect=session.dialect,
                day=session.today,
                language=self.t("tui.system.language"),
            )
            self.query_one("#who", Static).update(plain(lines))
        events = await self.gateway.events()
        rows = [Row(event, words.event_cells(event, self.lang)) for event in events]
        table = self.query_one(VirtualTable)
        table.show(rows, cursor=None)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Tell(self.t("tui.system.event"), words.event_words(event.row.key, self.lang)))

    def do_system_categories(self) -> None:
        self.app.push_screen(Categories())

    def do_system_chain(self) -> None:
        self.work(self._chain)

    async def _chain(self) -> None:
        report = await self.gateway.verify_chain()
        kind = "" if report.ok else "danger"
        self.app.push_screen(
            Tell(self.t("tui.cmd.system.chain"), words.chain_words(report, self.lang), classes=kind)
        )

    def do_system_verify(self) -> None:
        self.work(self._verify)

    async def _verify(self) -> None:
        results = await self.gateway.verify()
        kind = "" if all(result.ok for result in results) else "danger"
        self.app.push_screen(
            Tell(self.t("tui.cmd.system.verify"), words.verify_words(results, self.lang), classes=kind)
        )

    def do_system_doctor(self) -> None:
        self.work(self._doctor)

    async def _doctor(self) -> None:
        said = await self.gateway.doctor(self.lang)
        self.app.push_screen(Tell(self.t("tui.cmd.system.doctor"), said))
