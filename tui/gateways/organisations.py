"""The union tree through the door (组织): looking at it, and every verb that changes it."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benefits.access.clerks import Unbound
    from benefits.access.queries import ClerkRow
    from benefits.access.service_clerks import HandOver
    from benefits.kernel.unit import ReadUnit
    from benefits.organisations.queries import Branch, OrganisationDetail, OrganisationRow, PlaceRow
    from tui.gateway import Gateway


async def find(gateway: "Gateway", text: str, limit: int) -> "tuple[OrganisationRow, ...]":
    """Units by name, pinyin, initials or code; nothing typed: the top, and what is directly below."""
    from benefits.organisations import queries

    def found(unit: "ReadUnit") -> "tuple[OrganisationRow, ...]":
        if text.strip():
            return queries.search(unit, text, limit)
        first = queries.top(unit)
        return (first, *(branch.row for branch in queries.children(unit, first.id)))[:limit]

    return await gateway.read(found)


async def children(gateway: "Gateway", organisation_id: int | None) -> "tuple[Branch, ...]":
    """The units directly below one; None: the topmost."""
    from benefits.organisations import queries

    return await gateway.read(queries.children, organisation_id)


async def tree_on(gateway: "Gateway", day: date) -> "tuple[PlaceRow, ...]":
    """The whole tree as it stood on a day."""
    from benefits.organisations import queries

    return await gateway.read(queries.tree_on, day)


async def detail(
    gateway: "Gateway", organisation_id: int
) -> "tuple[OrganisationDetail, tuple[ClerkRow, ...]]":
    """A unit's page and its clerks, in one snapshot."""
    from benefits.access.queries import clerks_of
    from benefits.organisations import queries

    def both(unit: "ReadUnit") -> "tuple[OrganisationDetail, tuple[ClerkRow, ...]]":
        return queries.detail(unit, organisation_id), clerks_of(unit, organisation_id)

    return await gateway.read(both)


def codes() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of industries, and of types of units."""
    from benefits.organisations.codes import INDUSTRIES, UNIT_TYPES

    return tuple(INDUSTRIES), tuple(UNIT_TYPES)


async def found(gateway: "Gateway", parent_id: int, values: Mapping[str, Any]) -> int:
    """Add a unit below another; its id."""
    from benefits.organisations import service
    from benefits.organisations.models import Level, RiskClass

    given = dict(values)
    given["level"] = Level(given["level"])
    given["risk_class"] = RiskClass(given["risk_class"]) if given.get("risk_class") else None
    return await gateway.act(service.found, parent_id=parent_id, **given)


async def edit(gateway: "Gateway", organisation_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Change what is written about a unit."""
    from benefits.organisations import service
    from benefits.organisations.models import RiskClass

    given = dict(changes)
    if given.get("risk_class"):
        given["risk_class"] = RiskClass(given["risk_class"])
    return await gateway.act(service.edit, organisation_id=organisation_id, version=version, changes=given)


async def rename(gateway: "Gateway", organisation_id: int, name: str, on: date) -> None:
    """Give a unit another name from a day on."""
    from benefits.organisations import service

    await gateway.act(service.rename, organisation_id=organisation_id, name=name, on=on)


async def move(gateway: "Gateway", organisation_id: int, parent_id: int, on: date) -> None:
    """Put a unit below another from a day on; the past keeps its shape."""
    from benefits.organisations import service

    await gateway.act(service.move, organisation_id=organisation_id, parent_id=parent_id, on=on)


async def close(gateway: "Gateway", organisation_id: int, on: date, successor_id: int | None) -> None:
    """Close a unit with a day."""
    from benefits.organisations import service

    await gateway.act(service.close, organisation_id=organisation_id, on=on, successor_id=successor_id)


async def reopen(gateway: "Gateway", organisation_id: int) -> None:
    """Take the closing of a unit back."""
    from benefits.organisations import service

    await gateway.act(service.reopen, organisation_id=organisation_id)


async def appoint(gateway: "Gateway", organisation_id: int, values: Mapping[str, Any]) -> int:
    """Appoint a clerk of a unit."""
    from benefits.access.service_clerks import appoint

    return await gateway.act(
        appoint,
        organisation_id=organisation_id,
        name=values["name"],
        phone=values["phone"] or "",
        user_login=values["login"],
        starts=values["on"],
        document=values["document"] or "",
    )


async def hand_over(
    gateway: "Gateway", organisation_id: int, clerk_id: int | None, values: Mapping[str, Any]
) -> "HandOver":
    """One clerk stops and another begins, on a sealed form."""
    from benefits.access.service_clerks import hand_over

    return await gateway.act(
        hand_over,
        organisation_id=organisation_id,
        to_name=values["name"],
        to_phone=values["phone"] or "",
        to_login=values["login"],
        on=values["on"],
        document=values["document"] or "",
        clerk_id=clerk_id,
    )


async def dismiss(gateway: "Gateway", clerk_id: int, on: date, document: str) -> "Unbound":
    """A clerk stops and nobody follows."""
    from benefits.access.service_clerks import dismiss

    return await gateway.act(dismiss, clerk_id=clerk_id, on=on, document=document)
