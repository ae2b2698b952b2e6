"""Judging a list of enrollments (投保单核对): the plan's rules for all people of a term at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from benefits.enrollment.models import Enrollment, EnrollmentState, Entry
from benefits.kernel.errors import Refused, Say, say
from benefits.kernel.money import yuan
from benefits.kernel.unit import ReadUnit
from benefits.members.models import Member
from benefits.organisations.models import Organisation
from benefits.plans.compile import Arm, arms
from benefits.plans.edition import Edition
from benefits.plans.facts import member_facts
from benefits.plans.models import Plan
from benefits.plans.price import price
from benefits.plans.queries import InForce, edition_in_force
from benefits.plans.terms import Term, added_term, new_term
from benefits.plans.vocabulary import Unknown
from benefits.rosters.finding import once, rows_blamed, units
from benefits.rosters.finding_people import Person, people
from benefits.rosters.kind import Chunk, Job, Outcome, Step
from benefits.rosters.kinds.plans import plan_code


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A term of cover to be written."""

    member_id: int
    plan_id: int
    edition_id: int
    organisation_id: int
    prior_id: int | None
    starts: date
    ends: date
    waiting_until: date | None
    continuous_since: date
    shares: int
    tier: str | None
    fen: int
    funding: str
    entry: Entry


@dataclass(slots=True)
class _Group:
    """Rows about one plan and one first day: the edition, the compiled rules, who is who."""

    plan: str
    held: InForce
    starts: date
    first: Term
    """The term of somebody who joins for the first time."""
    arms: tuple[Arm, ...]
    facts: dict[int, tuple[Any, ...]]
    """Member -> risk class, then what each rule says."""
    terms: dict[int, list[tuple[Enrollment, str]]]
    """Member -> terms of the plan, with the unions that pay."""
    barred: dict[int, tuple[Enrollment, str]]
    """Member -> a term of a plan that excludes this one."""


def judge(job: Job, chunk: Chunk) -> list[Step | None]:
    """What each row enrolls; nothing for a term that is in the books just so."""
    size = len(chunk.rows)
    given = {at for key in ("unit_code", "unit_name") for at, one in enumerate(chunk.get(key)) if one}
    homes = units(job, chunk, required=False)
    within = [home if at in given or home is job.organisation else None for at, home in enumerate(homes)]
    found = people(job, chunk, within=within)
    groups: dict[tuple[str, date], list[int]] = {}
    for at in range(size):
        typed, starts = _said(job, chunk, at, "plan"), _said(job, chunk, at, "starts")
        code = plan_code(job, chunk, at)
        if typed is not None and code is not None and starts is not None:
            groups.setdefault((code, starts), []).append(at)
    steps: list[Step | None] = [None] * size
    for (code, starts), places in groups.items():
        group = _group(job, chunk, code, starts, places, found)
        for at in places:
            person = found[at]
            if group is not None and person is not None:
                once(job, chunk, at, "", (person.id, code))
                steps[at] = _step(job, chunk, at, person, group)
    return steps


def _said(job: Job, chunk: Chunk, at: int, name: str) -> Any:
    value = job.option(chunk, at, name)
    if value is None and at not in rows_blamed(chunk, name):
        chunk.blame(at, name, "rosters.said_nowhere", column=say(f"rosters.column.{name}"), option=name)
    return value


def _group(
    job: Job, chunk: Chunk, code: str, starts: date, places: Sequence[int], found: Sequence[Person | None]
) -> _Group | None:
    """Everything about one plan and day, in three statements."""
    try:
        held = edition_in_force(job.unit, code, starts)
        first = added_term(held.edition, starts, starts=starts)
        compiled = arms(held.edition, starts, member_facts())
    except Refused as refusal:
        for at in places:
            chunk.blame(at, "starts", refusal.code, **refusal.say.params)
        return None
    ids = sorted({person.id for at in places if (person := found[at]) is not None})
    terms, barred = _terms(job.unit, held, ids, first)
    facts = _facts(job.unit, compiled, ids)
    return _Group(code, held, starts, first, compiled, facts, terms, barred)


def _facts(unit: ReadUnit, compiled: Sequence[Arm], ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    choose: Any = select
    risk = func.coalesce(col(Member.risk_class), col(Organisation.risk_class))
    query = choose(Member.id, risk, *(arm.clause for arm in compiled)).join(
        Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True
    )
    return {row[0]: tuple(row[1:]) for row in unit.exec(query.where(col(Member.id).in_(ids)))}


def _terms(
    unit: ReadUnit, held: InForce, ids: Sequence[int], first: Term
) -> tuple[dict[int, list[tuple[Enrollment, str]]], dict[int, tuple[Enrollment, str]]]:
    """Terms of the plan, and those of plans that exclude it; also where another union paid for them."""
    others = select(Plan.id).where(col(Plan.code).in_(held.edition.exclusive_with))
    plans = [held.plan_id, *(one for one in unit.exec(others) if one is not None)]
    query = (
        select(Enrollment, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Enrollment.organisation_id))
        .where(
            col(Enrollment.member_id).in_(ids),
            col(Enrollment.plan_id).in_(plans),
            col(Enrollment.state) == EnrollmentState.ACTIVE,
        )
        .order_by(col(Enrollment.starts))
    )
    own: dict[int, list[tuple[Enrollment, str]]] = {}
    barred: dict[int, tuple[Enrollment, str]] = {}
    with unit.beyond_scope():
        for term, place in unit.exec(query).all():
            if term.plan_id == held.plan_id:
                own.setdefault(term.member_id, []).append((term, place))
            elif term.starts <= first.ends and term.ends >= first.starts:
                barred[term.member_id] = term, place
    return own, barred


def _step(job: Job, chunk: Chunk, at: int, person: Person, group: _Group) -> Step | None:
    row, held = chunk.rows[at], group.terms.get(person.id, [])
    same = next((term for term, _ in held if term.starts == group.starts), None)
    if same is not None:
        _compare(job, chunk, at, group, same)
        done = Step(row, Outcome.SAME, entity_id=same.id, name=person.name)
        return None if at in chunk.bad else done
    if person.organisation_id is None:
        chunk.blame(at, "name", "enrollment.no_membership", name=person.name)
    prior, term = _term(job, chunk, at, group, [one for one, _ in held if one.ends < group.starts])
    for other, place in held:
        if other.starts <= term.ends and other.ends >= term.starts:
            words = {"organisation": place, "starts": other.starts, "ends": other.ends}
            chunk.blame(at, "starts", "enrollment.overlap", plan=group.held.edition.name.zh, **words)
    if person.id in group.barred:
        other, place = group.barred[person.id]
        chunk.blame(at, "plan", "rosters.term_barred", unit=place, starts=other.starts, ends=other.ends)
    risk, *verdicts = group.facts.get(person.id, (None,))
    _rules(chunk, at, group.arms, verdicts)
    priced = _priced(job, chunk, at, group.held.edition, prior, getattr(risk, "value", risk))
    funding = _funding(job, chunk, at, group.held.edition, prior)
    if at in chunk.bad or priced is None or person.organisation_id is None:
        return None
    shares, tier, fen = priced
    made = NewTerm(
        member_id=person.id,
        plan_id=group.held.plan_id,
        edition_id=group.held.edition_id,
        organisation_id=person.organisation_id,
        prior_id=prior.id if prior else None,
        starts=term.starts,
        ends=term.ends,
        waiting_until=term.waiting_until,
        continuous_since=prior.continuous_since if prior else term.starts,
        shares=shares,
        tier=tier,
        fen=fen,
        funding=funding,
        entry=Entry.RENEWED if prior else Entry.FIRST,
    )
    return Step(row, Outcome.ADDED, made, organisation_id=person.organisation_id, name=person.name)


def _compare(job: Job, chunk: Chunk, at: int, group: _Group, term: Enrollment) -> None:
    """A term that is in the books with other shares, tier, split or fee is not written over."""
    for name in ("shares", "tier", "funding"):
        said = job.option(chunk, at, name)
        if name == "funding" and said is not None:
            said = _split(group.held.edition, said) or said
        if said is not None and said != getattr(term, name):
            words = {"column": say(f"rosters.column.{name}"), "held": getattr(term, name) or "-"}
            chunk.blame(at, name, "rosters.term_differs", given=said, starts=term.starts, **words)
    amount = chunk.get("amount")[at]
    if amount is not None and amount != term.fen:
        words = {"column": say("rosters.column.amount"), "held": yuan(term.fen)}
        chunk.blame(at, "amount", "rosters.term_differs", given=yuan(amount), starts=term.starts, **words)


def _term(
    job: Job, chunk: Chunk, at: int, group: _Group, before: Sequence[Enrollment]
) -> tuple[Enrollment | None, Term]:
    """The term, and the one that it continues: the day after its end, on time or within grace (续保);
    anybody else joins as for the first time."""
    last = before[-1] if before else None
    if last is None or (group.starts - last.ends).days != 1:
        return None, group.first
    edition = group.held.edition
    try:
        term = new_term(edition, last.ends, job.today, first_start=last.continuous_since)
    except Refused as refusal:
        chunk.blame(at, "starts", refusal.code, **refusal.say.params)
        return None, group.first
    if term.first_time:
        chunk.warn(at, "starts", "rosters.term_late", ends=last.ends)
        return None, group.first
    if last.exhausted_on is not None:
        said = edition.conduct.renewal_after_payment if edition.conduct else None
        if said == "excluded":
            chunk.blame(at, "", "rosters.term_paid_out", on=last.exhausted_on)
        elif said != "allowed":
            chunk.warn(at, "", "rosters.term_paid_out_unknown", on=last.exhausted_on)
    return last, term


def _rules(chunk: Chunk, at: int, compiled: Sequence[Arm], verdicts: Sequence[bool | None]) -> None:
    """All rules that leave the person out, in the plan's own words; those that a missing datum leaves open
    are for a look at the papers (待核实)."""
    for arm, verdict in zip(compiled, verdicts, strict=False):
        words: Say = say("rosters.words", zh=arm.say.zh, en=arm.say.en)
        if verdict is None:
            chunk.warn(at, "", "rosters.rule_open", rule=words)
        elif not verdict:
            chunk.blame(at, "", "rosters.rule_excludes", rule=words)


def _priced(
    job: Job, chunk: Chunk, at: int, edition: Edition, prior: Enrollment | None, risk: str | None
) -> tuple[int, str | None, int] | None:
    """Shares, tier and fee; the amount of the row must be that fee, or say how many shares it is."""
    tier = job.option(chunk, at, "tier") or (prior.tier if prior else None)
    try:
        one = price(edition, tier, risk)
    except Refused as refusal:
        chunk.blame(at, "tier", refusal.code, **refusal.say.params)
        return None
    shares, amount = job.option(chunk, at, "shares"), chunk.get("amount")[at]
    if shares is None:
        shares = edition.shares.min
        if amount is not None and one and amount % one == 0:
            shares = max(1, amount // one)
    most = edition.shares.max
    if shares < edition.shares.min or (not isinstance(most, Unknown) and shares > most):
        top = say("rosters.words", zh="待核实", en="unknown") if isinstance(most, Unknown) else most
        chunk.blame(at, "shares", "enrollment.shares", shares=shares, least=edition.shares.min, most=top)
    if amount is not None and amount != one * shares and at not in rows_blamed(chunk, "shares"):
        words: Mapping[str, object] = {"given": yuan(amount), "fee": yuan(one * shares), "shares": shares}
        chunk.blame(at, "amount", "rosters.amount_differs", one=yuan(one), **words)
    return shares, tier, one * shares


def _funding(job: Job, chunk: Chunk, at: int, edition: Edition, prior: Enrollment | None) -> str:
    """Code of the split: the one said, else that of the term that is continued where the edition has it."""
    said = job.option(chunk, at, "funding")
    if said is None:
        return prior.funding if prior and _split(edition, prior.funding) else ""
    found = _split(edition, said)
    if found is None:
        known = ", ".join(split.code for split in edition.funding) or "–"
        chunk.blame(at, "funding", "plans.no_funding", plan=edition.code, funding=said, known=known)
    return found or ""


def _split(edition: Edition, said: str) -> str | None:
    """The code of the split with that code or name."""
    names = {name: split.code for split in edition.funding for name in (split.name.zh, split.name.en)}
    return {**names, **{split.code: split.code for split in edition.funding}}.get(said)
