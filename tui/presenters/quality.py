"""What the data quality board says (数据质量)."""

from typing import TYPE_CHECKING

from benefits.kernel.messages import render
from tui.i18n import t

if TYPE_CHECKING:
    from benefits.members.quality import BoardRow
    from benefits.members.quality_people import FaultyRow

FAULTS = (
    "phone_missing",
    "phone_shared",
    "card_missing",
    "id_missing",
    "id_invalid",
    "phone_invalid",
    "category_missing",
    "second_membership",
    "birth_missing",
    "sex_missing",
    "retirement_missing",
    "retention_due",
)
"""Faults in the order of their columns: what an assessment asks for first."""
NARROW, WIDE = 5, 8
"""How many of them a narrow and a wide screen show."""


def board_cells(row: "BoardRow", lang: str) -> tuple[str, ...]:
    """Unit at its depth, people, people with a fault, then each fault."""
    counts = {fault.value: count for fault, count in row.counts.items()}
    return (
        f"{'  ' * row.depth}{row.name}",
        f"{row.people:,}",
        f"{row.faulty:,}" if row.faulty else "-",
        *(f"{counts.get(fault, 0):,}" if counts.get(fault, 0) else "-" for fault in FAULTS),
    )


def board_words(row: "BoardRow", lang: str) -> str:
    """All faults of a unit in one line, with their shares; what a narrow screen has no columns for."""
    parts = []
    for fault, count in row.counts.items():
        if count:
            share = row.percent(fault)
            said = f"{render(fault.word, lang)} {count:,}"
            parts.append(said if share is None else f"{said} ({share:.1f}%)")
    return t("tui.list_mark", lang).join(parts)


def summary(rows: "tuple[BoardRow, ...]", lang: str) -> str:
    """The line above the board: everything that the user sees."""
    if not rows:
        return ""
    first = rows[0]
    return t("tui.quality.summary", lang, people=f"{first.people:,}", faulty=f"{first.faulty:,}")


def faulty_cells(row: "FaultyRow", lang: str) -> tuple[str, ...]:
    """Name, born, ID, phone, unit, what is wrong."""
    said = [render(fault.word, lang) for fault in row.faults]
    if row.shared is not None and (row.shared.here or row.shared.elsewhere):
        said.append(t("tui.quality.shared", lang, here=row.shared.here, elsewhere=row.shared.elsewhere))
    return (
        row.name,
        str(row.birth or "-"),
        row.id_number or "-",
        row.phone or "-",
        row.organisation,
        t("tui.list_mark", lang).join(said),
    )
