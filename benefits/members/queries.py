"""Reading the register (会员查询): a person with all memberships, whoever is meant on a command line. Numbers
are masked.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.ids import IdKind, Sex
from benefits.kernel.text import mask_id, mask_phone
from benefits.kernel.unit import ReadUnit
from benefits.members.dossier import (
    ConsentRow,
    HeldCategory,
    IdentifierRow,
    KinRow,
    categories_of,
    consents_of,
    identifiers_of,
    kin_of,
)
from benefits.members.lookup import merged
from benefits.members.models import Employment, Member, Membership, Standing, Status
from benefits.members.retirement import RetirementCategory, flexible_months
from benefits.members.search import search
from benefits.organisations.models import Organisation, RiskClass


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """A membership as the person's page shows it, both days inclusive."""

    organisation_id: int
    organisation: str
    starts: date
    ends: date | None
    standing: Standing
    reason: str
    """Why it ended: a code that ``words.ending_words`` tells, or what a file said."""


@dataclass(frozen=True, slots=True)
class MemberDetail:
    """All that is kept about a person; numbers masked (``members.service.reveal`` shows one). Covers:
    ``enrollment.queries``.
    """

    id: int
    name: str
    sex: Sex | None
    birth: date | None
    status: Status | None
    status_since: date | None
    employment: Employment | None
    risk_class: RiskClass | None
    retirement_category: RetirementCategory | None
    retirement_month: date | None
    flexible_from: date | None
    flexible_to: date | None
    """Range of flexible retirement, first days of months; None: the old rule holds, or a datum is missing."""
    joined_on: date | None
    has_card: bool | None
    id_kind: IdKind | None
    id_valid: bool | None
    id_number: str
    phone: str
    organisation_id: int | None
    organisation: str
    organisation_path: str
    memberships: tuple[MembershipRow, ...]
    department: str | None
    ethnicity: str | None
    platform: str | None
    station: str | None
    planned_retirement: date | None
    """First day of the month chosen in flexible retirement."""
    retired_on: date | None
    retain_until: date | None
    merged_into_id: int | None
    """The record that took this one over; None: it is somebody's own."""
    categories: tuple[HeldCategory, ...]
    identifiers: tuple[IdentifierRow, ...]
    kin: tuple[KinRow, ...]
    consents: tuple[ConsentRow, ...]
    version: int
    changed_at: datetime


def detail(unit: ReadUnit, member_id: int) -> MemberDetail:
    """A person's page. Raises Refused ``members.unknown`` also for somebody outside the actor's scope."""
    found = unit.exec(
        select(Member, Organisation)
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True)
        .where(col(Member.id) == member_id)
    ).first()
    if found is None:
        raise Refused("members.unknown", member=member_id)
    member, place = found
    flexible = None
    if member.retirement_category is not None and member.birth is not None:
        flexible = flexible_months(member.retirement_category, member.birth)
    return MemberDetail(
        id=member_id,
        name=member.name,
        sex=member.sex,
        birth=member.birth,
        status=member.status,
        status_since=member.status_since,
        employment=member.employment,
        risk_class=member.risk_class,
        retirement_category=member.retirement_category,
        retirement_month=member.retirement_month,
        flexible_from=flexible[0] if flexible else None,
        flexible_to=flexible[1] if flexible else None,
        joined_on=member.joined_on,
        has_card=member.has_card,
        id_kind=member.id_kind,
        id_valid=member.id_valid,
        id_number=mask_id(member.id_number or ""),
        phone=mask_phone(member.phone or ""),
        organisation_id=member.organisation_id,
        organisation=place.name if place else "",
        organisation_path=place.path if place else "",
        memberships=_memberships(unit, member_id),
        department=member.department,
        ethnicity=member.ethnicity,
        platform=member.platform,
        station=member.station,
        planned_retirement=member.planned_retirement,
        retired_on=member.retired_on,
        retain_until=member.retain_until,
        merged_into_id=member.merged_into_id,
        categories=categories_of(unit, member_id),
        identifiers=identifiers_of(unit, member_id),
        kin=kin_of(unit, member_id),
        consents=consents_of(unit, member_id),
        version=member.version,
        changed_at=member.changed_at,
    )


def by_reference(unit: ReadUnit, text: str) -> int:
    """The member meant on a command line: the register's number, a full ID number, or a search that finds
    one person.

    Raises Refused ``members.unknown``, ``members.ambiguous``, or ``members.merged`` naming the survivor.
    """
    wanted = text.strip()
    if wanted.isdecimal() and len(wanted) < 11 and not wanted.startswith("0"):
        found = unit.exec(select(Member).where(col(Member.id) == int(wanted))).first()
        if found is not None and found.merged_into_id is not None:
            raise merged(found)
        if found is not None:
            return int(wanted)
    rows = search(unit, wanted, 2) if wanted else ()
    if not rows:
        raise Refused("members.unknown", member=wanted)
    if len(rows) > 1:
        raise Refused("members.ambiguous", text=wanted)
    return rows[0].id


def _memberships(unit: ReadUnit, member_id: int) -> tuple[MembershipRow, ...]:
    rows = unit.exec(
        select(Membership, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(col(Membership.member_id) == member_id)
        .order_by(col(Membership.starts), col(Membership.id))
    )
    return tuple(
        MembershipRow(row.organisation_id, name, row.starts, row.ends, row.standing, row.reason)
        for row, name in rows
    )
