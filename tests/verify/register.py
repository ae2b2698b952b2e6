"""What breaks the invariants of what is kept about a person beside the record."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from benefits.members.derive import identifier_digest
from benefits.members.models import (
    IdentifierKind,
    Member,
    MemberCategory,
    MemberIdentifier,
    MemberKey,
    NextOfKin,
    Relation,
)

PERSON = 12
DAY = date(2026, 1, 1)
STAFF = IdentifierKind.STAFF_NUMBER


def _person(**values: Any) -> Callable[[Session], Any]:
    return lambda session: session.execute(update(Member).where(col(Member.id) == PERSON).values(**values))


def _two_numbers(session: Session) -> None:
    for number in ("A-1", "A-2"):
        digest = identifier_digest(STAFF, number)
        values: dict[str, Any] = {"member_id": PERSON, "number": number, "digest": digest, "last4": number}
        session.add(MemberIdentifier(kind=STAFF, starts=DAY, **values))


def _card_not_held(session: Session) -> None:
    card = select(MemberIdentifier.member_id).where(
        col(MemberIdentifier.kind) == IdentifierKind.UNION_CARD, col(MemberIdentifier.ends).is_(None)
    )
    session.execute(update(Member).where(col(Member.id).in_(card)).values(has_card=False))


def _category_twice(session: Session) -> None:
    for starts in (DAY, date(2026, 2, 1)):
        session.add(
            MemberCategory(member_id=PERSON, category_code="courier", starts=starts, ends=date(2026, 2, 1))
        )


def _shares(session: Session) -> None:
    for name, percent in (("李强", 60), ("李小", 41)):
        session.add(
            NextOfKin(member_id=PERSON, name=name, relation=Relation.OTHER, percent=percent, starts=DAY)
        )


def _unknown_phones(session: Session) -> None:
    session.execute(update(Member).where(col(Member.phone).is_not(None)).values(phone_digest=None))


REGISTER: dict[str, Callable[[Session], Any]] = {
    "members.invariant.merged_is_nobody": _person(merged_into_id=5),
    "members.invariant.key_of_somebody": lambda session: session.add(
        MemberKey(kind=1, key="无主", member_id=999_999, branch_id=0)
    ),
    "members.invariant.key_of_branch": lambda session: session.execute(
        update(MemberKey).where(col(MemberKey.member_id) == PERSON).values(branch_id=999)
    ),
    "members.invariant.one_number_in_use": _two_numbers,
    "members.invariant.card_is_held": _card_not_held,
    "members.invariant.phone_digest": _unknown_phones,
    "members.invariant.category_once": _category_twice,
    "members.invariant.planned_in_range": _person(planned_retirement=date(2099, 1, 1)),
    "members.invariant.retired_on": _person(retired_on=DAY),
    "members.invariant.kin_shares": _shares,
}
