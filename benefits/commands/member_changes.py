"""``benefits member``: what happens to a person: added, edited, moved, retired, gone, back, merged."""

from datetime import date
from typing import Any

import typer

from benefits.commands.member_told import MEMBER, ON, SET, about, done, month, on_or_today, pairs, tell
from benefits.commands.options import Call, day, group, number, verb
from benefits.commands.show import emit, words
from benefits.commands.work import opened
from benefits.kernel.messages import render

app = group("member")

TO: Any = typer.Option(..., "--to", metavar="CODE", help="commands.option.to_union")
WHY: Any = typer.Option("", "--reason", metavar="TEXT", help="commands.option.why")


@verb(app, "commands.member.add")
def add(
    call: Call,
    name: str = typer.Argument(..., metavar="NAME", help="commands.option.person_name"),
    org: str = typer.Option(..., "--org", "--unit", metavar="CODE", help="commands.option.to_union"),
    fields: list[str] = SET,
) -> None:
    """Register a person (新增会员)."""
    from benefits.members.record import member_input
    from benefits.members.service import add as register
    from benefits.organisations.queries import by_code

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            place = by_code(unit, org).id
        given = {key: value for key, value in pairs(fields).items() if value is not None}
        person = database.act(
            actor, register, member_input({**given, "organisation_id": place, "name": name})
        )
        tell(call, database, actor, person, "commands.member.added", {})


@verb(app, "commands.member.edit")
def edit(
    call: Call,
    member: str = MEMBER,
    fields: list[str] = SET,
    version: int | None = typer.Option(
        None, "--version", metavar="N", parser=number(1), help="commands.option.seen_version"
    ),
) -> None:
    """Change what is written about a person (修改会员信息)."""
    from benefits.commands.options import Misuse
    from benefits.kernel.errors import say
    from benefits.members.queries import detail
    from benefits.members.service import edit as change

    changes = pairs(fields)
    if not changes:
        raise Misuse(say("commands.usage.nothing_to_change"))
    with about(call, member) as (database, actor, person):
        with database.read(actor) as unit:
            seen = version or detail(unit, person).version
        database.act(actor, change, member_id=person, version=seen, changes=changes)
        tell(call, database, actor, person, "commands.member.edited", {"fields": ", ".join(sorted(changes))})


@verb(app, "commands.member.transfer")
def transfer(
    call: Call,
    members: list[str] = typer.Argument(..., metavar="MEMBER...", help="commands.option.members_moved"),
    to: str = TO,
    on: date | None = ON,
) -> int:
    """Move one person, or many at once (转会、批量调动)."""
    from benefits.members.queries import by_reference
    from benefits.members.service_transfer import transfer_many
    from benefits.organisations.queries import by_code

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            people = [by_reference(unit, member) for member in members]
            place = by_code(unit, to)
        since = on_or_today(call, on)
        found = database.act(actor, transfer_many, member_ids=people, organisation_id=place.id, on=since)
    left = [
        {"row": one.row, "code": one.code, "message": render(one.say, call.lang)} for one in found.left_out
    ]
    data = {
        "asked": len(people),
        "moved": found.moved,
        "organisation": place.code,
        "on": since,
        "left_out": left,
    }
    counts = {"asked": len(people), "moved": len(found.moved), "left": len(left)}
    told = words(call, "commands.member.transferred", organisation=place.name, on=since, **counts)
    emit(call, data, told, *[f"  - {one['message']}" for one in left])
    return 1 if left else 0


@verb(app, "commands.member.retire")
def retire(call: Call, member: str = MEMBER, on: date | None = ON, reason: str = WHY) -> None:
    """The person retired on a day (办理退休)."""
    from benefits.members.service_retirement import retire as service

    since = on_or_today(call, on)
    done(call, member, service, "commands.member.retired", {"on": since}, on=since, reason=reason)


@verb(app, "commands.member.plan_retirement")
def plan_retirement(
    call: Call,
    member: str = MEMBER,
    chosen: date | None = typer.Option(
        None, "--month", metavar="YYYY-MM", parser=month, help="commands.option.chosen_month"
    ),
    notice: date | None = typer.Option(
        None, "--notice", metavar="DATE", parser=day, help="commands.option.notice"
    ),
    agreement: date | None = typer.Option(
        None, "--agreement", metavar="DATE", parser=day, help="commands.option.agreement"
    ),
    confirmed: bool = typer.Option(False, "--confirmed", help="commands.option.papers_seen"),
    cancel: bool = typer.Option(False, "--cancel", help="commands.option.cancel_plan"),
    on: date | None = ON,
) -> None:
    """Note the month chosen in flexible retirement, or take it back (弹性退休)."""
    from benefits.commands.options import Misuse
    from benefits.kernel.errors import say
    from benefits.members import service_retirement as service

    if cancel == (chosen is not None):
        raise Misuse(say("commands.usage.month_or_cancel"))
    if cancel:
        since = on_or_today(call, on)
        told = "commands.member.unplanned"
        done(call, member, service.cancel_planned_retirement, told, {"month": None}, on=since)
        return
    assert chosen is not None
    done(
        call,
        member,
        service.plan_retirement,
        "commands.member.planned",
        {"month": f"{chosen:%Y-%m}"},
        month=chosen,
        notice_on=notice,
        agreed_on=agreement,
        confirmed=confirmed,
    )


@verb(app, "commands.member.leave")
def leave(call: Call, member: str = MEMBER, on: date | None = ON) -> None:
    """The person leaves; all memberships end with that day (办理离职)."""
    from benefits.members.service import leave as service

    since = on_or_today(call, on)
    done(call, member, service, "commands.member.left", {"on": since}, on=since)


@verb(app, "commands.member.rejoin")
def rejoin(call: Call, member: str = MEMBER, to: str = TO, on: date | None = ON, reason: str = WHY) -> None:
    """The person comes back to a union (重新入会)."""
    from benefits.members.service import rejoin as service
    from benefits.organisations.queries import by_code

    since = on_or_today(call, on)
    with about(call, member) as (database, actor, person):
        with database.read(actor) as unit:
            place = by_code(unit, to).id
        given: dict[str, Any] = {"organisation_id": place, "on": since, "reason": reason}
        database.act(actor, service, member_id=person, **given)
        tell(call, database, actor, person, "commands.member.rejoined", {"on": since})


@verb(app, "commands.member.decease")
def decease(call: Call, member: str = MEMBER, on: date | None = ON) -> None:
    """Record a death (登记去世)."""
    from benefits.members.service import record_death

    since = on_or_today(call, on)
    done(call, member, record_death, "commands.member.deceased", {"on": since}, on=since)


@verb(app, "commands.member.end_second")
def end_second(
    call: Call,
    member: str = MEMBER,
    org: str = typer.Option(..., "--org", "--unit", metavar="CODE", help="commands.option.second_union"),
    on: date | None = ON,
) -> None:
    """End a second membership that was decided on (取消重复入会)."""
    from benefits.members.service import end_second_membership
    from benefits.organisations.queries import by_code

    since = on_or_today(call, on)
    with about(call, member) as (database, actor, person):
        with database.read(actor) as unit:
            place = by_code(unit, org)
        database.act(actor, end_second_membership, member_id=person, organisation_id=place.id, on=since)
        tell(call, database, actor, person, "commands.member.second_ended", {"unit": place.name, "on": since})


@verb(app, "commands.member.merge")
def merge(
    call: Call,
    member: str = MEMBER,
    other: str = typer.Argument(..., metavar="OTHER", help="commands.option.merged_member"),
    reason: str = typer.Option(..., "--reason", metavar="TEXT", help="commands.option.reason"),
) -> None:
    """Make two records of one person one; MEMBER stays (合并重复会员)."""
    from benefits.members.queries import by_reference
    from benefits.members.service_merge import merge as service

    with about(call, member) as (database, actor, person):
        with database.read(actor) as unit:
            gone = by_reference(unit, other)
        found = database.act(actor, service, survivor_id=person, other_id=gone, reason=reason)
        more = {"other_id": gone, "filled": found.filled, "moved": found.moved}
        tell(call, database, actor, person, "commands.member.merged", more)
