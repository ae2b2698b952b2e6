"""Statements of the search (检索语句). Each is made once and kept: what the mapper finds out about a
statement, its compiled form and its form within a scope, is kept with it, and takes longer than to run it.

Parameters: ``path``–``path_end`` a part of the tree, ``status`` several, ``limit``; others as named.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sqlalchemy
from sqlalchemy import and_, bindparam, func, or_, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.members.models import (
    IdentifierKind,
    Member,
    MemberIdentifier,
    MemberIdentity,
    MemberKey,
    Membership,
    Status,
)
from benefits.organisations.models import Organisation

select: Any = sqlalchemy.select  # its overloads know no starred columns
IDENTIFIERS = (IdentifierKind.UNION_CARD, IdentifierKind.MEMBER_NUMBER)
_PLACE: tuple[Any, ...] = (Organisation, col(Organisation.id) == col(Member.organisation_id))
_NAME = select(Organisation.name).where(_PLACE[1]).correlate(Member).scalar_subquery()
"""Asked of each row that is shown: a join would be planned for all rows that are not."""
_SHOWN: tuple[Any, ...] = (
    *(Member.id, Member.name, Member.sex, Member.birth, Member.status, Member.organisation_id),
    *(_NAME, Member.id_last4, Member.phone_last4),
)


def of_keys() -> Any:
    """Keys of a ``kind`` after ``key`` and ``member_id``, before ``end``, with their people; in order."""
    key, member_id = col(MemberKey.key), col(MemberKey.member_id)
    return (
        select(key, *_SHOWN)
        .select_from(MemberKey)
        .join(Member, col(Member.id) == member_id)
        .where(
            col(MemberKey.kind) == bindparam("kind"),
            tuple_(key, member_id) > tuple_(bindparam("key"), bindparam("member_id")),
            key < bindparam("end"),
        )
        .order_by(key, member_id)
    )


def few_anywhere() -> Any:
    """Id, name, last digits of ID and phone."""
    return select(Member.id, Member.name, Member.id_last4, Member.phone_last4)


def few_here() -> Any:
    """The same of the people of a part of the tree."""
    return few_anywhere().join(*_PLACE).where(_from(Organisation), _to(Organisation))


def few_gone() -> Any:
    """The same of those without a union who were there before."""
    been = few_anywhere().join(Membership, col(Membership.member_id) == col(Member.id))
    place = been.join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
    return place.where(col(Member.organisation_id).is_(None), _from(Organisation), _to(Organisation))


def counted(query: Any) -> Any:
    """How many rows a statement has, up to ``limit``."""
    return select(func.count()).select_from(query.limit(bindparam("limit")).subquery())


def count_here() -> Any:
    """People of a part of the tree, up to ``limit``."""
    return counted(select(col(Member.id)).join(*_PLACE).where(_from(Organisation), _to(Organisation)))


def few_rare() -> Any:
    """The same of those whose status few have."""
    return few_anywhere().where(_is_rare())


def count_rare() -> Any:
    """People whose status few have, up to ``limit``."""
    return counted(select(col(Member.id)).where(_is_rare(), _has_status()))


def _is_rare() -> Any:
    """Not the status that nearly all have; said so that the index of the others serves."""
    most: Any = bindparam("most", Status.IN_POST, literal_execute=True)
    return col(Member.status) != most


def everybody() -> Any:
    """Everybody in load order, ``after`` an id."""
    query = select(*_SHOWN).order_by(col(Member.id))
    return query.where(col(Member.id) > bindparam("after"))


def all_here() -> Any:
    """Everybody of a part of the tree, unit by unit, after ``after_path`` and ``after``."""
    path = col(Organisation.path)
    after = tuple_(path, col(Member.id)) > tuple_(bindparam("after_path"), bindparam("after"))
    query = select(path, *_SHOWN).join(*_PLACE).order_by(path, col(Member.id))
    return query.where(_from(Organisation), _to(Organisation), after)


def all_gone() -> Any:
    """Those without a union now who have been in a part of the tree."""
    return everybody().where(col(Member.organisation_id).is_(None), _been())


def identified() -> Any:
    """Who has the digest of a ``card`` or member ``number``; an earlier card too."""
    kind, digest = col(MemberIdentifier.kind), col(MemberIdentifier.digest)
    card, number = IDENTIFIERS
    return select(col(MemberIdentifier.member_id)).where(
        or_(
            and_(kind == card, digest == bindparam("card")),
            and_(kind == number, digest == bindparam("number")),
        )
    )


def known() -> Any:
    """Who has the ``digest`` of an identity number."""
    return select(col(MemberIdentity.member_id)).where(col(MemberIdentity.digest) == bindparam("digest"))


def called() -> Any:
    """Who has the ``digest`` of a phone number."""
    return select(col(Member.id)).where(col(Member.phone_digest) == bindparam("digest"))


def of_ids() -> Any:
    """The rows of some people."""
    found = col(Member.id).in_(bindparam("ids", expanding=True))
    return select(*_SHOWN).where(found)


@lru_cache(maxsize=64)
def made(make: Callable[[], Any]) -> Any:
    """A statement, made once: what the mapper finds out about it is kept with it."""
    return make()


@lru_cache(maxsize=64)
def narrowed(make: Callable[[], Any], status: bool, path: bool) -> Any:
    """A statement of nobody who was merged into another; only of a status, only in a part of the tree.

    The place is asked of each person found, never an index: it is the keys' order that is walked.
    """
    query = make().where(col(Member.merged_into_id).is_(None)).limit(bindparam("limit"))
    if status:
        query = query.where(_has_status())
    if path:
        here = func.coalesce(col(Member.organisation_id), 0).in_(_within())
        query = query.where(or_(here, and_(col(Member.organisation_id).is_(None), _been())))
    return query


def _has_status() -> Any:
    return col(Member.status).in_(bindparam("status", expanding=True))


def _been() -> Any:
    past = aliased(Membership)
    been = select(past.id).where(
        col(past.member_id) == col(Member.id), col(past.organisation_id).in_(_within())
    )
    return been.correlate(Member).exists()


def _within() -> Any:
    tree = aliased(Organisation)
    return select(tree.id).where(_from(tree), _to(tree)).correlate(None)


def _from(tree: Any) -> Any:
    return col(tree.path) >= bindparam("path")


def _to(tree: Any) -> Any:
    return col(tree.path) < bindparam("path_end")
