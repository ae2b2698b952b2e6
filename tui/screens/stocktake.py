"""A stocktake (盘点): what the book says, what was counted, and why they differ; nothing moves meanwhile."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateways import stock
from tui.plain import plain
from tui.presenters import stock as words
from tui.screens.asking import Asking
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.kits.queries_movements import StocktakeLineRow, StocktakeView


class Stocktake(Asking):
    """The lots of a place; Enter counts one. A difference without a reason is not booked."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("stocktake.count", "stocktake.close", "stocktake.cancel")

    def __init__(self, stocktake_id: int, place: str) -> None:
        super().__init__()
        self.stocktake_id, self.place = stocktake_id, place
        self.view: StocktakeView | None = None

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.place, self.t("tui.cmd.stock.count")]

    def body(self) -> ComposeResult:
        yield Static("", id="head", classes="words")
        columns = [
            Column("item", self.t("tui.goods.col.name"), 14, flex=2),
            Column("lot", self.t("tui.stock.col.lot"), 10, flex=1, wide=True),
            Column("book", self.t("tui.stock.col.book"), 8, "right"),
            Column("counted", self.t("tui.stock.field.counted"), self.by_lang(8, 11), "right"),
            Column("difference", self.t("tui.stock.col.difference"), self.by_lang(6, 10), "right"),
            Column("why", self.t("tui.kits.field.reason"), 12, flex=1),
        ]
        yield VirtualTable(columns, id="lines", empty=self.t("tui.stock.empty"))

    async def fill(self) -> None:
        view = self.view = await stock.stocktake(self.gateway, self.stocktake_id)
        self.query_one("#head", Static).update(plain(words.stocktake_words(view, self.lang)))
        rows = [Row(one, words.count_cells(one, self.lang), words.count_tone(one)) for one in view.lines]
        self.query_one(VirtualTable).show(rows, cursor=None)
        self.refresh_bindings()

    def _open(self) -> bool:
        return self.view is not None and self.view.stocktake.state.value == "open"

    def may(self, id: str) -> bool:
        if id.startswith("stocktake.") and not self._open():
            return False
        return super().may(id)

    def on_virtual_table_opened(self) -> None:
        if self._open():
            self.do_stocktake_count()

    def do_stocktake_count(self) -> None:
        row = self.query_one(VirtualTable).current
        if row is not None:
            line: StocktakeLineRow = row.key
            said = self.t("tui.stock.counting", item=line.item, lot=line.lot, book=f"{line.book:,}")
            submit = partial(stock.count, self.gateway, self.stocktake_id, line.lot_id)
            about = f"{self.stocktake_id}:{line.lot_id}"
            self.form("stocktake.count", said, words.count_fields(line, self.lang), submit, about=about)

    def did(self, id: str, result: Any) -> None:
        super().did(id, result)
        if id == "stocktake.count":
            self.query_one(VirtualTable).action_move(1)

    def do_stocktake_close(self) -> None:
        if (view := self.view) is not None:
            said = words.close_count_words(view, self.lang)
            act = partial(stock.close_count, self.gateway, self.stocktake_id)
            self.question("stocktake.close", said, self.t("tui.stock.close_yes"), act)

    def do_stocktake_cancel(self) -> None:
        said = self.t("tui.stock.cancel_count_words", place=self.place)
        act = partial(stock.cancel_count, self.gateway, self.stocktake_id)
        self.why("stocktake.cancel", said, self.t("tui.kits.why_hint"), act)
