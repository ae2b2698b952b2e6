"""How the stock of a campaign adds up (结清核对): every item over all its stations, and what keeps the
campaign from being closed."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.gateways import kits
from tui.modals.dialogs import Tell
from tui.plain import plain
from tui.presenters import kits as words
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import Column, Row, VirtualTable


class Balance(BaseScreen):
    """The sums of each item; Enter tells every kind of move. Below: what stands in the way of closing."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, campaign_id: int, name: str) -> None:
        super().__init__()
        self.campaign_id, self.campaign_name = campaign_id, name

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.campaign_name, self.t("tui.cmd.campaign.balance")]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.kits.balance_note")), classes="note")
        columns = [
            Column("item", self.t("tui.goods.col.name"), 14, flex=1),
            Column("came", self.t("tui.kits.col.came"), 7, "right"),
            Column("handed", self.t("tui.kits.col.given"), 7, "right"),
            Column("tally", self.t("tui.kits.col.tally"), self.by_lang(6, 6), "right"),
            Column("gone", self.t("tui.kits.col.gone"), 6, "right"),
            Column("sent", self.t("tui.kits.col.sent"), 7, "right"),
            Column("on_hand", self.t("tui.kits.col.on_hand"), 7, "right"),
            Column("on_road", self.t("tui.kits.col.on_road"), 6, "right"),
            Column("difference", self.t("tui.kits.col.difference"), 4, "right"),
        ]
        table = VirtualTable(columns, id="items", empty=self.t("tui.kits.no_moves"))
        table.styles.max_height = 10
        yield table
        yield Static(plain(self.t("tui.kits.in_the_way")), classes="head")
        way = [Column("what", self.t("tui.kits.col.in_the_way"), 20, flex=1)]
        yield VirtualTable(way, id="blocked", empty=self.t("tui.kits.nothing_in_the_way"))

    async def fill(self) -> None:
        found = await kits.balance(self.gateway, self.campaign_id)
        blocked = await kits.obstacles(self.gateway, self.campaign_id)
        rows = [
            Row(one, words.balance_cells(one, self.lang), "strong" if one.difference else "") for one in found
        ]
        self.query_one("#items", VirtualTable).show(rows, cursor=None)
        lines = [Row(one, (words.reason(one, self.lang),)) for one in blocked]
        self.query_one("#blocked", VirtualTable).show(lines, cursor=None)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        heading = self.t("tui.cmd.campaign.balance")
        if event.table.id == "items":
            self.app.push_screen(Tell(heading, words.balance_words(event.row.key, self.lang)))
        else:
            self.app.push_screen(Tell(heading, event.row.cells[0]))
