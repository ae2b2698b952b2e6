"""Rules into SQL: the one evaluator of a plan's tests (DESIGN law 4).

All date arithmetic happens here, once a run, so that SQL only compares columns with bound values, the same
on both engines. A clause is TRUE where the rule is satisfied, FALSE where it excludes, and NULL where a
datum is missing (资料缺失).
"""

from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from typing import Any

from sqlalchemy import ColumnElement, Date, String, and_, literal, not_, or_, true, type_coerce

from benefits.kernel.dates import earliest_birth, latest_birth, term_end
from benefits.kernel.errors import Refused
from benefits.plans.conditions import (
    AgeBetween,
    AgeBySex,
    All,
    AnyOf,
    At,
    BelowRetirement,
    Dated,
    Fact,
    Has,
    Is,
    Known,
    MaxAge,
    MinAge,
    Not,
    OneOf,
    Test,
)
from benefits.plans.edition import Edition, Reason, Require
from benefits.plans.facts import Categories, Facts, column, held
from benefits.plans.vocabulary import Closed, Names, Unknown
from benefits.plans.words import arm_words

Clause = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Arm:
    """One reason to exclude: ``clause`` is TRUE (satisfied), FALSE (excluded for ``reason_code``) or NULL
    (data missing)."""

    rule_id: str
    reason_code: str
    say: Names
    clause: Clause
    test: Closed
    """The tested condition, for whoever shows the value seen."""


@dataclass(frozen=True, slots=True)
class Day:
    """The days that a test may speak of: first and last day of the term (inclusive; None: length not
    known)."""

    start: date
    end: date | None

    def at(self, at: At) -> date:
        """The day that ``at`` names. Raises Refused ``plans.term_unknown``."""
        if at == "start":
            return self.start
        if self.end is None:
            raise Refused("plans.term_length_unknown")
        return self.end


def arms(edition: Edition, starts: date, facts: Facts) -> tuple[Arm, ...]:
    """Every rule of ``edition`` for a term that starts on ``starts``, each reason an arm; an age span gives
    two."""
    day = _day(edition, starts)
    return tuple(arm for rule in edition.requires for arm in _arms_of(rule, day, facts))


def class_clause(edition: Edition, starts: date, facts: Facts) -> Clause | None:
    """Whom the plan covers as a class (按类新增); None where it covers no class."""
    if edition.added_class is None:
        return None
    return clause(edition.added_class.test, _day(edition, starts), facts)


def _day(edition: Edition, starts: date) -> Day:
    months = edition.term.months
    return Day(starts, None if isinstance(months, Unknown) else term_end(starts, months))


def halves(test: Test) -> tuple[tuple[str, Closed], ...]:
    """A test as what is decided apart, each with the suffix of its rule id: an age span into too young and
    too old."""
    if isinstance(test, AgeBetween):
        low, high = test.ages
        return (
            (".min", MinAge.model_validate({"min_age": low, "at": test.at})),
            (".max", MaxAge.model_validate({"max_age": high, "at": test.at})),
        )
    if isinstance(test, AgeBySex):
        spans = {"male": test.ages.male, "female": test.ages.female}
        return tuple(
            (suffix, _any_of_sexes({sex: {key: span[place], "at": test.at} for sex, span in spans.items()}))
            for suffix, key, place in ((".min", "min_age", 0), (".max", "max_age", 1))
        )
    return (("", test),)


def _any_of_sexes(tests: dict[str, dict[str, Any]]) -> AnyOf:
    parts = [{"all": [{"fact": "sex", "is": sex}, test]} for sex, test in tests.items()]
    return AnyOf.model_validate({"any": parts})


_BY_FACT: dict[Fact, Reason] = {
    Fact.SEX: "wrong_sex",
    Fact.STATUS: "not_in_post",
    Fact.EMPLOYMENT: "wrong_employment",
    Fact.RISK_CLASS: "wrong_risk",
    Fact.CATEGORY: "wrong_category",
    Fact.HAS_CARD: "no_card",
    Fact.ID_VALID: "id_invalid",
}


def reason_of(rule: Require, suffix: str, test: Closed) -> Reason:
    """The reason of the file, or the one that the kind of test implies."""
    if rule.reason is not None:
        return rule.reason
    if suffix:
        return "under_age" if suffix == ".min" else "over_age"
    if isinstance(test, MinAge | MaxAge):
        return "under_age" if isinstance(test, MinAge) else "over_age"
    if isinstance(test, Is | OneOf | Has):
        return _BY_FACT.get(test.fact, "not_eligible")
    if isinstance(test, BelowRetirement):
        return "past_retirement"
    return "wrong_date" if isinstance(test, Dated) else "not_eligible"


def _arms_of(rule: Require, day: Day, facts: Facts) -> list[Arm]:
    found = []
    for suffix, test in halves(rule.test):
        words = arm_words(rule, suffix, test)
        found.append(
            Arm(rule.id + suffix, reason_of(rule, suffix, test), words, clause(test, day, facts), test)
        )
    return found


@singledispatch
def clause(test: Closed, day: Day, facts: Facts) -> Clause:
    """A test as a three-valued SQL clause."""
    raise AssertionError(f"no clause for {type(test).__name__}")


@clause.register
def _(test: Is, day: Day, facts: Facts) -> Clause:
    if not isinstance(test.value, bool):
        return _one_of(test.fact, (test.value,), day, facts)
    flag = column(facts, test.fact) == true()
    return flag if test.value else not_(flag)


@clause.register
def _(test: OneOf, day: Day, facts: Facts) -> Clause:
    return _one_of(test.fact, test.values, day, facts)


@clause.register
def _(test: Not, day: Day, facts: Facts) -> Clause:
    return not_(clause(test.test, day, facts))


@clause.register
def _(test: All, day: Day, facts: Facts) -> Clause:
    return and_(*(clause(part, day, facts) for part in test.parts))


@clause.register
def _(test: AnyOf, day: Day, facts: Facts) -> Clause:
    return or_(*(clause(part, day, facts) for part in test.parts))


@clause.register
def _(test: MinAge, day: Day, facts: Facts) -> Clause:
    return column(facts, test.fact) <= _bound(latest_birth(test.age, day.at(test.at)))


@clause.register
def _(test: MaxAge, day: Day, facts: Facts) -> Clause:
    return column(facts, test.fact) >= _bound(earliest_birth(test.age, day.at(test.at)))


@clause.register
def _(test: AgeBetween, day: Day, facts: Facts) -> Clause:
    return and_(*(clause(half, day, facts) for _, half in halves(test)))


@clause.register
def _(test: AgeBySex, day: Day, facts: Facts) -> Clause:
    spans = {"male": test.ages.male, "female": test.ages.female}
    whole = _any_of_sexes({sex: {"age_between": span, "at": test.at} for sex, span in spans.items()})
    return clause(whole, day, facts)


@clause.register
def _(test: BelowRetirement, day: Day, facts: Facts) -> Clause:
    return column(facts, Fact.RETIREMENT_MONTH) > _bound(day.at(test.at).replace(day=1))


@clause.register
def _(test: Dated, day: Day, facts: Facts) -> Clause:
    kept = column(facts, test.fact)
    bounds = {name: getattr(test, name) for name in ("on_or_after", "after", "on_or_before", "before")}
    days = {name: _bound(day.start if bound == "start" else bound) for name, bound in bounds.items() if bound}
    parts = {
        "on_or_after": lambda bound: kept >= bound,
        "after": lambda bound: kept > bound,
        "on_or_before": lambda bound: kept <= bound,
        "before": lambda bound: kept < bound,
    }
    return and_(*(parts[name](bound) for name, bound in days.items()))


@clause.register
def _(test: Has, day: Day, facts: Facts) -> Clause:
    return column(facts, test.fact) == true()


@clause.register
def _(test: Known, day: Day, facts: Facts) -> Clause:
    found = held(facts, test.fact)
    return found.known(day.start) if isinstance(found, Categories) else found.is_not(None)


def _one_of(fact: Fact, values: tuple[str, ...], day: Day, facts: Facts) -> Clause:
    found = held(facts, fact)
    if isinstance(found, Categories):
        return found.one_of(values, day.start)
    word = type_coerce(found, String())
    return word == values[0] if len(values) == 1 else word.in_(values)


def _bound(day: date) -> ColumnElement[date]:
    return literal(day, Date())
