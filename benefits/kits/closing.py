"""What stands in the way of closing a campaign, and how its stock adds up (结清核对).

Each question is one statement, however many stations there are.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.kernel.errors import Both, Problem, say
from benefits.kernel.unit import ReadUnit
from benefits.kits.campaigns import campaign_found
from benefits.kits.models import Item, ItemKind, Station
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.models_stock import (
    Lot,
    Move,
    MoveKind,
    Package,
    PackageState,
    Stock,
    Stocktake,
    StocktakeState,
    Transfer,
    TransferLine,
    TransferState,
)


@dataclass(frozen=True, slots=True)
class Balance:
    """How an item of a campaign adds up over all its stations, pieces; each kind of move without its sign.

    ``recorded``: pieces that hand-outs say people have; ``on_road``: sent and not arrived yet.
    ``difference`` is what the moves leave unexplained of what is on hand, ``unrecorded`` what was moved out
    to people and no hand-out tells of; both are zero where nothing is wrong.
    """

    item_id: int
    code: str
    name: str
    measure: str
    received: int
    built: int
    used: int
    arrived: int
    sent: int
    handed_out: int
    handed_back: int
    tally: int
    damaged: int
    lost: int
    missing: int
    found: int
    on_hand: int
    on_road: int
    recorded: int
    difference: int
    unrecorded: int


_FIELDS = {
    MoveKind.RECEIVE: "received",
    MoveKind.BUILT: "built",
    MoveKind.USED: "used",
    MoveKind.ARRIVE: "arrived",
    MoveKind.SEND: "sent",
    MoveKind.HAND_OUT: "handed_out",
    MoveKind.HAND_BACK: "handed_back",
    MoveKind.TALLY: "tally",
    MoveKind.DAMAGE: "damaged",
    MoveKind.LOSS: "lost",
    MoveKind.MISSING: "missing",
    MoveKind.FOUND: "found",
}


def campaign_balance(unit: ReadUnit, campaign_id: int) -> tuple[Balance, ...]:
    """Every item that the campaign's stations ever had or that was handed out, in order of code.

    Raises Refused ``kits.campaign_unknown``.
    """
    campaign = campaign_found(unit, campaign_id)
    sums: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys((*_FIELDS.values(), "total"), 0))
    moves = (
        select(col(Lot.item_id), col(Move.kind), func.sum(col(Move.quantity)))
        .join(Lot, col(Lot.id) == col(Move.lot_id))
        .join(Station, col(Station.id) == col(Move.station_id))
        .where(col(Station.campaign_id) == campaign_id)
        .group_by(col(Lot.item_id), col(Move.kind))
    )
    for item, kind, quantity in unit.session.execute(moves):
        sums[item][_FIELDS[kind]] += abs(int(quantity))
        sums[item]["total"] += int(quantity)
    on_hand, on_road = _pairs(unit, _on_hand(campaign_id)), _pairs(unit, _on_road(campaign_id))
    with unit.beyond_scope():
        recorded = _pairs(unit, _recorded(campaign_id))
    ids = sums.keys() | on_hand.keys() | on_road.keys() | recorded.keys()
    items = unit.session.scalars(select(Item).where(col(Item.id).in_(ids)).order_by(col(Item.code)))
    found = []
    for item in items:
        assert item.id is not None
        own = sums[item.id]
        total = own.pop("total")
        out = own["handed_out"] - own["handed_back"]
        have, told = on_hand.get(item.id, 0), recorded.get(item.id, 0)
        found.append(
            Balance(
                item_id=item.id,
                code=item.code,
                name=item.name,
                measure=item.measure,
                **own,
                on_hand=have,
                on_road=on_road.get(item.id, 0),
                recorded=told,
                difference=total - have,
                unrecorded=out - told if campaign.counts_stock and item.kind is not ItemKind.MONEY else 0,
            )
        )
    return tuple(found)


def obstacles(unit: ReadUnit, campaign_id: int) -> tuple[Problem, ...]:
    """Everything that keeps a campaign from being closed (未结清事项): what is still there, what was handed
    out twice and is not settled, books that do not agree."""
    with unit.beyond_scope():
        twice = tuple(unit.session.execute(_twice(campaign_id)))
    problems = [
        Problem("kits.close.twice", say("kits.close.twice", station=name or "–", count=count))
        for name, count in twice
    ]
    for one in campaign_balance(unit, campaign_id):
        if one.difference or one.unrecorded:
            counts = {"difference": one.difference, "unrecorded": one.unrecorded}
            problems.append(
                Problem("kits.close.difference", say("kits.close.difference", item=one.name, **counts))
            )
    return (*still_there(unit, campaign_id), *problems)


def still_there(
    unit: ReadUnit, campaign_id: int | None, station_id: int | None = None
) -> tuple[Problem, ...]:
    """What a campaign, or one station (or store), still has: stock, deliveries on the road, stocktakes,
    packages; each station by name."""
    own = col(Station.campaign_id) == campaign_id if station_id is None else col(Station.id) == station_id
    return tuple(
        problem
        for ask in (_stock_left, _on_the_way, _being_counted, _packages_out)
        for problem in ask(unit, own)
    )


def _stock_left(unit: ReadUnit, own: ColumnElement[bool]) -> Iterable[Problem]:
    query = (
        select(col(Station.name), col(Item.name), col(Item.measure), func.sum(col(Stock.on_hand)))
        .join(Stock, col(Stock.station_id) == col(Station.id))
        .join(Lot, col(Lot.id) == col(Stock.lot_id))
        .join(Item, col(Item.id) == col(Lot.item_id))
        .where(own, col(Stock.on_hand) > 0)
        .group_by(col(Station.number), col(Station.name), col(Item.id), col(Item.name), col(Item.measure))
        .order_by(col(Station.number), col(Item.id))
    )
    left: dict[str, list[tuple[str, str, int]]] = {}
    for station, item, measure, count in unit.session.execute(query):
        left.setdefault(station, []).append((item, measure, int(count)))
    for station, items in left.items():
        zh = "、".join(f"{item}{count}{measure}" for item, measure, count in items)
        en = ", ".join(f"{item} × {count}" for item, _, count in items)
        yield Problem("kits.close.stock", say("kits.close.stock", station=station, items=Both(zh, en)))


def _on_the_way(unit: ReadUnit, own: ColumnElement[bool]) -> Iterable[Problem]:
    sender, receiver = aliased(Station), aliased(Station)
    ids = select(col(Station.id)).where(own)
    query = (
        select(col(Transfer.number), col(sender.name), col(receiver.name), col(Transfer.sent_on))
        .join(sender, col(sender.id) == col(Transfer.from_id))
        .join(receiver, col(receiver.id) == col(Transfer.to_id))
        .where(
            col(Transfer.state) == TransferState.SENT,
            or_(col(Transfer.from_id).in_(ids), col(Transfer.to_id).in_(ids)),
        )
        .order_by(col(Transfer.id))
    )
    for number, start, goal, on in unit.session.execute(query):
        told = say("kits.close.transfer", number=number, sender=start, receiver=goal, day=on)
        yield Problem("kits.close.transfer", told)


def _being_counted(unit: ReadUnit, own: ColumnElement[bool]) -> Iterable[Problem]:
    query = (
        select(col(Stocktake.number), col(Station.name))
        .join(Station, col(Station.id) == col(Stocktake.station_id))
        .where(own, col(Stocktake.state) == StocktakeState.OPEN)
        .order_by(col(Station.number))
    )
    for number, station in unit.session.execute(query):
        yield Problem("kits.close.stocktake", say("kits.close.stocktake", number=number, station=station))


def _packages_out(unit: ReadUnit, own: ColumnElement[bool]) -> Iterable[Problem]:
    query = (
        select(col(Package.number), col(Station.name))
        .join(Station, col(Station.id) == col(Package.station_id))
        .where(own, col(Package.state) == PackageState.OUT)
        .order_by(col(Station.number))
    )
    for number, station in unit.session.execute(query):
        yield Problem("kits.close.package", say("kits.close.package", number=number, station=station))


def _twice(campaign_id: int) -> Select[Any]:
    """Second hand-outs about which nobody has said anything yet, by station."""
    choose: Any = select
    query: Select[Any] = (
        choose(col(Station.name), func.count())
        .select_from(Handout)
        .join(Station, col(Station.id) == col(Handout.station_id), isouter=True)
        .where(
            col(Handout.campaign_id) == campaign_id,
            col(Handout.state) == HandoutState.TWICE,
            col(Handout.reason) == "",
        )
        .group_by(col(Station.number), col(Station.name))
        .order_by(col(Station.number))
    )
    return query


def _on_hand(campaign_id: int) -> Select[Any]:
    choose: Any = select
    query: Select[Any] = (
        choose(col(Lot.item_id), func.sum(col(Stock.on_hand)))
        .join(Stock, col(Stock.lot_id) == col(Lot.id))
        .join(Station, col(Station.id) == col(Stock.station_id))
        .where(col(Station.campaign_id) == campaign_id)
        .group_by(col(Lot.item_id))
    )
    return query


def _on_road(campaign_id: int) -> Select[Any]:
    own = select(col(Station.id)).where(col(Station.campaign_id) == campaign_id)
    choose: Any = select
    query: Select[Any] = (
        choose(col(Lot.item_id), func.sum(col(TransferLine.sent)))
        .join(TransferLine, col(TransferLine.lot_id) == col(Lot.id))
        .join(Transfer, col(Transfer.id) == col(TransferLine.transfer_id))
        .where(
            col(Transfer.state) == TransferState.SENT,
            or_(col(Transfer.from_id).in_(own), col(Transfer.to_id).in_(own)),
        )
        .group_by(col(Lot.item_id))
    )
    return query


def _recorded(campaign_id: int) -> Select[Any]:
    choose: Any = select
    query: Select[Any] = (
        choose(col(Handout.item_id), func.sum(col(Handout.quantity)))
        .where(col(Handout.campaign_id) == campaign_id, col(Handout.state) != HandoutState.VOID)
        .group_by(col(Handout.item_id))
    )
    return query


def _pairs(unit: ReadUnit, query: Select[Any]) -> dict[int, int]:
    return {row[0]: int(row[1]) for row in unit.session.execute(query)}
