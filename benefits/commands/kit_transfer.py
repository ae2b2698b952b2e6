"""``benefits kit transfer``: goods on the road (调拨)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import typer

from benefits.commands.kit_naming import station_named
from benefits.commands.kit_words import (
    NOTE,
    ON,
    WHY,
    campaign,
    counted,
    items_of,
    lot_among,
    lots_of,
)
from benefits.commands.options import Call, group, number, one_of, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import opened, read
from benefits.kernel.errors import Refused

app = group("kit.transfer")

NUMBER: Any = typer.Argument(..., metavar="NUMBER", help="commands.option.kit_transfer")
STATES = ("sent", "arrived", "cancelled")


@verb(app, "commands.kit.transfer.send")
def send(
    call: Call,
    origin: str = typer.Argument(..., metavar="FROM", help="commands.option.goods_from"),
    to: str = typer.Argument(..., metavar="TO", help="commands.option.goods_to"),
    lines: list[str] = typer.Argument(None, metavar="ITEM:N...", help="commands.option.goods_lines"),
    lots: list[str] = typer.Option([], "--lot", metavar="ITEM/LOT:N", help="commands.option.goods_lots"),
    carrier: str = typer.Option("", "--carrier", metavar="NAME", help="commands.option.goods_carrier"),
    note: str = NOTE,
    on: date | None = ON,
) -> None:
    """Send goods to another place (调出)."""
    from benefits.kits.queries_movements import transfer
    from benefits.kits.service_transfer import send as service

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            given: dict[str, Any] = {"from_id": station_named(unit, origin), "to_id": station_named(unit, to)}
            given |= {"lines": items_of(unit, lines or []), "lots": lots_of(unit, lots)}
        made = database.act(actor, service, carrier=carrier, note=note, on=on, **given)
        with database.read(actor) as unit:
            view = transfer(unit, made)
    row = view.transfer
    told = {"number": row.number, "origin": row.origin, "to": row.to, "pieces": row.sent}
    data = {"transfer": row, "lines": view.lines}
    emit(call, data, words(call, "commands.kit.transfer.gone", **told))


@verb(app, "commands.kit.transfer.arrive")
def arrive(
    call: Call,
    transfer: str = NUMBER,
    damaged: list[str] = typer.Option(
        [], "--damaged", metavar="ITEM[/LOT]:N", help="commands.option.goods_damaged"
    ),
    missing: list[str] = typer.Option(
        [], "--missing", metavar="ITEM[/LOT]:N", help="commands.option.goods_missing"
    ),
    reason: str = typer.Option("", "--reason", metavar="TEXT", help="commands.option.goods_difference"),
    on: date | None = ON,
) -> None:
    """Sign for goods that have come; all of them, but for what is said (签收)."""
    from benefits.kits.queries_movements import transfer as query
    from benefits.kits.references import transfer_of
    from benefits.kits.service_transfer import arrive as service

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            chosen = transfer_of(unit, transfer)
            lines = _less(query(unit, chosen), damaged, missing, reason)
        database.act(actor, service, transfer_id=chosen, lines=lines, whole=True, on=on)
        with database.read(actor) as unit:
            view = query(unit, chosen)
    row = view.transfer
    told = {"number": row.number, "to": row.to, "arrived": row.arrived, "damaged": row.damaged}
    data = {"transfer": row, "lines": view.lines}
    emit(call, data, words(call, "commands.kit.transfer.here", missing=row.missing, **told))


def _less(view: Any, damaged: Sequence[str], missing: Sequence[str], reason: str) -> list[Any]:
    """What did not come whole, by lots of the transfer."""
    from benefits.kits.service_transfer import Arrived

    less: dict[int, list[int]] = {}
    for at, texts in enumerate((damaged, missing)):
        for text in texts:
            item, lot, count = counted(text)
            found = lot_among(view.lines, item, lot)
            if found is None:
                raise Refused("kits.not_in_paper", text=text[:40], number=view.transfer.number)
            less.setdefault(found, [0, 0])[at] += count
    sent = {line.lot_id: line.sent for line in view.lines}
    return [
        Arrived(lot, sent[lot] - broken - gone, broken, gone, reason) for lot, (broken, gone) in less.items()
    ]


@verb(app, "commands.kit.transfer.cancel")
def cancel(call: Call, transfer: str = NUMBER, reason: str = WHY) -> None:
    """Take back what has not arrived (撤回调拨)."""
    from benefits.kits.queries_movements import transfer as query
    from benefits.kits.references import transfer_of
    from benefits.kits.service_transfer import cancel_transfer

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            chosen = transfer_of(unit, transfer)
        database.act(actor, cancel_transfer, transfer_id=chosen, reason=reason)
        with database.read(actor) as unit:
            row = query(unit, chosen).transfer
    told = words(call, "commands.kit.transfer.back", number=row.number, origin=row.origin, pieces=row.sent)
    emit(call, {"transfer": row}, told)


@verb(app, "commands.kit.transfer.list")
def show_all(
    call: Call,
    of_campaign: str | None = typer.Option(
        None, "--campaign", metavar="CAMPAIGN", help="commands.option.kit_campaign"
    ),
    station: str | None = typer.Option(
        None, "--station", metavar="STATION", help="commands.option.goods_place"
    ),
    state: str | None = typer.Option(
        None, "--state", metavar="WORD", parser=one_of(*STATES), help="commands.option.goods_state"
    ),
    limit: int = typer.Option(100, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
) -> None:
    """Transfers, the last first (调拨单列表)."""
    from benefits.kits.models_stock import TransferState
    from benefits.kits.queries_movements import transfers

    rows = read(
        call,
        lambda unit: transfers(
            unit,
            campaign(unit, of_campaign),
            None if station is None else station_named(unit, station),
            TransferState(state) if state else None,
            limit=limit,
        ),
    )
    heads = (
        "number",
        "from",
        "to",
        "state",
        "kit_day",
        "kit_sent",
        "kit_arrived",
        "kit_damaged",
        "kit_missing",
    )
    cells = [
        (
            *(
                row.number,
                row.origin,
                row.to,
                words(call, f"kits.transfer_state.{row.state.value}"),
                row.sent_on,
            ),
            *(row.sent, row.arrived, row.damaged, row.missing),
        )
        for row in rows
    ]
    lines = table(call, [f"commands.head.{key}" for key in heads], cells, [5, 6, 7, 8])
    emit(call, {"transfers": rows}, *lines)


@verb(app, "commands.kit.transfer.show")
def show(call: Call, transfer: str = NUMBER) -> None:
    """A transfer with its lots (查看调拨单)."""
    from benefits.kits.queries_movements import transfer as query
    from benefits.kits.references import transfer_of

    view = read(call, lambda unit: query(unit, transfer_of(unit, transfer)))
    row = view.transfer
    heads = ("code", "kit_item", "kit_lot", "kit_sent", "kit_arrived", "kit_damaged", "kit_missing", "reason")
    cells = [
        (one.code, one.item, one.lot, one.sent, one.arrived, one.damaged, one.missing, one.reason)
        for one in view.lines
    ]
    said = {"number": row.number, "origin": row.origin, "to": row.to, "day": row.sent_on}
    emit(
        call,
        {"transfer": row, "lines": view.lines},
        words(
            call,
            "commands.kit.transfer.about",
            state=words(call, f"kits.transfer_state.{row.state.value}"),
            carrier=row.carrier or "-",
            **said,
        ),
        *table(call, [f"commands.head.{key}" for key in heads], cells, [3, 4, 5, 6]),
    )
