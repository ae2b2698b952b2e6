"""``benefits kit allocation``: who gets how many (分配): proposed, adjusted, approved, shipped."""

from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.kit_naming import CAMPAIGN, campaign_named, item_named, station_named
from benefits.commands.options import Call, group, number, one_of, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import opened, read
from benefits.kernel.messages import render

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit

app = group("kit.allocation")

BY = ("people", "equal")
_HEADS = ("c_number", "c_station", "c_item", "c_people", "c_proposed", "c_quantity")


@verb(app, "commands.kit.allocation.propose")
def propose(
    call: Call,
    campaign: str = CAMPAIGN,
    by: str = typer.Option(
        "people", "--by", metavar="people|equal", parser=one_of(*BY), help="commands.option.kit_by"
    ),
    keep_back: int = typer.Option(
        0, "--keep-back", metavar="N", parser=number(0), help="commands.option.kit_keep_back"
    ),
) -> None:
    """Propose what each station gets, counted from the register (分配建议)."""
    from benefits.kits.service_allocation import propose as propose_allocation

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, row = campaign_named(unit, campaign)
        given: Any = {"by": by, "keep_back": keep_back}
        done = database.act(actor, propose_allocation, campaign_id=found, **given)
        with database.read(actor) as unit:
            rows = _rows(unit, found)
    data = {
        "campaign": row.number,
        "people": done.people,
        "unserved": done.unserved,
        "told": render(done.told, call.lang),
        "stations": rows,
    }
    lines = [render(done.told, call.lang), *_table(call, rows)]
    for one in done.unserved:
        lines.append(words(call, "commands.kit.allocation.unserved", unit=one.name, people=one.people))
    emit(call, data, *lines)


@verb(app, "commands.kit.allocation.adjust")
def adjust(
    call: Call,
    campaign: str = CAMPAIGN,
    station: str = typer.Argument(..., metavar="STATION", help="commands.option.kit_station"),
    item: str = typer.Argument(..., metavar="ITEM", help="commands.option.kit_allocated_item"),
    quantity: int = typer.Argument(..., metavar="N", parser=number(0), help="commands.option.kit_allocated"),
) -> None:
    """Give a station another quantity of an item (调整分配)."""
    from benefits.kits.service_allocation import adjust as adjust_allocation

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, row = campaign_named(unit, campaign)
            given = {"station_id": station_named(unit, station, found), "item_id": item_named(unit, item)}
        before = database.act(actor, adjust_allocation, campaign_id=found, quantity=quantity, **given)
    data = {"campaign": row.number, **given, "before": before, "quantity": quantity}
    emit(call, data, words(call, "commands.kit.allocation.adjusted", before=before, quantity=quantity))


@verb(app, "commands.kit.allocation.approve")
def approve(
    call: Call,
    campaign: str = CAMPAIGN,
    reason: str = typer.Option("", "--reason", metavar="TEXT", help="commands.option.kit_above_reason"),
) -> None:
    """Approve an allocation (审定分配)."""
    from benefits.kits.service_allocation import approve as approve_allocation

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, row = campaign_named(unit, campaign)
        database.act(actor, approve_allocation, campaign_id=found, reason=reason)
    data = {"campaign": row.number, "allocation": "approved"}
    emit(call, data, words(call, "commands.kit.allocation.approved", name=row.name))


@verb(app, "commands.kit.allocation.ship")
def ship(
    call: Call,
    campaign: str = CAMPAIGN,
    origin: str = typer.Option(..., "--from", metavar="STORE", help="commands.option.kit_shipped_from"),
    carrier: str = typer.Option("", "--carrier", metavar="TEXT", help="commands.option.kit_shipped_by"),
    note: str = typer.Option("", "--note", metavar="TEXT", help="commands.option.kit_remark"),
) -> None:
    """Send every station what it was allocated and was not sent yet (按分配调出)."""
    from benefits.kits.models import Station
    from benefits.kits.models_stock import Transfer
    from benefits.kits.service_allocation import ship as ship_allocation

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, row = campaign_named(unit, campaign)
            store = station_named(unit, origin)
        given: dict[str, Any] = {"from_id": store, "carrier": carrier, "note": note}
        done = database.act(actor, ship_allocation, campaign_id=found, **given)
        with database.read(actor) as unit:
            rows = [
                {
                    "transfer": unit.session.get_one(Transfer, transfer).number,
                    "station": unit.session.get_one(Station, station).name,
                }
                for transfer, station in done.transfers
            ]
    data = {"campaign": row.number, "pieces": done.pieces, "transfers": rows}
    told = words(call, "commands.kit.allocation.shipped", count=len(rows), pieces=done.pieces)
    heads = [f"commands.kit.allocation.{key}" for key in ("c_transfer", "c_station")]
    emit(call, data, told, *table(call, heads, [[one["transfer"], one["station"]] for one in rows]))


@verb(app, "commands.kit.allocation.show")
def show(call: Call, campaign: str = CAMPAIGN) -> None:
    """The allocation of a campaign (分配表)."""

    def look(unit: "ReadUnit") -> Any:
        found, row = campaign_named(unit, campaign)
        return row, _rows(unit, found)

    row, rows = read(call, look)
    data = {"campaign": row.number, "allocation": row.allocation, "stations": rows}
    state = words(call, f"commands.kit.allocation.state_{row.allocation.value}")
    told = words(call, "commands.kit.allocation.shown", name=row.name, state=state)
    emit(call, data, told, *_table(call, rows))


def _rows(unit: "ReadUnit", campaign_id: int) -> Any:
    from benefits.kits.queries_campaigns import allocation

    return allocation(unit, campaign_id)


def _table(call: Call, rows: Any) -> list[str]:
    heads = [f"commands.kit.allocation.{key}" for key in _HEADS]
    cells = [[one.number, one.station, one.item, one.people, one.proposed, one.quantity] for one in rows]
    return table(call, heads, cells, numbers=(0, 3, 4, 5))
