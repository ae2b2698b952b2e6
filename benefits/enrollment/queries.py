"""Reading covers (参保查询): a person's terms and what each means on a day."""

import enum
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from benefits.enrollment.models import Enrollment, EnrollmentState, Entry
from benefits.enrollment.pending import unfinished_runs
from benefits.kernel.unit import ReadUnit
from benefits.organisations.models import Organisation
from benefits.plans.models import Plan, PlanEdition
from benefits.plans.queries import edition_in_force


class CoverState(enum.Enum):
    """What a term means on a day: 待生效 (its batch is still being written), 未生效, 观察期, 保障中,
    已给付终止, 已到期, 作废."""

    PENDING = "pending"
    FUTURE = "future"
    WAITING = "waiting"
    IN_FORCE = "in_force"
    EXHAUSTED = "exhausted"
    ENDED = "ended"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class CoverRow:
    """A term of cover as the person's page shows it, both days inclusive. ``fen`` is the fee of the whole
    term; ``enrollment.state.<state>`` is the word for its state, ``run_id`` the renewal run that wrote it
    (None: by hand).
    """

    id: int
    plan_code: str
    plan_name_zh: str
    plan_name_en: str
    edition: str
    organisation: str
    """The unit that pays; empty where it lies outside the actor's scope."""
    starts: date
    ends: date
    waiting_until: date | None
    continuous_since: date
    shares: int
    tier: str | None
    fen: int
    funding: str
    entry: Entry
    exhausted_on: date | None
    state: CoverState
    run_id: int | None


def covers_of(unit: ReadUnit, member_id: int, day: date | None = None) -> tuple[CoverRow, ...]:
    """All terms of a person, the latest first, with their states on ``day`` (today)."""
    pending = unfinished_runs(unit)
    rows = unit.exec(
        select(Enrollment, Plan, PlanEdition.edition, Organisation.name)
        .join(Plan, col(Plan.id) == col(Enrollment.plan_id))
        .join(PlanEdition, col(PlanEdition.id) == col(Enrollment.edition_id))
        .join(Organisation, col(Organisation.id) == col(Enrollment.organisation_id), isouter=True)
        .where(col(Enrollment.member_id) == member_id)
        .order_by(col(Enrollment.starts).desc(), col(Enrollment.id).desc())
    )
    on = day or unit.today
    return tuple(
        _row(
            term,
            plan,
            edition,
            place,
            CoverState.PENDING
            if term.run_id in pending and term.state is EnrollmentState.ACTIVE
            else state_on(term, on),
        )
        for term, plan, edition, place in rows
    )


def covered_now(unit: ReadUnit, plan: str, day: date | None = None) -> Any:
    """A SELECT of the members with a term of a plan that is in force or in its waiting period on ``day``
    (today): whom a list is narrowed to. Raises Refused ``plans.unknown_plan``.
    """
    on = day or unit.today
    found = unit.exec(select(Plan.id).where(col(Plan.code) == plan)).first()
    if found is None:
        edition_in_force(unit, plan, on)  # says which plans there are
    query = select(col(Enrollment.member_id)).where(
        col(Enrollment.plan_id) == found,
        col(Enrollment.state) == EnrollmentState.ACTIVE,
        col(Enrollment.starts) <= on,
        col(Enrollment.ends) >= on,
        or_(col(Enrollment.exhausted_on).is_(None), col(Enrollment.exhausted_on) >= on),
    )
    pending = unfinished_runs(unit)
    if not pending:
        return query
    return query.where(or_(col(Enrollment.run_id).is_(None), col(Enrollment.run_id).not_in(pending)))


def state_on(term: Enrollment, day: date) -> CoverState:
    """What a term means on a day. The day of the payment that exhausted it is its last."""
    if term.state is EnrollmentState.VOID:
        return CoverState.VOID
    if day < term.starts:
        return CoverState.FUTURE
    if term.exhausted_on is not None and day > term.exhausted_on:
        return CoverState.EXHAUSTED
    if day > term.ends:
        return CoverState.ENDED
    if term.waiting_until is not None and day <= term.waiting_until:
        return CoverState.WAITING
    return CoverState.IN_FORCE


def _row(term: Enrollment, plan: Plan, edition: str, place: str | None, state: CoverState) -> CoverRow:
    assert term.id is not None
    return CoverRow(
        id=term.id,
        plan_code=plan.code,
        plan_name_zh=plan.name_zh,
        plan_name_en=plan.name_en,
        edition=edition,
        organisation=place or "",
        starts=term.starts,
        ends=term.ends,
        waiting_until=term.waiting_until,
        continuous_since=term.continuous_since,
        shares=term.shares,
        tier=term.tier,
        fen=term.fen,
        funding=term.funding,
        entry=term.entry,
        exhausted_on=term.exhausted_on,
        state=state,
        run_id=term.run_id,
    )
