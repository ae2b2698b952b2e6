"""The renewal report's dataset (续保报告数据): one frozen value from one snapshot, made from the rows of the
runs alone.

Every figure is a sum over the runs' decisions, tallies and prices, and ``checks`` proves that they agree; the
digest over the decisions lets anybody make the same figures again. Sections of DOMAIN 4.3.
"""

import hashlib
from collections.abc import Sequence

from sqlalchemy import String, func, select, type_coerce
from sqlmodel import col

from benefits.audit.queries import anchor
from benefits.enrollment.models import Enrollment
from benefits.kernel.dates import anniversary
from benefits.kernel.errors import Refused, say
from benefits.kernel.messages import text
from benefits.kernel.unit import ReadUnit
from benefits.organisations.models import Level
from benefits.organisations.queries import OrganisationRow, subtree, with_above
from benefits.organisations.scope import within_tree
from benefits.plans.queries import edition_by_id
from benefits.plans.terms_words import by_hand, unknowns
from benefits.plans.words import components
from benefits.renewal import report_lines, report_sheets
from benefits.renewal.dataset import PlanLine, RenewalReport, Tally
from benefits.renewal.models import Decision, RenewalRun, RunState, RunTally, RunTerm, Verdict
from benefits.renewal.queries import RunView, view
from benefits.renewal.report_lines import Part, add_up
from benefits.renewal.review import get_run

_LEFT = ("retired", "transferred_out", "left", "deceased", "claimed_out")


def renewal_report(
    unit: ReadUnit, numbers: Sequence[str], *, annex: bool = True, lang: str = "zh"
) -> RenewalReport:
    """The report on one or more runs, all read from the unit's one snapshot; ``annex`` adds each unit's sheet
    and roster. A report on a run that is not applied yet is a draft (草稿).

    Whoever sees the runs gets the whole report, the same for everybody: a run is a document, and a unit that
    moved to another street afterwards stays in it.

    Raises Refused ``renewal.unknown_run``; ``renewal.report_abandoned`` for a run that was given up;
    ``renewal.report_places`` where the runs are of different unions; ``renewal.report_twice`` where two are
    about the same plan and days, so that people would count twice.
    """
    parts = [_part(unit, number) for number in dict.fromkeys(numbers)]
    _refuse_mixture(unit, parts)
    with unit.beyond_scope():
        return _report(unit, parts, annex, lang)


def _refuse_mixture(unit: ReadUnit, parts: Sequence[Part]) -> None:
    for number, part in enumerate(parts):
        run = part.run
        if run.state is RunState.ABANDONED:
            raise Refused("renewal.report_abandoned", run=run.number)
        for other in (earlier.run for earlier in parts[:number]):
            if other.organisation_id != run.organisation_id:
                raise Refused("renewal.report_places", run=run.number, other=other.number)
            apart = other.window_to < run.window_from or run.window_to < other.window_from
            if other.plan_id == run.plan_id and not apart:
                raise Refused("renewal.report_twice", run=run.number, other=other.number)


def _report(unit: ReadUnit, parts: Sequence[Part], annex: bool, lang: str) -> RenewalReport:
    place = _place(unit, parts[0].run)
    runs = [part.run_id for part in parts]
    units = with_above(unit, select(col(RunTally.organisation_id)).where(col(RunTally.run_id).in_(runs)))
    plans = tuple(_plan_line(unit, part, lang) for part in parts)
    sums = [report_lines.unit_tallies(unit, part) for part in parts]
    streets = report_lines.streets(unit, units, sums)
    payers = report_lines.payers(unit, parts, plans, lang)
    total = add_up([plan.tally for plan in plans])
    sheets = report_sheets.sheets(unit, parts, plans, units, sums, lang) if annex else ()
    sha = hashlib.sha256()
    counted = sum(_digest(unit, part, sha) for part in parts)
    checks = (
        (
            say("renewal.check.candidates"),
            all(_whole(plan.tally) for plan in plans) and counted == total.candidates,
        ),
        (say("renewal.check.streets"), add_up([t for s in streets for t in s.tallies if t]) == total),
        (say("renewal.check.payers"), sum(line.fen for line in payers) == total.fen),
        (say("renewal.check.dues"), all(report_lines.dues_agree(unit, part) for part in parts)),
        (say("renewal.check.sheets"), not annex or add_up([sheet.tally for sheet in sheets]) == total),
    )
    district = next((row for row in _above(unit, place) if row.level is Level.DISTRICT), place)
    as_of = max(part.run.as_of for part in parts)
    return RenewalReport(
        issuing_union=_issuer(place, district, lang),
        addressee=district.name,
        title=text(
            "renewal.report_title",
            lang,
            place=district.name,
            year=plans[0].starts[0].year if plans[0].starts else as_of.year,
        ),
        as_of=as_of,
        made_at=unit.clock.now(),
        made_by=unit.actor.name,
        plans=plans,
        total=total,
        persons=_persons(unit, parts),
        streets=streets,
        reasons=report_lines.reasons(unit, parts, lang),
        participation=report_lines.participation(unit, parts, plans, units, lang),
        exceptions=report_lines.exceptions(unit, parts, plans, units, lang),
        payers=payers,
        expiries=report_lines.expiries(unit, parts, plans),
        sheets=sheets,
        digest=sha.hexdigest(),
        audit_anchor=anchor(unit),
        checks=checks,
        draft=any(part.run.state is not RunState.APPLIED for part in parts),
    )


def _part(unit: ReadUnit, number: str) -> Part:
    run = get_run(unit, number)
    assert run.id is not None
    terms = tuple(
        unit.session.scalars(select(RunTerm).where(col(RunTerm.run_id) == run.id).order_by(col(RunTerm.term)))
    )
    return Part(run, run.id, terms, edition_by_id(unit, terms[0].edition_id).edition)


def _place(unit: ReadUnit, run: RenewalRun) -> OrganisationRow:
    found = [row for row in subtree(unit, "/") if row.id == run.organisation_id]
    if not found:
        raise Refused("renewal.unknown_run", run=run.number)
    return found[0]


def _above(unit: ReadUnit, place: OrganisationRow) -> list[OrganisationRow]:
    """The place and what stands above it; below a city that has one district, that district."""
    rows = subtree(unit, "/")
    above = [row for row in rows if place.path.startswith(row.path)]
    districts = [row for row in rows if row.level is Level.DISTRICT and row.path.startswith(place.path)]
    return [*reversed(above), *(districts if len(districts) == 1 else [])]


def _issuer(place: OrganisationRow, district: OrganisationRow, lang: str) -> str:
    if place.level in (Level.SUBDISTRICT, Level.GRASSROOTS):
        return place.name
    return text("renewal.report_office", lang, district=district.name)


def _plan_line(unit: ReadUnit, part: Part, lang: str) -> PlanLine:
    found: RunView = view(unit, part.run.number)
    tally = Tally(
        found.candidates, found.renewed, found.added, found.excluded, found.declined, found.shares, found.fen
    )
    prior_people, prior_fen = _last_term(unit, part)
    year_people, year_fen = _last_year(unit, part)
    left = report_lines.left(unit, part)
    lapsed, in_grace = _unrenewed(unit, part)
    edition = part.edition
    return PlanLine(
        run_number=part.run.number,
        plan_code=edition.code,
        plan_name=edition.name.zh if lang == "zh" else edition.name.en,
        edition=edition.edition,
        issuer=edition.issuer if isinstance(edition.issuer, str) else text("renewal.to_confirm", lang),
        window_from=part.run.window_from,
        window_to=part.run.window_to,
        starts=tuple(sorted({term.starts for term in part.terms if term.prior_ends is not None})),
        state=part.run.state.value,
        state_name=text(f"renewal.state.{part.run.state.value}", lang),
        applied_at=part.run.applied_at,
        tally=tally,
        last_term_people=prior_people,
        last_term_fen=prior_fen,
        last_year_people=year_people,
        last_year_fen=year_fen,
        eligible=_eligible(unit, part),
        left=(
            *((text(f"renewal.reason.{code}", lang), left[code]) for code in _LEFT),
            (text("renewal.verdict.decline", lang), tally.declined),
        ),
        lapsed=lapsed,
        in_grace=in_grace,
        components=components(edition, lang),
        notes=(*unknowns(edition, lang), *by_hand(edition, lang)),
    )


def _last_term(unit: ReadUnit, part: Part) -> tuple[int, int]:
    query = (
        select(func.count(), func.coalesce(func.sum(col(Enrollment.fen)), 0))
        .select_from(Decision)
        .join(Enrollment, col(Enrollment.id) == col(Decision.prior_id))
        .where(col(Decision.run_id) == part.run_id)
    )
    row = unit.session.execute(query).one()
    return int(row[0]), int(row[1])


def _last_year(unit: ReadUnit, part: Part) -> tuple[int | None, int | None]:
    """People and fen of the terms that began in the same window a year before; None before the register's
    first term."""
    starts = [term.starts for term in part.terms if term.prior_ends is not None]
    if not starts:
        return None, None
    first, last = min(starts), max(starts)
    began = col(Enrollment.starts)
    path = _place(unit, part.run).path
    row = unit.session.execute(
        select(func.count(), func.sum(col(Enrollment.fen))).where(
            col(Enrollment.plan_id) == part.run.plan_id,
            type_coerce(col(Enrollment.state), String) == "active",
            began.between(anniversary(first, -12), anniversary(last, -12)),
            col(Enrollment.organisation_id).in_(within_tree(path)),
        )
    ).one()
    return (None, None) if not row[0] else (int(row[0]), int(row[1]))


def _unrenewed(unit: ReadUnit, part: Part) -> tuple[int, int]:
    """(lapsed, in grace): people of the last term without a new one, whose term ended before the run's
    day."""
    rows = unit.session.execute(
        select(col(Decision.term), func.count())
        .where(
            col(Decision.run_id) == part.run_id,
            col(Decision.prior_id).is_not(None),
            type_coerce(col(Decision.verdict), String).in_([Verdict.EXCLUDE.value, Verdict.DECLINE.value]),
        )
        .group_by(col(Decision.term))
    )
    terms = {term.term: term for term in part.terms}
    lapsed = in_grace = 0
    for number, people in rows:
        term = terms[number]
        if term.prior_ends is not None and term.prior_ends < part.run.as_of:
            lapsed += people if term.first_time else 0
            in_grace += 0 if term.first_time else people
    return lapsed, in_grace


def _eligible(unit: ReadUnit, part: Part) -> int:
    query = select(func.count()).select_from(Decision)
    return int(
        unit.session.execute(
            query.where(col(Decision.run_id) == part.run_id, col(Decision.reasons) == 0)
        ).scalar_one()
    )


def _persons(unit: ReadUnit, parts: Sequence[Part]) -> int:
    joins = type_coerce(col(Decision.verdict), String).in_([Verdict.RENEW.value, Verdict.ADD.value])
    query = select(func.count(func.distinct(col(Decision.member_id)))).where(
        col(Decision.run_id).in_([part.run_id for part in parts]), joins
    )
    return int(unit.session.execute(query).scalar_one())


def _whole(tally: Tally) -> bool:
    return tally.candidates == tally.renewed + tally.added + tally.excluded + tally.declined


def _digest(unit: ReadUnit, part: Part, sha: "hashlib._Hash") -> int:
    """Feed a run's decisions, in member order, to the digest; how many."""
    rows = unit.session.execute(
        select(
            col(Decision.member_id),
            col(Decision.organisation_id),
            type_coerce(col(Decision.verdict), String),
            col(Decision.reasons),
            col(Decision.term),
            col(Decision.shares),
            col(Decision.fen),
        )
        .where(col(Decision.run_id) == part.run_id)
        .order_by(col(Decision.member_id))
        .execution_options(yield_per=10_000)
    )
    count = 0
    sha.update(f"{part.run.number}\n".encode())
    for row in rows:
        sha.update(("|".join(map(str, row)) + "\n").encode())
        count += 1
    return count
