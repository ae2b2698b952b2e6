"""The table of hand-outs (发放记录): who was handed what, when and where."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.kernel.tables import coded, id_field, ref


class HandoutState(enum.Enum):
    """Handed over, or void (作废, kept for the record)."""

    ACTIVE = "active"
    VOID = "void"


class Handout(SQLModel, table=True):
    """An item handed to a person (发放) on ``given_on``: once a person, campaign and item."""

    __tablename__ = "kit_handout"
    __table_args__ = (
        sa.Index(
            "uq_kit_handout_member_campaign_item",
            "member_id",
            "campaign",
            "item",
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        ),
        sa.CheckConstraint("quantity >= 1", name="quantity"),
    )

    id: int | None = id_field()
    member_id: int = ref("member.id", index=True)
    organisation_id: int = ref("organisation.id", index=True)
    """The union where the person was a member that day."""
    campaign: str = Field(max_length=60)
    """Name of the campaign or event (发放活动)."""
    item: str = Field(max_length=60)
    quantity: int = 1
    given_on: date
    station: str = Field(default="", max_length=80)
    note: str = Field(default="", max_length=200)
    state: HandoutState = Field(default=HandoutState.ACTIVE, sa_type=coded(HandoutState, "handout_state"))
