"""Deliveries (调拨): what is on the road, what arrived and with which differences."""

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
    from benefits.kits.queries_movements import TransferLineRow, TransferView


class Transfers(Asking):
    """Deliveries of a campaign, or from and to one place; Enter opens one."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, *, name: str, campaign_id: int | None = None, station_id: int | None = None) -> None:
        super().__init__()
        self.about, self.campaign_id, self.station_id = name, campaign_id, station_id

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.about, self.t("tui.cmd.campaign.transfers")]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.stock.transfers_note")), classes="note")
        columns = [
            Column("number", self.t("tui.stock.col.number"), 12),
            Column("from", self.t("tui.stock.col.from"), 12, flex=1),
            Column("to", self.t("tui.stock.col.to"), 12, flex=1),
            Column("sent", self.t("tui.stock.col.sent_on"), 10),
            Column("pieces", self.t("tui.stock.col.pieces"), 7, "right"),
            Column("arrived", self.t("tui.stock.col.arrived_on"), 10, wide=True),
            Column("state", self.t("tui.kits.col.state"), self.by_lang(6, 11)),
        ]
        yield VirtualTable(columns, id="transfers", empty=self.t("tui.stock.no_transfers"))

    async def fill(self) -> None:
        found = await stock.transfers(self.gateway, self.campaign_id, self.station_id)
        rows = [
            Row(one, words.transfer_cells(one, self.lang), "" if one.state.value == "sent" else "dim")
            for one in found
        ]
        self.query_one(VirtualTable).show(rows, cursor=None)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Transfer(event.row.key.id, event.row.key.number))


class Transfer(Asking):
    """One delivery: ``d`` says what of a lot is broken or missing, ``a`` takes the whole of it in. What was
    sent and what arrived are two numbers; nothing in between disappears."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("transfer.arrive", "transfer.differ", "transfer.cancel")

    def __init__(self, transfer_id: int, number: str) -> None:
        super().__init__()
        self.transfer_id, self.number = transfer_id, number
        self.view: TransferView | None = None
        self.differs: dict[int, tuple[int, int, str]] = {}
        """What was said of a lot and is not booked yet: damaged, missing, why."""

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.t("tui.cmd.campaign.transfers"), self.number]

    def body(self) -> ComposeResult:
        yield Static("", id="head", classes="words")
        columns = [
            Column("item", self.t("tui.goods.col.name"), 14, flex=2),
            Column("lot", self.t("tui.stock.col.lot"), 10, flex=1, wide=True),
            Column("sent", self.t("tui.stock.col.sent"), 7, "right"),
            Column("arrived", self.t("tui.stock.col.arrived"), 7, "right"),
            Column("damaged", self.t("tui.stock.field.damaged"), 7, "right"),
            Column("missing", self.t("tui.stock.field.missing"), 7, "right"),
            Column("why", self.t("tui.kits.field.reason"), 12, flex=1),
        ]
        yield VirtualTable(columns, id="lines")
        yield Static("", id="next", classes="head")

    async def fill(self) -> None:
        view = self.view = await stock.transfer(self.gateway, self.transfer_id)
        self.query_one("#head", Static).update(plain(words.transfer_words(view, self.lang)))
        rows = [
            Row(one, words.line_cells(one, self.differs.get(one.lot_id), self.lang)) for one in view.lines
        ]
        self.query_one(VirtualTable).show(rows, cursor=None)
        key = "tui.stock.next.arrive" if self._on_road() else "tui.stock.next.done"
        self.query_one("#next", Static).update(plain(self.t("tui.run.next_line", step=self.t(key))))
        self.refresh_bindings()

    def _on_road(self) -> bool:
        return self.view is not None and self.view.transfer.state.value == "sent"

    def may(self, id: str) -> bool:
        if id.startswith("transfer.") and not self._on_road():
            return False
        return super().may(id)

    def on_virtual_table_opened(self) -> None:
        if self._on_road():
            self.do_transfer_differ()

    def do_transfer_differ(self) -> None:
        row = self.query_one(VirtualTable).current
        if row is None or not super().may("transfer.differ"):
            return
        line: TransferLineRow = row.key

        async def keep(values: dict[str, Any]) -> None:
            damaged, missing = values["damaged"], values["missing"]
            stock.check_line(line.sent, damaged, missing)
            self.differs.pop(line.lot_id, None)
            if damaged or missing:
                self.differs[line.lot_id] = (damaged, missing, values["reason"] or "")

        said = self.t("tui.stock.differ_words", item=line.item, sent=f"{line.sent:,}")
        fields = words.differ_fields(self.differs.get(line.lot_id), self.lang)
        self.form("transfer.differ", said, fields, keep, about=f"{self.transfer_id}:{line.lot_id}")

    def do_transfer_arrive(self) -> None:
        if (view := self.view) is not None:
            said = words.arrive_words(view, self.differs, self.lang)
            act = partial(stock.arrive, self.gateway, view, dict(self.differs))
            self.question("transfer.arrive", said, self.t("tui.stock.arrive_yes"), act)

    def do_transfer_cancel(self) -> None:
        said = self.t("tui.stock.cancel_words", number=self.number)
        act = partial(stock.cancel_transfer, self.gateway, self.transfer_id)
        self.why("transfer.cancel", said, self.t("tui.kits.why_hint"), act)
