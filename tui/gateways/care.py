"""Care lists through the door (慰问): birthdays of a month, visits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benefits.kits.service_care import Birthdays
    from tui.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Visits:
    """A campaign of visits that was made."""

    campaign_id: int


async def add_birthdays(gateway: "Gateway", values: Mapping[str, Any]) -> "Birthdays":
    """The birthdays of a month of a unit and all below it."""
    from benefits.kits.service_campaign import GivenItem
    from benefits.kits.service_care import add_birthdays

    month = values["month"]
    return await gateway.act(
        add_birthdays,
        organisation_id=values["organisation"],
        year=month.year,
        month=month.month,
        items=[GivenItem(int(values["item"]), 1)],
        counts_stock=values["counts_stock"] == "yes",
    )


async def add_visits(gateway: "Gateway", values: Mapping[str, Any]) -> Visits:
    """Visits: money by the list, unless goods are set later."""
    from benefits.kernel.money import parse_yuan
    from benefits.kits.service_care import add_visits

    made = await gateway.act(
        add_visits,
        organisation_id=values["organisation"],
        name=values["name"],
        starts=values["starts"],
        ends=values["ends"],
        budget_fen=parse_yuan(values["budget"]) if values["budget"] else None,
    )
    return Visits(made)
