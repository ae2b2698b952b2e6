"""Tables of the member register (会员登记): a person, what identifies him or her, memberships with dates,
search keys.

Sex, birth, status and the statutory retirement month are plain columns, so that rules never open a sealed
one.
"""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.kernel.ids import IdKind, Sex
from benefits.kernel.sealed import SealedText
from benefits.kernel.tables import BigId, coded, id_field, ordered_text, ref
from benefits.members.retirement import RetirementCategory
from benefits.organisations.models import RiskClass


class Status(enum.Enum):
    """Labour status (在职状态): 在职, 内退, 停薪留职/失业, 退休, 离职, 去世."""

    IN_POST = "in_post"
    EARLY_LEAVE = "early_leave"
    UNEMPLOYED = "unemployed"
    RETIRED = "retired"
    RESIGNED = "resigned"
    DECEASED = "deceased"


class Employment(enum.Enum):
    """Form of employment (用工形式): 正式, 合同, 临时(满一年), 劳务派遣, 新就业形态."""

    REGULAR = "regular"
    CONTRACT = "contract"
    TEMPORARY = "temporary"
    DISPATCHED = "dispatched"
    PLATFORM = "platform"


class Member(SQLModel, table=True):
    """A member (会员): one row a person. ``organisation_id`` is the union of the open membership (None: none
    open)."""

    __tablename__ = "member"

    id: int | None = id_field()
    organisation_id: int | None = ref("organisation.id", default=None, index=True)
    name: str = Field(max_length=50)
    sex: Sex | None = Field(default=None, sa_type=coded(Sex, "sex"))
    birth: date | None = None
    status: Status | None = Field(default=None, sa_type=coded(Status, "status"))
    status_since: date | None = None
    employment: Employment | None = Field(default=None, sa_type=coded(Employment, "employment"))
    risk_class: RiskClass | None = Field(default=None, sa_type=coded(RiskClass, "member_risk_class"))
    """The person's own class where it differs from the unit's."""
    retirement_category: RetirementCategory | None = Field(
        default=None, sa_type=coded(RetirementCategory, "retirement_category")
    )
    retirement_month: date | None = None
    """First day of the statutory retirement month (法定退休年月), computed by ``members.retirement``."""
    joined_on: date | None = None
    has_card: bool | None = None
    """Whether the person holds the service card (京卡)."""
    id_kind: IdKind | None = Field(default=None, sa_type=coded(IdKind, "id_kind"))
    id_valid: bool | None = None
    """Whether the number passed every check (None: there is no number)."""
    id_number: str | None = Field(default=None, sa_type=SealedText("member.id_number"))
    id_last4: str | None = Field(default=None, max_length=4)
    phone: str | None = Field(default=None, sa_type=SealedText("member.phone"))
    phone_last4: str | None = Field(default=None, max_length=4)
    version: int = 1
    changed_at: datetime


class MemberIdentity(SQLModel, table=True):
    """The only global uniqueness: one number, one person (身份唯一)."""

    __tablename__ = "member_identity"

    digest: bytes = Field(primary_key=True, sa_type=sa.LargeBinary(32))
    member_id: int = ref("member.id", index=True)


class Standing(enum.Enum):
    """Standing of a membership: the one that counts, or a second one kept until somebody decides
    (重复入会)."""

    PRIMARY = "primary"
    SECOND = "second"


class Membership(SQLModel, table=True):
    """A membership (会籍) of a member in an organisation, ``starts``–``ends`` inclusive (None: open)."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "organisation_id", "starts"),
        sa.Index(
            "ix_membership_second",
            "member_id",
            sqlite_where=sa.text("standing = 'second'"),
            postgresql_where=sa.text("standing = 'second'"),
        ),
    )

    id: int | None = id_field()
    member_id: int = ref("member.id")
    organisation_id: int = ref("organisation.id", index=True)
    starts: date
    ends: date | None = None
    standing: Standing = Field(default=Standing.PRIMARY, sa_type=coded(Standing, "standing"))
    reason: str = Field(default="", max_length=40)


class MemberKey(SQLModel, table=True):
    """Search keys (检索键): name suffixes, pinyin, initials, reversed tails; one design on both engines
    (DESIGN law 15)."""

    __tablename__ = "member_key"
    __table_args__ = {"sqlite_with_rowid": False}

    kind: int = Field(primary_key=True, sa_type=sa.SmallInteger)
    key: str = Field(primary_key=True, sa_type=ordered_text(120))
    member_id: int = Field(primary_key=True, foreign_key="member.id", sa_type=BigId)
