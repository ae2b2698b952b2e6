"""Hand-outs on a person's timeline (发放记录)."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import col, select

from benefits.kernel.errors import say
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Campaign, Item
from benefits.kits.models_handout import Handout, HandoutState
from benefits.members.timeline import Entry
from benefits.organisations.models import Organisation

_SAID = {
    HandoutState.ACTIVE: "kits.timeline.handout",
    HandoutState.VOID: "kits.timeline.handout_void",
    HandoutState.TWICE: "kits.timeline.handout_twice",
}


def handouts(unit: ReadUnit, ids: tuple[int, ...], lang: str) -> Iterable[Entry]:
    """What was handed to the person, what was struck too."""
    choose: Any = select
    rows = unit.exec(
        choose(Handout, Organisation.name, Campaign.name, Item.name)
        .join(Campaign, col(Campaign.id) == col(Handout.campaign_id))
        .join(Item, col(Item.id) == col(Handout.item_id))
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id), isouter=True)
        .where(col(Handout.member_id).in_(ids))
    )
    for row, place, campaign, item in rows:
        words = say(_SAID[row.state], item=item, quantity=row.quantity, campaign=campaign)
        yield Entry(row.given_on, None, "handout", words, place or "", f"handout:{row.id}")
