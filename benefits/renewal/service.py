"""Verbs of the renewal run (续保批次): preview → review → apply; a batch is a document (DESIGN law 5).

``preview`` freezes a decision about every candidate. Until it is applied, a clerk may decline a person,
include one in spite of a reason, or say that a unit did not submit. ``renewal.batch.apply_run`` applies it in
chunks through the actions here.
"""

from datetime import date
from typing import Any

from sqlalchemy import func, insert, or_, update
from sqlmodel import col, select

from benefits.access.counters import count_on
from benefits.kernel.actions import action
from benefits.kernel.bulk import analyse
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.reasons import reason_said
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.models import Organisation
from benefits.organisations.queries import OrganisationRow, by_code, top
from benefits.plans.edition import Edition
from benefits.plans.queries import edition_by_id
from benefits.renewal import tally
from benefits.renewal.blueprint import Blueprint, Request, draw
from benefits.renewal.decide import RunPlan, TermPlan, additions, candidates
from benefits.renewal.models import (
    Decision,
    Override,
    RenewalRun,
    RunPrice,
    RunPriceLine,
    RunReason,
    RunState,
    RunTally,
    RunTerm,
    RunUnit,
    UnitState,
    Verdict,
)
from benefits.renewal.reasons import NEVER_INCLUDED
from benefits.renewal.review import OPEN_STATES, confirm_rest, get_run, hold, last_done, open_run

_MANY = 5_000
"""From so many decisions on, PostgreSQL is told of them at once: it would take the run for empty until
autovacuum comes by, and join its decisions row by row to all others."""


@action("renewal.preview")
def preview(
    unit: WriteUnit,
    *,
    plan: str,
    window_from: date,
    window_to: date,
    organisation: str | None = None,
    as_of: date | None = None,
    with_class: bool = False,
    funding: str | None = None,
    grace_days: int | None = None,
    grace_reason: str = "",
) -> str:
    """Freeze a decision about everybody whose term of ``plan`` ends in the window, inclusive (续保预览); the
    run's number.

    ``with_class`` also decides about everybody of the plan's class who has no such term (按类新增).
    ``organisation`` (code or name) narrows the run to a part of the tree. ``grace_days`` is a grace that the
    clerk records, with a reason, where the edition leaves it 待核实.

    Raises Refused: see ``blueprint.draw``; ``renewal.grace_reason_needed``; ``renewal.open_run`` where an
    open run already decides about the same plan, window and place; ``renewal.nobody`` where nobody is a
    candidate.
    """
    if grace_days is not None and not grace_reason.strip():
        raise Refused("renewal.grace_reason_needed")
    grace_reason = _reason(grace_reason) if grace_reason.strip() else ""
    place = top(unit) if organisation is None else by_code(unit, organisation)
    request = Request(plan, window_from, window_to, as_of or unit.today, with_class, funding, grace_days)
    with unit.beyond_scope():
        blueprint = draw(unit, request)
    _refuse_second_run(unit, blueprint.plan_id, request, place)
    run = RenewalRun(
        number=_next_number(unit, request.as_of.year),
        plan_id=blueprint.plan_id,
        organisation_id=place.id,
        window_from=window_from,
        window_to=window_to,
        as_of=request.as_of,
        with_class=with_class,
        funding=blueprint.funding,
        grace_days=grace_days,
        grace_reason=grace_reason,
        state=RunState.PREVIEWED,
        created_by=unit.actor.login,
        created_at=unit.clock.now(),
    )
    unit.session.add(run)
    unit.session.flush()
    assert run.id is not None
    _write_reference(unit, run.id, blueprint)
    scope = "/" if place.parent_id is None else place.path
    with unit.beyond_scope():
        _decide(unit, RunPlan(run.id, blueprint.plan_id, scope), blueprint)
    tally.refresh(unit, run.id, blueprint.edition)
    sums = totals(unit, run.id)
    if sums["candidates"] == 0:
        raise Refused("renewal.nobody", plan=blueprint.edition.name.zh, start=window_from, end=window_to)
    unit.record(
        f"run:{run.number}",
        plan=plan,
        window=[window_from, window_to],
        place=place.code,
        as_of=request.as_of,
        **sums,
    )
    return run.number


def _refuse_second_run(unit: ReadUnit, plan_id: int, request: Request, place: OrganisationRow) -> None:
    """Two open runs about the same people would each bill them: one must be applied or abandoned first. A run
    for a part of the tree is about the same people as one for the whole."""
    steps = place.path.strip("/").split("/")
    above = ["/" + "/".join(steps[: depth + 1]) + "/" for depth in range(len(steps))]
    query = (
        select(col(RenewalRun.number))
        .join(Organisation, col(Organisation.id) == col(RenewalRun.organisation_id))
        .where(
            col(RenewalRun.plan_id) == plan_id,
            or_(col(Organisation.path).in_(above), path_within(col(Organisation.path), place.path)),
            col(RenewalRun.state).in_([*OPEN_STATES, RunState.APPLYING]),
            col(RenewalRun.window_from) <= request.window_to,
            col(RenewalRun.window_to) >= request.window_from,
        )
    )
    with unit.beyond_scope():
        other = unit.exec(query).first()
    if other is not None:
        raise Refused("renewal.open_run", run=other)


def _next_number(unit: WriteUnit, year: int) -> str:
    """XB-2026-0001."""
    return f"XB-{year}-{count_on(unit, f'renewal:{year}'):04d}"


def _write_reference(unit: WriteUnit, run_id: int, blueprint: Blueprint) -> None:
    seen: set[int] = set()
    for term in blueprint.all_terms():
        unit.session.add(
            RunTerm(
                run_id=run_id,
                term=term.number,
                edition_id=term.edition_id,
                prior_ends=term.prior_ends,
                starts=term.starts,
                ends=term.ends,
                waiting_until=term.waiting_until,
                first_time=term.first_time,
            )
        )
        for price in () if term.edition_id in seen else term.prices:
            unit.session.add(
                RunPrice(
                    run_id=run_id,
                    price=price.number,
                    edition_id=term.edition_id,
                    funding=price.funding,
                    tier=price.tier,
                    risk_class=price.risk,
                    fen=price.fen,
                )
            )
        seen.add(term.edition_id)
    unit.session.flush()
    for line in blueprint.lines:
        unit.session.add(RunPriceLine(run_id=run_id, price=line.price, payer=line.payer, fen=line.fen))
    for reason in blueprint.reasons:
        unit.session.add(
            RunReason(
                run_id=run_id,
                bit=reason.bit,
                code=reason.code,
                rule_id=reason.rule_id,
                say_zh=reason.say_zh,
                say_en=reason.say_en,
            )
        )
    unit.session.flush()


def _decide(unit: WriteUnit, run: RunPlan, blueprint: Blueprint) -> None:
    names = "run_id member_id organisation_id prior_id term price shares fen reasons".split()
    asked: list[tuple[TermPlan, Any]] = [(term, candidates) for term in blueprint.terms]
    asked += [(term, additions) for term in blueprint.added]
    written = 0
    for term, query in asked:
        statement = insert(Decision).from_select(names, query(unit, run, term), include_defaults=False)
        result = unit.session.execute(statement.execution_options(preserve_rowcount=True))
        written += int(result.rowcount)  # type: ignore[attr-defined]
    if unit.dialect == "postgresql" and written >= _MANY:
        analyse(unit.session, Decision)


@action("renewal.override", permission="renewal.review")
def override(unit: WriteUnit, *, run: str, member_id: int, kind: Override | None, reason: str = "") -> None:
    """A clerk's word over the rules for one person (人工决定): include in spite of a reason, decline, or
    (None) take it back.

    In a run that is being applied, whoever has no term from it yet can still decline, so that somebody whose
    facts moved half-way does not hold the others up; the run goes on being applied.

    Raises Refused: ``renewal.unknown_run``, ``.not_open``, ``.written_already``, ``.unknown_person``,
    ``.reason_needed``, ``.cannot_include``.
    """
    found = get_run(unit, run)
    half_way = found.state is RunState.APPLYING and kind is Override.DECLINE
    if half_way:
        hold(unit, found)
    else:
        found = open_run(unit, run)
    assert found.id is not None
    decision = unit.exec(
        select(Decision).where(col(Decision.run_id) == found.id, col(Decision.member_id) == member_id)
    ).first()
    if decision is None:
        raise Refused("renewal.unknown_person", run=run, member=member_id)
    reason = _reason(reason) if kind is not None else ""
    if kind is Override.INCLUDE:
        _refuse_impossible(unit, decision)
    if half_way and member_id <= last_done(unit, found.id):
        raise Refused("renewal.written_already", run=run, member=member_id)
    joined = decision.verdict in (Verdict.RENEW, Verdict.ADD)
    decision.override = kind
    decision.override_by = unit.actor.login if kind else None
    decision.override_reason = reason or None
    unit.session.flush()
    if half_way:
        tally.recount(unit, found.id, decision.organisation_id, int(joined))
    else:
        _unconfirm(unit, found.id, decision.organisation_id)
        _changed(unit, found, [decision.organisation_id])
    unit.record(f"run:{run}", member=member_id, override=kind.value if kind else None, reason=reason)


def _refuse_impossible(unit: ReadUnit, decision: Decision) -> None:
    """Some reasons cannot be set aside: the database, or the money, would contradict."""
    hard = unit.exec(
        select(RunReason).where(
            col(RunReason.run_id) == decision.run_id,
            col(RunReason.code).in_([*NEVER_INCLUDED, "not_submitted"]),
        )
    ).all()
    against = [reason for reason in hard if decision.reasons >> reason.bit & 1]
    if against:
        problems = tuple(Problem(r.code, say("renewal.plain", text=r.say_zh)) for r in against)
        raise Refused(
            "renewal.cannot_include", reasons="；".join(r.say_zh for r in against), problems=problems
        )


@action("renewal.review_unit", permission="renewal.review")
def review_unit(unit: WriteUnit, *, run: str, organisation_id: int, state: UnitState) -> None:
    """Record that a unit confirmed its list, or did not submit it (单位核对); not submitted leaves all its
    people out. What was reviewed begins anew when a list is not confirmed any more."""
    found = open_run(unit, run)
    assert found.id is not None
    part = unit.exec(
        select(RunUnit).where(
            col(RunUnit.run_id) == found.id, col(RunUnit.organisation_id) == organisation_id
        )
    ).first()
    if part is None:
        raise Refused("renewal.unknown_unit", run=run, unit=organisation_id)
    was = part.state
    part.state = state
    unit.session.flush()
    unit.session.expunge(part)
    if UnitState.NOT_SUBMITTED in (was, state) and was is not state:
        tally.set_submitted(unit, found.id, organisation_id, state is not UnitState.NOT_SUBMITTED)
        _changed(unit, found, [organisation_id])
    elif state is not was and state is not UnitState.CONFIRMED:
        _reopen(found)
    unit.session.flush()
    unit.record(f"run:{run}", unit=organisation_id, state=state.value)


@action("renewal.confirm", permission="renewal.review")
def confirm(unit: WriteUnit, *, run: str) -> int:
    """Confirm every unit's list that is still to be confirmed and mark the run as reviewed (批次核对完成);
    units confirmed."""
    found = open_run(unit, run)
    assert found.id is not None
    confirmed = confirm_rest(unit, found)
    unit.record(f"run:{run}", units=confirmed, **totals(unit, found.id))
    return confirmed


@action("renewal.abandon", permission="renewal.preview")
def abandon(unit: WriteUnit, *, run: str, reason: str) -> None:
    """Give a run up before it is applied (放弃批次); its decisions stay on record."""
    found = open_run(unit, run)
    reason = _reason(reason)
    found.state = RunState.ABANDONED
    unit.record(f"run:{run}", reason=reason)


def totals(unit: ReadUnit, run_id: int) -> dict[str, int]:
    """Sums of a run over all its units; raises AssertionError if they do not reconcile."""
    names = ("candidates", "renewed", "added", "excluded", "declined", "shares", "fen")
    row = unit.session.execute(
        select(*[func.coalesce(func.sum(getattr(RunTally, name)), 0) for name in names]).where(
            col(RunTally.run_id) == run_id
        )
    ).one()
    sums = {name: int(value) for name, value in zip(names, row, strict=True)}
    parts = sums["renewed"] + sums["added"] + sums["excluded"] + sums["declined"]
    assert sums["candidates"] == parts, f"a run must reconcile: {sums}"
    return sums


def edition_of_run(unit: ReadUnit, run_id: int) -> Edition:
    """The edition whose group rule the run goes by: that of its first new term."""
    edition_id = unit.exec(
        select(col(RunTerm.edition_id)).where(col(RunTerm.run_id) == run_id).order_by(col(RunTerm.term))
    ).first()
    assert edition_id is not None, "a run has terms"
    return edition_by_id(unit, edition_id).edition


def _changed(unit: WriteUnit, run: RenewalRun, units: list[int]) -> None:
    """After a decision changed: sums and participation of its unit, and the review starts anew."""
    assert run.id is not None
    tally.refresh(unit, run.id, edition_of_run(unit, run.id), units)
    _reopen(run)
    unit.session.flush()


def _reopen(run: RenewalRun) -> None:
    run.state = RunState.PREVIEWED
    run.reviewed_by = None


def _unconfirm(unit: WriteUnit, run_id: int, organisation_id: int) -> None:
    """A list that was confirmed is another one now, and is to be confirmed again (名单有变，重新核对)."""
    confirmed = (
        update(RunUnit)
        .where(
            col(RunUnit.run_id) == run_id,
            col(RunUnit.organisation_id) == organisation_id,
            col(RunUnit.state) == UnitState.CONFIRMED,
        )
        .values(state=UnitState.PENDING)
    )
    unit.session.execute(confirmed.execution_options(synchronize_session=False))


def _reason(given: str) -> str:
    """A clerk's reason as it is kept. Raises Refused ``renewal.reason_needed`` or ``renewal.reason_long``."""
    return reason_said(given, missing="renewal.reason_needed", long="renewal.reason_long", least=1)
