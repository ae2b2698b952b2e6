"""What must hold of the hand-outs, proven without the index that is meant to keep it."""

from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.kernel.verify import Invariant
from benefits.kits.models import Handout, HandoutState


def _twice(_dialect: str) -> Select[Any]:
    one, other = Handout, aliased(Handout)
    same = and_(
        col(other.member_id) == col(one.member_id),
        col(other.campaign) == col(one.campaign),
        col(other.item) == col(one.item),
        col(other.id) != col(one.id),
        col(other.state) == HandoutState.ACTIVE,
    )
    return select(col(one.id)).join(other, same).where(col(one.state) == HandoutState.ACTIVE)


def _empty(_dialect: str) -> Select[Any]:
    return select(col(Handout.id)).where(
        or_(col(Handout.quantity) < 1, col(Handout.campaign) == "", col(Handout.item) == "")
    )


INVARIANTS = (
    Invariant("kits.invariant.once", _twice),
    Invariant("kits.invariant.something", _empty),
)
