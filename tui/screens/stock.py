"""The stock of one station or store (库存): its lots, what can be built of them, and all that moves them."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from benefits.kernel.errors import Refused
from tui.commands import bindings
from tui.gateways import goods, stock
from tui.modals.form import Form
from tui.plain import plain
from tui.presenters import stock as words
from tui.screens.asking import Asking
from tui.screens.moves import Moves
from tui.screens.stocktake import Stocktake
from tui.screens.transfers import Transfers
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.kits.queries_stock import StockRow

_KITS_SHOWN = 4


class Stock(Asking):
    """What lies at a place, lot by lot, the first to expire first; below it, how many kits it makes."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "stock.receive",
        "stock.build",
        "stock.send",
        "stock.transfers",
        "stock.damage",
        "stock.lose",
        "stock.count",
        "stock.moves",
    )

    def __init__(self, station_id: int, name: str) -> None:
        super().__init__()
        self.station_id, self.station_name = station_id, name
        self.rows: tuple[StockRow, ...] = ()

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.station_name, self.t("tui.stock.title")]

    def body(self) -> ComposeResult:
        columns = [
            Column("item", self.t("tui.goods.col.name"), 16, flex=2),
            Column("lot", self.t("tui.stock.col.lot"), 12, flex=1),
            Column("expires", self.t("tui.stock.col.expires"), self.by_lang(10, 14)),
            Column("on_hand", self.t("tui.kits.col.on_hand"), 12, "right"),
            Column("cost", self.t("tui.stock.col.cost"), 12, "right", wide=True),
            Column("state", self.t("tui.kits.col.state"), self.by_lang(6, 8)),
        ]
        yield VirtualTable(columns, id="lots", empty=self.t("tui.stock.empty"))
        yield Static("", id="buildable", classes="note")

    async def fill(self) -> None:
        self.rows, found = await stock.at(self.gateway, self.station_id)
        rows = [Row(one, words.stock_cells(one, self.lang), "dim" if one.frozen else "") for one in self.rows]
        self.query_one(VirtualTable).show(rows, cursor=None)
        said = words.buildable_words([one.buildable for one in found if one.sets][:_KITS_SHOWN], self.lang)
        self.query_one("#buildable", Static).update(plain(said))
        self.refresh_bindings()

    @property
    def chosen(self) -> "StockRow | None":
        """The lot under the cursor."""
        row = self.query_one(VirtualTable).current if self.query(VirtualTable) else None
        return row.key if row is not None else None

    def may(self, id: str) -> bool:
        if id in ("stock.damage", "stock.lose", "stock.send") and not self.rows:
            return False
        return super().may(id)

    def _ask(self, id: str, said: str, fields: Any, submit: Any) -> None:
        self.form(id, said, fields, submit, about=str(self.station_id))

    # -- in ----------------------------------------------------------------------------------------------

    def do_stock_receive(self) -> None:
        self.work(self._ask_receive)

    async def _ask_receive(self) -> None:
        offered = await goods.items(self.gateway)
        if not offered:
            raise Refused("tui.kits.no_goods")
        said = self.t("tui.stock.receive_words", place=self.station_name)
        submit = partial(stock.receive, self.gateway, self.station_id)
        self._ask("stock.receive", said, words.receive_fields(offered, self.lang), submit)

    def do_stock_build(self) -> None:
        self.work(self._ask_build)

    async def _ask_build(self) -> None:
        """The form says how many can be built, and while a number is typed, what is short."""
        _, found = await stock.at(self.gateway, self.station_id)
        if not found:
            raise Refused("tui.stock.no_kits")
        by_id = {str(one.kit_id): one.buildable for one in found}
        form = Form(
            self.t("tui.cmd.stock.build"),
            self.t("tui.stock.build_words", place=self.station_name),
            words.build_fields([(str(one.kit_id), one.kit) for one in found], self.lang),
            partial(stock.build, self.gateway, self.station_id),
            draft=f"stock.build:{self.station_id}",
            describe=lambda typed: words.build_words(by_id, typed, self.lang),
        )
        self.app.push_screen(form, lambda done: self.did("stock.build", done) if done is not None else None)

    # -- out ---------------------------------------------------------------------------------------------

    def do_stock_send(self) -> None:
        self.work(self._ask_send)

    async def _ask_send(self) -> None:
        places = await stock.places(self.gateway, self.station_id)
        if not places:
            raise Refused("tui.stock.nowhere")
        have = words.by_item(self.rows)
        said = self.t("tui.stock.send_words", place=self.station_name)
        submit = partial(stock.send, self.gateway, self.station_id)
        self._ask("stock.send", said, words.send_fields(places, have, self.lang), submit)

    def do_stock_transfers(self) -> None:
        self.app.push_screen(Transfers(station_id=self.station_id, name=self.station_name))

    def do_stock_damage(self) -> None:
        self._gone("stock.damage", stock.damage)

    def do_stock_lose(self) -> None:
        self._gone("stock.lose", stock.lose)

    def _gone(self, id: str, act: Any) -> None:
        if (row := self.chosen) is not None:
            name = id.partition(".")[2]
            said = self.t(f"tui.stock.{name}_words", item=row.item, lot=row.lot, count=f"{row.on_hand:,}")
            submit = partial(act, self.gateway, self.station_id, row.item_id, row.lot_id)
            self._ask(id, said, words.gone_fields(self.lang), submit)

    # -- counting, looking -------------------------------------------------------------------------------

    def do_stock_count(self) -> None:
        self.work(self._count)

    async def _count(self) -> None:
        """Go on with the stocktake that is open, or ask before one begins: nothing moves until it is over."""
        found = await stock.open_count(self.gateway, self.station_id)
        if found is not None:
            self.app.push_screen(Stocktake(found, self.station_name))
            return
        said = self.t("tui.stock.count_words", place=self.station_name)
        act = partial(stock.begin_count, self.gateway, self.station_id)
        self.question("stock.count", said, self.t("tui.stock.count_yes"), act)

    def did(self, id: str, result: Any) -> None:
        super().did(id, result)
        if id == "stock.count" and isinstance(result, int):
            self.app.push_screen(Stocktake(result, self.station_name))

    def do_stock_moves(self) -> None:
        self.app.push_screen(Moves(self.station_id, self.station_name))
