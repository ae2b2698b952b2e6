"""Scope of the member register: a person is seen where he or she is a member; identities and search keys
follow the person."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.scope import scoped
from benefits.members.models import Member, MemberIdentity, MemberKey, Membership
from benefits.organisations.scope import by_organisation, within_tree


def by_member(model: Any, scope: str) -> ColumnElement[bool]:
    """Rows whose member lies in the scope."""
    person = aliased(Member)
    members = select(person.id).where(col(person.organisation_id).in_(within_tree(scope))).correlate(None)
    return model.member_id.in_(members)  # type: ignore[no-any-return]


scoped(Member, by_organisation)
scoped(Membership, by_organisation)
scoped(MemberIdentity, by_member)
scoped(MemberKey, by_member)
