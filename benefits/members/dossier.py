"""What is kept about a person beside the record (会员档案): categories, other numbers, next of kin,
consents. Numbers are masked.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from benefits.kernel.text import mask_id, mask_phone
from benefits.kernel.unit import ReadUnit
from benefits.members.identifiers import mask_number
from benefits.members.models import (
    Consent,
    ConsentForm,
    IdentifierKind,
    MemberCategory,
    MemberIdentifier,
    NextOfKin,
    Purpose,
    Relation,
    WorkerCategory,
    WorkerGroup,
)


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A worker category of the code table, in use ``starts``–``ends`` inclusive, with its groups."""

    code: str
    name_zh: str
    name_en: str
    groups: tuple[str, ...]
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class HeldCategory:
    """A category that a person belongs to, both days inclusive."""

    code: str
    name_zh: str
    name_en: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """Another number of a person, masked, both days inclusive."""

    id: int
    kind: IdentifierKind
    number: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class KinRow:
    """Next of kin, numbers masked, both days inclusive. ``percent``: share of a death benefit."""

    id: int
    name: str
    relation: Relation
    phone: str
    id_number: str
    percent: int | None
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """Consent to one purpose; ``withdrawn_on`` None: it stands."""

    purpose: Purpose
    form: ConsentForm
    notice: str
    given_on: date
    withdrawn_on: date | None


def categories(unit: ReadUnit, day: date | None = None) -> tuple[CategoryRow, ...]:
    """Worker categories in use on a day (today), with their groups, in the order of their age; what a form
    offers."""
    on = day or unit.today
    return tuple(
        row for row in every_category(unit) if row.starts <= on and (row.ends is None or row.ends >= on)
    )


def every_category(unit: ReadUnit) -> tuple[CategoryRow, ...]:
    """The whole code table, also what is not in use any more or not yet, in the order of age."""
    rows = unit.exec(
        select(WorkerCategory).order_by(col(WorkerCategory.starts), col(WorkerCategory.code))
    ).all()
    groups: dict[str, list[str]] = {}
    for group in unit.exec(select(WorkerGroup).order_by(col(WorkerGroup.group_code))):
        groups.setdefault(group.category_code, []).append(group.group_code)
    return tuple(
        CategoryRow(row.code, row.name_zh, row.name_en, tuple(groups.get(row.code, ())), row.starts, row.ends)
        for row in rows
    )


def categories_of(unit: ReadUnit, member_id: int) -> tuple[HeldCategory, ...]:
    """The categories of a person, past ones too, the oldest first."""
    rows = unit.exec(
        select(MemberCategory, WorkerCategory)
        .join(WorkerCategory, col(WorkerCategory.code) == col(MemberCategory.category_code))
        .where(col(MemberCategory.member_id) == member_id)
        .order_by(col(MemberCategory.starts), col(MemberCategory.id))
    )
    return tuple(
        HeldCategory(kind.code, kind.name_zh, kind.name_en, row.starts, row.ends) for row, kind in rows
    )


def identifiers_of(unit: ReadUnit, member_id: int) -> tuple[IdentifierRow, ...]:
    """Other numbers of a person, past ones too, the oldest first."""
    rows = unit.exec(
        select(MemberIdentifier)
        .where(col(MemberIdentifier.member_id) == member_id)
        .order_by(col(MemberIdentifier.starts), col(MemberIdentifier.id))
    )
    return tuple(
        IdentifierRow(row.id or 0, row.kind, mask_number(row.last4), row.starts, row.ends) for row in rows
    )


def kin_of(unit: ReadUnit, member_id: int) -> tuple[KinRow, ...]:
    """Next of kin of a person, past ones too, the oldest first."""
    rows = unit.exec(
        select(NextOfKin)
        .where(col(NextOfKin.member_id) == member_id)
        .order_by(col(NextOfKin.starts), col(NextOfKin.id))
    )
    return tuple(
        KinRow(
            row.id or 0,
            row.name,
            row.relation,
            mask_phone(row.phone or ""),
            mask_id(row.id_number or ""),
            row.percent,
            row.starts,
            row.ends,
        )
        for row in rows
    )


def consents_of(unit: ReadUnit, member_id: int) -> tuple[ConsentRow, ...]:
    """What a person agreed to, and what was withdrawn, the oldest first."""
    rows = unit.exec(
        select(Consent)
        .where(col(Consent.member_id) == member_id)
        .order_by(col(Consent.given_on), col(Consent.id))
    )
    return tuple(
        ConsentRow(row.purpose, row.form, row.notice, row.given_on, row.withdrawn_on) for row in rows
    )
