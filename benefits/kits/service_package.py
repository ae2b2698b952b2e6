"""Verbs on offline packages at home (离线包): make one, take its return back, declare it lost, settle what
two counters did twice. Files are read and written by ``benefits.packages``.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from benefits.access.counters import count_on
from benefits.access.models import User
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.parcel import child_key, signature
from benefits.kernel.reasons import reason_said
from benefits.kernel.sealed import Keys
from benefits.kernel.text import plain
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits import ledger
from benefits.kits.keeping import keep_station
from benefits.kits.models import Campaign, CampaignState, ItemKind, Station, StationState
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.models_stock import Package, PackageState
from benefits.kits.package_merge import Merged, merge
from benefits.kits.package_return import Returned
from benefits.kits.package_rows import TRAVELS, Tables, as_json, gather, guests, people_digest
from benefits.migrations import HEAD

_LONGEST_LOGIN = 64


@dataclass(frozen=True, slots=True)
class Made:
    """A package that was made: ``people`` on its list, ``pieces`` of stock, ``given`` hand-outs that had been
    made before; ``login`` works in it."""

    id: int
    number: str
    uuid: str
    campaign: str
    station: str
    people: int
    pieces: int
    given: int
    login: str


@dataclass(frozen=True, slots=True)
class Contents:
    """A package on its way into a file."""

    made: Made
    head: dict[str, Any]
    body: dict[str, Any]


def package_master(keys: Keys, package_uuid: str) -> bytes:
    """The master key of a package, found again by its home at any time. 32 bytes."""
    return child_key(keys, f"kit-package:{package_uuid}")


@action("kits.make_package", permission="kit.edit")
def make_package(unit: WriteUnit, *, station_id: int, everybody: bool = False, login: str = "") -> Contents:
    """Take a station out of the network (制作离线包): its list, its stock and a key of its own go into a
    package; the station here is away and its stock frozen until the package is back.

    ``everybody``: all entitled people whom the actor sees, not only those who collect there. ``login``: who
    works in the package; the keeper's, unless said.

    Raises Refused: ``kits.package_store``, ``kits.package_not_open``, ``kits.package_over``,
    ``kits.package_nobody``, ``kits.frozen``, ``kits.not_yours``.
    """
    station = keep_station(unit, station_id)
    campaign = _campaign_of(unit, station)
    people = guests(unit, campaign, station, everybody)
    if not people and not campaign.public:
        raise Refused("kits.package_nobody", station=station.name, campaign=campaign.name)
    ledger.freeze(unit, station_id, StationState.AWAY)
    known = str(uuid.uuid4())
    master = package_master(unit.database.keys, known)
    with unit.beyond_scope():
        tables = gather(unit, campaign, station, people, Keys.derive(master))
    now, number = unit.clock.now(), f"LX-{unit.today.year}-{count_on(unit, f'package:{unit.today.year}'):04d}"
    package = Package(
        number=number,
        uuid=known,
        campaign_id=station.campaign_id or 0,
        station_id=station_id,
        people=len(people),
        made_at=now,
        made_by=unit.actor.login,
    )
    unit.session.add(package)
    unit.session.flush()
    assert package.id is not None
    worker = _worker(unit, station, login)
    pieces = sum(row[2] for row in tables["stock"])
    given = sum(row[3] == campaign.id for row in tables["handout"])
    made = Made(
        *(package.id, number, known, campaign.name, station.name, len(people), pieces, given, worker[0]),
    )
    unit.record(
        f"package:{package.id}",
        **{"number": number, "campaign": campaign.id, "station": station_id, "people": len(people)},
        **{"pieces": pieces, "everybody": everybody},
    )
    return Contents(made, _head(made, now), _body(unit, package, tables, worker, master))


def _campaign_of(unit: ReadUnit, station: Station) -> Campaign:
    """The station's campaign, which must be open and not over."""
    campaign = unit.exec(select(Campaign).where(col(Campaign.id) == station.campaign_id)).first()
    if campaign is None:
        raise Refused("kits.package_store", station=station.name)
    if campaign.state is not CampaignState.OPEN:
        raise Refused("kits.package_not_open", campaign=campaign.name)
    if unit.today > campaign.ends:
        raise Refused("kits.package_over", campaign=campaign.name, day=campaign.ends, today=unit.today)
    return campaign


def _worker(unit: ReadUnit, station: Station, login: str) -> tuple[str, str]:
    """Login and name of whoever works in the package."""
    keeper = unit.exec(select(User.login).where(col(User.id) == station.keeper_user_id)).first()
    chosen = "".join(plain(login).split())[:_LONGEST_LOGIN] or keeper or f"station{station.number}"
    return chosen, station.keeper or station.name[:50]


def _head(made: Made, now: datetime) -> dict[str, Any]:
    """What may be read without the code."""
    words = {"number": made.number, "campaign": made.campaign, "station": made.station}
    return {"kind": "out", "package": made.uuid, "schema": HEAD, "made_at": now.isoformat()} | words


def _body(
    unit: ReadUnit, package: Package, tables: Tables, worker: tuple[str, str], master: bytes
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "package": package.uuid,
        "number": package.number,
        "schema": HEAD,
        "campaign": package.campaign_id,
        "station": package.station_id,
        "made_at": package.made_at.isoformat(),
        "people": people_digest((row[0], row[1]) for row in tables["member"]),
        "stock": [[lot, count] for _, lot, count in tables["stock"]],
        "items": sorted(row[1] for row in tables["campaign_item"] if row[0] == package.campaign_id),
        "counted": sorted(_counted(tables)),
    }
    return {
        "manifest": said,
        "signature": signature(unit.database.keys, said),
        "key": master.hex(),
        "worker": list(worker),
        "tables": as_json(tables),
    }


def _counted(tables: Tables) -> set[int]:
    """Items whose hand-outs come out of the station's stock."""
    columns = {name: TRAVELS[name][1].index for name in ("item", "campaign")}
    if not tables["campaign"][0][columns["campaign"]("counts_stock")]:
        return set()
    return {row[0] for row in tables["item"] if row[columns["item"]("kind")] is not ItemKind.MONEY}


@action("kits.take_back", permission="kit.stock")
def take_back(unit: WriteUnit, *, returned: Returned) -> Merged:
    """Take in what a package brought home (交回离线包): hand-outs, tallies, damages, each once however often
    the file comes, and the station works here again. All of it or nothing.

    Of two hand-outs of one thing to one person the earlier holds, the other is listed as given twice; who is
    no longer entitled is listed, not refused. A package that was declared lost comes back all the same.

    Raises Refused: ``kits.package_unknown``, ``kits.package_altered``, ``kits.not_yours``.
    """
    package = package_of(unit, returned.uuid)
    keep_station(unit, package.station_id)
    try:
        with unit.beyond_scope():
            merged = merge(unit, package, returned)
    except IntegrityError as error:  # somebody handed out at this moment: look again
        raise Refused("kernel.busy", why=type(error.orig).__name__) from error
    unit.record(
        f"package:{package.id}",
        **{"number": package.number, "in_file": merged.in_file, "new": merged.new, "known": merged.known},
        **{"struck": merged.struck, "moves": merged.moves, "found": merged.found, "twice": merged.twice},
        **{"anchor": returned.anchor, "events": returned.events},
    )
    return merged


@action("kits.lose_package", permission="kit.stock")
def lose_package(unit: WriteUnit, *, package_id: int, reason: str) -> None:
    """Declare a package lost (离线包丢失作废): its station works here again, to be counted. If it turns up
    after all, ``take_back`` takes it in.

    Raises Refused: ``kits.package_unknown``, ``kits.package_not_out``, ``kits.reason_missing``,
    ``kits.reason_long``, ``kits.not_yours``.
    """
    package = unit.exec(select(Package).where(col(Package.id) == package_id).with_for_update()).first()
    if package is None:
        raise Refused("kits.package_unknown", package=package_id)
    keep_station(unit, package.station_id)
    if package.state is not PackageState.OUT:
        raise Refused("kits.package_not_out", number=package.number)
    package.reason = reason_said(reason, missing="kits.reason_missing", long="kits.reason_long")
    package.state, package.back_at, package.back_by = PackageState.LOST, unit.clock.now(), unit.actor.login
    unit.session.flush()
    ledger.thaw(unit, package.station_id)
    unit.record(f"package:{package_id}", number=package.number, reason=package.reason)


@action("kits.settle", permission="kit.hand")
def settle(unit: WriteUnit, *, handout_id: int, reason: str) -> None:
    """Write how a conflict was settled (处理意见): a second hand-out that stays, one to somebody who was not
    entitled any more. Goods that came back are struck with ``kits.service_handout.void``.

    Raises Refused: ``kits.unknown``, ``kits.no_conflict``, ``kits.reason_missing``, ``kits.reason_long``.
    """
    found = unit.exec(select(Handout).where(col(Handout.id) == handout_id).with_for_update()).first()
    if found is None:
        raise Refused("kits.unknown", handout=handout_id)
    from_package = found.state is HandoutState.ACTIVE and found.origin
    if found.state is not HandoutState.TWICE and not from_package:
        raise Refused("kits.no_conflict", handout=handout_id)
    found.reason = reason_said(reason, missing="kits.reason_missing", long="kits.reason_long")
    unit.record(f"handout:{handout_id}", member=found.member_id, reason=found.reason)


def package_of(unit: ReadUnit, package_uuid: str) -> Package:
    """A package of this home, kept from others until the unit ends. Raises Refused
    ``kits.package_unknown``."""
    query = select(Package).where(col(Package.uuid) == package_uuid)
    found = unit.exec(query.with_for_update() if isinstance(unit, WriteUnit) else query).first()
    if found is None:
        raise Refused("kits.package_unknown", package=plain(package_uuid)[:36])
    return found
