"""Scope of the member register: a person is seen where he or she is a member, and, having left, where the
last membership was.

Identities and search keys follow the person.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select

from benefits.kernel.scope import scoped
from benefits.members.models import Member, MemberIdentity, MemberKey, Membership
from benefits.organisations.scope import by_organisation, within_tree


def by_place(model: Any, scope: str) -> ColumnElement[bool]:
    """Members of the scope; those without a union now (resigned, deceased, moved away) by where they have
    been.
    """
    been = select(Membership.member_id).where(col(Membership.organisation_id).in_(within_tree(scope)))
    return or_(by_organisation(model, scope), and_(model.organisation_id.is_(None), model.id.in_(been)))


def by_member(model: Any, scope: str) -> ColumnElement[bool]:
    """Rows whose member lies in the scope."""
    return model.member_id.in_(select(Member.id).where(by_place(Member, scope)))  # type: ignore[no-any-return]


scoped(Member, by_place)
scoped(Membership, by_organisation)
scoped(MemberIdentity, by_member)
scoped(MemberKey, by_member)
