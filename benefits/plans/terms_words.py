"""The frame of an edition in words, and the list of what it leaves 待核实."""

from pydantic import BaseModel

from benefits.kernel.messages import text
from benefits.plans.edition import Edition, FixedDay
from benefits.plans.vocabulary import Unknown
from benefits.plans.words import money, named, percent, shown


def frame(edition: Edition, lang: str = "zh") -> tuple[str, ...]:
    """Term, fee, shares, participation, waiting and grace as sentences; 待核实 where unknown."""
    found = [_term(edition, lang)]
    for price in edition.prices():
        risk = text(f"plans.value.risk_class.{price.risk.value}", lang) if price.risk else ""
        fen = money(price.fen, lang)
        key = "plans.words.fee_tier" if price.tier else "plans.words.fee"
        found.append(text(key, lang, tier=price.tier or "", risk=risk, fen=fen).replace("  ", " "))
    shares = edition.shares
    found.append(
        text(
            "plans.words.shares",
            lang,
            min=counted(shares.min, "shares", lang),
            max=counted(shares.max, "shares", lang),
        )
    )
    found += by_hand(edition, lang)
    found.append(_participation(edition, lang))
    wait = edition.waiting
    found.append(
        text(
            "plans.words.waiting",
            lang,
            days=counted(wait.days, "days", lang),
            grace=counted(wait.grace_days, "days", lang),
        )
    )
    return tuple(found)


def counted(value: object, unit: str, lang: str) -> str:
    """A number with its unit, or 待核实."""
    return (
        shown(value, lang) if isinstance(value, Unknown) else text(f"plans.words.count_{unit}", lang, n=value)
    )


def _term(edition: Edition, lang: str) -> str:
    start = edition.term.start
    if isinstance(start, Unknown):
        how = shown(start, lang)
    else:
        fixed = edition.term.fixed or FixedDay(month=1, day=1)
        how = text(f"plans.words.start_{start}", lang, month=fixed.month, day=fixed.day)
    return text("plans.words.term", lang, months=counted(edition.term.months, "months", lang), start=how)


def _participation(edition: Edition, lang: str) -> str:
    rule = edition.participation
    if rule is None:
        return text("plans.words.voluntary", lang)
    basis = (
        shown(rule.basis, lang)
        if isinstance(rule.basis, Unknown)
        else text(f"plans.basis.{rule.basis}", lang)
    )
    found = [text("plans.words.participation", lang, basis=basis, ratio=percent(rule.ratio, lang))]
    if rule.all_in_below is not None:
        found.append(
            text("plans.words.all_in_below", lang, people=counted(rule.all_in_below, "people", lang))
        )
    if rule.min_people is not None:
        found.append(text("plans.words.min_people", lang, people=counted(rule.min_people, "people", lang)))
    return text("plans.words.comma", lang).join(found)


def unknowns(edition: Edition, lang: str = "zh") -> tuple[str, ...]:
    """Everything that the edition leaves 待核实, a sentence each, in the order of the file."""
    found = [text("plans.words.unknown", lang, what=what) for what in _walk(edition, "", lang)]
    return tuple(found) + tuple(
        text("plans.words.unknown", lang, what=named(each, each.zh, lang)) for each in edition.to_confirm
    )


def by_hand(edition: Edition, lang: str = "zh") -> tuple[str, ...]:
    """Rules of the edition that the program does not check and the clerk must (需人工核对)."""
    same = edition.shares.same_in_unit
    return (text("plans.words.same_in_unit", lang),) if same is True else ()


def _walk(value: object, label: str, lang: str) -> list[str]:
    """Labels of the unknown values below ``value``; ``label`` is the way there."""
    if isinstance(value, Unknown):
        return [label]
    found: list[str] = []
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in ("source", "sources", "to_confirm"):
                part = getattr(value, name)
                if isinstance(part, Unknown | BaseModel | tuple | dict):
                    found += _walk(part, _label(label, text(f"plans.field.{name}", lang)), lang)
    elif isinstance(value, tuple):
        for number, part in enumerate(value, 1):
            found += _walk(part, _label(label, _named(part, number, lang)), lang)
    elif isinstance(value, dict):
        for key, part in value.items():
            found += _walk(part, _label(label, str(key)), lang)
    return found


def _named(part: object, number: int, lang: str) -> str:
    """An entry of a list by its own words, its code, or its place."""
    code = getattr(part, "id", None) or getattr(part, "code", None) or str(number)
    own = getattr(part, "say", None) or getattr(part, "name", None)
    return str(code) if own is None or isinstance(own, Unknown) else named(own, str(code), lang)


def _label(way: str, step: str) -> str:
    return f"{way} / {step}" if way else step
