"""The table of enrollments (参保): one row a term of cover, never stretched; terms of one member in one plan
cannot overlap."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.kernel.tables import coded, fen_field, id_field, ref


class EnrollmentState(enum.Enum):
    """In the books, or void (作废, kept for the record)."""

    ACTIVE = "active"
    VOID = "void"


class Entry(enum.Enum):
    """How the term came about (参保方式): 新保, 续保, 新增 (added at a renewal)."""

    FIRST = "first"
    RENEWED = "renewed"
    ADDED = "added"


class Enrollment(SQLModel, table=True):
    """A term of cover (一期保障), ``starts``–``ends`` inclusive, at the unit that pays."""

    __tablename__ = "enrollment"
    __table_args__ = (
        sa.Index(
            "uq_enrollment_member_plan_starts",
            "member_id",
            "plan_id",
            "starts",
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        ),
        sa.Index("ix_enrollment_member_id", "member_id"),
        sa.Index(
            "ix_enrollment_prior_id",
            "prior_id",
            sqlite_where=sa.text("prior_id IS NOT NULL"),
            postgresql_where=sa.text("prior_id IS NOT NULL"),
        ),
        sa.Index("ix_enrollment_plan_ends", "plan_id", "ends", "member_id"),
        sa.Index("ix_enrollment_organisation_plan", "organisation_id", "plan_id", "ends"),
        sa.CheckConstraint("starts <= ends", name="dates"),
        sa.CheckConstraint("shares >= 1 AND fen >= 0", name="amounts"),
    )

    id: int | None = id_field()
    member_id: int = ref("member.id")
    plan_id: int = ref("plan.id")
    edition_id: int = ref("plan_edition.id")
    organisation_id: int = ref("organisation.id")
    prior_id: int | None = ref("enrollment.id", default=None)
    run_id: int | None = ref("renewal_run.id", default=None)
    starts: date
    ends: date
    waiting_until: date | None = None
    """Last day of the waiting period (观察期); None: none."""
    continuous_since: date
    """First day of cover without a gap (连续参保起始)."""
    shares: int = Field(default=1, sa_type=sa.SmallInteger)
    tier: str | None = Field(default=None, max_length=16)
    fen: int = fen_field()
    funding: str = Field(default="", max_length=32)
    """Code of the edition's split (出资方案)."""
    entry: Entry = Field(sa_type=coded(Entry, "entry"))
    exhausted_on: date | None = None
    """Day on which a payment ended this term's cover (已给付终止); None: still open."""
    state: EnrollmentState = Field(default=EnrollmentState.ACTIVE, sa_type=coded(EnrollmentState, "state"))
