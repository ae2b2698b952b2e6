"""``benefits org``, looking: lists, a unit's page, the tree of any day, search."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.options import Call, day, group, number, one_of, verb
from benefits.commands.show import emit, listed, table, value_of, words
from benefits.commands.work import opened
from benefits.kernel.text import plain

if TYPE_CHECKING:
    from benefits.organisations.queries import OrganisationDetail, OrganisationRow

app = group("org")

LEVELS = ("city", "district", "subdistrict", "grassroots")
UNIT: Any = typer.Argument(..., metavar="CODE", help="commands.option.unit")
_HEADS = [f"commands.head.{name}" for name in "code name level staff closed".split()]


@verb(app, "commands.org.list")
def list_organisations(
    call: Call,
    org: str | None = typer.Option(None, "--org", metavar="CODE", help="commands.option.org"),
    level: str | None = typer.Option(
        None, "--level", metavar="LEVEL", parser=one_of(*LEVELS), help="commands.option.level"
    ),
) -> None:
    """Organisations of a part of the tree (组织列表)."""
    from benefits.organisations.models import Level
    from benefits.organisations.queries import by_code, subtree

    with opened(call) as (database, actor), database.read(actor) as unit:
        path = by_code(unit, org).path if org else "/"
        found = subtree(unit, path, Level(level) if level else None)
    emit(call, {"organisations": found}, *unit_table(call, found))


def unit_table(call: Call, rows: "Iterable[OrganisationRow]") -> list[str]:
    """Units as a table."""
    cells = [
        (row.code, row.name, words(call, f"organisations.level.{row.level.value}"), row.staff, row.closed)
        for row in rows
    ]
    return table(call, _HEADS, cells, numbers=(3,))


@verb(app, "commands.org.search")
def search_units(
    call: Call,
    text: str = typer.Argument(..., metavar="TEXT", help="commands.option.search_unit"),
    org: str | None = typer.Option(None, "--org", metavar="CODE", help="commands.option.org"),
    limit: int = typer.Option(20, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
) -> None:
    """Find organisations by any part of the name, pinyin, initials, code, a former name (检索组织)."""
    from benefits.organisations.queries import by_code, search

    with opened(call) as (database, actor), database.read(actor) as unit:
        found = search(unit, text, limit, path=by_code(unit, org).path if org else "")
    emit(call, {"organisations": found}, *unit_table(call, found))


@verb(app, "commands.org.show")
def show(call: Call, org: str = UNIT) -> None:
    """One organisation with its names, places and clerks, and what stands directly below it (组织详情)."""
    from benefits.access.queries import clerks_of
    from benefits.organisations.queries import by_code, detail, subtree

    with opened(call) as (database, actor), database.read(actor) as unit:
        found = by_code(unit, org)
        page = detail(unit, found.id)
        clerks = clerks_of(unit, found.id, history=False)
        below = subtree(unit, found.path)[1:]
    children = [row for row in below if row.parent_id == found.id]
    emit(
        call,
        {"organisation": page, "below": len(below), "children": children, "clerks": clerks},
        *_page(call, page),
        words(call, "commands.org.clerks_now", names=listed(call, (row.name for row in clerks)) or "-"),
        "",
        *unit_table(call, [found, *children]),
    )


def _page(call: Call, page: "OrganisationDetail") -> list[str]:
    from benefits.organisations.record import value_words

    facts = [
        (
            words(call, f"organisations.field.{field}"),
            value_of(value_words(field, getattr(page, field)), call.lang),
        )
        for field in ("uscc", "risk_class", "industry", "unit_type", "address")
    ]
    lines = [f"{name}: {value}" for name, value in facts]
    if len(page.names) > 1:
        heads = [f"commands.head.{name}" for name in "name since until".split()]
        lines += ["", *table(call, heads, [(row.name, row.starts, row.ends) for row in page.names])]
    if len(page.positions) > 1:
        heads = [f"commands.head.{name}" for name in "above since until".split()]
        lines += ["", *table(call, heads, [(row.parent, row.starts, row.ends) for row in page.positions])]
    return [f"{plain(page.name)} ({page.code})", *lines, ""]


@verb(app, "commands.org.tree")
def tree(
    call: Call,
    org: str | None = typer.Argument(None, metavar="CODE", help="commands.option.org"),
    depth: int | None = typer.Option(
        None, "--depth", metavar="N", parser=number(0), help="commands.option.depth"
    ),
    on: date | None = typer.Option(None, "--on", metavar="DATE", parser=day, help="commands.option.tree_on"),
) -> None:
    """The tree, indented; with ``--on``, as it stood on a day (组织树)."""
    from benefits.organisations.queries import by_code, subtree, top, tree_on

    with opened(call) as (database, actor), database.read(actor) as unit:
        if on is not None:
            then = tree_on(unit, on, by_code(unit, org).id if org else None)
            found = [(row.depth, row.code, row.name) for row in then]
        else:
            start = by_code(unit, org) if org else top(unit)
            base = start.path.count("/")
            found = [(row.path.count("/") - base, row.code, row.name) for row in subtree(unit, start.path)]
    shown = [row for row in found if depth is None or row[0] <= depth]
    emit(
        call,
        {"organisations": [{"depth": level, "code": code, "name": name} for level, code, name in shown]},
        *[f"{'  ' * level}{name} ({code})" for level, code, name in shown],
    )
