"""``benefits kit stocktake``: counting a station (盘点)."""

from typing import Any

import typer

from benefits.commands.kit_naming import station_named
from benefits.commands.kit_words import (
    NOTE,
    STATION,
    WHY,
    counted,
    lot_among,
    lot_id_of,
    until,
)
from benefits.commands.options import Call, group, number, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import opened, read
from benefits.kernel.errors import Refused

app = group("kit.stocktake")

STOCKTAKE: Any = typer.Argument(..., metavar="NUMBER", help="commands.option.goods_stocktake")


@verb(app, "commands.kit.stocktake.open")
def begin(call: Call, station: str = STATION, note: str = NOTE) -> None:
    """Begin to count a station, which stands still meanwhile (开始盘点)."""
    from benefits.kits.queries_movements import stocktake
    from benefits.kits.service_stocktake import open_stocktake

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            where = station_named(unit, station)
        made = database.act(actor, open_stocktake, station_id=where, note=note)
        with database.read(actor) as unit:
            view = stocktake(unit, made)
    row = view.stocktake
    told = words(call, "commands.kit.stocktake.opened", number=row.number, station=row.station, lots=row.lots)
    emit(call, {"stocktake": row, "lines": view.lines}, told)


@verb(app, "commands.kit.stocktake.count")
def count(
    call: Call,
    stocktake: str = STOCKTAKE,
    lines: list[str] = typer.Argument(..., metavar="ITEM[/LOT]:N...", help="commands.option.goods_counted"),
    reason: str = typer.Option("", "--reason", metavar="TEXT", help="commands.option.goods_difference"),
) -> None:
    """Write down what was counted (登记实盘数)."""
    from benefits.kits.queries_movements import stocktake as query
    from benefits.kits.references import stocktake_of
    from benefits.kits.service_stocktake import Counted
    from benefits.kits.service_stocktake import count as service

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            chosen = stocktake_of(unit, stocktake)
            view, found = query(unit, chosen), []
            for text in lines:
                item, lot, pieces = counted(text, 0)
                known = lot_among(view.lines, item, lot)
                if known is None and not lot:
                    raise Refused("kits.not_in_paper", text=text[:40], number=view.stocktake.number)
                found.append(Counted(known or lot_id_of(unit, item, lot), pieces, reason))
        left = database.act(actor, service, stocktake_id=chosen, lines=found)
        with database.read(actor) as unit:
            view = query(unit, chosen)
    told = words(
        call, "commands.kit.stocktake.counted", number=view.stocktake.number, count=len(found), left=left
    )
    emit(call, {"stocktake": view.stocktake, "lines": view.lines}, told)


@verb(app, "commands.kit.stocktake.close")
def close(call: Call, stocktake: str = STOCKTAKE) -> None:
    """Book the differences; the station works again (盘点入账)."""
    from benefits.kits.queries_movements import stocktake as query
    from benefits.kits.references import stocktake_of
    from benefits.kits.service_stocktake import close_stocktake

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            chosen = stocktake_of(unit, stocktake)
        result = database.act(actor, close_stocktake, stocktake_id=chosen)
        with database.read(actor) as unit:
            view = query(unit, chosen)
    told = {"number": view.stocktake.number, "found": result.found, "missing": result.missing}
    data = {"stocktake": view.stocktake, "lines": view.lines}
    emit(call, data, words(call, "commands.kit.stocktake.closed", **told))


@verb(app, "commands.kit.stocktake.cancel")
def cancel(call: Call, stocktake: str = STOCKTAKE, reason: str = WHY) -> None:
    """Give a stocktake up; nothing is booked (作废盘点)."""
    from benefits.kits.queries_movements import stocktake as query
    from benefits.kits.references import stocktake_of
    from benefits.kits.service_stocktake import cancel_stocktake

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            chosen = stocktake_of(unit, stocktake)
        database.act(actor, cancel_stocktake, stocktake_id=chosen, reason=reason)
        with database.read(actor) as unit:
            row = query(unit, chosen).stocktake
    emit(call, {"stocktake": row}, words(call, "commands.kit.stocktake.cancelled", number=row.number))


@verb(app, "commands.kit.stocktake.list")
def show_all(
    call: Call,
    station: str | None = typer.Option(
        None, "--station", metavar="STATION", help="commands.option.goods_place"
    ),
    limit: int = typer.Option(100, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
) -> None:
    """Stocktakes, the last first (盘点单列表)."""
    from benefits.kits.queries_movements import stocktakes

    rows = read(
        call,
        lambda unit: stocktakes(unit, None if station is None else station_named(unit, station), limit=limit),
    )
    heads = ("number", "kit_station", "state", "kit_lots", "kit_left", "kit_found", "kit_missing")
    cells = [
        (
            *(row.number, row.station, words(call, f"kits.stocktake_state.{row.state.value}")),
            *(row.lots, row.left, row.found, row.missing),
        )
        for row in rows
    ]
    lines = table(call, [f"commands.head.{key}" for key in heads], cells, [3, 4, 5, 6])
    emit(call, {"stocktakes": rows}, *lines)


@verb(app, "commands.kit.stocktake.show")
def show(call: Call, stocktake: str = STOCKTAKE) -> None:
    """A stocktake with its lots (查看盘点单)."""
    from benefits.kits.queries_movements import stocktake as query
    from benefits.kits.references import stocktake_of

    view = read(call, lambda unit: query(unit, stocktake_of(unit, stocktake)))
    row = view.stocktake
    heads = ("code", "kit_item", "kit_lot", "kit_expires", "kit_book", "kit_counted", "reason")
    cells = [
        (one.code, one.item, one.lot, until(call, one.expires_on), one.book, one.counted, one.reason)
        for one in view.lines
    ]
    said = {
        "state": words(call, f"kits.stocktake_state.{row.state.value}"),
        "number": row.number,
        "left": row.left,
    }
    emit(
        call,
        {"stocktake": row, "lines": view.lines},
        words(call, "commands.kit.stocktake.about", station=row.station, **said),
        *table(call, [f"commands.head.{key}" for key in heads], cells, [4, 5]),
    )
