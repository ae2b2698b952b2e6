"""What a campaign gives and where (发放内容), found by the words that lists and commands say it with:
campaigns by number or name, items by code or name, stations by name or number."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, or_, select

from benefits.kernel.errors import Say, say
from benefits.kernel.text import shown
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Campaign, CampaignItem, Item, Station

Fault = tuple[str, dict[str, Any]]
"""Key of a sentence and its parameters."""
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Given:
    """An item of a campaign: ``most`` to one person, ``slot`` in which it is given once."""

    item: Item
    most: int
    slot: int


@dataclass(slots=True)
class Offer:
    """A campaign with its items and stations."""

    campaign: Campaign
    items: dict[int, Given] = field(default_factory=dict)
    stations: dict[int, Station] = field(default_factory=dict)
    _called: dict[str, Station] = field(default_factory=dict)
    """Stations by name and by number, made when the first is asked for: every row of a list asks."""

    def item(self, said: str) -> Given | Fault:
        """The item of that code or name."""
        found = [one for one in self.items.values() if said in (one.item.code, one.item.name)]
        if len(found) == 1:
            return found[0]
        words = {"item": shown(said), "campaign": self.campaign.name, "number": self.campaign.number}
        code = "kits.row.item_two" if found else "kits.row.item_unknown"
        named = [f"{one.item.name}（{one.item.code}）" for one in found or self.items.values()]
        return code, words | {"known": _named(named)}

    def station(self, said: str) -> Station | Fault:
        """The station of that name or number."""
        if not self._called:
            for one in self.stations.values():
                for word in (one.name, str(one.number)):
                    self._called.setdefault(word, one)
        if said in self._called:
            return self._called[said]
        words = {"station": shown(said), "campaign": self.campaign.name, "number": self.campaign.number}
        return "kits.row.station_unknown", words | {
            "known": _named([one.name for one in self.stations.values()])
        }


def offer_said(unit: ReadUnit, said: str) -> Offer | Fault:
    """The campaign of that number or name, with what it gives."""
    query = select(Campaign).where(or_(col(Campaign.number) == said, col(Campaign.name) == said))
    found = unit.exec(query.order_by(col(Campaign.id)).limit(_MOST_NAMED)).all()
    exact = [one for one in found if one.number == said]
    if len(found) != 1 and not exact:
        numbers = _named([one.number for one in found])
        code = "kits.row.campaign_two" if found else "kits.row.campaign_unknown"
        return code, {"campaign": shown(said), "known": numbers}
    return offer_of(unit, exact[0] if exact else found[0])


def offer_of(unit: ReadUnit, campaign: Campaign) -> Offer:
    """What a campaign gives and where."""
    items = (
        select(Item, CampaignItem.per_person)
        .join(CampaignItem, col(CampaignItem.item_id) == col(Item.id))
        .where(col(CampaignItem.campaign_id) == campaign.id)
        .order_by(col(Item.id))
    )
    stations = select(Station).where(col(Station.campaign_id) == campaign.id).order_by(col(Station.number))
    made = Offer(campaign)
    for item, most in unit.exec(items):
        assert item.id is not None
        made.items[item.id] = Given(item, most, slot_of(campaign, item.id))
    made.stations = {one.id: one for one in unit.exec(stations) if one.id is not None}
    return made


def slot_of(campaign: Campaign, item_id: int) -> int:
    """In which slot an item is given once: its own, or the campaign's only one."""
    return item_id if campaign.once.value == "item" else 0


def _named(names: list[str]) -> Say | str:
    more = "…" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more if names else say("kits.row.none_yet")
