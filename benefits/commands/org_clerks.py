"""``benefits org``, the clerks of units: list, appoint, hand over, dismiss, reveal a phone number."""

from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.options import Call, day, number, verb
from benefits.commands.org_changes import ON
from benefits.commands.org_reading import UNIT, app
from benefits.commands.show import emit, table, words
from benefits.commands.work import act, opened

if TYPE_CHECKING:
    from benefits.access.clerks import Unbound

_CLERK: Any = typer.Argument(..., metavar="CLERK", parser=number(1), help="commands.option.clerk")
_PHONE: Any = typer.Option("", "--phone", metavar="NUMBER", help="commands.option.clerk_phone")
_LOGIN: Any = typer.Option(None, "--login", metavar="LOGIN", help="commands.option.clerk_login")
_PAPER: Any = typer.Option("", "--document", metavar="TEXT", help="commands.option.document")


@verb(app, "commands.org.clerks")
def clerks(
    call: Call,
    org: str = UNIT,
    now: bool = typer.Option(False, "--now", help="commands.option.clerks_now"),
) -> None:
    """The clerks of an organisation, earlier ones too (经办人)."""
    from benefits.access.queries import clerks_of
    from benefits.organisations.queries import by_code

    with opened(call) as (database, actor), database.read(actor) as unit:
        found = by_code(unit, org)
        there = clerks_of(unit, found.id, history=not now)
    heads = [f"commands.head.{name}" for name in "clerk name phone login since until document".split()]
    rows = [(row.id, row.name, row.phone, row.login, row.starts, row.ends, row.document) for row in there]
    emit(
        call,
        {"organisation": found.code, "clerks": there},
        f"{found.name} ({found.code})",
        *table(call, heads, rows, numbers=(0,)),
    )


@verb(app, "commands.org.appoint")
def appoint(
    call: Call,
    org: str = UNIT,
    name: str = typer.Option(..., "--name", metavar="NAME", help="commands.option.clerk_name"),
    phone: str = _PHONE,
    login: str | None = _LOGIN,
    since: date | None = typer.Option(
        None, "--since", metavar="DATE", parser=day, help="commands.option.clerk_since"
    ),
    document: str = _PAPER,
) -> None:
    """Name a clerk beside those there are (指定经办人)."""
    from benefits.access.service_clerks import appoint as appoint_clerk
    from benefits.organisations.queries import by_code

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, starts = by_code(unit, org), since or unit.today
        made = database.act(
            actor,
            appoint_clerk,
            organisation_id=found.id,
            name=name,
            phone=phone,
            user_login=login,
            starts=starts,
            document=document,
        )
    data = {"id": made, "code": found.code, "name": name, "starts": starts, "login": login}
    emit(call, data, words(call, "commands.org.appointed", name=name, unit=found.name, on=starts))


@verb(app, "commands.org.hand_over")
def hand_over(
    call: Call,
    org: str = UNIT,
    to: str = typer.Option(..., "--to", metavar="NAME", help="commands.option.clerk_name"),
    phone: str = _PHONE,
    login: str | None = _LOGIN,
    on: date | None = ON,
    document: str = typer.Option(..., "--document", metavar="TEXT", help="commands.option.document"),
    clerk: int | None = typer.Option(
        None, "--clerk", metavar="CLERK", parser=number(1), help="commands.option.clerk_from"
    ),
) -> None:
    """Change the clerk: the old one stops the day before and is unbound (变更经办人)."""
    from benefits.access.service_clerks import hand_over as hand_over_unit
    from benefits.organisations.queries import by_code

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, since = by_code(unit, org), on or unit.today
        done = database.act(
            actor,
            hand_over_unit,
            organisation_id=found.id,
            to_name=to,
            to_phone=phone,
            to_login=login,
            on=since,
            document=document,
            clerk_id=clerk,
        )
    data = {
        "id": done.clerk_id,
        "code": found.code,
        "name": to,
        "on": since,
        "old": done.old.name,
        "login": done.old.login,
        "deactivated": done.old.deactivated,
    }
    told = words(call, "commands.org.handed_over", unit=found.name, old=done.old.name, name=to, on=since)
    emit(call, data, told, *_login_told(call, done.old))


@verb(app, "commands.org.dismiss")
def dismiss(
    call: Call,
    clerk: int = _CLERK,
    on: date | None = typer.Option(None, "--on", metavar="DATE", parser=day, help="commands.option.last_day"),
    document: str = _PAPER,
) -> None:
    """End a clerk whom nobody follows (免去经办人)."""
    from benefits.access.service_clerks import dismiss as dismiss_clerk

    with opened(call) as (database, actor):
        last = on or database.clock.today()
        done = database.act(actor, dismiss_clerk, clerk_id=clerk, on=last, document=document)
    data = {"id": clerk, "name": done.name, "on": last, "login": done.login, "deactivated": done.deactivated}
    emit(call, data, words(call, "commands.org.dismissed", name=done.name, on=last), *_login_told(call, done))


@verb(app, "commands.org.reveal")
def reveal(
    call: Call,
    clerk: int = _CLERK,
    reason: str = typer.Option(..., "--reason", metavar="TEXT", help="commands.option.reason"),
) -> None:
    """Show a clerk's phone number in full; the reason goes into the audit trail (查看经办人电话)."""
    from benefits.access.service_clerks import reveal_clerk

    found = act(call, reveal_clerk, clerk_id=clerk, reason=reason)
    emit(call, {"clerk": clerk, "value": found}, found or words(call, "commands.unknown"))


def _login_told(call: Call, old: "Unbound") -> list[str]:
    """What became of the old clerk's login."""
    if old.login is None:
        return []
    key = "commands.org.login_stopped" if old.deactivated else "commands.org.login_stays"
    return [words(call, key, login=old.login)]
