"""``benefits org``: the union tree."""

from datetime import date

import typer

from benefits.commands.options import Call, day, group, number, one_of, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import opened

app = group("org")

_LEVELS = ("city", "district", "subdistrict", "grassroots")


@verb(app, "commands.org.list")
def list_organisations(
    call: Call,
    org: str | None = typer.Option(None, "--org", metavar="CODE", help="commands.option.org"),
    level: str | None = typer.Option(
        None, "--level", metavar="LEVEL", parser=one_of(*_LEVELS), help="commands.option.level"
    ),
) -> None:
    """Organisations of a part of the tree (组织列表)."""
    from benefits.organisations.models import Level
    from benefits.organisations.queries import by_code, subtree

    with opened(call) as (database, actor), database.read(actor) as unit:
        path = by_code(unit, org).path if org else "/"
        found = subtree(unit, path, Level(level) if level else None)
    rows = [
        (row.code, row.name, words(call, f"organisations.level.{row.level.value}"), row.staff, row.closed)
        for row in found
    ]
    heads = [f"commands.head.{name}" for name in "code name level staff closed".split()]
    emit(call, {"organisations": found}, *table(call, heads, rows, numbers=(3,)))


@verb(app, "commands.org.show")
def show(call: Call, org: str = typer.Argument(..., metavar="CODE", help="commands.option.org")) -> None:
    """One organisation and what stands directly below it (组织详情)."""
    from benefits.organisations.queries import by_code, subtree

    with opened(call) as (database, actor), database.read(actor) as unit:
        found = by_code(unit, org)
        below = subtree(unit, found.path)[1:]
    children = [row for row in below if row.parent_id == found.id]
    heads = [f"commands.head.{name}" for name in "code name level staff closed".split()]
    rows = [
        (row.code, row.name, words(call, f"organisations.level.{row.level.value}"), row.staff, row.closed)
        for row in [found, *children]
    ]
    emit(
        call,
        {"organisation": found, "below": len(below), "children": children},
        *table(call, heads, rows, numbers=(3,)),
    )


@verb(app, "commands.org.tree")
def tree(
    call: Call,
    org: str | None = typer.Argument(None, metavar="CODE", help="commands.option.org"),
    depth: int | None = typer.Option(
        None, "--depth", metavar="N", parser=number(0), help="commands.option.depth"
    ),
) -> None:
    """The tree, indented (组织树)."""
    from benefits.organisations.queries import by_code, subtree, top

    with opened(call) as (database, actor), database.read(actor) as unit:
        start = by_code(unit, org) if org else top(unit)
        rows = subtree(unit, start.path)
    base = start.path.count("/")
    kept = [(row.path.count("/") - base, row) for row in rows]
    shown = [(level, row) for level, row in kept if depth is None or level <= depth]
    lines = [f"{'  ' * level}{row.name} ({row.code})" for level, row in shown]
    emit(
        call,
        {"organisations": [{"depth": level, "code": row.code, "name": row.name} for level, row in shown]},
        *lines,
    )


@verb(app, "commands.org.add")
def add(
    call: Call,
    code: str = typer.Argument(..., metavar="CODE", help="commands.option.new_code"),
    name: str = typer.Option(..., "--name", metavar="NAME", help="commands.option.name"),
    level: str = typer.Option(
        ..., "--level", metavar="LEVEL", parser=one_of(*_LEVELS), help="commands.option.level"
    ),
    parent: str | None = typer.Option(None, "--parent", metavar="CODE", help="commands.option.parent"),
    founded: date | None = typer.Option(
        None, "--founded", metavar="DATE", parser=day, help="commands.option.founded"
    ),
    uscc: str | None = typer.Option(None, "--uscc", metavar="NUMBER", help="commands.option.uscc"),
    staff: int | None = typer.Option(
        None, "--staff", metavar="N", parser=number(0), help="commands.option.staff"
    ),
) -> None:
    """Add an organisation (新建工会组织)."""
    from benefits.organisations.models import Level
    from benefits.organisations.queries import by_code
    from benefits.organisations.service import found as found_organisation

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
        )
    data = {"id": made, "code": code, "name": name, "level": level, "parent": parent, "founded": since}
    emit(call, data, words(call, "commands.org.added", name=name, code=code))
