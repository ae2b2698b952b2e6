"""首页: what is due, most urgent first, and the next step for each line."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateways import duplicates
from tui.plain import plain
from tui.presenters import home as words
from tui.presenters.dates import day_words
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import Column, Row, VirtualTable


class Home(BaseScreen):
    """Open runs and expiring terms."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("renewal.new")

    def body(self) -> ComposeResult:
        yield Static("", id="today", classes="head")
        yield Static("", id="summary", classes="words")
        columns = [
            Column("when", self.t("tui.home.col.when"), 11),
            Column("day", self.t("tui.home.col.day"), 10),
            Column("what", self.t("tui.home.col.what"), 20, flex=1),
            Column("people", self.t("tui.home.col.people"), 8, "right"),
            Column("state", self.t("tui.home.col.state"), 14),
        ]
        yield VirtualTable(columns, id="tasks", empty=self.t("tui.home.empty"))
        yield Static("", id="next", classes="note")

    async def fill(self) -> None:
        runs, due = await self.gateway.due()
        session = self.gateway.session
        assert session is not None
        self.query_one("#today", Static).update(
            plain(self.t("tui.home.today", day=day_words(session.today, self.lang)))
        )
        self.query_one("#summary", Static).update(plain(words.summary(runs, due, self.lang)))
        table = self.query_one(VirtualTable)
        tasks = words.tasks(runs, due, session.today, self.lang)
        waiting = await duplicates.count(self.gateway)
        if waiting:
            tasks.insert(0, words.duplicates_task(waiting, self.lang))
        table.show([Row(task, task.cells, "dim" if task.done else "") for task in tasks], cursor=None)

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        task = event.row.key if event.row is not None else None
        words_now = self.t("tui.home.enter", step=task.next) if task is not None else ""
        self.query_one("#next", Static).update(plain(words_now))

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self._go(event.row.key)

    def do_renewal_new(self) -> None:
        row = self.query_one(VirtualTable).current
        self.benefits.new_run(row.key.window if row is not None else None)

    def _go(self, task: words.Task) -> None:
        if task.duplicates:
            self.benefits.open_duplicates()
        elif task.run:
            self.benefits.open_run(task.run)
        else:
            self.benefits.new_run(task.window)
