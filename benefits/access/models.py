"""Tables of access (权限): users and their roles, and the part of the tree each may see."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.kernel.sealed import SealedText
from benefits.kernel.tables import coded, id_field, ref


class Role(enum.Enum):
    """经办, 复核, 管理, 审计."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    ADMIN = "admin"
    AUDITOR = "auditor"


class User(SQLModel, table=True):
    """A user (用户): a login of the system, a role, and the organisation whose subtree he or she sees (none:
    all)."""

    __tablename__ = "app_user"

    id: int | None = id_field()
    login: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=50)
    role: Role = Field(sa_type=coded(Role, "role"))
    organisation_id: int | None = ref("organisation.id", default=None)
    active: bool = True
    created_at: datetime


class OrganisationClerk(SQLModel, table=True):
    """Who does a unit's union work (经办人/代办员), ``starts``–``ends`` inclusive (None: now). A change of
    clerk needs a sealed form and unbinds the old one [S76][S77]."""

    __tablename__ = "organisation_clerk"

    id: int | None = id_field()
    organisation_id: int = ref("organisation.id", index=True)
    user_id: int | None = ref("app_user.id", default=None)
    """The login of this program, where the clerk has one."""
    name: str = Field(max_length=50)
    phone: str | None = Field(default=None, sa_type=SealedText("organisation_clerk.phone"))
    phone_last4: str | None = Field(default=None, max_length=4)
    starts: date
    ends: date | None = None
    document: str = Field(default="", max_length=120)
    """Number of the paper by which the clerk was named (变更表文号)."""


class Setting(SQLModel, table=True):
    """Facts of the installation (安装信息): key fingerprint, name of the federation."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True, max_length=64)
    value: str = Field(sa_type=sa.Text)
