"""A new import, steps 3 and 4 (看结果, 导入): what the check found, and the import itself."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from benefits.kernel.messages import render
from tui.commands import bindings
from tui.gateways import rosters
from tui.gateways.child import Stopped
from tui.modals.dialogs import Ask, AskText, Tell
from tui.modals.progress import Progress
from tui.plain import plain
from tui.presenters import roster_draft as form
from tui.presenters import rosters as words
from tui.screens.base import BaseScreen
from tui.screens.batch import problem_columns
from tui.widgets.line import Line
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.rosters.check import Report
    from tui.gateways.rosters import KindInfo


class RosterReport(BaseScreen):
    """The third step: counts that add up, lists by tab; ``m`` chooses how to import, F10 asks once and
    imports."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "roster.right", "roster.left", "roster.mode", "roster.annotate", "roster.import"
    )

    def __init__(self, draft: form.Draft, kind: "KindInfo", report: "Report") -> None:
        super().__init__()
        self.draft, self.kind, self.report = draft, kind, report
        self.tab = next((tab for tab in words.TABS if words.tab_count(report, tab)), words.TABS[0])
        self._shown = ""

    def crumbs(self) -> list[str]:
        name = self.draft.asked().path.name
        return [*super().crumbs(), self.t("tui.cmd.roster.new"), name, self.t("tui.roster.result")]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.roster.step3")), classes="note")
        yield Static("", id="counts", classes="words")
        yield Static("", id="mode", classes="head")
        yield Line(id="tabs", classes="line")
        yield VirtualTable(problem_columns(self), id="problems", empty=self.t("tui.roster.none.problems"))
        change = [
            Column("row", self.t("tui.roster.col.row"), 7, "right"),
            Column("who", self.t("tui.roster.col.person"), 10),
            Column("what", self.t("tui.roster.col.change"), 20, flex=1),
        ]
        yield VirtualTable(change, id="changes", empty=self.t("tui.roster.none.changes"))
        yield Static("", id="whole", classes="note")

    async def fill(self) -> None:
        self.query_one("#counts", Static).update(plain(words.counts(self.report, self.lang)))
        self._say_mode()
        self._show_tab()

    # -- looking -----------------------------------------------------------------------------------------

    def _show_tab(self) -> None:
        self.query_one("#tabs", Line).say(words.tabs(self.report, self.tab, self.lang))
        lang = self.lang
        changing = self.tab in ("changes", "duplicates")
        shown, hidden = ("#changes", "#problems") if changing else ("#problems", "#changes")
        cells = words.change_cells if changing else words.problem_cells
        self.query_one(hidden).display = False
        table = self.query_one(shown, VirtualTable)
        table.display = True
        table.empty = self.t(f"tui.roster.none.{self.tab}")
        row = partial(_row, cells, lang)
        table.show(
            words.Listed(words.listed(self.report, self.tab), row),
            cursor=None if self._shown == self.tab else 0,
        )
        self._shown = self.tab
        table.focus()

    def _step(self, step: int) -> None:
        self.tab = words.TABS[(words.TABS.index(self.tab) + step) % len(words.TABS)]
        self._show_tab()

    def do_roster_right(self) -> None:
        self._step(1)

    def do_roster_left(self) -> None:
        self._step(-1)

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        if not event.table.display:
            return
        said = ""
        if event.row is not None:
            said = event.row.cells[-1]
        self.query_one("#whole", Static).update(plain(said))

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        whole = words.change_words if event.table.id == "changes" else words.problem_words
        heading = self.t(f"tui.roster.tab_name.{self.tab}")
        self.app.push_screen(Tell(heading, whole(event.row.key, self.lang)))

    # -- mode --------------------------------------------------------------------------------------------

    def _say_mode(self) -> None:
        mode = self.draft.mode
        name = self.t(f"tui.roster.mode.{mode}")
        said = words.consequence(self.report, mode, self.lang)
        self.query_one("#mode", Static).update(plain(self.t("tui.roster.mode_line", mode=name, said=said)))
        self.refresh_bindings()

    def do_roster_mode(self) -> None:
        from dataclasses import replace

        mode = "good" if self.draft.mode == "all" else "all"
        self.draft = self.benefits.roster = replace(self.draft, mode=mode)
        self._say_mode()

    def may(self, id: str) -> bool:
        if id == "roster.import" and not words.may_import(self.report, self.draft.mode):
            return False
        if id == "roster.mode" and not self.report.bad:
            return False
        if id == "roster.annotate" and not (self.report.problems or self.report.warnings):
            return False
        return super().may(id)

    # -- annotating --------------------------------------------------------------------------------------

    def do_roster_annotate(self) -> None:
        path = self.draft.asked().path
        name = self.t("tui.roster.annotated_name", stem=path.stem) + ".xlsx"
        ask = AskText(
            self.t("tui.cmd.roster.annotate"),
            self.t("tui.roster.annotate_words"),
            self.t("tui.report.hint"),
            initial=str(path.with_name(name)),
        )
        self.app.push_screen(ask, lambda out: self._annotate(Path(out).expanduser()) if out else None)

    def _annotate(self, out: Path) -> None:
        asked = self.draft.asked()
        progress = Progress(
            self.t("tui.cmd.roster.annotate"),
            self.t("tui.roster.annotating", path=out),
            lambda tell, stop: rosters.annotate(self.gateway, asked, self.report, out, self.lang, tell, stop),
            stopping="check",
        )
        self.app.push_screen(progress, self._annotated)

    def _annotated(self, result: Any) -> None:
        if isinstance(result, Exception):
            self.benefits.trouble(result)
        elif not isinstance(result, Stopped) and result is not None:
            said = self.t("tui.roster.annotated", path=result.path, marked=f"{result.marked:,}")
            self.app.push_screen(Tell(self.t("tui.cmd.roster.annotate"), said))

    # -- importing ---------------------------------------------------------------------------------------

    def do_roster_import(self) -> None:
        kind = render(self.kind.title, self.lang)
        unit = self.draft.organisation_name or self.t("tui.roster.unit_of_file")
        said = words.confirm_words(self.report, self.draft.mode, kind, unit, self.lang)
        ask = Ask(self.t("tui.cmd.roster.import"), said, self.t("tui.roster.confirm_yes"))
        self.app.push_screen(ask, lambda yes: self._import() if yes else None)

    def _import(self) -> None:
        asked, mode, rows = self.draft.asked(), self.draft.mode, self.report.rows
        progress = Progress(
            self.t("tui.roster.importing", file=asked.path.name),
            self.t("tui.roster.importing_words"),
            lambda tell, stop: rosters.import_roster(self.gateway, asked, mode, rows, tell, stop),
            stopping="import",
        )
        self.app.push_screen(progress, self._imported)

    def _imported(self, result: Any) -> None:
        if isinstance(result, Exception):
            self.benefits.trouble(result)
        elif isinstance(result, Stopped) or result is None:
            self.benefits.say("tui.roster.import_stopped")
        else:
            self.benefits.roster = None
            said = words.imported_words(result, self.lang)
            number = result.batch
            self.app.push_screen(
                Tell(self.t("tui.cmd.roster.import"), said), lambda _: self.benefits.open_batch(number)
            )


def _row(cells: Any, lang: str, one: Any) -> Row:
    return Row(one, cells(one, lang))
