"""One campaign (发放活动): how far it is and what comes next, its stations, and everything that is decided
about it."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from tui.commands import bindings
from tui.gateways import counter, goods, kits
from tui.modals.dialogs import Choose, Tell
from tui.plain import plain
from tui.presenters import kit_forms as forms
from tui.presenters import kits as words
from tui.screens.allocation import Allocation
from tui.screens.asking import Asking
from tui.screens.balance import Balance
from tui.screens.base import BaseScreen
from tui.screens.campaign_papers import ask_paper
from tui.screens.campaign_people import CampaignPeople
from tui.screens.counter import Counter
from tui.screens.packages import Packages
from tui.screens.stock import Stock
from tui.screens.transfers import Transfers
from tui.widgets.line import Line
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.kits.queries_campaigns import CampaignView, StationRow


class Campaign(Asking):
    """A campaign from draft to closing; the line "next" always says what comes now. Enter opens the stock of
    the station under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "kits.counter",
        "campaign.stations",
        "campaign.item",
        "campaign.allocation",
        "campaign.transfers",
        "campaign.people",
        "campaign.balance",
        "campaign.packages",
        "campaign.paper",
        "campaign.open",
        "campaign.close",
        "campaign.edit",
        "campaign.items",
        "campaign.units",
        "campaign.station",
        "campaign.serves",
        "campaign.shut",
        "campaign.cancel",
    )

    def __init__(self, campaign_id: int, name: str) -> None:
        super().__init__()
        self.campaign_id, self.campaign_name = campaign_id, name
        self.view: CampaignView | None = None
        self.stations: tuple[StationRow, ...] = ()
        self.place = 0
        """Whose numbers the list of stations shows: the place of the item."""

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.campaign_name or "…"]

    def body(self) -> ComposeResult:
        yield Static("", id="head", classes="words")
        yield Static("", id="rule", classes="note")
        yield Static("", id="goods", classes="words")
        yield Static("", id="next", classes="head")
        yield Line(id="item", classes="line note")
        columns = [
            Column("number", self.t("tui.kits.col.no"), 3, "right"),
            Column("name", self.t("tui.kits.col.station"), 16, flex=2),
            Column("keeper", self.t("tui.kits.col.keeper"), 8, wide=True),
            Column("hours", self.t("tui.kits.col.hours"), 10, flex=1, wide=True),
            Column("people", self.t("tui.kits.col.people"), 7, "right"),
            Column("allocated", self.t("tui.kits.col.allocated"), self.by_lang(7, 9), "right"),
            Column("on_hand", self.t("tui.kits.col.on_hand"), 7, "right"),
            Column("given", self.t("tui.kits.col.given"), self.by_lang(7, 7), "right"),
            Column("state", self.t("tui.kits.col.state"), self.by_lang(6, 9)),
        ]
        yield VirtualTable(columns, id="stations", empty=self.t("tui.kits.no_stations"))

    async def fill(self) -> None:
        view, self.stations, said = await kits.campaign(self.gateway, self.campaign_id, self.lang)
        self.view, self.campaign_name = view, view.row.name
        self.query_one("#head", Static).update(plain(words.campaign_head(view, self.lang)))
        most = 2 if self.size.height < 34 else 8
        self.query_one("#rule", Static).update(plain(words.rule_words(view, said, self.lang, most)))
        self.query_one("#goods", Static).update(plain(words.goods_words(view, self.lang, most)))
        step = words.next_step(view, self.stations, self.lang)
        self.query_one("#next", Static).update(plain(self.t("tui.run.next_line", step=step)))
        self._list()
        self.refresh_bindings()

    def _list(self) -> None:
        """The stations, with the numbers of one item; the line above says which."""
        items = self.view.items if self.view is not None else ()
        item = items[self.place % len(items)] if items else None
        named = self.t("tui.kits.of_item", item=item.name) if item is not None else ""
        self.query_one("#item", Line).say(named)
        rows = [
            Row(one, words.station_cells(one, item, self.lang), "dim" if one.state.value == "closed" else "")
            for one in self.stations
        ]
        self.query_one(VirtualTable).show(rows, cursor=None)

    def may(self, id: str) -> bool:
        state = self.view.row.state.value if self.view is not None else ""
        if id in words.NEEDS_STATE and state not in words.NEEDS_STATE[id]:
            return False
        if id in ("campaign.station", "campaign.serves", "campaign.shut") and self.station is None:
            return False
        return super().may(id)

    @property
    def station(self) -> "StationRow | None":
        """The station under the cursor."""
        row = self.query_one(VirtualTable).current if self.query(VirtualTable) else None
        return row.key if row is not None else None

    # -- looking -----------------------------------------------------------------------------------------

    @on(VirtualTable.Opened, "#stations")
    def opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Stock(event.row.key.id, event.row.key.name))

    def on_virtual_table_moved(self) -> None:
        self.refresh_bindings()

    def do_kits_counter(self) -> None:
        self.work(partial(open_counter, self, self.campaign_id))

    def do_campaign_item(self) -> None:
        self.place += 1
        self._list()

    def do_campaign_allocation(self) -> None:
        self.app.push_screen(Allocation(self.campaign_id, self.campaign_name))

    def do_campaign_transfers(self) -> None:
        self.app.push_screen(Transfers(campaign_id=self.campaign_id, name=self.campaign_name))

    def do_campaign_people(self) -> None:
        self.app.push_screen(CampaignPeople(self.campaign_id, self.campaign_name))

    def do_campaign_packages(self) -> None:
        self.app.push_screen(Packages(self.campaign_id, self.campaign_name))

    def do_campaign_balance(self) -> None:
        self.app.push_screen(Balance(self.campaign_id, self.campaign_name))

    def do_campaign_paper(self) -> None:
        ask_paper(self)

    # -- the campaign itself -----------------------------------------------------------------------------

    def do_campaign_edit(self) -> None:
        self.work(self._ask_edit)

    async def _ask_edit(self) -> None:
        view, _, _ = await kits.campaign(self.gateway, self.campaign_id)
        fields = forms.campaign_fields(view, await kits.limits(self.gateway), self.today(), self.lang)
        submit = partial(kits.edit_campaign, self.gateway, self.campaign_id, view.version)
        self.form("campaign.edit", "", fields, submit, about=str(self.campaign_id))

    def do_campaign_units(self) -> None:
        said = self.t("tui.kits.units_words", units=words.units_words(self.view, self.lang))
        submit = partial(kits.add_unit, self.gateway, self.campaign_id)
        self.form("campaign.units", said, forms.unit_fields(self.lang), submit)

    def do_campaign_items(self) -> None:
        self.work(self._ask_items)

    async def _ask_items(self) -> None:
        offered = await goods.items(self.gateway)
        if not offered:
            raise Refused("tui.kits.no_goods")
        submit = partial(kits.set_item, self.gateway, self.campaign_id)
        fields = forms.item_fields(offered, self.lang)
        self.form(
            "campaign.items", self.t("tui.kits.items_words"), fields, submit, about=str(self.campaign_id)
        )

    def do_campaign_open(self) -> None:
        if self.view is not None:
            said = self.t("tui.kits.open_words", name=self.campaign_name)
            act = partial(kits.open_campaign, self.gateway, self.campaign_id)
            self.question("campaign.open", said, self.t("tui.kits.open_yes"), act)

    def do_campaign_cancel(self) -> None:
        said = self.t("tui.kits.cancel_words", name=self.campaign_name)
        act = partial(kits.cancel_campaign, self.gateway, self.campaign_id)
        self.why("campaign.cancel", said, self.t("tui.kits.why_hint"), act)

    def do_campaign_close(self) -> None:
        self.work(self._ask_close)

    async def _ask_close(self) -> None:
        """What stands in the way is listed; else the balance is shown and the question asked."""
        heading = self.t("tui.cmd.campaign.close")
        blocked = await kits.obstacles(self.gateway, self.campaign_id)
        if blocked:
            lines = [self.t("tui.kits.close_blocked", count=len(blocked))]
            lines += [f"- {render(one.say, self.lang)}" for one in blocked]
            self.app.push_screen(Tell(heading, "\n".join(lines)))
            return
        balance = await kits.balance(self.gateway, self.campaign_id)
        said = words.closing_words(self.campaign_name, balance, self.lang)
        act = partial(kits.close_campaign, self.gateway, self.campaign_id)
        self.question("campaign.close", said, self.t("tui.kits.close_yes"), act, danger=True)

    # -- its stations ------------------------------------------------------------------------------------

    def do_campaign_stations(self) -> None:
        fields = forms.station_fields(None, self.lang)
        submit = partial(kits.add_station, self.gateway, self.campaign_id)
        self.form("campaign.stations", self.t("tui.kits.station_words"), fields, submit)

    def do_campaign_station(self) -> None:
        if (station := self.station) is not None:
            fields = forms.station_fields(station, self.lang)
            submit = partial(kits.edit_station, self.gateway, station.id, station.version)
            self.form("campaign.station", "", fields, submit, about=str(station.id))

    def do_campaign_serves(self) -> None:
        if (station := self.station) is not None:
            said = self.t("tui.kits.serves_words", name=station.name)
            submit = partial(kits.add_served, self.gateway, self.campaign_id, station.id)
            self.form("campaign.serves", said, forms.unit_fields(self.lang), submit, about=str(station.id))

    def do_campaign_shut(self) -> None:
        if (station := self.station) is not None:
            said = self.t("tui.kits.shut_words", name=station.name)
            act = partial(kits.close_station, self.gateway, station.id)
            self.question("campaign.shut", said, self.t("tui.kits.shut_yes"), act)


async def open_counter(screen: BaseScreen, campaign_id: int) -> None:
    """The counter of a campaign at this terminal's station, which is asked for once."""
    stations = await counter.stations(screen.gateway, campaign_id)
    if not stations:
        raise Refused("tui.kits.no_stations_yet")
    known = screen.benefits.stations.get(campaign_id)
    if known in {id for id, _ in stations} or len(stations) == 1:
        chosen = known if known is not None else stations[0][0]
        screen.benefits.stations[campaign_id] = chosen
        screen.app.push_screen(Counter(campaign_id, chosen))
        return

    def go(station_id: object) -> None:
        if isinstance(station_id, int):
            screen.benefits.stations[campaign_id] = station_id
            screen.app.push_screen(Counter(campaign_id, station_id))

    column = Column("name", screen.t("tui.kits.col.station"), 20, flex=1)
    rows = [Row(id, (name,)) for id, name in stations]
    screen.app.push_screen(Choose(screen.t("tui.counter.where"), [column], rows), go)
