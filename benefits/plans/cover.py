"""What a plan pays: the closed vocabulary of benefit shapes (DOMAIN 1.2–1.9).

A shape holds the numbers of the plan's text and computes nothing; claims are assessed elsewhere. An amount
may differ by tier, and no tier's amount is ever derived from another's (DOMAIN 1.3: the press figures
contradict a per-yuan scale).
"""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, Strict, model_validator

from benefits.plans.vocabulary import (
    UNKNOWN,
    Code,
    Count,
    Fen,
    Maybe,
    Names,
    Positive,
    Ratio,
    Sourced,
    Text,
    Wording,
    broken,
    near,
)

Per = Literal["share", "person"]
ByTier = dict[Code, Maybe[Fen]]


class Exclusion(Sourced):
    """A case in which nothing is paid (除外)."""

    id: Code
    say: Names


class Payment(Sourced):
    """What every benefit has: its name in the edition, its words, what it excludes."""

    id: Code
    say: Wording | None = None
    per: Per = "share"
    not_with: tuple[Code, ...] = ()
    ends_cover: Annotated[bool, Strict()] = False
    """Paid once, the cover of this term is over (给付后保障终止)."""


class DiseaseList(Sourced):
    """A named list of diseases: how many the text says, and which, if known."""

    code: Code
    count: Maybe[Count]
    names: Maybe[tuple[Text, ...]]

    @model_validator(mode="after")
    def _counted(self) -> Self:
        if isinstance(self.names, tuple) and isinstance(self.count, int) and len(self.names) != self.count:
            raise broken("list_count", count=self.count, names=len(self.names))
        return self


class Step(Sourced):
    """Up to and with day ``to_day`` after effect, ``fen`` is paid; a step without ``to_day`` is the rest of
    the term."""

    to_day: Positive | None = None
    fen: Maybe[Fen]


class LumpByElapsedDays(Payment):
    """A lump sum by days since effect (DOMAIN 0.2 [S2])."""

    kind: Literal["lump_by_elapsed_days"]
    event: Code
    list: Code | None = None
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=20)]
    day_one: Maybe[Literal["effect", "day_after"]] = UNKNOWN
    """Whether the day of effect is day 1 or day 0; the text does not say (DOMAIN 1.12)."""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        days = [step.to_day for step in self.steps]
        bounds = [day for day in days[:-1] if day is not None]
        if days[-1] is not None or len(bounds) != len(days) - 1 or bounds != sorted(set(bounds)):
            raise broken("steps_order")
        return self


class FixedSum(Payment):
    """One amount for one event, or an amount by severity or stage (DOMAIN 1.10, benefit by class)."""

    kind: Literal["fixed_sum"]
    event: Code
    fen: Maybe[Fen] | None = None
    by_class: dict[Code, Maybe[Fen]] = {}
    by_tier: ByTier = {}

    @model_validator(mode="after")
    def _amount(self) -> Self:
        one_of("fen, by_class, by_tier", self.fen is not None, bool(self.by_class), bool(self.by_tier))
        return self


class DisabilityByGrade(Payment):
    """Permanent disability by a grade table (伤残等级): the worst grade counts [S112]; percent of the sum,
    grade 1 first."""

    kind: Literal["disability_by_grade"]
    table: Maybe[Annotated[tuple[Ratio, ...], Field(min_length=1, max_length=20)]]
    fen: Maybe[Fen] | None = None
    by_tier: ByTier = {}
    assess_at_day: Maybe[Positive] | None = None
    """Still in treatment on this day: graded as of it [S63]."""

    @model_validator(mode="after")
    def _amount(self) -> Self:
        one_of("fen, by_tier", self.fen is not None, bool(self.by_tier))
        return self


class DailyAllowance(Payment):
    """A sum a day (住院津贴, 生活津贴), with free days, a cap in days and in money (DOMAIN 1.4)."""

    kind: Literal["daily_allowance"]
    event: Code
    rate_fen: Maybe[Fen] | None = None
    by_tier: ByTier = {}
    free_days: Maybe[Count] = 0
    free_days_are: Maybe[Literal["deducted", "threshold"]] = "deducted"
    """Whether free days are taken off a longer stay or only a threshold; ambiguous in the text [S21]."""
    max_days: Maybe[Positive] | None = None
    max_fen: Maybe[Fen] | None = None
    hospital_level_min: Maybe[Positive] | None = None

    @model_validator(mode="after")
    def _amount(self) -> Self:
        one_of("rate_fen, by_tier", self.rate_fen is not None, bool(self.by_tier))
        return self


class Reimbursement(Payment):
    """A share of a cost between a deductible and a ceiling (DOMAIN 1.5, 1.7)."""

    kind: Literal["reimbursement"]
    event: Code
    deductible_fen: Maybe[Fen] = 0
    ratio: Maybe[Ratio]
    ceiling_fen: Maybe[Fen] | None = None


class DeathFuneral(Payment):
    """Death and funeral lump sum (身故及丧葬); ``payee`` may be the union's account [S47]."""

    kind: Literal["death_funeral"]
    fen: Maybe[Fen] | None = None
    by_tier: ByTier = {}
    payee: Maybe[Literal["family", "union"]] | None = None

    @model_validator(mode="after")
    def _amount(self) -> Self:
        one_of("fen, by_tier", self.fen is not None, bool(self.by_tier))
        return self


SHAPES: dict[str, type[Payment]] = {
    "lump_by_elapsed_days": LumpByElapsedDays,
    "fixed_sum": FixedSum,
    "disability_by_grade": DisabilityByGrade,
    "daily_allowance": DailyAllowance,
    "reimbursement": Reimbursement,
    "death_funeral": DeathFuneral,
}


def _known_kind(value: object) -> object:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    if kind not in SHAPES:
        word, allowed = str(kind)[:40], list(SHAPES)
        raise broken("unknown_kind", kind=word, allowed=", ".join(allowed), near=near(word, allowed))
    return value


Benefit = Annotated[
    Annotated[
        LumpByElapsedDays | FixedSum | DisabilityByGrade | DailyAllowance | Reimbursement | DeathFuneral,
        Field(discriminator="kind"),
    ],
    BeforeValidator(_known_kind),
]


class Component(Sourced):
    """One cover of a bundle (组合计划的一项): its own benefits, its own cap, its own exhaustion."""

    code: Code
    name: Maybe[Names]
    benefits: Maybe[tuple[Benefit, ...]] = Field(alias="benefit")
    max_fen: Maybe[Fen] | None = None
    own_exhaustion: Maybe[Annotated[bool, Strict()]] = True


def one_of(keys: str, *given: bool) -> None:
    """Exactly one of several keys must be there."""
    if sum(given) != 1:
        raise broken("one_of_keys", keys=keys, given=sum(given))
