"""The union tree through the door (组织)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit
    from benefits.organisations.queries import OrganisationRow
    from tui.gateway import Gateway


async def find(gateway: "Gateway", text: str, limit: int) -> "tuple[OrganisationRow, ...]":
    """Units by name, pinyin, initials or code; nothing typed: the tree from its top."""
    from benefits.organisations import queries

    def found(unit: "ReadUnit") -> "tuple[OrganisationRow, ...]":
        if text.strip():
            return queries.search(unit, text, limit)
        return queries.subtree(unit, queries.top(unit).path)[:limit]

    return await gateway.read(found)
