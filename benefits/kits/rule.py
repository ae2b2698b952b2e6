"""Who is entitled by what is known of the person (领取条件), in the closed vocabulary of the plans
(DESIGN law 4).

A campaign's rule is a list of tests as plan files write them, ``[[require]]`` by ``[[require]]``; all must
hold, on the day of the hand-out, which stands for the first and the last day of cover.
"""

import json
import tomllib
from collections.abc import Container, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from benefits.kernel.errors import Refused
from benefits.kernel.text import shown
from benefits.plans.compile import Arm, Day, clause, halves, reason_of
from benefits.plans.conditions import CATEGORIES
from benefits.plans.edition import Require, unique
from benefits.plans.facts import member_facts
from benefits.plans.parse import problem_of
from benefits.plans.vocabulary import Closed
from benefits.plans.words import arm_words, named, sentence

Rule = tuple[Require, ...]
Stored = list[dict[str, Any]]
"""A rule as the campaign keeps it, JSON."""

DAYS = "kits.rule.on"
_MAX_BYTES = 64 * 1024
_BOUNDS = ("on_or_after", "after", "on_or_before", "before")
_READY: dict[str, dict[str, Any]] = {
    "members-in-post": {"id": "in-post", "test": {"fact": "status", "is": "in_post"}},
    "women": {"id": "women", "test": {"fact": "sex", "is": "female"}},
}
_CATEGORY = "category:"
READY = (*_READY, _CATEGORY + "CODE,…")
"""Rules that have a name: members in post (在职会员), women (女会员), a class of workers (新就业形态群体)."""


class _File(Closed):
    """A rule file: ``[[require]]`` tables and nothing else."""

    requires: Annotated[Rule, Field(alias="require", max_length=12)] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        unique("require", [rule.id for rule in self.requires])
        return self


def parse(
    found: Sequence[Mapping[str, Any]], name: str = "", categories: Container[str] = frozenset()
) -> Rule:
    """The rule that a list of tables says; days may be ISO texts. ``name`` stands for the file in messages,
    ``categories`` are codes that the office has defined itself.

    Raises Refused ``kits.rule_bad`` with all faults, in the words of plan files.
    """
    try:
        tables = {"require": [_with_days(one) for one in found]}
        return _File.model_validate(tables, context={CATEGORIES: categories}).requires
    except ValidationError as error:
        problems = tuple(problem_of(detail) for detail in error.errors(include_url=False))
        raise Refused("kits.rule_bad", file=name or "–", count=len(problems), problems=problems) from error


def stored(rule: Rule) -> Stored:
    """The rule as the campaign keeps it; ``parse`` reads it back."""
    return [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in rule]


def said(words: Sequence[str], categories: Container[str] = frozenset()) -> Rule:
    """The rule that ready-made names and files say together (条件组合): ``women``, ``category:courier``,
    ``rule.toml``.

    Raises Refused: ``kits.rule_unknown`` naming the known ones, ``kits.rule_unreadable``, ``kits.rule_bad``.
    """
    tables: list[Mapping[str, Any]] = []
    for word in words:
        if word in _READY:
            tables.append(_READY[word])
        elif word.startswith(_CATEGORY):
            codes = [code.strip() for code in word.removeprefix(_CATEGORY).split(",")]
            tables.append({"id": "category", "test": {"fact": "category", "one_of": codes}})
        elif word.endswith(".toml"):
            tables += _in_file(Path(word))
        else:
            raise Refused("kits.rule_unknown", rule=shown(word), known=", ".join(READY))
    return parse(tables, ", ".join(words), categories)


def sentences(rule: Rule, lang: str = "zh") -> tuple[str, ...]:
    """Every test in words."""
    return tuple(named(one.say, sentence(one.test, lang, DAYS), lang) for one in rule)


def arms(rule: Rule, day: date) -> tuple[Arm, ...]:
    """Every test compiled for one day; statements that use them join the union of that day as
    ``Organisation``."""
    facts, on = member_facts(), Day(day, day)
    return tuple(
        Arm(
            one.id + suffix,
            reason_of(one, suffix, test),
            arm_words(one, suffix, test, DAYS),
            clause(test, on, facts),
            test,
        )
        for one in rule
        for suffix, test in halves(one.test)
    )


def of_campaign(kept: Stored) -> Rule:
    """The rule of a campaign's row."""
    return _parsed(json.dumps(kept, sort_keys=True))


class _Any(Container[str]):
    """Codes of a rule that was checked when it was written."""

    def __contains__(self, _code: object) -> bool:
        return True


@lru_cache(maxsize=256)
def _parsed(text: str) -> Rule:
    return parse(json.loads(text), categories=_Any())


def _in_file(path: Path) -> list[Mapping[str, Any]]:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise ValueError(f"> {_MAX_BYTES // 1024} KB")
        table = tomllib.loads(data.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # TOML and UTF-8 faults are values
        why = getattr(error, "strerror", None) or str(error)
        raise Refused("kits.rule_unreadable", file=str(path), why=why[:200]) from error
    found = table.pop("require", None)
    if table or not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Refused("kits.rule_no_require", file=str(path))
    return found


def _with_days(value: Any) -> Any:
    """Bounds that JSON keeps as texts, as days again; what is no day is left for the check to name."""
    if isinstance(value, list | tuple):
        return [_with_days(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {key: _day(one) if key in _BOUNDS else _with_days(one) for key, one in value.items()}


def _day(value: Any) -> Any:
    if isinstance(value, str) and value != "start":
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value
