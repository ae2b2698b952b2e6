"""``benefits org``, changing: add, edit, rename, move, close, reopen."""

from datetime import date
from typing import Any

import typer

from benefits.commands.options import Call, Misuse, day, number, one_of, verb
from benefits.commands.org_reading import LEVELS, UNIT, app
from benefits.commands.show import emit, words
from benefits.commands.work import opened
from benefits.kernel.errors import say

ON: Any = typer.Option(None, "--on", metavar="DATE", parser=day, help="commands.option.unit_on")


def _field(name: str, metavar: str, help: str) -> Any:
    return typer.Option(None, name, metavar=metavar, help=help)


_USCC = _field("--uscc", "NUMBER", "commands.option.uscc")
_INDUSTRY = _field("--industry", "CODE", "commands.option.industry")
_UNIT_TYPE = _field("--unit-type", "CODE", "commands.option.unit_type")
_ADDRESS = _field("--address", "TEXT", "commands.option.address")
_RISK_CLASS = _field("--risk-class", "WORD", "commands.option.risk_class")


@verb(app, "commands.org.add")
def add(
    call: Call,
    code: str = typer.Argument(..., metavar="CODE", help="commands.option.new_code"),
    name: str = typer.Option(..., "--name", metavar="NAME", help="commands.option.name"),
    level: str = typer.Option(
        ..., "--level", metavar="LEVEL", parser=one_of(*LEVELS), help="commands.option.level"
    ),
    parent: str | None = typer.Option(None, "--parent", metavar="CODE", help="commands.option.parent"),
    founded: date | None = typer.Option(
        None, "--founded", metavar="DATE", parser=day, help="commands.option.founded"
    ),
    uscc: str | None = _USCC,
    staff: int | None = typer.Option(
        None, "--staff", metavar="N", parser=number(0), help="commands.option.staff"
    ),
    risk_class: str | None = _RISK_CLASS,
    industry: str | None = _INDUSTRY,
    unit_type: str | None = _UNIT_TYPE,
    address: str | None = _ADDRESS,
) -> None:
    """Add an organisation (新建工会组织)."""
    from benefits.organisations.models import Level
    from benefits.organisations.queries import by_code
    from benefits.organisations.record import checked
    from benefits.organisations.service import found as found_organisation

    more = checked({"risk_class": risk_class})
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            above = by_code(unit, parent).id if parent else None
            since = founded or unit.today
        made = database.act(
            actor,
            found_organisation,
            name=name,
            code=code,
            level=Level(level),
            parent_id=above,
            founded=since,
            uscc=uscc,
            staff=staff,
            risk_class=more["risk_class"],
            industry=industry,
            unit_type=unit_type,
            address=address,
        )
    data = {"id": made, "code": code, "name": name, "level": level, "parent": parent, "founded": since}
    emit(call, data, words(call, "commands.org.added", name=name, code=code))


@verb(app, "commands.org.edit")
def edit(
    call: Call,
    org: str = UNIT,
    name: str | None = _field("--name", "NAME", "commands.option.name_corrected"),
    code: str | None = _field("--code", "CODE", "commands.option.new_code"),
    uscc: str | None = _USCC,
    staff: str | None = _field("--staff", "N", "commands.option.staff"),
    risk_class: str | None = _RISK_CLASS,
    industry: str | None = _INDUSTRY,
    unit_type: str | None = _UNIT_TYPE,
    address: str | None = _ADDRESS,
    version: int | None = typer.Option(
        None, "--version", metavar="N", parser=number(1), help="commands.option.version_seen"
    ),
) -> None:
    """Change what is written about an organisation; an empty text clears a field (修改组织信息)."""
    from benefits.organisations.queries import by_code, detail
    from benefits.organisations.service import edit as edit_organisation

    given = {
        "name": name,
        "code": code,
        "uscc": uscc,
        "staff": staff,
        "risk_class": risk_class,
        "industry": industry,
        "unit_type": unit_type,
        "address": address,
    }
    changes = {field: value for field, value in given.items() if value is not None}
    if not changes:
        raise Misuse(say("commands.usage.nothing_to_change"))
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found = by_code(unit, org)
            seen = version or detail(unit, found.id).version
        now = database.act(actor, edit_organisation, organisation_id=found.id, version=seen, changes=changes)
    data = {"id": found.id, "code": code or found.code, "version": now, "fields": sorted(changes)}
    emit(call, data, words(call, "commands.org.edited", name=name or found.name, count=len(changes)))


@verb(app, "commands.org.rename")
def rename(
    call: Call,
    org: str = UNIT,
    name: str = typer.Option(..., "--name", metavar="NAME", help="commands.option.name"),
    on: date | None = ON,
) -> None:
    """Give an organisation a new name; earlier days keep the old one (更名)."""
    from benefits.organisations.queries import by_code
    from benefits.organisations.service import rename as rename_organisation

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, since = by_code(unit, org), on or unit.today
        database.act(actor, rename_organisation, organisation_id=found.id, name=name, on=since)
    data = {"id": found.id, "code": found.code, "earlier": found.name, "name": name, "on": since}
    emit(call, data, words(call, "commands.org.renamed", earlier=found.name, name=name, on=since))


@verb(app, "commands.org.move")
def move(
    call: Call,
    org: str = UNIT,
    parent: str = typer.Option(..., "--parent", metavar="CODE", help="commands.option.parent"),
    on: date | None = ON,
) -> None:
    """Put an organisation and all below it under another one; earlier days keep the old place (调整隶属)."""
    from benefits.organisations.queries import by_code
    from benefits.organisations.service import move as move_organisation

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, above, since = by_code(unit, org), by_code(unit, parent), on or unit.today
        database.act(actor, move_organisation, organisation_id=found.id, parent_id=above.id, on=since)
    data = {"id": found.id, "code": found.code, "parent": above.code, "on": since}
    emit(call, data, words(call, "commands.org.moved", name=found.name, parent=above.name, on=since))


@verb(app, "commands.org.close")
def close(
    call: Call,
    org: str = UNIT,
    on: date | None = typer.Option(None, "--on", metavar="DATE", parser=day, help="commands.option.last_day"),
    successor: str | None = typer.Option(
        None, "--successor", metavar="CODE", help="commands.option.successor"
    ),
) -> None:
    """Close an organisation that has nobody and nothing left (撤销)."""
    from benefits.organisations.queries import by_code
    from benefits.organisations.service import close as close_organisation

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found, last = by_code(unit, org), on or unit.today
            after = by_code(unit, successor) if successor else None
        database.act(
            actor,
            close_organisation,
            organisation_id=found.id,
            on=last,
            successor_id=after.id if after else None,
        )
    data = {"id": found.id, "code": found.code, "on": last, "successor": after.code if after else None}
    emit(call, data, words(call, "commands.org.closed", name=found.name, on=last))


@verb(app, "commands.org.reopen")
def reopen(call: Call, org: str = UNIT) -> None:
    """Take back a closing that was a mistake (恢复误撤的组织)."""
    from benefits.organisations.queries import by_code
    from benefits.organisations.service import reopen as reopen_organisation

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            found = by_code(unit, org)
        database.act(actor, reopen_organisation, organisation_id=found.id)
    data = {"id": found.id, "code": found.code}
    emit(call, data, words(call, "commands.org.reopened", name=found.name))
