"""The ledger of a station or store (库存流水): every move, the latest first. What is on hand is their sum."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.gateways import stock
from tui.modals.dialogs import Tell
from tui.plain import plain
from tui.presenters import stock as words
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import Column, Row, VirtualTable


class Moves(BaseScreen):
    """The moves of a place; nothing is changed here. Enter shows one whole."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, station_id: int, name: str) -> None:
        super().__init__()
        self.station_id, self.station_name = station_id, name

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.station_name, self.t("tui.cmd.stock.moves")]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.stock.moves_note")), classes="note")
        columns = [
            Column("at", self.t("tui.stock.col.at"), 11),
            Column("kind", self.t("tui.stock.col.move"), self.by_lang(8, 11)),
            Column("item", self.t("tui.goods.col.name"), 14, flex=2),
            Column("lot", self.t("tui.stock.col.lot"), 10, flex=1, wide=True),
            Column("quantity", self.t("tui.kits.field.quantity"), 8, "right"),
            Column("document", self.t("tui.stock.col.paper"), 13),
            Column("who", self.t("tui.stock.col.who"), 8, wide=True),
            Column("why", self.t("tui.kits.field.reason"), 10, flex=1, wide=True),
        ]
        yield VirtualTable(columns, id="moves", empty=self.t("tui.stock.no_moves"))

    async def fill(self) -> None:
        found = await stock.moves(self.gateway, self.station_id)
        rows = [Row(one, words.move_cells(one, self.lang)) for one in found]
        self.query_one(VirtualTable).show(rows, cursor=None)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Tell(self.t("tui.cmd.stock.moves"), "\n".join(event.row.cells)))
