"""Verbs on the stations of a campaign (发放点): add one or three hundred, edit, say whose people collect
there, close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import col, select

from benefits.access.models import User
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits.campaigns import below_owner, changed, flush, refuse_over
from benefits.kits.closing import still_there
from benefits.kits.keeping import keep_campaign, keep_owner, keep_station
from benefits.kits.ledger import freeze
from benefits.kits.models import Campaign, Station, StationState, StationUnit
from benefits.kits.record import as_it_is, checked, stale, words

MOST_STATIONS = 5000


@dataclass(frozen=True, slots=True)
class NewStation:
    """A station to be made. ``organisation_id``: its host, None: the campaign's owner; ``number`` None: the
    next one; ``units``: whose people collect there."""

    name: str
    organisation_id: int | None = None
    number: int | None = None
    address: str = ""
    hours: str = ""
    keeper: str = ""
    keeper_login: str = ""
    units: tuple[int, ...] = ()


_CHECKS = {
    "name": words("station", 80, needed=True),
    "address": words("address", 200),
    "hours": words("hours", 120),
    "keeper": words("keeper", 50),
    "keeper_user_id": as_it_is,
    "organisation_id": as_it_is,
}


@action("kits.add_station", permission="kit.edit")
def add_station(unit: WriteUnit, *, campaign_id: int, station: NewStation) -> int:
    """Add a station to a campaign (新增发放点); its id. Raises Refused as ``add_stations``."""
    return _add(unit, keep_campaign(unit, campaign_id), (station,))[0]


@action("kits.add_stations", permission="kit.edit")
def add_stations(unit: WriteUnit, *, campaign_id: int, stations: Sequence[NewStation]) -> tuple[int, ...]:
    """Add many stations at once (批量新增发放点), all or none; their ids in order.

    Raises Refused: ``kits.not_yours``, ``kits.campaign_over``, ``kits.station_taken``,
    ``kits.station_number``, ``kits.stations_many``, ``kits.keeper_unknown``, ``kits.unit_outside``,
    ``kits.unit_served`` for a unit whose people collect elsewhere already, what ``record.checked`` refuses.
    """
    return _add(unit, keep_campaign(unit, campaign_id), stations)


@action("kits.edit_station", permission="kit.edit")
def edit_station(unit: WriteUnit, *, station_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Change what is written about a station or store (修改发放点): name, address, hours, keeper,
    ``keeper_login``, ``organisation_id``; the new version.

    Raises Refused: ``kits.not_yours``, ``kits.stale``, ``kits.keeper_unknown``, ``kits.station_taken``,
    ``kits.unit_outside``, what ``record.checked`` refuses.
    """
    station = keep_station(unit, station_id)
    given = dict(changes)
    if "keeper_login" in given:
        given["keeper_user_id"] = _keeper(unit, given.pop("keeper_login"))
    values = checked(given, _CHECKS)
    if version != station.version:
        raise stale(station, values, station.name)
    if station.campaign_id is not None and "organisation_id" in values:
        campaign = unit.session.get_one(Campaign, station.campaign_id)
        below_owner(unit, campaign, [values["organisation_id"]])
    elif "organisation_id" in values:
        keep_owner(unit, values["organisation_id"])
    for field, value in values.items():
        setattr(station, field, value)
    station.version += 1
    flush(unit, "kits.station_taken", station=station.name)
    unit.record(f"station:{station_id}", name=station.name, fields=sorted(values))
    return station.version


@action("kits.assign_units", permission="kit.edit")
def assign_units(unit: WriteUnit, *, station_id: int, organisation_ids: Sequence[int]) -> int:
    """Whose people collect at a station (对应单位), in place of those before; how many parts of the tree.

    Raises Refused: ``kits.not_yours``, ``kits.campaign_over``, ``kits.store_no_units``,
    ``kits.unit_outside``, ``kits.unit_served`` naming the station that a unit has already.
    """
    station = keep_station(unit, station_id)
    if station.campaign_id is None:
        raise Refused("kits.store_no_units", station=station.name)
    campaign = keep_campaign(unit, station.campaign_id)
    refuse_over(campaign)
    wanted = sorted(set(organisation_ids))
    below_owner(unit, campaign, wanted)
    unit.session.execute(delete(StationUnit).where(col(StationUnit.station_id) == station_id))
    _refuse_served(unit, campaign, wanted)
    unit.session.add_all(
        StationUnit(campaign_id=station.campaign_id, organisation_id=one, station_id=station_id)
        for one in wanted
    )
    changed(unit, campaign, recount=True)
    unit.record(f"station:{station_id}", name=station.name, units=len(wanted))
    return len(wanted)


@action("kits.close_station", permission="kit.edit")
def close_station(unit: WriteUnit, *, station_id: int) -> None:
    """Close a station that has nothing left (撤销发放点).

    Raises Refused: ``kits.not_yours``, ``kits.frozen``, ``kits.station_not_empty`` with everything that
    stands in the way.
    """
    station = keep_station(unit, station_id)
    problems = still_there(unit, station.campaign_id, station_id)
    if problems:
        raise Refused("kits.station_not_empty", station=station.name, count=len(problems), problems=problems)
    freeze(unit, station_id, StationState.CLOSED)
    unit.record(f"station:{station_id}", name=station.name)


def _add(unit: WriteUnit, campaign: Campaign, stations: Sequence[NewStation]) -> tuple[int, ...]:
    refuse_over(campaign)
    if not 1 <= len(stations) <= MOST_STATIONS:
        raise Refused("kits.stations_many", count=len(stations), most=MOST_STATIONS)
    below_owner(unit, campaign, {one.organisation_id for one in stations if one.organisation_id is not None})
    served = [place for one in stations for place in one.units]
    below_owner(unit, campaign, set(served))
    _refuse_served(unit, campaign, served)
    number = unit.exec(select(func.max(Station.number)).where(col(Station.campaign_id) == campaign.id)).one()
    made = []
    for one in stations:
        number = (number or 0) + 1 if one.number is None else one.number
        if number < 1:
            raise Refused("kits.station_number", number=number)
        given = {"name": one.name, "address": one.address, "hours": one.hours, "keeper": one.keeper}
        made.append(
            Station(
                campaign_id=campaign.id,
                organisation_id=one.organisation_id or campaign.organisation_id,
                number=number,
                keeper_user_id=_keeper(unit, one.keeper_login),
                **checked(given, _CHECKS),
            )
        )
    _refuse_taken(unit, campaign, made)
    unit.session.add_all(made)
    flush(unit, "kits.station_taken", station=made[0].name)
    assert campaign.id is not None
    ids = tuple(row.id for row in made if row.id is not None)
    unit.session.add_all(
        StationUnit(campaign_id=campaign.id, organisation_id=place, station_id=station)
        for one, station in zip(stations, ids, strict=True)
        for place in one.units
    )
    changed(unit, campaign, recount=True)
    unit.record(f"campaign:{campaign.id}", stations=len(made), first=made[0].name)
    return ids


def _refuse_taken(unit: ReadUnit, campaign: Campaign, made: Sequence[Station]) -> None:
    """Names and numbers are one station's, in the list too."""
    rows = unit.exec(
        select(Station.name, Station.number).where(col(Station.campaign_id) == campaign.id)
    ).all()
    names, numbers = {name for name, _ in rows}, {number for _, number in rows}
    for row in made:
        if row.name in names:
            raise Refused("kits.station_taken", station=row.name)
        if row.number in numbers:
            raise Refused("kits.station_number_taken", station=row.name, number=row.number)
        names.add(row.name)
        numbers.add(row.number)


def _refuse_served(unit: ReadUnit, campaign: Campaign, organisation_ids: Sequence[int]) -> None:
    from benefits.organisations.models import Organisation

    query = (
        select(col(StationUnit.organisation_id), Station.name)
        .join(Station, col(Station.id) == col(StationUnit.station_id))
        .where(col(StationUnit.campaign_id) == campaign.id)
    )
    served: dict[int, str] = {row[0]: row[1] for row in unit.session.execute(query)}
    seen: set[int] = set()
    for one in organisation_ids:
        if one in served or one in seen:
            name = unit.exec(select(Organisation.name).where(col(Organisation.id) == one)).one()
            raise Refused("kits.unit_served", unit=name, station=served.get(one, "–"))
        seen.add(one)


def _keeper(unit: ReadUnit, login: str) -> int | None:
    """The user who may work there without a scope that reaches it."""
    if not login:
        return None
    found = unit.exec(select(User.id).where(col(User.login) == login, col(User.active))).first()
    if found is None:
        raise Refused("kits.keeper_unknown", login=login)
    return found
