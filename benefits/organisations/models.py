"""Tables of the union tree (工会组织树): organisations and their dated places in it."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.kernel.tables import BigId, coded, id_field, ordered_text, ref


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
    industry: str | None = Field(default=None, max_length=2)
    """Industry 01–20 of the union's own form (所属行业), DOMAIN 2.1 [S86]."""
    unit_type: str | None = Field(default=None, max_length=3)
    """Type of the unit (单位性质), 110 state … 700 non-enterprise [S86]."""
    address: str | None = Field(default=None, max_length=200)
    founded: date
    closed: date | None = None
    version: int = 1


class OrganisationName(SQLModel, table=True):
    """A name that an organisation had before (曾用名), ``starts``–``ends`` inclusive; today's name stands in
    ``organisation``."""

    __tablename__ = "organisation_name"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "starts"),)

    id: int | None = id_field()
    organisation_id: int = ref("organisation.id")
    name: str = Field(max_length=120)
    starts: date
    ends: date


class OrganisationKey(SQLModel, table=True):
    """Search keys of a unit (单位检索键): name suffixes, pinyin, initials, code; as ``member_key``."""

    __tablename__ = "organisation_key"
    __table_args__ = {"sqlite_with_rowid": False}

    kind: int = Field(primary_key=True, sa_type=sa.SmallInteger)
    key: str = Field(primary_key=True, sa_type=ordered_text(120))
    organisation_id: int = Field(primary_key=True, foreign_key="organisation.id", sa_type=BigId)


class OrganisationPosition(SQLModel, table=True):
    """Where an organisation stood in the tree, ``starts``–``ends`` inclusive; the past keeps its shape."""

    __tablename__ = "organisation_position"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "starts"),)

    id: int | None = id_field()
    organisation_id: int = ref("organisation.id")
    parent_id: int | None = ref("organisation.id", default=None)
    starts: date
    ends: date | None = None
