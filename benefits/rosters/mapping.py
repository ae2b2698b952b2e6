"""Columns as a unit heads them (列对应): what a clerk said once is remembered for the unit and those below
it."""

from collections.abc import Mapping

from sqlmodel import col, select

from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.models import Organisation
from benefits.rosters.heads import plain_heading
from benefits.rosters.models import RosterMapping


def remembered(unit: ReadUnit, organisation_id: int, kind: str) -> dict[str, str]:
    """Heading in its compared form -> key of the column (empty: leave it out), as the unit said, else those
    above it."""
    path = unit.exec(select(Organisation.path).where(col(Organisation.id) == organisation_id)).first() or ""
    above = [int(step) for step in path.strip("/").split("/") if step]
    rows = unit.exec(
        select(RosterMapping).where(
            col(RosterMapping.organisation_id).in_(above), col(RosterMapping.kind) == kind
        )
    )
    found: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: above.index(row.organisation_id)):
        found[row.heading] = row.column
    return found


def remember(unit: WriteUnit, organisation_id: int, kind: str, mapping: Mapping[str, str]) -> int:
    """Keep what was said for a unit; how many headings are new or other than before."""
    known = remembered(unit, organisation_id, kind)
    said = {plain_heading(heading): key for heading, key in mapping.items()}
    fresh = {heading: key for heading, key in said.items() if known.get(heading) != key}
    for heading, key in fresh.items():
        unit.session.merge(
            RosterMapping(
                organisation_id=organisation_id,
                kind=kind,
                heading=heading[:120],
                column=key,
                changed_at=unit.clock.now(),
            )
        )
    return len(fresh)
