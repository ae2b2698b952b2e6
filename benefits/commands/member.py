"""``benefits member``: people of the register. Numbers are masked; a reveal is an action with a reason."""

from typing import Any

import typer

from benefits.commands import member_changes, member_papers
from benefits.commands.member_told import MEMBER, about
from benefits.commands.options import Call, group, number, one_of, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import opened
from benefits.kernel.messages import render

app = group("member")

_REVEALED = ("id_number", "phone", "union_card", "member_number", "staff_number", "bank_card")
_STATUSES = ("in_post", "early_leave", "unemployed", "retired", "resigned", "deceased")


def _statuses(text: Any) -> tuple[str, ...]:
    """Several statuses, with commas between."""
    return tuple(one_of(*_STATUSES)(word.strip()) for word in str(text).split(","))


@verb(app, "commands.member.search")
def search(
    call: Call,
    text: str = typer.Argument(..., metavar="TEXT", help="commands.option.search"),
    org: str | None = typer.Option(None, "--org", "--unit", metavar="CODE", help="commands.option.org"),
    status: Any = typer.Option(
        None, "--status", metavar="WORD,…", parser=_statuses, help="commands.option.status"
    ),
    plan: str | None = typer.Option(None, "--plan", metavar="PLAN", help="commands.option.insured"),
    limit: int = typer.Option(20, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
) -> None:
    """Find members and units (检索会员和单位)."""
    from benefits.enrollment.queries import covered_now
    from benefits.members.models import Status
    from benefits.members.search import Narrow
    from benefits.members.search import search as find
    from benefits.organisations.queries import by_code
    from benefits.organisations.queries import search as find_units

    with opened(call) as (database, actor), database.read(actor) as unit:
        path = by_code(unit, org).path if org else ""
        people = covered_now(unit, plan) if plan else None
        found = find(unit, text, limit, None, path, Narrow(tuple(map(Status, status or ())), people))
        units = () if status or plan else find_units(unit, text, limit, path)
    members = [
        {name: getattr(row, name) for name in "id name sex birth status".split()}
        | {"organisation": row.organisation, "id_tail": row.id_tail, "phone_tail": row.phone_tail}
        for row in found
    ]
    organisations = [{"id": row.id, "code": row.code, "name": row.name, "level": row.level} for row in units]
    rows = [
        (*(row.id, row.name, _coded(call, row.sex), row.birth, _coded(call, row.status)),)
        + (row.organisation, row.id_tail, row.phone_tail)
        for row in found
    ]
    heads = "member name sex birth status unit id_tail phone_tail".split()
    lines = table(call, [f"commands.head.{name}" for name in heads], rows, numbers=(0,))
    if units:
        heads = ["commands.head.code", "commands.head.unit"]
        lines = [*lines, "", *table(call, heads, [(row.code, row.name) for row in units])]
    emit(call, {"organisations": organisations, "members": members}, *lines)


def _coded(call: Call, value: Any) -> str:
    """Sex or status in words."""
    if value is None:
        return words(call, "commands.unknown")
    return words(call, f"commands.coded.{value.value}")


@verb(app, "commands.member.show")
def show(call: Call, member: str = MEMBER) -> None:
    """All that is kept about a person, with covers (会员详情)."""
    from benefits.commands.covers import cover, cover_lines
    from benefits.commands.member_page import page_lines
    from benefits.enrollment.queries import covers_of
    from benefits.members.queries import by_reference, detail

    with opened(call) as (database, actor), database.read(actor) as unit:
        found = detail(unit, by_reference(unit, member))
        covers = covers_of(unit, found.id)
    lines = [f"{found.name}  {_coded(call, found.sex)}  {found.birth or '-'}  {_coded(call, found.status)}"]
    lines += [*page_lines(call, found), "", *cover_lines(call, covers)]
    emit(call, {"member": found, "covers": [cover(row) for row in covers]}, *lines)


@verb(app, "commands.member.timeline")
def timeline(call: Call, member: str = MEMBER) -> None:
    """All that happened to a person, newest first (个人时间线)."""
    from benefits.timeline import timeline as line

    with about(call, member) as (database, actor, person), database.read(actor) as unit:
        entries = line(unit, person, call.lang)
    told = [
        {name: getattr(one, name) for name in "day until kind say organisation reference".split()}
        for one in entries
    ]
    rows = [(one.day, one.until, render(one.say, call.lang), one.organisation) for one in entries]
    heads = [f"commands.head.{name}" for name in "since until meaning unit".split()]
    emit(call, {"member_id": person, "entries": told}, *table(call, heads, rows))


@verb(app, "commands.member.reveal")
def reveal(
    call: Call,
    member: str = MEMBER,
    field: str = typer.Option(
        ..., "--field", metavar="WORD", parser=one_of(*_REVEALED), help="commands.option.field"
    ),
    kin: int | None = typer.Option(
        None, "--kin", metavar="KIN", parser=number(1), help="commands.option.of_kin"
    ),
    reason: str = typer.Option(..., "--reason", metavar="TEXT", help="commands.option.reason"),
) -> None:
    """Show a sealed number in full (查看完整号码); the reason goes into the audit trail."""
    from benefits.members.service import reveal as reveal_number
    from benefits.members.service_kin import reveal_kin

    with about(call, member) as (database, actor, person):
        of_person: Any = {"field": field, "reason": reason}
        if kin is None:
            shown: Any = database.act(actor, reveal_number, member_id=person, **of_person)
        else:
            one_of("id_number", "phone")(field)
            shown = database.act(actor, reveal_kin, kin_id=kin, **of_person)
    emit(
        call, {"member_id": person, "field": field, "value": shown}, shown or words(call, "commands.unknown")
    )


for _part in (member_changes, member_papers):
    app.registered_commands += _part.app.registered_commands
