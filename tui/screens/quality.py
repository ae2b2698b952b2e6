"""数据质量: what is missing, wrong or shared, unit by unit (数据质量看板); Enter goes down to the people."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateway import Gateway
from tui.gateways import quality
from tui.modals.dialogs import AskText, Choose, Tell
from tui.plain import plain
from tui.presenters import quality as words
from tui.screens.base import BaseScreen
from tui.screens.member import Person
from tui.widgets.virtual_table import PAGE, Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.members.quality import BoardRow


class Quality(BaseScreen):
    """One line a unit, those above rolled up; only units in which something is wrong, unless all are asked
    for."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("quality.all", "quality.export")

    def __init__(self) -> None:
        super().__init__()
        self.everything = False

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.t("tui.cmd.roster.quality")]

    def body(self) -> ComposeResult:
        yield Static("", id="sums", classes="words")
        width = self.by_lang(6, 8)
        columns = [
            Column("unit", self.t("tui.quality.col.unit"), 16, flex=1),
            Column("people", self.t("tui.quality.col.people"), 6, "right"),
            Column("faulty", self.t("tui.quality.col.faulty"), 6, "right"),
        ]
        for place, fault in enumerate(words.FAULTS):
            shown = 0 if place < words.NARROW else 110 if place < words.WIDE else 140
            columns.append(Column(fault, self.t(f"tui.quality.col.{fault}"), width, "right", wide=shown))
        yield VirtualTable(columns, id="board", empty=self.t("tui.quality.nothing"))
        yield Static("", id="note", classes="note")

    async def fill(self) -> None:
        found = await quality.board(self.gateway)
        rows = [
            Row(row, words.board_cells(row, self.lang), "" if row.faulty else "dim")
            for row in found
            if self.everything or row.faulty
        ]
        self.query_one(VirtualTable).show(rows, cursor=None)
        self.query_one("#sums", Static).update(plain(words.summary(found, self.lang)))

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        said = words.board_words(event.row.key, self.lang) if event.row is not None else ""
        self.query_one("#note", Static).update(plain(said or self.t("tui.quality.keys")))

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        row: BoardRow = event.row.key
        self.app.push_screen(Faulty(row.path, row.name))

    def do_quality_all(self) -> None:
        self.everything = not self.everything
        self.refill()

    def do_quality_export(self) -> None:
        row = self.query_one(VirtualTable).current
        if row is not None:
            ask_export(self, "", row.key.path, row.key.name)


class FaultyPages:
    """People with a fault page by page, each from the key where the one before it ended; how many there are
    is known when the last has come."""

    def __init__(self, gateway: Gateway, fault: str, path: str, lang: str, total: int) -> None:
        self.gateway, self.fault, self.path, self.lang, self.total = gateway, fault, path, lang, total
        self._after: dict[int, quality.After | None] = {0: None}

    async def count(self) -> int:
        return self.total

    async def page(self, start: int, limit: int) -> Sequence[Row]:
        known = max(place for place in self._after if place <= start)
        while True:
            found = await quality.people(self.gateway, self.fault, self.path, PAGE, self._after[known])
            if found:
                self._after[known + PAGE] = found[-1].cursor
            if known == start or len(found) < PAGE:
                break
            known += PAGE
        if known != start:
            return []
        return [Row(row, words.faulty_cells(row, self.lang)) for row in found[:limit]]


class Faulty(BaseScreen):
    """Who is behind a number of the board; Enter opens the person."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("quality.fault", "quality.export")

    def __init__(self, path: str, place: str) -> None:
        super().__init__()
        self.path, self.place, self.fault = path, place, ""

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.t("tui.cmd.roster.quality"), self.place]

    def body(self) -> ComposeResult:
        yield Static("", id="filter", classes="words")
        columns = [
            Column("name", self.t("tui.members.col.name"), 10),
            Column("birth", self.t("tui.members.col.birth"), 10, wide=True),
            Column("id", self.t("tui.quality.out.id_number"), 18),
            Column("phone", self.t("tui.quality.out.phone"), 13, wide=True),
            Column("unit", self.t("tui.members.col.unit"), 12, flex=1),
            Column("faults", self.t("tui.quality.out.faults"), 16, flex=2),
        ]
        yield VirtualTable(columns, id="people", empty=self.t("tui.quality.nobody"))

    async def fill(self) -> None:
        rows = await quality.board(self.gateway)
        here = next((row for row in rows if row.path == self.path), None)
        total = 0
        if here is not None:
            counts = {fault.value: count for fault, count in here.counts.items()}
            total = counts.get(self.fault, 0) if self.fault else here.faulty
        pages = FaultyPages(self.gateway, self.fault, self.path, self.lang, total)
        self.query_one(VirtualTable).show(pages, cursor=None)
        name = self._fault_name(self.fault)
        said = self.t("tui.quality.filter", place=self.place, fault=name, count=f"{total:,}")
        self.query_one("#filter", Static).update(plain(said))

    def _fault_name(self, fault: str) -> str:
        return self.t(f"members.fault.{fault}") if fault else self.t("tui.quality.any")

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Person(event.row.key.id, event.row.key.name))

    def do_quality_fault(self) -> None:
        rows = [Row(fault, (self._fault_name(fault),)) for fault in ("", *words.FAULTS)]
        at = next((n for n, row in enumerate(rows) if row.key == self.fault), 0)
        column = Column("fault", self.t("tui.quality.out.faults"), 20, flex=1)
        dialog = Choose(self.t("tui.cmd.quality.fault"), [column], rows, cursor=at)
        self.app.push_screen(dialog, lambda key: self._narrow(str(key)) if key is not None else None)

    def _narrow(self, fault: str) -> None:
        self.fault = fault
        self.query_one(VirtualTable).cursor = 0
        self.refill()

    def do_quality_export(self) -> None:
        ask_export(self, self.fault, self.path, self.place)


def ask_export(screen: BaseScreen, fault: str, path: str, place: str) -> None:
    """Ask where the list goes, and write it."""
    initial = str(Path.cwd() / screen.t("tui.quality.file", place=place.replace("/", "")))
    said = screen.t("tui.quality.export_words", place=place)
    ask = AskText(screen.t("tui.cmd.quality.export"), said, screen.t("tui.report.hint"), initial=initial)
    screen.app.push_screen(
        ask,
        lambda out: screen.work(partial(_export, screen, fault, path, place, out)) if out else None,
    )


async def _export(screen: BaseScreen, fault: str, path: str, place: str, out: str) -> None:
    title = screen.t("rosters.quality.title")
    where = Path(out).expanduser()
    written = await quality.export(screen.gateway, fault, path, place, where, title, screen.lang)
    told = screen.t("tui.out.written", path=written.path, rows=f"{written.rows:,}")
    screen.app.push_screen(Tell(screen.t("tui.cmd.quality.export"), told))
