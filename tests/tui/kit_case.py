"""A campaign in the tiny district, made through the services: a store with goods and kits, two stations, one
delivery taken in and one on the road, two people who have had theirs."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benefits.access.queries import INSTALLER
from benefits.database import open_database
from benefits.kernel.clock import FixedClock
from benefits.kits.models import ItemKind
from benefits.kits.queries_movements import transfers
from benefits.kits.service_allocation import approve, propose, ship
from benefits.kits.service_campaign import GivenItem, add_campaign, open_campaign, set_items
from benefits.kits.service_handout import hand_out
from benefits.kits.service_items import add_item, set_bill
from benefits.kits.service_station import NewStation, add_stations
from benefits.kits.service_stock import add_store, build, receive
from benefits.kits.service_transfer import arrive
from benefits.organisations.queries import search
from tests import engines
from tests.conftest import _migrated
from tests.tui import tiny

CAMPAIGN, STORE, FIRST, SECOND = 1, 1, 2, 3
"""Ids of the campaign, the store and the two stations."""
KIT, LEAFLET = 4, 5
"""Ids of items."""


def fill(address: str) -> None:
    """Fill a tiny district."""
    database = open_database(address, clock=FixedClock(tiny.TODAY))

    def act(verb: Callable[..., Any], **given: Any) -> Any:
        return database.act(INSTALLER, verb, **given)

    try:
        with database.read(INSTALLER) as unit:
            place = {
                name: search(unit, name, 1)[0].id
                for name in ("通州区总工会", "永顺镇总工会", "张家湾镇总工会")
            }
        district = place["通州区总工会"]
        _goods(act, district)
        campaign = act(
            add_campaign,
            organisation_id=district,
            name="健康小三件进企业",
            starts=date(2026, 11, 15),
            ends=date(2026, 12, 31),
            budget_fen=200_000,
            public=True,
        )
        given = [GivenItem(KIT, 1, 12), GivenItem(LEAFLET, 1, 18)]
        act(set_items, campaign_id=campaign, items=given)
        stations = [
            NewStation("永顺镇发放点", place["永顺镇总工会"], None, "永顺镇政府东院", "9:00-16:30", "周站长"),
            NewStation(
                "张家湾镇发放点", place["张家湾镇总工会"], None, "张家湾镇文化中心", "9:00-12:00", "孙站长"
            ),
        ]
        towns = (place["永顺镇总工会"], place["张家湾镇总工会"])
        stations = [
            NewStation(one.name, one.organisation_id, None, one.address, one.hours, one.keeper, "", (town,))
            for one, town in zip(stations, towns, strict=True)
        ]
        act(add_stations, campaign_id=campaign, stations=stations)
        act(propose, campaign_id=campaign)
        act(approve, campaign_id=campaign)
        act(ship, campaign_id=campaign, from_id=STORE, carrier="赵师傅")
        with database.read(INSTALLER) as unit:
            to = {one.to_id: one.id for one in transfers(unit, campaign)}
        act(arrive, transfer_id=to[FIRST], whole=True)
        act(open_campaign, campaign_id=campaign)
        for member in (1, 4):
            act(hand_out, campaign_id=campaign, station_id=FIRST, member_id=member)
    finally:
        database.close()


def _goods(act: Callable[..., Any], district: int) -> None:
    """Three things, the kit of them, a leaflet; so many of each in a store, and kits built."""
    act(add_store, organisation_id=district, name="区总仓库", keeper="何保管")
    kinds = (
        *(("控油壶", ItemKind.GOODS), ("限盐勺", ItemKind.GOODS), ("腰围尺", ItemKind.GOODS)),
        *(("健康小三件", ItemKind.KIT), ("健康手册", ItemKind.MATERIAL)),
    )
    for place, (name, kind) in enumerate(kinds, 1):
        measure = {ItemKind.KIT: "套", ItemKind.MATERIAL: "册"}.get(kind, "个")
        act(add_item, organisation_id=district, name=name, kind=kind, code=f"WP{place:02d}", measure=measure)
    act(set_bill, kit_id=KIT, parts=[(1, 1), (2, 2), (3, 1)])
    for item, count, cost in ((1, 40, 1200), (2, 60, 150), (3, 36, 300), (LEAFLET, 200, 50)):
        act(receive, station_id=STORE, item_id=item, quantity=count, lot=f"2026-{item}", cost_fen=cost)
    act(build, station_id=STORE, kit_id=KIT, quantity=20, lot="ZZ-01")


def address(folder: Path, kind: str = "sqlite") -> str:
    """A fresh copy of the district with its campaign."""
    engines.discard(_migrated(kind, folder))
    engines.template(kind, "tiny", tiny.fill, base="migrated")
    engines.template(kind, "tiny-kits", fill, base="tiny")
    return engines.fresh(kind, "tiny-kits", folder)
