"""Scope of the member register: a person is seen where he or she is a member, and, having left, where the
last membership was.

Identities, search keys and all that is kept about a person follow him or her.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_
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
from benefits.organisations.scope import by_organisation, within_tree


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


scoped(Member, by_place)
scoped(Membership, by_organisation)
for _model in (MemberIdentity, MemberKey, MemberCategory, MemberIdentifier, NextOfKin, Consent, MemberEvent):
    scoped(_model, by_member)
