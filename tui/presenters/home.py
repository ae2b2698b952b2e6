"""What the first screen says (首页): open runs first, then what expires, most urgent first, each with its
next step."""

from dataclasses import dataclass
from datetime import date, timedelta
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
    duplicates: bool = False
    """Whether Enter opens the duplicate queue."""


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
    lines = [_due_task(term, runs, today, lang) for term in due]
    found += [line for line in lines if not line.done]
    found += [line for line in lines if line.done]
    return found


def duplicates_task(waiting: int, lang: str) -> Task:
    """The line of possible duplicates that wait for a clerk."""
    what = t("tui.home.duplicates", lang)
    state = t("tui.home.to_decide", lang, count=f"{waiting:,}")
    cells = (t("tui.home.open", lang), "", what, "", state)
    return Task(cells, t("tui.home.next.duplicates", lang), duplicates=True)


def _run_task(run: "RunRow", lang: str) -> Task:
    state = run.state.value
    name = plan_name(run.plan_name_zh, run.plan_name_en, lang)
    what = t("tui.home.run", lang, number=run.number, plan=name)
    cells = (t("tui.home.open", lang), str(run.window_to), what, "", t(f"renewal.state.{state}", lang))
    return Task(cells, t(f"tui.home.next.{state}", lang, number=run.number), run=run.number)


def _due_task(term: "DueTerm", runs: "tuple[RunRow, ...]", today: date, lang: str) -> Task:
    days = (term.ends - today).days
    when = t(f"tui.home.when.{stage(days)}", lang, days=abs(days))
    name = plan_name(term.plan_name_zh, term.plan_name_en, lang)
    left = term.people - term.renewed
    state = t("tui.home.left", lang, left=f"{left:,}") if left else t("tui.home.all_renewed", lang)
    run = _covering(term, runs)
    decided = run is not None and run.state.value == "applied"
    if decided and left:
        state = t("tui.home.decided", lang, left=f"{left:,}")
    cells = (when, str(term.ends), name, f"{term.people:,}", state)
    if run is not None:
        key = "tui.home.next.decided" if decided else "tui.home.next.covered"
        return Task(cells, t(key, lang, number=run.number), run=run.number, done=decided)
    window = month_window(term, today)
    if not left:
        return Task(cells, t("tui.home.next.renewed", lang), window=window, done=True)
    step = t("tui.home.next.window", lang, first=window.first, last=window.last, plan=name)
    return Task(cells, step, window=window)


def month_window(term: "DueTerm", today: date) -> Window:
    """The month in which a term ends, cut at today: what has expired needs the grace looked at, so it is a
    run of its own."""
    first, last = term.ends.replace(day=1), month_end(term.ends)
    if term.ends < today:
        return Window(term.plan_code, first, min(last, today - timedelta(days=1)))
    return Window(term.plan_code, max(first, today), last)


def _covering(term: "DueTerm", runs: "tuple[RunRow, ...]") -> "RunRow | None":
    """The newest run, not abandoned, that has decided about the plan's terms that end on that day."""
    for run in runs:
        inside = run.plan_code == term.plan_code and run.window_from <= term.ends <= run.window_to
        if inside and run.state.value != "abandoned":
            return run
    return None


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


def first_window(due: "tuple[DueTerm, ...]", runs: "tuple[RunRow, ...]", today: date) -> Window | None:
    """The window that a new run most likely wants: the earliest terms with people to renew about whom no run
    has decided."""
    for term in due:
        if term.people > term.renewed and _covering(term, runs) is None:
            return month_window(term, today)
    return None
