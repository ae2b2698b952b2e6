"""``benefits kit handout``: look people up, hand out, a group's collection, the public, signatures (发放)."""

from datetime import date
from typing import Any

import typer

from benefits.commands.kit_naming import campaign_named, item_named, places_named, station_named
from benefits.commands.options import Call, Misuse, day, group, number, one_of, verb
from benefits.commands.show import emit, listed, table, words
from benefits.commands.work import opened
from benefits.kernel.errors import say
from benefits.kernel.messages import render
from benefits.kernel.money import yuan

app = group("kit.handout")

STATES = ("active", "void", "twice")
SIGNED = ("no", "self", "for")
CAMPAIGN: Any = typer.Option(..., "--campaign", metavar="CAMPAIGN", help="commands.option.kit_campaign")
STATION: Any = typer.Option(None, "--station", metavar="STATION", help="commands.option.kit_station")
NOTE: Any = typer.Option("", "--note", metavar="TEXT", help="commands.option.handout_note")
ON: Any = typer.Option(None, "--on", metavar="DATE", parser=day, help="commands.option.handout_on")
IDS: Any = typer.Argument(..., metavar="HANDOUT…", help="commands.option.handout_ids")
MEMBERS: Any = typer.Option([], "--member", metavar="MEMBER", help="commands.option.handout_members")
ITEMS: Any = typer.Option([], "--item", metavar="ITEM", help="commands.option.handout_items")


@verb(app, "commands.kit.handout.look")
def look(
    call: Call,
    text: str = typer.Argument(..., metavar="TEXT", help="commands.option.handout_text"),
    campaign: str = CAMPAIGN,
    limit: int = typer.Option(10, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
) -> None:
    """Who that is, whether entitled, and what is due (查人)."""
    from benefits.kits.counter import look_up

    with opened(call) as (database, actor), database.read(actor) as unit:
        rows = look_up(unit, campaign_named(unit, campaign)[0], text, limit, call.as_of)
    heads = "member name id_tail unit handout_due handout_why".split()
    cells = []
    for row in rows:
        due = listed(call, (f"{one.item}×{one.quantity}" for one in row.due))
        had = [f"{one.item} {one.day} {one.station}" for one in row.had]
        why = listed(call, [render(one.say, call.lang) for one in row.why] + had)
        cells.append((row.member_id, row.name, row.tail, row.organisation, due, why))
    emit(call, {"people": rows}, *table(call, [f"commands.head.{one}" for one in heads], cells, [0]))


@verb(app, "commands.kit.handout.give")
def give(
    call: Call,
    member: str = typer.Argument(..., metavar="MEMBER", help="commands.option.member"),
    campaign: str = CAMPAIGN,
    station: str | None = STATION,
    items: list[str] = ITEMS,
    quantity: int | None = typer.Option(
        None, "--quantity", metavar="N", parser=number(1), help="commands.option.handout_quantity"
    ),
    collected_by: str = typer.Option("", "--collected-by", metavar="NAME", help="commands.option.handout_by"),
    note: str = NOTE,
    on: date | None = ON,
    signed: str = typer.Option(
        "no", "--signed", metavar="no|self|for", parser=one_of(*SIGNED), help="commands.option.handout_signed"
    ),
) -> None:
    """Hand a person what is due (发放)."""
    from benefits.kits.models_handout import Signed
    from benefits.kits.service_handout import hand_out
    from benefits.members.queries import by_reference

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found = campaign_named(unit, campaign)[0]
            where = None if station is None else station_named(unit, station, found)
            person = by_reference(unit, member)
            wanted = [item_named(unit, one) for one in items] or None
        given: dict[str, Any] = {"campaign_id": found, "station_id": where, "member_id": person}
        given |= {"items": wanted, "quantity": quantity, "collected_by": collected_by, "note": note}
        done = database.act(actor, hand_out, **given, on=on, signed=Signed(signed))
    things = [{"item": name, "quantity": count, "fen": fen} for name, count, fen in done.items]
    left = [{"item_id": one, "item": name, "on_hand": count} for one, name, count in done.left]
    data = {"handouts": done.ids, "name": done.name, "items": things, "left": left}
    what = listed(call, (f"{name}×{count}" for name, count, _ in done.items))
    rest = [
        words(call, "commands.kit.handout.left", item=name, on_hand=count) for _, name, count in done.left
    ]
    emit(call, data, words(call, "commands.kit.handout.given", name=done.name, items=what), *rest)


@verb(app, "commands.kit.handout.group")
def give_group(
    call: Call,
    campaign: str = CAMPAIGN,
    collected_by: str = typer.Option(
        ..., "--collected-by", metavar="NAME", help="commands.option.handout_by"
    ),
    station: str | None = STATION,
    org: str | None = typer.Option(
        None, "--org", "--unit", metavar="CODE", help="commands.option.handout_unit"
    ),
    members: list[str] = MEMBERS,
    items: list[str] = ITEMS,
    note: str = NOTE,
    on: date | None = ON,
) -> None:
    """A unit's representative collects for its people (集体代领)."""
    from benefits.kits.service_group import hand_out_group
    from benefits.members.queries import by_reference

    if bool(org) == bool(members):
        raise Misuse(say("commands.usage.handout_group"))
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found = campaign_named(unit, campaign)[0]
            given: dict[str, Any] = {"campaign_id": found, "collected_by": collected_by, "note": note}
            given["station_id"] = None if station is None else station_named(unit, station, found)
            given["organisation_id"] = places_named(unit, [org])[0] if org else None
            given["member_ids"] = [by_reference(unit, one) for one in members] or None
            given["items"] = [item_named(unit, one) for one in items] or None
        done = database.act(actor, hand_out_group, **given, on=on)
    told = {"people": done.people, "pieces": done.pieces, "asked": done.asked}
    lines = [render(one.say, call.lang) for one in done.left_out]
    data = told | {"handouts": done.ids, "left_out": done.left_out}
    emit(call, data, words(call, "commands.kit.handout.given_group", **told), *lines)


@verb(app, "commands.kit.handout.tally")
def tally(
    call: Call,
    item: str = typer.Argument(..., metavar="ITEM", help="commands.option.goods_item"),
    quantity: int = typer.Argument(..., metavar="N", parser=number(1), help="commands.option.goods_count"),
    campaign: str = CAMPAIGN,
    station: str = typer.Option(..., "--station", metavar="STATION", help="commands.option.kit_station"),
    note: str = NOTE,
    on: date | None = ON,
) -> None:
    """Count what the public took (无名发放)."""
    from benefits.kits.counter import station as head_of
    from benefits.kits.references import item_of
    from benefits.kits.service_tally import tally as service

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found = campaign_named(unit, campaign)[0]
            where, what = station_named(unit, station, found), item_named(unit, item)
        given: dict[str, Any] = {"campaign_id": found, "station_id": where, "item_id": what}
        lots = database.act(actor, service, **given, quantity=quantity, note=note, on=on)
        with database.read(actor) as unit:
            head, name = head_of(unit, where), item_of(unit, item).name
    taken = [{"lot_id": lot, "quantity": count} for lot, count in lots]
    data = {"station": head.station, "item_id": what, "quantity": quantity, "lots": taken}
    told = {"station": head.station, "quantity": quantity, "item": name}
    emit(call, data, words(call, "commands.kit.handout.tallied", **told))


@verb(app, "commands.kit.handout.sign")
def sign(
    call: Call,
    handouts: list[int] = IDS,
    how: str = typer.Option(
        "self", "--how", metavar="self|for", parser=one_of("self", "for"), help="commands.option.handout_how"
    ),
) -> None:
    """Note that hand-outs were signed for (签收)."""
    from benefits.kits.models_handout import Signed
    from benefits.kits.service_tally import sign as service

    with opened(call) as (database, actor):
        new = database.act(actor, service, handout_ids=handouts, how=Signed(how))
    data = {"handouts": sorted(set(handouts)), "signed": how, "new": new}
    emit(call, data, words(call, "commands.kit.handout.signed_for", count=len(set(handouts)), new=new))


@verb(app, "commands.kit.handout.void")
def void(
    call: Call,
    handout: int = typer.Argument(..., metavar="HANDOUT", help="commands.option.handout_id"),
    reason: str = typer.Option(..., "--reason", metavar="TEXT", help="commands.option.reason"),
    damaged: bool = typer.Option(False, "--damaged", help="commands.option.handout_damaged"),
) -> None:
    """Strike a hand-out; what it took comes back into stock (作废)."""
    from benefits.kits.service_handout import void as service

    with opened(call) as (database, actor):
        database.act(actor, service, handout_id=handout, reason=reason, damaged=damaged)
    data = {"handout": handout, "state": "void", "damaged": damaged}
    emit(call, data, words(call, "commands.kit.handout.voided", handout=handout))


@verb(app, "commands.kit.handout.list")
def list_handouts(
    call: Call,
    campaign: str | None = typer.Option(
        None, "--campaign", metavar="CAMPAIGN", help="commands.option.kit_campaign"
    ),
    station: str | None = STATION,
    member: str | None = typer.Option(None, "--member", metavar="MEMBER", help="commands.option.member"),
    state: str | None = typer.Option(
        None,
        "--state",
        metavar="active|void|twice",
        parser=one_of(*STATES),
        help="commands.option.handout_state",
    ),
    limit: int = typer.Option(50, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
    after: int = typer.Option(0, "--after", metavar="ID", help="commands.option.handout_after"),
) -> None:
    """Hand-outs in the order in which they were written (发放记录)."""
    from benefits.kits.models_handout import HandoutState
    from benefits.kits.queries import handouts, handouts_of
    from benefits.members.queries import by_reference

    with opened(call) as (database, actor), database.read(actor) as unit:
        if member is not None:
            rows = handouts_of(unit, by_reference(unit, member))
        else:
            found = None if campaign is None else campaign_named(unit, campaign)[0]
            where = None if station is None else station_named(unit, station, found)
            wanted = HandoutState(state) if state else None
            only: dict[str, Any] = {"campaign_id": found, "station_id": where, "state": wanted}
            rows = handouts(unit, **only, limit=limit, after=after)
    names = "handout name unit kit_campaign kit_item quantity kit_value given_on kit_station state signed"
    cells = [
        (
            *(row.id, row.name, row.organisation, row.campaign, row.item, row.quantity, yuan(row.fen)),
            *(row.given_on, row.station, words(call, f"commands.handout_state.{row.state.value}")),
            words(call, f"commands.handout_signed.{row.signed.value}"),
        )
        for row in rows
    ]
    heads = [f"commands.head.{one}" for one in names.split()]
    emit(call, {"handouts": rows}, *table(call, heads, cells, [0, 5, 6]))
