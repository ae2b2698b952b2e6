"""Leave to export numbers in clear (明码导出): an action of its own, because the list leaves the house.

The action is done and on record before a single row is written, so that a list of full numbers cannot exist
without its event, and no other clerk waits while a long list is written.
"""

from datetime import date

from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.reasons import reason_said
from benefits.kernel.text import shown
from benefits.kernel.unit import WriteUnit
from benefits.rosters.out import Revealed


@action("rosters.export_revealed", permission="identity.reveal")
def export_revealed(
    unit: WriteUnit, *, what: str, organisation_id: int, purpose: str, reason: str, expires: date
) -> Revealed:
    """Leave to write one list with full numbers (导出完整号码); ``what`` names it, ``expires`` is the last
    day on which the file may be kept. ``rosters.out.write_rows`` takes what comes back.

    Raises Refused: ``rosters.out.reason_missing``, ``rosters.out.reason_long``,
    ``rosters.out.purpose_missing``, ``rosters.out.expired``.
    """
    said = reason_said(reason, missing="rosters.out.reason_missing", long="rosters.out.reason_long")
    if not purpose.strip():
        raise Refused("rosters.out.purpose_missing")
    if expires < unit.today:
        raise Refused("rosters.out.expired", expires=expires, today=unit.today)
    unit.record(
        f"organisation:{organisation_id}",
        list=shown(what),
        purpose=shown(purpose),
        reason=said,
        expires=expires.isoformat(),
    )
    unit.wrote = True  # nothing but the event itself is written, and it must be
    return Revealed(said, purpose.strip(), expires)
