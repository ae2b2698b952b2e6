"""Other numbers of a person (其他编号): one form, and what is wrong with it. DOMAIN 3.3."""

import re
import unicodedata
from dataclasses import dataclass

from benefits.kernel.errors import Problem, say
from benefits.kernel.text import plain
from benefits.members.models import IdentifierKind

_LONGEST = 32
_BANK_CARD = re.compile(r"[0-9]{13,19}")
_OTHER = re.compile(r"[A-Z0-9][A-Z0-9/._-]*")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{1,2}|[0-9]{15,19}\.0*")
_CARDS = (IdentifierKind.UNION_CARD, IdentifierKind.BANK_CARD)
UNIQUE = (IdentifierKind.UNION_CARD, IdentifierKind.MEMBER_NUMBER)
"""One such number, one person; a bank card may be shared by a couple, a staff number is its unit's own."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number in the form that is stored. ``problems`` refuse it, ``warnings`` ask for a look at the
    card."""

    number: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def check_identifier(kind: IdentifierKind, text: str) -> Identifier:
    """A number as it is stored: narrow, capital, without blanks; of a card without hyphens too.

    A bank card has 13 to 19 digits (ISO/IEC 7812); that its Luhn digit does not fit is a warning only,
    because some domestic cards fail it [S119]. The forms of the other numbers are not published (待核实): up
    to 32 letters, digits and signs between them.

    >>> check_identifier(IdentifierKind.BANK_CARD, "6222 0000-0000 0000 004").number
    '6222000000000000004'
    """
    number = re.sub(r"\s+", "", unicodedata.normalize("NFKC", plain(text))).upper().lstrip("'`‘’")
    if kind in _CARDS:
        number = number.replace("-", "")
    if _SCIENTIFIC.fullmatch(number):
        return Identifier(number, (_problem("members.number_scientific", kind),))
    if kind is IdentifierKind.BANK_CARD:
        if not _BANK_CARD.fullmatch(number):
            return Identifier(number, (_problem("members.bank_card_form", kind, length=len(number)),))
        if not luhn(number):
            return Identifier(number, warnings=(_problem("members.luhn", kind, last4=number[-4:]),))
        return Identifier(number)
    if not _OTHER.fullmatch(number) or len(number) > _LONGEST:
        return Identifier(number, (_problem("members.number_form", kind, length=len(number), most=_LONGEST),))
    return Identifier(number)


def luhn(number: str) -> bool:
    """Whether the last digit of a card fits the others (ISO/IEC 7812).

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    total = 0
    for place, char in enumerate(reversed(number)):
        digit = int(char) * (1 + place % 2)
        total += digit - 9 * (digit > 9)
    return total % 10 == 0


def mask_number(last4: str) -> str:
    """A number in lists: its last four behind stars (DOMAIN 3.4)."""
    return f"****{last4}"


def _problem(code: str, kind: IdentifierKind, /, **params: object) -> Problem:
    words = say(code, kind=say(f"members.identifier.{kind.value}"), **params)
    return Problem(code, words, field=kind.value)
