"""Campaigns through the door (发放活动): looking at them, and every verb on a campaign, its stations, its
allocation and its list."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui.gateways import members

if TYPE_CHECKING:
    from benefits.kernel.errors import Problem
    from benefits.kernel.unit import ReadUnit, WriteUnit
    from benefits.kits.allocation import Proposal
    from benefits.kits.closing import Balance
    from benefits.kits.limits import Limit
    from benefits.kits.queries_campaigns import AllocationRow, CampaignRow, CampaignView, StationRow
    from benefits.kits.queries_people import PersonRow
    from benefits.kits.service_allocation import Shipped
    from tui.gateway import Gateway

RULES = ("", "members-in-post", "women", "category:", "file")
"""Who is entitled, as the form offers it; ``category:`` asks for codes, ``file`` for a TOML file."""


async def campaigns(gateway: "Gateway") -> "tuple[CampaignRow, ...]":
    """All campaigns, those that are being worked on first."""
    from benefits.kits import queries_campaigns

    return await gateway.read(queries_campaigns.campaigns)


async def campaign(
    gateway: "Gateway", campaign_id: int, lang: str = "zh"
) -> "tuple[CampaignView, tuple[StationRow, ...], tuple[str, ...]]":
    """A campaign, its stations, and its rule in words, in one snapshot."""
    from benefits.kits import queries_campaigns as queries
    from benefits.kits.rule import of_campaign, sentences

    def found(unit: "ReadUnit") -> "tuple[CampaignView, tuple[StationRow, ...], tuple[str, ...]]":
        view = queries.campaign(unit, campaign_id)
        said = sentences(of_campaign(list(view.rule)), lang)
        return view, queries.stations(unit, campaign_id), said

    return await gateway.read(found)


async def limits(gateway: "Gateway") -> "tuple[Limit, ...]":
    """Yearly limits that a campaign may count against, one a purpose."""

    def found() -> "tuple[Limit, ...]":
        from benefits.kits.limits import limits

        return tuple({limit.purpose: limit for limit in reversed(limits())}.values())

    return await gateway.in_thread(found)


# -- campaigns ---------------------------------------------------------------------------------------------


def _said(values: Mapping[str, Any], categories: set[str]) -> dict[str, Any]:
    """What the form says, as the service wants it; ``categories``: codes of workers that a rule may name.
    Raises Refused for a sum or a rule that cannot be read."""
    from pathlib import Path

    from benefits.contributions.models import Payer
    from benefits.kernel.money import parse_yuan
    from benefits.kits.models import CampaignKind, Once
    from benefits.kits.rule import said

    given = {name: values[name] for name in ("name", "starts", "ends")}
    given["kind"] = CampaignKind(values["kind"])
    given["once"] = Once(values["once"])
    given["purpose"] = values["purpose"] or ""
    given["budget_fen"] = parse_yuan(values["budget"]) if values["budget"] else None
    given["fund"] = Payer(values["fund"]) if values["fund"] else None
    given["listed_only"] = values["whom"] == "listed"
    given["public"] = values["public"] == "yes"
    if values["rule"] != "keep":
        word, more = values["rule"] or "", values["rule_more"] or ""
        name = {"category:": f"category:{more}", "file": str(Path(more).expanduser())}.get(word, word)
        given["rule"] = said([name], categories) if name else ()
    return given


async def _categories(gateway: "Gateway") -> set[str]:
    return {row.code for row in await members.categories(gateway)}


async def add_campaign(gateway: "Gateway", values: Mapping[str, Any]) -> int:
    """Make a campaign; its id."""
    from benefits.kits.service_campaign import add_campaign

    given = await gateway.in_thread(_said, values, await _categories(gateway))
    return await gateway.act(add_campaign, organisation_id=values["organisation"], **given)


async def edit_campaign(gateway: "Gateway", campaign_id: int, version: int, values: Mapping[str, Any]) -> int:
    """Change what is written about a campaign."""
    from benefits.kits.service_campaign import edit_campaign

    changes = await gateway.in_thread(_said, values, await _categories(gateway))
    return await gateway.act(edit_campaign, campaign_id=campaign_id, version=version, changes=changes)


async def add_unit(gateway: "Gateway", campaign_id: int, values: Mapping[str, Any]) -> int:
    """Put a part of the tree into what a campaign is for, or take it out."""
    from benefits.kits.queries_campaigns import campaign
    from benefits.kits.service_campaign import set_units

    def put(unit: "WriteUnit") -> int:
        now = {id for id, _ in campaign(unit, campaign_id).units}
        now = now - {values["organisation"]} if values["how"] == "out" else now | {values["organisation"]}
        return set_units(unit, campaign_id=campaign_id, organisation_ids=sorted(now))

    return await gateway.act(put)


async def set_item(gateway: "Gateway", campaign_id: int, values: Mapping[str, Any]) -> int:
    """Put an item into what a campaign gives, change it, or (none a person) take it out."""
    from benefits.kits.queries_campaigns import campaign
    from benefits.kits.service_campaign import GivenItem, set_items

    item_id, most = int(values["item"]), values["per_person"]

    def put(unit: "WriteUnit") -> int:
        now = {
            one.item_id: GivenItem(one.item_id, one.per_person, one.planned)
            for one in campaign(unit, campaign_id).items
        }
        now.pop(item_id, None)
        if most:
            now[item_id] = GivenItem(item_id, most, values["planned"])
        return set_items(unit, campaign_id=campaign_id, items=list(now.values()))

    return await gateway.act(put)


async def open_campaign(gateway: "Gateway", campaign_id: int) -> None:
    """Begin to hand out."""
    from benefits.kits.service_campaign import open_campaign

    await gateway.act(open_campaign, campaign_id=campaign_id)


async def cancel_campaign(gateway: "Gateway", campaign_id: int, reason: str) -> None:
    """Call a campaign off."""
    from benefits.kits.service_campaign import cancel_campaign

    await gateway.act(cancel_campaign, campaign_id=campaign_id, reason=reason)


async def close_campaign(gateway: "Gateway", campaign_id: int) -> None:
    """Close a campaign that comes out at zero."""
    from benefits.kits.service_campaign import close_campaign

    await gateway.act(close_campaign, campaign_id=campaign_id)


async def balance(gateway: "Gateway", campaign_id: int) -> "tuple[Balance, ...]":
    """How every item of a campaign adds up."""
    from benefits.kits.closing import campaign_balance

    return await gateway.read(campaign_balance, campaign_id)


async def obstacles(gateway: "Gateway", campaign_id: int) -> "tuple[Problem, ...]":
    """Everything that stands in the way of closing."""
    from benefits.kits.closing import obstacles

    return await gateway.read(obstacles, campaign_id)


# -- stations ----------------------------------------------------------------------------------------------


async def add_station(gateway: "Gateway", campaign_id: int, values: Mapping[str, Any]) -> int:
    """A new station; its id."""
    from benefits.kits.service_station import NewStation, add_station

    texts: dict[str, Any] = {
        name: values[name] or "" for name in ("name", "address", "hours", "keeper", "keeper_login")
    }
    station = NewStation(organisation_id=values["organisation"], **texts)
    return await gateway.act(add_station, campaign_id=campaign_id, station=station)


async def edit_station(gateway: "Gateway", station_id: int, version: int, values: Mapping[str, Any]) -> int:
    """Change what is written about a station; an empty login leaves the keeper's as it is."""
    from benefits.kits.service_station import edit_station

    changes = {name: value or "" for name, value in values.items() if name != "keeper_login" or value}
    return await gateway.act(edit_station, station_id=station_id, version=version, changes=changes)


async def add_served(gateway: "Gateway", campaign_id: int, station_id: int, values: Mapping[str, Any]) -> int:
    """The people of a part of the tree collect at a station from now on, or no longer."""
    from benefits.kits.queries_campaigns import stations
    from benefits.kits.service_station import assign_units

    def put(unit: "WriteUnit") -> int:
        own = next(one for one in stations(unit, campaign_id) if one.id == station_id)
        now = {id for id, _ in own.units}
        now = now - {values["organisation"]} if values["how"] == "out" else now | {values["organisation"]}
        return assign_units(unit, station_id=station_id, organisation_ids=sorted(now))

    return await gateway.act(put)


async def close_station(gateway: "Gateway", station_id: int) -> None:
    """Close a station that has nothing left."""
    from benefits.kits.service_station import close_station

    await gateway.act(close_station, station_id=station_id)


# -- people ------------------------------------------------------------------------------------------------


async def people(
    gateway: "Gateway", campaign_id: int, which: str, skip: int, limit: int
) -> "tuple[PersonRow, ...]":
    """A page of entitled, waiting, served or listed people."""
    from benefits.kits.queries_people import Which, people

    return await gateway.read(people, campaign_id, Which(which), skip=skip, limit=limit)


async def people_counts(gateway: "Gateway", campaign_id: int) -> dict[str, int]:
    """How many stand on each of these lists."""
    from benefits.kits.queries_people import Which, count_people

    def found(unit: "ReadUnit") -> dict[str, int]:
        return {which.value: count_people(unit, campaign_id, which) for which in Which}

    return await gateway.read(found)


async def put_on_list(gateway: "Gateway", campaign_id: int, values: Mapping[str, Any]) -> None:
    """Put a person on the list, or change what it says."""
    from benefits.kernel.money import parse_yuan
    from benefits.kits.service_list import Listed, put_on_list

    fen = parse_yuan(values["amount"]) if values["amount"] else None
    site, note = values["site"] or "", values["note"] or ""
    person = Listed(values["member"], amount_fen=fen, site=site, note=note)
    await gateway.act(put_on_list, campaign_id=campaign_id, people=[person])


async def take_off_list(gateway: "Gateway", campaign_id: int, member_id: int) -> None:
    """Take a person off the list."""
    from benefits.kits.service_list import take_off_list

    await gateway.act(take_off_list, campaign_id=campaign_id, member_ids=[member_id])


# -- allocation --------------------------------------------------------------------------------------------


async def allocation(
    gateway: "Gateway", campaign_id: int
) -> "tuple[CampaignView, tuple[AllocationRow, ...], tuple[Problem, ...]]":
    """What every station is to get, and what of it is too much."""
    from benefits.kits import queries_campaigns as queries
    from benefits.kits.allocation import too_much
    from benefits.kits.models import Campaign

    def found(unit: "ReadUnit") -> "tuple[CampaignView, tuple[AllocationRow, ...], tuple[Problem, ...]]":
        above = too_much(unit, unit.session.get_one(Campaign, campaign_id))
        return queries.campaign(unit, campaign_id), queries.allocation(unit, campaign_id), above

    return await gateway.read(found)


async def propose(gateway: "Gateway", campaign_id: int, values: Mapping[str, Any]) -> "Proposal":
    """Propose what every station gets."""
    from benefits.kits.service_allocation import propose

    by, back = values["by"], values["keep_back"] or 0
    return await gateway.act(propose, campaign_id=campaign_id, by=by, keep_back=back)


async def adjust(
    gateway: "Gateway", campaign_id: int, row: "AllocationRow", values: Mapping[str, Any]
) -> int:
    """Another quantity for a station; what it was."""
    from benefits.kits.service_allocation import adjust

    where = {"station_id": row.station_id, "item_id": row.item_id}
    return await gateway.act(adjust, campaign_id=campaign_id, quantity=values["quantity"], **where)


async def approve(gateway: "Gateway", campaign_id: int, reason: str) -> None:
    """Approve an allocation; what is too much needs a reason."""
    from benefits.kits.service_allocation import approve

    await gateway.act(approve, campaign_id=campaign_id, reason=reason)


async def ship(gateway: "Gateway", campaign_id: int, values: Mapping[str, Any]) -> "Shipped":
    """Send every station what it was allocated and was not sent yet."""
    from benefits.kits.service_allocation import ship

    given = {name: values[name] or "" for name in ("carrier", "note")}
    return await gateway.act(ship, campaign_id=campaign_id, from_id=int(values["from"]), **given)
