"""``benefits kit list``: who is to be given something (发放名单)."""

from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.kit_naming import CAMPAIGN, campaign_named, fen_said, station_named
from benefits.commands.options import Call, group, number, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import opened, read
from benefits.kernel.money import yuan

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit

app = group("kit.list")

MEMBERS: Any = typer.Argument(..., metavar="MEMBER...", help="commands.option.kit_members", parser=number(1))


def _text(name: str, metavar: str, help: str) -> Any:
    return typer.Option(None, name, metavar=metavar, help=f"commands.option.{help}")


@verb(app, "commands.kit.list.add")
def add_people(
    call: Call,
    campaign: str = CAMPAIGN,
    members: list[int] = MEMBERS,
    amount: str | None = _text("--amount", "YUAN", "kit_amount"),
    station: str | None = _text("--station", "STATION", "kit_collects_at"),
    site: str | None = _text("--site", "TEXT", "kit_site"),
    note: str | None = _text("--note", "TEXT", "kit_remark"),
    source: str | None = _text("--source", "TEXT", "kit_source"),
) -> None:
    """Put people on a campaign's list, or change what it says of them (列入名单)."""
    from benefits.kits.service_list import Listed, put_on_list

    fen = fen_said(amount)
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, row = campaign_named(unit, campaign)
            where = station_named(unit, station, found) if station else None
        people = [Listed(one, where, fen, site or "", note or "") for one in members]
        done = database.act(actor, put_on_list, campaign_id=found, people=people, source=source or "")
    counts = {"added": done.added, "changed": done.changed, "same": done.same}
    told = words(call, "commands.kit.list.added", name=row.name, **counts)
    emit(call, {"campaign": row.number, **counts}, told)


@verb(app, "commands.kit.list.remove")
def remove_people(call: Call, campaign: str = CAMPAIGN, members: list[int] = MEMBERS) -> None:
    """Take people off a campaign's list (移出名单)."""
    from benefits.kits.service_list import take_off_list

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, row = campaign_named(unit, campaign)
        count = database.act(actor, take_off_list, campaign_id=found, member_ids=members)
    data = {"campaign": row.number, "removed": count}
    emit(call, data, words(call, "commands.kit.list.removed", name=row.name, count=count))


@verb(app, "commands.kit.list.show")
def show_people(
    call: Call,
    campaign: str = CAMPAIGN,
    limit: int = typer.Option(100, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
    after: int = typer.Option(
        0, "--after", metavar="MEMBER", parser=number(0), help="commands.option.kit_after"
    ),
) -> None:
    """Who stands on a campaign's list (发放名单)."""
    from benefits.kits import queries_list

    def look(unit: "ReadUnit") -> Any:
        found, row = campaign_named(unit, campaign)
        people = queries_list.listed(unit, found, limit=limit, after=after)
        return row, queries_list.listed_count(unit, found), people

    row, count, people = read(call, look)
    cells = [
        [
            one.member_id,
            one.name,
            one.union,
            one.station,
            "" if one.amount_fen is None else yuan(one.amount_fen),
            one.site,
            "✓" if one.handed else "",
        ]
        for one in people
    ]
    keys = ("c_member", "c_name", "c_union", "c_station", "c_amount", "c_site", "c_handed")
    heads = [f"commands.kit.list.{key}" for key in keys]
    lines = [words(call, "commands.kit.list.count", name=row.name, shown=len(people), count=count)]
    data = {"campaign": row.number, "count": count, "people": people}
    emit(call, data, *lines, *table(call, heads, cells, numbers=(0, 4)))
