"""The catalogue of items (物品): goods, kits and what they are made of, material, money."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from benefits.kernel.errors import Refused
from tui.commands import bindings
from tui.gateways import goods
from tui.plain import plain
from tui.presenters import goods as words
from tui.screens.asking import Asking
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.kits.queries_items import ItemRow, ItemView


class Goods(Asking):
    """All items by code; Enter opens the bill of a kit."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("goods.add", "goods.edit", "goods.bill", "goods.retire")

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.t("tui.cmd.kits.goods")]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.goods.note")), classes="note")
        columns = [
            Column("code", self.t("tui.goods.col.code"), 12),
            Column("name", self.t("tui.goods.col.name"), 16, flex=2),
            Column("kind", self.t("tui.goods.col.kind"), self.by_lang(8, 9)),
            Column("measure", self.t("tui.goods.col.measure"), self.by_lang(4, 7)),
            Column("owner", self.t("tui.goods.field.owner"), 12, flex=1, wide=True),
            Column("state", self.t("tui.kits.col.state"), self.by_lang(6, 8)),
        ]
        yield VirtualTable(columns, id="goods", empty=self.t("tui.goods.empty"))
        yield Static("", id="bill", classes="note")

    async def fill(self) -> None:
        found = await goods.items(self.gateway, retired=True)
        rows = [Row(one, words.item_cells(one, self.lang), "dim" if one.retired else "") for one in found]
        self.query_one(VirtualTable).show(rows, cursor=None)

    @property
    def chosen(self) -> "ItemRow | None":
        """The item under the cursor."""
        row = self.query_one(VirtualTable).current if self.query(VirtualTable) else None
        return row.key if row is not None else None

    def may(self, id: str) -> bool:
        row = self.chosen if id in ("goods.edit", "goods.bill", "goods.retire") else None
        if id in ("goods.edit", "goods.retire") and row is None:
            return False
        if id == "goods.bill" and (row is None or row.kind.value != "kit"):
            return False
        return super().may(id)

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        self.refresh_bindings()
        if event.row is not None:
            self.work(partial(self._say_bill, event.row.key.id), "bill")

    async def _say_bill(self, item_id: int) -> None:
        view = await goods.item(self.gateway, item_id)
        self.query_one("#bill", Static).update(plain(words.bill_words(view, self.lang)))

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        if event.row.key.kind.value == "kit":
            self.app.push_screen(Bill(event.row.key.id, event.row.key.name))

    def do_goods_add(self) -> None:
        fields = words.item_fields(None, self.lang)
        self.form("goods.add", self.t("tui.goods.add_words"), fields, partial(goods.add, self.gateway))

    def do_goods_edit(self) -> None:
        if (row := self.chosen) is not None:
            submit = partial(goods.edit, self.gateway, row.id, row.version)
            self.form("goods.edit", "", words.item_fields(row, self.lang), submit, about=str(row.id))

    def do_goods_bill(self) -> None:
        if (row := self.chosen) is not None:
            self.app.push_screen(Bill(row.id, row.name))

    def do_goods_retire(self) -> None:
        if (row := self.chosen) is not None:
            key = "tui.goods.use_again" if row.retired else "tui.goods.retire_words"
            act = partial(goods.retire, self.gateway, row.id, retired=not row.retired)
            self.question("goods.retire", self.t(key, name=row.name), self.t("tui.goods.yes"), act)


class Bill(Asking):
    """The bill of a kit (配套清单): what is in one of it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("goods.bill")

    def __init__(self, kit_id: int, name: str) -> None:
        super().__init__()
        self.kit_id, self.kit_name = kit_id, name
        self.view: ItemView | None = None

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.t("tui.cmd.kits.goods"), self.kit_name]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.goods.bill_note", name=self.kit_name)), classes="note")
        columns = [
            Column("code", self.t("tui.goods.col.code"), 12),
            Column("name", self.t("tui.goods.col.name"), 16, flex=1),
            Column("each", self.t("tui.goods.field.each"), 12, "right"),
        ]
        yield VirtualTable(columns, id="parts", empty=self.t("tui.goods.no_bill"))

    async def fill(self) -> None:
        view = self.view = await goods.item(self.gateway, self.kit_id)
        rows = [Row(one, words.part_cells(one, self.lang)) for one in view.parts]
        self.query_one(VirtualTable).show(rows, cursor=None)

    def do_goods_bill(self) -> None:
        self.work(self._ask)

    async def _ask(self) -> None:
        offered = [one for one in await goods.items(self.gateway) if one.kind.value in ("goods", "material")]
        if not offered:
            raise Refused("tui.goods.nothing_to_use")
        said = self.t("tui.goods.bill_words", name=self.kit_name)
        self.form(
            "goods.bill", said, words.part_fields(offered, self.lang), self._put, about=str(self.kit_id)
        )

    async def _put(self, values: dict[str, Any]) -> None:
        view = await goods.item(self.gateway, self.kit_id)
        parts = {one.item_id: one.quantity for one in view.parts} | {int(values["item"]): values["quantity"]}
        await goods.set_bill(self.gateway, self.kit_id, [pair for pair in parts.items() if pair[1]])
