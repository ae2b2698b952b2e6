"""Tables of access (权限): users and their roles, and the part of the tree each may see."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

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


class Setting(SQLModel, table=True):
    """Facts of the installation (安装信息): key fingerprint, name of the federation."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True, max_length=64)
    value: str = Field(sa_type=sa.Text)
