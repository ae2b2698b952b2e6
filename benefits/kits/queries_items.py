"""Reading the catalogue of items, and how many kits can be built (物品查询)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Item, ItemKind, Part, Station
from benefits.kits.models_stock import Lot, Stock
from benefits.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as lists show it."""

    id: int
    code: str
    name: str
    kind: ItemKind
    measure: str
    barcode: str
    owner: str
    """The unit that keeps it; empty where it lies outside the actor's scope."""
    retired: bool
    version: int


@dataclass(frozen=True, slots=True)
class PartRow:
    """A line of a kit's bill."""

    item_id: int
    code: str
    name: str
    measure: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item with what it is built of (a kit) and the kits that it is part of (names)."""

    item: ItemRow
    parts: tuple[PartRow, ...]
    part_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartStock:
    """A part of a kit at a station: ``have`` pieces on hand that have not expired, ``need`` for one kit, and
    how many are ``short`` for the kits that are wanted."""

    item_id: int
    code: str
    name: str
    have: int
    need: int
    short: int


@dataclass(frozen=True, slots=True)
class Buildable:
    """How many kits (``sets``) can be built of what is at a station (可组装套数)."""

    kit: str
    station: str
    sets: int
    target: int
    parts: tuple[PartStock, ...]


def items(unit: ReadUnit, *, kind: ItemKind | None = None, retired: bool = False) -> tuple[ItemRow, ...]:
    """The catalogue by code; ``retired``: with what is no longer bought."""
    query = _rows()
    if kind is not None:
        query = query.where(col(Item.kind) == kind)
    if not retired:
        query = query.where(col(Item.retired).is_(False))
    return tuple(_row(*found) for found in unit.exec(query.order_by(col(Item.code))))


def item(unit: ReadUnit, item_id: int) -> ItemView:
    """An item. Raises Refused ``kits.item_unknown``."""
    found = unit.exec(_rows().where(col(Item.id) == item_id)).first()
    if found is None:
        raise Refused("kits.item_unknown", item=item_id)
    kits = (
        select(Item.name)
        .join(Part, col(Part.kit_id) == col(Item.id))
        .where(col(Part.item_id) == item_id)
        .order_by(col(Item.code))
    )
    return ItemView(_row(*found), _bill(unit, item_id), tuple(unit.exec(kits)))


def buildable(
    unit: ReadUnit, station_id: int, kit_id: int, target: int = 0, day: date | None = None
) -> Buildable:
    """How many of a kit can be built of what is at a station on ``day`` (today), and what is short for
    ``target`` of them.

    Raises Refused: ``kits.item_unknown``, ``kits.station_unknown``, ``kits.not_a_kit``, ``kits.no_bill``.
    """
    kit = unit.exec(select(Item).where(col(Item.id) == kit_id)).first()
    if kit is None:
        raise Refused("kits.item_unknown", item=kit_id)
    if kit.kind is not ItemKind.KIT:
        raise Refused("kits.not_a_kit", item=kit.name)
    station = unit.exec(select(Station.name).where(col(Station.id) == station_id)).first()
    if station is None:
        raise Refused("kits.station_unknown", station=station_id)
    bill = _bill(unit, kit_id)
    if not bill:
        raise Refused("kits.no_bill", kit=kit.name)
    held = unexpired(unit, station_id, day or unit.today)
    parts = tuple(
        PartStock(
            part.item_id,
            part.code,
            part.name,
            held.get(part.item_id, 0),
            part.quantity,
            max(0, target * part.quantity - held.get(part.item_id, 0)),
        )
        for part in bill
    )
    return Buildable(kit.name, station, min(part.have // part.need for part in parts), target, parts)


def unexpired(unit: ReadUnit, station_id: int, day: date) -> dict[int, int]:
    """Item -> pieces at a station that may be handed out on ``day``."""
    query = (
        select(col(Lot.item_id), func.sum(col(Stock.on_hand)))
        .join(Stock, col(Stock.lot_id) == col(Lot.id))
        .where(
            col(Stock.station_id) == station_id,
            col(Stock.on_hand) > 0,
            or_(col(Lot.expires_on).is_(None), col(Lot.expires_on) >= day),
        )
        .group_by(col(Lot.item_id))
    )
    return {item_id: int(count) for item_id, count in unit.exec(query)}


def _bill(unit: ReadUnit, kit_id: int) -> tuple[PartRow, ...]:
    query = (
        select(*(col(one) for one in (Item.id, Item.code, Item.name, Item.measure, Part.quantity)))
        .join(Part, col(Part.item_id) == col(Item.id))
        .where(col(Part.kit_id) == kit_id)
        .order_by(col(Item.code))
    )
    return tuple(PartRow(*found) for found in unit.session.execute(query))


def _rows() -> Any:
    owner = col(Organisation.id) == col(Item.organisation_id)
    return select(Item, Organisation.name).join(Organisation, owner, isouter=True)


def _row(found: Item, owner: str | None) -> ItemRow:
    assert found.id is not None
    return ItemRow(
        found.id,
        found.code,
        found.name,
        found.kind,
        found.measure,
        found.barcode,
        owner or "",
        found.retired,
        found.version,
    )
