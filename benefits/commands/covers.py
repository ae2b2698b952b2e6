"""Terms of cover as commands show them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from benefits.commands.options import Call
from benefits.commands.show import table, words
from benefits.kernel.money import yuan

if TYPE_CHECKING:
    from benefits.enrollment.queries import CoverRow


def cover(row: "CoverRow") -> dict[str, Any]:
    """One term of cover; first and last day are inclusive."""
    return {
        "id": row.id,
        "plan": row.plan_code,
        "plan_name": {"zh": row.plan_name_zh, "en": row.plan_name_en},
        "edition": row.edition,
        "organisation": row.organisation,
        "starts": row.starts,
        "ends": row.ends,
        "waiting_until": row.waiting_until,
        "continuous_since": row.continuous_since,
        "shares": row.shares,
        "tier": row.tier,
        "fen": row.fen,
        "funding": row.funding,
        "entry": row.entry,
        "state": row.state,
    }


def cover_lines(call: Call, covers: "Sequence[CoverRow]") -> list[str]:
    """The same as a table."""
    heads = [f"commands.head.{name}" for name in "plan unit starts ends waiting shares fee state".split()]
    rows = [
        (
            row.plan_name_zh if call.lang == "zh" else row.plan_name_en,
            row.organisation,
            row.starts,
            row.ends,
            row.waiting_until,
            row.shares,
            yuan(row.fen),
            words(call, f"enrollment.state.{row.state.value}"),
        )
        for row in covers
    ]
    return table(call, heads, rows, numbers=(5, 6))
