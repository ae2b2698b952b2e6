"""Reading renewal runs: lists, totals, reasons, units, and decisions page by page. Identity numbers come
as their last four."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, case, func, type_coerce
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.enrollment.pending import unfinished_runs
from benefits.kernel.errors import Refused
from benefits.kernel.text import plain
from benefits.kernel.unit import ReadUnit
from benefits.members.models import Member
from benefits.organisations.models import Organisation
from benefits.organisations.scope import within_tree
from benefits.plans.models import Plan
from benefits.renewal.models import (
    Decision,
    Override,
    Participation,
    RenewalRun,
    RunReason,
    RunState,
    RunTally,
    RunTerm,
    RunUnit,
    UnitState,
    Verdict,
)
from benefits.renewal.review import get_run
from benefits.renewal.service import totals


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as a list shows it."""

    number: str
    plan_code: str
    plan_name_zh: str
    plan_name_en: str
    organisation: str
    window_from: date
    window_to: date
    as_of: date
    with_class: bool
    state: RunState
    created_by: str
    created_at: datetime
    applied_at: datetime | None


@dataclass(frozen=True, slots=True)
class TermRow:
    """One anniversary of a run."""

    term: int
    prior_ends: date | None
    starts: date
    ends: date
    waiting_until: date | None
    first_time: bool


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many candidates a reason applies to; ``left_out`` of them have no new term (a person may have
    several reasons)."""

    bit: int
    code: str
    say_zh: str
    say_en: str
    people: int
    left_out: int


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with its sums: ``candidates = renewed + added + excluded + declined``."""

    run: RunRow
    candidates: int
    renewed: int
    added: int
    excluded: int
    declined: int
    shares: int
    fen: int
    terms: tuple[TermRow, ...]
    reasons: tuple[ReasonCount, ...]
    units: dict[str, int]
    """Units by state of review, and ``below``/``unknown`` by participation."""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision. ``reasons`` are (code, zh, en), all that apply."""

    member_id: int
    name: str
    """In full: who reviews a list must know whom it names (DOMAIN 3.4 masks names on posted lists)."""
    id_last4: str
    organisation: str
    verdict: Verdict
    starts: date
    ends: date
    shares: int
    fen: int
    reasons: tuple[tuple[str, str, str], ...]
    override: Override | None
    override_by: str | None
    override_reason: str | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit's part of a run."""

    organisation_id: int
    code: str
    name: str
    state: UnitState
    participation: Participation
    basis: int | None
    joined: int
    candidates: int
    renewed: int
    added: int
    excluded: int
    declined: int
    fen: int


def _run_rows() -> Any:
    return (
        sa_select(RenewalRun, Plan, col(Organisation.name))
        .join(Plan, col(Plan.id) == col(RenewalRun.plan_id))
        .join(Organisation, col(Organisation.id) == col(RenewalRun.organisation_id))
    )


def _run_row(run: RenewalRun, plan: Plan, place: str) -> RunRow:
    return RunRow(
        run.number,
        plan.code,
        plan.name_zh,
        plan.name_en,
        place,
        run.window_from,
        run.window_to,
        run.as_of,
        run.with_class,
        run.state,
        run.created_by,
        run.created_at,
        run.applied_at,
    )


def runs(unit: ReadUnit, limit: int = 200) -> tuple[RunRow, ...]:
    """Runs, newest first."""
    rows = unit.session.execute(_run_rows().order_by(col(RenewalRun.id).desc()).limit(limit))
    return tuple(_run_row(*row) for row in rows)


def view(unit: ReadUnit, number: str) -> RunView:
    """A run with sums, anniversaries, reasons and units; the whole document for whoever sees the run, also
    where a unit of it moved away. Raises Refused ``renewal.unknown_run``."""
    run = get_run(unit, number)
    with unit.beyond_scope():
        return _view(unit, run)


def _view(unit: ReadUnit, run: RenewalRun) -> RunView:
    assert run.id is not None
    row = unit.session.execute(_run_rows().where(col(RenewalRun.id) == run.id)).one()
    sums = totals(unit, run.id)
    terms = unit.exec(select(RunTerm).where(col(RunTerm.run_id) == run.id).order_by(col(RunTerm.term)))
    return RunView(
        _run_row(*row),
        **sums,
        terms=tuple(
            TermRow(t.term, t.prior_ends, t.starts, t.ends, t.waiting_until, t.first_time) for t in terms
        ),
        reasons=reason_counts(unit, run.id),
        units=_unit_counts(unit, run.id),
    )


def reason_counts(unit: ReadUnit, run_id: int) -> tuple[ReasonCount, ...]:
    """People by reason, one pass over the decisions that have any; most frequent first."""
    meanings = unit.exec(
        select(RunReason).where(col(RunReason.run_id) == run_id).order_by(col(RunReason.bit))
    ).all()
    out = type_coerce(col(Decision.verdict), String) == Verdict.EXCLUDE.value
    rows = unit.session.execute(
        sa_select(col(Decision.reasons), func.count(), func.sum(case((out, 1), else_=0)))
        .where(col(Decision.run_id) == run_id, col(Decision.reasons) != 0)
        .group_by(col(Decision.reasons))
    ).all()
    found = []
    for meaning in meanings:
        hit = [(people, left) for bits, people, left in rows if bits >> meaning.bit & 1]
        if hit:
            people, left = sum(p for p, _ in hit), sum(int(x or 0) for _, x in hit)
            found.append(ReasonCount(meaning.bit, meaning.code, meaning.say_zh, meaning.say_en, people, left))
    return tuple(sorted(found, key=lambda reason: (-reason.people, reason.bit)))


def _unit_counts(unit: ReadUnit, run_id: int) -> dict[str, int]:
    rows = unit.session.execute(
        sa_select(col(RunUnit.state), col(RunUnit.participation), func.count())
        .where(col(RunUnit.run_id) == run_id)
        .group_by(col(RunUnit.state), col(RunUnit.participation))
    ).all()
    counts = {state.value: 0 for state in UnitState} | {kind.value: 0 for kind in Participation}
    for state, kind, count in rows:
        counts[state.value] += count
        counts[kind.value] += count
    return counts


def decisions(
    unit: ReadUnit,
    number: str,
    *,
    verdict: Verdict | None = None,
    reason: str | None = None,
    organisation_id: int | None = None,
    after: int = 0,
    skip: int = 0,
    limit: int = 100,
) -> tuple[DecisionRow, ...]:
    """Decisions of a run by member id, from the one after ``after``; filtered by verdict, reason code and
    organisation, with all below it.

    ``skip`` leaves out that many first, for a jump to a place that no key is known of. Raises Refused
    ``renewal.unknown_run``, or ``renewal.unknown_reason`` for a code that the run does not know.
    """
    run = get_run(unit, number)
    assert run.id is not None
    meanings = unit.exec(
        select(RunReason).where(col(RunReason.run_id) == run.id).order_by(col(RunReason.bit))
    ).all()
    terms = {t.term: t for t in unit.exec(select(RunTerm).where(col(RunTerm.run_id) == run.id))}
    query = (
        sa_select(Decision, col(Member.name), col(Member.id_last4), col(Organisation.name))
        .join(Member, col(Member.id) == col(Decision.member_id))
        .join(Organisation, col(Organisation.id) == col(Decision.organisation_id))
        .where(
            *_where(unit, run.id, verdict, _mask(meanings, reason), organisation_id),
            col(Decision.member_id) > after,
        )
        .order_by(col(Decision.member_id))
        .limit(limit)
        .offset(skip)
    )
    with unit.beyond_scope():  # who moved out of the run's place stays on its list
        rows = unit.session.execute(query).all()
    found = []
    for decision, name, last4, place in rows:
        term = terms[decision.term]
        found.append(
            DecisionRow(
                decision.member_id,
                name,
                last4 or "",
                place,
                Verdict(decision.verdict),
                term.starts,
                term.ends,
                decision.shares,
                decision.fen,
                tuple((m.code, m.say_zh, m.say_en) for m in meanings if decision.reasons >> m.bit & 1),
                decision.override,
                decision.override_by,
                decision.override_reason,
            )
        )
    return tuple(found)


def count_decisions(
    unit: ReadUnit,
    number: str,
    *,
    verdict: Verdict | None = None,
    reason: str | None = None,
    organisation_id: int | None = None,
) -> int:
    """How many decisions ``decisions`` would list in all."""
    run = get_run(unit, number)
    assert run.id is not None
    meanings = unit.exec(select(RunReason).where(col(RunReason.run_id) == run.id)).all()
    where = _where(unit, run.id, verdict, _mask(meanings, reason), organisation_id)
    with unit.beyond_scope():
        query = sa_select(func.count()).select_from(Decision).where(*where)
        return int(unit.session.execute(query).scalar_one())


def _mask(meanings: Sequence[RunReason], reason: str | None) -> int | None:
    """The bits of a reason code; a plan's rules may share one."""
    if reason is None:
        return None
    mask = sum(1 << meaning.bit for meaning in meanings if meaning.code == reason)
    if not mask:
        known = sorted({meaning.code for meaning in meanings})
        raise Refused("renewal.unknown_reason", reason=plain(reason)[:40], known=", ".join(known))
    return mask


def _where(
    unit: ReadUnit, run_id: int, verdict: Verdict | None, mask: int | None, organisation_id: int | None
) -> list[ColumnElement[bool]]:
    tests = [col(Decision.run_id) == run_id]
    if verdict is not None:
        tests.append(type_coerce(col(Decision.verdict), String) == verdict.value)
    if mask is not None:
        tests.append(col(Decision.reasons).bitwise_and(mask) != 0)
    if organisation_id is not None:
        query = sa_select(col(Organisation.path)).where(col(Organisation.id) == organisation_id)
        with unit.beyond_scope():  # a unit of the run that moved away stays in it
            path = unit.session.execute(query).scalar_one_or_none()
        if path is None:
            raise Refused("organisations.unknown", organisation=organisation_id)
        tests.append(col(Decision.organisation_id).in_(within_tree(path)))
    return tests


def units(unit: ReadUnit, number: str) -> tuple[UnitRow, ...]:
    """The units of a run in tree order."""
    run = get_run(unit, number)
    names = ("candidates", "renewed", "added", "excluded", "declined", "fen")
    sums = (
        sa_select(
            col(RunTally.organisation_id), *[func.sum(getattr(RunTally, name)).label(name) for name in names]
        )
        .where(col(RunTally.run_id) == run.id)
        .group_by(col(RunTally.organisation_id))
        .subquery()
    )
    query = (
        sa_select(RunUnit, col(Organisation.code), col(Organisation.name), *[sums.c[name] for name in names])
        .join(Organisation, col(Organisation.id) == col(RunUnit.organisation_id))
        .join(sums, sums.c.organisation_id == col(RunUnit.organisation_id))
        .where(col(RunUnit.run_id) == run.id)
        .order_by(col(Organisation.path))
    )
    with unit.beyond_scope():
        rows = unit.session.execute(query).all()
    return tuple(
        UnitRow(
            part.organisation_id,
            code,
            name,
            part.state,
            part.participation,
            part.basis,
            part.joined,
            *[int(value) for value in values],
        )
        for part, code, name, *values in rows
    )


@dataclass(frozen=True, slots=True)
class DueTerm:
    """People of a plan whose term ends on a day (到期): what the first screen counts down to."""

    plan_code: str
    plan_name_zh: str
    plan_name_en: str
    ends: date
    people: int
    renewed: int
    """Of them already with a later term of the plan."""


def expiring(unit: ReadUnit, first: date, last: date) -> tuple[DueTerm, ...]:
    """Terms that end between two days, inclusive, by day and plan, and how many of them are renewed
    already. A term of a run that is still being applied is not in force and renews nobody yet."""
    later = sa_select(Enrollment).subquery("later")
    renewed = (
        sa_select(func.count())
        .select_from(later)
        .where(
            later.c.member_id == col(Enrollment.member_id),
            later.c.plan_id == col(Enrollment.plan_id),
            later.c.state == EnrollmentState.ACTIVE,
            later.c.starts > col(Enrollment.ends),
            later.c.run_id.is_(None) | later.c.run_id.not_in(unfinished_runs(unit)),
        )
        .correlate(Enrollment)
        .scalar_subquery()
    )
    rows = unit.session.execute(
        sa_select(
            col(Plan.code),
            col(Plan.name_zh),
            col(Plan.name_en),
            col(Enrollment.ends),
            func.count(),
            func.sum(case((renewed > 0, 1), else_=0)),
        )
        .join(Plan, col(Plan.id) == col(Enrollment.plan_id))
        .where(col(Enrollment.state) == EnrollmentState.ACTIVE, col(Enrollment.ends).between(first, last))
        .group_by(col(Plan.code), col(Plan.name_zh), col(Plan.name_en), col(Enrollment.ends))
        .order_by(col(Enrollment.ends), col(Plan.code))
    )
    return tuple(
        DueTerm(code, zh, en, ends, people, int(done or 0)) for code, zh, en, ends, people, done in rows
    )
