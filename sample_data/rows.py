"""What the generator makes: plain rows in the order of loading, with explicit ids, before they become a
database or files.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from benefits.enrollment.models import EnrollmentState, Entry
from benefits.kernel.ids import IdKind, Sex
from benefits.members.models import Employment, Standing, Status
from benefits.members.retirement import RetirementCategory
from benefits.organisations.models import Level, RiskClass


class OrganisationRow(NamedTuple):
    """A row of ``organisation``; ``path`` follows from ``parent_id``."""

    id: int
    parent_id: int | None
    path: str
    level: Level
    code: str
    name: str
    uscc: str | None
    staff: int | None
    risk_class: RiskClass | None
    founded: date
    closed: date | None


class PositionRow(NamedTuple):
    """A row of ``organisation_position``."""

    organisation_id: int
    parent_id: int | None
    starts: date
    ends: date | None


class MemberRow(NamedTuple):
    """A row of ``member``; what follows from the number (last four, digest) is made on loading."""

    id: int
    organisation_id: int | None
    name: str
    sex: Sex | None
    birth: date | None
    status: Status | None
    status_since: date | None
    employment: Employment | None
    risk_class: RiskClass | None
    retirement_category: RetirementCategory | None
    joined_on: date | None
    has_card: bool | None
    id_kind: IdKind | None
    id_valid: bool | None
    id_number: str | None
    phone: str | None


class MembershipRow(NamedTuple):
    """A row of ``membership``."""

    member_id: int
    organisation_id: int
    starts: date
    ends: date | None
    standing: Standing
    reason: str


class EnrollmentRow(NamedTuple):
    """A row of ``enrollment``; plan and edition by their codes."""

    id: int
    member_id: int
    plan: str
    edition: str
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
    exhausted_on: date | None
    state: EnrollmentState


class Case(NamedTuple):
    """An awkward case (疑难情形): which it is, and who or what shows it."""

    code: str
    member_id: int | None
    organisation_id: int
    what: str


@dataclass(slots=True)
class Block:
    """One unit's people and their covers; the generator yields block by block, so memory stays bounded."""

    organisation_id: int
    members: list[MemberRow] = field(default_factory=list)
    memberships: list[MembershipRow] = field(default_factory=list)
    enrollments: list[EnrollmentRow] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
