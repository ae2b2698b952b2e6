"""A sample campaign of kits (样例发放活动): the seed case of DOMAIN C4 in the sample district, half-way
through.

2,000 sets of an oil pot, a salt spoon and a tape measure, built in the district's store, over ten stations,
each of which serves a street or town; leaflets for whoever comes by. Everything goes through the services, as
a clerk would do it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select

from benefits.contributions.models import Payer
from benefits.kernel.actions import Actor
from benefits.kernel.unit import Database
from benefits.kits.models import Campaign, ItemKind
from benefits.kits.rule import said
from benefits.kits.service_allocation import approve, propose, ship
from benefits.kits.service_campaign import GivenItem, add_campaign, open_campaign
from benefits.kits.service_group import hand_out_group
from benefits.kits.service_handout import hand_out
from benefits.kits.service_items import add_item, set_bill
from benefits.kits.service_station import NewStation, add_stations
from benefits.kits.service_stock import add_store, build, receive
from benefits.kits.service_tally import tally
from benefits.kits.service_transfer import arrive
from benefits.members.models import Member, Status
from benefits.organisations.models import Level, Organisation

SETS = 2000
STATIONS = 10
_PARTS = (("控油壶", "个", 1450), ("限盐勺", "把", 380), ("腰围尺", "条", 620))
_HOURS = "9:00–11:30，13:30–17:00"
_BEFORE, _AFTER = 10, 20
"""Days of the campaign before and after today."""


@dataclass(frozen=True, slots=True)
class Held:
    """What was made: number of the campaign, stations, people who have theirs."""

    campaign_id: int
    number: str
    kit_id: int
    leaflet_id: int
    store_id: int
    stations: tuple[int, ...]
    people: int


def hold_campaign(
    database: Database, actor: Actor, today: date, *, approver: Actor | None = None, groups: int = 3
) -> Held:
    """Make the campaign and hand out the first sets: some to people who come, some to ``groups`` unions.
    ``approver``: who approves the allocation, where the clerk may not."""
    top, streets = _places(database, actor)
    store = database.act(actor, add_store, organisation_id=top, name="区总工会仓库", keeper="样例保管员")
    kit, leaflet = _goods(database, actor, top, store, today)
    campaign = _campaign(database, actor, top, today, kit, leaflet)
    stations = _stations(database, actor, campaign, streets)
    database.act(actor, open_campaign, campaign_id=campaign)
    database.act(actor, propose, campaign_id=campaign)
    database.act(approver or actor, approve, campaign_id=campaign)
    shipped = database.act(actor, ship, campaign_id=campaign, from_id=store, carrier="样例物流")
    for transfer, _ in shipped.transfers:
        database.act(actor, arrive, transfer_id=transfer, whole=True)
    people = _first_day(database, actor, campaign, stations, streets, leaflet, groups)
    with database.read(actor) as unit:
        number = unit.session.get_one(Campaign, campaign).number
    return Held(campaign, number, kit, leaflet, store, stations, people)


def _places(database: Database, actor: Actor) -> tuple[int, list[tuple[int, str, list[int]]]]:
    """The district, and its first ten streets and towns with their unions."""
    with database.read(actor) as unit:
        rows: Any = unit.exec(
            select(col(Organisation.id), Organisation.name, col(Organisation.level), Organisation.path)
            .where(col(Organisation.closed).is_(None))
            .order_by(col(Organisation.code))
        ).all()
    top = next(found for found, _, level, _ in rows if level is Level.DISTRICT)
    streets: list[tuple[int, str, list[int]]] = []
    for found, name, level, path in rows:
        if level is Level.SUBDISTRICT and len(streets) < STATIONS:
            own = [one for one, _, kind, inner in rows if kind is Level.GRASSROOTS and inner.startswith(path)]
            streets.append((found, name, own))
    return top, streets


def _goods(database: Database, actor: Actor, top: int, store: int, today: date) -> tuple[int, int]:
    """Parts bought, sets built, leaflets printed."""
    parts = []
    for name, measure, fen in _PARTS:
        item = database.act(
            actor, add_item, organisation_id=top, name=name, kind=ItemKind.GOODS, measure=measure
        )
        database.act(
            actor, receive, station_id=store, item_id=item, quantity=SETS, cost_fen=fen, fund=Payer.DISTRICT
        )
        parts.append((item, 1))
    kit = database.act(
        actor, add_item, organisation_id=top, name="健康小三件", kind=ItemKind.KIT, measure="套"
    )
    database.act(actor, set_bill, kit_id=kit, parts=parts)
    database.act(actor, build, station_id=store, kit_id=kit, quantity=SETS)
    leaflet = database.act(
        actor, add_item, organisation_id=top, name="三减三健宣传册", kind=ItemKind.MATERIAL, measure="册"
    )
    until = today + timedelta(days=365)
    database.act(
        actor, receive, station_id=store, item_id=leaflet, quantity=SETS, cost_fen=80, expires_on=until
    )
    return kit, leaflet


def _campaign(database: Database, actor: Actor, top: int, today: date, kit: int, leaflet: int) -> int:
    from benefits.kits.service_campaign import set_items

    campaign = database.act(
        actor,
        add_campaign,
        organisation_id=top,
        name="健康进万家",
        starts=today - timedelta(days=_BEFORE),
        ends=today + timedelta(days=_AFTER),
        budget_fen=6_000_000,
        fund=Payer.DISTRICT,
        rule=said(("members-in-post",)),
        public=True,
    )
    given = (GivenItem(kit, 1, SETS), GivenItem(leaflet, 1, SETS))
    database.act(actor, set_items, campaign_id=campaign, items=given)
    return campaign


def _stations(
    database: Database, actor: Actor, campaign: int, streets: list[tuple[int, str, list[int]]]
) -> tuple[int, ...]:
    stations = [
        NewStation(
            name=f"{name.removesuffix('总工会')}发放点",
            organisation_id=street,
            address=f"{name.removesuffix('总工会')}职工之家",
            hours=_HOURS,
            keeper="样例负责人",
            units=(street,),
        )
        for street, name, _ in streets
    ]
    return database.act(actor, add_stations, campaign_id=campaign, stations=stations)


def _first_day(
    database: Database,
    actor: Actor,
    campaign: int,
    stations: tuple[int, ...],
    streets: list[tuple[int, str, list[int]]],
    leaflet: int,
    groups: int,
) -> int:
    """People of the first streets come themselves, unions of the others send somebody."""
    served = 0
    for station, (_, _, unions) in list(zip(stations, streets, strict=True))[:4]:
        for person in _in_post(database, actor, unions[:2], 6):
            database.act(actor, hand_out, campaign_id=campaign, station_id=station, member_id=person)
            served += 1
        database.act(
            actor,
            tally,
            campaign_id=campaign,
            station_id=station,
            item_id=leaflet,
            quantity=25,
            note="路过居民",
        )
        if groups and len(unions) > 2:
            done = database.act(
                actor,
                hand_out_group,
                campaign_id=campaign,
                station_id=station,
                collected_by="样例代领人",
                organisation_id=unions[2],
            )
            served, groups = served + done.people, groups - 1
    return served


def _in_post(database: Database, actor: Actor, unions: list[int], many: int) -> list[int]:
    query = (
        select(Member.id)
        .where(col(Member.organisation_id).in_(unions), col(Member.status) == Status.IN_POST)
        .order_by(col(Member.id))
        .limit(many)
    )
    with database.read(actor) as unit:
        return [found for found in unit.exec(query) if found is not None]
