"""``benefits kit campaign``: make, edit, open, close; for whom, what, and how it adds up (发放活动)."""

from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.kit_naming import CAMPAIGN, campaign_named, fen_said, given_items, places_named
from benefits.commands.options import Call, Misuse, day, group, number, one_of, verb
from benefits.commands.show import emit, listed, table, words
from benefits.commands.work import opened, read
from benefits.kernel.errors import say
from benefits.kernel.messages import render
from benefits.kernel.money import yuan

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit
    from benefits.kits.queries_campaigns import CampaignView

app = group("kit.campaign")

KINDS = ("kits", "birthday", "visit", "prize")
ONCE = ("item", "campaign")
FUNDS = (
    *("city_union", "district_union", "subdistrict_union", "unit_union", "employer"),
    *("person", "platform", "treasury", "card_discount"),
)
ITEMS: Any = typer.Option([], "--item", metavar="ITEM[:N[:PLAN]]", help="commands.option.kit_items")
UNITS: Any = typer.Option([], "--units", metavar="CODE,…", help="commands.option.kit_units")
RULE: Any = typer.Option([], "--rule", metavar="RULE", help="commands.option.kit_rule")
REASON: Any = typer.Option(..., "--reason", metavar="TEXT", help="commands.option.reason")


def _text(name: str, metavar: str | None, help: str, **more: Any) -> Any:
    return typer.Option(None, name, metavar=metavar, help=f"commands.option.{help}", **more)


FROM = _text("--from", "DATE", "kit_from", parser=day)
TO = _text("--to", "DATE", "kit_to", parser=day)
KIND = _text("--kind", "WORD", "kit_kind", parser=one_of(*KINDS))
BUDGET = _text("--budget", "YUAN", "kit_budget")
FUND = _text("--fund", "WORD", "kit_fund", parser=one_of(*FUNDS))
PURPOSE = _text("--purpose", "WORD", "kit_purpose")
ONCE_OPTION = _text("--once", "item|campaign", "kit_once", parser=one_of(*ONCE))


@verb(app, "commands.kit.campaign.add")
def add(
    call: Call,
    name: str = typer.Argument(..., metavar="NAME", help="commands.option.kit_campaign_name"),
    org: str = typer.Option(..., "--org", metavar="CODE", help="commands.option.kit_owner"),
    starts: date = typer.Option(..., "--from", metavar="DATE", parser=day, help="commands.option.kit_from"),
    ends: date = typer.Option(..., "--to", metavar="DATE", parser=day, help="commands.option.kit_to"),
    kind: str | None = KIND,
    code: str | None = _text("--number", "TEXT", "kit_number"),
    budget: str | None = BUDGET,
    fund: str | None = FUND,
    rule: list[str] = RULE,
    units: list[str] = UNITS,
    items: list[str] = ITEMS,
    listed_only: bool = typer.Option(False, "--listed-only", help="commands.option.kit_listed_only"),
    public: bool = typer.Option(False, "--public", help="commands.option.kit_public"),
    no_stock: bool = typer.Option(False, "--no-stock", help="commands.option.kit_no_stock"),
    once: str | None = ONCE_OPTION,
    purpose: str | None = PURPOSE,
) -> None:
    """Make a campaign, a draft (新建发放活动)."""
    from benefits.kits.service_campaign import add_campaign

    given = _given(name, starts, ends, kind, fen_said(budget), fund, once, purpose)
    given |= {"listed_only": listed_only, "public": public}
    given |= {"counts_stock": not no_stock, "number": code or ""}
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            given["organisation_id"] = places_named(unit, [org])[0]
            given["organisation_ids"] = places_named(unit, units)
            given |= {"items": given_items(unit, items), "rule": _rule(unit, rule)}
        made = database.act(actor, add_campaign, **given)
        with database.read(actor) as unit:
            row = _row(unit, made)
    emit(call, row, words(call, "commands.kit.campaign.added", name=name, number=row["number"]))


@verb(app, "commands.kit.campaign.edit")
def edit(
    call: Call,
    campaign: str = CAMPAIGN,
    name: str | None = _text("--name", "NAME", "kit_campaign_name"),
    starts: date | None = FROM,
    ends: date | None = TO,
    kind: str | None = KIND,
    budget: str | None = BUDGET,
    fund: str | None = FUND,
    rule: list[str] = RULE,
    no_rule: bool = typer.Option(False, "--no-rule", help="commands.option.kit_no_rule"),
    listed_only: bool | None = _text("--listed-only/--not-listed-only", None, "kit_listed_only"),
    public: bool | None = _text("--public/--not-public", None, "kit_public"),
    stock: bool | None = _text("--stock/--no-stock", None, "kit_stock"),
    once: str | None = ONCE_OPTION,
    purpose: str | None = PURPOSE,
    version: int | None = _text("--version", "N", "version_seen", parser=number(1)),
) -> None:
    """Change what is written about a campaign (修改发放活动)."""
    from benefits.kits.service_campaign import edit_campaign

    changes = _given(name, starts, ends, kind, fen_said(budget), fund, once, purpose)
    flags = {"listed_only": listed_only, "public": public, "counts_stock": stock}
    changes |= {key: value for key, value in flags.items() if value is not None}
    if not changes and not rule and not no_rule:
        raise Misuse(say("commands.usage.nothing_to_change"))
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, row = campaign_named(unit, campaign)
            if rule or no_rule:
                changes["rule"] = _rule(unit, rule)
        seen = version or row.version
        now = database.act(actor, edit_campaign, campaign_id=found, version=seen, changes=changes)
    data = {"id": found, "number": row.number, "version": now, "fields": sorted(changes)}
    told = words(call, "commands.kit.campaign.edited", name=name or row.name, count=len(changes))
    emit(call, data, told)


@verb(app, "commands.kit.campaign.list")
def list_campaigns(call: Call) -> None:
    """All campaigns (发放活动列表)."""
    from benefits.kits.queries_campaigns import campaigns

    rows = read(call, campaigns)
    cells = [
        [row.number, row.name, _state(call, row.state.value), row.starts, row.ends, row.stations, row.handed]
        for row in rows
    ]
    keys = ("c_number", "c_name", "c_state", "c_starts", "c_ends", "c_stations", "c_handed")
    heads = [f"commands.kit.campaign.{key}" for key in keys]
    emit(call, {"campaigns": rows}, *table(call, heads, cells, numbers=(5, 6)))


@verb(app, "commands.kit.campaign.show")
def show(call: Call, campaign: str = CAMPAIGN) -> None:
    """A campaign with its rule, units and items (发放活动详情)."""
    from benefits.kits import queries_campaigns, rule

    def look(unit: "ReadUnit") -> "tuple[CampaignView, tuple[str, ...]]":
        view = queries_campaigns.campaign(unit, campaign_named(unit, campaign)[0])
        return view, rule.sentences(rule.of_campaign(list(view.rule)), call.lang)

    view, told = read(call, look)
    row = view.row
    data = {
        "campaign": row,
        "version": view.version,
        "budget_fen": view.budget_fen,
        "fund": view.fund,
        "purpose": view.purpose,
        "listed_only": view.listed_only,
        "listed": view.listed,
        "public": view.public,
        "counts_stock": view.counts_stock,
        "once": view.once,
        "closed_on": view.closed_on,
        "units": [{"id": one, "name": name} for one, name in view.units],
        "rule": told,
        "items": view.items,
    }
    every = words(call, "commands.kit.campaign.every_unit", owner=row.owner)
    budget = "-" if view.budget_fen is None else yuan(view.budget_fen)
    named = {"number": row.number, "name": row.name, "state": _state(call, row.state.value)}
    lines = [
        words(call, "commands.kit.campaign.shown", **named, starts=row.starts, ends=row.ends),
        words(call, "commands.kit.campaign.for", units=listed(call, [n for _, n in view.units]) or every),
        words(call, "commands.kit.campaign.rule", rule=listed(call, told) or words(call, "commands.none")),
        words(call, "commands.kit.campaign.money", budget=budget, stations=row.stations),
    ]
    if view.listed_only or view.listed:
        lines.append(words(call, "commands.kit.campaign.listed", listed=view.listed))
    if view.public:
        lines.append(words(call, "commands.kit.campaign.public"))
    cells = [[one.code, one.name, one.per_person, one.planned, one.on_hand, one.handed] for one in view.items]
    keys = ("c_code", "c_item", "c_per_person", "c_planned", "c_on_hand", "c_handed")
    heads = [f"commands.kit.campaign.{key}" for key in keys]
    emit(call, data, *lines, *table(call, heads, cells, numbers=(2, 3, 4, 5)))


@verb(app, "commands.kit.campaign.units")
def units(
    call: Call,
    campaign: str = CAMPAIGN,
    codes: list[str] = typer.Argument(None, metavar="CODE...", help="commands.option.kit_units"),
    every: bool = typer.Option(False, "--all", help="commands.option.kit_all_units"),
) -> None:
    """Say for which parts of the tree a campaign is (发放范围)."""
    from benefits.kits.service_campaign import set_units

    if bool(codes) == every:
        raise Misuse(say("commands.usage.kit_units"))
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, row = campaign_named(unit, campaign)
            ids = places_named(unit, codes or [])
        count = database.act(actor, set_units, campaign_id=found, organisation_ids=ids)
    data = {"id": found, "number": row.number, "units": count}
    emit(call, data, words(call, "commands.kit.campaign.units_set", name=row.name, count=count))


@verb(app, "commands.kit.campaign.items")
def items(
    call: Call,
    campaign: str = CAMPAIGN,
    given: list[str] = typer.Argument(..., metavar="ITEM[:N[:PLAN]]...", help="commands.option.kit_items"),
) -> None:
    """Say what a campaign gives, in place of what it gave before (发放物品)."""
    from benefits.kits.service_campaign import set_items

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, row = campaign_named(unit, campaign)
            wanted = given_items(unit, given)
        count = database.act(actor, set_items, campaign_id=found, items=wanted)
    data = {"id": found, "number": row.number, "items": count}
    emit(call, data, words(call, "commands.kit.campaign.items_set", name=row.name, count=count))


@verb(app, "commands.kit.campaign.open")
def open_it(call: Call, campaign: str = CAMPAIGN) -> None:
    """Begin to hand out (开始发放)."""
    from benefits.kits.service_campaign import open_campaign

    _done(call, campaign, open_campaign, "commands.kit.campaign.opened")


@verb(app, "commands.kit.campaign.cancel")
def cancel(call: Call, campaign: str = CAMPAIGN, reason: str = REASON) -> None:
    """Call a campaign off (取消活动)."""
    from benefits.kits.service_campaign import cancel_campaign

    _done(call, campaign, cancel_campaign, "commands.kit.campaign.cancelled", reason=reason)


@verb(app, "commands.kit.campaign.close")
def close(call: Call, campaign: str = CAMPAIGN) -> None:
    """Close a campaign whose stock comes out at zero (结清活动)."""
    from benefits.kits.service_campaign import close_campaign

    _done(call, campaign, close_campaign, "commands.kit.campaign.closed")


@verb(app, "commands.kit.campaign.balance")
def balance(call: Call, campaign: str = CAMPAIGN) -> None:
    """How a campaign's stock adds up, and what keeps it from being closed (结清核对)."""
    from benefits.kits.closing import campaign_balance, obstacles

    def look(unit: "ReadUnit") -> Any:
        found, row = campaign_named(unit, campaign)
        return row, campaign_balance(unit, found), obstacles(unit, found)

    row, rows, problems = read(call, look)
    data = {
        "number": row.number,
        "name": row.name,
        "state": row.state,
        "difference": sum(abs(one.difference) + abs(one.unrecorded) for one in rows),
        "obstacles": [{"code": one.code, "message": render(one.say, call.lang)} for one in problems],
        "items": rows,
    }
    cells = [
        [
            one.name,
            one.received + one.built + one.arrived + one.found,
            one.sent + one.used,
            one.handed_out - one.handed_back,
            one.tally,
            one.damaged + one.lost + one.missing,
            one.on_hand,
            one.on_road,
            one.difference,
        ]
        for one in rows
    ]
    keys = (
        "c_item",
        "c_in",
        "c_out",
        "c_handed",
        "c_tally",
        "c_gone",
        "c_on_hand",
        "c_on_road",
        "c_difference",
    )
    heads = [f"commands.kit.campaign.{key}" for key in keys]
    lines = [
        *table(call, heads, cells, numbers=range(1, 9)),
        *(render(one.say, call.lang) for one in problems),
    ]
    if not problems:
        lines.append(words(call, "commands.kit.campaign.nothing_left", name=row.name))
    emit(call, data, *lines)


def _given(
    name: str | None,
    starts: date | None,
    ends: date | None,
    kind: str | None,
    budget_fen: int | None,
    fund: str | None,
    once: str | None,
    purpose: str | None,
) -> dict[str, Any]:
    """What was said, as the service takes it."""
    from benefits.contributions.models import Payer
    from benefits.kits.models import CampaignKind, Once

    found = {
        "name": name,
        "starts": starts,
        "ends": ends,
        "kind": CampaignKind(kind) if kind else None,
        "budget_fen": budget_fen,
        "fund": Payer(fund) if fund else None,
        "once": Once(once) if once else None,
        "purpose": purpose,
    }
    return {key: value for key, value in found.items() if value is not None}


def _rule(unit: "ReadUnit", said: list[str]) -> Any:
    """A rule by name or file, which may ask for the office's own worker categories."""
    from benefits.kits.rule import said as rule_said
    from benefits.members.dossier import categories

    return rule_said(said, {one.code for one in categories(unit)})


def _state(call: Call, state: str) -> str:
    return words(call, f"kits.campaign_state.{state}")


def _row(unit: "ReadUnit", campaign_id: int) -> dict[str, Any]:
    from benefits.kits.models import Campaign

    row = unit.session.get_one(Campaign, campaign_id)
    return {
        "id": row.id,
        "number": row.number,
        "name": row.name,
        "state": row.state,
        "starts": row.starts,
        "ends": row.ends,
        "version": row.version,
    }


def _done(call: Call, campaign: str, action: Any, key: str, **given: Any) -> None:
    """Do something to a campaign and say what state it is in."""
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, row = campaign_named(unit, campaign)
        database.act(actor, action, campaign_id=found, **given)
        with database.read(actor) as unit:
            data = _row(unit, found)
    emit(call, data, words(call, key, name=row.name, number=row.number))
