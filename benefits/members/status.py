"""Writing a status (在职状态) with all that follows from it."""

from datetime import date

from benefits.kernel.unit import WriteUnit
from benefits.members import events
from benefits.members.lookup import touch
from benefits.members.models import Member, Status

_NOT_YET_RETIRED = (Status.IN_POST, Status.EARLY_LEAVE, Status.UNEMPLOYED)


def set_status(unit: WriteUnit, member: Member, status: Status, on: date) -> None:
    """The status from ``on``, the day of the actual retirement with it, the event in the person's file, and
    the facts of the action."""
    assert member.id is not None
    earlier = member.status.value if member.status else None
    member.status, member.status_since = status, on
    if status is Status.RETIRED:
        member.retired_on = on
    elif status in _NOT_YET_RETIRED:
        member.retired_on = None
    touch(unit, member)
    events.note(unit, member.id, on, events.STATUS, earlier=earlier, status=status.value)
    unit.record(f"member:{member.id}", earlier=earlier, status=status.value, on=on)
