"""What the first screen says (首页): open runs first, then what expires, most urgent first, each with its
next step."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tui.i18n import t
from tui.presenters.dates import month_end

if TYPE_CHECKING:
    from benefits.renewal.queries import DueTerm, RunRow

OPEN = ("previewed", "reviewed", "applying")


@dataclass(frozen=True, slots=True)
class Window:
    """A run that one could make: plan and expiry dates, inclusive."""

    plan: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the first screen; ``run`` or ``window`` says what Enter opens."""

    cells: tuple[str, ...]
    next: str
    run: str = ""
    window: Window | None = None
    done: bool = False


def plan_name(zh: str, en: str, lang: str) -> str:
    """The plan's name in the session's language."""
    return en if lang == "en" and en else zh


def stage(days: int) -> str:
    """T+30 past grace, T+0 expired, T-30 or T-60 ahead: the step of the countdown, as in the catalogue."""
    if days < 0:
        return "past"
    return "due" if days <= 30 else "ahead"


def tasks(runs: "tuple[RunRow, ...]", due: "tuple[DueTerm, ...]", today: date, lang: str) -> list[Task]:
    """Open runs, then expiring terms by date; what is renewed already comes last."""
    opened = [run for run in runs if run.state.value in OPEN]
    found = [_run_task(run, lang) for run in opened]
    lines = [_due_task(term, opened, today, lang) for term in due]
    found += [line for line in lines if not line.done]
    found += [line for line in lines if line.done]
    return found


def _run_task(run: "RunRow", lang: str) -> Task:
    state = run.state.value
    name = plan_name(run.plan_name_zh, run.plan_name_en, lang)
    what = t("tui.home.run", lang, number=run.number, plan=name)
    cells = (t("tui.home.open", lang), what, "", t(f"renewal.state.{state}", lang))
    return Task(cells, t(f"tui.home.next.{state}", lang, number=run.number), run=run.number)


def _due_task(term: "DueTerm", opened: "list[RunRow]", today: date, lang: str) -> Task:
    days = (term.ends - today).days
    when = t(f"tui.home.when.{stage(days)}", lang, days=abs(days))
    name = plan_name(term.plan_name_zh, term.plan_name_en, lang)
    left = term.people - term.renewed
    what = t("tui.home.due", lang, plan=name, ends=term.ends)
    state = t("tui.home.left", lang, left=left) if left else t("tui.home.all_renewed", lang)
    cells = (when, what, f"{term.people:,}", state)
    window = Window(term.plan_code, term.ends.replace(day=1), month_end(term.ends))
    covering = _covering(term, opened)
    if covering:
        return Task(cells, t("tui.home.next.covered", lang, number=covering), run=covering)
    if not left:
        return Task(cells, t("tui.home.next.renewed", lang), window=window, done=True)
    step = t("tui.home.next.window", lang, first=window.first, last=window.last, plan=name)
    return Task(cells, step, window=window)


def _covering(term: "DueTerm", opened: "list[RunRow]") -> str:
    for run in opened:
        if run.plan_code == term.plan_code and run.window_from <= term.ends <= run.window_to:
            return run.number
    return ""


def summary(runs: "tuple[RunRow, ...]", due: "tuple[DueTerm, ...]", lang: str) -> str:
    """One line above the list: how many expire, how many of them are renewed, how many runs are open."""
    people, renewed = sum(term.people for term in due), sum(term.renewed for term in due)
    opened = sum(1 for run in runs if run.state.value in OPEN)
    return t(
        "tui.home.summary",
        lang,
        people=f"{people:,}",
        renewed=f"{renewed:,}",
        left=f"{people - renewed:,}",
        runs=opened,
    )


def first_window(due: "tuple[DueTerm, ...]", runs: "tuple[RunRow, ...]") -> Window | None:
    """The window that a new run most likely wants: the earliest month with people to renew whom no open run
    decides about."""
    opened = [run for run in runs if run.state.value in OPEN]
    for term in due:
        if term.people > term.renewed and not _covering(term, opened):
            return Window(term.plan_code, term.ends.replace(day=1), month_end(term.ends))
    return None
