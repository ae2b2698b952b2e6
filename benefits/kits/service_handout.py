"""Verbs at the counter (发放): hand a person what is due, strike a mistake.

A hand-out is one short transaction. Nothing is read first and then relied on: once a person is decided by a
unique index, what is on hand by a conditional update, the year's limit by a conditional upsert. So it holds
however many clerks there are, and whoever comes second is told when and where the first was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn

from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.prepared import changed, written
from benefits.kernel.reasons import reason_said
from benefits.kernel.scope import ROOT
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits import ledger
from benefits.kits.admission import Person, admitted
from benefits.kits.handing import Due, Held, Place, held_at, place_of
from benefits.kits.keeping import keep_station
from benefits.kits.models import Campaign, CampaignState, Item, Station
from benefits.kits.models_handout import Handout, HandoutState, Signed
from benefits.kits.models_stock import Lot, Move, MoveKind, Stock
from benefits.kits.stock_back import give_back
from benefits.kits.twice import HOME_ORIGIN, put_in_order
from benefits.organisations.models import Organisation

_LONGEST = {"collected_by": 50, "note": 200}


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed over: ids of the hand-outs, to whom, what (name, pieces, fen), and what is left there
    of each item of the campaign (item, name, on hand)."""

    ids: tuple[int, ...]
    name: str
    items: tuple[tuple[str, int, int], ...]
    left: tuple[tuple[int, str, int], ...]


@dataclass(frozen=True, slots=True)
class _Giving:
    """One visit to the counter."""

    place: Place
    member_id: int
    person: Person
    day: date
    now: datetime
    collected_by: str
    note: str
    signed: Signed
    held: dict[int, list[Held]]


@action("kits.hand_out", permission="kit.hand", brief=True)
def hand_out(
    unit: WriteUnit,
    *,
    campaign_id: int,
    station_id: int | None,
    member_id: int,
    items: Sequence[int] | None = None,
    quantity: int | None = None,
    collected_by: str = "",
    note: str = "",
    on: date | None = None,
    signed: Signed = Signed.NO,
) -> Handed:
    """Hand a person what is due (发放): all items of the campaign that he or she has not had yet, or
    ``items`` (ids), each the campaign's measure or ``quantity`` of it; at a station, on a day (today).

    Raises Refused: ``kits.not_entitled`` with every reason, ``kits.handed_out`` saying when and where the
    first was, ``kits.short``, ``kits.frozen``, ``kits.not_yet``, ``kits.too_long`` and what ``place_of``
    and ``Place.choose`` refuse.
    """
    day = on or unit.today
    words = {"collected_by": collected_by.strip(), "note": note.strip()}
    _check(unit, words, day)
    place = place_of(unit, campaign_id, station_id)
    if station_id is not None and unit.actor.scope != ROOT:
        keep_station(unit, station_id)
    chosen = place.choose(items, quantity)
    person = admitted(unit, campaign_id, place.rule, member_id, day)
    held = held_at(unit, station_id, day) if station_id is not None and place.counts_stock else {}
    visit = _Giving(place, member_id, person, day, unit.clock.now(), signed=signed, held=held, **words)
    made = [(one, due) for due in chosen if (one := _hand_over(unit, visit, due)) is not None]
    if not made or (items is not None and len(made) < len(chosen)):
        given = {due.item_id for _, due in made}
        _refuse_second(unit, visit, [due for due in chosen if due.item_id not in given])
    unit.record(
        f"handout:{made[0][0][0]}",
        member=member_id,
        campaign=campaign_id,
        station=station_id,
        items=[[due.item_id, due.quantity] for _, due in made],
        on=day,
    )
    return Handed(
        tuple(one for (one, _), _ in made),
        person.name,
        tuple((due.name, due.quantity, fen) for (_, fen), due in made),
        tuple(
            (due.item_id, due.name, sum(one.on_hand for one in held.get(due.item_id, ())))
            for due in place.items
            if place.counted(due)
        ),
    )


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


def _hand_over(unit: WriteUnit, visit: _Giving, due: Due) -> tuple[int, int] | None:
    """One item: the id of its hand-out and its value; None where the person has had it already."""
    place = visit.place
    lots = _planned(visit, due)
    fen = sum(many * one.cost_fen for one, many in lots)
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
        made_by=unit.actor.login,
        collected_by=visit.collected_by,
        signed=visit.signed,
        note=visit.note,
    )
    if found is None:
        return None
    made = int(found[0])
    if place.counted(due):
        taken = _taken(unit, visit, due, made, lots)
        if taken != fen:
            unit.session.execute(update(Handout).where(col(Handout.id) == made).values(fen=taken))
        fen = taken
    return made, fen


def _planned(visit: _Giving, due: Due) -> list[tuple[Held, int]]:
    """Lots for an item as they looked a moment ago; fewer than are due where they do not suffice."""
    found, left = [], due.quantity
    for one in visit.held.get(due.item_id, ()):
        many = min(one.on_hand, left)
        if many:
            found.append((one, many))
            left -= many
    return found


def _taken(unit: WriteUnit, visit: _Giving, due: Due, handout: int, lots: list[tuple[Held, int]]) -> int:
    """Take an item out of the station's stock and write its moves; its cost. What was planned holds unless
    somebody was faster: the ledger then looks again, or refuses."""
    station = visit.place.station_id
    assert station is not None
    left, cost = due.quantity, 0
    for one, many in lots:
        if not changed(unit, _TAKE, station=station, lot=one.lot_id, many=many):
            break
        values = {"day": visit.day, "at": visit.now, "made_by": unit.actor.login, "handout_id": handout}
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


def _refuse_second(unit: ReadUnit, visit: _Giving, dues: Sequence[Due]) -> NoReturn:
    """Say when and where the first was, wherever it was."""
    choose: Any = select
    query = (
        choose(Handout, Item.name, Station.name, Organisation.name)
        .join(Item, col(Item.id) == col(Handout.item_id))
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id))
        .join(Station, col(Station.id) == col(Handout.station_id), isouter=True)
        .where(
            col(Handout.member_id) == visit.member_id,
            col(Handout.campaign_id) == visit.place.campaign_id,
            col(Handout.slot).in_({due.slot for due in dues}),
            col(Handout.state) == HandoutState.ACTIVE,
        )
        .order_by(col(Handout.id))
    )
    with unit.beyond_scope():
        found = unit.exec(query).all()
    problems = tuple(
        Problem(
            "kits.had",
            say(
                "kits.had",
                item=item,
                quantity=row.quantity,
                day=row.given_on,
                at=row.given_at,
                where=station or place,
            ),
        )
        for row, item, station, place in found
    )
    row, item, station, place = found[0]
    raise Refused(
        "kits.handed_out",
        problems=problems if len(problems) > 1 else (),
        name=visit.person.name,
        item=item,
        day=row.given_on,
        where=station or place,
        quantity=row.quantity,
    )


@action("kits.void", permission="kit.hand", brief=True)
def void(unit: WriteUnit, *, handout_id: int, reason: str, damaged: bool = False) -> None:
    """Strike a hand-out that did not take place, or that came back (作废); it stays on record. What it took
    goes back into the stock of its station; ``damaged``: and is written off there as damaged.

    Raises Refused: ``kits.unknown``, ``kits.void_already``, ``kits.not_open``, ``kits.reason_missing``,
    ``kits.reason_long``, ``kits.frozen``; ``kits.void_at_home`` in a package, for what was handed out before.
    """
    found = unit.exec(select(Handout).where(col(Handout.id) == handout_id).with_for_update()).first()
    if found is None:
        raise Refused("kits.unknown", handout=handout_id)
    if found.state is HandoutState.VOID:
        raise Refused("kits.void_already", handout=handout_id)
    if found.origin == HOME_ORIGIN:
        raise Refused("kits.void_at_home", handout=handout_id)
    reason = reason_said(reason, missing="kits.reason_missing", long="kits.reason_long")
    _still_open(unit, found.campaign_id)
    found.state, found.reason = HandoutState.VOID, reason
    unit.session.flush()
    give_back(unit, [found], reason, damaged=damaged)
    with unit.beyond_scope():  # a second one that holds now may have been given anywhere
        put_in_order(unit, found.campaign_id, [found.member_id])
    unit.record(f"handout:{handout_id}", member=found.member_id, reason=reason, damaged=damaged)


def _check(unit: ReadUnit, words: dict[str, str], day: date) -> None:
    for field, said in words.items():
        if len(said) > _LONGEST[field]:
            raise Refused("kits.too_long", text=said[:20], length=len(said), most=_LONGEST[field])
    if day > unit.today:
        raise Refused("kits.not_yet", day=day, today=unit.today)


def _still_open(unit: ReadUnit, campaign_id: int) -> None:
    """A campaign that is counted and closed stays as it was counted."""
    name, state = unit.exec(
        select(col(Campaign.name), col(Campaign.state)).where(col(Campaign.id) == campaign_id)
    ).one()
    if state is not CampaignState.OPEN:
        raise Refused("kits.not_open", campaign=name, state=say(f"kits.campaign_state.{state.value}"))
