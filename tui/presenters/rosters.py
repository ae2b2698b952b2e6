"""What the roster screens say (花名册): batches, and what a check found."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from benefits.kernel.clock import SHANGHAI
from benefits.kernel.messages import render
from tui.i18n import t

if TYPE_CHECKING:
    from benefits.rosters.check import Report, RowChange
    from benefits.rosters.kind import Change, RowProblem
    from benefits.rosters.queries import BatchRow
    from benefits.rosters.service import Imported

OUTCOMES = ("added", "changed", "same", "queued", "bad")
TABS = ("problems", "changes", "duplicates", "warnings", "skipped")
"""Lists of a check, in the order of their tabs."""


def counts(found: Any, lang: str) -> str:
    """``88 行 = 新增 80 + 更新 5 + …``: anything with the six counts."""
    parts = {name: f"{getattr(found, name):,}" for name in ("rows", *OUTCOMES)}
    return t("tui.roster.sum", lang, **parts)


def batch_cells(row: "BatchRow", lang: str) -> tuple[str, ...]:
    """Number, kind, file, unit, rows, added, changed, queued, bad, who, when, state."""
    return (
        row.number,
        t(f"rosters.kind.{row.kind}", lang),
        row.file_name,
        row.organisation,
        f"{row.rows:,}",
        f"{row.added:,}",
        f"{row.changed:,}",
        f"{row.queued:,}",
        f"{row.bad:,}",
        row.made_by,
        row.made_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M"),
        t(f"tui.roster.state.{row.state.value}", lang),
    )


def batch_words(row: "BatchRow", lang: str) -> str:
    """One batch above its list: what, from where, by whom, what it came to."""
    at = row.made_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    lines = [
        t(
            "tui.batch.head",
            lang,
            state=t(f"tui.roster.state.{row.state.value}", lang),
            kind=t(f"rosters.kind.{row.kind}", lang),
            file=row.file_name,
        ),
        t(
            "tui.batch.from",
            lang,
            unit=row.organisation,
            who=row.made_by,
            at=at,
            mode=t(f"tui.roster.mode.{row.mode.value}", lang),
        ),
        counts(row, lang),
    ]
    if row.undone_at is not None:
        undone = row.undone_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        lines.append(t("tui.batch.undone", lang, who=row.undone_by or "-", at=undone, why=row.undo_reason))
    return "\n".join(lines)


# -- a check ---------------------------------------------------------------------------------------------


def listed(report: "Report", tab: str) -> "Sequence[Any]":
    """The rows of a tab."""
    if tab in ("changes", "duplicates"):
        wanted = tab == "duplicates"
        return [one for one in report.changes if (one.outcome.value == "queued") is wanted]
    found: Sequence[Any] = getattr(report, tab)
    return found


def tab_count(report: "Report", tab: str) -> int:
    """How many a tab tells of; changes beyond the first thousand are counted though not kept."""
    if tab == "changes":
        return report.changed
    if tab == "duplicates":
        return report.queued
    return len(listed(report, tab))


def tabs(report: "Report", tab: str, lang: str) -> str:
    """The line of tabs; the open one stands in brackets."""
    parts = []
    for name in TABS:
        words = t(f"tui.roster.tab.{name}", lang, count=f"{tab_count(report, name):,}")
        parts.append(f"[{words}]" if name == tab else f" {words} ")
    return " ".join(parts)


def problem_cells(one: "RowProblem", lang: str) -> tuple[str, ...]:
    """Cell, else row; heading, who, sentence."""
    where = one.cell or t("tui.roster.row", lang, row=one.row)
    return where, one.column or "-", one.name or "-", render(one.say, lang)


def problem_words(one: "RowProblem", lang: str) -> str:
    """One problem in full."""
    lines = [t("tui.roster.problem_where", lang, row=one.row, cell=one.cell or "-", column=one.column or "-")]
    if one.name:
        lines.append(t("tui.roster.problem_who", lang, name=one.name))
    return "\n".join(
        [*lines, "", render(one.say, lang), "", t("tui.roster.problem_code", lang, code=one.code)]
    )


def change_line(change: "Change", lang: str) -> str:
    """``手机：138****0000 → 139****0000``."""
    column = t(f"rosters.column.{change.key}", lang)
    return t("tui.roster.change", lang, column=column, before=change.before or "-", after=change.after or "-")


def evidence_words(codes: Sequence[str], lang: str) -> str:
    """Why two may be one person."""
    return t("tui.list_mark", lang).join(t(f"rosters.evidence.{code}", lang) for code in codes)


def change_cells(one: "RowChange", lang: str) -> tuple[str, ...]:
    """Row, who, what becomes what; of a possible duplicate, why it may be somebody who is registered."""
    said = t("tui.list_mark", lang).join(change_line(change, lang) for change in one.changes)
    if one.evidence:
        said = evidence_words(one.evidence, lang)
    return str(one.row), one.name or "-", said


def change_words(one: "RowChange", lang: str) -> str:
    """One row's changes in full."""
    lines = [t("tui.roster.change_who", lang, row=one.row, name=one.name or "-"), ""]
    if one.evidence:
        lines += [t("tui.roster.may_be", lang), "  " + evidence_words(one.evidence, lang), ""]
    return "\n".join([*lines, *("  " + change_line(change, lang) for change in one.changes)]).rstrip()


def consequence(report: "Report", mode: str, lang: str) -> str:
    """What importing in this mode would do, said before it is done."""
    writes = report.added + report.changed + report.queued
    if mode == "all" and report.bad:
        return t("tui.roster.mode_all_blocked", lang, bad=f"{report.bad:,}")
    if not writes:
        return t("tui.roster.nothing_to_write", lang, rows=f"{report.rows:,}")
    key = "tui.roster.mode_all_clean" if mode == "all" else "tui.roster.mode_good"
    return t(key, lang, writes=f"{writes:,}", bad=f"{report.bad:,}", good=f"{report.good:,}")


def may_import(report: "Report", mode: str) -> bool:
    """Whether there is something to write, and nothing in the way in this mode."""
    writes = report.added + report.changed + report.queued
    return bool(writes) and not (mode == "all" and report.bad)


def confirm_words(report: "Report", mode: str, kind: str, unit: str, lang: str) -> str:
    """The question before an import: from which file, what will be written, what not."""
    parts = {name: f"{getattr(report, name):,}" for name in ("rows", *OUTCOMES)}
    lines = [
        t("tui.roster.confirm_file", lang, file=report.facts.name, kind=kind, unit=unit),
        "",
        t("tui.roster.confirm_writes", lang, **parts),
        t("tui.roster.confirm_leaves", lang, **parts),
        "",
        t(f"tui.roster.confirm_{mode}", lang),
    ]
    return "\n".join(lines)


def imported_words(result: "Imported", lang: str) -> str:
    """What an import did, and how it is taken back."""
    report = result.report
    if result.batch is None:
        return "\n".join((t("tui.roster.imported_nothing", lang), counts(report, lang)))
    lines = [t("tui.roster.imported", lang, number=result.batch), counts(report, lang), ""]
    if report.queued:
        lines.append(t("tui.roster.imported_queued", lang, queued=f"{report.queued:,}"))
    lines.append(t("tui.roster.imported_undo", lang, number=result.batch))
    return "\n".join(lines)


class Listed:
    """A long list whose lines are made when they are looked at: a hundred thousand problems cost nothing
    before."""

    def __init__(self, found: Sequence[Any], row: Callable[[Any], Any]) -> None:
        self.found, self.row = found, row

    async def count(self) -> int:
        """How many there are."""
        return len(self.found)

    async def page(self, start: int, limit: int) -> list[Any]:
        """The lines of a page."""
        return [self.row(one) for one in self.found[start : start + limit]]
