"""One import (导入批次): what it came to, why rows were left out, and taking it back."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from tui.commands import bindings
from tui.gateways import rosters
from tui.modals.dialogs import AskText, Choose, Tell
from tui.plain import plain
from tui.presenters import rosters as words
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.rosters.queries import BatchView


class Batch(BaseScreen):
    """The counts of an import, which add up, and the rows that it left out; Enter shows one whole."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("roster.undo")

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number
        self.view: BatchView | None = None

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.number]

    def body(self) -> ComposeResult:
        yield Static("", id="head", classes="words")
        yield Static(plain(self.t("tui.batch.left_out")), classes="head")
        yield VirtualTable(problem_columns(self), id="problems", empty=self.t("tui.batch.none_left_out"))
        yield Static("", id="whole", classes="note")

    async def fill(self) -> None:
        view = self.view = await rosters.batch(self.gateway, self.number, self.lang)
        self.query_one("#head", Static).update(plain(words.batch_words(view.batch, self.lang)))
        lang = self.lang
        listed = words.Listed(view.problems, lambda one: Row(one, words.problem_cells(one, lang)))
        table = self.query_one(VirtualTable)
        undone = view.batch.state.value == "undone"
        table.empty = self.t("tui.batch.reasons_gone" if undone else "tui.batch.none_left_out")
        table.show(listed, cursor=None)
        self.refresh_bindings()

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        said = render(event.row.key.say, self.lang) if event.row is not None else ""
        self.query_one("#whole", Static).update(plain(said))

    def may(self, id: str) -> bool:
        if id == "roster.undo" and (self.view is None or self.view.batch.state.value == "undone"):
            return False
        return super().may(id)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(
            Tell(self.t("tui.roster.col.problem"), words.problem_words(event.row.key, self.lang))
        )

    def do_roster_undo(self) -> None:
        self.work(partial(ask_undo, self, self.number))


def problem_columns(screen: BaseScreen) -> list[Column]:
    """The columns of a list of problems: where, which column, who, what."""
    return [
        Column("where", screen.t("tui.roster.col.where"), 8),
        Column("column", screen.t("tui.roster.col.heading"), screen.by_lang(10, 14)),
        Column("who", screen.t("tui.roster.col.person"), 8),
        Column("why", screen.t("tui.roster.col.problem"), 20, flex=1),
    ]


async def ask_undo(screen: BaseScreen, number: str) -> None:
    """Ask why an import is taken back, saying what would go; then take it back, or list what stands in the
    way."""
    view = await rosters.batch(screen.gateway, number, screen.lang)
    if view.batch.state.value == "undone":
        raise Refused("rosters.undone_already", batch=number, by=view.batch.undone_by or "-")
    said = screen.t("tui.batch.undo_words", number=number, file=view.batch.file_name) + "\n"
    said += words.counts(view.batch, screen.lang)
    ask = AskText(screen.t("tui.cmd.roster.undo"), said, screen.t("tui.batch.undo_hint"))
    screen.app.push_screen(ask, lambda why: screen.work(partial(_undo, screen, number, why)) if why else None)


async def _undo(screen: BaseScreen, number: str, why: str) -> None:
    try:
        undone = await rosters.undo(screen.gateway, number, why)
    except Refused as refusal:
        if not refusal.problems:
            raise
        rows = [Row(one, (render(one.say, screen.lang),)) for one in refusal.problems]
        column = Column("why", render(refusal.say, screen.lang), 20, flex=1)
        screen.app.push_screen(Choose(screen.t("tui.batch.undo_blocked"), [column], rows))
        return
    screen.benefits.say("tui.batch.undo_done", number=number, taken=f"{undone.taken_back:,}")
    await screen.fill()
