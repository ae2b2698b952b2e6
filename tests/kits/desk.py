"""Furniture of the tests of kits: a small district with campaigns, stations, items, lots and people.

Goods come in through the ledger; what only names things is written as rows.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlmodel import SQLModel, col, select

from benefits.access.models import Role, User
from benefits.kernel.actions import Actor, action
from benefits.kernel.unit import Database, WriteUnit
from benefits.kits import ledger
from benefits.kits.ledger import Line
from benefits.kits.models import (
    Campaign,
    CampaignItem,
    CampaignState,
    Item,
    ItemKind,
    Part,
    Station,
)
from benefits.kits.models_stock import Lot, Move, MoveKind, Stock
from tests.renewal.factory import NOW, World

TODAY = date(2026, 11, 20)
STARTS, ENDS = date(2026, 11, 1), date(2026, 11, 30)


@action("kits.test_book", permission="kit.stock", brief=True)
def book(unit: WriteUnit, *, lines: Iterable[Line], day: date = TODAY, reason: str = "") -> list[int]:
    """Moves as a service would write them."""
    return ledger.book(unit, lines, day=day, reason=reason)


@action("kits.test_take", permission="kit.stock", brief=True)
def take(
    unit: WriteUnit,
    *,
    station_id: int,
    item_id: int,
    quantity: int,
    kind: MoveKind = MoveKind.TALLY,
    day: date = TODAY,
) -> ledger.Lots:
    """What a counter takes."""
    return ledger.take(unit, station_id=station_id, item_id=item_id, quantity=quantity, kind=kind, day=day)


class Kits:
    """A district with streets A and B, units A1, A2, B1, B2, and what kits need there."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self.database = database
        self.actor = actor
        self.world = World(database, actor)
        self.places = self.world.places
        self._made = 0

    def add(self, row: SQLModel) -> int:
        """A row written past the services; its id, where it has one."""
        with self.world.batch() as session:
            session.add(row)
            session.flush()
            made: int = getattr(row, "id", 0)
            return made

    def _count(self) -> int:
        self._made += 1
        return self._made

    def person(self, place: str | None = "A1", **facts: Any) -> int:
        """A woman in post, unless said otherwise."""
        return self.world.person(place, **facts)

    def street(self, code: str, *permissions: str, user_id: int | None = None) -> Actor:
        """The clerk of a street, who may do what is named, or everything."""
        scope = f"/{self.places['D']}/{self.places[code]}/"
        return Actor("jie", "街道经办", frozenset(permissions or {"*"}), scope, user_id)

    def user(self, login: str = "zhan") -> int:
        """A login, as a keeper has one."""
        return self.add(User(login=login, name="站长", role=Role.CLERK, created_at=NOW))

    def item(
        self, name: str = "控油壶", *, kind: ItemKind = ItemKind.GOODS, owner: str = "D", **more: Any
    ) -> int:
        """An item of the catalogue."""
        values: dict[str, Any] = {"code": f"W{self._count():04d}", "name": name, "kind": kind} | more
        return self.add(Item(organisation_id=self.places[owner], **values))

    def kit(self, parts: dict[int, int], name: str = "健康小三件") -> int:
        """A kit of so many of each item."""
        made = self.item(name, kind=ItemKind.KIT, measure="套")
        for item, quantity in parts.items():
            self.add(Part(kit_id=made, item_id=item, quantity=quantity))
        return made

    def campaign(self, *items: int, owner: str = "D", per_person: int = 1, **more: Any) -> int:
        """An open campaign of this November that gives ``items``."""
        number = self._count()
        values: dict[str, Any] = {
            "number": f"HD-2026-{number:04d}",
            "name": f"健康服务进企业{number}",
            "starts": STARTS,
            "ends": ENDS,
            "state": CampaignState.OPEN,
            "made_by": self.actor.login,
            "changed_at": NOW,
        }
        made = self.add(Campaign(organisation_id=self.places[owner], **(values | more)))
        for item in items:
            self.add(CampaignItem(campaign_id=made, item_id=item, per_person=per_person))
        return made

    def station(self, campaign: int | None = None, *, place: str = "A", **more: Any) -> int:
        """A station of a campaign, or a store."""
        number = self._count()
        name = f"{number}号发放点" if campaign else f"{number}号仓库"
        values: dict[str, Any] = {"number": number, "name": name} | more
        return self.add(Station(campaign_id=campaign, organisation_id=self.places[place], **values))

    def lot(self, item: int, *, expires_on: date | None = None, cost_fen: int = 0) -> int:
        """A lot that nobody has yet."""
        code = f"P{self._count():04d}"
        return self.add(Lot(item_id=item, code=code, expires_on=expires_on, cost_fen=cost_fen))

    def bring(self, station: int, item: int, quantity: int, **lot: Any) -> int:
        """So many of an item arrive at a station in a new lot; the lot."""
        made = self.lot(item, **lot)
        self.move(station, made, MoveKind.RECEIVE, quantity)
        return made

    def move(self, station: int, lot: int, kind: MoveKind, quantity: int, **said: Any) -> int:
        """One line of the ledger."""
        return self.database.act(self.actor, book, lines=[Line(station, lot, kind, quantity)], **said)[0]

    def take(self, station: int, item: int, quantity: int, **more: Any) -> dict[int, int]:
        """So many of an item leave a station; lot -> pieces."""
        asked: dict[str, Any] = {"station_id": station, "item_id": item, "quantity": quantity} | more
        return dict(self.database.act(self.actor, take, **asked))

    def on_hand(self, station: int) -> dict[int, int]:
        """Lot -> balance of a station, as the balances say."""
        with self.database.read(self.actor) as unit:
            query = select(col(Stock.lot_id), col(Stock.on_hand)).where(col(Stock.station_id) == station)
            return {lot: count for lot, count in unit.exec(query) if count}

    def moved(self, station: int) -> dict[int, int]:
        """Lot -> balance of a station, summed from its moves alone."""
        found: dict[int, int] = {}
        with self.database.read(self.actor) as unit:
            query = select(col(Move.lot_id), col(Move.quantity)).where(col(Move.station_id) == station)
            for lot, quantity in unit.exec(query):
                found[lot] = found.get(lot, 0) + quantity
        return {lot: count for lot, count in found.items() if count}


def at(hour: int, minute: int = 0, day: date = TODAY) -> datetime:
    """A moment, UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=NOW.tzinfo)
