"""How people name things of kits (引用): items by code; campaigns, transfers and stocktakes by number;
stations by campaign and number, or by name."""

from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import SQLModel, col, select

from benefits.kernel.errors import Refused
from benefits.kernel.text import plain, shown
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Campaign, Item, Station
from benefits.kits.models_stock import Lot, Stocktake, Transfer

Row = TypeVar("Row", bound=SQLModel)
_SEVERAL = 6


def item_of(unit: ReadUnit, text: str) -> Item:
    """An item by its code, or by its name where only one has it.

    Raises Refused: ``kits.item_missing``, ``kits.several``.
    """
    return _one(unit, Item, text, col(Item.code), col(Item.name), "kits.item_missing")


def campaign_of(unit: ReadUnit, text: str) -> Campaign:
    """A campaign by its number, or by its name where only one has it.

    Raises Refused: ``kits.campaign_missing``, ``kits.several``.
    """
    return _one(unit, Campaign, text, col(Campaign.number), col(Campaign.name), "kits.campaign_missing")


def station_of(unit: ReadUnit, text: str, campaign_id: int | None = None) -> Station:
    """A station: ``#12`` its id; ``HD-2026-0001/3`` or ``HD-2026-0001/NAME`` of a campaign, with
    ``campaign_id`` just ``3`` or the name; a store, or any other, by a name that only one has.

    Raises Refused: ``kits.station_missing``, ``kits.several``, ``kits.campaign_missing``.
    """
    wanted = plain(text).strip()
    if wanted.startswith("#"):
        return _by_id(unit, wanted)
    campaign, parted, rest = wanted.partition("/")
    if parted:
        campaign_id, wanted = campaign_of(unit, campaign).id, rest.strip()
    query = select(Station)
    if campaign_id is not None:
        query = query.where(col(Station.campaign_id) == campaign_id)
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 6:
            numbered = unit.exec(query.where(col(Station.number) == int(wanted))).first()
            if numbered is not None:
                return numbered
    rows = list(unit.exec(query.where(col(Station.name) == wanted).order_by(col(Station.id)).limit(_SEVERAL)))
    if not rows:
        raise Refused("kits.station_missing", text=shown(text))
    if len(rows) > 1:
        found = "、".join(f"#{row.id}" for row in rows)
        raise Refused("kits.several", text=shown(text), found=found)
    return rows[0]


def lot_of(unit: ReadUnit, item_id: int, text: str) -> Lot:
    """A lot of an item by its code. Raises Refused ``kits.lot_missing``."""
    found = unit.exec(
        select(Lot).where(col(Lot.item_id) == item_id, col(Lot.code) == plain(text).strip())
    ).first()
    if found is None:
        raise Refused("kits.lot_missing", text=shown(text))
    return found


def transfer_of(unit: ReadUnit, text: str) -> int:
    """The id of a transfer by its number. Raises Refused ``kits.transfer_missing``."""
    query = select(col(Transfer.id)).where(col(Transfer.number) == _number(text))
    found = unit.exec(query).first()
    if found is None:
        raise Refused("kits.transfer_missing", text=shown(text))
    return int(found)


def stocktake_of(unit: ReadUnit, text: str) -> int:
    """The id of a stocktake by its number. Raises Refused ``kits.stocktake_missing``."""
    query = select(col(Stocktake.id)).where(col(Stocktake.number) == _number(text))
    found = unit.exec(query).first()
    if found is None:
        raise Refused("kits.stocktake_missing", text=shown(text))
    return int(found)


def _number(text: str) -> str:
    return plain(text).strip().upper()


def _by_id(unit: ReadUnit, wanted: str) -> Station:
    digits = wanted[1:]
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0
    found = unit.exec(select(Station).where(col(Station.id) == number)).first()
    if found is None:
        raise Refused("kits.station_missing", text=shown(wanted))
    return found


def _one(unit: ReadUnit, model: type[Row], text: str, code: Any, name: Any, missing: str) -> Row:
    wanted = plain(text).strip()
    found = unit.exec(select(model).where(func.upper(code) == wanted.upper())).first()
    if found is not None:
        return found
    rows = list(unit.exec(select(model).where(name == wanted).order_by(code).limit(_SEVERAL)))
    if not rows:
        raise Refused(missing, text=shown(text))
    if len(rows) > 1:
        found_codes = "、".join(str(getattr(row, code.key)) for row in rows)
        raise Refused("kits.several", text=shown(text), found=found_codes)
    return rows[0]
