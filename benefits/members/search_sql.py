"""Statements of the search (检索语句). Each is made once and kept: what the mapper finds out about a
statement, its compiled form and its form within a scope, is kept with it, and takes longer than to run it.

Parameters: ``path``–``path_end`` a part of the tree, ``branches`` those that reach into it, ``status``
several, ``limit``; others as named. All ask the scope row by row: they read few of many.
"""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    String,
    and_,
    any_,
    bindparam,
    func,
    literal_column,
    or_,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.kernel.scope import BY_ROW
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
from benefits.organisations.scope import asked_alone

select: Any = sqlalchemy.select  # its overloads know no starred columns
union: Any = sqlalchemy.union_all
IDENTIFIERS = (IdentifierKind.UNION_CARD, IdentifierKind.MEMBER_NUMBER)
_PLACE: tuple[Any, ...] = (Organisation, col(Organisation.id) == col(Member.organisation_id))
_NAME = select(Organisation.name).where(_PLACE[1]).correlate(Member).scalar_subquery()
"""Asked of each row that is shown: a join would be planned for all rows that are not."""
_SHOWN: tuple[Any, ...] = (
    *(Member.id, Member.name, Member.sex, Member.birth, Member.status, Member.organisation_id),
    *(_NAME, Member.id_last4, Member.phone_last4),
)


_LIMIT: Any = bindparam("limit", type_=Integer, literal_execute=True)
"""Written into the statement: PostgreSQL plans a page otherwise than it plans whatever number may come."""


@lru_cache(maxsize=64)
def walked(arms: int, branches: bool, status: bool, path: bool) -> Any:
    """Number, key and member of keys of several kinds, each kind in order and up to ``limit``: of
    ``kind_0`` after ``key_0`` and ``member_0`` before ``end_0``, and so on; only of some ``branches``. The
    people are asked only where a ``status`` or a ``path`` below a branch narrows the search."""
    return walked_among(None, arms, branches, status, path)


def walked_among(people: Any, arms: int, branches: bool, status: bool, path: bool) -> Any:
    """The same of whom a SELECT of member ids names."""
    found = [_arm(number, people, branches, status, path) for number in range(arms)]
    whole = found[0] if arms == 1 else union(*[select(one.subquery()) for one in found])
    return whole.execution_options(**{BY_ROW: True})


def _arm(number: int, people: Any, branches: bool, status: bool, path: bool) -> Any:
    kind, key, member_id = col(MemberKey.kind), col(MemberKey.key), col(MemberKey.member_id)
    after = tuple_(bindparam(f"key_{number}"), bindparam(f"member_{number}"))
    arm = (
        select(literal_column(str(number)).label("arm"), key, member_id)
        .where(kind == bindparam(f"kind_{number}"), tuple_(key, member_id) > after)
        .where(key < bindparam(f"end_{number}"))
        .order_by(key, member_id)
        .limit(_LIMIT)
    )
    if branches:
        arm = arm.where(col(MemberKey.branch_id).in_(bindparam("branches", expanding=True)))
    if people is not None or status or path:
        arm = arm.join(Member, col(Member.id) == member_id)
    if status:
        arm = arm.where(_has_status())
    if path:
        arm = arm.where(_has_place())
    if people is not None:
        (covered,) = people.selected_columns
        arm = arm.where(people.where(covered == col(Member.id)).exists())
    return arm


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
    return select(func.count()).select_from(query.limit(_LIMIT).subquery())


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


def of_ids(dialect: str) -> Callable[[], Any]:
    """Statement of the rows of some people, their ``ids`` as one parameter (``as_ids``): a parameter for
    each would be another statement for every number of people."""
    return _of_array if dialect == "postgresql" else _of_list


def as_ids(dialect: str, ids: Sequence[int]) -> Any:
    """``ids`` as that statement takes them."""
    return list(ids) if dialect == "postgresql" else json.dumps(list(ids))


def _of_array() -> Any:
    return select(*_SHOWN).where(col(Member.id) == any_(bindparam("ids", type_=ARRAY(BigInteger))))


def _of_list() -> Any:
    each = func.json_each(bindparam("ids", type_=String)).table_valued("value")
    return select(*_SHOWN).where(col(Member.id).in_(select(each.c.value)))


def place_at() -> Any:
    """Level of the organisation at ``path``, and how many units there are in its part of the tree, up to
    ``limit``."""
    tree = aliased(Organisation)
    units = select(tree.id).where(_from(tree), _to(tree)).limit(_LIMIT).subquery()
    count = select(func.count()).select_from(units).scalar_subquery()
    return select(Organisation.level, count).where(col(Organisation.path) == bindparam("path"))


@lru_cache(maxsize=64)
def made(make: Callable[[], Any]) -> Any:
    """A statement, made once: what the mapper finds out about it is kept with it."""
    return make().execution_options(**{BY_ROW: True})


@lru_cache(maxsize=64)
def narrowed(make: Callable[[], Any], status: bool, path: bool) -> Any:
    """A statement of nobody who was merged into another; only of a status, only in a part of the tree.

    The place is asked of each person found, never an index: it is an order that is walked.
    """
    query = made(make).where(col(Member.merged_into_id).is_(None)).limit(_LIMIT)
    if status:
        query = query.where(_has_status())
    return query.where(_has_place()) if path else query


def _has_place() -> Any:
    here = _stands(Member.organisation_id, Member)
    return or_(here, and_(col(Member.organisation_id).is_(None), _been()))


def _has_status() -> Any:
    return col(Member.status).in_(bindparam("status", expanding=True))


def _been() -> Any:
    past = aliased(Membership)
    been = select(past.id).where(col(past.member_id) == col(Member.id), _stands(past.organisation_id, past))
    return been.correlate(Member).exists()


def _stands(organisation_id: Any, owner: Any) -> Any:
    tree = aliased(Organisation)
    there = select(true()).where(col(tree.id) == col(organisation_id), _from(tree), _to(tree))
    return asked_alone(there.correlate(owner))


def _from(tree: Any) -> Any:
    return col(tree.path) >= bindparam("path")


def _to(tree: Any) -> Any:
    return col(tree.path) < bindparam("path_end")
