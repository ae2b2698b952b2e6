"""查重: the queue of possible duplicates (疑似重复)."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateway import Gateway
from tui.gateways import duplicates
from tui.plain import plain
from tui.presenters import duplicates as words
from tui.screens.base import BaseScreen
from tui.screens.case import Case
from tui.widgets.virtual_table import PAGE, Column, Row, VirtualTable


class CasePages:
    """Open cases page by page, each from the key where the one before it ended."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self.gateway, self.lang = gateway, lang
        self._after: dict[int, int] = {0: 0}

    async def count(self) -> int:
        return await duplicates.count(self.gateway)

    async def page(self, start: int, limit: int) -> Sequence[Row]:
        known = max(place for place in self._after if place <= start)
        while known < start:
            found = await duplicates.cases(self.gateway, self._after[known], PAGE)
            if len(found) < PAGE:
                return []
            known += PAGE
            self._after[known] = found[-1].id
        rows = await duplicates.cases(self.gateway, self._after[start], limit)
        if len(rows) == PAGE:
            self._after[start + PAGE] = rows[-1].id
        return [Row(row.id, words.case_cells(row, self.lang)) for row in rows]


class Duplicates(BaseScreen):
    """Who may be registered twice; Enter opens a case, and the next opens by itself."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("case.scan")

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.t("tui.cmd.roster.duplicates")]

    def body(self) -> ComposeResult:
        yield Static("", id="open", classes="words")
        columns = [
            Column("left", self.t("tui.case.col.left"), 10),
            Column("left_unit", self.t("tui.case.col.unit"), 14, flex=1),
            Column("right", self.t("tui.case.col.right"), 10),
            Column("right_unit", self.t("tui.case.col.unit"), 14, flex=1, wide=True),
            Column("evidence", self.t("tui.case.col.evidence"), 16, flex=1),
            Column("origin", self.t("tui.case.col.origin"), self.by_lang(20, 22), wide=True),
        ]
        yield VirtualTable(columns, id="cases", empty=self.t("tui.case.empty"))

    async def fill(self) -> None:
        self.query_one(VirtualTable).show(CasePages(self.gateway, self.lang), cursor=None)
        waiting = await duplicates.count(self.gateway)
        self.query_one("#open", Static).update(plain(self.t("tui.case.waiting", count=f"{waiting:,}")))

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Case(event.row.key))

    def do_case_scan(self) -> None:
        self.work(self._scan)

    async def _scan(self) -> None:
        found = await duplicates.scan(self.gateway)
        self.benefits.say("tui.case.scanned", found=f"{found:,}")
        await self.fill()
