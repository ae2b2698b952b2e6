"""A new import, step 2 (对栏目): which column of the file is which of ours, how that was found, and changing
it."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateways import rosters
from tui.gateways.child import Stopped
from tui.modals.dialogs import Choose
from tui.modals.progress import Progress
from tui.plain import plain
from tui.presenters import roster_draft as form
from tui.screens.base import BaseScreen
from tui.screens.roster_report import RosterReport
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from tui.gateways.rosters import KindInfo, Look


class RosterColumns(BaseScreen):
    """The second step: Enter changes a column, F10 judges every row and still writes nothing."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("roster.next")

    def __init__(self, draft: form.Draft, kind: "KindInfo") -> None:
        super().__init__()
        self.draft, self.kind = draft, kind
        self.look: Look | None = None

    def crumbs(self) -> list[str]:
        name = self.draft.asked().path.name
        return [*super().crumbs(), self.t("tui.cmd.roster.new"), name, self.t("tui.roster.columns")]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.roster.step2")), classes="note")
        yield Static("", id="file", classes="words")
        columns = [
            Column("letter", self.t("tui.roster.col.letter"), 4),
            Column("heading", self.t("tui.roster.col.heading_found"), 16, flex=1),
            Column("ours", self.t("tui.roster.col.ours"), 18, flex=1),
            Column("how", self.t("tui.roster.col.how"), self.by_lang(14, 20)),
        ]
        yield VirtualTable(columns, id="columns", empty=self.t("tui.roster.no_head"))
        yield Static("", id="said", classes="words")

    async def fill(self) -> None:
        look = self.look = await rosters.look(self.gateway, self.draft.asked())
        lines = (form.file_words(look, self.lang), form.head_words(look, self.lang))
        self.query_one("#file", Static).update(plain(self.t("tui.comma").join(lines)))
        named = form.titles(self.kind, self.lang)
        rows = [
            Row(cell, form.head_cells(cell, named, self.lang), "" if cell.key else "dim")
            for cell in form.head_columns(look)
        ]
        self.query_one(VirtualTable).show(rows, cursor=None)
        self.query_one("#said", Static).update(plain(form.wanting(look, self.kind, self.lang)))
        self.refresh_bindings()

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        cell, look = event.row.key, self.look
        if look is None:
            return
        used = {one.key: one.letter for one in look.head.columns if one.key}
        rows = [Row(form.LEFT_OUT, (self.t("tui.roster.leave_out"), "", ""))]
        for key, title in form.titles(self.kind, self.lang).items():
            need = self.t("tui.roster.must") if key in self._required() else ""
            rows.append(Row(key, (title, need, used.get(key, ""))))
        at = next((n for n, row in enumerate(rows) if row.key == cell.key), 0)
        columns = [
            Column("ours", self.t("tui.roster.col.ours"), 20, flex=1),
            Column("need", self.t("tui.roster.col.need"), self.by_lang(4, 6)),
            Column("used", self.t("tui.roster.col.used"), self.by_lang(6, 8)),
        ]
        heading = self.t("tui.roster.map_title", heading=cell.text)
        self.app.push_screen(Choose(heading, columns, rows, cursor=at), lambda key: self._map(cell.text, key))

    def _required(self) -> set[str]:
        return {key for key, _, needed in self.kind.columns if needed}

    def _map(self, heading: str, key: object) -> None:
        if key is not None:
            self.draft = self.benefits.roster = self.draft.mapped(heading, str(key))
            self.refill()

    # -- checking ----------------------------------------------------------------------------------------

    def do_roster_next(self) -> None:
        self.work(self._next)

    async def _next(self) -> None:
        if self.look is None:  # the key came before the screen was filled
            await self.fill()
        asked = self.draft.asked()
        if not form.ready(self.look):
            self.query_one("#said", Static).update(plain(self._why_not()))
            return
        progress = Progress(
            self.t("tui.roster.checking", file=asked.path.name),
            self.t("tui.roster.checking_words"),
            lambda tell, stop: rosters.check(self.gateway, asked, tell, stop),
            stopping="check",
        )
        self.app.push_screen(progress, self._checked)

    def _why_not(self) -> str:
        wanting = form.wanting(self.look, self.kind, self.lang) if self.look is not None else ""
        return "\n".join(part for part in (wanting, self.t("tui.roster.not_ready")) if part)

    def _checked(self, result: object) -> None:
        if isinstance(result, Exception):
            self.benefits.trouble(result)
        elif isinstance(result, Stopped) or result is None:
            self.benefits.say("tui.roster.check_stopped")
        else:
            self.app.push_screen(RosterReport(self.draft, self.kind, result))  # type: ignore[arg-type]
