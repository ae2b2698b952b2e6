"""``benefits kit care``: birthdays, visits, wishes (慰问)."""

from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.kit_naming import CAMPAIGN, campaign_named, given_items
from benefits.commands.options import Call, Misuse, day, group, number, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import act, opened, read
from benefits.kernel.errors import say
from benefits.kernel.messages import render

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit

app = group("kit.care")

ORG: Any = typer.Option(..., "--org", "--unit", metavar="CODE", help="commands.option.kit_owner")
ITEMS: Any = typer.Option([], "--item", metavar="ITEM[:N]", help="commands.option.kit_given")


@verb(app, "commands.kit.care.birthdays")
def birthdays(
    call: Call,
    month: str = typer.Argument(..., metavar="YYYY-MM", help="commands.option.kit_month"),
    org: str = ORG,
    items: list[str] = ITEMS,
    name: str = typer.Option("", "--name", metavar="TEXT", help="commands.option.kit_campaign_name"),
    no_stock: bool = typer.Option(False, "--no-stock", help="commands.option.kit_no_stock"),
) -> None:
    """The list of a month's birthdays (生日慰问名单)."""
    from benefits.kits.service_care import add_birthdays
    from benefits.organisations.queries import by_code

    year, _, of_year = month.partition("-")
    if not (year.isdigit() and of_year.isdigit()):
        raise Misuse(say("commands.usage.kit_month", given=month[:20]))

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            given: dict[str, Any] = {
                "organisation_id": by_code(unit, org).id,
                "items": given_items(unit, items),
            }
        stock: dict[str, Any] = {"name": name, "counts_stock": not no_stock}
        found = database.act(actor, add_birthdays, year=int(year), month=int(of_year), **given, **stock)
        _tell(call, database.read, actor, found)


@verb(app, "commands.kit.care.complete")
def complete(call: Call, campaign: str = CAMPAIGN) -> None:
    """Put on a month's list whoever is missing there (补充名单)."""
    from benefits.kits.service_care import list_birthdays

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            chosen = campaign_named(unit, campaign)[0]
        _tell(call, database.read, actor, database.act(actor, list_birthdays, campaign_id=chosen))


@verb(app, "commands.kit.care.left_out")
def left_out(call: Call, campaign: str = CAMPAIGN) -> None:
    """Whom a month's list leaves out, and why (未列入名单)."""
    from benefits.kits.queries_care import left_out

    rows = read(call, lambda unit: left_out(unit, campaign_named(unit, campaign)[0]))
    data = [
        {
            "member": row.member_id,
            "name": row.name,
            "union": row.union,
            "code": row.why.key,
            "say": _said(call, row.why),
        }
        for row in rows
    ]
    heads = [f"commands.kit.care.{key}" for key in ("c_member", "c_name", "c_union", "c_why")]
    lines = table(call, heads, [[one[key] for key in ("member", "name", "union", "say")] for one in data])
    emit(call, {"people": data}, *(lines if data else [words(call, "commands.kit.care.nobody_left_out")]))


@verb(app, "commands.kit.care.visits")
def visits(
    call: Call,
    name: str = typer.Argument(..., metavar="NAME", help="commands.option.kit_campaign_name"),
    org: str = ORG,
    starts: date = typer.Option(..., "--from", metavar="DATE", parser=day, help="commands.option.kit_from"),
    ends: date = typer.Option(..., "--to", metavar="DATE", parser=day, help="commands.option.kit_to"),
    items: list[str] = ITEMS,
) -> None:
    """Consolation visits; whom and how much comes by a list (走访慰问)."""
    from benefits.kits.service_care import add_visits
    from benefits.organisations.queries import by_code

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            given: dict[str, Any] = {
                "organisation_id": by_code(unit, org).id,
                "items": given_items(unit, items),
            }
        made = database.act(actor, add_visits, name=name, starts=starts, ends=ends, **given)
        with database.read(actor) as unit:
            number = _number(unit, made)
    emit(call, {"campaign": number, "id": made}, words(call, "commands.kit.care.visits_made", number=number))


@verb(app, "commands.kit.care.wish")
def wish(
    call: Call,
    campaign: str = CAMPAIGN,
    text: str = typer.Argument(..., metavar="TEXT", help="commands.option.kit_wish"),
    org: str = ORG,
    author: str = typer.Option(..., "--author", metavar="NAME", help="commands.option.kit_author"),
) -> None:
    """Write down a wish (祝福留言)."""
    from benefits.kits.service_care import add_message
    from benefits.organisations.queries import by_code

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            place, chosen = by_code(unit, org).id, campaign_named(unit, campaign)[0]
        said: dict[str, Any] = {"author": author, "words_said": text}
        made = database.act(actor, add_message, campaign_id=chosen, organisation_id=place, **said)
    emit(call, {"message": made}, words(call, "commands.kit.care.wish_kept", message=made))


@verb(app, "commands.kit.care.wishes")
def wishes(
    call: Call,
    campaign: str = CAMPAIGN,
    chosen: bool = typer.Option(False, "--chosen", help="commands.option.kit_chosen"),
    limit: int = typer.Option(100, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
) -> None:
    """The wishes of a campaign (留言列表)."""
    from benefits.kits.queries_care import messages

    rows = read(
        call,
        lambda unit: messages(unit, campaign_named(unit, campaign)[0], chosen=chosen or None, limit=limit),
    )
    data = [
        {
            "message": row.id,
            "author": row.author,
            "text": row.text,
            "union": row.union,
            "chosen": row.chosen,
            "made_on": row.made_on,
        }
        for row in rows
    ]
    keys = ("c_message", "c_chosen", "c_author", "c_union", "c_text")
    heads = [f"commands.kit.care.{key}" for key in keys]
    cells = [[row.id, "✓" if row.chosen else "", row.author, row.union, row.text] for row in rows]
    lines = table(call, heads, cells)
    emit(call, {"messages": data}, *(lines if data else [words(call, "commands.kit.care.no_wishes")]))


@verb(app, "commands.kit.care.choose")
def choose(
    call: Call,
    campaign: str = CAMPAIGN,
    messages: list[str] = typer.Argument(..., metavar="MESSAGE...", help="commands.option.kit_messages"),
    back: bool = typer.Option(False, "--back", help="commands.option.kit_back"),
) -> None:
    """Choose wishes to be read out and printed (选用留言)."""
    from benefits.kits.service_care import choose_messages

    ids = [number(1)(one) for one in messages]
    chosen = read(call, lambda unit: campaign_named(unit, campaign)[0])
    changed = act(call, choose_messages, campaign_id=chosen, message_ids=ids, chosen=not back)
    emit(call, {"changed": changed}, words(call, "commands.kit.care.chose", changed=changed))


def _tell(call: Call, reading: Any, actor: Any, found: Any) -> None:
    with reading(actor) as unit:
        number = _number(unit, found.campaign_id)
    counts = {
        "listed": found.listed,
        "before": found.before,
        "no_birth": found.no_birth,
        "not_in_post": found.not_in_post,
    }
    lines = [words(call, "commands.kit.care.birthdays_made", number=number, **counts)]
    if found.no_birth or found.not_in_post:
        lines.append(words(call, "commands.kit.care.see_left_out", number=number))
    emit(call, {"campaign": number, "id": found.campaign_id, **counts}, *lines)


def _said(call: Call, message: Any) -> str:
    return render(message, call.lang)


def _number(unit: "ReadUnit", campaign_id: int) -> str:
    from benefits.kits.campaigns import campaign_found

    return campaign_found(unit, campaign_id).number
