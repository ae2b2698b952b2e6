"""Why a person can or cannot be covered (逐条说明): the compiled clauses of a run, selected for one row,
and nothing else."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.text import mask_id
from benefits.kernel.unit import ReadUnit
from benefits.members.models import Member
from benefits.organisations.models import Organisation
from benefits.plans.compile import Arm, arms, class_clause
from benefits.plans.conditions import AgeBetween, AgeBySex, BelowRetirement, Fact, MaxAge, MinAge
from benefits.plans.facts import Facts, member_facts, shown
from benefits.plans.queries import InForce, edition_in_force
from benefits.plans.words import value_words


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """One rule for one person. ``verdict``: True satisfied, False excluded, None a datum is missing
    (资料缺失)."""

    rule_id: str
    reason: str
    """The code of the reason if it excludes; ``data_missing`` where the verdict is None."""
    verdict: bool | None
    seen: str
    """The values that the rule saw, in words."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All rules of the edition in force on ``start``, for one person."""

    plan_code: str
    plan_name: str
    edition: str
    member_id: int
    member_name: str
    id_masked: str
    start: date
    rules: tuple[RuleVerdict, ...]
    verdict: bool | None
    """False if any rule excludes, else None if any datum is missing, else True."""
    in_class: bool | None
    """Whether the plan covers the person as a class; None: a datum is missing, or there is no class."""


def explain(unit: ReadUnit, plan_code: str, member_id: int, start: date, lang: str = "zh") -> Explanation:
    """Every rule of the plan for one person and a term that starts on ``start``.

    Raises Refused: ``plans.no_member`` (or out of scope), and as
    ``edition_in_force`` does.
    """
    held = edition_in_force(unit, plan_code, start)
    facts = member_facts()
    compiled = arms(held.edition, start, facts)
    row = _row(unit, held, compiled, facts, member_id, start)
    if row is None:
        raise Refused("plans.no_member", member=member_id)
    count = len(compiled)
    kinds = list(facts)
    name, number, in_class = row[:3]
    verdicts = row[3 : 3 + count]
    values = dict(zip(kinds, row[3 + count :], strict=True))
    rules = tuple(
        _verdict(arm, None if found is None else bool(found), values, lang)
        for arm, found in zip(compiled, verdicts, strict=True)
    )
    met = {rule.verdict for rule in rules}
    return Explanation(
        plan_code,
        held.edition.name.zh if lang == "zh" else held.edition.name.en,
        held.edition.edition,
        member_id,
        name,
        mask_id(number) if number else "",
        start,
        rules,
        False if False in met else None if None in met else True,
        None if in_class is None or held.edition.added_class is None else bool(in_class),
    )


def _row(
    unit: ReadUnit, held: InForce, compiled: tuple[Arm, ...], facts: Facts, member_id: int, start: date
) -> Any:
    group = class_clause(held.edition, start, facts)
    columns: list[Any] = [Member.name, Member.id_number, col(Member.id).is_(None) if group is None else group]
    columns += [arm.clause for arm in compiled]
    columns += [shown(facts, fact, start) for fact in facts]
    query: Any = select(*columns)
    query = query.select_from(Member).outerjoin(
        Organisation, col(Member.organisation_id) == col(Organisation.id)
    )
    return unit.exec(query.where(col(Member.id) == member_id)).first()


def _verdict(arm: Arm, verdict: bool | None, values: dict[Fact, Any], lang: str) -> RuleVerdict:
    seen = [value_words(fact, _plain(values.get(fact)), lang) for fact in facts_of(arm.test)]
    sentence = arm.say.zh if lang == "zh" else arm.say.en
    reason = arm.reason_code if verdict is not None else "data_missing"
    return RuleVerdict(arm.rule_id, reason, verdict, ", ".join(seen), sentence)


def _plain(value: Any) -> Any:
    """A coded value as the word that rules know."""
    return getattr(value, "value", value)


def facts_of(test: BaseModel) -> tuple[Fact, ...]:
    """The facts that a test looks at, each once, in its order."""
    found: dict[Fact, None] = {}
    if isinstance(test, AgeBySex):
        found[Fact.SEX] = None
    if isinstance(test, AgeBetween | AgeBySex | MinAge | MaxAge):
        found[Fact.BIRTH] = None
    if isinstance(test, BelowRetirement):
        found[Fact.RETIREMENT_MONTH] = None
    for name in type(test).model_fields:
        part = getattr(test, name)
        if isinstance(part, Fact):
            found[part] = None
        for inner in part if isinstance(part, tuple) else (part,):
            if isinstance(inner, BaseModel):
                found.update(dict.fromkeys(facts_of(inner)))
    return tuple(found)
