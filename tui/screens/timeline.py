"""A person's timeline (时间线): memberships, status, covers, numbers, hand-outs, one dated line each."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from tui.gateways import members
from tui.modals.dialogs import Tell
from tui.presenters import person as words
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import Column, Row, VirtualTable


class Timeline(BaseScreen):
    """All that happened to a person, newest first; Enter shows one entry whole."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, member_id: int, name: str) -> None:
        super().__init__()
        self.member_id, self.member_name = member_id, name

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.member_name, self.t("tui.cmd.person.timeline")]

    def body(self) -> ComposeResult:
        columns = [
            Column("day", self.t("tui.timeline.day"), 10),
            Column("until", self.t("tui.timeline.until"), 10),
            Column("kind", self.t("tui.timeline.kind_of"), self.by_lang(8, 14)),
            Column("what", self.t("tui.timeline.what"), 20, flex=2),
            Column("unit", self.t("tui.members.col.unit"), 14, flex=1, wide=True),
        ]
        yield VirtualTable(columns, id="entries", empty=self.t("tui.timeline.empty"))

    async def fill(self) -> None:
        found = await members.timeline(self.gateway, self.member_id, self.lang)
        rows = [Row(entry, words.entry_cells(entry, self.lang)) for entry in found]
        self.query_one(VirtualTable).show(rows, cursor=None)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        said = words.entry_words(event.row.key, self.lang)
        self.app.push_screen(Tell(self.t("tui.cmd.person.timeline"), said))
