"""The table of dues (应缴): what each payer owes for one unit's people in one run. Splits add up to the fee
exactly."""

import enum

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
