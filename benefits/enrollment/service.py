"""Verbs on covers (参保): one first-time term, void, exhausted. Terms are never stretched or deleted."""

from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from benefits.enrollment.models import Enrollment, EnrollmentState, Entry
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.reasons import reason_said
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.lookup import merged
from benefits.members.models import Member
from benefits.organisations.models import Organisation
from benefits.plans.models import Plan
from benefits.plans.price import funding_of, price
from benefits.plans.queries import edition_in_force
from benefits.plans.terms import added_term
from benefits.plans.vocabulary import Unknown


@action("enrollment.enroll", permission="enrollment.edit")
def enroll(
    unit: WriteUnit,
    *,
    member_id: int,
    plan_code: str,
    starts: date,
    shares: int = 1,
    tier: str | None = None,
    funding: str = "",
) -> int:
    """Enroll one person for a first term (新保) from ``starts``, at the union where he or she is a member;
    the new id.

    Term, waiting period and fee (integer fen) are those of the edition in force on ``starts``. Whether the
    person may join is for ``plan explain`` and the clerk: nothing is decided here but what the database
    must hold. Raises Refused: ``members.unknown``, ``members.merged``, ``enrollment.no_membership``,
    ``enrollment.shares``, ``enrollment.overlap`` naming the other term, and those of the plan (unknown, no
    edition that day, no such tier, risk class or fee not known, no such split).
    """
    member, risk = _member(unit, member_id)
    if member.organisation_id is None:
        raise Refused("enrollment.no_membership", name=member.name)
    held = edition_in_force(unit, plan_code, starts)
    edition = held.edition
    most = edition.shares.max
    if shares < edition.shares.min or (not isinstance(most, Unknown) and shares > most):
        top = "待核实" if isinstance(most, Unknown) else most
        raise Refused("enrollment.shares", shares=shares, least=edition.shares.min, most=top)
    if funding:
        funding_of(edition, funding)
    fen = price(edition, tier, risk) * shares
    term = added_term(edition, starts, starts=starts)
    _refuse_overlap(unit, member_id, held.plan_id, term.starts, term.ends)
    made = Enrollment(
        member_id=member_id,
        plan_id=held.plan_id,
        edition_id=held.edition_id,
        organisation_id=member.organisation_id,
        starts=term.starts,
        ends=term.ends,
        waiting_until=term.waiting_until,
        continuous_since=term.starts,
        shares=shares,
        tier=tier,
        fen=fen,
        funding=funding,
        entry=Entry.FIRST,
    )
    unit.session.add(made)
    try:
        unit.session.flush()
    except IntegrityError as error:  # a term that this actor may not see, or one written meanwhile
        raise Refused("enrollment.overlap_elsewhere", starts=term.starts, ends=term.ends) from error
    assert made.id is not None
    unit.record(f"enrollment:{made.id}", member=member_id, plan=plan_code, starts=term.starts, fen=fen)
    return made.id


@action("enrollment.void", permission="enrollment.edit")
def void(unit: WriteUnit, *, enrollment_id: int, reason: str) -> None:
    """Strike a term that should not stand (作废); it stays on record and covers nobody.

    Raises Refused: ``enrollment.unknown``, ``enrollment.void_already``, ``enrollment.reason_missing``,
    ``enrollment.reason_long``, ``enrollment.followed`` where a later term continues it,
    ``enrollment.of_a_run`` where a renewal run wrote it: its due would stay, and the next run bill again.
    """
    found = _get(unit, enrollment_id)
    if found.state is EnrollmentState.VOID:
        raise Refused("enrollment.void_already", enrollment=enrollment_id)
    reason = reason_said(reason, missing="enrollment.reason_missing", long="enrollment.reason_long")
    later = select(Enrollment).where(
        col(Enrollment.prior_id) == enrollment_id, col(Enrollment.state) == EnrollmentState.ACTIVE
    )
    with unit.beyond_scope():  # the person may have moved on to another union
        other = unit.exec(later).first()
    if other is not None:
        raise Refused("enrollment.followed", starts=other.starts, ends=other.ends)
    if found.run_id is not None:
        raise Refused("enrollment.of_a_run", starts=found.starts, ends=found.ends)
    found.state = EnrollmentState.VOID
    unit.record(f"enrollment:{enrollment_id}", member=found.member_id, reason=reason)


@action("enrollment.mark_exhausted", permission="enrollment.edit")
def mark_exhausted(unit: WriteUnit, *, enrollment_id: int, on: date) -> None:
    """A payment on ``on`` ended this term's cover (已给付终止); a day of the term, not after today.

    Raises Refused: ``enrollment.unknown``, ``enrollment.void_already``, ``enrollment.exhausted_already``,
    ``enrollment.not_in_term``.
    """
    found = _get(unit, enrollment_id)
    if found.state is EnrollmentState.VOID:
        raise Refused("enrollment.void_already", enrollment=enrollment_id)
    if found.exhausted_on is not None:
        raise Refused("enrollment.exhausted_already", on=found.exhausted_on)
    if not found.starts <= on <= min(found.ends, unit.today):
        raise Refused("enrollment.not_in_term", on=on, starts=found.starts, ends=min(found.ends, unit.today))
    found.exhausted_on = on
    unit.record(f"enrollment:{enrollment_id}", member=found.member_id, on=on)


def _get(unit: ReadUnit, enrollment_id: int) -> Enrollment:
    found = unit.exec(select(Enrollment).where(col(Enrollment.id) == enrollment_id)).first()
    if found is None:
        raise Refused("enrollment.unknown", enrollment=enrollment_id)
    return found


def _member(unit: ReadUnit, member_id: int) -> tuple[Member, str | None]:
    """The person, and the risk class that prices the cover: the own one where it differs from the unit's."""
    found = unit.exec(
        select(Member, col(Organisation.risk_class))
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True)
        .where(col(Member.id) == member_id)
    ).first()
    if found is None:
        raise Refused("members.unknown", member=member_id)
    member, of_unit = found
    if member.merged_into_id is not None:
        raise merged(member)
    risk = member.risk_class or of_unit
    return member, risk.value if risk else None


def _refuse_overlap(unit: ReadUnit, member_id: int, plan_id: int, starts: date, ends: date) -> None:
    """Name the other term; that there is none is the database's own guard."""
    found = unit.exec(
        select(Enrollment, Plan.name_zh, Organisation.name)
        .join(Plan, col(Plan.id) == col(Enrollment.plan_id))
        .join(Organisation, col(Organisation.id) == col(Enrollment.organisation_id))
        .where(
            col(Enrollment.member_id) == member_id,
            col(Enrollment.plan_id) == plan_id,
            col(Enrollment.state) == EnrollmentState.ACTIVE,
            col(Enrollment.starts) <= ends,
            col(Enrollment.ends) >= starts,
        )
    ).first()
    if found is not None:
        other, plan, place = found
        raise Refused(
            "enrollment.overlap", plan=plan, organisation=place, starts=other.starts, ends=other.ends
        )
