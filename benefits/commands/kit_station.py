"""``benefits kit station``: where people collect (发放点)."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.kit_naming import (
    CAMPAIGN,
    STATION,
    campaign_named,
    places_named,
    station_named,
)
from benefits.commands.options import Call, Misuse, group, number, verb
from benefits.commands.show import emit, listed, table, words
from benefits.commands.work import opened, read
from benefits.kernel.errors import say

if TYPE_CHECKING:
    pass

app = group("kit.station")


def _text(name: str, metavar: str, help: str, **more: Any) -> Any:
    return typer.Option(None, name, metavar=metavar, help=f"commands.option.{help}", **more)


FILE = _text("--file", "FILE", "kit_station_file")
ADDRESS = _text("--address", "TEXT", "address")
HOURS = _text("--hours", "TEXT", "kit_hours")
KEEPER = _text("--keeper", "NAME", "kit_keeper")
LOGIN = _text("--login", "LOGIN", "kit_keeper_login")
HOST = _text("--org", "CODE", "kit_host")


@verb(app, "commands.kit.station.add")
def add(
    call: Call,
    campaign: str = CAMPAIGN,
    names: list[str] = typer.Argument(None, metavar="NAME...", help="commands.option.kit_station_names"),
    file: Path | None = FILE,
    org: str | None = HOST,
    address: str | None = ADDRESS,
    hours: str | None = HOURS,
    keeper: str | None = KEEPER,
    login: str | None = LOGIN,
    units: list[str] = typer.Option(
        [], "--units", metavar="CODE,…", help="commands.option.kit_station_units"
    ),
) -> None:
    """Add stations to a campaign, by name or from a spreadsheet (新增发放点)."""
    from benefits.kits.models import Station
    from benefits.kits.service_station import NewStation, add_stations
    from benefits.kits.station_file import read_stations

    if bool(names) == (file is not None) or (units and len(names or []) != 1):
        raise Misuse(say("commands.usage.kit_stations"))
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, row = campaign_named(unit, campaign)
            same: dict[str, Any] = {"address": address or "", "hours": hours or "", "keeper": keeper or ""}
            same |= {"keeper_login": login or "", "units": tuple(places_named(unit, units))}
            same["organisation_id"] = places_named(unit, [org])[0] if org else None
            wanted: tuple[NewStation, ...] = (
                tuple(NewStation(name, **same) for name in names or [])
                if file is None
                else read_stations(unit, file)
            )
        made = database.act(actor, add_stations, campaign_id=found, stations=wanted)
        with database.read(actor) as unit:
            stations = [unit.session.get_one(Station, one) for one in made]
    rows = [{"id": one.id, "number": one.number, "name": one.name} for one in stations]
    told = words(call, "commands.kit.station.added", name=row.name, count=len(rows))
    emit(call, {"campaign": row.number, "added": len(rows), "stations": rows}, told)


@verb(app, "commands.kit.station.list")
def list_stations(call: Call, campaign: str = CAMPAIGN) -> None:
    """The stations of a campaign, with what each has and has handed out (发放点列表)."""
    from benefits.kits.queries_campaigns import stations

    rows = read(call, lambda unit: stations(unit, campaign_named(unit, campaign)[0]))
    data: list[dict[str, Any]] = [
        {
            "id": row.id,
            "number": row.number,
            "name": row.name,
            "state": row.state,
            "host": row.host,
            "address": row.address,
            "hours": row.hours,
            "keeper": row.keeper,
            "version": row.version,
            "units": [name for _, name in row.units],
            "people": row.people,
            "on_hand": sum(one.on_hand for one in row.items.values()),
            "handed": sum(one.handed for one in row.items.values()),
            "items": [{"item_id": item, **_pieces(one)} for item, one in sorted(row.items.items())],
        }
        for row in rows
    ]
    keys = ("c_number", "c_name", "c_state", "c_keeper", "c_units", "c_on_hand", "c_handed")
    heads = [f"commands.kit.station.{key}" for key in keys]
    cells = [
        [
            row["number"],
            row["name"],
            words(call, f"commands.kit.station.state_{row['state'].value}"),
            row["keeper"],
            listed(call, row["units"][:3]),
            row["on_hand"],
            row["handed"],
        ]
        for row in data
    ]
    emit(call, {"stations": data}, *table(call, heads, cells, numbers=(0, 5, 6)))


@verb(app, "commands.kit.station.edit")
def edit(
    call: Call,
    station: str = STATION,
    name: str | None = _text("--name", "NAME", "kit_station_name"),
    org: str | None = HOST,
    address: str | None = ADDRESS,
    hours: str | None = HOURS,
    keeper: str | None = KEEPER,
    login: str | None = LOGIN,
    version: int | None = _text("--version", "N", "version_seen", parser=number(1)),
) -> None:
    """Change what is written about a station or store; an empty text clears a field (修改发放点)."""
    from benefits.kits.models import Station
    from benefits.kits.service_station import edit_station

    given = {"name": name, "address": address, "hours": hours, "keeper": keeper, "keeper_login": login}
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if not changes and org is None:
        raise Misuse(say("commands.usage.nothing_to_change"))
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found = station_named(unit, station)
            row = unit.session.get_one(Station, found)
            if org is not None:
                changes["organisation_id"] = places_named(unit, [org])[0]
        seen = version or row.version
        now = database.act(actor, edit_station, station_id=found, version=seen, changes=changes)
    data = {"id": found, "name": name or row.name, "version": now, "fields": sorted(changes)}
    emit(call, data, words(call, "commands.kit.station.edited", name=data["name"], count=len(changes)))


@verb(app, "commands.kit.station.units")
def units(
    call: Call,
    station: str = STATION,
    codes: list[str] = typer.Argument(None, metavar="CODE...", help="commands.option.kit_station_units"),
    none: bool = typer.Option(False, "--none", help="commands.option.kit_no_units"),
) -> None:
    """Say whose people collect at a station (对应单位)."""
    from benefits.kits.models import Station
    from benefits.kits.service_station import assign_units

    if bool(codes) == none:
        raise Misuse(say("commands.usage.kit_station_units"))
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, ids = station_named(unit, station), places_named(unit, codes or [])
            name = unit.session.get_one(Station, found).name
        count = database.act(actor, assign_units, station_id=found, organisation_ids=ids)
    data = {"id": found, "name": name, "units": count}
    emit(call, data, words(call, "commands.kit.station.units_set", name=name, count=count))


@verb(app, "commands.kit.station.close")
def close(call: Call, station: str = STATION) -> None:
    """Close a station that has nothing left (撤销发放点)."""
    from benefits.kits.models import Station
    from benefits.kits.service_station import close_station

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found = station_named(unit, station)
            name = unit.session.get_one(Station, found).name
        database.act(actor, close_station, station_id=found)
    emit(call, {"id": found, "name": name}, words(call, "commands.kit.station.closed", name=name))


def _pieces(one: Any) -> dict[str, Any]:
    return {"allocated": one.allocated, "on_hand": one.on_hand, "handed": one.handed}
