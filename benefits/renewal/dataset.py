"""The frozen data of a renewal report (续保报告): what the paper says, and nothing that the paper must look
up.

Made once, from one snapshot, by ``benefits.renewal.queries.renewal_report``; drawn by
``reports.renewal.render``. Contents follow DOMAIN 4.3. All money is integer fen, all dates are inclusive,
ratios are basis points (10 000 = 100 %), names and numbers are already masked where paper must mask them.
Sentences are catalogue messages, rendered by whoever prints them.
"""

from dataclasses import dataclass
from datetime import date, datetime

from benefits.kernel.errors import Say


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of decisions. ``candidates = renewed + added + excluded + declined``, always."""

    candidates: int
    renewed: int
    added: int
    excluded: int
    declined: int
    shares: int
    fen: int

    @property
    def people(self) -> int:
        """People with a new term (renewed and added)."""
        return self.renewed + self.added


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan (one run) of the report."""

    run_number: str
    plan_code: str
    plan_name: str
    edition: str
    issuer: str
    window_from: date
    window_to: date
    starts: tuple[date, ...]
    """First days of the new terms, one for each anniversary in the window."""
    state: str
    """State of the run: previewed, reviewed, applying, applied, …"""
    state_name: str
    applied_at: datetime | None
    tally: Tally
    last_term_people: int
    """People whose last term ends in the window."""
    last_term_fen: int
    last_year_people: int | None
    """People whose new term began in the same window one year before; None where the register does not go
    back."""
    last_year_fen: int | None
    eligible: int
    """Candidates that no rule excludes."""
    left: tuple[tuple[str, int], ...]
    """Why people of the last term left: (name of cause, people): retired, transferred, left, died, declined,
    claimed out."""
    lapsed: int
    in_grace: int
    components: tuple[tuple[str, str], ...] = ()
    """For a bundle (组合计划): component name, what it pays (待核实 where unknown)."""
    notes: tuple[str, ...] = ()
    """What the plan file leaves 待核实, or the program leaves to the clerk, and the reader must know."""


@dataclass(frozen=True, slots=True)
class StreetLine:
    """One street or town union (街道/乡镇总工会); tallies stand in the order of ``RenewalReport.plans``."""

    code: str
    name: str
    units: int
    tallies: tuple[Tally | None, ...]


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One reason for exclusion; a person with two reasons counts in both lines, so lines do not add up to the
    total."""

    code: str
    name: str
    people: tuple[int, ...]
    """Per plan, in the order of ``RenewalReport.plans``."""


@dataclass(frozen=True, slots=True)
class ParticipationLine:
    """A unit whose participation (参保率) is below the plan's ratio, unknown, or that did not submit."""

    plan_name: str
    street: str
    unit: str
    basis: str
    basis_people: int
    joined: int
    ratio_bp: int | None
    required_bp: int | None
    state: str
    """below | not_submitted | unknown"""
    state_name: str


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """A person whose data needs a clerk: bad number, duplicate across unions, over age, sex mismatch, missing
    data."""

    plan_name: str
    unit: str
    person: str
    """Masked name."""
    id_masked: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PayerLine:
    """What one payer (出资方) owes for one plan."""

    plan_name: str
    payer: str
    people: int
    shares: int
    fen: int


@dataclass(frozen=True, slots=True)
class ExpiryLine:
    """Calendar of the new terms: ``people`` of ``plan_name`` have a new term that ends on ``ends``."""

    plan_name: str
    ends: date
    people: int


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person on a unit's roster (花名册)."""

    number: int
    name: str
    sex: str
    id_masked: str
    kind: str
    """续保 / 新增 as words."""
    shares: int
    tier: str
    fen: int
    starts: date
    ends: date
    waiting_until: date | None


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """One person of the unit who is not on the roster, and every reason."""

    name: str
    id_masked: str
    verdict: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """One confirmation sheet (单位确认单) with its roster, for one unit and one plan."""

    plan_name: str
    run_number: str
    street: str
    unit: str
    unit_code: str
    uscc: str
    tally: Tally
    payers: tuple[tuple[str, int], ...]
    """(payer, fen); adds up to ``tally.fen``."""
    rows: tuple[RosterRow, ...]
    left_out: tuple[LeftOutRow, ...]


@dataclass(frozen=True, slots=True)
class RenewalReport:
    """Everything on the paper."""

    issuing_union: str
    """The district federation that writes (上报单位)."""
    addressee: str
    title: str
    as_of: date
    made_at: datetime
    made_by: str
    plans: tuple[PlanLine, ...]
    total: Tally
    persons: int
    """人数: different people with a new term, each once over all plans (人次 is ``total.people``)."""
    streets: tuple[StreetLine, ...]
    reasons: tuple[ReasonLine, ...]
    participation: tuple[ParticipationLine, ...]
    exceptions: tuple[ExceptionLine, ...]
    payers: tuple[PayerLine, ...]
    expiries: tuple[ExpiryLine, ...]
    sheets: tuple[UnitSheet, ...]
    digest: str
    """SHA-256 of the decisions that the figures come from, hex; printed in the footer."""
    audit_anchor: str
    """Last hash of the audit chain at the snapshot; paper anchors the chain's tail."""
    checks: tuple[tuple[Say, bool], ...] = ()
    """Reconciliations made on the figures, each with its result; all true on a report that is sent."""
    draft: bool = False
    """A run of it is not applied yet (草稿): every page says so."""
