"""Hand-outs follow the person when two records become one (合并重复)."""

from sqlalchemy import update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.errors import Problem, say
from benefits.kernel.unit import WriteUnit
from benefits.kits.models import Handout, HandoutState
from benefits.members.merging import follows


def _blocks(unit: WriteUnit, survivor_id: int, other_id: int) -> tuple[Problem, ...]:
    """What was handed to both in one campaign: once a person, so one of the two must be struck first."""
    other = aliased(Handout)
    query = (
        select(Handout, other)
        .join(
            other,
            (col(other.campaign) == col(Handout.campaign)) & (col(other.item) == col(Handout.item)),
        )
        .where(
            col(Handout.member_id) == survivor_id,
            col(other.member_id) == other_id,
            col(Handout.state) == HandoutState.ACTIVE,
            col(other.state) == HandoutState.ACTIVE,
        )
        .order_by(col(Handout.given_on))
    )
    code = "kits.merge_twice"
    return tuple(
        Problem(
            code,
            say(code, campaign=one.campaign, item=one.item, given_on=one.given_on, other_on=two.given_on),
        )
        for one, two in unit.exec(query)
    )


def _moves(unit: WriteUnit, survivor_id: int, other_id: int) -> int:
    handouts = update(Handout).where(col(Handout.member_id) == other_id).values(member_id=survivor_id)
    options = {"synchronize_session": False, "preserve_rowcount": True}
    result = unit.session.execute(handouts.execution_options(**options))
    return int(result.rowcount)  # type: ignore[attr-defined]


follows("handouts", tables=("kit_handout",), blocks=_blocks, moves=_moves)
