"""``benefits audit``: what was done, and whether the record is whole."""

import typer

from benefits.commands.options import Call, group, number, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import read

app = group("audit")


@verb(app, "commands.audit.list")
def list_events(
    call: Call,
    limit: int = typer.Option(100, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
    before: int | None = typer.Option(
        None, "--before", metavar="ID", parser=number(1), help="commands.option.before"
    ),
) -> None:
    """Actions, newest first (操作记录)."""
    from benefits.audit.queries import events
    from benefits.kernel.actions import action_key
    from benefits.kernel.clock import SHANGHAI

    found = read(call, events, limit, before)
    rows = [
        (
            row.id,
            row.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
            row.actor,
            words(call, action_key(row.action)),
            row.target,
        )
        for row in found
    ]
    heads = [f"commands.head.{name}" for name in "event at by action target".split()]
    following = found[-1].id if len(found) == limit else None
    emit(call, {"events": found, "before": following}, *table(call, heads, rows, numbers=(0,)))


@verb(app, "commands.audit.verify")
def verify(
    call: Call,
    anchor: str | None = typer.Option(None, "--anchor", metavar="HASH", help="commands.option.anchor"),
) -> int:
    """Walk the chain and name the first broken link (审计链校验); exit 1 where it is broken."""
    from benefits.audit import queries

    found = read(call, queries.verify, anchor)
    if found.why is None:
        line = words(call, "audit.ok", links=found.links, pending=found.pending, anchor=found.anchor)
    else:
        from benefits.kernel.messages import render

        line = render(found.why, call.lang)
    emit(
        call,
        {
            "ok": found.ok,
            "links": found.links,
            "pending": found.pending,
            "broken_seq": found.broken_seq,
            "event_id": found.event_id,
            "why": found.why,
            "anchor": found.anchor,
        },
        line,
    )
    return 0 if found.ok else 1
