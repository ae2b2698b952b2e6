"""Coded values of the register in words (会员代码的说法)."""

from collections.abc import Callable
from enum import Enum

from benefits.kernel.errors import Say, say
from benefits.kernel.ids import Sex, sex_words
from benefits.members.models import (
    ConsentForm,
    Employment,
    IdentifierKind,
    Purpose,
    Relation,
    Standing,
    Status,
)
from benefits.members.retirement import RetirementCategory, category_words
from benefits.organisations.models import RiskClass

_NAMED: dict[type[Enum], Callable[[str], Say]] = {
    Status: lambda code: say(f"members.status.{code}"),
    Employment: lambda code: say(f"members.employment.{code}"),
    RiskClass: lambda code: say(f"members.risk.{code}"),
    IdentifierKind: lambda code: say(f"members.identifier.{code}"),
    Relation: lambda code: say(f"members.relation.{code}"),
    Purpose: lambda code: say(f"members.purpose.{code}"),
    ConsentForm: lambda code: say(f"members.form.{code}"),
    Standing: lambda code: say(f"members.standing.{code}"),
}
_ENDINGS = frozenset({"transferred", "resigned", "deceased", "merged", "ended"})


def value_words(value: Enum | bool) -> Say | str:
    """What a coded value is called on screens and paper."""
    if isinstance(value, bool):
        return say("members.value.yes" if value else "members.value.no")
    if isinstance(value, Sex):
        return sex_words(value)
    if isinstance(value, RetirementCategory):
        return category_words(value)
    named = _NAMED.get(type(value))
    return named(value.value) if named else str(value.value)


def ending_words(reason: str) -> Say | str:
    """Why a membership ended (会籍终止原因), in words; what a file said stays as it was said."""
    return say(f"members.ending.{reason}") if reason in _ENDINGS else reason
