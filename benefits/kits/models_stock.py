"""Tables of stock (库存): lots, the ledger of moves, balances, deliveries, stocktakes, packages.

What is on hand is the sum of moves, which are never changed or deleted. ``Stock`` holds the same sum for
each station and lot under a CHECK, and every move is written together with it: so it cannot fall below zero,
whoever hands out at the same time.
"""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.contributions.models import Payer
from benefits.kernel.tables import BigId, coded, fen_field, id_field, ref


class Lot(SQLModel, table=True):
    """A lot of an item (批次): bought or built at once, one price, one expiry (None: does not expire).
    ``expires_on`` is the last day on which it may be handed out."""

    __tablename__ = "kit_lot"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "code"),
        sa.CheckConstraint("cost_fen >= 0", name="cost"),
    )

    id: int | None = id_field()
    item_id: int = ref("kit_item.id")
    code: str = Field(max_length=40)
    expires_on: date | None = None
    cost_fen: int = fen_field(default=0)
    """Cost of one, fen; of a kit, the sum of what it was built of, rounded down."""
    fund: Payer | None = Field(default=None, sa_type=coded(Payer, "kit_lot_fund"))
    """Out of whose money (资金来源)."""


class Stock(SQLModel, table=True):
    """What is on hand of a lot at a station (结存)."""

    __tablename__ = "kit_stock"
    __table_args__ = (sa.CheckConstraint("on_hand >= 0", name="on_hand"),)

    station_id: int = ref("kit_station.id", primary_key=True)
    lot_id: int = ref("kit_lot.id", primary_key=True, index=True)
    on_hand: int
    frozen: bool = False
    """No move while it is counted or away (冻结): said in each row, so that a hand-out meets it there."""


class MoveKind(enum.Enum):
    """Kinds of moves (出入库类别). Into stock: 收货, 组装产出, 调入, 退回, 盘盈. Out of it: 组装领用, 调出,
    发放, 无名发放, 损坏, 丢失, 盘亏."""

    RECEIVE = "receive"
    BUILT = "built"
    ARRIVE = "arrive"
    HAND_BACK = "hand_back"
    FOUND = "found"
    USED = "used"
    SEND = "send"
    HAND_OUT = "hand_out"
    TALLY = "tally"
    DAMAGE = "damage"
    LOSS = "loss"
    MISSING = "missing"


INTO = (MoveKind.RECEIVE, MoveKind.BUILT, MoveKind.ARRIVE, MoveKind.HAND_BACK, MoveKind.FOUND)
"""Kinds whose quantity is above zero; of all others it is below."""
_INTO = ", ".join(f"'{kind.value}'" for kind in INTO)


class Move(SQLModel, table=True):
    """A line of the ledger (库存流水): ``quantity`` with its sign. Append-only (triggers)."""

    __tablename__ = "kit_move"
    __table_args__ = (
        sa.CheckConstraint("quantity <> 0", name="quantity"),
        sa.CheckConstraint(f"(quantity > 0) = (kind IN ({_INTO}))", name="sign"),
        sa.Index("ix_kit_move_station_lot", "station_id", "lot_id"),
        sa.Index(
            "uq_kit_move_origin",
            "origin",
            "origin_seq",
            unique=True,
            sqlite_where=sa.text("origin <> ''"),
            postgresql_where=sa.text("origin <> ''"),
        ),
    )

    id: int | None = id_field()
    station_id: int = ref("kit_station.id")
    lot_id: int = ref("kit_lot.id", index=True)
    kind: MoveKind = Field(sa_type=coded(MoveKind, "kit_move_kind"))
    quantity: int
    day: date
    at: datetime
    made_by: str = Field(max_length=64)
    document: str = Field(default="", max_length=40)
    """The paper that it belongs to: ``transfer:12``, ``stocktake:3``, ``build:…``."""
    handout_id: int | None = ref("kit_handout.id", default=None, index=True)
    reason: str = Field(default="", max_length=200)
    origin: str = Field(default="", max_length=36)
    """The package that it was made in, empty: here; ``origin_seq``: its number there."""
    origin_seq: int | None = Field(default=None, sa_type=BigId)


class TransferState(enum.Enum):
    """On the road (在途), arrived (已签收), taken back before it arrived (已撤回)."""

    SENT = "sent"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"


class Transfer(SQLModel, table=True):
    """Goods sent from one place to another (调拨): what left and what arrived are two numbers."""

    __tablename__ = "kit_transfer"
    __table_args__ = (sa.CheckConstraint("from_id <> to_id", name="places"),)

    id: int | None = id_field()
    number: str = Field(max_length=24, unique=True)
    campaign_id: int | None = ref("kit_campaign.id", default=None, index=True)
    from_id: int = ref("kit_station.id", index=True)
    to_id: int = ref("kit_station.id", index=True)
    state: TransferState = Field(
        default=TransferState.SENT, sa_type=coded(TransferState, "kit_transfer_state")
    )
    sent_on: date
    sent_by: str = Field(max_length=64)
    arrived_on: date | None = None
    arrived_by: str | None = Field(default=None, max_length=64)
    carrier: str = Field(default="", max_length=50)
    note: str = Field(default="", max_length=200)


class TransferLine(SQLModel, table=True):
    """A lot of a delivery: ``sent`` = ``arrived`` + ``damaged`` + ``missing`` once it has arrived."""

    __tablename__ = "kit_transfer_line"
    __table_args__ = (
        sa.CheckConstraint("sent > 0 AND damaged >= 0 AND missing >= 0", name="quantity"),
        sa.CheckConstraint("arrived IS NULL OR arrived + damaged + missing = sent", name="difference"),
    )

    transfer_id: int = ref("kit_transfer.id", primary_key=True)
    lot_id: int = ref("kit_lot.id", primary_key=True)
    sent: int
    arrived: int | None = None
    """Whole and in hand."""
    damaged: int = 0
    missing: int = 0
    reason: str = Field(default="", max_length=200)


class StocktakeState(enum.Enum):
    """Being counted (盘点中), booked (已入账), given up (已作废)."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Stocktake(SQLModel, table=True):
    """A count of all that a station has (盘点); while it is open, nothing moves there."""

    __tablename__ = "kit_stocktake"
    __table_args__ = (
        sa.Index(
            "uq_kit_stocktake_open",
            "station_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    id: int | None = id_field()
    number: str = Field(max_length=24, unique=True)
    station_id: int = ref("kit_station.id", index=True)
    state: StocktakeState = Field(
        default=StocktakeState.OPEN, sa_type=coded(StocktakeState, "kit_stocktake_state")
    )
    opened_at: datetime
    opened_by: str = Field(max_length=64)
    closed_at: datetime | None = None
    closed_by: str | None = Field(default=None, max_length=64)
    note: str = Field(default="", max_length=200)


class StocktakeLine(SQLModel, table=True):
    """A lot of a stocktake: ``book`` when it was opened, ``counted`` (None: not yet), and why they differ."""

    __tablename__ = "kit_stocktake_line"
    __table_args__ = (sa.CheckConstraint("counted IS NULL OR counted >= 0", name="counted"),)

    stocktake_id: int = ref("kit_stocktake.id", primary_key=True)
    lot_id: int = ref("kit_lot.id", primary_key=True)
    book: int
    counted: int | None = None
    reason: str = Field(default="", max_length=200)


class PackageState(enum.Enum):
    """Out with a station (在外), back for good (已交回), declared lost (已作废)."""

    OUT = "out"
    BACK = "back"
    LOST = "lost"


class Package(SQLModel, table=True):
    """What a station took with it to hand out without the network (离线包). ``uuid`` names it everywhere."""

    __tablename__ = "kit_package"
    __table_args__ = (
        sa.Index(
            "uq_kit_package_out",
            "station_id",
            unique=True,
            sqlite_where=sa.text("state = 'out'"),
            postgresql_where=sa.text("state = 'out'"),
        ),
    )

    id: int | None = id_field()
    number: str = Field(max_length=24, unique=True)
    uuid: str = Field(max_length=36, unique=True)
    campaign_id: int = ref("kit_campaign.id", index=True)
    station_id: int = ref("kit_station.id")
    state: PackageState = Field(default=PackageState.OUT, sa_type=coded(PackageState, "kit_package_state"))
    people: int
    """How many people its list holds."""
    made_at: datetime
    made_by: str = Field(max_length=64)
    back_at: datetime | None = None
    back_by: str | None = Field(default=None, max_length=64)
    reason: str = Field(default="", max_length=200)
