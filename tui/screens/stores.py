"""Stores (仓库): where stock lies that belongs to no campaign yet."""

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateways import stock
from tui.plain import plain
from tui.presenters import stock as words
from tui.screens.asking import Asking
from tui.screens.stock import Stock
from tui.widgets.virtual_table import Column, Row, VirtualTable


class Stores(Asking):
    """All stores; Enter opens one."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("store.add")

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.t("tui.cmd.kits.stores")]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.stock.stores_note")), classes="note")
        columns = [
            Column("name", self.t("tui.stock.field.store"), 16, flex=2),
            Column("owner", self.t("tui.kits.field.host"), 14, flex=1),
            Column("keeper", self.t("tui.kits.col.keeper"), 8),
            Column("pieces", self.t("tui.kits.col.on_hand"), 9, "right"),
            Column("state", self.t("tui.kits.col.state"), self.by_lang(6, 9)),
        ]
        yield VirtualTable(columns, id="stores", empty=self.t("tui.stock.no_stores"))

    async def fill(self) -> None:
        found = await stock.stores(self.gateway)
        rows = [Row(one, words.store_cells(one, self.lang)) for one in found]
        self.query_one(VirtualTable).show(rows, cursor=None)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Stock(event.row.key.id, event.row.key.name))

    def do_store_add(self) -> None:
        self.form("store.add", "", words.store_fields(self.lang), partial(stock.add_store, self.gateway))
