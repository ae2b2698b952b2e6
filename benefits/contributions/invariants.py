"""What must hold of payments, proven without the index and the check that are meant to keep it."""

from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.contributions.models import Payment, PaymentState
from benefits.kernel.verify import Invariant


def _slip(_dialect: str) -> Select[Any]:
    one, other = Payment, aliased(Payment)
    same = and_(
        col(other.organisation_id) == col(one.organisation_id),
        col(other.reference) == col(one.reference),
        col(other.id) != col(one.id),
        col(other.state) == PaymentState.ACTIVE,
    )
    counted = and_(col(one.state) == PaymentState.ACTIVE, col(one.reference) != "")
    return select(col(one.id)).join(other, same).where(counted)


def _amount(_dialect: str) -> Select[Any]:
    return select(col(Payment.id)).where(col(Payment.fen) <= 0)


INVARIANTS = (
    Invariant("contributions.invariant.slip_once", _slip),
    Invariant("contributions.invariant.amount", _amount),
)
