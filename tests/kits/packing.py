"""Furniture of the tests of offline packages: a home with a station, packages that went out, clocks."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from benefits import packages
from benefits.access.queries import actor_for
from benefits.database import open_database
from benefits.kernel.actions import Actor
from benefits.kernel.unit import Database
from benefits.kits.models import Station
from benefits.kits.models_handout import Handout
from benefits.kits.models_stock import Move, Stock
from benefits.kits.package_merge import Merged
from benefits.kits.service_handout import hand_out
from benefits.kits.service_package import Made
from benefits.verify import verify
from tests.kits.desk import TODAY, Kits, at

CODE = "ABCD-EFGH-JKLM"


@dataclass(slots=True)
class Hand:
    """A clock that somebody sets."""

    moment: datetime = field(default_factory=lambda: at(2))
    day: date = TODAY

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.day


@dataclass(slots=True)
class Away:
    """A package where it is used."""

    made: Made
    database: Database
    actor: Actor
    clock: Hand
    folder: Path
    station: int
    campaign: int
    packed: int = 0

    def give(self, member: int, hour: int, **more: Any) -> int:
        """Hand out all that is due, at that hour of the day (UTC)."""
        self.clock.moment = at(hour)
        return give(self.database, self.actor, self.campaign, self.station, member, **more)

    def pack(self) -> Path:
        """A new file that brings home what was done."""
        self.packed += 1
        path = self.folder / f"{self.made.number}-{self.packed}.kit"
        packages.pack_file(self.database, self.actor, path)
        return path


def give(database: Database, actor: Actor, campaign: int, station: int, member: int, **more: Any) -> int:
    """One hand-out at a counter; its id."""
    asked = {"campaign_id": campaign, "station_id": station, "member_id": member} | more
    return database.act(actor, hand_out, **asked).ids[0]


def goes_out(kits: Kits, station: int, folder: Path, **more: Any) -> Away:
    """Make a package of a station and open it."""
    file = folder / f"station-{station}-{len(list(folder.iterdir()))}.kit"
    made = packages.make_file(kits.database, kits.actor, file, CODE, station_id=station, **more)
    clock, target = Hand(), file.with_suffix(".sqlite")
    opened = packages.open_file(file, CODE, target, clock)
    assert (opened.number, opened.people, opened.pieces) == (made.number, made.people, made.pieces)
    database = open_database(str(target), clock=clock)
    with kits.database.read(kits.actor) as unit:
        campaign = unit.exec(select(Station.campaign_id).where(col(Station.id) == station)).one()
    assert campaign is not None
    return Away(made, database, actor_for(database, opened.login), clock, folder, station, campaign)


def comes_back(kits: Kits, path: Path) -> Merged:
    """Take a file in at home."""
    return packages.take_back_file(kits.database, kits.actor, path)


def state_of(database: Database, actor: Actor) -> dict[str, Any]:
    """Hand-outs, stock and sums of moves, without the numbers that say in which order they were written."""
    with database.read(actor) as unit:
        handouts = {
            (one.member_id, one.slot, one.given_at, one.origin, one.origin_seq): (one.state, one.quantity)
            for one in unit.exec(select(Handout))
        }
        stock = {
            (station, lot): count
            for station, lot, count in unit.exec(
                select(col(Stock.station_id), col(Stock.lot_id), col(Stock.on_hand))
            )
        }
        moves: dict[tuple[Any, ...], int] = {}
        for one in unit.exec(select(Move)):
            key = (one.station_id, one.lot_id, one.kind)
            moves[key] = moves.get(key, 0) + one.quantity
    return {"handouts": handouts, "stock": stock, "moves": moves}


def prove(database: Database, actor: Actor) -> None:
    """Every invariant holds."""
    with database.read(actor) as unit:
        assert [one.code for one in verify(unit) if not one.ok] == []
