"""What is derived from a member's numbers (派生字段): the digest that makes a person unique, last fours,
search keys, the statutory month.

Derived columns are written with the member, by one function each, so that a register filled from a file and
one typed in agree.
"""

from collections.abc import Iterable
from datetime import date

from benefits.kernel.sealed import digest, digests
from benefits.members.retirement import RetirementCategory, statutory_month

_IDENTITY = "member.identity"


def identity_digest(number: str) -> bytes:
    """Digest of an identity number in its stored form; equal for one person whatever the case it was typed
    in.
    """
    return digest(_IDENTITY, number)


def identity_digests(numbers: Iterable[str | None]) -> list[bytes | None]:
    """``identity_digest`` of many numbers (None of None)."""
    return digests(_IDENTITY, numbers)


def last4(number: str | None) -> str | None:
    """The last four characters that lists may show (后四位)."""
    return None if number is None else number[-4:]


def statutory(category: RetirementCategory | None, birth: date | None) -> date | None:
    """The statutory retirement month (法定退休年月); None where category or birth is not known."""
    return None if category is None or birth is None else statutory_month(category, birth)
