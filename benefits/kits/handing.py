"""What a counter knows of its campaign and of its stock (发放台取数), each read by one prepared statement:
this is asked at every hand-out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, or_
from sqlmodel import col, select

from benefits.kernel.errors import Refused, say
from benefits.kernel.prepared import rows
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Campaign, CampaignItem, Item, ItemKind, Once, Station, StationState
from benefits.kits.models_stock import Lot, Stock


@dataclass(frozen=True, slots=True)
class Due:
    """An item of a campaign: so many of it to a person, in a slot that is filled once."""

    item_id: int
    name: str
    measure: str
    kind: ItemKind
    quantity: int
    slot: int


@dataclass(frozen=True, slots=True)
class Place:
    """A campaign and the station of it where one hands out (None: it names none)."""

    campaign_id: int
    campaign: str
    rule: list[dict[str, Any]]
    counts_stock: bool
    purpose: str
    once: Once
    station_id: int | None
    station: str
    items: tuple[Due, ...]

    def counted(self, due: Due) -> bool:
        """Whether it comes out of the station's stock."""
        return self.counts_stock and due.kind is not ItemKind.MONEY

    def choose(self, items: Sequence[int] | None, quantity: int | None) -> tuple[Due, ...]:
        """What is to be handed over of these items (None: of all), each its measure or ``quantity``.

        Raises Refused: ``kits.not_offered``, ``kits.which_item``, ``kits.over_share``, ``kits.quantity``.
        """
        chosen = tuple(one for one in self.items if items is None or one.item_id in items)
        if not chosen or (items is not None and len(chosen) != len(set(items))):
            raise Refused("kits.not_offered", campaign=self.campaign)
        if self.once is Once.CAMPAIGN and len(chosen) > 1:
            raise Refused(
                "kits.which_item", campaign=self.campaign, items="、".join(one.name for one in chosen)
            )
        if quantity is None:
            return chosen
        if quantity < 1:
            raise Refused("kits.quantity", quantity=quantity)
        for one in chosen:
            if quantity > one.quantity:
                words: dict[str, Any] = {"item": one.name, "most": one.quantity, "quantity": quantity}
                raise Refused("kits.over_share", campaign=self.campaign, **words)
        return tuple(Due(one.item_id, one.name, one.measure, one.kind, quantity, one.slot) for one in chosen)


@dataclass(slots=True)
class Held:
    """A lot at the station."""

    lot_id: int
    item_id: int
    on_hand: int
    expires_on: date | None
    cost_fen: int
    frozen: bool


_choose: Any = select
_PLACE = (
    _choose(
        col(Campaign.name),
        col(Campaign.rule),
        col(Campaign.counts_stock),
        col(Campaign.purpose),
        col(Campaign.once),
        col(Station.campaign_id),
        col(Station.name),
        col(Station.state),
        col(CampaignItem.item_id),
        col(CampaignItem.per_person),
        col(Item.name),
        col(Item.measure),
        col(Item.kind),
    )
    .select_from(Campaign)
    .outerjoin(Station, col(Station.id) == bindparam("station"))
    .outerjoin(CampaignItem, col(CampaignItem.campaign_id) == col(Campaign.id))
    .outerjoin(Item, and_(col(Item.id) == col(CampaignItem.item_id), col(Item.kind) != ItemKind.MATERIAL))
    .where(col(Campaign.id) == bindparam("campaign"))
    .order_by(col(CampaignItem.item_id))
)
_HELD = (
    _choose(
        col(Stock.lot_id),
        col(Lot.item_id),
        col(Stock.on_hand),
        col(Lot.expires_on),
        col(Lot.cost_fen),
        col(Stock.frozen),
    )
    .select_from(Stock)
    .join(Lot, col(Lot.id) == col(Stock.lot_id))
    .where(
        col(Stock.station_id) == bindparam("station"),
        col(Stock.on_hand) > 0,
        or_(col(Lot.expires_on).is_(None), col(Lot.expires_on) >= bindparam("day")),
    )
    .order_by(col(Lot.item_id), col(Lot.expires_on).is_(None), col(Lot.expires_on), col(Lot.id))
)


def place_of(unit: ReadUnit, campaign_id: int, station_id: int | None, *, asked: bool = False) -> Place:
    """A campaign and a station of it at work; whether the campaign is open is part of who is entitled.
    ``asked``: somebody only looks, no station is needed.

    Raises Refused: ``kits.campaign_unknown``, ``kits.station_elsewhere``, ``kits.station_needed``,
    ``kits.frozen``.
    """
    found = rows(unit, _PLACE, campaign=campaign_id, station=station_id)
    if not found:
        raise Refused("kits.campaign_unknown", campaign=campaign_id)
    name, rule, counts, purpose, once, belongs, station, working = found[0][:8]
    items = tuple(
        Due(item_id, item, measure, kind, most, item_id if once is Once.ITEM else 0)
        for item_id, most, item, measure, kind in (row[8:] for row in found)
        if item is not None
    )
    if not asked and station_id is None and counts and any(one.kind is not ItemKind.MONEY for one in items):
        raise Refused("kits.station_needed", campaign=name)
    if station_id is not None and belongs != campaign_id:
        raise Refused("kits.station_elsewhere", station=station or station_id, campaign=name)
    if working not in (None, StationState.OPEN):
        raise Refused("kits.frozen", station=station, why=say(f"kits.frozen_why.{working.value}"))
    return Place(campaign_id, name, rule, counts, purpose, once, station_id, station or "", items)


def held_at(unit: ReadUnit, station_id: int, day: date) -> dict[int, list[Held]]:
    """What the station has that may be handed out on ``day``: item -> lots, first expiry first."""
    found: dict[int, list[Held]] = {}
    for row in rows(unit, _HELD, station=station_id, day=day):
        found.setdefault(row[1], []).append(Held(*row))
    return found
