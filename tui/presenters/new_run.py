"""The form of a new renewal run (新批次): its values, what is wrong with them, and what they ask for."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from benefits.kernel.errors import Problem, Refused, say
from tui.i18n import t
from tui.presenters.dates import day_words, read_day
from tui.presenters.home import Window, plan_name

if TYPE_CHECKING:
    from benefits.plans.queries import EditionDetail, PlanRow
    from benefits.renewal.queries import DueTerm


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form, as typed."""

    plan: str = ""
    first: str = ""
    last: str = ""
    organisation: str = ""
    with_class: bool = False
    funding: str = ""
    grace: str = ""
    why: str = ""


def started(window: Window | None) -> Draft:
    """A form that is filled in for a window; an empty one where nothing expires."""
    if window is None:
        return Draft()
    return Draft(window.plan, window.first.isoformat(), window.last.isoformat())


def plan_options(plans: "tuple[PlanRow, ...]", lang: str) -> list[tuple[str, str]]:
    """Plans that can be renewed: not the templates."""
    return [(plan.code, plan_name(plan.name_zh, plan.name_en, lang)) for plan in plans if not plan.draft]


def funding_options(detail: "EditionDetail", lang: str) -> list[tuple[str, str]]:
    """As last term, or one way for all, in the order of the edition; where it knows one way only, there is
    nothing to choose."""
    if len(detail.funding) == 1:
        return [("", detail.funding[0][1])]
    if not detail.funding:
        return [("", t("tui.new.funding_none", lang))]
    return [("", t("tui.new.funding_kept", lang)), *detail.funding]


def echo(typed: str, today: date, lang: str) -> str:
    """What is behind a date field: the day that was understood, or why it was not."""
    if not typed.strip():
        return t("tui.new.day_hint", lang)
    try:
        return day_words(read_day(typed, today), lang)
    except Refused:
        return t("tui.new.day_wrong", lang)


def in_window(draft: Draft, due: "tuple[DueTerm, ...]", today: date) -> int | None:
    """How many people's terms end in the window, as far as the first screen's days reach; None where it
    cannot be told."""
    try:
        first, last = read_day(draft.first, today), read_day(draft.last, today)
    except Refused:
        return None
    return sum(
        term.people - term.renewed
        for term in due
        if term.plan_code == draft.plan and first <= term.ends <= last
    )


def problems(draft: Draft, today: date) -> tuple[Problem, ...]:
    """What must be mended before the run can be asked for, by field."""
    found = []
    if not draft.plan:
        found.append(Problem("tui.new.no_plan", say("tui.new.no_plan"), field="plan"))
    for field, typed in (("first", draft.first), ("last", draft.last)):
        try:
            read_day(typed, today)
        except Refused as refusal:
            found.append(Problem(refusal.code, refusal.say, field=field))
    if draft.grace.strip() and not draft.grace.strip().isdecimal():
        found.append(Problem("tui.new.grace_number", say("tui.new.grace_number"), field="grace"))
    return tuple(found)
