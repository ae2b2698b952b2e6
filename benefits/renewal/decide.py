"""The decision about every candidate (续保判定), as one SELECT for each anniversary of a run.

No date arithmetic and no Python per person: the bounds of the rules are bound dates, other cover is looked up
by an index, and the few second memberships are a subquery that the engine reads once. A row with every rule
met takes the short way; only the others are asked for all their reasons. The same SELECT makes the preview
and, before apply, finds drift.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    Select,
    SmallInteger,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.scope import ROOT
from benefits.kernel.unit import ReadUnit
from benefits.members.models import Member, Status
from benefits.organisations.models import Organisation
from benefits.organisations.scope import within_tree
from benefits.plans.compile import class_clause
from benefits.plans.conditions import Fact, Is, OneOf
from benefits.plans.edition import Edition
from benefits.plans.explain import facts_of
from benefits.plans.facts import member_facts
from benefits.renewal.keys import (
    closed_units,
    expired_outside,
    first_anniversaries,
    holders,
    if_any,
    not_written_by,
    second_unions,
)
from benefits.renewal.models import Decision
from benefits.renewal.reasons import MASKS, RuleArm

_PRIOR, _LATER, _OTHER = aliased(Enrollment), aliased(Enrollment), aliased(Enrollment)
"""Made once: an alias copies every column, and a run asks about each of its anniversaries twice."""


@dataclass(frozen=True, slots=True)
class PricePlan:
    """A price of the run: number, split that pays it, tier, risk class (None: any), fee of a share in fen."""

    number: int
    funding: str
    tier: str | None
    risk: str | None
    fen: int


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """What is asked about the people added by class besides the rules (按类新增)."""

    window: tuple[date, date]
    """Expiry dates that the run decides about, inclusive."""
    grace_from: date
    """Whoever's term ended on this day or later is not beyond grace: renewed, and never a new one."""
    units_of: tuple[date, ...] = ()
    """Only people of units whose first anniversary in the run is one of these expiry dates; empty: all."""
    units_but: tuple[date, ...] = ()
    """Nobody of units whose first anniversary in the run is one of these."""
    missing: int = 0
    """Bit of the reason that a fact which the class asks for is missing."""


@dataclass(frozen=True, slots=True)
class TermPlan:
    """One anniversary of a run, ready to be asked in SQL. ``prior_ends`` is None for people added by
    class."""

    number: int
    edition: Edition
    edition_id: int
    plan_id: int
    prior_ends: date | None
    starts: date
    ends: date
    waiting_until: date | None
    first_time: bool
    ended: bool
    """The plan has no edition for the new term (计划已停办)."""
    since: tuple[date, ...]
    """Only people whose continuous cover began on one of these days; empty: all."""
    until: date | None
    """Last expiry of the window, where a later term of the same person can end by then; None: none can."""
    exclusive: tuple[int, ...]
    """Plans that exclude this one, whichever of the two says so (互斥计划)."""
    rules: tuple[RuleArm, ...]
    prices: tuple[PricePlan, ...]
    class_funding: str
    """Split that pays for people added by class."""
    joining: ClassPlan | None = None
    """For the terms of people added by class only."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What the SELECTs of one run need to know. ``scope`` is the path of the run's part of the tree."""

    run_id: int
    plan_id: int
    scope: str


def candidates(unit: ReadUnit, run: RunPlan, term: TermPlan) -> Select[Any]:
    """Decisions about the people whose term ends on ``term.prior_ends``, in member order.

    Columns: run_id, member_id, organisation_id, prior_id, term, price, shares, fen, reasons.
    """
    prior, member, place = _PRIOR, Member, Organisation
    unit_id: ColumnElement[Any] = func.coalesce(member.organisation_id, prior.organisation_id)
    inside = None
    if run.scope != ROOT:
        inside = col(member.organisation_id).in_(within_tree(run.scope))
        unit_id = case((inside, member.organisation_id), else_=prior.organisation_id)
    price, fee = _price(term.prices, prior.tier, prior.funding, member, place)
    reasons = _reasons(unit, run, term, (member, unit_id, place, prior), inside, price)
    query = _columns(
        run, term, member.id, unit_id, prior.id, price, col(prior.shares), fee, reasons
    ).select_from(prior)
    query = query.join(member, col(member.id) == col(prior.member_id))
    query = _with_place(query, term, place, unit_id)
    query = query.where(
        col(prior.plan_id) == run.plan_id,
        col(prior.ends) == term.prior_ends,
        col(prior.state) == EnrollmentState.ACTIVE,
        not_written_by(run.run_id, prior),
    )
    if term.since:
        query = query.where(col(prior.continuous_since).in_(term.since))
    if inside is not None:
        query = query.where(or_(col(prior.organisation_id).in_(within_tree(run.scope)), inside))
    if term.until is not None:
        query = query.where(not_(_followed(run, term, prior)))
    return query.order_by(col(prior.member_id))


def _followed(run: RunPlan, term: TermPlan, prior: Any) -> ColumnElement[bool]:
    """Whether a later term of the person ends in the window too: it is that one which is followed (one
    person, one decision)."""
    later = _LATER
    return exists().where(
        col(later.member_id) == col(prior.member_id),
        col(later.plan_id) == run.plan_id,
        col(later.state) == EnrollmentState.ACTIVE,
        col(later.starts) > term.prior_ends,
        col(later.ends) <= term.until,
        not_written_by(run.run_id, later),
    )


def additions(unit: ReadUnit, run: RunPlan, term: TermPlan) -> Select[Any]:
    """Decisions about everybody of the plan's class (按类新增) who has no decision in the run yet; same
    columns. Whoever lacks a fact that the class asks for is decided about too: not knowing is no no."""
    member, place = Member, Organisation
    rule = term.edition.added_class
    belongs = class_clause(term.edition, term.starts, member_facts())
    joining = term.joining
    assert rule is not None and belongs is not None and joining is not None
    tier = literal(rule.tier, String) if rule.tier is not None else null()
    prices = tuple(price for price in term.prices if price.funding == term.class_funding)
    price, fee = _price(prices, tier, literal(term.class_funding, String), member, place)
    unit_id = col(member.organisation_id)
    reasons = _reasons(unit, run, term, (member, unit_id, place, None), None, price)
    shares = literal(rule.shares, SmallInteger)
    query = _columns(run, term, member.id, unit_id, null(), price, shares, fee, reasons).select_from(member)
    query = _with_place(query, term, place, unit_id)
    query = query.where(
        func.coalesce(belongs, true()),
        unit_id.is_not(None),
        col(member.id).not_in(
            select(col(Decision.member_id)).where(
                col(Decision.run_id) == run.run_id, col(Decision.term) != term.number
            )
        ),
    )
    if joining.units_of:
        query = query.where(unit_id.in_(_units_of(run, joining, joining.units_of)))
    if joining.units_but:
        query = query.where(unit_id.not_in(_units_of(run, joining, joining.units_but)))
    if run.scope != ROOT:
        query = query.where(unit_id.in_(within_tree(run.scope)))
    return query.order_by(col(member.id))


def _plans(run: RunPlan, term: TermPlan) -> tuple[int, ...]:
    """The run's plan, and its successor where the term goes by that one."""
    return tuple(dict.fromkeys((run.plan_id, term.plan_id)))


def _units_of(run: RunPlan, joining: ClassPlan, days: tuple[date, ...]) -> Select[int]:
    """Units whose first anniversary in the run is one of ``days``."""
    found = first_anniversaries(run.plan_id, joining.window, run.run_id).subquery()
    return select(found.c.organisation_id).where(found.c.ends.in_(days))


def _columns(
    run: RunPlan,
    term: TermPlan,
    member_id: Any,
    unit_id: Any,
    prior_id: Any,
    price: Any,
    shares: Any,
    fee: Any,
    reasons: Any,
) -> Select[Any]:
    return select(
        literal(run.run_id).label("run_id"),
        member_id.label("member_id"),
        unit_id.label("organisation_id"),
        prior_id.label("prior_id"),
        literal(term.number, SmallInteger).label("term"),
        price.label("price"),
        shares.label("shares"),
        (shares * fee).label("fen"),
        reasons.label("reasons"),
    )


def _with_place(query: Select[Any], term: TermPlan, place: Any, unit_id: Any) -> Select[Any]:
    """Join the unit only where a price or a rule asks for its risk class."""
    if not _needs_place(term):
        return query
    return query.join(place, col(place.id) == unit_id, isouter=True)


def _needs_place(term: TermPlan) -> bool:
    tests: list[BaseModel] = [rule.arm.test for rule in term.rules]
    if term.prior_ends is None and term.edition.added_class is not None:
        tests.append(term.edition.added_class.test)
    by_rule = any(Fact.RISK_CLASS in facts_of(test) for test in tests)
    return by_rule or any(price.risk is not None for price in term.prices)


def _price(
    prices: tuple[PricePlan, ...], tier: Any, funding: Any, member: Any, place: Any
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """(price number or NULL, fee of a share): by split, tier and risk class, NULL and 0 where none fits."""
    if len(prices) == 1 and prices[0].tier is None and prices[0].risk is None:
        return literal(prices[0].number, SmallInteger), literal(prices[0].fen)
    several = len({price.funding for price in prices}) > 1
    risk = func.coalesce(type_coerce(member.risk_class, String), type_coerce(place.risk_class, String))
    arms = []
    for price in prices:
        tests = [funding == price.funding] if several else []
        tests += [] if price.tier is None else [tier == price.tier]
        tests += [] if price.risk is None else [risk == price.risk]
        arms.append((and_(*tests), price))
    if not arms:
        return null(), literal(0)
    number = case(*[(test, literal(price.number, SmallInteger)) for test, price in arms], else_=null())
    return number, case(*[(test, literal(price.fen)) for test, price in arms], else_=literal(0))


def _reasons(
    unit: ReadUnit,
    run: RunPlan,
    term: TermPlan,
    who: tuple[Any, Any, Any, Any | None],
    inside: Any | None,
    price: ColumnElement[Any],
) -> ColumnElement[int]:
    """All reasons as one number: 0 where every test holds. ``who``: the member, the unit that is billed, its
    row where it is joined, and the prior term."""
    member, unit_id, place, prior = who
    status = type_coerce(member.status, String)
    ok: list[ColumnElement[bool]] = [rule.arm.clause for rule in term.rules]
    told = next((rule for rule in term.rules if _tells_the_dead(rule)), None)
    bits: list[ColumnElement[int]] = [_rule_bits(rule, status, rule is told) for rule in term.rules]

    def reason(code: str, holds: ColumnElement[bool]) -> None:
        ok.append(not_(holds))
        bits.append(case((holds, MASKS[code]), else_=0))

    if told is None:
        reason("deceased", func.coalesce(status, "") == Status.DECEASED.value)
    if term.ended:
        reason("plan_ended", literal(True))
    if len(term.prices) != 1 or term.prices[0].tier is not None:
        reason("no_price", price.is_(None))
    person = col(member.id) if prior is None else col(prior.member_id)
    covered = _overlapping(run, term, person, _plans(run, term))
    reason("already_covered", covered)
    if term.exclusive and if_any(unit, holders(term.exclusive, term.starts, term.ends)) is not None:
        reason("exclusive_plan", _overlapping(run, term, person, term.exclusive))
    if (closed := if_any(unit, closed_units(term.starts))) is not None:
        reason("unit_closed", unit_id.in_(closed))
    if term.joining is not None:
        days = (term.joining.grace_from, term.starts)
        own = if_any(unit, expired_outside(_plans(run, term), term.joining.window, days, run.run_id))
        if own is not None:
            reason("own_window", and_(col(member.id).in_(own), not_(covered)))
        belongs = class_clause(term.edition, term.starts, member_facts())
        assert belongs is not None
        ok.append(belongs.is_not(None))
        bits.append(case((belongs.is_(None), 1 << term.joining.missing), else_=0))
    if prior is not None:
        _prior_reasons(term, member, prior, inside, reason)
        if (doubles := if_any(unit, second_unions(term.starts))) is not None:
            # the first enrollment counts, the one at the second union is void (DOMAIN 1.10 [S45])
            reason("duplicate_union", tuple_(prior.member_id, prior.organisation_id).in_(doubles))
    return case((and_(*ok), 0), else_=sum(bits[1:], bits[0])) if bits else literal(0)


def _tells_the_dead(rule: RuleArm) -> bool:
    """Whether a rule on the labour status alone leaves out whoever has died, so that it can say so itself."""
    test = rule.arm.test
    if rule.arm.reason_code != "not_in_post" or not isinstance(test, Is | OneOf):
        return False
    values = test.values if isinstance(test, OneOf) else (test.value,)
    return test.fact is Fact.STATUS and Status.DECEASED.value not in values


def _rule_bits(rule: RuleArm, status: ColumnElement[str], apart: bool) -> ColumnElement[int]:
    """Bits of one rule. ``apart``: not being in post is told apart into deceased, retired, left and other;
    one rule of an edition does it, because bits add up."""
    failed: Any = rule.failed.mask
    if apart:
        failed = case(
            (status == Status.DECEASED.value, MASKS["deceased"]),
            (status == Status.RETIRED.value, MASKS["retired"]),
            (status == Status.RESIGNED.value, MASKS["left"]),
            else_=rule.failed.mask,
        )
    return case((rule.arm.clause, 0), (not_(rule.arm.clause), failed), else_=rule.missing.mask)


def _prior_reasons(term: TermPlan, member: Any, prior: Any, inside: Any | None, reason: Any) -> None:
    reason("not_a_member", col(member.organisation_id).is_(None))
    if inside is not None:
        reason("transferred_out", and_(col(member.organisation_id).is_not(None), not_(inside)))
    if renewal_after_payment(term.edition) != "allowed":
        reason("claimed_out", col(prior.exhausted_on).is_not(None))
    if isinstance(term.edition.shares.max, int):
        reason("over_max_shares", col(prior.shares) > term.edition.shares.max)


def renewal_after_payment(edition: Edition) -> str | None:
    """What the edition says of people whose cover ended by a payment: ``allowed``, ``excluded``, None
    (待核实)."""
    said = edition.conduct.renewal_after_payment if edition.conduct else None
    return said if isinstance(said, str) else None


def _overlapping(run: RunPlan, term: TermPlan, person: Any, plans: tuple[int, ...]) -> ColumnElement[bool]:
    """Whether a person holds cover of one of ``plans`` on a day of the new term.

    Asked person by person through the index by member and plan: the set of all who hold it is as large as
    the plan, because everybody whose term ends later than this one belongs to it. Terms of one member in one
    plan cannot overlap (a guard of the database), so what covers the new term of the same plan began after
    the prior one.
    """
    other = _OTHER
    found = exists().where(
        col(other.member_id) == person,
        col(other.plan_id).in_(plans),
        col(other.state) == EnrollmentState.ACTIVE,
        col(other.starts) <= term.ends,
        col(other.ends) >= term.starts,
        not_written_by(run.run_id, other),
    )
    if term.prior_ends is not None and plans == (run.plan_id,):
        found = found.where(col(other.starts) > term.prior_ends)
    return found
