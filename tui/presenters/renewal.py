"""What the renewal screens say (续保): runs, sums, reasons, people, units, and the words of every
question."""

from typing import TYPE_CHECKING

from benefits.kernel.messages import render
from tui.i18n import t
from tui.presenters.home import plan_name
from tui.presenters.money import amount

if TYPE_CHECKING:
    from benefits.renewal.queries import DecisionRow, ReasonCount, RunRow, RunView, UnitRow
    from tui.gateway import Paper

VERDICTS = ("renew", "add", "exclude", "decline")
CHANGEABLE = ("previewed", "reviewed")
APPLICABLE = ("previewed", "reviewed", "applying")


def run_cells(run: "RunRow", lang: str) -> tuple[str, ...]:
    """Number, plan, window, place, state."""
    return (
        run.number,
        plan_name(run.plan_name_zh, run.plan_name_en, lang),
        t("tui.renewal.window", lang, first=run.window_from, last=run.window_to),
        run.organisation,
        t(f"renewal.state.{run.state.value}", lang),
    )


def run_head(view: "RunView", lang: str) -> str:
    """Which run: plan, window, place, day of the decisions, state."""
    run = view.run
    plan = plan_name(run.plan_name_zh, run.plan_name_en, lang)
    return "\n".join(
        (
            t(
                "tui.run.plan",
                lang,
                plan=plan,
                code=run.plan_code,
                state=t(f"renewal.state.{run.state.value}", lang),
            ),
            t(
                "tui.run.scope",
                lang,
                first=run.window_from,
                last=run.window_to,
                place=run.organisation,
                day=run.as_of,
            ),
        )
    )


def run_sums(view: "RunView", lang: str) -> str:
    """The sums, which add up on the screen as they do in the books, and the money."""
    parts = {
        name: f"{getattr(view, name):,}"
        for name in ("candidates", "renewed", "added", "excluded", "declined")
    }
    lines = [t("tui.run.sum", lang, **parts)]
    people = view.renewed + view.added
    lines.append(
        t(
            "tui.run.money",
            lang,
            people=f"{people:,}",
            shares=f"{view.shares:,}",
            amount=amount(view.fen, lang),
        )
    )
    units = {
        name: view.units.get(name, 0)
        for name in ("pending", "confirmed", "not_submitted", "below", "unknown")
    }
    lines.append(t("tui.run.units_line", lang, **units))
    return "\n".join(lines)


def run_terms(view: "RunView", lang: str, most: int = 3) -> str:
    """The new terms, one a line; where there are many, the first few and how many more."""
    lines = []
    for term in view.terms[:most]:
        key = "tui.run.term_added" if term.prior_ends is None else "tui.run.term"
        words = t(key, lang, prior=term.prior_ends, starts=term.starts, ends=term.ends)
        if term.waiting_until is not None:
            words += t("tui.run.term_waiting", lang, until=term.waiting_until)
        lines.append(words)
    if len(view.terms) > most:
        lines.append(t("tui.run.terms_more", lang, count=len(view.terms) - most))
    return "\n".join(lines)


def run_next(view: "RunView", lang: str) -> str:
    """What the clerk does next with this run."""
    state = view.run.state.value
    if state == "previewed" and view.units.get("pending", 0) == 0:
        return t("tui.run.next.previewed_all", lang)
    return t(f"tui.run.next.{state}", lang)


def reason_words(reason: "ReasonCount", lang: str) -> str:
    """The reason's sentence."""
    return reason.say_en if lang == "en" else reason.say_zh


def reason_cells(reason: "ReasonCount", lang: str) -> tuple[str, ...]:
    """Sentence, people, of them left out."""
    return reason_words(reason, lang), f"{reason.people:,}", f"{reason.left_out:,}"


def decision_words(row: "DecisionRow", lang: str) -> str:
    """The verdict; a clerk's word over the rules shows as such."""
    words = t(f"renewal.verdict.{row.verdict.value}", lang)
    return t("tui.people.by_hand", lang, verdict=words) if row.override is not None else words


def decision_reasons(row: "DecisionRow", lang: str) -> tuple[str, ...]:
    """All reasons, as sentences."""
    return tuple(en if lang == "en" else zh for _, zh, en in row.reasons)


def decision_cells(row: "DecisionRow", lang: str) -> tuple[str, ...]:
    """Name, last four, unit, decision, shares, fee, reasons."""
    return (
        row.name,
        row.id_last4,
        row.organisation,
        decision_words(row, lang),
        str(row.shares) if row.verdict.value in ("renew", "add") else "-",
        amount(row.fen, lang) if row.verdict.value in ("renew", "add") else "-",
        t("tui.list_mark", lang).join(decision_reasons(row, lang)),
    )


def decision_tone(row: "DecisionRow") -> str:
    """What a clerk decided by hand stands out; who is not renewed steps back. The words say both too."""
    if row.override is not None:
        return "strong"
    return "" if row.verdict.value in ("renew", "add") else "dim"


def decision_page(row: "DecisionRow", lang: str) -> str:
    """One person's decision in full: verdict, term, money, every reason, and who overrode it and why."""
    lines = [
        t("tui.why.person", lang, name=row.name, last4=row.id_last4 or "-", unit=row.organisation),
        t("tui.why.verdict", lang, verdict=decision_words(row, lang)),
    ]
    if row.verdict.value in ("renew", "add"):
        money = amount(row.fen, lang)
        lines.append(
            t("tui.why.term", lang, starts=row.starts, ends=row.ends, shares=row.shares, amount=money)
        )
    reasons = decision_reasons(row, lang)
    if reasons:
        lines += ["", t("tui.why.reasons", lang), *(f"  - {reason}" for reason in reasons)]
    else:
        lines += ["", t("tui.why.no_reason", lang)]
    if row.override is not None:
        kind = t(f"tui.why.override.{row.override.value}", lang)
        lines += ["", t("tui.why.by", lang, kind=kind, who=row.override_by, why=row.override_reason)]
    return "\n".join(lines)


def unit_cells(row: "UnitRow", lang: str) -> tuple[str, ...]:
    """Unit, review, participation, sums, money."""
    return (
        row.name,
        t(f"renewal.unit_state.{row.state.value}", lang),
        participation(row, lang),
        f"{row.candidates:,}",
        f"{row.renewed:,}",
        f"{row.added:,}",
        f"{row.excluded:,}",
        f"{row.declined:,}",
        amount(row.fen, lang),
    )


def participation(row: "UnitRow", lang: str) -> str:
    """``72% 未达标``; where the head-count is not known, only the word."""
    word = t(f"renewal.participation.{row.participation.value}", lang)
    if row.participation.value == "none" or not row.basis:
        return word
    return f"{row.joined * 100 // row.basis}% {word}"


def apply_words(view: "RunView", lang: str) -> str:
    """What will change when the run is applied, before the clerk says yes."""
    run = view.run
    return t(
        "tui.apply.words",
        lang,
        number=run.number,
        plan=plan_name(run.plan_name_zh, run.plan_name_en, lang),
        renewed=f"{view.renewed:,}",
        added=f"{view.added:,}",
        excluded=f"{view.excluded:,}",
        declined=f"{view.declined:,}",
        shares=f"{view.shares:,}",
        amount=amount(view.fen, lang),
        pending=view.units.get("pending", 0),
    )


def paper_words(paper: "Paper", lang: str) -> str:
    """Where the report lies, how long it is, and what a clerk must look at before sending it."""
    lines = [t("tui.report.made", lang, path=paper.path, pages=paper.pages, size=f"{paper.size / 1024:,.0f}")]
    lines.append(t("tui.report.digest", lang, digest=paper.digest[:16]))
    if paper.missing:
        lines.append(t("tui.report.missing", lang, chars=" ".join(paper.missing)))
    lines += [t("tui.report.failed", lang, check=render(check, lang)) for check in paper.failed]
    return "\n".join(lines)
