"""Tables of plans (保障计划) and their editions (版本). An edition's document is immutable once published
(trigger)."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.kernel.tables import coded, id_field, ref


class PlanKind(enum.Enum):
    """A plan of its own, or a bundle of component covers (组合计划)."""

    PLAN = "plan"
    BUNDLE = "bundle"


class Plan(SQLModel, table=True):
    """A plan (计划): a name that lives on while its numbers change."""

    __tablename__ = "plan"

    id: int | None = id_field()
    code: str = Field(max_length=64, unique=True)
    name_zh: str = Field(max_length=120)
    name_en: str = Field(max_length=200)
    kind: PlanKind = Field(sa_type=coded(PlanKind, "plan_kind"))


class PlanEdition(SQLModel, table=True):
    """One edition of a plan: the TOML document, in force from ``effective`` until the next one or ``ended``
    (inclusive)."""

    __tablename__ = "plan_edition"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "edition"),
        sa.UniqueConstraint("plan_id", "effective"),
    )

    id: int | None = id_field()
    plan_id: int = ref("plan.id")
    edition: str = Field(max_length=32)
    effective: date
    ended: date | None = None
    digest: str = Field(max_length=64)
    document: str = Field(sa_type=sa.Text)
    draft: bool = False
    published_at: datetime
