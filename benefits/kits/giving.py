"""Giving one item to one person (发放一件): the row under the unique index, lots out of stock, moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from benefits.kernel.errors import Refused, say
from benefits.kernel.prepared import changed, written
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits import ledger
from benefits.kits.admission import Person
from benefits.kits.handing import Due, Held, Place
from benefits.kits.models import Campaign, CampaignState, ItemKind
from benefits.kits.models_handout import Handout, HandoutState, Signed
from benefits.kits.models_stock import Lot, Move, MoveKind, Stock

_LONGEST = {"collected_by": 50, "note": 200}
Lots = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to the counter."""

    place: Place
    member_id: int
    person: Person
    day: date
    now: datetime
    login: str
    collected_by: str
    note: str
    signed: Signed
    held: dict[int, list[Held]]


_ROW: dict[str, Any] = {
    name: bindparam(name)
    for name in (
        *("member_id", "organisation_id", "campaign_id", "item_id", "slot", "station_id", "quantity"),
        *("fen", "given_on", "given_at", "made_by", "collected_by", "signed", "note"),
    )
} | {"state": HandoutState.ACTIVE, "reason": "", "origin": ""}
_INSERT = {
    "sqlite": sqlite.insert(Handout).values(_ROW).on_conflict_do_nothing().returning(col(Handout.id)),
    "postgresql": postgresql.insert(Handout).values(_ROW).on_conflict_do_nothing().returning(col(Handout.id)),
}
_TAKE = (
    update(Stock)
    .where(
        col(Stock.station_id) == bindparam("station"),
        col(Stock.lot_id) == bindparam("lot"),
        col(Stock.on_hand) >= bindparam("many"),
        col(Stock.frozen).is_(False),
    )
    .values(on_hand=col(Stock.on_hand) - bindparam("many"))
)
_MOVE = insert(Move).values(
    {
        name: bindparam(name)
        for name in ("station_id", "lot_id", "quantity", "day", "at", "made_by", "handout_id")
    }
    | {"kind": MoveKind.HAND_OUT, "document": "", "reason": "", "origin": ""}
)


def give(unit: WriteUnit, visit: Visit, due: Due) -> tuple[int, int] | None:
    """Give an item and take it out of stock: the id of the hand-out and its value; None where the person has
    had it already. Raises Refused ``kits.short``, ``kits.frozen``, ``kits.no_amount``."""
    lots = planned(visit, due)
    fen = _value(visit, due, lots)
    made = enter(unit, visit, due, fen)
    if made is None:
        return None
    if visit.place.counted(due):
        taken = _taken(unit, visit, due, made, lots)
        if taken != fen:
            unit.session.execute(update(Handout).where(col(Handout.id) == made).values(fen=taken))
        fen = taken
    return made, fen


def _value(visit: Visit, due: Due, lots: Sequence[tuple[Held, int]]) -> int:
    if due.kind is not ItemKind.MONEY:
        return sum(many * one.cost_fen for one, many in lots)
    if visit.person.amount_fen is None:
        raise Refused("kits.no_amount", name=visit.person.name, campaign=visit.place.campaign)
    return visit.person.amount_fen


def enter(unit: WriteUnit, visit: Visit, due: Due, fen: int) -> int | None:
    """Write the hand-out of an item; None where the person has had it already."""
    place = visit.place
    found = written(
        unit,
        _INSERT[unit.dialect],
        member_id=visit.member_id,
        organisation_id=visit.person.organisation_id,
        campaign_id=place.campaign_id,
        item_id=due.item_id,
        slot=due.slot,
        station_id=place.station_id,
        quantity=due.quantity,
        fen=fen,
        given_on=visit.day,
        given_at=visit.now,
        made_by=visit.login,
        collected_by=visit.collected_by,
        signed=visit.signed,
        note=visit.note,
    )
    return None if found is None else int(found[0])


def planned(visit: Visit, due: Due) -> list[tuple[Held, int]]:
    """Lots for an item as they looked a moment ago; none where they do not suffice."""
    found, left = [], due.quantity
    for one in visit.held.get(due.item_id, ()):
        many = min(one.on_hand, left)
        if many:
            found.append((one, many))
            left -= many
    return found if not left else []


def _taken(unit: WriteUnit, visit: Visit, due: Due, handout: int, lots: list[tuple[Held, int]]) -> int:
    """Take an item out of the station's stock and write its moves; its cost. What was planned holds unless
    somebody was faster: the ledger then looks again, or refuses."""
    station = visit.place.station_id
    assert station is not None
    left, cost = due.quantity, 0
    for one, many in lots:
        if not changed(unit, _TAKE, station=station, lot=one.lot_id, many=many):
            break
        values = {"day": visit.day, "at": visit.now, "made_by": visit.login, "handout_id": handout}
        changed(unit, _MOVE, station_id=station, lot_id=one.lot_id, quantity=-many, **values)
        one.on_hand -= many
        left -= many
        cost += many * one.cost_fen
    if left:
        more = ledger.take(
            unit,
            station_id=station,
            item_id=due.item_id,
            quantity=left,
            kind=MoveKind.HAND_OUT,
            day=visit.day,
            handout_id=handout,
        )
        costs = dict(unit.exec(select(Lot.id, Lot.cost_fen).where(col(Lot.item_id) == due.item_id)).all())
        cost += sum(costs[lot] * many for lot, many in more)
    return cost


def check_words(unit: ReadUnit, words: dict[str, str], day: date) -> None:
    """Raises Refused ``kits.too_long``, ``kits.not_yet``."""
    for field, said in words.items():
        if len(said) > _LONGEST[field]:
            raise Refused("kits.too_long", text=said[:20], length=len(said), most=_LONGEST[field])
    if day > unit.today:
        raise Refused("kits.not_yet", day=day, today=unit.today)


def still_open(unit: ReadUnit, campaign_id: int) -> None:
    """A campaign that is counted and closed stays as it was counted. Raises Refused
    ``kits.not_open``."""
    name, state = unit.exec(
        select(col(Campaign.name), col(Campaign.state)).where(col(Campaign.id) == campaign_id)
    ).one()
    if state is not CampaignState.OPEN:
        raise Refused("kits.not_open", campaign=name, state=say(f"kits.campaign_state.{state.value}"))
