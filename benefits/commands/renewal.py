"""``benefits renewal``: the yearly batch, preview → review → apply."""

from datetime import date
from typing import Any

import typer

from benefits.commands.options import Call, Misuse, day, group, number, one_of, verb
from benefits.commands.runs import decision, decision_cells, run_lines, run_object, run_row
from benefits.commands.show import emit, progress, table, words
from benefits.commands.work import act, opened, read
from benefits.kernel.errors import say
from benefits.kernel.money import yuan

app = group("renewal")

RUN: Any = typer.Argument(..., metavar="RUN", help="commands.option.run")
MEMBER: Any = typer.Argument(..., metavar="MEMBER", help="commands.option.member_id", parser=number(1))
REASON: Any = typer.Option(..., "--reason", metavar="TEXT", help="commands.option.reason")


def _shown(call: Call, run: str, **more: Any) -> None:
    """Print a run as it stands now."""
    from benefits.renewal.queries import view

    found = read(call, view, run)
    emit(call, run_object(call, found) | more, *run_lines(call, found))


@verb(app, "commands.renewal.preview")
def preview(
    call: Call,
    plan: str = typer.Option(..., "--plan", metavar="CODE", help="commands.option.plan"),
    first: date = typer.Option(..., "--from", metavar="DATE", parser=day, help="commands.option.from"),
    last: date = typer.Option(..., "--to", metavar="DATE", parser=day, help="commands.option.to"),
    org: str | None = typer.Option(None, "--org", metavar="CODE", help="commands.option.org"),
    with_class: bool = typer.Option(False, "--with-class", help="commands.option.with_class"),
    funding: str | None = typer.Option(None, "--funding", metavar="CODE", help="commands.option.funding"),
    grace_days: int | None = typer.Option(
        None, "--grace-days", metavar="N", parser=number(0), help="commands.option.grace_days"
    ),
    grace_reason: str = typer.Option(
        "", "--grace-reason", metavar="TEXT", help="commands.option.grace_reason"
    ),
) -> None:
    """Freeze the decisions of a new run (续保预览)."""
    from benefits.renewal import queries, service

    with opened(call) as (database, actor):
        run = database.act(
            actor,
            service.preview,
            plan=plan,
            window_from=first,
            window_to=last,
            organisation=org,
            as_of=call.as_of,
            with_class=with_class,
            funding=funding,
            grace_days=grace_days,
            grace_reason=grace_reason,
        )
        with database.read(actor) as unit:
            found = queries.view(unit, run)
    lines = [*run_lines(call, found), "", words(call, "commands.run.next", run=run)]
    emit(call, run_object(call, found), *lines)


@verb(app, "commands.renewal.list")
def list_runs(
    call: Call,
    limit: int = typer.Option(200, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
) -> None:
    """All runs, newest first (批次列表)."""
    from benefits.renewal.queries import runs

    found = read(call, runs, limit)
    rows = [
        (
            row.number,
            row.plan_code,
            row.organisation,
            row.window_from,
            row.window_to,
            words(call, f"renewal.state.{row.state.value}"),
            row.created_by,
        )
        for row in found
    ]
    heads = [f"commands.head.{name}" for name in "run plan organisation from to state by".split()]
    emit(call, {"runs": [run_row(row) for row in found]}, *table(call, heads, rows))


@verb(app, "commands.renewal.show")
def show(call: Call, run: str = RUN) -> None:
    """One run (批次详情)."""
    _shown(call, run)


@verb(app, "commands.renewal.decisions")
def decisions(
    call: Call,
    run: str = RUN,
    verdict: str | None = typer.Option(
        None,
        "--verdict",
        metavar="WORD",
        parser=one_of("renew", "add", "exclude", "decline"),
        help="commands.option.verdict",
    ),
    reason: str | None = typer.Option(None, "--reason", metavar="CODE", help="commands.option.reason_code"),
    org: str | None = typer.Option(None, "--org", metavar="CODE", help="commands.option.org"),
    limit: int = typer.Option(100, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
    after: int = typer.Option(0, "--after", metavar="MEMBER", parser=number(0), help="commands.option.after"),
) -> None:
    """Decisions of a run (逐人决定)."""
    from benefits.organisations.queries import by_code
    from benefits.renewal import queries
    from benefits.renewal.models import Verdict

    with opened(call) as (database, actor), database.read(actor) as unit:
        wanted: dict[str, Any] = {
            "verdict": Verdict(verdict) if verdict else None,
            "reason": reason,
            "organisation_id": by_code(unit, org).id if org else None,
        }
        total = queries.count_decisions(unit, run, **wanted)
        found = queries.decisions(unit, run, **wanted, after=after, limit=limit)
    following = found[-1].member_id if len(found) == limit else None
    rows = [decision_cells(call, row) for row in found]
    heads = [
        f"commands.head.{name}"
        for name in "member name id_last4 unit verdict starts ends fee reasons".split()
    ]
    lines = [
        *table(call, heads, rows, numbers=(0, 7)),
        words(call, "commands.run.shown", shown=len(found), total=f"{total:,}"),
    ]
    if following is not None:
        lines.append(words(call, "commands.run.more", after=following))
    data = {
        "run": run,
        "total": total,
        "decisions": [decision(call, row) for row in found],
        "after": following,
    }
    emit(call, data, *lines)


@verb(app, "commands.renewal.units")
def units(call: Call, run: str = RUN) -> None:
    """The units of a run (单位核对情况)."""
    from benefits.renewal import queries

    found = read(call, queries.units, run)
    rows = [
        (
            row.code,
            row.name,
            words(call, f"renewal.unit_state.{row.state.value}"),
            words(call, f"renewal.participation.{row.participation.value}"),
            "-" if row.basis is None else row.basis,
            row.joined,
            row.renewed,
            row.added,
            row.excluded,
            row.declined,
            yuan(row.fen),
        )
        for row in found
    ]
    names = "code unit review participation basis joined renewed added excluded declined fee"
    heads = [f"commands.head.{name}" for name in names.split()]
    emit(call, {"run": run, "units": found}, *table(call, heads, rows, numbers=range(4, 11)))


@verb(app, "commands.renewal.apply")
def apply(
    call: Call,
    run: str = RUN,
    chunk: int | None = typer.Option(
        None, "--chunk", metavar="N", parser=number(1), help="commands.option.chunk"
    ),
) -> None:
    """Write the new terms and dues (续保生效); a second time changes nothing and says so."""
    from benefits.renewal import batch, queries

    with opened(call) as (database, actor):
        bar = progress(call, "commands.run.applying")
        done = batch.apply_run(database, actor, run, chunk=chunk or batch.CHUNK, progress=bar)
        with database.read(actor) as unit:
            found = queries.view(unit, run)
    key = "commands.run.applied" if done.changed else "commands.run.applied_before"
    said = words(call, key, run=run, people=f"{found.renewed + found.added:,}", due=yuan(found.fen))
    emit(
        call,
        run_object(call, found) | {"changed": done.changed, "finished": done.finished},
        said,
        *run_lines(call, found),
    )


@verb(app, "commands.renewal.abandon")
def abandon(call: Call, run: str = RUN, reason: str = REASON) -> None:
    """Give up a run that is not applied (放弃批次)."""
    from benefits.renewal import service

    act(call, service.abandon, run=run, reason=reason)
    _shown(call, run)


@verb(app, "commands.renewal.confirm")
def confirm(call: Call, run: str = RUN) -> None:
    """Confirm all lists that are still to be confirmed (核对完成)."""
    from benefits.renewal import service

    confirmed = act(call, service.confirm, run=run)
    _shown(call, run, confirmed_units=confirmed)


def _override(call: Call, run: str, member: int, kind: str | None, reason: str) -> None:
    from benefits.renewal import service
    from benefits.renewal.models import Override

    act(
        call,
        service.override,
        run=run,
        member_id=member,
        kind=Override(kind) if kind else None,
        reason=reason,
    )
    _shown(call, run, member_id=member, override=kind)


@verb(app, "commands.renewal.decline")
def decline(call: Call, run: str = RUN, member: int = MEMBER, reason: str = REASON) -> None:
    """The person does not want to be renewed (本人放弃)."""
    _override(call, run, member, "decline", reason)


@verb(app, "commands.renewal.include")
def include(call: Call, run: str = RUN, member: int = MEMBER, reason: str = REASON) -> None:
    """Include a person in spite of a reason (人工列入)."""
    _override(call, run, member, "include", reason)


@verb(app, "commands.renewal.withdraw")
def withdraw(call: Call, run: str = RUN, member: int = MEMBER) -> None:
    """Take a decision by hand back (撤回人工决定)."""
    _override(call, run, member, None, "")


@verb(app, "commands.renewal.unit")
def unit(
    call: Call,
    run: str = RUN,
    org: str = typer.Argument(..., metavar="ORG", help="commands.option.org_of_run"),
    confirmed: bool = typer.Option(False, "--confirmed", help="commands.option.confirmed"),
    not_submitted: bool = typer.Option(False, "--not-submitted", help="commands.option.not_submitted"),
    pending: bool = typer.Option(False, "--pending", help="commands.option.pending"),
) -> None:
    """Record what a unit said about its list (单位核对)."""
    from benefits.organisations.queries import by_code
    from benefits.renewal import service
    from benefits.renewal.models import UnitState

    states = {
        UnitState.CONFIRMED: confirmed,
        UnitState.NOT_SUBMITTED: not_submitted,
        UnitState.PENDING: pending,
    }
    chosen = [state for state, wanted in states.items() if wanted]
    if len(chosen) != 1:
        raise Misuse(say("commands.usage.unit_state"))
    with opened(call) as (database, actor):
        with database.read(actor) as reading:
            place = by_code(reading, org)
        database.act(actor, service.review_unit, run=run, organisation_id=place.id, state=chosen[0])
    _shown(call, run, unit=place.code, unit_state=chosen[0])
