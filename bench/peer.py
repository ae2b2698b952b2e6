"""The peer: the same renewal as a loop with entities, as it is usually written with a mapper.

Nothing is made slow on purpose: people come in pages of a hundred with one commit each, so that no entity
is read again after a commit, and what belongs to the run (terms, prices, reasons) is drawn once by the
program itself. Then one person after another: load the member, try the edition's rules in Python, look for
overlapping cover, add the decision; and, after the units' participation, add the enrollment.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from benefits.access.queries import INSTALLER
from benefits.contributions.models import Due, Payer
from benefits.enrollment.models import Enrollment, EnrollmentState, Entry
from benefits.kernel.dates import age_on
from benefits.kernel.unit import Database
from benefits.members.models import Member, Membership, Standing, Status
from benefits.organisations.models import Organisation
from benefits.plans.conditions import Fact, Is, MaxAge, MinAge
from benefits.plans.participation import state as judge
from benefits.plans.vocabulary import Closed
from benefits.renewal.blueprint import Blueprint, Request, draw
from benefits.renewal.decide import PricePlan, TermPlan, renewal_after_payment
from benefits.renewal.models import Decision, RenewalRun, RunPrice, RunPriceLine, RunState, RunTerm, Verdict
from benefits.renewal.reasons import MASKS, RuleArm

PAGE = 100


@dataclass(slots=True)
class Book:
    """What the loop keeps of a run."""

    run: int
    plan: int
    blueprint: Blueprint
    joined: Counter[int] = field(default_factory=Counter)


def renew(database: Database, plan: str, funding: str, window: tuple[date, date], grace: int) -> None:
    """Renew one plan."""
    today = database.clock.today()
    with database.read(INSTALLER) as unit:
        blueprint = draw(unit, Request(plan, *window, today, funding=funding, grace_days=grace))
    with Session(database.engine) as session:
        book = Book(_write_run(session, blueprint, window, database), blueprint.plan_id, blueprint)
        for term in blueprint.terms:
            for page in _pages(session, book, term):
                for prior in page:
                    session.add(_decide(session, book, term, prior))
                session.commit()
        _units(session, book)
        _enroll(session, book)
        run = session.get_one(RenewalRun, book.run)
        run.state = RunState.APPLIED
        session.commit()


def _write_run(session: Session, blueprint: Blueprint, window: tuple[date, date], database: Database) -> int:
    top = session.exec(select(Organisation).where(col(Organisation.parent_id).is_(None))).one()
    now = database.clock.now()
    run = RenewalRun(
        number=f"PEER-{blueprint.plan_id}",
        plan_id=blueprint.plan_id,
        organisation_id=top.id or 0,
        window_from=window[0],
        window_to=window[1],
        as_of=now.date(),
        funding=blueprint.funding,
        state=RunState.APPLYING,
        created_by="peer",
        created_at=now,
    )
    session.add(run)
    session.flush()
    assert run.id is not None
    prices: dict[int, tuple[int, PricePlan]] = {}
    for term in blueprint.terms:
        session.add(
            RunTerm(
                run_id=run.id,
                term=term.number,
                edition_id=term.edition_id,
                prior_ends=term.prior_ends,
                starts=term.starts,
                ends=term.ends,
                waiting_until=term.waiting_until,
                first_time=term.first_time,
            )
        )
        prices |= {price.number: (term.edition_id, price) for price in term.prices}
    for number, (edition, price) in prices.items():
        session.add(
            RunPrice(
                run_id=run.id,
                price=number,
                edition_id=edition,
                funding=price.funding,
                tier=price.tier,
                risk_class=price.risk,
                fen=price.fen,
            )
        )
    session.flush()
    for line in blueprint.lines:
        session.add(RunPriceLine(run_id=run.id, price=line.price, payer=line.payer, fen=line.fen))
    session.commit()
    return int(session.get_one(RenewalRun, run.id).id or 0)


def _pages(session: Session, book: Book, term: TermPlan) -> Iterator[list[Enrollment]]:
    last = 0
    while True:
        query = select(Enrollment).where(
            Enrollment.plan_id == book.plan,
            Enrollment.ends == term.prior_ends,
            Enrollment.state == EnrollmentState.ACTIVE,
            Enrollment.member_id > last,
        )
        page = list(session.exec(query.order_by(col(Enrollment.member_id)).limit(PAGE)))
        if not page:
            return
        last = page[-1].member_id
        yield page


def _decide(session: Session, book: Book, term: TermPlan, prior: Enrollment) -> Decision:
    member = session.get_one(Member, prior.member_id)
    place = session.get_one(Organisation, member.organisation_id or prior.organisation_id)
    assert place.id is not None
    risk = member.risk_class or place.risk_class
    price = next((p for p in term.prices if _fits(p, prior, risk)), None)
    reasons = 0
    for rule in term.rules:
        reasons |= _rule(rule, member, term)
    if member.organisation_id is None:
        reasons |= MASKS["not_a_member"]
    if member.status is Status.DECEASED and not any(r.arm.reason_code == "not_in_post" for r in term.rules):
        reasons |= MASKS["deceased"]
    if price is None:
        reasons |= MASKS["no_price"]
    if renewal_after_payment(term.edition) != "allowed" and prior.exhausted_on is not None:
        reasons |= MASKS["claimed_out"]
    most = term.edition.shares.max
    if isinstance(most, int) and prior.shares > most:
        reasons |= MASKS["over_max_shares"]
    if _overlapping(session, book, term, prior.member_id):
        reasons |= MASKS["already_covered"]
    if _second(session, term, prior):
        reasons |= MASKS["duplicate_union"]
    if reasons == 0 or reasons & MASKS["already_covered"]:
        book.joined[place.id] += 1
    return Decision(  # type: ignore[call-arg]  # the database computes the verdict
        run_id=book.run,
        member_id=prior.member_id,
        organisation_id=place.id,
        prior_id=prior.id,
        term=term.number,
        price=price.number if price else None,
        shares=prior.shares,
        fen=prior.shares * (price.fen if price else 0),
        reasons=reasons,
    )


def _fits(price: PricePlan, prior: Enrollment, risk: Any) -> bool:
    return price.tier in (None, prior.tier) and (
        price.risk is None or (risk is not None and risk.value == price.risk)
    )


def _overlapping(session: Session, book: Book, term: TermPlan, member_id: int) -> bool:
    query = select(Enrollment.id).where(
        Enrollment.member_id == member_id,
        Enrollment.plan_id == term.plan_id,
        Enrollment.state == EnrollmentState.ACTIVE,
        Enrollment.starts <= term.ends,
        Enrollment.ends >= term.starts,
    )
    return session.exec(query).first() is not None


def _second(session: Session, term: TermPlan, prior: Enrollment) -> bool:
    """Whether the prior term is at a second union."""
    query = select(Membership).where(
        Membership.member_id == prior.member_id,
        Membership.organisation_id == prior.organisation_id,
        Membership.standing == Standing.SECOND,
        Membership.starts <= term.starts,
    )
    return any(found.ends is None or found.ends >= term.starts for found in session.exec(query))


def _rule(rule: RuleArm, member: Member, term: TermPlan) -> int:
    """The bit of one rule that is not met, or whose datum is missing."""
    held = _holds(rule.arm.test, member, term)
    if held is None:
        return rule.missing.mask
    if held:
        return 0
    if rule.arm.reason_code == "not_in_post":
        told = {Status.DECEASED: "deceased", Status.RETIRED: "retired", Status.RESIGNED: "left"}
        if member.status in told:
            return MASKS[told[member.status]]
    return rule.failed.mask


def _holds(test: Closed, member: Member, term: TermPlan) -> bool | None:
    """The tests that the sample's editions use."""
    if isinstance(test, Is):
        value = {Fact.SEX: member.sex, Fact.STATUS: member.status, Fact.EMPLOYMENT: member.employment}[
            test.fact
        ]
        return None if value is None else value.value == test.value
    assert isinstance(test, MinAge | MaxAge), (
        "an edition of the sample has a rule that the peer does not know"
    )
    if member.birth is None:
        return None
    age = age_on(member.birth, term.starts if test.at == "start" else term.ends)
    return age >= test.age if isinstance(test, MinAge) else age <= test.age


def _units(session: Session, book: Book) -> None:
    """The people of a unit below the ratio are left out."""
    rule = book.blueprint.edition.participation
    if rule is None:
        return
    places = session.exec(
        select(Decision.organisation_id).where(Decision.run_id == book.run).distinct()
    ).all()
    for place in places:
        staff = session.get_one(Organisation, place).staff if rule.basis == "staff" else None
        if judge(book.blueprint.edition, staff, book.joined[place]) != "below":
            continue
        query = select(Decision).where(Decision.run_id == book.run, Decision.organisation_id == place)
        for decision in session.exec(query):
            decision.reasons |= MASKS["unit_below_ratio"]
        session.commit()


def _enroll(session: Session, book: Book) -> None:
    terms = {term.number: term for term in book.blueprint.terms}
    fees = {price.number: price for term in book.blueprint.terms for price in term.prices}
    dues: dict[tuple[int, Payer], list[int]] = defaultdict(lambda: [0, 0, 0])
    last = 0
    while True:
        query = select(Decision).where(Decision.run_id == book.run, Decision.member_id > last)
        page = list(session.exec(query.order_by(col(Decision.member_id)).limit(PAGE)))
        if not page:
            break
        last = page[-1].member_id
        for decision in page:
            if decision.verdict is not Verdict.RENEW:
                continue
            assert decision.price is not None
            prior = session.get_one(Enrollment, decision.prior_id)
            session.add(_enrollment(book, decision, prior, terms[decision.term], fees[decision.price]))
            for line in book.blueprint.lines:
                if line.price == decision.price:
                    due = dues[decision.organisation_id, line.payer]
                    due[:] = due[0] + 1, due[1] + decision.shares, due[2] + decision.shares * line.fen
        session.commit()
    for (place, payer), (people, shares, fen) in dues.items():
        session.add(
            Due(
                run_id=book.run,
                plan_id=book.plan,
                organisation_id=place,
                payer=payer,
                people=people,
                shares=shares,
                fen=fen,
            )
        )
    session.commit()


def _enrollment(
    book: Book, decision: Decision, prior: Enrollment, term: TermPlan, price: PricePlan
) -> Enrollment:
    return Enrollment(
        member_id=decision.member_id,
        plan_id=term.plan_id,
        edition_id=term.edition_id,
        organisation_id=decision.organisation_id,
        prior_id=decision.prior_id,
        run_id=book.run,
        starts=term.starts,
        ends=term.ends,
        waiting_until=term.waiting_until,
        continuous_since=term.starts if term.first_time else prior.continuous_since,
        shares=decision.shares,
        tier=price.tier,
        fen=decision.fen,
        funding=book.blueprint.funding,
        entry=Entry.RENEWED,
    )
