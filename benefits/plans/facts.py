"""Where the facts of a person stand: fact -> column, or what answers in place of one.

A run may give columns of its own staged copy instead; rules see nothing but the mapping.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Exists,
    Select,
    SQLColumnExpression,
    String,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    true,
    type_coerce,
)
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.members.models import Employment, Member, MemberCategory
from benefits.organisations.models import Organisation
from benefits.plans.conditions import Fact


class Categories:
    """Worker categories (新就业形态类别) as the register holds them, ``starts``–``ends`` inclusive.

    Whoever has none is none where another form of employment is known: only of a platform worker, or where
    the form is not known either, the category is missing (资料缺失).
    """

    def one_of(self, values: Collection[str], day: date) -> ColumnElement[bool]:
        """TRUE where the person has one of ``values`` on ``day``, NULL where a datum is missing."""
        held = exists(self._held(day).where(col(MemberCategory.category_code).in_(sorted(values))))
        other = or_(self.known(day), col(Member.employment) != Employment.PLATFORM)
        return case((held, true()), (other, false()), else_=null())

    def known(self, day: date) -> Exists:
        """TRUE where the person has any on ``day``, else FALSE."""
        return exists(self._held(day))

    def listed(self, day: date) -> SQLColumnExpression[Any]:
        """All on ``day`` in one text, with commas; NULL for none."""
        codes = type_coerce(func.aggregate_strings(col(MemberCategory.category_code), ","), String())
        found: Select[Any] = self._held(day).with_only_columns(codes)
        return found.scalar_subquery()

    def _held(self, day: date) -> Any:
        on = literal(day, Date())
        return (
            select(col(MemberCategory.id))
            .where(
                col(MemberCategory.member_id) == col(Member.id),
                and_(
                    col(MemberCategory.starts) <= on,
                    or_(col(MemberCategory.ends).is_(None), col(MemberCategory.ends) >= on),
                ),
            )
            .correlate(Member)
        )


Facts = Mapping[Fact, SQLColumnExpression[Any] | Categories]


def member_facts() -> Facts:
    """The facts as the register holds them. The risk class is the person's own where it differs from the
    unit's, so a statement that uses it must join ``Organisation`` (outer)."""
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
        Fact.CATEGORY: Categories(),
    }


def held(facts: Facts, fact: Fact) -> SQLColumnExpression[Any] | Categories:
    """What answers for a fact. Raises Refused ``plans.fact_not_kept`` where the register does not hold it."""
    if fact not in facts:
        raise Refused("plans.fact_not_kept", fact=fact.value)
    return facts[fact]


def column(facts: Facts, fact: Fact) -> SQLColumnExpression[Any]:
    """The column of a fact that has one. Raises Refused as ``held``."""
    found = held(facts, fact)
    assert not isinstance(found, Categories), f"{fact} has several values"
    return found


def shown(facts: Facts, fact: Fact, day: date) -> SQLColumnExpression[Any]:
    """What is shown of a fact on a day: the column, or all values in one text."""
    found = held(facts, fact)
    return found.listed(day) if isinstance(found, Categories) else found
