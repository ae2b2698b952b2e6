"""Tables of the union tree (工会组织树): organisations and their dated places in it."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.kernel.tables import coded, id_field, ordered_text, ref


class Level(enum.Enum):
    """市总工会, 区总工会, 街道/乡镇总工会 (or an industry union beside them), 基层工会."""

    CITY = "city"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    GRASSROOTS = "grassroots"


class RiskClass(enum.Enum):
    """Occupational risk (职业风险类别) as the accident cover's tiers know it: ordinary, high."""

    ORDINARY = "ordinary"
    HIGH = "high"


class Organisation(SQLModel, table=True):
    """A union organisation (工会组织). ``path`` is its place today: ids from the root, ``/1/7/42/``."""

    __tablename__ = "organisation"

    id: int | None = id_field()
    parent_id: int | None = ref("organisation.id", default=None, index=True)
    path: str = Field(sa_type=ordered_text(120), index=True)
    level: Level = Field(sa_type=coded(Level, "level"))
    code: str = Field(max_length=32, unique=True)
    """Our own key of the unit; area code for streets and towns."""
    name: str = Field(max_length=120)
    uscc: str | None = Field(default=None, max_length=18, unique=True)
    """Unified social credit code (统一社会信用代码) of the union, 81… or 89…."""
    staff: int | None = None
    """Head-count that the unit proved (职工人数); basis of a participation ratio over all staff."""
    risk_class: RiskClass | None = Field(default=None, sa_type=coded(RiskClass, "risk_class"))
    founded: date
    closed: date | None = None


class OrganisationPosition(SQLModel, table=True):
    """Where an organisation stood in the tree, ``starts``–``ends`` inclusive; the past keeps its shape."""

    __tablename__ = "organisation_position"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "starts"),)

    id: int | None = id_field()
    organisation_id: int = ref("organisation.id")
    parent_id: int | None = ref("organisation.id", default=None)
    starts: date
    ends: date | None = None
