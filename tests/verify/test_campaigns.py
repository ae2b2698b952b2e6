"""Every invariant of campaigns finds what breaks it, on both engines."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from benefits.kernel.actions import Actor
from benefits.kernel.messages import text as words
from benefits.kernel.unit import Database
from benefits.kernel.verify import check
from benefits.kits.invariants_campaigns import INVARIANTS
from benefits.kits.models import (
    Allocation,
    AllocationUnit,
    Campaign,
    CampaignItem,
    CampaignState,
    Entitled,
    Station,
    StationState,
    StationUnit,
)
from benefits.kits.models_stock import Stock
from benefits.kits.service_allocation import propose
from benefits.kits.service_campaign import close_campaign
from benefits.verify import verify
from tests.kits.desk import Kits


@pytest.fixture
def kits(database: Database, root: Actor) -> Kits:
    return Kits(database, root)


Break = Callable[[Session], Any]


def _set(model: Any, **values: Any) -> Break:
    return lambda session: session.execute(update(model).values(**values))


def _one(model: Any, key: Any, value: Any, **values: Any) -> Break:
    return lambda session: session.execute(update(model).where(col(key) == value).values(**values))


def _breaks(stations: list[int], item: int) -> dict[str, tuple[Break, ...]]:
    """``stations``: one of the campaign, one of the closed one, a store."""
    own, closed, store = stations
    return {
        "kits.invariant.own_station": (
            _set(StationUnit, station_id=store),
            _set(Entitled, station_id=closed),
            _set(Allocation, station_id=closed),
            _set(AllocationUnit, station_id=store),
        ),
        "kits.invariant.units_within": (
            _set(AllocationUnit, quantity=99),
            _set(AllocationUnit, people=99),
            _set(AllocationUnit, station_id=store),
        ),
        "kits.invariant.allocated_item": (_set(CampaignItem, item_id=item),),
        "kits.invariant.over": (
            _one(Station, Station.id, closed, state=StationState.OPEN),
            _one(Stock, Stock.station_id, own, station_id=closed),
            _set(Campaign, state=CampaignState.CANCELLED),
            _set(Campaign, closed_on=None),
        ),
    }


def test_each_break_is_found(kits: Kits) -> None:
    pot, other, store = kits.item(), kits.item(), kits.station()
    campaign = kits.campaign()
    kits.add(CampaignItem(campaign_id=campaign, item_id=pot, planned=5))
    own, place = kits.station(campaign), kits.places["A1"]
    kits.add(StationUnit(campaign_id=campaign, organisation_id=place, station_id=own))
    person: dict[str, Any] = {"member_id": kits.person("A1"), "organisation_id": place}
    kits.add(Entitled(campaign_id=campaign, station_id=own, **person))
    kits.bring(own, pot, 3)
    kits.database.act(kits.actor, propose, campaign_id=campaign)
    over = kits.campaign()
    closed = kits.station(over)
    kits.database.act(kits.actor, close_campaign, campaign_id=over)
    with kits.database.read(kits.actor) as unit:
        assert [result.code for result in verify(unit) if not result.ok] == []
    breaks = _breaks([own, closed, store], other)
    assert {each.code for each in INVARIANTS} == set(breaks)
    assert all(words(each.code, lang) for each in INVARIANTS for lang in ("zh", "en"))
    missed = []
    for code, several in breaks.items():
        for at, one in enumerate(several):
            with kits.database.write(kits.actor) as unit, unit.recording():
                one(unit.session)
                found = {result.code: result for result in check(unit, INVARIANTS)}[code]
            if found.ok or not found.count or not found.examples:
                missed.append((code, at))
    assert missed == []
