"""Hand-outs on a person's timeline (发放记录)."""

from collections.abc import Iterable

from sqlmodel import col, select

from benefits.kernel.errors import say
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Handout, HandoutState
from benefits.members.timeline import Entry
from benefits.organisations.models import Organisation


def handouts(unit: ReadUnit, ids: tuple[int, ...], lang: str) -> Iterable[Entry]:
    """What was handed to the person, what was struck too."""
    rows = unit.exec(
        select(Handout, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id), isouter=True)
        .where(col(Handout.member_id).in_(ids))
    )
    for row, place in rows:
        code = "kits.timeline.handout" if row.state is HandoutState.ACTIVE else "kits.timeline.handout_void"
        words = say(code, item=row.item, quantity=row.quantity, campaign=row.campaign)
        yield Entry(row.given_on, None, "handout", words, place or "", f"handout:{row.id}")
