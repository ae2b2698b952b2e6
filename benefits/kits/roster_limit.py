"""The year's limit behind a list of hand-outs (名单与年度限额): counted row by row while the list is judged,
so that what a check says is too much is what an import would find."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlmodel import col, select

from benefits.kernel.among import among
from benefits.kernel.errors import Refused
from benefits.kernel.money import yuan
from benefits.kernel.unit import WriteUnit
from benefits.kits.limits import limit_on
from benefits.kits.models import Campaign
from benefits.kits.models_handout import Allowance
from benefits.kits.offering import Fault
from benefits.kits.twice import recount
from benefits.rosters.kind import Job

Sums = dict[tuple[int, int], int]
"""Person and year -> fen that he or she had, with the rows before."""


def remember(job: Job, campaigns: Collection[Campaign], people: Collection[int]) -> None:
    """Read what these people had, of each purpose, before their rows are judged."""
    for purpose in {one.purpose for one in campaigns if one.purpose}:
        sums, known = _memory(job, purpose)
        new = sorted(set(people) - known)
        query = select(col(Allowance.member_id), col(Allowance.year), col(Allowance.fen)).where(
            col(Allowance.purpose) == purpose, among(job.unit, Allowance.member_id, new)
        )
        if new:
            sums.update({(member, year): fen for member, year, fen in job.unit.exec(query)})
            known.update(new)


def spend(job: Job, purpose: str, member_id: int, name: str, day: date, fen: int) -> Fault | None:
    """Count a row against the limit of the year of ``day``; or what is in the way."""
    if not purpose or not fen:
        return None
    try:
        limit = limit_on(purpose, day)
    except Refused as refusal:
        return refusal.code, dict(refusal.say.params)
    sums = _memory(job, purpose)[0]
    most = limit.per_person_year_fen or 0
    had = sums.get((member_id, day.year), 0)
    if had + fen <= most:
        sums[member_id, day.year] = had + fen
        return None
    words = {"had": yuan(had), "more": yuan(fen), "most": yuan(most), "source": limit.source}
    return "kits.over_limit", {"name": name, "purpose": limit.name, "year": day.year} | words


def recounted(unit: WriteUnit, handed: Iterable[tuple[int, int]]) -> None:
    """Count anew what people had, wherever it was, after hand-outs of a list were written: (campaign, person)
    each."""
    people: dict[int, set[int]] = {}
    for campaign, member in handed:
        people.setdefault(campaign, set()).add(member)
    query = select(col(Campaign.id), col(Campaign.purpose)).where(
        col(Campaign.id).in_(sorted(people)), col(Campaign.purpose) != ""
    )
    for found, purpose in unit.exec(query).all():
        if found is not None:
            with unit.beyond_scope():
                recount(unit, purpose, sorted(people[found]))


def _memory(job: Job, purpose: str) -> tuple[Sums, set[int]]:
    found: tuple[Sums, set[int]] = job.memory.setdefault(f"kits.limit:{purpose}", ({}, set()))
    return found
