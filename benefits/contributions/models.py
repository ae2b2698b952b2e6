"""Tables of money: dues (应缴), what each payer owes for one unit's people in one run, whose splits add up to
the fee exactly; payments (缴费), what came in."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.kernel.tables import coded, fen_field, id_field, ref


class Payer(enum.Enum):
    """Who pays (出资方), DOMAIN 2.3."""

    CITY = "city_union"
    DISTRICT = "district_union"
    SUBDISTRICT = "subdistrict_union"
    UNION = "unit_union"
    EMPLOYER = "employer"
    PERSON = "person"
    PLATFORM = "platform"
    TREASURY = "treasury"
    CARD_DISCOUNT = "card_discount"


class Due(SQLModel, table=True):
    """What ``payer`` owes for the people of a unit in a plan of a run, fen: a run has a second plan where one
    ended and its successor takes over."""

    __tablename__ = "due"
    __table_args__ = (sa.UniqueConstraint("run_id", "plan_id", "organisation_id", "payer"),)

    id: int | None = id_field()
    run_id: int = ref("renewal_run.id")
    plan_id: int = ref("plan.id")
    organisation_id: int = ref("organisation.id", index=True)
    payer: Payer = Field(sa_type=coded(Payer, "payer"))
    people: int
    shares: int
    fen: int = fen_field()


class PaymentState(enum.Enum):
    """In the books, or void (作废, kept for the record)."""

    ACTIVE = "active"
    VOID = "void"


class Payment(SQLModel, table=True):
    """Money that came in for a unit (到账), fen; ``reference`` is the bank slip's number, once a unit."""

    __tablename__ = "payment"
    __table_args__ = (
        sa.Index(
            "uq_payment_organisation_reference",
            "organisation_id",
            "reference",
            unique=True,
            sqlite_where=sa.text("state = 'active' AND reference <> ''"),
            postgresql_where=sa.text("state = 'active' AND reference <> ''"),
        ),
        sa.CheckConstraint("fen > 0", name="amount"),
    )

    id: int | None = id_field()
    organisation_id: int = ref("organisation.id")
    plan_id: int | None = ref("plan.id", default=None)
    payer: Payer = Field(sa_type=coded(Payer, "payment_payer"))
    fen: int = fen_field()
    paid_on: date
    reference: str = Field(default="", max_length=64)
    payer_name: str = Field(default="", max_length=120)
    """The account that paid, as the bank statement names it (付款户名)."""
    note: str = Field(default="", max_length=200)
    state: PaymentState = Field(default=PaymentState.ACTIVE, sa_type=coded(PaymentState, "payment_state"))
