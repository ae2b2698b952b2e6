"""``benefits kit store`` and ``benefits kit stock``: what comes in, is built, is on hand, is written off."""

from collections.abc import Callable
from datetime import date
from typing import Any

import typer

from benefits.commands.kit_naming import fen_said, item_named, station_named
from benefits.commands.kit_words import (
    COUNT,
    ITEM,
    LOT,
    NOTE,
    ON,
    STATION,
    WHY,
    campaign,
    lot_id_of,
    until,
)
from benefits.commands.options import Call, day, group, number, one_of, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import opened, read
from benefits.kernel.money import yuan

stores = group("kit.store")
app = group("kit.stock")

FUNDS = (
    *("city_union", "district_union", "subdistrict_union", "unit_union", "employer"),
    *("person", "platform", "treasury", "card_discount"),
)
KIT: Any = typer.Argument(..., metavar="KIT", help="commands.option.item_kit")
WHERE: Any = typer.Argument(None, metavar="STATION", help="commands.option.goods_place")
CAMPAIGN: Any = typer.Option(None, "--campaign", metavar="CAMPAIGN", help="commands.option.kit_campaign")
ONLY: Any = typer.Option(None, "--item", metavar="ITEM", help="commands.option.goods_item")


@verb(stores, "commands.kit.store.add")
def add_store(
    call: Call,
    name: str = typer.Argument(..., metavar="NAME", help="commands.option.store_name"),
    org: str = typer.Option(..., "--org", "--unit", metavar="CODE", help="commands.option.store_host"),
    address: str = typer.Option("", "--address", metavar="TEXT", help="commands.option.address"),
    keeper: str = typer.Option("", "--keeper", metavar="NAME", help="commands.option.store_keeper"),
) -> None:
    """Add a store (新增仓库)."""
    from benefits.kits.queries_stock import stores as all_stores
    from benefits.kits.service_stock import add_store as service
    from benefits.organisations.queries import by_code

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            host = by_code(unit, org).id
        given: dict[str, Any] = {"name": name, "address": address, "keeper": keeper}
        made = database.act(actor, service, organisation_id=host, **given)
        with database.read(actor) as unit:
            row = next(one for one in all_stores(unit) if one.id == made)
    emit(call, {"store": row}, words(call, "commands.kit.store.added", name=row.name, id=row.id))


@verb(stores, "commands.kit.store.list")
def list_stores(
    call: Call, closed: bool = typer.Option(False, "--closed", help="commands.option.store_closed")
) -> None:
    """The stores (仓库)."""
    from benefits.kits.queries_stock import stores as all_stores

    rows = read(call, all_stores, closed=closed)
    heads = [f"commands.head.{key}" for key in ("kit_id", "name", "kit_host", "kit_keeper", "kit_on_hand")]
    cells = [(f"#{row.id}", row.name, row.organisation or None, row.keeper, row.on_hand) for row in rows]
    emit(call, {"stores": rows}, *table(call, heads, cells, [4]))


@verb(app, "commands.kit.stock.receive")
def receive(
    call: Call,
    station: str = STATION,
    item: str = ITEM,
    quantity: int = COUNT,
    cost: str | None = typer.Option(None, "--cost", metavar="YUAN", help="commands.option.goods_cost"),
    lot: str = LOT,
    expires: date | None = typer.Option(
        None, "--expires", metavar="DATE", parser=day, help="commands.option.goods_expires"
    ),
    fund: str | None = typer.Option(
        None, "--fund", metavar="WORD", parser=one_of(*FUNDS), help="commands.option.goods_fund"
    ),
    note: str = NOTE,
    on: date | None = ON,
) -> None:
    """Goods come in (收货入库)."""
    from benefits.contributions.models import Payer
    from benefits.kits.service_stock import receive as service

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            where, what = station_named(unit, station), item_named(unit, item)
        made = database.act(
            actor,
            service,
            station_id=where,
            item_id=what,
            quantity=quantity,
            lot=lot,
            cost_fen=None if cost is None else fen_said(cost),
            expires_on=expires,
            fund=Payer(fund) if fund else None,
            note=note,
            on=on,
        )
        row = _held(database.read, actor, where, what, made)
    told = {"station": row.station, "item": row.item, "quantity": quantity, "lot": row.lot}
    data = {"stock": row, "quantity": quantity}
    emit(call, data, words(call, "commands.kit.stock.received", on_hand=row.on_hand, **told))


@verb(app, "commands.kit.stock.build")
def build(
    call: Call,
    station: str = STATION,
    kit: str = KIT,
    quantity: int = COUNT,
    lot: str = LOT,
    on: date | None = ON,
) -> None:
    """Build kits of what is there (组装)."""
    from benefits.kits.service_stock import build as service

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            where, what = station_named(unit, station), item_named(unit, kit)
        made = database.act(actor, service, station_id=where, kit_id=what, quantity=quantity, lot=lot, on=on)
        row = _held(database.read, actor, where, what, made.lot_id)
    told = {"station": row.station, "kit": row.item, "quantity": quantity, "lot": row.lot}
    emit(
        call,
        {"stock": row, "quantity": quantity},
        words(call, "commands.kit.stock.built", cost=yuan(row.cost_fen), **told),
    )


@verb(app, "commands.kit.stock.buildable")
def buildable(
    call: Call,
    station: str = STATION,
    kit: str = KIT,
    target: int = typer.Option(
        0, "--target", metavar="N", parser=number(0), help="commands.option.goods_target"
    ),
) -> None:
    """How many kits can be built, and what is short (可组装套数)."""
    from benefits.kits.queries_items import buildable as query

    found = read(call, lambda unit: query(unit, station_named(unit, station), item_named(unit, kit), target))
    heads = [f"commands.head.{key}" for key in ("code", "name", "kit_on_hand", "kit_need", "kit_short")]
    cells = [(one.code, one.name, one.have, one.need, one.short) for one in found.parts]
    emit(
        call,
        {
            "kit": found.kit,
            "station": found.station,
            "sets": found.sets,
            "target": target,
            "parts": found.parts,
        },
        words(call, "commands.kit.stock.can_build", kit=found.kit, station=found.station, sets=found.sets),
        *table(call, heads, cells, [2, 3, 4]),
    )


@verb(app, "commands.kit.stock.show")
def show(
    call: Call,
    station: str | None = WHERE,
    of_campaign: str | None = CAMPAIGN,
    item: str | None = ONLY,
    empty: bool = typer.Option(False, "--empty", help="commands.option.goods_empty"),
) -> None:
    """What is on hand (查看库存)."""
    from benefits.kits.queries_stock import stock

    rows = read(
        call,
        lambda unit: stock(
            unit,
            None if station is None else station_named(unit, station),
            campaign(unit, of_campaign),
            None if item is None else item_named(unit, item),
            empty=empty,
        ),
    )
    heads = ("kit_station", "code", "kit_item", "kit_lot", "kit_expires", "kit_cost", "kit_on_hand")
    cells = [
        (
            row.station,
            row.code,
            row.item,
            row.lot,
            until(call, row.expires_on),
            yuan(row.cost_fen),
            row.on_hand,
        )
        for row in rows
    ]
    lines = table(call, [f"commands.head.{key}" for key in heads], cells, [5, 6])
    emit(call, {"stock": rows}, *lines)


@verb(app, "commands.kit.stock.moves")
def moves(
    call: Call,
    station: str | None = WHERE,
    of_campaign: str | None = CAMPAIGN,
    item: str | None = ONLY,
    document: str | None = typer.Option(
        None, "--document", metavar="TEXT", help="commands.option.goods_document"
    ),
    before: int | None = typer.Option(
        None, "--before", metavar="ID", parser=number(1), help="commands.option.goods_before"
    ),
    limit: int = typer.Option(50, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
) -> None:
    """The ledger, the last move first (库存流水)."""
    from benefits.kits.queries_stock import moves as query

    rows = read(
        call,
        lambda unit: query(
            unit,
            station_id=None if station is None else station_named(unit, station),
            campaign_id=campaign(unit, of_campaign),
            item_id=None if item is None else item_named(unit, item),
            document=document,
            before=before,
            limit=limit,
        ),
    )
    heads = ("kit_id", "kit_day", "kit_station", "kind", "kit_item", "kit_lot", "kit_pieces", "by", "reason")
    cells = [
        (
            *(
                row.id,
                row.day,
                row.station,
                words(call, f"kits.move_kind.{row.kind.value}"),
                row.item,
                row.lot,
            ),
            *(f"{row.quantity:+d}", row.made_by, row.reason),
        )
        for row in rows
    ]
    emit(call, {"moves": rows}, *table(call, [f"commands.head.{key}" for key in heads], cells, [0, 6]))


@verb(app, "commands.kit.stock.damage")
def damage(
    call: Call,
    station: str = STATION,
    item: str = ITEM,
    quantity: int = COUNT,
    reason: str = WHY,
    lot: str = LOT,
    on: date | None = ON,
) -> None:
    """Write off what is damaged (报损)."""
    from benefits.kits.service_stock import damage as service

    _write_off(call, service, "commands.kit.stock.damaged", station, item, quantity, reason, lot, on)


@verb(app, "commands.kit.stock.lose")
def lose(
    call: Call,
    station: str = STATION,
    item: str = ITEM,
    quantity: int = COUNT,
    reason: str = WHY,
    lot: str = LOT,
    on: date | None = ON,
) -> None:
    """Write off what is lost (报失)."""
    from benefits.kits.service_stock import lose as service

    _write_off(call, service, "commands.kit.stock.lost", station, item, quantity, reason, lot, on)


def _write_off(
    call: Call,
    service: Callable[..., None],
    told: str,
    station: str,
    item: str,
    quantity: int,
    reason: str,
    lot: str,
    on: date | None,
) -> None:
    from benefits.kits.queries_stock import stock

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            where, what = station_named(unit, station), item_named(unit, item)
            chosen = lot_id_of(unit, item, lot) if lot else None
        given: dict[str, Any] = {"station_id": where, "item_id": what, "lot_id": chosen}
        database.act(actor, service, quantity=quantity, reason=reason, on=on, **given)
        with database.read(actor) as unit:
            rows = stock(unit, where, item_id=what, empty=True)
    left = sum(row.on_hand for row in rows)
    data = {"station": rows[0].station, "item": rows[0].item, "quantity": quantity, "on_hand": left}
    emit(call, data, words(call, told, **data))


def _held(read_as: Callable[..., Any], actor: Any, station: int, item: int, lot: int) -> Any:
    """The balance that was changed."""
    from benefits.kits.queries_stock import stock

    with read_as(actor) as unit:
        return next(row for row in stock(unit, station, item_id=item, empty=True) if row.lot_id == lot)
