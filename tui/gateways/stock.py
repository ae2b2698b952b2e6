"""Stock through the door (库存): what lies where, goods in, kits built, deliveries, counting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit
    from benefits.kits.queries_items import Buildable
    from benefits.kits.queries_movements import StocktakeView, TransferRow, TransferView
    from benefits.kits.queries_stock import MoveRow, StockRow, StoreRow
    from benefits.kits.service_stock import Built
    from benefits.kits.service_stocktake import Result
    from tui.gateway import Gateway

MOVES = 1000
"""The latest moves that a list shows."""
Differs = Mapping[int, tuple[int, int, str]]
"""Of a lot of a delivery: damaged, missing, why."""


@dataclass(frozen=True, slots=True)
class KitHere:
    """A kit, and how many of it can be built at a place."""

    kit_id: int
    kit: str
    sets: int
    buildable: "Buildable"


async def at(gateway: "Gateway", station_id: int) -> "tuple[tuple[StockRow, ...], tuple[KitHere, ...]]":
    """The lots of a place, and what can be built of them; kits without a bill are left out."""
    from benefits.kits import queries_items, queries_stock
    from benefits.kits.models import ItemKind

    def both(unit: "ReadUnit") -> "tuple[tuple[StockRow, ...], tuple[KitHere, ...]]":
        found = []
        for kit in queries_items.items(unit, kind=ItemKind.KIT):
            if queries_items.item(unit, kit.id).parts:
                one = queries_items.buildable(unit, station_id, kit.id)
                found.append(KitHere(kit.id, kit.name, one.sets, one))
        return queries_stock.stock(unit, station_id=station_id), tuple(found)

    return await gateway.read(both)


async def stores(gateway: "Gateway") -> "tuple[StoreRow, ...]":
    """All stores."""
    from benefits.kits import queries_stock

    return await gateway.read(queries_stock.stores)


async def places(gateway: "Gateway", station_id: int) -> tuple[tuple[int, str], ...]:
    """Where goods may be sent from a place: the stores, and the stations of campaigns that are not over."""
    from benefits.kits import queries_campaigns as queries
    from benefits.kits import queries_stock

    def found(unit: "ReadUnit") -> tuple[tuple[int, str], ...]:
        near = [(one.id, one.name) for one in queries_stock.stores(unit)]
        for campaign in queries.campaigns(unit):
            if campaign.state.value in ("draft", "open"):
                near += [
                    (one.id, f"{campaign.name} {one.number} {one.name}")
                    for one in queries.stations(unit, campaign.id)
                    if one.state.value != "closed"
                ]
        return tuple(pair for pair in near if pair[0] != station_id)

    return await gateway.read(found)


async def moves(gateway: "Gateway", station_id: int) -> "tuple[MoveRow, ...]":
    """The latest moves of a place."""
    from benefits.kits import queries_stock

    return await gateway.read(queries_stock.moves, station_id=station_id, limit=MOVES)


# -- in and out --------------------------------------------------------------------------------------------


async def add_store(gateway: "Gateway", values: Mapping[str, Any]) -> int:
    """A new store; its id."""
    from benefits.kits.service_stock import add_store

    given: dict[str, Any] = {name: values[name] or "" for name in ("name", "address", "keeper")}
    return await gateway.act(add_store, organisation_id=values["organisation"], **given)


async def receive(gateway: "Gateway", station_id: int, values: Mapping[str, Any]) -> int:
    """Goods come in; the lot."""
    from benefits.contributions.models import Payer
    from benefits.kernel.money import parse_yuan
    from benefits.kits.service_stock import receive

    return await gateway.act(
        receive,
        station_id=station_id,
        item_id=int(values["item"]),
        quantity=values["quantity"],
        lot=values["lot"] or "",
        cost_fen=parse_yuan(values["cost"]) if values["cost"] else None,
        expires_on=values["expires_on"],
        fund=Payer(values["fund"]) if values["fund"] else None,
        note=values["note"] or "",
    )


async def build(gateway: "Gateway", station_id: int, values: Mapping[str, Any]) -> "Built":
    """Kits are built of what is there."""
    from benefits.kits.service_stock import build

    return await gateway.act(
        build,
        station_id=station_id,
        kit_id=int(values["kit"]),
        quantity=values["quantity"],
        lot=values["lot"] or "",
    )


async def damage(
    gateway: "Gateway", station_id: int, item_id: int, lot_id: int, values: Mapping[str, Any]
) -> None:
    """Write off what is damaged of a lot."""
    from benefits.kits.service_stock import damage

    given = {"quantity": values["quantity"], "reason": values["reason"]}
    await gateway.act(damage, station_id=station_id, item_id=item_id, lot_id=lot_id, **given)


async def lose(
    gateway: "Gateway", station_id: int, item_id: int, lot_id: int, values: Mapping[str, Any]
) -> None:
    """Write off what is lost of a lot."""
    from benefits.kits.service_stock import lose

    given = {"quantity": values["quantity"], "reason": values["reason"]}
    await gateway.act(lose, station_id=station_id, item_id=item_id, lot_id=lot_id, **given)


# -- deliveries --------------------------------------------------------------------------------------------


async def send(gateway: "Gateway", station_id: int, values: Mapping[str, Any]) -> int:
    """Send goods to another place; a field ``item-…`` says how many of an item."""
    from benefits.kits.service_transfer import send

    lines = [
        (int(name.removeprefix("item-")), count)
        for name, count in values.items()
        if name.startswith("item-") and count
    ]
    return await gateway.act(
        send,
        from_id=station_id,
        to_id=int(values["to"]),
        lines=lines,
        carrier=values["carrier"] or "",
        note=values["note"] or "",
    )


async def transfers(
    gateway: "Gateway", campaign_id: int | None, station_id: int | None
) -> "tuple[TransferRow, ...]":
    """Deliveries of a campaign, or from and to one place; the latest first."""
    from benefits.kits import queries_movements

    return await gateway.read(queries_movements.transfers, campaign_id=campaign_id, station_id=station_id)


async def transfer(gateway: "Gateway", transfer_id: int) -> "TransferView":
    """One delivery with its lots."""
    from benefits.kits import queries_movements

    return await gateway.read(queries_movements.transfer, transfer_id)


def check_line(sent: int, damaged: int, missing: int) -> None:
    """Raises Refused where more is damaged and missing than was sent."""
    from benefits.kernel.errors import Refused

    if damaged + missing > sent:
        raise Refused("tui.stock.more_than_sent", sent=sent, said=damaged + missing)


async def arrive(gateway: "Gateway", view: "TransferView", differs: Differs) -> None:
    """A delivery has come: as sent, but for what is said of some lots."""
    from benefits.kits.service_transfer import Arrived, arrive

    sent = {line.lot_id: line.sent for line in view.lines}
    lines = [
        Arrived(lot, sent[lot] - damaged - missing, damaged, missing, why)
        for lot, (damaged, missing, why) in differs.items()
    ]
    await gateway.act(arrive, transfer_id=view.transfer.id, lines=lines, whole=True)


async def cancel_transfer(gateway: "Gateway", transfer_id: int, reason: str) -> None:
    """Goods on the road come back."""
    from benefits.kits.service_transfer import cancel_transfer

    await gateway.act(cancel_transfer, transfer_id=transfer_id, reason=reason)


# -- counting ----------------------------------------------------------------------------------------------


async def open_count(gateway: "Gateway", station_id: int) -> int | None:
    """The stocktake that is open at a place."""
    from benefits.kits import queries_movements

    found = await gateway.read(queries_movements.stocktakes, station_id=station_id)
    return next((one.id for one in found if one.state.value == "open"), None)


async def begin_count(gateway: "Gateway", station_id: int) -> int:
    """Begin to count; nothing moves there until it is over."""
    from benefits.kits.service_stocktake import open_stocktake

    return await gateway.act(open_stocktake, station_id=station_id)


async def stocktake(gateway: "Gateway", stocktake_id: int) -> "StocktakeView":
    """A stocktake with its lots."""
    from benefits.kits import queries_movements

    return await gateway.read(queries_movements.stocktake, stocktake_id)


async def count(gateway: "Gateway", stocktake_id: int, lot_id: int, values: Mapping[str, Any]) -> int:
    """Write down what was counted of a lot; how many lots are still to be counted."""
    from benefits.kits.service_stocktake import Counted, count

    line = Counted(lot_id, values["counted"], values["reason"] or "")
    return await gateway.act(count, stocktake_id=stocktake_id, lines=[line])


async def close_count(gateway: "Gateway", stocktake_id: int) -> "Result":
    """Book the differences."""
    from benefits.kits.service_stocktake import close_stocktake

    return await gateway.act(close_stocktake, stocktake_id=stocktake_id)


async def cancel_count(gateway: "Gateway", stocktake_id: int, reason: str) -> None:
    """Give a stocktake up."""
    from benefits.kits.service_stocktake import cancel_stocktake

    await gateway.act(cancel_stocktake, stocktake_id=stocktake_id, reason=reason)
