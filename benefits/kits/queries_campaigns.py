"""Reading campaigns (发放活动查询): the list, one campaign with its stations, its allocation; a few
statements each, however many stations there are.

How many were handed out is counted beyond the actor's scope: numbers of a campaign, nobody's name.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from benefits.contributions.models import Payer
from benefits.kernel.errors import Refused
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import (
    Allocation,
    AllocationState,
    Campaign,
    CampaignItem,
    CampaignKind,
    CampaignState,
    CampaignUnit,
    Entitled,
    Item,
    ItemKind,
    Once,
    Station,
    StationState,
    StationUnit,
)
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.models_stock import Lot, Stock
from benefits.organisations.models import Organisation

_GIVEN = col(Handout.state) == HandoutState.ACTIVE


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign as lists show it. ``owner`` is empty where it lies outside the actor's scope; ``handed``:
    how many hand-outs hold."""

    id: int
    number: str
    name: str
    kind: CampaignKind
    state: CampaignState
    allocation: AllocationState
    starts: date
    ends: date
    owner: str
    stations: int
    handed: int


@dataclass(frozen=True, slots=True)
class GivenRow:
    """An item that a campaign gives: ``per_person`` at most, ``planned`` in all (None: not said); pieces that
    are at its stations and that were handed out."""

    item_id: int
    code: str
    name: str
    kind: ItemKind
    measure: str
    per_person: int
    planned: int | None
    on_hand: int
    handed: int


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign whole. ``units``: ids and names of the parts of the tree that it is for, none: all of its
    owner's; ``listed``: people on its list whom the actor sees."""

    row: CampaignRow
    organisation_id: int
    units: tuple[tuple[int, str], ...]
    items: tuple[GivenRow, ...]
    rule: tuple[dict[str, Any], ...]
    listed_only: bool
    listed: int
    public: bool
    counts_stock: bool
    once: Once
    purpose: str
    budget_fen: int | None
    fund: Payer | None
    closed_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """Of one item at a station: what it is to get (None: not allocated), has, and has handed out."""

    allocated: int | None
    on_hand: int
    handed: int


NONE = Pieces(None, 0, 0)


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station. ``units``: ids and names of the parts of the tree whose people collect there;
    ``people``: how many, when it was allocated; ``items``: pieces by item."""

    id: int
    number: int
    name: str
    address: str
    hours: str
    keeper: str
    state: StationState
    host: str
    version: int
    units: tuple[tuple[int, str], ...]
    people: int | None
    items: dict[int, Pieces]


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """What a station is to get of an item: ``proposed`` by the roster, ``quantity`` as adjusted."""

    station_id: int
    number: int
    station: str
    item_id: int
    item: str
    measure: str
    people: int
    proposed: int
    quantity: int


def campaigns(unit: ReadUnit) -> tuple[CampaignRow, ...]:
    """All campaigns: open ones first, then drafts, then what is over; the latest first."""
    found = unit.session.execute(_rows()).all()
    stations = _pairs(unit, select(col(Station.campaign_id), func.count()).group_by(col(Station.campaign_id)))
    with unit.beyond_scope():
        query = select(col(Handout.campaign_id), func.count()).where(_GIVEN)
        handed = _pairs(unit, query.group_by(col(Handout.campaign_id)))
    rows = [_row(one, owner, stations.get(one.id, 0), handed.get(one.id, 0)) for one, owner in found]
    order = {CampaignState.OPEN: 0, CampaignState.DRAFT: 1}
    return tuple(sorted(rows, key=lambda row: (order.get(row.state, 2), -row.starts.toordinal(), -row.id)))


def campaign(unit: ReadUnit, campaign_id: int) -> CampaignView:
    """A campaign. Raises Refused ``kits.campaign_unknown``."""
    found = unit.session.execute(_rows().where(col(Campaign.id) == campaign_id)).first()
    if found is None:
        raise Refused("kits.campaign_unknown", campaign=campaign_id)
    one, owner = found
    pieces = _pieces(unit, campaign_id)
    count = select(func.count()).select_from(Station).where(col(Station.campaign_id) == campaign_id)
    listed = select(func.count()).select_from(Entitled).where(col(Entitled.campaign_id) == campaign_id)
    with unit.beyond_scope():
        query = (
            select(func.count()).select_from(Handout).where(col(Handout.campaign_id) == campaign_id, _GIVEN)
        )
        handed = int(unit.session.execute(query).scalar_one())
    row = _row(one, owner, int(unit.session.execute(count).scalar_one()), handed)
    return CampaignView(
        row=row,
        organisation_id=one.organisation_id,
        units=_units(unit, CampaignUnit, campaign_id),
        items=_given(unit, campaign_id, pieces),
        rule=tuple(one.rule),
        listed_only=one.listed_only,
        listed=int(unit.session.execute(listed).scalar_one()),
        public=one.public,
        counts_stock=one.counts_stock,
        once=one.once,
        purpose=one.purpose,
        budget_fen=one.budget_fen,
        fund=one.fund,
        closed_on=one.closed_on,
        version=one.version,
    )


def stations(unit: ReadUnit, campaign_id: int) -> tuple[StationRow, ...]:
    """The stations of a campaign by number."""
    query = (
        select(Station, col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(Station.organisation_id), isouter=True)
        .where(col(Station.campaign_id) == campaign_id)
        .order_by(col(Station.number), col(Station.id))
    )
    pieces = _pieces(unit, campaign_id)
    served, people = _served(unit, campaign_id), _people(unit, campaign_id)
    return tuple(
        StationRow(
            *(one.id, one.number, one.name, one.address, one.hours, one.keeper, one.state, host or ""),
            version=one.version,
            units=tuple(served.get(one.id, ())),
            people=people.get(one.id),
            items=pieces.get(one.id, {}),
        )
        for one, host in unit.session.execute(query)
    )


def allocation(unit: ReadUnit, campaign_id: int) -> tuple[AllocationRow, ...]:
    """What every station is to get, by number of the station and code of the item."""
    query = (
        select(
            *(col(Station.id), col(Station.number), col(Station.name)),
            *(col(Item.id), col(Item.name), col(Item.measure)),
            *(col(Allocation.people), col(Allocation.proposed), col(Allocation.quantity)),
        )
        .join(Station, col(Station.id) == col(Allocation.station_id))
        .join(Item, col(Item.id) == col(Allocation.item_id))
        .where(col(Allocation.campaign_id) == campaign_id)
        .order_by(col(Station.number), col(Item.code))
    )
    return tuple(AllocationRow(*row) for row in unit.session.execute(query))


def _pieces(unit: ReadUnit, campaign_id: int) -> dict[int, dict[int, Pieces]]:
    """Station -> item -> pieces."""
    held = (
        select(col(Stock.station_id), col(Lot.item_id), func.sum(col(Stock.on_hand)))
        .join(Lot, col(Lot.id) == col(Stock.lot_id))
        .join(Station, col(Station.id) == col(Stock.station_id))
        .where(col(Station.campaign_id) == campaign_id)
        .group_by(col(Stock.station_id), col(Lot.item_id))
    )
    given = (
        select(col(Handout.station_id), col(Handout.item_id), func.sum(col(Handout.quantity)))
        .where(col(Handout.campaign_id) == campaign_id, _GIVEN)
        .group_by(col(Handout.station_id), col(Handout.item_id))
    )
    shares = select(col(Allocation.station_id), col(Allocation.item_id), col(Allocation.quantity))
    on_hand = _triples(unit, held)
    planned = _triples(unit, shares.where(col(Allocation.campaign_id) == campaign_id))
    with unit.beyond_scope():
        handed = _triples(unit, given)
    found: dict[int, dict[int, Pieces]] = defaultdict(dict)
    for key in on_hand.keys() | handed.keys() | planned.keys():
        found[key[0]][key[1]] = Pieces(planned.get(key), on_hand.get(key, 0), handed.get(key, 0))
    return found


def _given(unit: ReadUnit, campaign_id: int, pieces: dict[int, dict[int, Pieces]]) -> tuple[GivenRow, ...]:
    query = (
        select(Item, col(CampaignItem.per_person), col(CampaignItem.planned))
        .join(CampaignItem, col(CampaignItem.item_id) == col(Item.id))
        .where(col(CampaignItem.campaign_id) == campaign_id)
        .order_by(col(Item.kind) == ItemKind.MATERIAL, col(Item.code))
    )
    return tuple(
        GivenRow(
            *(one.id, one.code, one.name, one.kind, one.measure, per_person, planned),
            on_hand=sum(items.get(one.id, NONE).on_hand for items in pieces.values()),
            handed=sum(items.get(one.id, NONE).handed for items in pieces.values()),
        )
        for one, per_person, planned in unit.session.execute(query)
    )


def _served(unit: ReadUnit, campaign_id: int) -> dict[int, list[tuple[int, str]]]:
    query = (
        select(col(StationUnit.station_id), col(Organisation.id), col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(StationUnit.organisation_id))
        .where(col(StationUnit.campaign_id) == campaign_id)
        .order_by(col(Organisation.code))
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for station, place, name in unit.session.execute(query):
        found[station].append((place, name))
    return found


def _people(unit: ReadUnit, campaign_id: int) -> dict[int, int]:
    query = select(col(Allocation.station_id), func.max(col(Allocation.people)))
    query = query.where(col(Allocation.campaign_id) == campaign_id)
    return _pairs(unit, query.group_by(col(Allocation.station_id)))


def _units(unit: ReadUnit, table: type[CampaignUnit], campaign_id: int) -> tuple[tuple[int, str], ...]:
    query = (
        select(col(Organisation.id), col(Organisation.name))
        .join(table, col(table.organisation_id) == col(Organisation.id))
        .where(col(table.campaign_id) == campaign_id)
        .order_by(col(Organisation.code))
    )
    return tuple((row[0], row[1]) for row in unit.session.execute(query))


def _rows() -> Any:
    owner = col(Organisation.id) == col(Campaign.organisation_id)
    return select(Campaign, col(Organisation.name)).join(Organisation, owner, isouter=True)


def _row(one: Campaign, owner: str | None, stations: int, handed: int) -> CampaignRow:
    assert one.id is not None
    return CampaignRow(
        *(one.id, one.number, one.name, one.kind, one.state, one.allocation, one.starts, one.ends),
        owner=owner or "",
        stations=stations,
        handed=handed,
    )


def _pairs(unit: ReadUnit, query: Any) -> dict[int, int]:
    return {row[0]: int(row[1]) for row in unit.session.execute(query)}


def _triples(unit: ReadUnit, query: Any) -> dict[tuple[int, int], int]:
    return {(row[0], row[1]): int(row[2]) for row in unit.session.execute(query) if row[0] is not None}
