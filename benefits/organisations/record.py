"""What a clerk may write about a unit (单位信息录入), and what is wrong with it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benefits.kernel.errors import Problem, Refused, Say, say
from benefits.kernel.ids import check_uscc
from benefits.kernel.text import plain, shown
from benefits.organisations.codes import INDUSTRIES, UNIT_TYPES, industry_words, unit_type_words
from benefits.organisations.models import Organisation, RiskClass

LONGEST_NAME = 120
LONGEST_CODE = 32
LONGEST_ADDRESS = 200


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in the form that is stored; nothing typed is None.

    Raises Refused with the one thing that is wrong, or ``organisations.invalid`` with all of them:
    ``.field_unknown``, ``.empty``, ``.too_long``, ``.uscc_invalid``, ``.staff_form``, ``.code_unknown``.
    """
    done: dict[str, Any] = {}
    wrong: list[tuple[str, Refused]] = []
    for field, value in values.items():
        try:
            if field not in _CHECKS:
                raise Refused("organisations.field_unknown", field=shown(field))
            done[field] = _CHECKS[field](value)
        except Refused as refusal:
            wrong.append((field, refusal))
    if len(wrong) == 1:
        raise wrong[0][1]
    if wrong:
        problems = [Problem(refusal.code, refusal.say, field=field) for field, refusal in wrong]
        raise Refused("organisations.invalid", count=len(problems), problems=tuple(problems))
    return done


def conflicts(before: Organisation, wanted: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Both values of every field that somebody else changed meanwhile."""
    return tuple(
        Problem(
            "organisations.conflict",
            say(
                "organisations.conflict",
                field=say(f"organisations.field.{field}"),
                mine=value_words(field, wanted[field]),
                theirs=value_words(field, getattr(before, field)),
            ),
            field=field,
        )
        for field in sorted(wanted)
        if wanted[field] != getattr(before, field)
    )


def value_words(field: str, value: Any) -> Say | str:
    """A value of a unit as a sentence shows it."""
    if value is None:
        return "-"
    if field == "industry":
        return industry_words(value)
    if field == "unit_type":
        return unit_type_words(value)
    if isinstance(value, RiskClass):
        return say(f"organisations.risk_class.{value.value}")
    return str(value)


def _text(field: str, most: int, needed: bool) -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        text = " ".join(plain(str(value if value is not None else "")).split())
        if len(text) > most:
            raise Refused("organisations.too_long", text=text[:20], length=len(text), most=most)
        if needed and not text:
            raise Refused("organisations.empty", field=say(f"organisations.field.{field}"))
        return text or None

    return check


def _uscc(value: Any) -> str | None:
    if value is None or not str(value).strip():
        return None
    found = check_uscc(str(value))
    if found.problems:
        raise Refused("organisations.uscc_invalid", uscc=shown(str(value)), problems=found.problems)
    return found.number


def _staff(value: Any) -> int | None:
    if value is None or not str(value).strip():
        return None
    digits = unicodedata.normalize("NFKC", str(value)).strip()  # full-width digits are digits
    if isinstance(value, bool) or not re.fullmatch("[0-9]{1,7}", digits):
        raise Refused("organisations.staff_form", value=shown(str(value)))
    return int(digits)


def _one_of(field: str, known: Sequence[str], width: int) -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        if value is None or not str(value).strip():
            return None
        code = str(value).strip().zfill(width)
        if code not in known:
            raise Refused(
                "organisations.code_unknown",
                field=say(f"organisations.field.{field}"),
                value=shown(str(value)),
                known="、".join(known),
            )
        return code

    return check


def _risk_class(value: Any) -> RiskClass | None:
    if isinstance(value, RiskClass):
        return value
    known = [each.value for each in RiskClass]
    found = _one_of("risk_class", known, 0)(value)
    return None if found is None else RiskClass(found)


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": _text("name", LONGEST_NAME, needed=True),
    "code": _text("code", LONGEST_CODE, needed=True),
    "uscc": _uscc,
    "staff": _staff,
    "risk_class": _risk_class,
    "industry": _one_of("industry", INDUSTRIES, 2),
    "unit_type": _one_of("unit_type", UNIT_TYPES, 3),
    "address": _text("address", LONGEST_ADDRESS, needed=False),
}
FIELDS = tuple(_CHECKS)
"""What ``organisations.edit`` changes."""
