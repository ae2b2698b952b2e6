"""Tables of the member register (会员登记): a person, what identifies him or her, memberships with dates,
search keys.

Sex, birth, status and the statutory retirement month are plain columns, so that rules never open a sealed
one.
"""

import enum
from datetime import date, datetime
from typing import Any

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
    __table_args__ = (
        sa.Index("ix_member_birth_name", "birth", "name"),
        sa.Index(
            "ix_member_merged_into_id",
            "merged_into_id",
            sqlite_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_member_rare_status",
            "status",
            sqlite_where=sa.text("status != 'in_post'"),
            postgresql_where=sa.text("status != 'in_post'"),
        ),
    )

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
    department: str | None = Field(default=None, max_length=60)
    """Department or branch within the unit (部门)."""
    ethnicity: str | None = Field(default=None, max_length=20)
    platform: str | None = Field(default=None, max_length=60)
    """Platform company of a worker in a new form of employment (平台), DOMAIN 2.6."""
    station: str | None = Field(default=None, max_length=80)
    """Station or site from which he or she works (站点)."""
    planned_retirement: date | None = None
    """First day of the month chosen in flexible retirement (弹性退休), earlier or later than the statutory
    one."""
    retired_on: date | None = None
    """Day of the actual retirement: the fact that wins over both months (DOMAIN 2.5)."""
    retain_until: date | None = None
    """Last day on which the record must be kept (保存期限), DOMAIN 3.4; None: not yet said."""
    merged_into_id: int | None = ref("member.id", default=None)
    """The record that took this one over (合并重复); such a row is nobody any more and stays for the
    trail."""
    id_kind: IdKind | None = Field(default=None, sa_type=coded(IdKind, "id_kind"))
    id_valid: bool | None = None
    """Whether the number passed every check (None: there is no number)."""
    id_number: str | None = Field(default=None, sa_type=SealedText("member.id_number"))
    id_last4: str | None = Field(default=None, max_length=4)
    phone: str | None = Field(default=None, sa_type=SealedText("member.phone"))
    phone_last4: str | None = Field(default=None, max_length=4)
    phone_digest: bytes | None = Field(default=None, sa_type=sa.LargeBinary(32), index=True)
    """Keyed digest of the mobile number: who else has it (手机号重复)."""
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
    (DESIGN law 15).

    ``member_id`` is no foreign key: whoever deletes a member would search nine million keys for it. An
    invariant holds them together, and another one the branch of keys and person."""

    __tablename__ = "member_key"
    __table_args__ = (
        sa.PrimaryKeyConstraint("kind", "key", "member_id", postgresql_include=["branch_id"]),
        {"sqlite_with_rowid": False},
    )

    kind: int = Field(primary_key=True, sa_type=sa.SmallInteger)
    key: str = Field(primary_key=True, sa_type=ordered_text(120))
    member_id: int = Field(primary_key=True, sa_type=BigId)
    branch_id: int = Field(sa_type=BigId)
    """Branch of the person (``members.branches``), 0: has left several. A search of one street passes over
    the keys of all others by it, without asking for the people."""


class WorkerCategory(SQLModel, table=True):
    """A category of workers in new forms of employment (新就业形态类别), in use ``starts``–``ends``
    inclusive."""

    __tablename__ = "worker_category"

    code: str = Field(primary_key=True, max_length=32)
    name_zh: str = Field(max_length=40)
    name_en: str = Field(max_length=60)
    starts: date
    ends: date | None = None


class WorkerGroup(SQLModel, table=True):
    """A category's place in a published group: 八大群体 of 2018 [S87], the four of 2021 [S39][S109]."""

    __tablename__ = "worker_group"

    group_code: str = Field(primary_key=True, max_length=16)
    category_code: str = Field(primary_key=True, foreign_key="worker_category.code", max_length=32)


class MemberCategory(SQLModel, table=True):
    """A person belongs to a worker category, ``starts``–``ends`` inclusive (None: open); several at once."""

    __tablename__ = "member_category"
    __table_args__ = (sa.UniqueConstraint("member_id", "category_code", "starts"),)

    id: int | None = id_field()
    member_id: int = ref("member.id")
    category_code: str = Field(foreign_key="worker_category.code", max_length=32)
    starts: date
    ends: date | None = None


class IdentifierKind(enum.Enum):
    """What a number other than the identity number belongs to: 京卡·互助服务卡, 会员编号, 工号, 银行卡."""

    UNION_CARD = "union_card"
    MEMBER_NUMBER = "member_number"
    STAFF_NUMBER = "staff_number"
    BANK_CARD = "bank_card"


class MemberIdentifier(SQLModel, table=True):
    """A number by which a person is known elsewhere (其他编号), sealed, ``starts``–``ends`` inclusive (None:
    in use)."""

    __tablename__ = "member_identifier"
    __table_args__ = (
        sa.Index("ix_member_identifier_kind_digest", "kind", "digest"),
        # a service card or a member number means one person
        sa.Index(
            "uq_member_identifier_in_use",
            "kind",
            "digest",
            unique=True,
            sqlite_where=sa.text("ends IS NULL AND kind IN ('union_card', 'member_number')"),
            postgresql_where=sa.text("ends IS NULL AND kind IN ('union_card', 'member_number')"),
        ),
    )

    id: int | None = id_field()
    member_id: int = ref("member.id", index=True)
    kind: IdentifierKind = Field(sa_type=coded(IdentifierKind, "identifier_kind"))
    number: str = Field(sa_type=SealedText("member_identifier.number"))
    digest: bytes = Field(sa_type=sa.LargeBinary(32))
    last4: str = Field(max_length=4)
    starts: date
    ends: date | None = None


class Relation(enum.Enum):
    """Relation of next of kin (亲属关系): 配偶, 子女, 父母, 其他."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    OTHER = "other"


class NextOfKin(SQLModel, table=True):
    """Whom a death benefit goes to (身故受益人/近亲属), ``starts``–``ends`` inclusive (None: in force)."""

    __tablename__ = "next_of_kin"

    id: int | None = id_field()
    member_id: int = ref("member.id", index=True)
    name: str = Field(max_length=50)
    relation: Relation = Field(sa_type=coded(Relation, "relation"))
    phone: str | None = Field(default=None, sa_type=SealedText("next_of_kin.phone"))
    phone_last4: str | None = Field(default=None, max_length=4)
    id_number: str | None = Field(default=None, sa_type=SealedText("next_of_kin.id_number"))
    id_last4: str | None = Field(default=None, max_length=4)
    percent: int | None = Field(default=None, sa_type=sa.SmallInteger)
    """Share of the benefit in hundredths; None: not said (by law in equal parts is for the claim to say)."""
    starts: date
    ends: date | None = None


class Purpose(enum.Enum):
    """What personal information is used for (处理目的), DOMAIN 3.4 [S98]: 会员登记, 健康信息, 金融账户, 公示,
    短信通知, 未成年人信息."""

    REGISTER = "register"
    HEALTH = "health"
    FINANCE = "finance"
    PUBLICATION = "publication"
    MESSAGES = "messages"
    CHILD = "child"


class ConsentForm(enum.Enum):
    """How consent was given (同意方式): 书面, 线上, 监护人."""

    WRITTEN = "written"
    ONLINE = "online"
    GUARDIAN = "guardian"


class Consent(SQLModel, table=True):
    """A person's consent (个人信息同意) to one purpose; withdrawn, it stays on record."""

    __tablename__ = "consent"
    __table_args__ = (sa.UniqueConstraint("member_id", "purpose", "given_on"),)

    id: int | None = id_field()
    member_id: int = ref("member.id")
    purpose: Purpose = Field(sa_type=coded(Purpose, "purpose"))
    form: ConsentForm = Field(sa_type=coded(ConsentForm, "consent_form"))
    notice: str = Field(default="", max_length=60)
    """Which text of the notice was shown (告知书版本)."""
    given_on: date
    withdrawn_on: date | None = None


class MemberEvent(SQLModel, table=True):
    """A dated event in a person's file that no other table holds (大事记): a change of status, a choice of
    retirement, a merge."""

    __tablename__ = "member_event"

    id: int | None = id_field()
    member_id: int = ref("member.id", index=True)
    day: date
    kind: str = Field(max_length=32)
    """``members.event.<kind>`` is its sentence."""
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """Parameters of the sentence: codes, months; never a number in clear."""
