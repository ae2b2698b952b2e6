"""Applying a run (续保生效): enrollments and dues from the frozen decisions, in chunks of members that each
commit once.

The chunk's own row is written with its enrollments, so a killed run goes on where it stood, and doing it
again changes nothing. While a run is ``applying`` its covers are not in force (``enrollment.pending``); the
last step counts everything before it says applied.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, String, and_, case, func, insert, literal, null, select, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.contributions.models import Due
from benefits.enrollment.models import Enrollment, EnrollmentState, Entry
from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused, Say, say
from benefits.kernel.scope import ROOT
from benefits.kernel.text import mask_name
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.models import Member
from benefits.organisations.models import Organisation
from benefits.plans.models import Plan, PlanEdition
from benefits.renewal import drift, tally
from benefits.renewal.blueprint import Blueprint, Request, draw
from benefits.renewal.decide import RunPlan, TermPlan
from benefits.renewal.models import (
    Decision,
    RenewalRun,
    RunChunk,
    RunPrice,
    RunReason,
    RunState,
    RunTerm,
    Verdict,
)
from benefits.renewal.review import confirm_rest, get_run, hold, last_done
from benefits.renewal.service import edition_of_run, totals


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an apply is. ``done`` of ``total`` decisions; ``changed`` False: it had been applied before."""

    run: str
    done: int
    total: int
    changed: bool


@action("renewal.start", permission="renewal.apply")
def start(unit: WriteUnit, *, run: str) -> Progress:
    """Check the frozen decisions against today's facts and mark the run as applying (开始生效).

    Lists that nobody confirmed are confirmed by whoever applies. Raises Refused: ``renewal.unknown_run``,
    ``renewal.not_open`` for an abandoned one, ``renewal.drift`` with each person (``renewal.drift_applying``
    where a part is written: they can decline, and the run goes on), ``renewal.heads_moved`` with each unit
    whose participation is another by now, ``renewal.terms_moved``; nothing is written then.
    """
    found = get_run(unit, run)
    assert found.id is not None
    sums = totals(unit, found.id)
    if found.state is RunState.APPLIED:
        return Progress(run, sums["candidates"], sums["candidates"], False)
    if found.state is RunState.ABANDONED:
        raise Refused("renewal.not_open", run=run, state=say("renewal.state.abandoned"))
    hold(unit, found)
    last = last_done(unit, found.id)
    _refuse_drift(unit, found, last)
    if found.state is not RunState.APPLYING:
        confirmed = confirm_rest(unit, found)
        found.state = RunState.APPLYING
        unit.record(f"run:{run}", confirmed_units=confirmed, **sums)
        unit.session.flush()
    done = unit.session.execute(
        select(func.count())
        .select_from(Decision)
        .where(col(Decision.run_id) == found.id, col(Decision.member_id) <= last)
    ).scalar_one()
    return Progress(run, int(done), sums["candidates"], True)


def _refuse_drift(unit: WriteUnit, run: RenewalRun, last: int) -> None:
    """Before the first chunk the whole document must be true today; after it, only what is still to be
    written: the terms of the run stand, and each person in the way can decline."""
    assert run.id is not None
    going_on = run.state is RunState.APPLYING
    with unit.beyond_scope():
        blueprint = _draw_again(unit, run, run.as_of if going_on else max(run.as_of, unit.today))
        terms, frozen = blueprint.all_terms(), _frozen_terms(unit, run.id)
        if going_on:
            terms = tuple(replace(term, number=frozen[_key(term)]) for term in terms if _key(term) in frozen)
        elif frozen != {_key(term): term.number for term in terms}:
            raise Refused("renewal.terms_moved", run=run.number)
        count, people = drift.find(unit, run_plan(unit, run, blueprint), terms, last, going_on=going_on)
    if count:
        meanings = unit.session.execute(
            select(col(RunReason.bit), col(RunReason.say_zh)).where(col(RunReason.run_id) == run.id)
        )
        names = {bit: words for bit, words in meanings}
        raise Refused(
            "renewal.drift_applying" if going_on else "renewal.drift",
            run=run.number,
            people=count,
            problems=tuple(_drifted(one, names) for one in people),
        )
    if not going_on:
        _refuse_heads(unit, run)


def _refuse_heads(unit: WriteUnit, run: RenewalRun) -> None:
    """A unit that is below the ratio today, or no longer is, was decided about wrongly as a whole."""
    assert run.id is not None
    with unit.beyond_scope():
        found = tally.judged_otherwise(unit, run.id, edition_of_run(unit, run.id))
    unknown = say("renewal.participation.unknown")
    if found:
        problems = tuple(
            Problem(
                "renewal.heads_moved",
                say(
                    "renewal.head_moved",
                    unit=one.name,
                    was=unknown if one.was is None else one.was,
                    now=unknown if one.now is None else one.now,
                    state=say(f"renewal.participation.{one.state.value}"),
                ),
            )
            for one in found
        )
        raise Refused("renewal.heads_moved", run=run.number, units=len(found), problems=problems)


def _draw_again(unit: ReadUnit, run: RenewalRun, day: date) -> Blueprint:
    """The terms of the run if it is applied on ``day``: grace goes by the day on which cover is renewed, not
    by the day on which somebody looked at it (DOMAIN 0.4)."""
    try:
        return draw(unit, replace(_request(unit, run), as_of=day))
    except Refused as refusal:
        if day == run.as_of:
            raise
        why = (Problem(refusal.code, refusal.say),)
        raise Refused("renewal.terms_moved", run=run.number, problems=why) from refusal


def _drifted(one: drift.Drifted, names: dict[int, str]) -> Problem:
    def words(bits: int) -> str:
        return "、".join(text for bit, text in sorted(names.items()) if bits >> bit & 1) or "–"

    person = mask_name(one.name)
    told: Say
    if one.now is None:
        told = say("renewal.drift_gone", person=person, member=one.member_id)
    elif one.was is None:
        told = say("renewal.drift_new", person=person, member=one.member_id)
    elif one.was == one.now:
        told = say("renewal.drift_moved", person=person, member=one.member_id)
    else:
        told = say(
            "renewal.drift_reasons",
            person=person,
            member=one.member_id,
            was=words(one.was),
            now=words(one.now),
        )
    return Problem("renewal.drift", told, row=one.member_id)


def _request(unit: ReadUnit, run: RenewalRun) -> Request:
    code = unit.session.execute(select(col(Plan.code)).where(col(Plan.id) == run.plan_id)).scalar_one()
    return Request(
        code,
        run.window_from,
        run.window_to,
        run.as_of,
        run.with_class,
        run.funding or None,
        run.grace_days,
        run.id,
    )


def run_plan(unit: ReadUnit, run: RenewalRun, blueprint: Blueprint) -> RunPlan:
    """The run as its SELECTs need it."""
    place = unit.session.execute(
        select(col(Organisation.path), col(Organisation.parent_id)).where(
            col(Organisation.id) == run.organisation_id
        )
    ).one()
    assert run.id is not None
    return RunPlan(run.id, run.plan_id, ROOT if place.parent_id is None else place.path)


def _frozen_terms(unit: ReadUnit, run_id: int) -> dict[tuple[object, ...], int]:
    """What tells the terms of a run apart, and the number of each."""
    rows = unit.session.scalars(select(RunTerm).where(col(RunTerm.run_id) == run_id))
    return {
        (r.edition_id, r.prior_ends, r.starts, r.ends, r.waiting_until, r.first_time): r.term for r in rows
    }


def _key(term: TermPlan) -> tuple[object, ...]:
    return (
        term.edition_id,
        term.prior_ends,
        term.starts,
        term.ends,
        term.waiting_until,
        term.first_time,
    )


@action("renewal.apply")
def apply_chunk(unit: WriteUnit, *, run: str, size: int, before: int | None = None) -> Progress:
    """Write the enrollments of the next ``size`` decisions, in member order (生效一段). ``before``: how many
    decisions are done already, for whoever knows (None: they are counted)."""
    found = get_run(unit, run)
    assert found.id is not None
    sums = totals(unit, found.id)
    if found.state is not RunState.APPLYING:
        return Progress(run, sums["candidates"], sums["candidates"], False)
    hold(unit, found)
    last = last_done(unit, found.id)
    mine = (col(Decision.run_id) == found.id, col(Decision.member_id) > last)
    keys = select(col(Decision.member_id), col(Decision.prior_id)).where(*mine)
    part = keys.order_by(col(Decision.member_id)).limit(size).subquery()
    member, prior = part.c.member_id, part.c.prior_id
    count, first, upto, oldest, newest = unit.session.execute(
        select(func.count(), func.min(member), func.max(member), func.min(prior), func.max(prior))
    ).one()
    if not count:
        return Progress(run, sums["candidates"], sums["candidates"], True)
    if before is None:
        earlier = select(func.count()).where(
            col(Decision.run_id) == found.id, col(Decision.member_id) <= last
        )
        before = int(unit.session.execute(earlier).scalar_one())
    with unit.beyond_scope():
        written = _write_enrollments(unit, found, (last, int(upto)), (oldest, newest))
    unit.session.add(
        RunChunk(
            run_id=found.id,
            first_member=int(first),
            last_member=int(upto),
            people=written,
            done_at=unit.clock.now(),
        )
    )
    unit.record(f"run:{run}", first=int(first), last=int(upto), people=written)
    return Progress(run, before + int(count), sums["candidates"], True)


def _to_be_written(run: RenewalRun, members: tuple[int, int]) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Decision.run_id) == run.id,
        col(Decision.member_id) > members[0],
        col(Decision.member_id) <= members[1],
        type_coerce(col(Decision.verdict), String).in_([Verdict.RENEW.value, Verdict.ADD.value]),
    )


def _its_term() -> ColumnElement[bool]:
    return and_(col(RunTerm.run_id) == col(Decision.run_id), col(RunTerm.term) == col(Decision.term))


def _write_enrollments(
    unit: WriteUnit, run: RenewalRun, members: tuple[int, int], priors: tuple[int | None, int | None]
) -> int:
    """One INSERT … SELECT for a chunk, in member order; the count is what was inserted. ``members``: after
    the first, up to the second. ``priors``: the least and greatest prior term of the chunk, which spares
    PostgreSQL a walk through all others."""
    prior = aliased(Enrollment)
    begun = func.coalesce(col(prior.continuous_since), col(RunTerm.starts))
    tiers = _tiers(unit, run)
    rows = (
        select(
            col(Decision.member_id),
            col(PlanEdition.plan_id),
            col(RunTerm.edition_id),
            col(Decision.organisation_id),
            col(Decision.prior_id),
            literal(run.id),
            col(RunTerm.starts),
            col(RunTerm.ends),
            col(RunTerm.waiting_until),
            case((col(RunTerm.first_time), col(RunTerm.starts)), else_=begun),
            col(Decision.shares),
            null() if not tiers else case(*tiers, else_=null()),
            col(Decision.fen),
            _funding(unit, run),
            case(
                (col(Decision.prior_id).is_(None), Entry.ADDED.value),
                (col(RunTerm.first_time), Entry.FIRST.value),  # beyond grace nothing goes on
                else_=Entry.RENEWED.value,
            ),
            literal(EnrollmentState.ACTIVE.value),
        )
        .join(RunTerm, _its_term())
        .join(PlanEdition, col(PlanEdition.id) == col(RunTerm.edition_id))
        .join(
            prior,
            and_(col(prior.id) == col(Decision.prior_id), col(prior.id).between(*priors)),
            isouter=True,
        )
        .where(*_to_be_written(run, members))
        .order_by(col(Decision.member_id))
    )
    names = (
        "member_id plan_id edition_id organisation_id prior_id run_id starts ends waiting_until"
        " continuous_since shares tier fen funding entry state"
    ).split()
    statement = insert(Enrollment).from_select(names, rows, include_defaults=False)
    try:
        with unit.session.begin_nested():  # so that PostgreSQL can still say who it was
            result = unit.session.execute(statement.execution_options(preserve_rowcount=True))
    except IntegrityError as error:
        raise _covered_meanwhile(unit, run, members, error) from error
    return int(result.rowcount)  # type: ignore[attr-defined]


def _covered_meanwhile(
    unit: ReadUnit, run: RenewalRun, members: tuple[int, int], error: IntegrityError
) -> Exception:
    """Who of a chunk got cover of the plan by another way since the run was started."""
    rows = unit.session.execute(
        select(
            col(Member.id),
            col(Member.name),
            col(Organisation.name),
            col(Enrollment.starts),
            col(Enrollment.ends),
        )
        .select_from(Decision)
        .join(RunTerm, _its_term())
        .join(PlanEdition, col(PlanEdition.id) == col(RunTerm.edition_id))
        .join(
            Enrollment,
            and_(
                col(Enrollment.member_id) == col(Decision.member_id),
                col(Enrollment.plan_id) == col(PlanEdition.plan_id),
                col(Enrollment.state) == EnrollmentState.ACTIVE,
                col(Enrollment.starts) <= col(RunTerm.ends),
                col(Enrollment.ends) >= col(RunTerm.starts),
            ),
        )
        .join(Member, col(Member.id) == col(Decision.member_id))
        .join(Organisation, col(Organisation.id) == col(Enrollment.organisation_id))
        .where(*_to_be_written(run, members))
        .order_by(col(Member.id))
    ).all()
    if not rows:  # written by somebody else while this unit ran: a new one will see who it is
        return Refused("kernel.busy", why="overlap") if unit.dialect == "postgresql" else error
    told = [
        say("renewal.covered_by", person=mask_name(name), member=member, unit=place, starts=starts, ends=ends)
        for member, name, place, starts, ends in rows
    ]
    return Refused(
        "renewal.covered_meanwhile",
        run=run.number,
        people=len(rows),
        problems=tuple(
            Problem("renewal.covered_meanwhile", words, row=row[0])
            for words, row in zip(told, rows, strict=True)
        ),
    )


def _funding(unit: ReadUnit, run: RenewalRun) -> ColumnElement[str]:
    """Code of the split that pays, by the decision's price."""
    rows = unit.session.execute(
        select(col(RunPrice.price), col(RunPrice.funding)).where(col(RunPrice.run_id) == run.id)
    ).all()
    return case(*[(col(Decision.price) == price, literal(code)) for price, code in rows], else_=literal(""))


def _tiers(unit: ReadUnit, run: RenewalRun) -> list[tuple[ColumnElement[bool], ColumnElement[str]]]:
    rows = unit.session.execute(
        select(col(RunPrice.price), col(RunPrice.tier)).where(col(RunPrice.run_id) == run.id)
    ).all()
    return [(col(Decision.price) == price, literal(tier)) for price, tier in rows if tier is not None]


@action("renewal.finish", permission="renewal.apply")
def finish(unit: WriteUnit, *, run: str) -> Progress:
    """Write the dues, prove the counts to the last person and fen, and say that the run is applied
    (批次生效)."""
    found = get_run(unit, run)
    assert found.id is not None
    sums = totals(unit, found.id)
    done = Progress(run, sums["candidates"], sums["candidates"], True)
    if found.state is not RunState.APPLYING:
        return done
    people = unit.session.execute(
        select(func.coalesce(func.sum(col(RunChunk.people)), 0)).where(col(RunChunk.run_id) == found.id)
    ).scalar_one()
    tally.write_dues(unit, found.id)
    due = unit.session.execute(
        select(func.coalesce(func.sum(col(Due.fen)), 0)).where(col(Due.run_id) == found.id)
    ).scalar_one()
    if (int(people), int(due)) != (sums["renewed"] + sums["added"], sums["fen"]):
        raise Refused(
            "renewal.does_not_reconcile",
            run=run,
            people=int(people),
            decided=sums["renewed"] + sums["added"],
            due=int(due),
            fen=sums["fen"],
        )
    found.state = RunState.APPLIED
    found.applied_at = unit.clock.now()
    unit.session.flush()
    unit.record(f"run:{run}", **sums)
    return done
