"""Confirmation sheets (单位确认单) with rosters: for each unit of each run, who is on the list and who is
not, and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import col

from benefits.kernel.errors import say
from benefits.kernel.ids import sex_words
from benefits.kernel.messages import render, text
from benefits.kernel.unit import ReadUnit
from benefits.members.models import Member
from benefits.organisations.queries import OrganisationRow
from benefits.renewal.dataset import LeftOutRow, PlanLine, RosterRow, Tally, UnitSheet
from benefits.renewal.models import Decision, RunPrice, RunPriceLine, RunReason, RunTally, Verdict
from benefits.renewal.report_lines import Part, street_of, tail


def sheets(
    unit: ReadUnit,
    parts: Sequence[Part],
    plans: Sequence[PlanLine],
    units: Mapping[int, OrganisationRow],
    sums: Sequence[Mapping[int, Tally]],
    lang: str,
) -> tuple[UnitSheet, ...]:
    """All sheets, by plan and then in tree order."""
    found = []
    for part, plan, tallies in zip(parts, plans, sums, strict=True):
        listed, left_out = _people(unit, part, lang)
        payers = _payers(unit, part, lang)
        for place in sorted(tallies, key=lambda place: units[place].path):
            street = street_of(units, place)
            found.append(
                UnitSheet(
                    plan.plan_name,
                    part.run.number,
                    street.name if street else text("renewal.direct_units", lang),
                    units[place].name,
                    units[place].code,
                    units[place].uscc or "",
                    tallies[place],
                    tuple(payers.get(place, ())),
                    tuple(listed.get(place, ())),
                    tuple(left_out.get(place, ())),
                )
            )
    return tuple(found)


def _people(
    unit: ReadUnit, part: Part, lang: str
) -> tuple[dict[int, list[RosterRow]], dict[int, list[LeftOutRow]]]:
    """(roster, left out) by unit, in member order."""
    terms = {term.term: term for term in part.terms}
    meanings = list(
        unit.session.scalars(
            select(RunReason).where(col(RunReason.run_id) == part.run_id).order_by(col(RunReason.bit))
        )
    )
    tiers = {
        price: tier or ""
        for price, tier in unit.session.execute(
            select(col(RunPrice.price), col(RunPrice.tier)).where(col(RunPrice.run_id) == part.run_id)
        )
    }
    listed: dict[int, list[RosterRow]] = defaultdict(list)
    left_out: dict[int, list[LeftOutRow]] = defaultdict(list)
    query = (
        select(Decision, col(Member.name), col(Member.sex), col(Member.id_last4))
        .join(Member, col(Member.id) == col(Decision.member_id))
        .where(col(Decision.run_id) == part.run_id)
        .order_by(col(Decision.organisation_id), col(Decision.member_id))
    )
    rows = unit.session.execute(query).all()
    for decision, name, sex, last4 in rows:
        words = text(f"renewal.verdict.{decision.verdict.value}", lang)
        if decision.verdict in (Verdict.RENEW, Verdict.ADD):
            term = terms[decision.term]
            mine = listed[decision.organisation_id]
            mine.append(
                RosterRow(
                    len(mine) + 1,
                    name,
                    render(sex_words(sex), lang) if sex else "–",
                    tail(last4),
                    words,
                    decision.shares,
                    tiers.get(decision.price or 0, ""),
                    decision.fen,
                    term.starts,
                    term.ends,
                    term.waiting_until,
                )
            )
        else:
            said = [m.say_zh if lang == "zh" else m.say_en for m in meanings if decision.reasons >> m.bit & 1]
            if decision.override_reason:
                said.append(render(say("renewal.by_hand", reason=decision.override_reason), lang))
            left_out[decision.organisation_id].append(LeftOutRow(name, tail(last4), words, tuple(said)))
    return listed, left_out


def _payers(unit: ReadUnit, part: Part, lang: str) -> dict[int, list[tuple[str, int]]]:
    rows = unit.session.execute(
        select(
            col(RunTally.organisation_id),
            col(RunPriceLine.payer),
            col(RunTally.shares) * col(RunPriceLine.fen),
        )
        .join(
            RunPriceLine,
            (col(RunPriceLine.run_id) == col(RunTally.run_id))
            & (col(RunPriceLine.price) == col(RunTally.price)),
        )
        .where(col(RunTally.run_id) == part.run_id)
    )
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for place, payer, fen in rows:
        sums[(place, payer.value)] += int(fen)
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for (place, payer), fen in sorted(sums.items()):
        found[place].append((text(f"plans.payer.{payer}", lang), fen))
    return found
