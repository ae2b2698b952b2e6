"""What an allocation is made of (分配依据): who collects where, what is too much, what was not sent yet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select

from benefits.kernel.among import among
from benefits.kernel.errors import Problem, Refused, Say, say
from benefits.kernel.money import yuan
from benefits.kernel.unit import ReadUnit
from benefits.kits.entitlement import counting_day, groups, ids_of, station_of, stations_served
from benefits.kits.models import Allocation, Campaign, CampaignItem, Item, ItemKind, Station, StationState
from benefits.kits.models_stock import Lot, Stock, Transfer, TransferLine, TransferState
from benefits.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Unserved:
    """A unit whose entitled people have no station to collect at (没有对应发放点)."""

    organisation_id: int
    code: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Share:
    """What a station is to get of an item; ``per_unit``: (unit, people, pieces) of those that it serves."""

    station_id: int
    number: int
    station: str
    item_id: int
    item: str
    people: int
    quantity: int
    per_unit: tuple[tuple[int, int, int], ...]


@dataclass(slots=True)
class Place:
    """A unit with its people of one station."""

    organisation_id: int
    code: str
    people: int
    own: bool
    """Whether its people collect there because the station serves it, and not by the list."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed allocation. ``people``: entitled in all, ``unserved`` of them by unit; ``told``: by which
    rule it was made, in words."""

    people: int
    unserved: tuple[Unserved, ...]
    shares: tuple[Share, ...]
    told: Say


def open_stations(unit: ReadUnit, campaign: Campaign) -> Sequence[Station]:
    """The stations of a campaign in order. Raises Refused ``kits.campaign_no_station``."""
    query = select(Station).where(
        col(Station.campaign_id) == campaign.id, col(Station.state) != StationState.CLOSED
    )
    found = unit.exec(query.order_by(col(Station.number))).all()
    if not found:
        raise Refused("kits.campaign_no_station", campaign=campaign.name)
    return found


def given_items(unit: ReadUnit, campaign: Campaign) -> list[tuple[Item, CampaignItem]]:
    """What a campaign gives that is kept anywhere, in order of code. Raises Refused
    ``kits.campaign_no_items``."""
    query = (
        select(Item, CampaignItem)
        .join(CampaignItem, col(CampaignItem.item_id) == col(Item.id))
        .where(col(CampaignItem.campaign_id) == campaign.id, col(Item.kind) != ItemKind.MONEY)
        .order_by(col(Item.code))
    )
    found = [(item, given) for item, given in unit.exec(query)]
    if not found:
        raise Refused("kits.campaign_no_items", campaign=campaign.name)
    return found


def people_by_station(
    unit: ReadUnit, campaign: Campaign, stations: Sequence[Station]
) -> tuple[dict[int, list[Place]], tuple[Unserved, ...]]:
    """Entitled people by station and unit, and those whose unit no station serves. One station alone serves
    all."""
    assert campaign.id is not None
    counted = groups(unit, campaign, counting_day(campaign, unit.today))
    open_ones = {one.id for one in stations}
    served = {
        place: station
        for place, station in stations_served(unit, campaign.id).items()
        if station in open_ones
    }
    choose: Any = select
    query = choose(Organisation.id, Organisation.path, Organisation.code, Organisation.name)
    ids = {one.organisation_id for one in counted}
    units = {row[0]: row[1:] for row in unit.exec(query.where(among(unit, Organisation.id, ids)))}
    places: dict[int, list[Place]] = defaultdict(list)
    nowhere: dict[int, int] = defaultdict(int)
    for one in counted:
        path, code, _ = units[one.organisation_id]
        own = station_of(ids_of(path), served)
        said = one.station_id if one.station_id in open_ones else None
        station = said or own
        if station is None:
            nowhere[one.organisation_id] += one.people
        else:
            by_serving = station == own
            places[station].append(Place(one.organisation_id, code, one.people, by_serving))
    unserved = [Unserved(one, units[one][1], units[one][2], people) for one, people in nowhere.items()]
    return {key: _merged(found) for key, found in places.items()} | {
        one.id: [] for one in stations if one.id is not None and one.id not in places
    }, tuple(sorted(unserved, key=lambda one: one.code))


def _merged(places: Sequence[Place]) -> list[Place]:
    """One line a unit and way of getting there, in order of code; those whom only the list sends last."""
    found: dict[tuple[bool, str], Place] = {}
    for one in places:
        key = (not one.own, one.code)
        if key in found:
            found[key].people += one.people
        else:
            found[key] = one
    return [found[key] for key in sorted(found)]


def too_much(unit: ReadUnit, campaign: Campaign) -> tuple[Problem, ...]:
    """Items above what is planned or there, and the whole above the budget."""
    query = (
        select(Item, CampaignItem.planned, func.sum(Allocation.quantity))
        .join(Allocation, col(Allocation.item_id) == col(Item.id))
        .join(
            CampaignItem,
            (col(CampaignItem.item_id) == col(Item.id)) & (col(CampaignItem.campaign_id) == campaign.id),
        )
        .where(col(Allocation.campaign_id) == campaign.id)
        .group_by(col(Item.id), col(CampaignItem.planned))
        .order_by(col(Item.code))
    )
    rows = [(item, planned, int(total)) for item, planned, total in unit.exec(query)]
    ids = [item.id for item, _, _ in rows if item.id is not None]
    stock, costs = _in_stock(unit, campaign, ids), _costs(unit, ids)
    problems, fen = [], 0
    for item, planned, total in rows:
        have = stock.get(item.id or 0, 0) if planned is None else planned
        fen += total * costs.get(item.id or 0, 0)
        if total > have:
            code = "kits.above.stock" if planned is None else "kits.above.planned"
            problems.append(Problem(code, say(code, item=item.name, total=total, have=have)))
    if campaign.budget_fen is not None and fen > campaign.budget_fen:
        words = {"total": yuan(fen), "budget": yuan(campaign.budget_fen)}
        problems.append(Problem("kits.above.budget", say("kits.above.budget", **words)))
    return tuple(problems)


def _in_stock(unit: ReadUnit, campaign: Campaign, ids: Sequence[int]) -> dict[int, int]:
    """What stores and the campaign's own stations have of items."""
    query = (
        select(col(Lot.item_id), func.sum(col(Stock.on_hand)))
        .join(Stock, col(Stock.lot_id) == col(Lot.id))
        .join(Station, col(Station.id) == col(Stock.station_id))
        .where(
            col(Lot.item_id).in_(ids),
            or_(col(Station.campaign_id).is_(None), col(Station.campaign_id) == campaign.id),
        )
        .group_by(col(Lot.item_id))
    )
    return {row[0]: int(row[1]) for row in unit.session.execute(query)}


def _costs(unit: ReadUnit, ids: Sequence[int]) -> Mapping[int, int]:
    """What one of each item cost in its latest lot, fen."""
    latest = select(func.max(col(Lot.id))).where(col(Lot.item_id).in_(ids)).group_by(col(Lot.item_id))
    query = select(col(Lot.item_id), col(Lot.cost_fen)).where(col(Lot.id).in_(latest))
    return {row[0]: row[1] for row in unit.session.execute(query)}


def still_due(unit: ReadUnit, campaign_id: int) -> dict[int, list[tuple[int, int]]]:
    """What is allocated and was not sent yet: station -> (item, pieces), in order of the stations."""
    sent_query = (
        select(col(Transfer.to_id), col(Lot.item_id), func.sum(col(TransferLine.sent)))
        .join(TransferLine, col(TransferLine.transfer_id) == col(Transfer.id))
        .join(Lot, col(Lot.id) == col(TransferLine.lot_id))
        .where(col(Transfer.campaign_id) == campaign_id, col(Transfer.state) != TransferState.CANCELLED)
        .group_by(col(Transfer.to_id), col(Lot.item_id))
    )
    sent = {(row[0], row[1]): int(row[2]) for row in unit.session.execute(sent_query)}
    query = (
        select(Allocation, Station.number)
        .join(Station, col(Station.id) == col(Allocation.station_id))
        .where(col(Allocation.campaign_id) == campaign_id)
        .order_by(col(Station.number), col(Allocation.item_id))
    )
    due: dict[int, list[tuple[int, int]]] = {}
    for row, _ in unit.exec(query):
        left = row.quantity - sent.get((row.station_id, row.item_id), 0)
        if left > 0:
            due.setdefault(row.station_id, []).append((row.item_id, left))
    return due
