"""健康包: the list of campaigns (发放活动), and the ways to goods, stores and the counter."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateways import kits
from tui.plain import plain
from tui.presenters import kit_forms as forms
from tui.presenters import kits as words
from tui.screens.asking import Asking
from tui.screens.campaign import Campaign, open_counter
from tui.screens.care import ask_care
from tui.screens.goods import Goods
from tui.screens.stores import Stores
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.kits.queries_campaigns import CampaignRow


class Kits(Asking):
    """All campaigns, open ones first; Enter opens one, ``h`` its counter."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "kits.counter", "kits.new", "kits.goods", "kits.stores", "kits.care"
    )

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.kits.steps")), classes="note")
        columns = [
            Column("number", self.t("tui.kits.col.number"), 12),
            Column("name", self.t("tui.kits.col.name"), 16, flex=2),
            Column("kind", self.t("tui.kits.col.kind"), self.by_lang(8, 9), wide=True),
            Column("dates", self.t("tui.kits.col.dates"), self.by_lang(19, 17)),
            Column("owner", self.t("tui.kits.col.owner"), 12, flex=1, wide=True),
            Column("stations", self.t("tui.kits.col.stations"), self.by_lang(4, 8), "right"),
            Column("given", self.t("tui.kits.col.given"), 8, "right"),
            Column("state", self.t("tui.kits.col.state"), self.by_lang(6, 10)),
        ]
        yield VirtualTable(columns, id="campaigns", empty=self.t("tui.kits.empty"))

    async def fill(self) -> None:
        found = await kits.campaigns(self.gateway)
        rows = [
            Row(row, words.campaign_cells(row, self.lang), "dim" if words.over(row) else "") for row in found
        ]
        self.query_one(VirtualTable).show(rows, cursor=None)

    def on_virtual_table_moved(self) -> None:
        self.refresh_bindings()

    @property
    def chosen(self) -> "CampaignRow | None":
        """The campaign under the cursor."""
        row = self.query_one(VirtualTable).current if self.query(VirtualTable) else None
        return row.key if row is not None else None

    def may(self, id: str) -> bool:
        if id == "kits.counter" and (self.chosen is None or self.chosen.state.value != "open"):
            return False
        return super().may(id)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Campaign(event.row.key.id, event.row.key.name))

    def do_kits_counter(self) -> None:
        if (row := self.chosen) is not None:
            self.work(partial(open_counter, self, row.id))

    def do_kits_goods(self) -> None:
        self.app.push_screen(Goods())

    def do_kits_stores(self) -> None:
        self.app.push_screen(Stores())

    def do_kits_care(self) -> None:
        self.work(partial(ask_care, self))

    def do_kits_new(self) -> None:
        self.work(self._ask_new)

    async def _ask_new(self) -> None:
        fields = forms.campaign_fields(None, await kits.limits(self.gateway), self.today(), self.lang)
        said = self.t("tui.kits.new_words")
        self.form("kits.new", said, fields, partial(kits.add_campaign, self.gateway))

    def did(self, id: str, result: Any) -> None:
        super().did(id, result)
        if id == "kits.new" and isinstance(result, int):
            self.app.push_screen(Campaign(result, ""))
