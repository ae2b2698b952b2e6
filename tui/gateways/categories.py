"""The code table of worker categories through the door (新就业形态类别表)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benefits.members.dossier import CategoryRow
    from tui.gateway import Gateway


async def table(gateway: "Gateway") -> "tuple[CategoryRow, ...]":
    """All categories, also those that are not in use today."""
    from benefits.members.dossier import every_category

    return await gateway.read(every_category)


async def define(gateway: "Gateway", values: Mapping[str, Any]) -> None:
    """Write a category, new or known."""
    from benefits.members.service_categories import define_category

    await gateway.act(define_category, **values)
