"""The lines of the renewal report: streets, reasons, participation, exceptions, payers, expiries; each one
query over a run's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, and_, func, select, type_coerce
from sqlmodel import col

from benefits.contributions.models import Due
from benefits.kernel.messages import text
from benefits.kernel.text import mask_name
from benefits.kernel.unit import ReadUnit
from benefits.members.models import Member
from benefits.organisations.models import Level
from benefits.organisations.queries import OrganisationRow
from benefits.plans.edition import Edition
from benefits.plans.participation import required_people
from benefits.plans.vocabulary import Unknown
from benefits.renewal.dataset import (
    ExceptionLine,
    ExpiryLine,
    ParticipationLine,
    PayerLine,
    PlanLine,
    ReasonLine,
    StreetLine,
    Tally,
)
from benefits.renewal.models import (
    Decision,
    Participation,
    RenewalRun,
    RunPriceLine,
    RunReason,
    RunState,
    RunTally,
    RunTerm,
    RunUnit,
    UnitState,
    Verdict,
)
from benefits.renewal.reasons import MASKS

_FIELDS = ("candidates", "renewed", "added", "excluded", "declined", "shares", "fen")
_EXCEPTIONS = frozenset(
    "data_missing id_invalid wrong_sex duplicate_union no_price over_max_shares exclusive_plan".split()
    + ["claimed_out"]
)
MOST_EXCEPTIONS = 2000
"""Lines of table D; a report of more than this is a data-cleaning job, and the clerk has the list on the
screen."""


@dataclass(frozen=True, slots=True)
class Part:
    """One run of the report."""

    run: RenewalRun
    run_id: int
    terms: tuple[RunTerm, ...]
    edition: Edition


def add_up(tallies: Sequence[Tally]) -> Tally:
    """The sum of tallies."""
    return Tally(*[sum(getattr(tally, name) for tally in tallies) for name in _FIELDS])


def unit_tallies(unit: ReadUnit, part: Part) -> dict[int, Tally]:
    """A run's tally by unit."""
    rows = unit.session.execute(
        select(col(RunTally.organisation_id), *[func.sum(getattr(RunTally, name)) for name in _FIELDS])
        .where(col(RunTally.run_id) == part.run_id)
        .group_by(col(RunTally.organisation_id))
    )
    return {place: Tally(*[int(value) for value in values]) for place, *values in rows}


def street_of(units: Mapping[int, OrganisationRow], place: int) -> OrganisationRow | None:
    """The street or town union above a unit (or the unit itself); None for a directly affiliated one
    (直属)."""
    for step in reversed([int(step) for step in units[place].path.strip("/").split("/")]):
        if step in units and units[step].level is Level.SUBDISTRICT:
            return units[step]
    return None


def streets(
    unit: ReadUnit, units: Mapping[int, OrganisationRow], sums: Sequence[Mapping[int, Tally]]
) -> tuple[StreetLine, ...]:
    """Table B: street or town × plan, in the order of the codes; directly affiliated units last."""
    by_street: dict[int, list[dict[int, Tally]]] = {}
    for number, tallies in enumerate(sums):
        for place, tally in tallies.items():
            street = street_of(units, place)
            by_street.setdefault(street.id if street else 0, [{} for _ in sums])[number][place] = tally
    lines = []
    for street_id, parts in sorted(
        by_street.items(), key=lambda item: units[item[0]].code if item[0] else "~"
    ):
        lines.append(
            StreetLine(
                units[street_id].code if street_id else "",
                units[street_id].name if street_id else text("renewal.direct_units"),
                len({place for part in parts for place in part}),
                tuple(add_up(list(part.values())) if part else None for part in parts),
            )
        )
    return tuple(lines)


def _left_out_by_bits(unit: ReadUnit, part: Part, prior_only: bool) -> list[tuple[int, int]]:
    query = select(col(Decision.reasons), func.count()).where(
        col(Decision.run_id) == part.run_id,
        type_coerce(col(Decision.verdict), String) == Verdict.EXCLUDE.value,
    )
    if prior_only:
        query = query.where(col(Decision.prior_id).is_not(None))
    return [(bits, people) for bits, people in unit.session.execute(query.group_by(col(Decision.reasons)))]


def left(unit: ReadUnit, part: Part) -> dict[str, int]:
    """People of the last term by the cause for which they left; one with two causes counts under the first of
    them."""
    causes = ("deceased", "retired", "left", "transferred_out", "claimed_out")
    found = dict.fromkeys(causes, 0)
    for bits, people in _left_out_by_bits(unit, part, prior_only=True):
        cause = next((code for code in causes if bits & MASKS[code]), None)
        if cause is not None:
            found[cause] += people
    return found


def reasons(unit: ReadUnit, parts: Sequence[Part], lang: str) -> tuple[ReasonLine, ...]:
    """People left out by reason, all reasons of each, one column a plan; most frequent first."""
    lines: dict[tuple[str, str], list[int]] = {}
    for number, part in enumerate(parts):
        bits_of: dict[tuple[str, str], int] = {}
        for meaning in _meanings(unit, part):
            name = meaning.say_zh if lang == "zh" else meaning.say_en
            bits_of[(meaning.code, name)] = bits_of.get((meaning.code, name), 0) | 1 << meaning.bit
        for bits, people in _left_out_by_bits(unit, part, prior_only=False):
            for key, mask in bits_of.items():
                if bits & mask:
                    lines.setdefault(key, [0] * len(parts))[number] += people
    ordered = sorted(lines.items(), key=lambda item: (-sum(item[1]), item[0]))
    return tuple(ReasonLine(code, name, tuple(people)) for (code, name), people in ordered)


def _meanings(unit: ReadUnit, part: Part) -> list[RunReason]:
    return list(
        unit.session.scalars(
            select(RunReason).where(col(RunReason.run_id) == part.run_id).order_by(col(RunReason.bit))
        )
    )


def participation(
    unit: ReadUnit,
    parts: Sequence[Part],
    plans: Sequence[PlanLine],
    units: Mapping[int, OrganisationRow],
    lang: str,
) -> tuple[ParticipationLine, ...]:
    """Table C: units below the ratio, units that did not submit, and units whose head-count is not known
    though the plan needs it. An edition whose ratio is 待核实 puts nobody here; the plan's notes say so."""
    lines = []
    for part, plan in zip(parts, plans, strict=True):
        rule = part.edition.participation
        required = rule.ratio if rule is not None and not isinstance(rule.ratio, Unknown) else None
        basis = rule.basis if rule is not None and not isinstance(rule.basis, Unknown) else None
        rows = unit.session.scalars(select(RunUnit).where(col(RunUnit.run_id) == part.run_id)).all()
        for row in sorted(rows, key=lambda row: units[row.organisation_id].path):
            state = _participation_state(row, required)
            if state is None:
                continue
            street = street_of(units, row.organisation_id)
            needed = None if row.basis is None else required_people(part.edition, row.basis)
            whole = needed is not None and needed == row.basis and required != 10_000
            lines.append(
                ParticipationLine(
                    plan.plan_name,
                    street.name if street else text("renewal.direct_units", lang),
                    units[row.organisation_id].name,
                    text(f"renewal.basis.{basis}" if basis else "renewal.to_confirm", lang),
                    row.basis or 0,
                    row.joined,
                    row.joined * 10_000 // row.basis if row.basis else None,
                    10_000 if whole else required,
                    state,
                    text(
                        f"renewal.participation_state.{'all_in' if whole and state == 'below' else state}",
                        lang,
                    ),
                )
            )
    return tuple(lines)


def _participation_state(row: RunUnit, required: int | None) -> str | None:
    if row.state is UnitState.NOT_SUBMITTED:
        return "not_submitted"
    if row.participation is Participation.BELOW:
        return "below"
    return "unknown" if required is not None and row.participation is Participation.UNKNOWN else None


def exceptions(
    unit: ReadUnit,
    parts: Sequence[Part],
    plans: Sequence[PlanLine],
    units: Mapping[int, OrganisationRow],
    lang: str,
) -> tuple[ExceptionLine, ...]:
    """Table D: people whose data needs a clerk, at most ``MOST_EXCEPTIONS``, by unit."""
    lines: list[ExceptionLine] = []
    for part, plan in zip(parts, plans, strict=True):
        meanings = [meaning for meaning in _meanings(unit, part) if meaning.code in _EXCEPTIONS]
        mask = sum(1 << meaning.bit for meaning in meanings)
        query = (
            select(
                col(Decision.organisation_id), col(Decision.reasons), col(Member.name), col(Member.id_last4)
            )
            .join(Member, col(Member.id) == col(Decision.member_id))
            .where(col(Decision.run_id) == part.run_id, col(Decision.reasons).bitwise_and(mask) != 0)
            .order_by(col(Decision.organisation_id), col(Decision.member_id))
            .limit(MOST_EXCEPTIONS - len(lines))
        )
        rows = unit.session.execute(query).all()
        for place, bits, name, last4 in rows:
            said = tuple(m.say_zh if lang == "zh" else m.say_en for m in meanings if bits >> m.bit & 1)
            lines.append(ExceptionLine(plan.plan_name, units[place].name, mask_name(name), tail(last4), said))
    return tuple(lines)


def tail(last4: str | None) -> str:
    """A number of which paper shows the last four only."""
    return f"****{last4}" if last4 else "–"


def payers(
    unit: ReadUnit, parts: Sequence[Part], plans: Sequence[PlanLine], lang: str
) -> tuple[PayerLine, ...]:
    """Table E: money by plan and payer, from the sums and the split of each price."""
    lines = []
    for part, plan in zip(parts, plans, strict=True):
        rows = unit.session.execute(
            select(
                col(RunPriceLine.payer),
                func.sum(col(RunTally.renewed) + col(RunTally.added)),
                func.sum(col(RunTally.shares)),
                func.sum(col(RunTally.shares) * col(RunPriceLine.fen)),
            )
            .join(
                RunTally,
                and_(
                    col(RunTally.run_id) == col(RunPriceLine.run_id),
                    col(RunTally.price) == col(RunPriceLine.price),
                ),
            )
            .where(col(RunPriceLine.run_id) == part.run_id)
            .group_by(col(RunPriceLine.payer))
        ).all()
        for payer, people, shares, fen in sorted(rows, key=lambda row: -row[3]):
            name = text(f"plans.payer.{payer.value}", lang)
            lines.append(PayerLine(plan.plan_name, name, int(people), int(shares), int(fen)))
    return tuple(lines)


def dues_agree(unit: ReadUnit, part: Part) -> bool:
    """Whether the dues written by an applied run add up to its decisions; a run not applied has none yet."""
    due = unit.session.execute(
        select(func.coalesce(func.sum(col(Due.fen)), 0)).where(col(Due.run_id) == part.run_id)
    ).scalar_one()
    if part.run.state is not RunState.APPLIED:
        return int(due) == 0
    decided = unit.session.execute(
        select(func.coalesce(func.sum(col(RunTally.fen)), 0)).where(col(RunTally.run_id) == part.run_id)
    ).scalar_one()
    return int(due) == int(decided)


def expiries(unit: ReadUnit, parts: Sequence[Part], plans: Sequence[PlanLine]) -> tuple[ExpiryLine, ...]:
    """Calendar of the new terms' expiries (新一期到期安排), by day and plan; adds up to the people with a new
    term."""
    found: dict[tuple[date, str], int] = {}
    for part, plan in zip(parts, plans, strict=True):
        rows = unit.session.execute(
            select(col(RunTerm.ends), func.count())
            .select_from(Decision)
            .join(
                RunTerm,
                and_(col(RunTerm.run_id) == col(Decision.run_id), col(RunTerm.term) == col(Decision.term)),
            )
            .where(
                col(Decision.run_id) == part.run_id,
                type_coerce(col(Decision.verdict), String).in_([Verdict.RENEW.value, Verdict.ADD.value]),
            )
            .group_by(col(RunTerm.ends))
        )
        for ends, people in rows:
            found[(ends, plan.plan_name)] = found.get((ends, plan.plan_name), 0) + people
    return tuple(ExpiryLine(name, ends, people) for (ends, name), people in sorted(found.items()))
