"""Sums of a run by unit and price, and each unit's participation (参保率): kept in step with the decisions,
set by set."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    type_coerce,
    update,
)
from sqlmodel import col

from benefits.contributions.models import Due
from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.ids import Sex
from benefits.kernel.unit import WriteUnit
from benefits.members.models import Member, Status
from benefits.organisations.models import Organisation
from benefits.plans.edition import Edition
from benefits.plans.models import PlanEdition
from benefits.plans.participation import state as judge
from benefits.plans.vocabulary import Unknown
from benefits.renewal.keys import not_written_by
from benefits.renewal.models import (
    Decision,
    Participation,
    RenewalRun,
    RunPrice,
    RunPriceLine,
    RunTally,
    RunTerm,
    RunUnit,
    UnitState,
    Verdict,
)
from benefits.renewal.reasons import MASKS


def refresh(unit: WriteUnit, run_id: int, edition: Edition, units: Sequence[int] | None = None) -> None:
    """Make the sums of a run true again, for some units or (None) for all.

    Participation is judged on the persons' own reasons first; then the people of a unit below the ratio get
    that reason, because a plan taken by too few is not taken by the unit at all (DOMAIN 0.3).
    """
    here = col(Decision.run_id) == run_id
    if units is not None:
        here &= col(Decision.organisation_id).in_(units)
        _without(unit, here, "unit_below_ratio")
    _tally(unit, run_id, here, units)
    _participation(unit, run_id, edition, units)
    below = select(col(RunUnit.organisation_id)).where(
        col(RunUnit.run_id) == run_id, col(RunUnit.participation) == Participation.BELOW
    )
    if units is not None:
        below = below.where(col(RunUnit.organisation_id).in_(units))
    found = list(unit.session.scalars(below))
    if found:
        within = (col(Decision.run_id) == run_id) & col(Decision.organisation_id).in_(found)
        _with(unit, within, "unit_below_ratio")
        _tally(unit, run_id, within, found)


def recount(unit: WriteUnit, run_id: int, organisation_id: int, left: int) -> None:
    """Make the sums of a unit true again after ``left`` of its people declined while the run is being
    applied. How the unit stands to the ratio stays as it was judged: others of it have their terms already.
    """
    here = (col(Decision.run_id) == run_id) & (col(Decision.organisation_id) == organisation_id)
    _tally(unit, run_id, here, [organisation_id])
    fewer = (
        update(RunUnit)
        .where(col(RunUnit.run_id) == run_id, col(RunUnit.organisation_id) == organisation_id)
        .values(joined=col(RunUnit.joined) - left)
    )
    unit.session.execute(fewer.execution_options(synchronize_session=False))


def set_submitted(unit: WriteUnit, run_id: int, organisation_id: int, submitted: bool) -> None:
    """Put on, or take off, the reason that the unit did not submit (单位未报送) for all its people."""
    here = (col(Decision.run_id) == run_id) & (col(Decision.organisation_id) == organisation_id)
    (_without if submitted else _with)(unit, here, "not_submitted")


def _with(unit: WriteUnit, here: ColumnElement[bool], code: str) -> None:
    mask = MASKS[code]
    unset = col(Decision.reasons).bitwise_and(mask) == 0
    statement = update(Decision).where(here, unset).values(reasons=col(Decision.reasons) + mask)
    unit.session.execute(statement.execution_options(synchronize_session=False))


def _without(unit: WriteUnit, here: ColumnElement[bool], code: str) -> None:
    mask = MASKS[code]
    there = col(Decision.reasons).bitwise_and(mask) != 0
    statement = update(Decision).where(here, there).values(reasons=col(Decision.reasons) - mask)
    unit.session.execute(statement.execution_options(synchronize_session=False))


def _tally(unit: WriteUnit, run_id: int, here: ColumnElement[bool], units: Sequence[int] | None) -> None:
    old = delete(RunTally).where(col(RunTally.run_id) == run_id)
    if units is not None:
        old = old.where(col(RunTally.organisation_id).in_(units))
    unit.session.execute(old.execution_options(synchronize_session=False))
    verdict = type_coerce(col(Decision.verdict), String)

    def people(kind: Verdict) -> ColumnElement[int]:
        return func.sum(case((verdict == kind.value, 1), else_=0))

    joins = verdict.in_([Verdict.RENEW.value, Verdict.ADD.value])
    price = func.coalesce(col(Decision.price), 0)
    rows = (
        select(
            literal(run_id),
            col(Decision.organisation_id),
            price,
            func.count(),
            people(Verdict.RENEW),
            people(Verdict.ADD),
            people(Verdict.EXCLUDE),
            people(Verdict.DECLINE),
            func.sum(case((col(Decision.reasons).bitwise_and(MASKS["already_covered"]) != 0, 1), else_=0)),
            func.sum(case((joins, col(Decision.shares)), else_=0)),
            func.sum(case((joins, col(Decision.fen)), else_=0)),
        )
        .where(here)
        .group_by(col(Decision.organisation_id), price)
    )
    names = (
        "run_id organisation_id price candidates renewed added excluded declined covered shares fen".split()
    )
    unit.session.execute(insert(RunTally).from_select(names, rows, include_defaults=False))


def _participation(unit: WriteUnit, run_id: int, edition: Edition, units: Sequence[int] | None) -> None:
    """Write each unit's basis, people with cover in the new term, and how that stands to the edition's ratio.
    What was said of the unit's list stays said."""
    here = col(RunUnit.run_id) == run_id
    sums = (
        select(
            col(RunTally.organisation_id),
            func.sum(col(RunTally.renewed) + col(RunTally.added) + col(RunTally.covered)),
        )
        .where(col(RunTally.run_id) == run_id)
        .group_by(col(RunTally.organisation_id))
    )
    if units is not None:
        here &= col(RunUnit.organisation_id).in_(units)
        sums = sums.where(col(RunTally.organisation_id).in_(units))
    spoken = select(col(RunUnit.organisation_id), col(RunUnit.state)).where(
        here, col(RunUnit.state) != UnitState.PENDING
    )
    said = {place: state for place, state in unit.session.execute(spoken)}
    unit.session.execute(delete(RunUnit).where(here).execution_options(synchronize_session=False))
    joined = {place: people for place, people in unit.session.execute(sums)}
    others = _others_covered(unit, run_id, units)
    heads = _heads(unit, edition, run_id, units)
    rows = [
        {
            "run_id": run_id,
            "organisation_id": place,
            "basis": None if heads is None else heads.get(place, 0),
            "joined": people,
            "participation": Participation(
                judge(edition, None if heads is None else heads.get(place, 0), people)
            ),
            "state": said.get(place, UnitState.PENDING),
        }
        for place, people in ((place, int(own) + others.get(place, 0)) for place, own in joined.items())
    ]
    if rows:
        unit.session.execute(insert(RunUnit), rows)


def _others_covered(unit: WriteUnit, run_id: int, units: Sequence[int] | None) -> dict[int, int]:
    """People whom each unit has covered in the first new term of the run although the run does not decide
    about them: their term expires after its window, so they have joined and are no candidates (DOMAIN
    0.3)."""
    run = unit.session.get_one(RenewalRun, run_id)
    terms = unit.session.execute(
        select(col(RunTerm.starts), col(RunTerm.ends), col(PlanEdition.plan_id))
        .join(PlanEdition, col(PlanEdition.id) == col(RunTerm.edition_id))
        .where(col(RunTerm.run_id) == run_id)
    ).all()
    starts, ends = min((first, last) for first, last, _ in terms)
    plans = {run.plan_id, *(plan_id for _, _, plan_id in terms)}
    held = and_(
        col(Enrollment.plan_id).in_(plans),
        col(Enrollment.ends) > run.window_to,
        col(Enrollment.ends) >= starts,
        col(Enrollment.starts) <= ends,
        col(Enrollment.state) == EnrollmentState.ACTIVE,
        not_written_by(run_id),
    )
    wanted = select(col(RunTally.organisation_id)).where(col(RunTally.run_id) == run_id)
    decided = and_(col(Decision.run_id) == run_id, col(Decision.member_id) == col(Enrollment.member_id))
    rows = (
        select(col(Enrollment.organisation_id), func.count(func.distinct(col(Enrollment.member_id))))
        .select_from(Enrollment)
        .join(Decision, decided, isouter=True)
        .where(held, col(Decision.member_id).is_(None))
        .where(col(Enrollment.organisation_id).in_(wanted if units is None else units))
        .group_by(col(Enrollment.organisation_id))
    )
    return {place: int(people) for place, people in unit.session.execute(rows)}


def _heads(
    unit: WriteUnit, edition: Edition, run_id: int, units: Sequence[int] | None
) -> dict[int, int | None] | None:
    """Head-counts by the edition's basis: staff that the unit proved, or people of the register in post; None
    where the edition has no basis, or leaves it 待核实."""
    rule = edition.participation
    if rule is None or isinstance(rule.basis, Unknown):
        return None
    wanted = select(col(RunTally.organisation_id)).where(col(RunTally.run_id) == run_id)
    if units is not None:
        wanted = wanted.where(col(RunTally.organisation_id).in_(units))
    if rule.basis == "staff":
        proven = select(col(Organisation.id), col(Organisation.staff)).where(col(Organisation.id).in_(wanted))
        return {place: staff for place, staff in unit.session.execute(proven) if place is not None}
    heads = (
        select(col(Member.organisation_id), func.count())
        .where(
            type_coerce(col(Member.status), String) == Status.IN_POST.value,
            col(Member.organisation_id).in_(wanted),
        )
        .group_by(col(Member.organisation_id))
    )
    if rule.basis == "women":
        heads = heads.where(type_coerce(col(Member.sex), String) == Sex.FEMALE.value)
    return {place: int(people) for place, people in unit.session.execute(heads) if place is not None}


@dataclass(frozen=True, slots=True)
class Judged:
    """A unit that today's head-count would judge otherwise: people then and now (None: 待核实), and how they
    would stand to the ratio."""

    name: str
    was: int | None
    now: int | None
    state: Participation


def judged_otherwise(unit: WriteUnit, run_id: int, edition: Edition) -> tuple[Judged, ...]:
    """Units whose participation (参保率) today's head-counts would judge otherwise than the run did. A
    head-count that moved and changes no judgement is left as the run has it: people come and go daily."""
    heads = _heads(unit, edition, run_id, None)
    if heads is None:
        return ()
    rows = unit.session.execute(
        select(
            col(RunUnit.organisation_id),
            col(Organisation.name),
            col(RunUnit.basis),
            col(RunUnit.joined),
            col(RunUnit.participation),
        )
        .join(Organisation, col(Organisation.id) == col(RunUnit.organisation_id))
        .where(col(RunUnit.run_id) == run_id)
        .order_by(col(RunUnit.organisation_id))
    )
    found = []
    for place, name, basis, joined, was in rows:
        state = Participation(judge(edition, heads.get(place, 0), joined))
        if state is not was:
            found.append(Judged(name, basis, heads.get(place, 0), state))
    return tuple(found)


def write_dues(unit: WriteUnit, run_id: int) -> None:
    """Dues by plan, unit and payer (应缴), from the sums and the split of each price; they add up to the fees
    exactly. The plan is that of the price's edition: a successor's where the run's own has ended."""
    rows = (
        select(
            literal(run_id),
            col(PlanEdition.plan_id),
            col(RunTally.organisation_id),
            col(RunPriceLine.payer),
            func.sum(col(RunTally.renewed) + col(RunTally.added)),
            func.sum(col(RunTally.shares)),
            func.sum(col(RunTally.shares) * col(RunPriceLine.fen)),
        )
        .join(
            RunPriceLine,
            and_(
                col(RunPriceLine.run_id) == col(RunTally.run_id),
                col(RunPriceLine.price) == col(RunTally.price),
            ),
        )
        .join(
            RunPrice,
            and_(col(RunPrice.run_id) == col(RunTally.run_id), col(RunPrice.price) == col(RunTally.price)),
        )
        .join(PlanEdition, col(PlanEdition.id) == col(RunPrice.edition_id))
        .where(col(RunTally.run_id) == run_id, col(RunTally.shares) > 0)
        .group_by(col(PlanEdition.plan_id), col(RunTally.organisation_id), col(RunPriceLine.payer))
    )
    names = "run_id plan_id organisation_id payer people shares fen".split()
    unit.session.execute(insert(Due).from_select(names, rows, include_defaults=False))
