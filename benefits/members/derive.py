"""Columns, search keys and digests that follow from what was written about a person (派生字段): for a record
typed in and for a million from a file, so that the two agree.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from benefits.kernel.pinyin import search_keys
from benefits.kernel.sealed import digest, digests
from benefits.members.identity import last4, statutory
from benefits.members.models import IdentifierKind
from benefits.members.record import Checked, MemberInput
from benefits.members.retirement import RetirementCategory, flexible_months

Keys = set[tuple[int, str]]
"""Search keys of one person: (kind, key)."""
_PHONE = "member.phone"
_IDENTIFIER = {kind: f"member_identifier.{kind.value}" for kind in IdentifierKind}


def stored(given: MemberInput, checked: Checked) -> dict[str, Any]:
    """All columns of ``member`` that follow from a record, the derived ones too. The keys of the running unit
    must be active.

    Not among them: union and status, which verbs of their own change; ``planned_retirement``,
    ``retired_on``, ``retain_until``, ``version`` and ``changed_at``. ``joined_on`` None: not said.
    """
    return {
        "name": checked.name,
        "sex": checked.sex,
        "birth": checked.birth,
        "employment": given.employment,
        "risk_class": given.risk_class,
        "has_card": given.has_card,
        "joined_on": given.joined_on,
        "department": checked.department,
        "ethnicity": checked.ethnicity,
        "platform": checked.platform,
        "station": checked.station,
        "retirement_category": checked.retirement_category,
        "retirement_month": statutory(checked.retirement_category, checked.birth),
        "id_kind": checked.id_kind,
        "id_valid": checked.id_valid,
        "id_number": checked.id_number,
        "id_last4": last4(checked.id_number),
        "phone": checked.phone,
        "phone_last4": last4(checked.phone),
        "phone_digest": phone_digest(checked.phone),
    }


def keys_of(name: str, id_number: str | None, phone: str | None, card: str | None) -> Keys:
    """The search keys of a person; ``card``: number of the union card (京卡) in use."""
    return {(int(kind), key) for kind, key in search_keys(name, id_number, phone, card)}


def phone_digest(phone: str | None) -> bytes | None:
    """Digest of a mobile number in its stored form: who else has it (手机号重复)."""
    return None if phone is None else digest(_PHONE, phone)


def phone_digests(phones: Iterable[str | None]) -> list[bytes | None]:
    """``phone_digest`` of many numbers."""
    return digests(_PHONE, phones)


def identifier_digest(kind: IdentifierKind, number: str) -> bytes:
    """Digest of another number (其他编号) in its stored form; numbers of two kinds never agree."""
    return digest(_IDENTIFIER[kind], number)


def identifier_digests(kind: IdentifierKind, numbers: Iterable[str | None]) -> list[bytes | None]:
    """``identifier_digest`` of many numbers of a kind (None of None)."""
    return digests(_IDENTIFIER[kind], numbers)


def planned_fits(category: RetirementCategory | None, birth: date | None, month: date) -> bool:
    """Whether a month chosen in flexible retirement lies in the range of the category (弹性退休) [S90]."""
    if category is None or birth is None:
        return False
    ends = flexible_months(category, birth)
    return ends is not None and ends[0] <= month <= ends[1]
