"""Who may be covered: the closed language of tests over the facts of a person (DESIGN law 4).

A test has three values, true, false and null: null means that a datum it needs is missing (资料缺失), which
is never taken for a no. A table is a test by exactly one operator key; there are no expressions.
``compile`` turns a test into SQL and nothing else evaluates it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    Strict,
    Tag,
    ValidationInfo,
    model_validator,
)

from benefits.plans.vocabulary import Closed, Code, RiskClass, broken, near


class Fact(StrEnum):
    """What is known of a person. Each is one column of the register (or of a staged copy of it)."""

    SEX = "sex"
    BIRTH = "birth"
    STATUS = "status"
    EMPLOYMENT = "employment"
    RISK_CLASS = "risk_class"
    RETIREMENT_MONTH = "retirement_month"
    JOINED_ON = "joined_on"
    HAS_CARD = "has_card"
    ID_VALID = "id_valid"
    CATEGORY = "category"


DATES = frozenset({Fact.BIRTH, Fact.RETIREMENT_MONTH, Fact.JOINED_ON})
FLAGS = frozenset({Fact.HAS_CARD, Fact.ID_VALID})
CODES: dict[Fact, frozenset[str]] = {
    Fact.SEX: frozenset({"male", "female"}),
    Fact.STATUS: frozenset({"in_post", "early_leave", "unemployed", "retired", "resigned", "deceased"}),
    Fact.EMPLOYMENT: frozenset({"regular", "contract", "temporary", "dispatched", "platform"}),
    Fact.RISK_CLASS: frozenset(kind.value for kind in RiskClass),
    Fact.CATEGORY: frozenset(
        {"truck_driver", "courier", "care_worker", "domestic_worker", "mall_information", "food_rider"}
        | {"estate_agent", "security_guard", "ride_hailing_driver", "delivery_rider"}
    ),
}
"""Values as the register stores them; worker categories (新就业形态) by DOMAIN 2.6 [S87][S39], of which a
person may have several."""
CATEGORIES = "categories"
"""Key of a validation's context: codes of categories that an office has defined itself."""


def _among(facts: Iterable[Fact]) -> BeforeValidator:
    """Facts are written as words; a word that is none of ``facts`` is refused with its nearest."""
    allowed = [fact.value for fact in Fact if fact in set(facts)]

    def check(value: object) -> Fact:
        if not isinstance(value, str) or value not in allowed:
            word = str(value)[:40]
            raise broken("unknown_fact", fact=word, allowed=", ".join(allowed), near=near(word, allowed))
        return Fact(value)

    return BeforeValidator(check)


def _day(value: object) -> object:
    if isinstance(value, datetime) or not (isinstance(value, date) or value == "start"):
        raise broken("bad_day", value=str(value)[:40])
    return value


def _plain_value(value: object) -> object:
    if not isinstance(value, bool | str):
        raise broken("bad_text", text=str(value)[:40])
    return value


def _check_code(fact: Fact, code: str, info: ValidationInfo) -> None:
    """``CATEGORIES`` of the validation's context are the codes of an office's own categories."""
    own = (info.context or {}).get(CATEGORIES, ()) if fact is Fact.CATEGORY else ()
    if code in own:
        return
    allowed = sorted(CODES[fact])
    if code not in allowed:
        known = ", ".join(allowed)
        raise broken("unknown_code", fact=fact.value, code=code[:40], allowed=known, near=near(code, allowed))


CodedFact = Annotated[Fact, _among(tuple(CODES))]
PlainFact = Annotated[Fact, _among((*CODES, *FLAGS))]
DateFact = Annotated[Fact, _among(DATES)]
FlagFact = Annotated[Fact, _among(FLAGS)]
AnyFact = Annotated[Fact, _among(Fact)]
Birth = Annotated[Fact, _among([Fact.BIRTH])]
Age = Annotated[int, Strict(), Field(ge=0, le=120)]
At = Literal["start", "end"]
Day = Annotated[date | Literal["start"], BeforeValidator(_day)]


class Is(Closed):
    """The fact has this value: ``{ fact = "sex", is = "female" }``; a yes-no fact takes true or false. Of the
    categories that a person has on the first day, one is this."""

    fact: PlainFact
    value: Annotated[bool | str, BeforeValidator(_plain_value)] = Field(alias="is")

    @model_validator(mode="after")
    def _of_the_fact(self, info: ValidationInfo) -> Self:
        if self.fact not in FLAGS:
            _check_code(self.fact, str(self.value), info)
        elif not isinstance(self.value, bool):
            raise broken("wants_flag", fact=self.fact.value)
        return self


class OneOf(Closed):
    """The fact has one of these values."""

    fact: CodedFact
    values: Annotated[tuple[Code, ...], Field(alias="one_of", min_length=1, max_length=40)]

    @model_validator(mode="after")
    def _of_the_fact(self, info: ValidationInfo) -> Self:
        for code in self.values:
            _check_code(self.fact, code, info)
        return self


class Not(Closed):
    """The other way round; null stays null."""

    test: "Test" = Field(alias="not")


class All(Closed):
    """Every part holds. False beats null, null beats true."""

    parts: Annotated[tuple["Test", ...], Field(alias="all", min_length=1, max_length=40)]


class AnyOf(Closed):
    """At least one part holds. True beats null, null beats false."""

    parts: Annotated[tuple["Test", ...], Field(alias="any", min_length=1, max_length=40)]


class AgeBetween(Closed):
    """Aged from the first to the second, both included: 16–60 ends the day one turns 61 (DOMAIN 1.12,
    inclusive [inferred])."""

    fact: Birth = Fact.BIRTH
    ages: Annotated[tuple[Age, Age], Field(alias="age_between")]
    at: At = "start"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _in_order(self.ages)
        return self


class MinAge(Closed):
    """At least this old."""

    fact: Birth = Fact.BIRTH
    age: Age = Field(alias="min_age")
    at: At = "start"


class MaxAge(Closed):
    """At most this old: out on the day one turns a year older."""

    fact: Birth = Fact.BIRTH
    age: Age = Field(alias="max_age")
    at: At = "start"


class AgesOfSexes(Closed):
    """Both age spans of ``age_by_sex``."""

    male: tuple[Age, Age]
    female: tuple[Age, Age]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _in_order(self.male)
        _in_order(self.female)
        return self


class AgeBySex(Closed):
    """Aged by sex, e.g. men under 60 and women under 55 (DOMAIN 1.10 [S22])."""

    fact: Birth = Fact.BIRTH
    ages: AgesOfSexes = Field(alias="age_by_sex")
    at: At = "start"


class BelowRetirement(Closed):
    """Below the statutory retirement age (法定退休年龄): the day lies in a month before the statutory
    month.

    Who reaches the age in that very month is past it (DOMAIN 2.5 [S89] gives the month; that the month
    itself is out is [inferred]).
    """

    wanted: Literal[True] = Field(alias="below_statutory_retirement")
    at: At = "start"


class Dated(Closed):
    """A date fact against fixed days or the first day of cover (``"start"``); bounds hold together."""

    fact: DateFact
    on_or_after: Day | None = None
    after: Day | None = None
    on_or_before: Day | None = None
    before: Day | None = None


class Has(Closed):
    """A yes-no fact is yes: ``{ has = "has_card" }``."""

    fact: FlagFact = Field(alias="has")


class Known(Closed):
    """The datum is there. Never null. A category is there if the person has one on the first day."""

    fact: AnyFact = Field(alias="known")


def _in_order(span: tuple[int, int]) -> None:
    if span[0] > span[1]:
        raise broken("ages_reversed", low=span[0], high=span[1])


OPERATORS: dict[str, type[Closed]] = {
    "is": Is,
    "one_of": OneOf,
    "not": Not,
    "all": All,
    "any": AnyOf,
    "age_between": AgeBetween,
    "min_age": MinAge,
    "max_age": MaxAge,
    "age_by_sex": AgeBySex,
    "below_statutory_retirement": BelowRetirement,
    "on_or_after": Dated,
    "after": Dated,
    "on_or_before": Dated,
    "before": Dated,
    "has": Has,
    "known": Known,
}


def _operator(value: Any) -> str:
    """The class that a table is written as: its operator key decides."""
    if isinstance(value, Closed):
        return type(value).__name__
    return next(OPERATORS[key].__name__ for key in value if key in OPERATORS)


def _one_operator(value: Any) -> Any:
    """A test is a table with the key of exactly one operator."""
    if isinstance(value, Closed):
        return value
    if not isinstance(value, dict):
        raise broken("not_a_test", value=str(value)[:40])
    kinds = {OPERATORS[key].__name__ for key in value if key in OPERATORS}
    if len(kinds) == 1:
        return value
    if kinds:
        raise broken("two_operators", keys=", ".join(key for key in value if key in OPERATORS))
    allowed = list(OPERATORS)
    odd = next((key for key in value if key not in ("fact", "at")), "")
    raise broken("unknown_operator", key=odd, allowed=", ".join(allowed), near=near(odd, allowed))


_AnyTest = Annotated[
    Annotated[Is, Tag("Is")]
    | Annotated[OneOf, Tag("OneOf")]
    | Annotated[Not, Tag("Not")]
    | Annotated[All, Tag("All")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[AgeBetween, Tag("AgeBetween")]
    | Annotated[MinAge, Tag("MinAge")]
    | Annotated[MaxAge, Tag("MaxAge")]
    | Annotated[AgeBySex, Tag("AgeBySex")]
    | Annotated[BelowRetirement, Tag("BelowRetirement")]
    | Annotated[Dated, Tag("Dated")]
    | Annotated[Has, Tag("Has")]
    | Annotated[Known, Tag("Known")],
    Discriminator(_operator),
]
Test = Annotated[_AnyTest, BeforeValidator(_one_operator)]
TAGS = frozenset(kind.__name__ for kind in OPERATORS.values())
for _kind in (Not, All, AnyOf):
    _kind.model_rebuild()
