"""Tables of the renewal run (续保批次): the run, its terms, prices and reasons, the frozen decisions, and
their sums by unit.

A decision's verdict is computed by the database from its reasons and its override, so the two can never
disagree.
"""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.contributions.models import Payer
from benefits.kernel.tables import coded, fen_field, id_field, ref


class RunState(enum.Enum):
    """已预览, 已核对, 生效中, 已生效, 已放弃."""

    PREVIEWED = "previewed"
    REVIEWED = "reviewed"
    APPLYING = "applying"
    APPLIED = "applied"
    ABANDONED = "abandoned"


class Verdict(enum.Enum):
    """续保, 新增, 不续, 本人放弃."""

    RENEW = "renew"
    ADD = "add"
    EXCLUDE = "exclude"
    DECLINE = "decline"


class Override(enum.Enum):
    """A clerk's word over the rules: include in spite of a reason, or the person declines."""

    INCLUDE = "include"
    DECLINE = "decline"


class UnitState(enum.Enum):
    """Review of a unit's list: 待核对, 已确认, 未报送."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    NOT_SUBMITTED = "not_submitted"


class Participation(enum.Enum):
    """A unit's participation against the edition: 达标, 未达标, 无法判定 (the edition or the head-count is
    unknown), 不要求."""

    MET = "met"
    BELOW = "below"
    UNKNOWN = "unknown"
    NONE = "none"


class RenewalRun(SQLModel, table=True):
    """A run (续保批次): one plan, a window of expiry dates, a part of the tree."""

    __tablename__ = "renewal_run"

    id: int | None = id_field()
    number: str = Field(max_length=24, unique=True)
    plan_id: int = ref("plan.id")
    organisation_id: int = ref("organisation.id")
    window_from: date
    window_to: date
    as_of: date
    """The day for which the decisions were made."""
    with_class: bool = False
    """Whether people that the plan pays for as a class were added (按类新增)."""
    funding: str = Field(default="", max_length=32)
    """The one split of the run; empty: everybody keeps that of the last term."""
    grace_days: int | None = None
    grace_reason: str = Field(default="", max_length=200)
    """A grace that the clerk recorded because the edition leaves it 待核实, and why."""
    state: RunState = Field(sa_type=coded(RunState, "run_state"))
    created_by: str = Field(max_length=64)
    created_at: datetime
    reviewed_by: str | None = Field(default=None, max_length=64)
    applied_at: datetime | None = None


class RunTerm(SQLModel, table=True):
    """One anniversary of a run: prior terms ending on ``prior_ends`` are followed by ``starts``–``ends``."""

    __tablename__ = "run_term"

    run_id: int = ref("renewal_run.id", primary_key=True)
    term: int = Field(primary_key=True, sa_type=sa.SmallInteger, sa_column_kwargs={"autoincrement": False})
    edition_id: int = ref("plan_edition.id")
    prior_ends: date | None = None
    """None: the term of people added by class."""
    starts: date
    ends: date
    waiting_until: date | None = None
    first_time: bool
    """Whether the term counts as a first one (beyond grace, or added)."""


class RunPrice(SQLModel, table=True):
    """One price of a run: fee of a share by split, tier and risk class, fen."""

    __tablename__ = "run_price"

    run_id: int = ref("renewal_run.id", primary_key=True)
    price: int = Field(primary_key=True, sa_type=sa.SmallInteger, sa_column_kwargs={"autoincrement": False})
    edition_id: int = ref("plan_edition.id")
    funding: str = Field(max_length=32)
    """Code of the split (出资方案) that pays it."""
    tier: str | None = Field(default=None, max_length=16)
    risk_class: str | None = Field(default=None, max_length=16)
    fen: int = fen_field()


class RunPriceLine(SQLModel, table=True):
    """Who pays how much of one share at one price; lines add up to the price."""

    __tablename__ = "run_price_line"
    __table_args__ = (sa.ForeignKeyConstraint(["run_id", "price"], ["run_price.run_id", "run_price.price"]),)

    run_id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    price: int = Field(primary_key=True, sa_type=sa.SmallInteger)
    payer: Payer = Field(primary_key=True, sa_type=coded(Payer, "line_payer"))
    fen: int = fen_field()


class RunReason(SQLModel, table=True):
    """What bit ``bit`` of ``Decision.reasons`` means in this run."""

    __tablename__ = "run_reason"

    run_id: int = ref("renewal_run.id", primary_key=True)
    bit: int = Field(primary_key=True, sa_type=sa.SmallInteger, sa_column_kwargs={"autoincrement": False})
    code: str = Field(max_length=40)
    rule_id: str = Field(default="", max_length=64)
    say_zh: str = Field(max_length=200)
    say_en: str = Field(max_length=300)


VERDICT_SQL = (
    "CASE WHEN override = 'decline' THEN 'decline'"
    " WHEN reasons = 0 OR (override = 'include' AND (reasons & 4096) = 0)"
    " THEN CASE WHEN prior_id IS NULL THEN 'add' ELSE 'renew' END"
    " ELSE 'exclude' END"
)
"""4096 is the reason that the unit did not submit its list (单位未报送): a word over the rules for one person
does not stand in for the list."""


class Decision(SQLModel, table=True):
    """A frozen decision (决定) about one person in one run: all reasons as bits, the term, shares and
    money."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.Index("ix_decision_run_organisation", "run_id", "organisation_id"),
        sa.Index("ix_decision_member_id", "member_id"),
        sa.ForeignKeyConstraint(["run_id", "term"], ["run_term.run_id", "run_term.term"]),
        sa.ForeignKeyConstraint(["run_id", "price"], ["run_price.run_id", "run_price.price"]),
        {"sqlite_with_rowid": False},
    )

    run_id: int = Field(primary_key=True, sa_type=sa.BigInteger, foreign_key="renewal_run.id")
    member_id: int = ref("member.id", primary_key=True)
    organisation_id: int = ref("organisation.id")
    prior_id: int | None = ref("enrollment.id", default=None)
    term: int = Field(sa_type=sa.SmallInteger)
    price: int | None = Field(default=None, sa_type=sa.SmallInteger)
    """None: no price is known for the person's tier and risk class."""
    shares: int = Field(sa_type=sa.SmallInteger)
    fen: int = fen_field()
    reasons: int = Field(sa_type=sa.BigInteger)
    override: Override | None = Field(default=None, sa_type=coded(Override, "override"))
    override_by: str | None = Field(default=None, max_length=64)
    override_reason: str | None = Field(default=None, max_length=200)
    verdict: Verdict = Field(
        sa_type=coded(Verdict, "verdict"), sa_column_args=[sa.Computed(VERDICT_SQL, persisted=True)]
    )


class RunTally(SQLModel, table=True):
    """Sums of a run's decisions by unit and price, written with them and proven equal to them
    (``verify``)."""

    __tablename__ = "run_tally"

    run_id: int = ref("renewal_run.id", primary_key=True)
    organisation_id: int = ref("organisation.id", primary_key=True)
    price: int = Field(primary_key=True, sa_type=sa.SmallInteger, sa_column_kwargs={"autoincrement": False})
    """0: no price."""
    candidates: int
    renewed: int
    added: int
    excluded: int
    declined: int
    covered: int
    """Excluded because they hold cover in the new term already; they count as joined."""
    shares: int
    fen: int = fen_field()


class RunUnit(SQLModel, table=True):
    """One unit's part of a run: its participation (参保率) and the review of its list."""

    __tablename__ = "run_unit"

    run_id: int = ref("renewal_run.id", primary_key=True)
    organisation_id: int = ref("organisation.id", primary_key=True)
    basis: int | None = None
    """Head-count that the ratio is of (staff, or in-post women); None: not known."""
    joined: int
    """People of the unit with cover in the new term."""
    participation: Participation = Field(sa_type=coded(Participation, "participation"))
    state: UnitState = Field(default=UnitState.PENDING, sa_type=coded(UnitState, "unit_state"))


class RunChunk(SQLModel, table=True):
    """A key range of members already applied; what makes a killed run go on where it stood."""

    __tablename__ = "run_chunk"

    run_id: int = ref("renewal_run.id", primary_key=True)
    first_member: int = Field(
        primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    last_member: int = Field(sa_type=sa.BigInteger)
    people: int
    done_at: datetime
