"""Scope of the member register: a person is seen where he or she is a member, and, having left, where the
last membership was.

Identities, search keys and all that is kept about a person follow him or her.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.scope import scoped
from benefits.members.models import (
    Consent,
    Member,
    MemberCategory,
    MemberEvent,
    MemberIdentifier,
    MemberIdentity,
    MemberKey,
    Membership,
    NextOfKin,
)
from benefits.organisations.scope import asked_alone, by_organisation, stands_within, within_tree


def by_place(model: Any, scope: str) -> ColumnElement[bool]:
    """Members of the scope; those without a union now (resigned, deceased, moved away) by where they have
    been."""
    past = aliased(Membership)
    been = select(past.id).where(
        col(past.member_id) == model.id, col(past.organisation_id).in_(within_tree(scope))
    )
    gone = and_(model.organisation_id.is_(None), been.correlate_except(past).exists())
    return or_(by_organisation(model, scope), gone)


def by_member(model: Any, scope: str) -> ColumnElement[bool]:
    """Rows whose member lies in the scope: asked a row at a time, because a search reads few of many
    keys."""
    person = aliased(Member)
    seen = select(person.id).where(col(person.id) == model.member_id, by_place(person, scope))
    return seen.correlate_except(person).exists()


def by_place_of_row(model: Any, scope: str) -> ColumnElement[bool]:
    """The same as ``by_place``, asked of one person: where most of the register lies in the scope, the set of
    its organisations is large and few of the people are wanted."""
    past = aliased(Membership)
    been = select(past.id).where(
        col(past.member_id) == model.id, stands_within(col(past.organisation_id), scope)
    )
    gone = and_(model.organisation_id.is_(None), been.correlate_except(past).exists())
    return or_(stands_within(model.organisation_id, scope), gone)


def by_member_of_row(model: Any, scope: str) -> ColumnElement[bool]:
    """The same as ``by_member``, asked of one row."""
    person = aliased(Member)
    seen = select(true()).where(col(person.id) == model.member_id, by_place_of_row(person, scope))
    return asked_alone(seen.correlate_except(person))


def by_branch_of_row(model: Any, scope: str) -> ColumnElement[bool]:
    """Search keys: those of the own street are known by their branch, without asking for the person."""
    return or_(model.branch_id == int(scope.split("/")[-2]), by_member_of_row(model, scope))


scoped(Member, by_place, by_place_of_row)
scoped(Membership, by_organisation, lambda model, scope: stands_within(model.organisation_id, scope))
scoped(MemberKey, by_member, by_branch_of_row)
for _model in (MemberIdentity, MemberCategory, MemberIdentifier, NextOfKin, Consent, MemberEvent):
    scoped(_model, by_member, by_member_of_row)
