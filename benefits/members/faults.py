"""What may be wrong with a record (资料问题), as tests of ``member`` that the board and its lists share.

An identity number, a service card or a member number of two people cannot be stored at all; rows that try
wait in the queue of possible duplicates.
"""

import enum
import re
from datetime import date
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from benefits.kernel.errors import Refused, Say, say
from benefits.kernel.ids import Sex
from benefits.members.models import (
    Employment,
    IdentifierKind,
    Member,
    MemberCategory,
    MemberIdentifier,
    Membership,
    Standing,
    Status,
)

_MOBILE = re.compile(r"1[3-9][0-9]{9}")


class Fault(enum.Enum):
    """What may be wrong with a record (资料问题); ``members.fault.<value>`` is its word."""

    PHONE_MISSING = "phone_missing"
    PHONE_INVALID = "phone_invalid"
    PHONE_SHARED = "phone_shared"
    CARD_MISSING = "card_missing"
    ID_MISSING = "id_missing"
    ID_INVALID = "id_invalid"
    SECOND_MEMBERSHIP = "second_membership"
    BIRTH_MISSING = "birth_missing"
    SEX_MISSING = "sex_missing"
    RETIREMENT_MISSING = "retirement_missing"
    CATEGORY_MISSING = "category_missing"
    RETENTION_DUE = "retention_due"

    @property
    def word(self) -> Say:
        """What it is called."""
        return say(f"members.fault.{self.value}")


def fault_of(text: str) -> Fault:
    """The fault of a word. Raises Refused ``members.fault_unknown``."""
    for fault in Fault:
        if text == fault.value:
            return fault
    raise Refused("members.fault_unknown", fault=text, known="、".join(fault.value for fault in Fault))


def in_post() -> Any:
    return or_(col(Member.status) == Status.IN_POST, col(Member.status).is_(None))


def wrong_phone(phone: str | None) -> bool:
    """A number that is no mobile number by its shape [S118]."""
    return phone is not None and not _MOBILE.fullmatch(phone)


def clauses_of(today: date) -> dict[Fault, Any]:
    """What SQL can tell of a person's record."""
    card = select(MemberIdentifier.member_id).where(
        col(MemberIdentifier.kind) == IdentifierKind.UNION_CARD, col(MemberIdentifier.ends).is_(None)
    )
    category = select(MemberCategory.member_id).where(
        or_(col(MemberCategory.ends).is_(None), col(MemberCategory.ends) >= today)
    )
    second = select(Membership.member_id).where(
        col(Membership.standing) == Standing.SECOND, col(Membership.ends).is_(None)
    )
    number = col(Member.id)
    return {
        Fault.PHONE_MISSING: col(Member.phone).is_(None),
        Fault.PHONE_SHARED: col(Member.phone_digest).in_(_shared_phones()),
        Fault.CARD_MISSING: and_(
            or_(col(Member.has_card).is_(None), col(Member.has_card).is_(True)), number.not_in(card)
        ),
        Fault.ID_MISSING: col(Member.id_number).is_(None),
        Fault.ID_INVALID: col(Member.id_valid).is_(False),
        Fault.SECOND_MEMBERSHIP: number.in_(second),
        Fault.BIRTH_MISSING: col(Member.birth).is_(None),
        Fault.SEX_MISSING: col(Member.sex).is_(None),
        Fault.RETIREMENT_MISSING: and_(
            col(Member.sex) == Sex.FEMALE, col(Member.retirement_category).is_(None)
        ),
        Fault.CATEGORY_MISSING: and_(col(Member.employment) == Employment.PLATFORM, number.not_in(category)),
    }


def _shared_phones() -> Any:
    """Digests of phones that several people with an open membership have. The index alone finds the few that
    come twice at all."""
    every, some = aliased(Member), aliased(Member)
    twice = select(every.phone_digest).where(col(every.phone_digest).is_not(None))
    twice = twice.group_by(col(every.phone_digest)).having(func.count() > 1)
    shared = select(some.phone_digest).where(
        col(some.phone_digest).in_(twice), col(some.organisation_id).is_not(None)
    )
    return shared.group_by(col(some.phone_digest)).having(func.count() > 1)


def is_due(today: date) -> Any:
    return and_(col(Member.retain_until) < today, col(Member.merged_into_id).is_(None))


def last_place() -> Any:
    """The union of a person: the open one, else the last."""
    past = aliased(Membership)
    last = select(past.organisation_id).where(col(past.member_id) == col(Member.id))
    last = last.order_by(col(past.starts).desc()).limit(1).correlate(Member)
    return func.coalesce(Member.organisation_id, last.scalar_subquery())
