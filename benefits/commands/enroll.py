"""``benefits enroll``: terms of cover."""

from datetime import date, timedelta

import typer

from benefits.commands.covers import cover, cover_lines
from benefits.commands.options import Call, day, group, verb
from benefits.commands.show import emit, table
from benefits.commands.work import opened

app = group("enroll")

_AHEAD = timedelta(days=60)
_BEHIND = timedelta(days=30)


@verb(app, "commands.enroll.show")
def show(
    call: Call, member: str = typer.Argument(..., metavar="MEMBER", help="commands.option.member")
) -> None:
    """All covers of one person (某人的全部保障)."""
    from benefits.enrollment.queries import covers_of
    from benefits.members.queries import by_reference

    with opened(call) as (database, actor), database.read(actor) as unit:
        person = by_reference(unit, member)
        found = covers_of(unit, person)
    data = {"member_id": person, "covers": [cover(row) for row in found]}
    emit(call, data, *cover_lines(call, found))


@verb(app, "commands.enroll.list")
def list_expiring(
    call: Call,
    first: date | None = typer.Option(
        None, "--from", metavar="DATE", parser=day, help="commands.option.from_usual"
    ),
    last: date | None = typer.Option(
        None, "--to", metavar="DATE", parser=day, help="commands.option.to_usual"
    ),
) -> None:
    """Terms that end between two days, by day and plan (到期情况)."""
    from benefits.renewal.queries import expiring

    with opened(call) as (database, actor), database.read(actor) as unit:
        found = expiring(unit, first or unit.today - _BEHIND, last or unit.today + _AHEAD)
    rows = [
        (row.ends, row.plan_code, row.plan_name_zh if call.lang == "zh" else row.plan_name_en, row.people,
         row.renewed)
        for row in found
    ]  # fmt: skip
    ending = [
        {"plan": row.plan_code, "ends": row.ends, "people": row.people, "renewed": row.renewed}
        for row in found
    ]
    heads = [f"commands.head.{name}" for name in "ends plan name people renewed".split()]
    emit(call, {"expiring": ending}, *table(call, heads, rows, numbers=(3, 4)))
