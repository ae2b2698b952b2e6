"""Covers on a person's timeline (参保)."""

from collections.abc import Iterable

from benefits.enrollment.queries import covers_of
from benefits.kernel.errors import say
from benefits.kernel.unit import ReadUnit
from benefits.members.timeline import Entry


def covers(unit: ReadUnit, ids: tuple[int, ...], lang: str) -> Iterable[Entry]:
    """Every term of cover, from its first day to its last, with what it means today."""
    for member_id in ids:
        for row in covers_of(unit, member_id):
            words = say(
                "enrollment.timeline.cover",
                plan=row.plan_name_en if lang == "en" else row.plan_name_zh,
                shares=row.shares,
                state=say(f"enrollment.state.{row.state.value}"),
            )
            yield Entry(row.starts, row.ends, "cover", words, row.organisation, f"enrollment:{row.id}")
