"""The catalogue of items through the door (物品): what there is, what kits are made of."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benefits.kits.queries_items import ItemRow, ItemView
    from tui.gateway import Gateway

KINDS = ("goods", "kit", "material", "money")
"""Kinds of items, in the order of a pick list."""


async def items(gateway: "Gateway", *, retired: bool = False) -> "tuple[ItemRow, ...]":
    """The catalogue by code; ``retired``: with what is no longer bought."""
    from benefits.kits import queries_items

    return await gateway.read(queries_items.items, retired=retired)


async def item(gateway: "Gateway", item_id: int) -> "ItemView":
    """An item with its bill."""
    from benefits.kits import queries_items

    return await gateway.read(queries_items.item, item_id)


async def add(gateway: "Gateway", values: Mapping[str, Any]) -> int:
    """A new item; its id."""
    from benefits.kits.models import ItemKind
    from benefits.kits.service_items import add_item

    given = {name: values[name] or "" for name in ("code", "name", "measure", "barcode")}
    kind = ItemKind(values["kind"])
    return await gateway.act(add_item, organisation_id=values["organisation"], kind=kind, **given)


async def edit(gateway: "Gateway", item_id: int, version: int, values: Mapping[str, Any]) -> None:
    """Change what is written about an item."""
    from benefits.kits.service_items import edit_item

    changes = {name: value or "" for name, value in values.items()}
    await gateway.act(edit_item, item_id=item_id, version=version, changes=changes)


async def retire(gateway: "Gateway", item_id: int, *, retired: bool) -> None:
    """No longer bought, or bought again."""
    from benefits.kits.service_items import retire_item

    await gateway.act(retire_item, item_id=item_id, retired=retired)


async def set_bill(gateway: "Gateway", kit_id: int, parts: Sequence[tuple[int, int]]) -> None:
    """What one kit is made of: items and how many of each."""
    from benefits.kits.service_items import set_bill

    await gateway.act(set_bill, kit_id=kit_id, parts=list(parts))
