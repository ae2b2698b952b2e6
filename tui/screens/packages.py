"""Packages (离线包): what stations took with them to hand out without the network, and what came home."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from benefits.kernel.errors import Refused
from tui.commands import bindings
from tui.gateways import counter, packages
from tui.modals.dialogs import Tell
from tui.plain import plain
from tui.presenters import packages as words
from tui.screens.asking import Asking
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.kits.queries_package import Conflict, PackageRow


class Packages(Asking):
    """The packages of a campaign; a station whose package is out hands out nothing here."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "package.make", "package.back", "package.conflicts", "package.lost", "package.pack"
    )

    def __init__(self, campaign_id: int, name: str) -> None:
        super().__init__()
        self.campaign_id, self.campaign_name = campaign_id, name

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.campaign_name, self.t("tui.cmd.campaign.packages")]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.package.note")), classes="note")
        columns = [
            Column("number", self.t("tui.package.col.number"), 12),
            Column("station", self.t("tui.kits.col.station"), 14, flex=1),
            Column("people", self.t("tui.kits.col.people"), 7, "right"),
            Column("made", self.t("tui.package.col.made"), 11),
            Column("back", self.t("tui.package.col.back"), 11, wide=True),
            Column("given", self.t("tui.kits.col.given"), 7, "right"),
            Column("twice", self.t("tui.package.col.twice"), 6, "right"),
            Column("state", self.t("tui.kits.col.state"), self.by_lang(6, 6)),
        ]
        yield VirtualTable(columns, id="packages", empty=self.t("tui.package.empty"))

    async def fill(self) -> None:
        found = await packages.packages(self.gateway, self.campaign_id)
        rows = [
            Row(one, words.package_cells(one, self.lang), "" if one.state.value == "out" else "dim")
            for one in found
        ]
        self.query_one(VirtualTable).show(rows, cursor=None)

    @property
    def chosen(self) -> "PackageRow | None":
        """The package under the cursor."""
        row = self.query_one(VirtualTable).current if self.query(VirtualTable) else None
        return row.key if row is not None else None

    def may(self, id: str) -> bool:
        if id == "package.lost" and (self.chosen is None or self.chosen.state.value != "out"):
            return False
        return super().may(id)

    def on_virtual_table_moved(self) -> None:
        self.refresh_bindings()

    def do_package_make(self) -> None:
        self.work(self._ask_make)

    async def _ask_make(self) -> None:
        stations = await counter.stations(self.gateway, self.campaign_id)
        if not stations:
            raise Refused("tui.kits.no_stations_yet")
        path = str(Path.cwd() / self.t("tui.package.file"))
        fields = words.make_fields(stations, path, self.lang)
        submit = partial(packages.make, self.gateway)
        self.form(
            "package.make", self.t("tui.package.make_words"), fields, submit, about=str(self.campaign_id)
        )

    def do_package_back(self) -> None:
        fields = (words.path_field(str(Path.cwd() / self.t("tui.package.back_file")), self.lang),)
        submit = partial(packages.take_back, self.gateway)
        self.form("package.back", self.t("tui.package.back_words"), fields, submit)

    def do_package_pack(self) -> None:
        fields = (words.path_field(str(Path.cwd() / self.t("tui.package.back_file")), self.lang),)
        self.form(
            "package.pack", self.t("tui.package.pack_words"), fields, partial(packages.pack, self.gateway)
        )

    def do_package_lost(self) -> None:
        if (row := self.chosen) is not None:
            said = self.t("tui.package.lost_words", number=row.number, station=row.station)
            act = partial(packages.lose, self.gateway, row.id)
            self.why("package.lost", said, self.t("tui.kits.why_hint"), act)

    def do_package_conflicts(self) -> None:
        self.app.push_screen(Conflicts(self.campaign_id, self.campaign_name))

    def did(self, id: str, result: Any) -> None:
        """The code of a package is shown once, and stands in no file."""
        super().did(id, result)
        heading = self.t(f"tui.cmd.{id}")
        if id == "package.make":
            made, path, code = result
            said = self.t(
                "tui.package.made", number=made.number, path=path, people=f"{made.people:,}", code=code
            )
            self.app.push_screen(Tell(heading, said))
        elif id == "package.back":
            self.app.push_screen(Tell(heading, words.merged_words(result, self.lang)))
        elif id == "package.pack":
            packed, path = result
            said = self.t("tui.package.packed", number=packed.number, path=path, given=f"{packed.handouts:,}")
            self.app.push_screen(Tell(heading, said))


class Conflicts(Asking):
    """Hand-outs about which somebody must decide (待处理的发放): a second one, or one to somebody who was not
    entitled any more. Enter writes how it was settled."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("package.settle", "package.strike")

    def __init__(self, campaign_id: int, name: str) -> None:
        super().__init__()
        self.campaign_id, self.campaign_name = campaign_id, name

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.campaign_name, self.t("tui.cmd.package.conflicts")]

    def body(self) -> ComposeResult:
        columns = [
            Column("name", self.t("tui.members.col.name"), 12),
            Column("item", self.t("tui.goods.col.name"), 12),
            Column("station", self.t("tui.kits.col.station"), 14),
            Column("at", self.t("tui.stock.col.at"), 11),
            Column("why", self.t("tui.package.col.why"), 20, flex=1),
        ]
        yield VirtualTable(columns, id="conflicts", empty=self.t("tui.package.no_conflicts"))

    async def fill(self) -> None:
        found = await packages.conflicts(self.gateway, self.campaign_id)
        rows = [Row(one, words.conflict_cells(one, self.lang)) for one in found]
        self.query_one(VirtualTable).show(rows, cursor=None)
        self.refresh_bindings()

    @property
    def chosen(self) -> "Conflict | None":
        """The hand-out under the cursor."""
        row = self.query_one(VirtualTable).current if self.query(VirtualTable) else None
        return row.key if row is not None else None

    def may(self, id: str) -> bool:
        if id in ("package.settle", "package.strike") and self.chosen is None:
            return False
        return super().may(id)

    def on_virtual_table_moved(self) -> None:
        self.refresh_bindings()

    def on_virtual_table_opened(self) -> None:
        if self.may("package.settle"):
            self.do_package_settle()

    def do_package_settle(self) -> None:
        if (one := self.chosen) is not None:
            said = f"{one.name} · {one.item}\n{words.why_words(one, self.lang)}"
            act = partial(packages.settle, self.gateway, one.handout_id)
            self.why("package.settle", said, self.t("tui.package.settle_hint"), act)

    def do_package_strike(self) -> None:
        if (one := self.chosen) is not None:
            said = self.t("tui.package.strike_words", name=one.name, item=one.item)

            async def act(reason: str) -> None:
                await counter.void(self.gateway, [one.handout_id], reason)

            self.why("package.strike", said, self.t("tui.kits.why_hint"), act)
