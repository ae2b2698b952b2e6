"""组织: the union tree (工会组织树), opened step by step, searched, or as it stood on another day."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from tui.commands import bindings
from tui.gateways import organisations
from tui.modals.dialogs import AskText
from tui.plain import plain
from tui.presenters import organisations as words
from tui.presenters.dates import day_words, read_day
from tui.screens.base import BaseScreen
from tui.screens.organisation import Organisation, ask_add
from tui.widgets.ime_input import ImeInput
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.organisations.queries import OrganisationRow

_SHOWN = 200


class Organisations(BaseScreen):
    """Right opens what stands below, Left closes it; a text searches by name, pinyin, initials or code."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "list.search", "tree.open", "tree.close", "unit.add", "tree.day"
    )

    def __init__(self) -> None:
        super().__init__()
        self.shape = words.Tree()
        self.day: date | None = None
        """The day of the tree that is shown; None: today's."""

    def body(self) -> ComposeResult:
        yield ImeInput(placeholder=self.t("tui.units_found.hint"), id="search")
        columns = [
            Column("name", self.t("tui.units_found.name"), 20, flex=1),
            Column("code", self.t("tui.units_found.code"), 12),
            Column("level", self.t("tui.units_found.level"), self.by_lang(16, 20), wide=True),
            Column("children", self.t("tui.tree.col.children"), self.by_lang(6, 8), "right"),
            Column("below", self.t("tui.tree.col.below"), self.by_lang(6, 9), "right", wide=True),
            Column("staff", self.t("tui.tree.col.staff"), 8, "right"),
        ]
        yield VirtualTable(columns, id="tree", empty=self.t("tui.units_found.none"))
        yield Static("", id="note", classes="note")

    async def fill(self) -> None:
        typed = self.query_one("#search", Input).value.strip()
        if typed:
            await self._search()
        elif self.day is not None:
            await self._past(self.day)
        else:
            await self._tree()

    # -- today's tree ------------------------------------------------------------------------------------

    async def _tree(self) -> None:
        """Ask again for all that is open, for it may have changed elsewhere."""
        first = await organisations.children(self.gateway, None)
        if not self.shape.children:
            self.shape.opened = {branch.row.id for branch in first}
        self.shape.put(None, first)
        for depth_of in list(self.shape.opened):
            self.shape.put(depth_of, await organisations.children(self.gateway, depth_of))
        self._show_tree()

    def _show_tree(self) -> None:
        lines = self.shape.lines()
        rows = [
            Row(
                branch.row,
                words.branch_cells(depth, self.shape.sign(branch), branch, self.lang),
                "dim" if branch.row.closed is not None else "",
            )
            for depth, branch in lines
        ]
        self.query_one(VirtualTable).show(rows, cursor=None)
        self._note(self.t("tui.tree.keys"))

    def _note(self, said: str) -> None:
        self.query_one("#note", Static).update(plain(said))

    def _current(self) -> "OrganisationRow | None":
        row = self.query_one(VirtualTable).current
        return row.key if row is not None else None

    def _in_tree(self) -> bool:
        return self.day is None and not self.query_one("#search", Input).value.strip()

    def do_tree_open(self) -> None:
        found = self._current()
        if found is not None and self._in_tree() and found.id in self.shape.branches:
            branch = self.shape.branches[found.id]
            if branch.children or found.id in self.shape.children:
                self.work(partial(self._open, found.id), "open")

    async def _open(self, id: int) -> None:
        self.shape.put(id, await organisations.children(self.gateway, id))
        self.shape.opened.add(id)
        self._show_tree()

    def do_tree_close(self) -> None:
        found = self._current()
        if found is None or not self._in_tree():
            return
        if found.id in self.shape.opened:
            self.shape.opened.discard(found.id)
            self._show_tree()
        elif found.parent_id is not None:  # to the one above
            places = [branch.row.id for _, branch in self.shape.lines()]
            if found.parent_id in places:
                self.query_one(VirtualTable).cursor = places.index(found.parent_id)

    # -- searching, another day --------------------------------------------------------------------------

    @on(Input.Changed, "#search")
    def typed(self) -> None:
        if self.gateway.session is not None:
            self.work(self.fill, "search")

    @on(Input.Submitted, "#search")
    def submitted(self) -> None:
        self.query_one(VirtualTable).focus()

    async def _search(self) -> None:
        text = self.query_one("#search", Input).value
        found = await organisations.find(self.gateway, text, _SHOWN)
        rows = [Row(row, words.found_in_tree(row, self.lang)) for row in found]
        self.query_one(VirtualTable).show(rows)
        self._note(self.t("tui.tree.found", count=f"{len(found):,}"))

    async def _past(self, day: date) -> None:
        found = await organisations.tree_on(self.gateway, day)
        rows = [Row(row, words.place_cells(row, self.lang)) for row in found]
        self.query_one(VirtualTable).show(rows, cursor=None)
        said = self.t("tui.tree.as_of", day=day_words(day, self.lang), count=f"{len(found):,}")
        self._note(said)

    def do_list_search(self) -> None:
        self.query_one("#search", Input).focus()

    def do_tree_day(self) -> None:
        ask = AskText(
            self.t("tui.cmd.tree.day"),
            self.t("tui.tree.day_words"),
            self.t("tui.new.day_hint"),
            needed=False,
        )
        self.app.push_screen(ask, lambda typed: self._set_day(typed) if typed is not None else None)

    def _set_day(self, typed: str) -> None:
        session = self.gateway.session
        assert session is not None
        self.day = read_day(typed, session.today) if typed else None
        if self.day == session.today:
            self.day = None
        self.query_one(VirtualTable).cursor = 0
        self.refill()
        self.refresh_bindings()

    # -- doing -------------------------------------------------------------------------------------------

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Organisation(event.row.key.id, event.row.key.name))

    def may(self, id: str) -> bool:
        if id in ("tree.open", "tree.close") and self.day is not None:
            return False
        return super().may(id)

    def do_unit_add(self) -> None:
        found = self._current()
        if found is not None:
            self.work(partial(ask_add, self, found.id))
