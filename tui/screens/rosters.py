"""花名册: the list of imports (导入批次), and the ways to what belongs to them."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateways import rosters
from tui.plain import plain
from tui.presenters import roster_draft
from tui.presenters import rosters as words
from tui.screens.base import BaseScreen
from tui.screens.batch import Batch, ask_undo
from tui.screens.duplicates import Duplicates
from tui.screens.new_roster import NewRoster
from tui.screens.quality import Quality
from tui.screens.roster_files import ask_export, ask_template
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.rosters.queries import BatchRow


class Rosters(BaseScreen):
    """All imports, newest first; ``n`` begins one, Enter opens one."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "roster.new",
        "roster.undo",
        "roster.duplicates",
        "roster.quality",
        "roster.template",
        "roster.export",
    )

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.roster.steps")), classes="note")
        columns = [
            Column("number", self.t("tui.roster.col.number"), 12),
            Column("kind", self.t("tui.roster.col.kind"), self.by_lang(12, 12)),
            Column("file", self.t("tui.roster.col.file"), 10, flex=2),
            Column("unit", self.t("tui.roster.col.unit"), 8, flex=1, wide=True),
            Column("rows", self.t("tui.roster.col.rows"), 6, "right"),
            Column("added", self.t("tui.roster.col.added"), 5, "right", wide=True),
            Column("changed", self.t("tui.roster.col.changed"), self.by_lang(5, 7), "right", wide=True),
            Column("queued", self.t("tui.roster.col.queued"), 6, "right", wide=True),
            Column("bad", self.t("tui.roster.col.bad"), 6, "right"),
            Column("who", self.t("tui.roster.col.who"), 6, wide=116),
            Column("when", self.t("tui.roster.col.when"), 11),
            Column("state", self.t("tui.roster.col.state"), self.by_lang(6, 8)),
        ]
        yield VirtualTable(columns, id="batches", empty=self.t("tui.roster.empty"))

    async def fill(self) -> None:
        found = await rosters.batches(self.gateway)
        rows = [
            Row(row, words.batch_cells(row, self.lang), "dim" if row.state.value == "undone" else "")
            for row in found
        ]
        self.query_one(VirtualTable).show(rows, cursor=None)
        self.refresh_bindings()

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Batch(event.row.key.number))

    def do_roster_new(self) -> None:
        self.app.push_screen(NewRoster(self.benefits.roster or roster_draft.Draft()))

    def do_roster_duplicates(self) -> None:
        self.app.push_screen(Duplicates())

    def do_roster_quality(self) -> None:
        self.app.push_screen(Quality())

    def do_roster_template(self) -> None:
        self.work(partial(ask_template, self))

    def do_roster_export(self) -> None:
        self.work(partial(ask_export, self))

    def do_roster_undo(self) -> None:
        row: BatchRow | None = getattr(self.query_one(VirtualTable).current, "key", None)
        if row is not None:
            self.work(partial(ask_undo, self, row.number))
