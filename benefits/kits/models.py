"""Tables of kits and campaigns (健康包与发放活动): items and bills of items, campaigns, who is entitled,
stations, allocation. Stock stands in ``models_stock``, hand-outs in ``models_handout``.

Campaigns, items and stations hold no personal data and are read by everybody; who may change them is asked of
the unit that they belong to (``kits.keeping``).
"""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.contributions.models import Payer
from benefits.kernel.tables import coded, fen_field, id_field, ref


class ItemKind(enum.Enum):
    """What an item is (物品类别): goods for a person (个人物品), a kit built of others (成套), material
    for nobody in person (宣传物料), money (慰问金), which no station keeps."""

    GOODS = "goods"
    KIT = "kit"
    MATERIAL = "material"
    MONEY = "money"


class Item(SQLModel, table=True):
    """An item (物品) of the catalogue that ``organisation_id`` keeps."""

    __tablename__ = "kit_item"

    id: int | None = id_field()
    organisation_id: int = ref("organisation.id", index=True)
    code: str = Field(max_length=24, unique=True)
    name: str = Field(max_length=60)
    kind: ItemKind = Field(sa_type=coded(ItemKind, "kit_item_kind"))
    measure: str = Field(default="件", max_length=8)
    """What one is called when counted (计量单位): 套, 个, 张."""
    barcode: str = Field(default="", max_length=32)
    retired: bool = False
    """No longer bought (停用); its stock and its past stay."""
    version: int = 1


class Part(SQLModel, table=True):
    """A line of a kit's bill of items (配套清单): so many of ``item_id`` in one kit."""

    __tablename__ = "kit_part"
    __table_args__ = (
        sa.CheckConstraint("quantity >= 1", name="quantity"),
        sa.CheckConstraint("kit_id <> item_id", name="itself"),
    )

    kit_id: int = ref("kit_item.id", primary_key=True)
    item_id: int = ref("kit_item.id", primary_key=True)
    quantity: int


class CampaignKind(enum.Enum):
    """What a campaign is for (活动性质): 健康包等普惠发放, 生日慰问, 走访慰问, 竞赛奖品."""

    KITS = "kits"
    BIRTHDAY = "birthday"
    VISIT = "visit"
    PRIZE = "prize"


class CampaignState(enum.Enum):
    """Being prepared (草稿), handing out (发放中), counted and closed (已结清), called off (已取消)."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Once(enum.Enum):
    """What one person gets once (每人限领): each item of the campaign, or one thing of it."""

    ITEM = "item"
    CAMPAIGN = "campaign"


class AllocationState(enum.Enum):
    """Of a campaign's allocation (分配): none yet, proposed or adjusted, approved."""

    NONE = "none"
    PROPOSED = "proposed"
    APPROVED = "approved"


class Campaign(SQLModel, table=True):
    """A campaign (发放活动) of ``organisation_id``, ``starts``–``ends`` inclusive.

    ``rule``: tests of the plans' vocabulary (``kits.rule``), all must hold; on the day of the hand-out.
    ``listed_only``: and only who stands on its list (``Entitled``). ``public``: the public without name, by
    tally, too. ``counts_stock``: hand-outs come out of stations' stock. ``purpose`` names the yearly limit of
    DOMAIN 2.3 that its value counts against ("": none).
    """

    __tablename__ = "kit_campaign"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "name"),
        sa.CheckConstraint("starts <= ends", name="dates"),
        sa.CheckConstraint("budget_fen IS NULL OR budget_fen >= 0", name="budget"),
    )

    id: int | None = id_field()
    organisation_id: int = ref("organisation.id")
    number: str = Field(max_length=24, unique=True)
    name: str = Field(max_length=60, index=True)
    kind: CampaignKind = Field(default=CampaignKind.KITS, sa_type=coded(CampaignKind, "kit_campaign_kind"))
    starts: date
    ends: date
    budget_fen: int | None = fen_field(default=None)
    fund: Payer | None = Field(default=None, sa_type=coded(Payer, "kit_campaign_fund"))
    rule: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    listed_only: bool = False
    public: bool = False
    counts_stock: bool = True
    once: Once = Field(default=Once.ITEM, sa_type=coded(Once, "kit_once"))
    purpose: str = Field(default="", max_length=32)
    state: CampaignState = Field(
        default=CampaignState.DRAFT, sa_type=coded(CampaignState, "kit_campaign_state")
    )
    allocation: AllocationState = Field(
        default=AllocationState.NONE, sa_type=coded(AllocationState, "kit_allocation_state")
    )
    closed_on: date | None = None
    version: int = 1
    made_by: str = Field(max_length=64)
    changed_at: datetime


class CampaignUnit(SQLModel, table=True):
    """A part of the tree whose people a campaign is for (发放范围); none: all of its owner's."""

    __tablename__ = "kit_campaign_unit"

    campaign_id: int = ref("kit_campaign.id", primary_key=True)
    organisation_id: int = ref("organisation.id", primary_key=True)


class CampaignItem(SQLModel, table=True):
    """An item that a campaign gives: ``per_person`` at most to one, ``planned`` in all (None: not said)."""

    __tablename__ = "kit_campaign_item"
    __table_args__ = (
        sa.CheckConstraint("per_person >= 1", name="per_person"),
        sa.CheckConstraint("planned IS NULL OR planned >= 0", name="planned"),
    )

    campaign_id: int = ref("kit_campaign.id", primary_key=True)
    item_id: int = ref("kit_item.id", primary_key=True)
    per_person: int = 1
    planned: int | None = None


class StationState(enum.Enum):
    """Working (正常), being counted (盘点中), out with a package (离线中), closed (已撤)."""

    OPEN = "open"
    COUNTING = "counting"
    AWAY = "away"
    CLOSED = "closed"


class Station(SQLModel, table=True):
    """Where stock is kept: a station of a campaign (发放点), or with no campaign a store (仓库).
    ``organisation_id``: the unit that hosts it; ``number``: its place in the campaign, 1 on."""

    __tablename__ = "kit_station"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "name"),
        sa.UniqueConstraint("campaign_id", "number"),
        sa.Index(
            "uq_kit_station_store",
            "organisation_id",
            "name",
            unique=True,
            sqlite_where=sa.text("campaign_id IS NULL"),
            postgresql_where=sa.text("campaign_id IS NULL"),
        ),
    )

    id: int | None = id_field()
    campaign_id: int | None = ref("kit_campaign.id", default=None)
    organisation_id: int = ref("organisation.id", index=True)
    number: int
    name: str = Field(max_length=80)
    address: str = Field(default="", max_length=200)
    hours: str = Field(default="", max_length=120)
    keeper: str = Field(default="", max_length=50)
    """Who keeps it (负责人)."""
    keeper_user_id: int | None = ref("app_user.id", default=None)
    """The keeper's user, who may work there without a scope that reaches it."""
    state: StationState = Field(default=StationState.OPEN, sa_type=coded(StationState, "kit_station_state"))
    version: int = 1


class StationUnit(SQLModel, table=True):
    """The people of a part of the tree collect at a station (对应单位); the deepest such part counts."""

    __tablename__ = "kit_station_unit"

    campaign_id: int = ref("kit_campaign.id", primary_key=True)
    organisation_id: int = ref("organisation.id", primary_key=True)
    station_id: int = ref("kit_station.id", index=True)


class Entitled(SQLModel, table=True):
    """A person on a campaign's list (名单): attendants of an event, birthdays of a month, people to
    be visited."""

    __tablename__ = "kit_entitled"
    __table_args__ = (sa.CheckConstraint("amount_fen IS NULL OR amount_fen > 0", name="amount"),)

    campaign_id: int = ref("kit_campaign.id", primary_key=True)
    member_id: int = ref("member.id", primary_key=True, index=True)
    organisation_id: int = ref("organisation.id", index=True)
    """The person's union when put on the list."""
    station_id: int | None = ref("kit_station.id", default=None)
    amount_fen: int | None = fen_field(default=None)
    """What this person is to be given in money (慰问金额)."""
    site: str = Field(default="", max_length=120)
    """Where the visit is (慰问地点)."""
    note: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=60)
    """Where the line comes from: a batch, a month of birthdays, an event."""


class Allocation(SQLModel, table=True):
    """What a station is to get of an item (站点分配)."""

    __tablename__ = "kit_allocation"
    __table_args__ = (sa.CheckConstraint("quantity >= 0 AND proposed >= 0", name="quantity"),)

    campaign_id: int = ref("kit_campaign.id", primary_key=True)
    station_id: int = ref("kit_station.id", primary_key=True)
    item_id: int = ref("kit_item.id", primary_key=True)
    people: int
    """Entitled people who collect there, when it was proposed."""
    proposed: int
    quantity: int
    """As adjusted."""


class AllocationUnit(SQLModel, table=True):
    """A unit's part of what its station is to get (单位分配)."""

    __tablename__ = "kit_allocation_unit"
    __table_args__ = (sa.CheckConstraint("quantity >= 0", name="quantity"),)

    campaign_id: int = ref("kit_campaign.id", primary_key=True)
    organisation_id: int = ref("organisation.id", primary_key=True)
    item_id: int = ref("kit_item.id", primary_key=True)
    station_id: int = ref("kit_station.id", index=True)
    people: int
    quantity: int


class Message(SQLModel, table=True):
    """A wish written for a campaign (祝福留言), DOMAIN C17; chosen ones are read out or printed."""

    __tablename__ = "kit_message"

    id: int | None = id_field()
    campaign_id: int = ref("kit_campaign.id", index=True)
    organisation_id: int = ref("organisation.id", index=True)
    """The unit that it came from."""
    member_id: int | None = ref("member.id", default=None, index=True)
    author: str = Field(max_length=50)
    text: str = Field(max_length=500)
    chosen: bool = False
    made_on: date
