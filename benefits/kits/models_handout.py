"""Tables of hand-outs (发放记录): who was given what, when and where; and the year's limit of value."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.kernel.tables import BigId, coded, fen_field, id_field, ref


class HandoutState(enum.Enum):
    """Handed over; void (作废, kept for the record); given a second time somewhere without the network
    (重复领取, listed for somebody to decide)."""

    ACTIVE = "active"
    VOID = "void"
    TWICE = "twice"


class Signed(enum.Enum):
    """Signature of the receiver (签收): not yet, by himself or herself, by whoever collected for the person
    (代签)."""

    NO = "no"
    SELF = "self"
    FOR = "for"


class Handout(SQLModel, table=True):
    """An item handed to a person (发放) on ``given_on``: once a person, campaign and ``slot``, which is the
    item, or 0 where the campaign gives one thing to each. The lots that it came from are those of its
    moves."""

    __tablename__ = "kit_handout"
    __table_args__ = (
        sa.Index(
            "uq_kit_handout_member_campaign_slot",
            "member_id",
            "campaign_id",
            "slot",
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        ),
        sa.Index("ix_kit_handout_campaign_station", "campaign_id", "station_id"),
        sa.Index(
            "uq_kit_handout_origin",
            "origin",
            "origin_seq",
            unique=True,
            sqlite_where=sa.text("origin <> ''"),
            postgresql_where=sa.text("origin <> ''"),
        ),
        sa.CheckConstraint("quantity >= 1", name="quantity"),
        sa.CheckConstraint("fen >= 0", name="fen"),
        sa.CheckConstraint("slot = 0 OR slot = item_id", name="slot"),
    )

    id: int | None = id_field()
    member_id: int = ref("member.id", index=True)
    organisation_id: int = ref("organisation.id", index=True)
    """The union where the person was a member that day."""
    campaign_id: int = ref("kit_campaign.id")
    item_id: int = ref("kit_item.id", index=True)
    slot: int = Field(sa_type=BigId)
    station_id: int | None = ref("kit_station.id", default=None, index=True)
    quantity: int = 1
    fen: int = fen_field(default=0)
    """Value of what was handed over, at cost; of money, the amount."""
    given_on: date
    given_at: datetime
    """When it was written down; of two that contradict each other the earlier holds."""
    made_by: str = Field(max_length=64)
    collected_by: str = Field(default="", max_length=50)
    """Who collected for the person (代领人); empty: the person."""
    signed: Signed = Field(default=Signed.NO, sa_type=coded(Signed, "kit_signed"))
    note: str = Field(default="", max_length=200)
    state: HandoutState = Field(default=HandoutState.ACTIVE, sa_type=coded(HandoutState, "handout_state"))
    reason: str = Field(default="", max_length=200)
    """Why it is void, or how a second one was settled (处理意见)."""
    origin: str = Field(default="", max_length=36)
    """The package that it was made in, empty: here; ``origin_seq``: its number there."""
    origin_seq: int | None = Field(default=None, sa_type=BigId)


class Allowance(SQLModel, table=True):
    """What a person was given in a year for a purpose that has a yearly limit (年度限额), fen. The sum of the
    active hand-outs, held in one row so that two counters cannot pass the limit together."""

    __tablename__ = "kit_allowance"
    __table_args__ = (sa.CheckConstraint("fen >= 0 AND fen <= most_fen", name="limit"),)

    member_id: int = ref("member.id", primary_key=True)
    year: int = Field(primary_key=True, sa_type=sa.SmallInteger, sa_column_kwargs={"autoincrement": False})
    purpose: str = Field(primary_key=True, max_length=32)
    fen: int = fen_field()
    most_fen: int = fen_field()
