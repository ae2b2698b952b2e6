"""One edition (版本) of a plan as data: the closed shape of a plan file (DESIGN 6, DOMAIN 1.10).

A plan is a code that lives on; an edition holds the numbers of one text and the day from which they hold.
Editions are frozen values; ``parse`` makes them from TOML, ``compile`` turns their rules into SQL,
``words`` into sentences.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from benefits.plans.conditions import Test
from benefits.plans.cover import Benefit, Component, DiseaseList, Exclusion, one_of
from benefits.plans.vocabulary import (
    UNKNOWN,
    Closed,
    Code,
    Count,
    Fen,
    Flag,
    Maybe,
    Names,
    Payer,
    Positive,
    Ratio,
    RiskClass,
    Source,
    Sourced,
    Text,
    Unknown,
    Wording,
    broken,
)


def _date(value: object) -> object:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise broken("bad_date", value=str(value)[:40])
    return value


Date = Annotated[date, BeforeValidator(_date)]
Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
TierCode = Annotated[Code, Field(max_length=16)]


class FixedDay(Closed):
    """The calendar day on which every term starts."""

    month: Annotated[Positive, Field(le=12)]
    day: Annotated[Positive, Field(le=31)]


class TermRule(Sourced):
    """How long a term (保障期) is and when it starts: after the prior term, on a fixed day, or the day
    after payment."""

    months: Maybe[Annotated[Positive, Field(le=600)]]
    start: Maybe[Literal["follow", "fixed", "day_after_paid"]]
    fixed: FixedDay | None = None

    @model_validator(mode="after")
    def _fixed_day(self) -> Self:
        if (self.start == "fixed") != (self.fixed is not None):
            raise broken("fixed_day")
        return self


class RiskFen(Closed):
    """The fee of a tier by risk class, fen a share."""

    ordinary: Maybe[Fen]
    high: Maybe[Fen]


class Tier(Sourced):
    """A tier (档次) with its fee, one for all or by risk class."""

    code: TierCode
    name: Names | None = None
    fen: Maybe[Fen] | RiskFen

    @model_validator(mode="before")
    @classmethod
    def _amount(cls, value: object) -> object:
        if isinstance(value, dict) and isinstance(value.get("fen"), dict):
            return value | {"fen": RiskFen.model_validate(value["fen"])}
        return value


class Fee(Sourced):
    """会费: fen a share for the whole term, or tiers."""

    per_share_fen: Maybe[Fen] | None = None
    tiers: Annotated[tuple[Tier, ...], Field(alias="tier", max_length=40)] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        one_of("per_share_fen, tier", self.per_share_fen is not None, bool(self.tiers))
        unique("tier", [tier.code for tier in self.tiers])
        return self


class Shares(Sourced):
    """份数: how many shares a person may hold, and whether all of a unit must hold as many."""

    min: Positive = 1
    max: Maybe[Positive]
    same_in_unit: Maybe[Flag]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if isinstance(self.max, int) and self.max < self.min:
            raise broken("shares_order", min=self.min, max=self.max)
        return self


class ParticipationRule(Sourced):
    """参保率: joined / basis must reach ``ratio`` (basis points); a unit with fewer than ``all_in_below``
    people joins as a whole; at least ``min_people`` join (DOMAIN 0.3)."""

    basis: Maybe[Literal["staff", "women", "members"]]
    ratio: Maybe[Ratio]
    all_in_below: Maybe[Count] | None = None
    min_people: Maybe[Count] | None = None


class WaitingRule(Sourced):
    """观察期 and 宽限期, days (DOMAIN 0.4)."""

    days: Maybe[Count]
    waived_on_renewal: Maybe[Flag]
    grace_days: Maybe[Count]
    applies_to_added: Maybe[Flag]


class ClassRule(Sourced):
    """Whom the plan covers as a class, so that a renewal may add them (DOMAIN 5 C1), and by which split
    they are paid."""

    test: Test
    say: Wording
    funding: Word
    shares: Positive = 1
    tier: TierCode | None = None


Reason = Literal[
    "wrong_sex",
    "under_age",
    "over_age",
    "past_retirement",
    "not_in_post",
    "wrong_employment",
    "wrong_risk",
    "wrong_category",
    "no_card",
    "id_invalid",
    "wrong_date",
    "not_eligible",
]
"""Why a rule excludes a person; ``plans.reason.<code>`` is its sentence."""


class Require(Sourced):
    """A rule: who fails its test cannot be covered, for this reason."""

    id: Word
    reason: Reason | None = None
    say: Wording | None = None
    test: Test


class Declare(Sourced):
    """Something that people or units declare and no register knows (e.g. healthy and working normally)."""

    id: Word
    say: Names


class SplitLine(Closed):
    """What one payer pays of a share: fen, or the rest."""

    payer: Payer
    fen: Fen | None = None
    rest: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        one_of("fen, rest", self.fen is not None, self.rest is not None)
        return self


class Split(Sourced):
    """出资方案: who pays a share. At most one line takes the rest; the lines add up to the fee exactly."""

    code: Word
    name: Names
    lines: Annotated[tuple[SplitLine, ...], Field(min_length=1, max_length=9)]

    @model_validator(mode="after")
    def _one_rest(self) -> Self:
        unique("payer", [line.payer.value for line in self.lines])
        if sum(1 for line in self.lines if line.rest) > 1:
            raise broken("two_rests", funding=self.code)
        return self


class Conduct(Sourced):
    """Rules of conduct that are shown and printed (DOMAIN 1.10): refund, leaving, joining in mid-term,
    duplicates, claims."""

    refund: Maybe[Literal["none", "pro_rata", "at_term_end"]] | None = None
    leave: Maybe[Literal["continue_to_end", "stop"]] | None = None
    retire_in_term: Maybe[Literal["continue_to_end", "stop"]] | None = None
    add_in_term: Maybe[Literal["none", "new_hires", "anyone"]] | None = None
    duplicates: Maybe[Literal["first_counts"]] | None = None
    claim_within_days: Maybe[Positive] | None = None
    renewal_after_payment: Maybe[Literal["allowed", "excluded"]] | None = None
    """Whether a person whose cover ended by a payment may join the next term (given, the paid disease stays
    excluded)."""


class Price(Closed):
    """The fee of one share for a tier and a risk class (None: the same for all)."""

    tier: str | None
    risk: RiskClass | None
    fen: int | Unknown


class PlanNames(Names):
    """A plan's name, as lists and papers have room for it."""

    zh: Annotated[Text, Field(max_length=120)]
    en: Annotated[Text, Field(max_length=200)]


class Edition(Sourced):
    """One edition of a plan (保障计划的一个版本)."""

    code: Code
    edition: Annotated[Code, Field(max_length=32)]
    kind: Literal["plan", "bundle"] = "plan"
    draft: Flag = False
    name: PlanNames
    effective: Maybe[Date]
    ended: Date | None = None
    issuer: Maybe[Text]
    successor: Code | None = None
    exclusive_with: tuple[Code, ...] = ()
    sources: dict[Source, Text] = {}
    term: TermRule
    fee: Fee
    shares: Shares
    participation: ParticipationRule | None = None
    waiting: WaitingRule
    added_class: ClassRule | None = Field(default=None, alias="class")
    requires: tuple[Require, ...] = Field(default=(), alias="require", max_length=60)
    declares: tuple[Declare, ...] = Field(default=(), alias="declare", max_length=60)
    lists: tuple[DiseaseList, ...] = Field(default=(), alias="list")
    benefits: Maybe[tuple[Benefit, ...]] = Field(default=(), alias="benefit")
    components: Maybe[tuple[Component, ...]] = Field(default=(), alias="component")
    overall_cap_fen: Maybe[Fen] | None = None
    exclusions: tuple[Exclusion, ...] = Field(default=(), alias="exclude")
    funding: tuple[Split, ...] = ()
    conduct: Conduct | None = None
    to_confirm: tuple[Names, ...] = ()
    """What else the text leaves open and no key of the file can hold."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if isinstance(self.effective, date) and self.ended is not None and self.ended < self.effective:
            raise broken("ended_before", effective=self.effective.isoformat(), ended=self.ended.isoformat())
        unique("require", [rule.id for rule in self.requires])
        unique("funding", [split.code for split in self.funding])
        for split in self.funding:
            _adds_up(self, split)
        self._references()
        self._not_a_draft()
        return self

    def _references(self) -> None:
        """Every name that one part of the file uses stands in another."""
        if self.added_class is not None:
            _refers("class.funding", self.added_class.funding, [split.code for split in self.funding])
            if self.added_class.tier is not None:
                _refers("class.tier", self.added_class.tier, [tier.code for tier in self.fee.tiers])
        benefits = list(self.all_benefits())
        unique("benefit", [benefit.id for benefit in benefits])
        for benefit in benefits:
            for other in benefit.not_with:
                _refers("not_with", other, [found.id for found in benefits])
            for tier in getattr(benefit, "by_tier", {}):
                _refers("by_tier", tier, [found.code for found in self.fee.tiers])
            if (wanted := getattr(benefit, "list", None)) is not None:
                _refers("list", wanted, [found.code for found in self.lists])
        if (self.kind == "bundle") != (self.components != ()):
            raise broken("bundle_components", kind=self.kind)
        if isinstance(self.components, tuple):
            unique("component", [component.code for component in self.components])

    def _not_a_draft(self) -> None:
        if not self.draft and self.effective is UNKNOWN:
            raise broken("draft_only", key="effective")
        if not self.draft and self.components is UNKNOWN:
            raise broken("draft_only", key="component")

    def all_benefits(self) -> Iterator[Benefit]:
        """Benefits of the plan and of its components."""
        if isinstance(self.benefits, tuple):
            yield from self.benefits
        if isinstance(self.components, tuple):
            for component in self.components:
                if isinstance(component.benefits, tuple):
                    yield from component.benefits

    def prices(self) -> tuple[Price, ...]:
        """Every price of a share; ``fen`` is UNKNOWN where the file says 待核实."""
        if self.fee.per_share_fen is not None:
            return (Price(tier=None, risk=None, fen=self.fee.per_share_fen),)
        found: list[Price] = []
        for tier in self.fee.tiers:
            if isinstance(tier.fen, RiskFen):
                found.append(Price(tier=tier.code, risk=RiskClass.ORDINARY, fen=tier.fen.ordinary))
                found.append(Price(tier=tier.code, risk=RiskClass.HIGH, fen=tier.fen.high))
            else:
                found.append(Price(tier=tier.code, risk=None, fen=tier.fen))
        return tuple(found)


def unique(what: str, codes: list[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise broken("twice", what=what, code=code)


def _refers(key: str, code: str, known: list[str]) -> None:
    if code not in known:
        raise broken("no_such_reference", key=key, code=code, allowed=", ".join(known) or "–")


def _adds_up(edition: Edition, split: Split) -> None:
    """The lines of a split add up to every known price; a rest must not be negative."""
    fixed = sum(line.fen or 0 for line in split.lines)
    rest = any(line.rest for line in split.lines)
    for price in edition.prices():
        if price.fen is not UNKNOWN and (fixed > price.fen if rest else fixed != price.fen):
            tier = " ".join(filter(None, (price.tier, price.risk and price.risk.value))) or "–"
            raise broken("split_sum", funding=split.code, tier=tier, sum=fixed, fee=price.fen)
