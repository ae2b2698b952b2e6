"""One renewal run (批次): its sums, why people are left out, and the steps review, apply, report."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateway import Paper, Wanted
from tui.modals.dialogs import Ask, AskText, Tell
from tui.modals.progress import Progress
from tui.plain import plain
from tui.presenters import renewal as words
from tui.screens.base import BaseScreen
from tui.screens.people import People
from tui.screens.units import Units
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.renewal.queries import RunView


class Run(BaseScreen):
    """A run from preview to report; the line "next" always says what comes now."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "run.people", "run.units", "run.confirm", "run.apply", "run.report", "run.abandon"
    )

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number
        self.view: RunView | None = None

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.number]

    def body(self) -> ComposeResult:
        yield Static("", id="head", classes="words")
        yield Static("", id="terms", classes="note")
        yield Static("", id="sums", classes="words")
        yield Static("", id="next", classes="head")
        columns = [
            Column("reason", self.t("tui.run.col.reason"), 20, flex=1),
            Column("people", self.t("tui.run.col.people"), 8, "right"),
            Column("left", self.t("tui.run.col.left"), 10, "right"),
        ]
        yield VirtualTable(columns, id="reasons", empty=self.t("tui.run.no_reasons"))

    async def fill(self) -> None:
        view = self.view = await self.gateway.run(self.number)
        self.query_one("#head", Static).update(plain(words.run_head(view, self.lang)))
        most = 3 if self.size.height < 34 else 10
        self.query_one("#terms", Static).update(plain(words.run_terms(view, self.lang, most)))
        self.query_one("#sums", Static).update(plain(words.run_sums(view, self.lang)))
        step = self.t("tui.run.next_line", step=words.run_next(view, self.lang))
        self.query_one("#next", Static).update(plain(step))
        table = self.query_one(VirtualTable)
        rows = [Row(reason, words.reason_cells(reason, self.lang)) for reason in view.reasons]
        table.show(rows, cursor=None)
        self.refresh_bindings()

    def may(self, id: str) -> bool:
        state = self.view.run.state.value if self.view is not None else ""
        if id in ("run.confirm", "run.abandon") and state not in words.CHANGEABLE:
            return False
        if id == "run.report" and state == "abandoned":
            return False
        if id == "run.apply" and state not in words.APPLICABLE:
            return False
        return super().may(id)

    # -- looking -----------------------------------------------------------------------------------------

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        reason = event.row.key
        self.app.push_screen(People(self.number, Wanted(reason=reason.code)))

    def do_run_people(self) -> None:
        self.app.push_screen(People(self.number, Wanted()))

    def do_run_units(self) -> None:
        self.app.push_screen(Units(self.number))

    # -- doing -------------------------------------------------------------------------------------------

    def do_run_confirm(self) -> None:
        self.work(self._ask_confirm)

    async def _ask_confirm(self) -> None:
        view = await self.gateway.run(self.number)
        pending = view.units.get("pending", 0)
        said = self.t("tui.confirm.words", number=self.number, pending=pending)
        ask = Ask(self.t("tui.cmd.run.confirm"), said, self.t("tui.confirm.yes"), danger=False)
        self.app.push_screen(ask, lambda yes: self.work(self._confirm) if yes else None)

    async def _confirm(self) -> None:
        units = await self.gateway.confirm(self.number)
        self.benefits.say("tui.confirm.done", units=units)
        await self.fill()

    def do_run_abandon(self) -> None:
        ask = AskText(
            self.t("tui.cmd.run.abandon"),
            self.t("tui.abandon.words", number=self.number),
            self.t("tui.abandon.hint"),
        )
        self.app.push_screen(ask, lambda why: self.work(partial(self._abandon, why)) if why else None)

    async def _abandon(self, why: str) -> None:
        await self.gateway.abandon(self.number, why)
        self.benefits.say("tui.abandon.done", number=self.number)
        await self.fill()

    def do_run_apply(self) -> None:
        self.work(self._ask_apply)

    async def _ask_apply(self) -> None:
        """The question tells what stands in the books now, not what the screen showed when the key was
        pressed."""
        view = await self.gateway.run(self.number)
        ask = Ask(self.t("tui.cmd.run.apply"), words.apply_words(view, self.lang), self.t("tui.apply.yes"))
        self.app.push_screen(ask, lambda yes: self._apply() if yes else None)

    def _apply(self) -> None:
        progress = Progress(
            self.t("tui.apply.heading", number=self.number),
            self.t("tui.apply.busy"),
            partial(self.gateway.apply, self.number),
        )
        self.app.push_screen(progress, self._applied)

    def _applied(self, result: object) -> None:
        if isinstance(result, Exception):
            self.benefits.trouble(result)
            return
        key = "tui.apply.done" if getattr(result, "finished", False) else "tui.apply.stopped"
        if not getattr(result, "changed", True):
            key = "tui.apply.again"
        self.app.push_screen(Tell(self.t("tui.cmd.run.apply"), self.t(key, number=self.number)))

    def do_run_report(self) -> None:
        initial = str(Path.cwd() / self.t("tui.report.file", number=self.number))
        ask = AskText(
            self.t("tui.cmd.run.report"),
            self.t("tui.report.where"),
            self.t("tui.report.hint"),
            initial=initial,
        )
        self.app.push_screen(ask, lambda path: self._report(Path(path).expanduser()) if path else None)

    def _report(self, path: Path) -> None:
        progress = Progress(
            self.t("tui.cmd.run.report"),
            self.t("tui.report.busy", path=path),
            partial(self.gateway.report, self.number, path, self.lang),
        )
        self.app.push_screen(progress, self._reported)

    def _reported(self, result: object) -> None:
        if isinstance(result, Exception):
            self.benefits.trouble(result)
        elif isinstance(result, Paper):
            self.app.push_screen(Tell(self.t("tui.cmd.run.report"), words.paper_words(result, self.lang)))
