"""An edition in plain words: every rule, benefit and term as a sentence made from the same data that
decides (计划条文)."""

from collections.abc import Mapping
from datetime import date
from functools import singledispatch
from typing import Any

from benefits.kernel.messages import text
from benefits.kernel.money import yuan
from benefits.plans import conditions as c
from benefits.plans import cover as b
from benefits.plans.edition import Edition, Require, Split
from benefits.plans.vocabulary import TO_BE_CONFIRMED, Closed, Names, Unknown, Wording

LONGEST_ZH, LONGEST_EN = 150, 220
"""Characters of a rule's sentence inside a reason for exclusion, which a run keeps in 200 and 300."""
COVER = "plans.words.at"
"""Keys of what the first and last day of a rule are called where it is about cover (起保日、止保日)."""


def shown(value: object, lang: str) -> str:
    """A value, or 待核实."""
    if isinstance(value, Unknown):
        return TO_BE_CONFIRMED if lang == "zh" else text("plans.to_be_confirmed", lang)
    return value.isoformat() if isinstance(value, date) else str(value)


def money(fen: object, lang: str) -> str:
    """An amount in yuan, or 待核实."""
    return text("plans.words.yuan", lang, yuan=yuan(fen)) if isinstance(fen, int) else shown(fen, lang)


def percent(points: object, lang: str) -> str:
    """A ratio in basis points as a percentage, or 待核实."""
    return f"{points / 100:g}%" if isinstance(points, int) else shown(points, lang)


def named(words: Wording | Names | None, otherwise: str, lang: str) -> str:
    """The plan's own words where it has them in that language, else the ones made from its data."""
    own = None if words is None else words.zh if lang == "zh" else words.en
    return own or otherwise


def arm_words(rule: Require, suffix: str, test: Closed, days: str = COVER) -> Names:
    """The sentence of a rule; half of an age span gets its own. One too long for a reason ends in ``…``: the
    plan's own page has the whole.
    """
    words = None if suffix else rule.say
    zh, en = (named(words, sentence(test, lang, days), lang) for lang in ("zh", "en"))
    return Names(zh=_short(zh, LONGEST_ZH), en=_short(en, LONGEST_EN))


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def rules(edition: Edition, lang: str = "zh") -> tuple[str, ...]:
    """Who can be covered, and what must be declared."""
    tested = tuple(named(rule.say, sentence(rule.test, lang), lang) for rule in edition.requires)
    return tested + tuple(
        text("plans.words.declared", lang, say=named(each.say, "", lang)) for each in edition.declares
    )


def value_words(fact: c.Fact, value: object, lang: str) -> str:
    """A value of a fact as people say it, several categories one after the other (one that the office itself
    has defined by its code); a missing one as 资料缺失."""
    if value is None:
        return text("plans.words.none" if fact is c.Fact.CATEGORY else "plans.words.missing", lang)
    if fact is c.Fact.CATEGORY:
        codes, known = sorted(str(value).split(",")), c.CODES[fact]
        words = (text(f"plans.value.category.{code}", lang) if code in known else code for code in codes)
        return text("plans.words.comma", lang).join(words)
    if isinstance(value, date):
        return value.strftime("%Y-%m") if fact is c.Fact.RETIREMENT_MONTH else value.isoformat()
    if fact in c.FLAGS:
        return text("plans.words.yes" if value else "plans.words.no", lang)
    return text(f"plans.value.{fact.value}.{value}", lang)


def _fact(fact: c.Fact, lang: str) -> str:
    return text(f"plans.fact.{fact.value}", lang)


def _joined(test: c.All | c.AnyOf, key: str, lang: str, days: str) -> str:
    parts = [sentence(part, lang, days) for part in test.parts]
    wrapped = [
        f"({words})" if isinstance(p, c.All | c.AnyOf) else words
        for p, words in zip(test.parts, parts, strict=True)
    ]
    return text(key, lang).join(wrapped)


@singledispatch
def sentence(test: Any, lang: str, days: str = COVER) -> str:
    """A test in words; ``days`` says what its days are called."""
    raise AssertionError(f"no words for {type(test).__name__}")


@sentence.register
def _(test: c.Is, lang: str, days: str = COVER) -> str:
    return text(
        "plans.words.is", lang, fact=_fact(test.fact, lang), value=value_words(test.fact, test.value, lang)
    )


@sentence.register
def _(test: c.OneOf, lang: str, days: str = COVER) -> str:
    values = text("plans.words.comma", lang).join(
        value_words(test.fact, value, lang) for value in test.values
    )
    return text("plans.words.one_of", lang, fact=_fact(test.fact, lang), values=values)


@sentence.register
def _(test: c.Not, lang: str, days: str = COVER) -> str:
    return text("plans.words.not", lang, test=sentence(test.test, lang, days))


@sentence.register
def _(test: c.All, lang: str, days: str = COVER) -> str:
    return _joined(test, "plans.words.and", lang, days)


@sentence.register
def _(test: c.AnyOf, lang: str, days: str = COVER) -> str:
    return _joined(test, "plans.words.or", lang, days)


def _at(at: str, lang: str, days: str) -> str:
    return text(f"{days}_{at}", lang)


@sentence.register
def _(test: c.AgeBetween, lang: str, days: str = COVER) -> str:
    return text(
        "plans.words.age_between", lang, low=test.ages[0], high=test.ages[1], at=_at(test.at, lang, days)
    )


@sentence.register
def _(test: c.MinAge, lang: str, days: str = COVER) -> str:
    return text("plans.words.min_age", lang, age=test.age, at=_at(test.at, lang, days))


@sentence.register
def _(test: c.MaxAge, lang: str, days: str = COVER) -> str:
    return text("plans.words.max_age", lang, age=test.age, next=test.age + 1, at=_at(test.at, lang, days))


@sentence.register
def _(test: c.AgeBySex, lang: str, days: str = COVER) -> str:
    male, female = test.ages.male, test.ages.female
    spans = {"m_low": male[0], "m_high": male[1], "f_low": female[0], "f_high": female[1]}
    return text("plans.words.age_by_sex", lang, at=_at(test.at, lang, days), **spans)


@sentence.register
def _(test: c.BelowRetirement, lang: str, days: str = COVER) -> str:
    return text("plans.words.below_retirement", lang, at=_at(test.at, lang, days))


@sentence.register
def _(test: c.Dated, lang: str, days: str = COVER) -> str:
    bounds = {name: getattr(test, name) for name in ("on_or_after", "after", "on_or_before", "before")}
    parts = (
        text(
            f"plans.words.{name}",
            lang,
            day=_at("start", lang, days) if bound == "start" else bound.isoformat(),
        )
        for name, bound in bounds.items()
        if bound is not None
    )
    return text(
        "plans.words.dated",
        lang,
        fact=_fact(test.fact, lang),
        bounds=text("plans.words.and", lang).join(parts),
    )


@sentence.register
def _(test: c.Has, lang: str, days: str = COVER) -> str:
    return text("plans.words.is", lang, fact=_fact(test.fact, lang), value=text("plans.words.yes", lang))


@sentence.register
def _(test: c.Known, lang: str, days: str = COVER) -> str:
    return text("plans.words.known", lang, fact=_fact(test.fact, lang))


def benefits(edition: Edition, lang: str = "zh") -> tuple[str, ...]:
    """What is paid, benefit by benefit and component by component."""
    if isinstance(edition.benefits, Unknown):
        return (shown(edition.benefits, lang),)
    names = {each.id: _benefit_name(each, lang) for each in edition.all_benefits()}
    found = [benefit(each, lang, names) for each in edition.benefits]
    if isinstance(edition.components, tuple):
        found += [text("plans.words.component", lang, name=a, pays=p) for a, p in components(edition, lang)]
    if edition.overall_cap_fen is not None:
        found.append(text("plans.words.overall_cap", lang, fen=money(edition.overall_cap_fen, lang)))
    return tuple(found)


def components(edition: Edition, lang: str = "zh") -> tuple[tuple[str, str], ...]:
    """For a bundle: (name of the component, what it pays)."""
    if not isinstance(edition.components, tuple):
        return ()
    found = []
    for part in edition.components:
        name = shown(part.name, lang) if isinstance(part.name, Unknown) else named(part.name, part.code, lang)
        pays = (
            "; ".join(benefit(each, lang) for each in part.benefits)
            if isinstance(part.benefits, tuple)
            else shown(part.benefits, lang)
        )
        if isinstance(part.max_fen, int):
            pays = text("plans.words.capped", lang, pays=pays, fen=money(part.max_fen, lang))
        found.append((name, pays))
    return tuple(found)


def _benefit_name(each: b.Payment, lang: str) -> str:
    words = text(f"plans.benefit.{each.kind}", lang)  # type: ignore[attr-defined]  # every shape has its kind
    return named(each.say, words, lang)


def benefit(each: b.Payment, lang: str, names: Mapping[str, str] | None = None) -> str:
    """One benefit in words; ``names`` tells those of the others by id."""
    words = _benefit_name(each, lang)
    parts = _details(each, lang)
    if each.per == "person":
        parts.append(text("plans.words.per_person", lang))
    if each.not_with:
        parts.append(
            text(
                "plans.words.not_with",
                lang,
                others=", ".join((names or {}).get(other, other) for other in each.not_with),
            )
        )
    if each.ends_cover:
        parts.append(text("plans.words.ends_cover", lang))
    return text("plans.words.benefit", lang, name=words, details=text("plans.words.comma", lang).join(parts))


def _details(each: b.Payment, lang: str) -> list[str]:
    found: list[str] = []
    event = getattr(each, "event", None)
    if event is not None and each.say is None:
        found.append(text("plans.words.event", lang, event=event))
    if isinstance(each, b.LumpByElapsedDays):
        found += [_step(step, lang) for step in each.steps]
    for key in ("fen", "rate_fen", "max_fen", "ceiling_fen", "deductible_fen"):
        amount = getattr(each, key, None)
        if amount is not None:
            found.append(text(f"plans.words.{key}", lang, fen=money(amount, lang)))
    for tier, amount in getattr(each, "by_tier", {}).items():
        found.append(text("plans.words.by_tier", lang, tier=tier, fen=money(amount, lang)))
    for kind, amount in getattr(each, "by_class", {}).items():
        found.append(text("plans.words.by_class", lang, kind=kind, fen=money(amount, lang)))
    for key in ("free_days", "max_days", "table", "assess_at_day", "hospital_level_min"):
        value = getattr(each, key, None)
        if value is not None and value != 0:
            shape = (
                ", ".join(percent(point, lang) for point in value)
                if isinstance(value, tuple)
                else shown(value, lang)
            )
            found.append(text(f"plans.words.{key}", lang, value=shape))
    if (ratio := getattr(each, "ratio", None)) is not None:
        found.append(text("plans.words.pays_ratio", lang, ratio=percent(ratio, lang)))
    return found


def _step(step: b.Step, lang: str) -> str:
    key = "plans.words.step_rest" if step.to_day is None else "plans.words.step"
    return text(key, lang, day=step.to_day, fen=money(step.fen, lang))


def _part(split: Split, fen: int | None, lang: str) -> str:
    if fen is not None:
        return money(fen, lang)
    return text("plans.words.whole" if len(split.lines) == 1 else "plans.words.rest", lang)


def split_words(split: Split, lang: str) -> str:
    """Who pays a share."""
    lines = text("plans.words.comma", lang).join(
        text(
            "plans.words.split_line",
            lang,
            payer=text(f"plans.payer.{line.payer.value}", lang),
            fen=_part(split, line.fen, lang),
        )
        for line in split.lines
    )
    return text("plans.words.split", lang, name=named(split.name, split.code, lang), lines=lines)
