"""What the screens of items say (物品): the catalogue, and the bill of a kit."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.i18n import t
from tui.presenters.forms import Field

if TYPE_CHECKING:
    from benefits.kits.queries_items import ItemRow, ItemView, PartRow

KINDS = ("goods", "kit", "material", "money")


def item_cells(row: "ItemRow", lang: str) -> tuple[str, ...]:
    """Code, name, kind, measure, owner, whether it is in use."""
    return (
        row.code,
        row.name,
        t(f"tui.goods.kind.{row.kind.value}", lang),
        row.measure,
        row.owner or "-",
        t("tui.goods.retired" if row.retired else "tui.goods.in_use", lang),
    )


def bill_words(view: "ItemView", lang: str) -> str:
    """What a kit is made of, or which kits an item is part of; one line."""
    mark = t("tui.name_mark", lang)
    if view.parts:
        parts = mark.join(
            t("tui.counter.thing", lang, item=one.name, count=one.quantity, measure=one.measure)
            for one in view.parts
        )
        return t("tui.goods.made_of", lang, parts=parts)
    if view.item.kind.value == "kit":
        return t("tui.goods.no_bill", lang)
    return t("tui.goods.part_of", lang, kits=mark.join(view.part_of)) if view.part_of else ""


def part_cells(row: "PartRow", lang: str) -> tuple[str, ...]:
    """Code, name, how many in one kit."""
    return row.code, row.name, f"{row.quantity:,} {row.measure}"


def item_fields(row: "ItemRow | None", lang: str) -> tuple[Field, ...]:
    """The form of an item; None: a new one."""

    def label(name: str) -> str:
        return t(f"tui.goods.field.{name}", lang)

    texts = tuple(
        Field(
            one,
            label(one),
            initial=str(getattr(row, one)) if row is not None else "",
            needed=one == "name",
            hint=t("tui.goods.code_hint", lang) if one == "code" else "",
        )
        for one in (
            ("name", "measure", "barcode") if row is not None else ("name", "code", "measure", "barcode")
        )
    )
    if row is not None:
        return texts
    kinds = tuple((one, t(f"tui.goods.kind.{one}", lang)) for one in KINDS)
    kind = Field("kind", label("kind"), "pick", "goods", options=kinds)
    return (texts[0], kind, Field("organisation", label("owner"), "unit"), *texts[1:])


def part_fields(goods: "Sequence[ItemRow]", lang: str) -> tuple[Field, ...]:
    """A line of a bill: which item, how many; none takes it out."""
    options = tuple((str(one.id), f"{one.code} {one.name}") for one in goods)
    return (
        Field("item", t("tui.kits.field.item", lang), "pick", options=options),
        Field("quantity", t("tui.goods.field.each", lang), "number", "1", hint=t("tui.goods.zero", lang)),
    )
