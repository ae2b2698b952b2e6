"""Events of a person's file (大事记): what no other table keeps with its day."""

from datetime import date
from typing import Any

from benefits.kernel.unit import WriteUnit
from benefits.members.models import MemberEvent

STATUS = "status"
"""A change of status; facts: ``earlier``, ``status``."""
RETIREMENT_PLANNED = "retirement_planned"
"""A month was chosen in flexible retirement; facts: ``month``."""
RETIREMENT_UNPLANNED = "retirement_unplanned"
"""The choice was taken back; facts: ``month``."""
MERGED = "merged"
"""Another record of the same person was taken over; facts: ``other``."""
RETENTION = "retention"
"""Until when the record is kept; facts: ``until``."""


def note(unit: WriteUnit, member_id: int, day: date, kind: str, **facts: Any) -> None:
    """Write an event. ``facts`` are JSON values: codes, months, ids; never a number in clear."""
    unit.session.add(MemberEvent(member_id=member_id, day=day, kind=kind, facts=facts))
