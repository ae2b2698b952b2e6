"""Where the facts of a person stand: fact -> column.

A run may give columns of its own staged copy instead; rules see nothing but the mapping.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import SQLColumnExpression, func
from sqlmodel import col

from benefits.kernel.errors import Refused
from benefits.members.models import Member
from benefits.organisations.models import Organisation
from benefits.plans.conditions import Fact

Facts = Mapping[Fact, SQLColumnExpression[Any]]


def member_facts() -> Facts:
    """The facts as the register holds them. The risk class is the person's own where it differs from the
    unit's, so a statement that uses it must join ``Organisation`` (outer). Worker categories are not in the
    register yet."""
    return {
        Fact.SEX: col(Member.sex),
        Fact.BIRTH: col(Member.birth),
        Fact.STATUS: col(Member.status),
        Fact.EMPLOYMENT: col(Member.employment),
        Fact.RISK_CLASS: func.coalesce(col(Member.risk_class), col(Organisation.risk_class)),
        Fact.RETIREMENT_MONTH: col(Member.retirement_month),
        Fact.JOINED_ON: col(Member.joined_on),
        Fact.HAS_CARD: col(Member.has_card),
        Fact.ID_VALID: col(Member.id_valid),
    }


def column(facts: Facts, fact: Fact) -> SQLColumnExpression[Any]:
    """The column of a fact. Raises Refused ``plans.fact_not_kept`` where the register does not hold it."""
    if fact not in facts:
        raise Refused("plans.fact_not_kept", fact=fact.value)
    return facts[fact]
