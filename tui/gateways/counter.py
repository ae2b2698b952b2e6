"""The counter through the door (发放台): who is in front of it, what the person gets, and handing it over."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benefits.kits.counter import CounterRow, StationHead
    from benefits.kits.queries_stock import StockRow
    from benefits.kits.service_group import GroupHanded
    from benefits.kits.service_handout import Handed
    from tui.gateway import Gateway


async def stations(gateway: "Gateway", campaign_id: int) -> tuple[tuple[int, str], ...]:
    """Stations of a campaign where one may hand out now, by number."""
    from benefits.kits import queries_campaigns

    found = await gateway.read(queries_campaigns.stations, campaign_id)
    return tuple((one.id, f"{one.number} {one.name}") for one in found if one.state.value == "open")


async def head(gateway: "Gateway", station_id: int) -> "StationHead":
    """Where one hands out, what is there, and how many were handed out there today."""
    from benefits.kits import counter

    return await gateway.read(counter.station, station_id)


async def look_up(gateway: "Gateway", campaign_id: int, text: str, limit: int) -> "tuple[CounterRow, ...]":
    """Who may be meant by what was scanned or typed, with what each gets, or why nothing."""
    from benefits.kits import counter

    return await gateway.read(counter.look_up, campaign_id, text, limit)


async def hand_out(
    gateway: "Gateway", campaign_id: int, station_id: int, member_id: int, items: Sequence[int] | None
) -> "Handed":
    """Hand a person everything that is due, or one of its items."""
    from benefits.kits.service_handout import hand_out

    return await gateway.act(
        hand_out, campaign_id=campaign_id, station_id=station_id, member_id=member_id, items=items
    )


def after(head: "StationHead", done: "Handed") -> "StationHead":
    """What the counter knows after a hand-out, without asking again."""
    left = {item_id: count for item_id, _, count in done.left}
    now = tuple(replace(one, on_hand=left.get(one.item_id, one.on_hand)) for one in head.left)
    return replace(head, today=head.today + len(done.ids), left=now)


async def void(gateway: "Gateway", ids: Sequence[int], reason: str) -> None:
    """Strike hand-outs; what they took goes back to the station."""
    from benefits.kits.service_handout import void

    for one in ids:
        await gateway.act(void, handout_id=one, reason=reason)


async def here(gateway: "Gateway", station_id: int) -> "tuple[StockRow, ...]":
    """The lots of the station."""
    from benefits.kits.queries_stock import stock

    return await gateway.read(stock, station_id)


async def tally(
    gateway: "Gateway", campaign_id: int, station_id: int, item_id: int, quantity: int, note: str
) -> None:
    """What the public took."""
    from benefits.kits.service_tally import tally

    await gateway.act(
        tally,
        campaign_id=campaign_id,
        station_id=station_id,
        item_id=item_id,
        quantity=quantity,
        note=note,
    )


async def hand_out_group(
    gateway: "Gateway",
    campaign_id: int,
    station_id: int,
    organisation_id: int,
    collected_by: str,
    items: Sequence[int] | None,
) -> "GroupHanded":
    """A unit's representative collects for everybody there who may have something, or one item of it."""
    from benefits.kits.service_group import hand_out_group

    return await gateway.act(
        hand_out_group,
        campaign_id=campaign_id,
        station_id=station_id,
        collected_by=collected_by,
        organisation_id=organisation_id,
        items=items,
    )
