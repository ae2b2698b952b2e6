"""新就业形态类别表: the dated code table of worker categories; people are given them on their own page."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateways import categories
from tui.modals.form import Form
from tui.plain import plain
from tui.presenters import categories as words
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.members.dossier import CategoryRow


class Categories(BaseScreen):
    """One line a category, also those not in use; ``n`` adds one, ``e`` and Enter change one."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("category.add", "category.edit")

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.t("tui.cmd.system.categories")]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.category.what")), classes="note")
        columns = [
            Column("zh", self.t("tui.category.name_zh"), 14),
            Column("en", self.t("tui.category.name_en"), 14, flex=1),
            Column("code", self.t("tui.category.code"), 20),
            Column("starts", self.t("tui.category.starts"), self.by_lang(10, 11)),
            Column("ends", self.t("tui.category.ends"), 10),
            Column("groups", self.t("tui.category.groups"), 21, wide=True),
        ]
        yield VirtualTable(columns, id="categories", empty=self.t("tui.category.none"))

    async def fill(self) -> None:
        session = self.gateway.session
        assert session is not None
        rows = [
            Row(row, words.category_cells(row, self.lang), "" if words.in_use(row, session.today) else "dim")
            for row in await categories.table(self.gateway)
        ]
        self.query_one(VirtualTable).show(rows, cursor=None)
        self.refresh_bindings()

    def _current(self) -> "CategoryRow | None":
        for table in self.query(VirtualTable):
            row: CategoryRow | None = getattr(table.current, "key", None)
            return row
        return None

    def may(self, id: str) -> bool:
        if id == "category.edit" and self._current() is None:
            return False
        return super().may(id)

    def on_virtual_table_opened(self) -> None:
        if self.may("category.edit"):
            self.do_category_edit()

    def do_category_add(self) -> None:
        self._form("category.add", None)

    def do_category_edit(self) -> None:
        if (row := self._current()) is not None:
            self._form("category.edit", row)

    def _form(self, id: str, row: "CategoryRow | None") -> None:
        session = self.gateway.session
        assert session is not None

        async def submit(values: dict[str, Any]) -> str:
            given = words.category_values(row, values)
            await categories.define(self.gateway, given)
            return str(given["name_zh"])

        heading = self.t(f"tui.cmd.{id}")
        said = self.t("tui.category.add_words")
        if row is not None:
            said = self.t("tui.category.edit_words", name=row.name_zh, code=row.code)
        fields = words.category_fields(row, session.today.isoformat(), self.lang)
        form = Form(heading, said, fields, submit, draft=f"{id}:{row.code if row is not None else ''}")
        self.app.push_screen(form, lambda name: self._done(heading, name) if name is not None else None)

    def _done(self, what: str, name: str) -> None:
        self.benefits.say("tui.unit.done", what=what, name=name)
        self.refill()
