"""The allocation of a campaign (分配): proposed from the register, adjusted by hand, approved, shipped."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from benefits.kernel.errors import Refused
from tui.commands import bindings
from tui.gateways import kits, stock
from tui.modals.dialogs import Tell
from tui.plain import plain
from tui.presenters import kit_forms as forms
from tui.presenters import kits as words
from tui.presenters.forms import Field
from tui.screens.asking import Asking
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.kernel.errors import Problem
    from benefits.kits.queries_campaigns import AllocationRow, CampaignView


class Allocation(Asking):
    """What each station is to get, item by item; Enter changes a number, which is then marked."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "allocation.propose", "allocation.adjust", "allocation.approve", "allocation.ship"
    )

    def __init__(self, campaign_id: int, name: str) -> None:
        super().__init__()
        self.campaign_id, self.campaign_name = campaign_id, name
        self.view: CampaignView | None = None
        self.above: tuple[Problem, ...] = ()
        """What is too much."""

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.campaign_name, self.t("tui.cmd.campaign.allocation")]

    def body(self) -> ComposeResult:
        yield Static("", id="head", classes="words")
        columns = [
            Column("number", self.t("tui.kits.col.no"), 3, "right"),
            Column("station", self.t("tui.kits.col.station"), 16, flex=2),
            Column("item", self.t("tui.goods.col.name"), 14, flex=1),
            Column("people", self.t("tui.kits.col.people"), 7, "right"),
            Column("proposed", self.t("tui.kits.col.proposed"), self.by_lang(7, 8), "right"),
            Column("quantity", self.t("tui.kits.col.allocated"), 11, "right"),
        ]
        yield VirtualTable(columns, id="shares", empty=self.t("tui.kits.no_allocation"))

    async def fill(self) -> None:
        self.view, rows, self.above = await kits.allocation(self.gateway, self.campaign_id)
        head = words.allocation_head(self.view, rows, self.above, self.lang)
        self.query_one("#head", Static).update(plain(head))
        shown = [
            Row(one, words.allocation_cells(one, self.lang), "strong" if one.quantity != one.proposed else "")
            for one in rows
        ]
        self.query_one(VirtualTable).show(shown, cursor=None)
        self.refresh_bindings()

    def may(self, id: str) -> bool:
        state = self.view.row.state.value if self.view is not None else ""
        made = self.view.row.allocation.value if self.view is not None else ""
        if id.startswith("allocation.") and state not in words.NOT_OVER:
            return False
        if id in ("allocation.adjust", "allocation.approve") and made == "none":
            return False
        if id == "allocation.approve" and made == "approved":
            return False
        if id == "allocation.ship" and made != "approved":
            return False
        return super().may(id)

    def on_virtual_table_opened(self) -> None:
        if self.may("allocation.adjust"):
            self.do_allocation_adjust()

    def do_allocation_propose(self) -> None:
        submit = partial(kits.propose, self.gateway, self.campaign_id)
        self._ask(
            "allocation.propose", self.t("tui.kits.propose_words"), forms.propose_fields(self.lang), submit
        )

    def do_allocation_adjust(self) -> None:
        row = self.query_one(VirtualTable).current
        if row is not None:
            share: AllocationRow = row.key
            said = self.t("tui.kits.adjust_words", station=share.station, item=share.item)
            fields = (Field("quantity", self.t("tui.kits.field.quantity"), "number", str(share.quantity)),)
            submit = partial(kits.adjust, self.gateway, self.campaign_id, share)
            self._ask("allocation.adjust", said, fields, submit, f"{share.station_id}:{share.item_id}")

    def do_allocation_approve(self) -> None:
        """What is too much is listed, and needs a reason."""
        act = partial(kits.approve, self.gateway, self.campaign_id)
        if self.above:
            said = f"{self.t('tui.kits.above')}\n{words.reasons(self.above, self.lang)}"
            self.why("allocation.approve", said, self.t("tui.kits.why_hint"), act)
        else:
            said = self.t("tui.kits.approve_words", name=self.campaign_name)
            self.question("allocation.approve", said, self.t("tui.kits.approve_yes"), partial(act, ""))

    def do_allocation_ship(self) -> None:
        self.work(self._ask_ship)

    async def _ask_ship(self) -> None:
        stores = [one for one in await stock.stores(self.gateway) if one.state.value == "open"]
        if not stores:
            raise Refused("tui.stock.no_stores_yet")
        submit = partial(kits.ship, self.gateway, self.campaign_id)
        self._ask(
            "allocation.ship", self.t("tui.kits.ship_words"), forms.ship_fields(stores, self.lang), submit
        )

    def _ask(self, id: str, said: str, fields: Any, submit: Any, about: str = "") -> None:
        self.form(id, said, fields, submit, about=f"{self.campaign_id}:{about}")

    def did(self, id: str, result: Any) -> None:
        super().did(id, result)
        heading = self.t(f"tui.cmd.{id}")
        if id == "allocation.propose":
            self.app.push_screen(Tell(heading, words.proposal_words(result, self.lang)))
        elif id == "allocation.ship":
            count, pieces = len(result.transfers), f"{result.pieces:,}"
            self.app.push_screen(Tell(heading, self.t("tui.kits.shipped", count=count, pieces=pieces)))
