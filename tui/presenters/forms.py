"""A form as a value (表单): its fields, what was typed, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.messages import render
from tui.i18n import t
from tui.presenters.dates import day_words, read_day


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``kind``: ``text``, ``day``, ``month``, ``number``, ``pick`` (one of ``options``, value and
    words), ``unit`` or ``member`` (found by a search; its value is the id)."""

    name: str
    label: str
    kind: str = "text"
    initial: str = ""
    shown: str = ""
    """What stands for the initial value of a unit or a member: its name."""
    options: tuple[tuple[str, str], ...] = ()
    needed: bool = True
    hint: str = ""


Typed = Mapping[str, str]


def read(fields: Sequence[Field], typed: Typed, today: date) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The values of a form, and what is wrong by field: a day is a date, a month its first day, a unit or a
    member its id; what is left empty is None."""
    values: dict[str, Any] = {}
    found: list[Problem] = []
    for field in fields:
        text = typed.get(field.name, "").strip()
        values[field.name] = None
        if not text:
            if field.needed:
                words = say("tui.form.needed", field=field.label)
                found.append(Problem("tui.form.needed", words, field=field.name))
            continue
        try:
            values[field.name] = _value(field, text, today)
        except Refused as refusal:
            found.append(Problem(refusal.code, refusal.say, field=field.name))
    return values, tuple(found)


def _value(field: Field, text: str, today: date) -> Any:
    if field.kind == "day":
        return read_day(text, today)
    if field.kind == "month":
        return _month(text, today)
    if field.kind in ("unit", "member"):
        return int(text)
    if field.kind == "number":
        if not text.isdecimal():
            raise Refused("tui.form.number", field=field.label)
        return int(text)
    return text


def _month(text: str, today: date) -> date:
    digits = text.replace("年", "-").replace("月", "").replace("/", "-").replace(".", "-")
    if digits.isdecimal() and len(digits) == 6:
        digits = f"{digits[:4]}-{digits[4:]}"
    if digits.count("-") == 1:
        return read_day(f"{digits}-01", today)
    return read_day(text, today).replace(day=1)


def echo(field: Field, text: str, today: date, lang: str) -> str:
    """What is shown behind a day or a month that is being typed: how it was understood."""
    if not text.strip():
        return field.hint or ("" if not field.needed else t("tui.form.must", lang))
    if field.kind not in ("day", "month"):
        return ""
    try:
        found = _value(field, text.strip(), today)
    except Refused:
        return t("tui.new.day_wrong", lang)
    return day_words(found, lang) if field.kind == "day" else f"{found:%Y-%m}"


def trouble(refusal: Refused, lang: str) -> str:
    """A refusal below a form: its sentence and what is wrong, a line each."""
    lines = [render(refusal.say, lang), *(f"- {render(one.say, lang)}" for one in refusal.problems[:6])]
    if len(refusal.problems) > 6:
        lines.append(t("tui.trouble.more", lang, count=len(refusal.problems) - 6))
    return "\n".join(lines)
