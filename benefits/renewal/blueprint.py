"""From a plan and a window to the terms of a run (批次方案): which anniversaries, which edition, dates,
prices and reasons.

All date arithmetic of a run happens here, once, in Python; what comes out are bound dates and small rows of
``RunTerm``, ``RunPrice``, ``RunPriceLine`` and ``RunReason``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from sqlmodel import col, select

from benefits.contributions.models import Payer
from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.errors import Refused
from benefits.kernel.unit import ReadUnit
from benefits.plans.compile import arms
from benefits.plans.edition import Edition, Split
from benefits.plans.facts import member_facts
from benefits.plans.models import Plan
from benefits.plans.price import split as split_price
from benefits.plans.queries import InForce, edition_in_force, last_edition
from benefits.plans.terms import Term, added_term, new_term
from benefits.plans.vocabulary import Unknown
from benefits.renewal.decide import ClassPlan, PricePlan, TermPlan
from benefits.renewal.keys import first_anniversaries, not_written_by
from benefits.renewal.reasons import Reason, RuleArm, house_reasons, number_arms, number_classes

_ONE_DAY = timedelta(days=1)
_SHORTEST = timedelta(days=28)
"""No term is shorter, so two that end within fewer days are not one person's."""

_LONGEST_GRACE = 366


@dataclass(frozen=True, slots=True)
class Request:
    """What the clerk asks for. ``window_from``–``window_to`` are expiry dates of prior terms, inclusive."""

    plan_code: str
    window_from: date
    window_to: date
    as_of: date
    with_class: bool = False
    funding: str | None = None
    grace_days: int | None = None
    run_id: int | None = None
    """The run that is asked again before it is applied; what it wrote itself is no prior term."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a payer pays of one share at one price, fen."""

    price: int
    payer: Payer
    fen: int


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The terms of a run and what its rows of reference are made from."""

    plan_id: int
    edition: Edition
    """The edition whose group rule (参保率) the run goes by: that of its first new term."""
    funding: str
    terms: tuple[TermPlan, ...]
    added: tuple[TermPlan, ...]
    lines: tuple[Line, ...]
    reasons: tuple[Reason, ...]

    def all_terms(self) -> tuple[TermPlan, ...]:
        """Terms of renewals, then those of additions."""
        return (*self.terms, *self.added)


def draw(unit: ReadUnit, request: Request) -> Blueprint:
    """Plan a run.

    Raises Refused: ``renewal.window_order``, ``renewal.window_empty``, ``renewal.no_class``,
    ``renewal.price_unknown``, ``renewal.funding_needed``, ``renewal.unknown_funding``; ``plans.…`` for an
    unknown plan, grace, or a day without a rule.
    """
    if request.window_to < request.window_from:
        raise Refused("renewal.window_order", start=request.window_from, end=request.window_to)
    plan = unit.exec(select(Plan).where(col(Plan.code) == request.plan_code)).first()
    if plan is None or plan.id is None:
        edition_in_force(unit, request.plan_code, request.as_of)  # says why: unknown, or a template only
        raise AssertionError("a plan with an edition in force has a row")
    expiries = _expiries(unit, plan.id, request)
    bare = list(_terms(unit, request, expiries))
    if request.with_class:
        bare += _added(unit, plan.id, request, expiries, len(bare))
    if not bare:
        raise Refused(
            "renewal.window_empty", plan=plan.name_zh, start=request.window_from, end=request.window_to
        )
    edition = bare[0].edition
    facts = member_facts()
    compiled = [(term, arms(term.edition, term.starts, facts)) for term in bare]
    numbered = number_arms((term.edition_id, found) for term, found in compiled)
    classes = number_classes(numbered, ((term.edition_id, term.edition) for term in bare if term.joining))
    exclusions = _exclusions(unit, bare)
    prices, lines, funding = _money(unit, plan.id, request, bare)
    terms = tuple(
        replace(
            term,
            rules=tuple(
                RuleArm(arm, failed, missing)
                for arm, (failed, missing) in zip(found, numbered[term.edition_id], strict=True)
            ),
            prices=prices[term.edition_id],
            class_funding=_class_funding(term.edition, prices[term.edition_id]),
            exclusive=exclusions[term.number],
            joining=term.joining and replace(term.joining, missing=classes[term.edition_id].bit),
        )
        for term, found in compiled
    )
    reasons = house_reasons() + tuple(r for pairs in numbered.values() for pair in pairs for r in pair)
    return Blueprint(
        plan.id,
        edition,
        funding,
        tuple(term for term in terms if term.prior_ends is not None),
        tuple(term for term in terms if term.prior_ends is None),
        lines,
        (*reasons, *classes.values()),
    )


def _expiries(unit: ReadUnit, plan_id: int, request: Request) -> list[date]:
    """Expiry dates of the plan's terms in the window, in order."""
    query = (
        select(col(Enrollment.ends))
        .where(
            col(Enrollment.plan_id) == plan_id,
            col(Enrollment.state) == EnrollmentState.ACTIVE,
            col(Enrollment.ends).between(request.window_from, request.window_to),
            not_written_by(request.run_id),
        )
        .distinct()
    )
    return sorted(unit.exec(query))


def _terms(unit: ReadUnit, request: Request, expiries: list[date]) -> Iterator[TermPlan]:
    """The terms of a run's renewals without rules and prices, in order."""
    number = 0
    for ends in expiries:
        in_force, ended = _edition_after(unit, request.plan_code, ends)
        term = new_term(in_force.edition, ends, request.as_of, grace_days=request.grace_days)
        if term.starts != ends + _ONE_DAY and not ended:  # a first-time term may fall under a later edition
            in_force, ended = _edition_after(unit, request.plan_code, term.starts - _ONE_DAY)
        for one, since in _by_first_start(unit, request, in_force, ends):
            number += 1
            until = expiries[-1] if expiries[-1] - ends >= _SHORTEST else None
            yield _bare(number, in_force, ends, one, ended, since, until)


def _added(
    unit: ReadUnit, plan_id: int, request: Request, expiries: list[date], number: int
) -> Iterator[TermPlan]:
    """The terms of people added by class: each unit's new people start with its own first anniversary in the
    run, those of a unit without one with the first of all (DOMAIN 0.4)."""
    window = (request.window_from, request.window_to)
    firsts = [*expiries[:1]] or [request.window_from]
    if len(expiries) > 1:
        found = first_anniversaries(plan_id, window, request.run_id).subquery()
        firsts = sorted(unit.session.scalars(select(found.c.ends).distinct()))
    groups: dict[date, list[date]] = {}
    for ends in firsts:
        groups.setdefault(max(request.as_of, ends) + _ONE_DAY, []).append(ends)
    for place, (starts, days) in enumerate(groups.items(), number + 1):
        in_force, ended = _edition_after(unit, request.plan_code, starts - _ONE_DAY)
        edition = in_force.edition
        if ended:
            edition_in_force(unit, request.plan_code, starts)  # refuses: nobody joins a plan that has ended
        if edition.added_class is None:
            raise Refused("renewal.no_class", plan=edition.name.zh)
        first = days[0] == firsts[0]
        joining = ClassPlan(
            window,
            _grace_from(edition, request),
            units_of=() if first else tuple(days),
            units_but=tuple(day for day in firsts if day not in days) if first else (),
        )
        term = added_term(edition, request.as_of, starts=starts)
        yield replace(_bare(place, in_force, None, term, False, (), None), joining=joining)


def _exclusions(unit: ReadUnit, terms: list[TermPlan]) -> dict[int, tuple[int, ...]]:
    """Plans that exclude each term's, by its number: those that the term's edition names, and those whose
    own edition of that day names the term's plan."""
    held = unit.exec(select(Plan.id, Plan.code)).all()
    named: dict[tuple[int, date], tuple[int, ...]] = {}
    for term in terms:
        key = (term.edition_id, term.starts)
        if key not in named:
            named[key] = tuple(
                plan_id
                for plan_id, code in held
                if plan_id is not None
                and plan_id != term.plan_id
                and (
                    code in term.edition.exclusive_with
                    or term.edition.code in _excluded_by(unit, code, term.starts)
                )
            )
    return {term.number: named[term.edition_id, term.starts] for term in terms}


def _excluded_by(unit: ReadUnit, code: str, day: date) -> tuple[str, ...]:
    """Plans that another plan excludes by its edition of that day; none where it has no edition then."""
    try:
        return edition_in_force(unit, code, day).edition.exclusive_with
    except Refused as refusal:
        if refusal.code not in ("plans.no_edition", "plans.only_draft"):
            raise
        return ()


def _grace_from(edition: Edition, request: Request) -> date:
    """The earliest expiry that is not beyond grace on the run's day. Where the edition leaves its grace
    待核实 and the clerk gave none, a year: nobody is called lapsed on a guess."""
    grace = edition.waiting.grace_days
    if isinstance(grace, Unknown):
        grace = _LONGEST_GRACE if request.grace_days is None else request.grace_days
    return request.as_of - timedelta(days=grace)


def _by_first_start(
    unit: ReadUnit, request: Request, in_force: InForce, ends: date
) -> Iterator[tuple[Term, tuple[date, ...]]]:
    """The new term after ``ends``, told apart by the first day of continuous cover where that makes a
    difference: only a cover that began on a day which some months lack (29 February, the 31st) meets the
    first of a month on its way, and whole years meet only 1 March."""

    def term(since: date | None) -> Term:
        return new_term(
            in_force.edition, ends, request.as_of, grace_days=request.grace_days, first_start=since
        )

    usual = term(None)
    follows = ends + _ONE_DAY
    months = in_force.edition.term.months
    whole_years = isinstance(months, int) and months % 12 == 0
    if follows.day != 1 or (whole_years and follows.month != 3):
        yield usual, ()
        return
    query = (
        select(col(Enrollment.continuous_since))
        .join(Plan, col(Plan.id) == col(Enrollment.plan_id))
        .where(
            col(Plan.code) == request.plan_code,
            col(Enrollment.state) == EnrollmentState.ACTIVE,
            col(Enrollment.ends) == ends,
            not_written_by(request.run_id),
        )
        .distinct()
    )
    groups: dict[tuple[date, date], list[date]] = {}
    for since in sorted(unit.exec(query)):
        found = term(since)
        groups.setdefault((found.starts, found.ends), []).append(since)
    for sinces in groups.values():
        yield term(sinces[0]), () if len(groups) == 1 else tuple(sinces)


def _edition_after(unit: ReadUnit, code: str, ends: date) -> tuple[InForce, bool]:
    """(edition for the day after a term, whether the plan has ended): an ended plan hands over to its
    successor, if any."""
    try:
        return edition_in_force(unit, code, ends + _ONE_DAY), False
    except Refused as refusal:
        last = last_edition(unit, code)
        if refusal.code != "plans.no_edition" or last is None or last.edition.ended is None:
            raise
        if last.edition.ended > ends:
            raise
    if last.edition.successor is not None:
        return edition_in_force(unit, last.edition.successor, ends + _ONE_DAY), False
    return last, True


def _bare(
    number: int,
    in_force: InForce,
    prior_ends: date | None,
    term: Term,
    ended: bool,
    since: tuple[date, ...],
    until: date | None,
) -> TermPlan:
    return TermPlan(
        number,
        in_force.edition,
        in_force.edition_id,
        in_force.plan_id,
        prior_ends,
        term.starts,
        term.ends,
        term.waiting_until,
        term.first_time,
        ended,
        since,
        until,
        (),
        (),
        (),
        "",
    )


def _money(
    unit: ReadUnit, plan_id: int, request: Request, terms: list[TermPlan]
) -> tuple[dict[int, tuple[PricePlan, ...]], tuple[Line, ...], str]:
    """(prices by edition id, lines of every price, code of the split or "" where each keeps the own) of a
    run."""
    prices: dict[int, tuple[PricePlan, ...]] = {}
    lines: list[Line] = []
    used: dict[str, None] = {}
    number = 0
    for term in terms:
        if term.edition_id in prices:
            continue
        found: list[PricePlan] = []
        for split, price in product(_splits(unit, plan_id, term.edition, request), term.edition.prices()):
            if not isinstance(price.fen, int):
                continue
            number += 1
            used[split.code] = None
            risk = price.risk.value if price.risk else None
            found.append(PricePlan(number, split.code, price.tier, risk, price.fen))
            shares = split_price(term.edition, split.code, price.fen)
            lines += [Line(number, Payer(payer.value), fen) for payer, fen in shares]
        if not found:
            raise Refused("renewal.price_unknown", plan=term.edition.name.zh, edition=term.edition.edition)
        prices[term.edition_id] = tuple(found)
    return prices, tuple(lines), next(iter(used)) if len(used) == 1 else ""


def _class_funding(edition: Edition, prices: tuple[PricePlan, ...]) -> str:
    """The class's own split, unless the clerk named another one for everybody."""
    used = {price.funding for price in prices}
    wanted = edition.added_class.funding if edition.added_class else ""
    return wanted if wanted in used else prices[0].funding


def _splits(unit: ReadUnit, plan_id: int, edition: Edition, request: Request) -> list[Split]:
    """The splits (出资方案) a run needs of an edition: the one that the clerk named; else the only one; else
    those by
    which the people of the window were paid for last term, because a renewal does not change who pays, and
    that
    of the class. Refused where last term's is none of this edition's."""
    by_code = {split.code: split for split in edition.funding}
    known = ", ".join(by_code) or "-"
    if request.funding is not None:
        if request.funding not in by_code:
            raise Refused("renewal.unknown_funding", funding=request.funding, known=known)
        return [by_code[request.funding]]
    if len(by_code) == 1:
        return list(by_code.values())
    last = select(Enrollment.funding).where(
        col(Enrollment.plan_id) == plan_id,
        col(Enrollment.state) == EnrollmentState.ACTIVE,
        col(Enrollment.ends).between(request.window_from, request.window_to),
    )
    wanted = set(unit.exec(last.distinct()))
    if request.with_class and edition.added_class is not None:
        wanted.add(edition.added_class.funding)
    if not wanted <= set(by_code):
        raise Refused("renewal.funding_needed", plan=edition.name.zh, known=known)
    return [split for code, split in by_code.items() if code in wanted]
