"""What the commands on campaigns share: how things are named on the command line, and shown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.options import Misuse
from benefits.kernel.errors import say

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit
    from benefits.kits.models import Campaign
    from benefits.kits.service_campaign import GivenItem

CAMPAIGN: Any = typer.Argument(..., metavar="CAMPAIGN", help="commands.option.kit_campaign")
STATION: Any = typer.Argument(..., metavar="STATION", help="commands.option.kit_station")


def campaign_named(unit: "ReadUnit", said: str) -> "tuple[int, Campaign]":
    """A campaign by number or name, with its id."""
    from benefits.kits.references import campaign_of

    found = campaign_of(unit, said)
    assert found.id is not None
    return found.id, found


def station_named(unit: "ReadUnit", said: str, campaign_id: int | None = None) -> int:
    """The id of a station."""
    from benefits.kits.references import station_of

    found = station_of(unit, said, campaign_id).id
    assert found is not None
    return found


def item_named(unit: "ReadUnit", said: str) -> int:
    """The id of an item."""
    from benefits.kits.references import item_of

    found = item_of(unit, said).id
    assert found is not None
    return found


def places_named(unit: "ReadUnit", said: Sequence[str]) -> list[int]:
    """Ids of units by code or name; several may stand in one word, with commas between them."""
    from benefits.organisations.queries import by_code

    return [by_code(unit, one.strip()).id for words in said for one in words.split(",") if one.strip()]


def given_items(unit: "ReadUnit", said: Sequence[str]) -> "list[GivenItem]":
    """``ITEM``, ``ITEM:2`` (two a person at most) or ``ITEM:1:2000`` (two thousand planned in all)."""
    from benefits.kits.service_campaign import GivenItem

    found = []
    for words in said:
        name, *numbers = words.split(":")
        if len(numbers) > 2 or not all(one.isascii() and one.isdigit() and len(one) < 10 for one in numbers):
            raise Misuse(say("commands.usage.kit_item", text=words[:40]))
        counts = [int(one) for one in numbers]
        planned = counts[1] if len(counts) > 1 else None
        found.append(GivenItem(item_named(unit, name), counts[0] if counts else 1, planned))
    return found


def fen_said(text: str | None) -> int | None:
    """An amount of yuan as fen."""
    from benefits.kernel.errors import Refused
    from benefits.kernel.money import parse_yuan

    try:
        return None if text is None else parse_yuan(text)
    except Refused as refusal:
        raise Misuse(refusal.say) from refusal
