"""What a clerk may write about a member (会员信息录入), and what is wrong with it.

The input model knows types only; ``check`` knows the rules of DOMAIN 3 and collects every problem at once.
Sex and birth that an identity number says are filled in; where a column contradicts the number, the record
is refused.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.ids import IdKind, Sex, check_against, check_id
from benefits.kernel.text import MOVED, check_name, mask_phone, plain, shown
from benefits.members.models import Employment, Status
from benefits.members.retirement import RetirementCategory
from benefits.organisations.models import RiskClass

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_IDENTITY_FIELDS = frozenset({"id_number", "sex", "birth"})
_LONGEST = {"department": 60, "ethnicity": 20, "platform": 60, "station": 80}


class MemberInput(BaseModel):
    """What is written about a person; None: not known. Numbers are in clear here and nowhere after."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation_id: int
    name: str
    id_number: str | None = None
    sex: Sex | None = None
    birth: date | None = None
    employment: Employment | None = None
    risk_class: RiskClass | None = None
    retirement_category: RetirementCategory | None = None
    joined_on: date | None = None
    has_card: bool | None = None
    phone: str | None = None
    department: str | None = None
    ethnicity: str | None = None
    platform: str | None = None
    station: str | None = None
    status: Status = Status.IN_POST


@dataclass(frozen=True, slots=True)
class Checked:
    """A record in the form that is stored. ``warnings`` ask for a look at the papers and stop nothing."""

    name: str
    id_number: str | None
    id_kind: IdKind | None
    id_valid: bool | None
    sex: Sex | None
    birth: date | None
    retirement_category: RetirementCategory | None
    phone: str | None
    department: str | None
    ethnicity: str | None
    platform: str | None
    station: str | None
    warnings: tuple[Problem, ...]


def member_input(values: Mapping[str, Any]) -> MemberInput:
    """The input model from loose values. Raises Refused ``members.invalid`` with one problem a field."""
    try:
        return MemberInput.model_validate(dict(values))
    except ValidationError as error:
        problems = tuple(
            _misfit(detail["loc"], detail["input"]) for detail in error.errors(include_url=False)
        )
        raise Refused("members.invalid", count=len(problems), problems=problems) from None


def _misfit(place: tuple[int | str, ...], value: object) -> Problem:
    field = str(place[0]) if place else ""
    if field and field not in MemberInput.model_fields:  # its value may be a number: it is not repeated
        known = ", ".join(name for name in MemberInput.model_fields if name != "organisation_id")
        return Problem(
            "members.field_unknown",
            say("members.field_unknown", field=shown(field), known=known),
            field=field,
        )
    words = "" if field in ("id_number", "phone") or isinstance(value, Mapping) else shown(str(value))
    named = say(f"members.field.{field}") if field else ""
    return Problem(
        "members.field_form", say("members.field_form", field=named, value=words), field=field or None
    )


def check(given: MemberInput, today: date, only: frozenset[str] | None = None) -> Checked:
    """The record as it is stored. ``only``: the fields that were changed; an old fault elsewhere stops no
    other change.

    Raises Refused ``members.invalid`` with all problems.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    name = check_name(given.name)
    problems += name.problems
    number, kind, valid, sex, birth = None, None, None, given.sex, given.birth
    if given.id_number is not None and given.id_number.strip():
        found = check_id(given.id_number, today)
        problems += found.problems
        problems += check_against(found, given.sex, given.birth)
        warnings += found.warnings
        number, kind, valid = found.number, found.kind, found.ok
        sex, birth = given.sex or found.sex, given.birth or found.birth
    phone, wrong = phone_in_form(given.phone)
    problems += wrong
    problems += _days(given, birth, today)
    texts = {field: tidy(getattr(given, field)) for field in _LONGEST}
    problems += [
        problem for field, most in _LONGEST.items() if (problem := too_long(field, texts[field], most))
    ]
    category = given.retirement_category or (RetirementCategory.M60 if sex is Sex.MALE else None)
    if sex is not None and category is not None and (sex is Sex.MALE) != (category is RetirementCategory.M60):
        words = say("members.category_sex", category=say(f"members.category_{category.value.lower()}"))
        problems.append(Problem("members.category_sex", words, field="retirement_category"))
    if only is not None:
        touched = only | (_IDENTITY_FIELDS if only & _IDENTITY_FIELDS else frozenset())
        problems = [problem for problem in problems if problem.field in touched]
    if problems:
        raise Refused("members.invalid", count=len(problems), problems=tuple(problems))
    return Checked(
        name.name, number, kind, valid, sex, birth, category, phone, **texts, warnings=tuple(warnings)
    )


def tidy(text: str | None) -> str | None:
    """A line of text as it is stored: nothing hostile, single spaces, moved GB 18030 points; None where
    nothing is left."""
    return " ".join(plain(text or "").translate(MOVED).split()) or None


def too_long(field: str, text: str | None, most: int) -> Problem | None:
    """The problem that a line of text does not fit its column, if it does not."""
    if text is None or len(text) <= most:
        return None
    words = say(
        "members.too_long",
        field=say(f"members.field.{field}"),
        text=shown(text),
        length=len(text),
        most=most,
    )
    return Problem("members.too_long", words, field=field)


def phone_in_form(text: str | None) -> tuple[str | None, list[Problem]]:
    """A mobile number as it is stored and what is wrong with it, by its shape only: segments change
    [S118]."""
    if text is None or not text.strip():
        return None, []
    number = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", plain(text))).removeprefix("+86")
    if _MOBILE.fullmatch(number):
        return number, []
    words = say("members.phone_form", phone=mask_phone(shown(number)), length=len(number))
    return number, [Problem("members.phone_form", words, field="phone")]


def _days(given: MemberInput, birth: date | None, today: date) -> list[Problem]:
    found: list[Problem] = []
    if given.birth is not None and given.birth > today:
        found.append(_late("birth", given.birth, today))
    if given.joined_on is not None and given.joined_on > today:
        found.append(_late("joined_on", given.joined_on, today))
    if given.joined_on is not None and birth is not None and given.joined_on < birth:
        words = say("members.joined_before_birth", joined=given.joined_on, birth=birth)
        found.append(Problem("members.joined_before_birth", words, field="joined_on"))
    return found


def _late(field: str, day: date, today: date) -> Problem:
    words = say("members.future_day", field=say(f"members.field.{field}"), day=day, today=today)
    return Problem("members.future_day", words, field=field)
