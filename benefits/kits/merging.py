"""Hand-outs, places on lists and wishes follow the person when two records become one (合并重复)."""

from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.errors import Problem, say
from benefits.kernel.money import yuan
from benefits.kernel.unit import WriteUnit
from benefits.kits.models import Campaign, Entitled, Item, Message
from benefits.kits.models_handout import Allowance, Handout, HandoutState
from benefits.members.merging import follows


def _blocks(unit: WriteUnit, survivor_id: int, other_id: int) -> tuple[Problem, ...]:
    return _twice(unit, survivor_id, other_id) + _too_much(unit, survivor_id, other_id)


def _twice(unit: WriteUnit, survivor_id: int, other_id: int) -> tuple[Problem, ...]:
    """What was handed to both in one campaign: once a person, so one of the two must be struck first."""
    other = aliased(Handout)
    same = (col(other.campaign_id) == col(Handout.campaign_id)) & (col(other.slot) == col(Handout.slot))
    query = (
        select(col(Handout.given_on), col(other.given_on), Campaign.name, Item.name)
        .join(other, same)
        .join(Campaign, col(Campaign.id) == col(Handout.campaign_id))
        .join(Item, col(Item.id) == col(Handout.item_id))
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
        Problem(code, say(code, campaign=campaign, item=item, given_on=one, other_on=two))
        for one, two, campaign, item in unit.exec(query)
    )


def _too_much(unit: WriteUnit, survivor_id: int, other_id: int) -> tuple[Problem, ...]:
    """Years in which both together were given more than the limit of the purpose."""
    code = "kits.merge_too_much"
    return tuple(
        Problem(code, say(code, year=one.year, sum=yuan(one.fen + two.fen), most=yuan(one.most_fen)))
        for one, two in _allowances(unit, survivor_id, other_id)
        if one.fen + two.fen > one.most_fen
    )


def _allowances(unit: WriteUnit, survivor_id: int, other_id: int) -> list[tuple[Allowance, Allowance]]:
    other = aliased(Allowance)
    same = (col(other.year) == col(Allowance.year)) & (col(other.purpose) == col(Allowance.purpose))
    query = select(Allowance, other).join(other, same)
    both = (col(Allowance.member_id) == survivor_id) & (col(other.member_id) == other_id)
    return [(one, two) for one, two in unit.exec(query.where(both))]


def _moves(unit: WriteUnit, survivor_id: int, other_id: int) -> int:
    for one, two in _allowances(unit, survivor_id, other_id):
        one.fen += two.fen
        unit.session.delete(two)
    unit.session.flush()
    theirs = select(col(Entitled.campaign_id)).where(col(Entitled.member_id) == survivor_id)
    both = (col(Entitled.member_id) == other_id) & col(Entitled.campaign_id).in_(theirs)
    unit.exec(delete(Entitled).where(both).execution_options(synchronize_session=False))
    return sum(
        _moved(unit, model, survivor_id, other_id) for model in (Handout, Allowance, Entitled, Message)
    )


def _moved(unit: WriteUnit, model: Any, survivor_id: int, other_id: int) -> int:
    rows = update(model).where(col(model.member_id) == other_id).values(member_id=survivor_id)
    options = {"synchronize_session": False, "preserve_rowcount": True}
    result = unit.session.execute(rows.execution_options(**options))
    return int(result.rowcount)  # type: ignore[attr-defined]


follows(
    "handouts",
    tables=("kit_handout", "kit_allowance", "kit_entitled", "kit_message"),
    blocks=_blocks,
    moves=_moves,
)
