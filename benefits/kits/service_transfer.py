"""Verbs on transfers (调拨): send, arrive, take back. What was sent arrives in full and is then written off
where it is not there or not whole, so that nothing disappears on the road."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, update
from sqlmodel import col, select

from benefits.access.counters import count_on
from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.reasons import LONGEST_REASON, reason_said
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits import ledger
from benefits.kits.keeping import keep_station, refuse_in_package
from benefits.kits.ledger import Booking, Line
from benefits.kits.models import Item, Station, StationState
from benefits.kits.models_stock import Lot, MoveKind, Transfer, TransferLine, TransferState
from benefits.kits.record import checked, words
from benefits.kits.words import happened, pieces

MOST_LINES = 200
_CHECKS = {"carrier": words("carrier", 50), "note": words("note", 200)}
_REASON = words("reason", LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of a lot of a transfer: whole and in hand, damaged, missing; together what was sent. A
    difference needs a reason."""

    lot_id: int
    arrived: int
    damaged: int = 0
    missing: int = 0
    reason: str = ""


@action("kits.send", permission="kit.stock", brief=True)
def send(
    unit: WriteUnit,
    *,
    from_id: int,
    to_id: int,
    lines: Sequence[tuple[int, int]] = (),
    lots: Sequence[tuple[int, int]] = (),
    carrier: str = "",
    note: str = "",
    on: date | None = None,
) -> int:
    """Send goods to another place (调出): ``lines`` are items and pieces, lots by expiry; ``lots`` are lots
    and pieces, which may have expired. The id of the transfer; what was sent is on the road from now on.

    Raises Refused: ``kits.short``, ``kits.frozen``, ``kits.nothing_sent``, ``kits.same_place``,
    ``kits.line_twice``, ``kits.pieces``, ``kits.day_to_come``, ``kits.station_unknown``,
    ``kits.item_unknown``, ``kits.not_yours``, what ``record.checked`` refuses.
    """
    refuse_in_package(unit)
    home = keep_station(unit, from_id)
    place = _place(unit, to_id)
    if from_id == to_id:
        raise Refused("kits.same_place", station=home.name)
    _check_lines(unit, lines, lots)
    values = checked({"carrier": carrier, "note": note}, _CHECKS)
    day = happened(unit, on)
    made = Transfer(
        number=f"DB-{unit.today.year}-{count_on(unit, f'kit_transfer-{unit.today.year}'):04d}",
        campaign_id=place.campaign_id if place.campaign_id is not None else home.campaign_id,
        from_id=from_id,
        to_id=to_id,
        sent_on=day,
        sent_by=unit.actor.login,
        **values,
    )
    unit.session.add(made)
    unit.session.flush()
    assert made.id is not None
    document = f"transfer:{made.id}"
    gone = _take(unit, from_id, lines, lots, day, document)
    rows = [{"transfer_id": made.id, "lot_id": lot, "sent": many} for lot, many in sorted(gone.items())]
    unit.session.execute(insert(TransferLine), rows)
    unit.record(document, number=made.number, origin=from_id, to=to_id, pieces=sum(gone.values()))
    return made.id


@action("kits.arrive", permission="kit.stock", brief=True)
def arrive(
    unit: WriteUnit,
    *,
    transfer_id: int,
    lines: Sequence[Arrived] = (),
    whole: bool = False,
    on: date | None = None,
) -> None:
    """Goods have come (签收): every lot is named in ``lines``; with ``whole``, what is not named came as
    sent. All of it is booked in, then what is damaged or missing is written off, with its reason.

    Raises Refused: ``kits.transfer_done`` where it has arrived or was taken back, ``kits.arrival`` with
    everything that is wrong with the lines, ``kits.frozen``, ``kits.day_to_come``,
    ``kits.arrived_before_sent``, ``kits.transfer_unknown``, ``kits.not_yours``.
    """
    found = _on_the_road(unit, transfer_id)
    keep_station(unit, found.to_id)
    day = happened(unit, on)
    if day < found.sent_on:
        raise Refused("kits.arrived_before_sent", number=found.number, sent=found.sent_on, day=day)
    sent = _lines(unit, transfer_id)
    said = _matched(unit, found, sent, lines, whole)
    _end(unit, found, TransferState.ARRIVED, day)
    document, bookings = f"transfer:{transfer_id}", []
    for one in said:
        unit.session.execute(
            update(TransferLine)
            .where(col(TransferLine.transfer_id) == transfer_id, col(TransferLine.lot_id) == one.lot_id)
            .values(arrived=one.arrived, damaged=one.damaged, missing=one.missing, reason=one.reason)
        )
        kinds = (
            (MoveKind.ARRIVE, sent[one.lot_id]),
            (MoveKind.DAMAGE, one.damaged),
            (MoveKind.LOSS, one.missing),
        )
        bookings += [
            Booking(Line(found.to_id, one.lot_id, kind, many), day, document, reason=one.reason)
            for kind, many in kinds
            if many
        ]
    ledger.book_many(unit, bookings)
    lost = [sum(one.damaged for one in said), sum(one.missing for one in said)]
    unit.record(document, number=found.number, pieces=sum(sent.values()), damaged=lost[0], missing=lost[1])


@action("kits.cancel_transfer", permission="kit.stock", brief=True)
def cancel_transfer(unit: WriteUnit, *, transfer_id: int, reason: str) -> None:
    """Goods that have not arrived come back (撤回调拨) to where they were sent from.

    Raises Refused: ``kits.transfer_done``, ``kits.frozen``, ``kits.transfer_reason``,
    ``kits.transfer_unknown``, ``kits.not_yours``.
    """
    found = _on_the_road(unit, transfer_id)
    keep_station(unit, found.from_id)
    said = reason_said(reason, missing="kits.transfer_reason", long="kits.reason_long")
    sent = _lines(unit, transfer_id)
    _end(unit, found, TransferState.CANCELLED, None)
    document = f"transfer:{transfer_id}"
    ledger.book_many(
        unit,
        [
            Booking(Line(found.from_id, lot, MoveKind.ARRIVE, many), unit.today, document, reason=said)
            for lot, many in sent.items()
        ],
    )
    unit.record(document, number=found.number, pieces=sum(sent.values()), reason=said)


def _place(unit: WriteUnit, station_id: int) -> Station:
    """Where goods may be sent. Its row is written, so that whoever closes it at this moment does so after the
    goods are on the road, and is told, or before, and they are refused."""
    at_work = (col(Station.id) == station_id, col(Station.state) != StationState.CLOSED)
    held = update(Station).where(*at_work).values(state=col(Station.state))
    done = unit.session.execute(held.execution_options(synchronize_session=False))
    if done.rowcount != 1:  # type: ignore[attr-defined]
        ledger.refuse_frozen(unit, station_id)
    return unit.session.get_one(Station, station_id)


def _check_lines(unit: ReadUnit, lines: Sequence[tuple[int, int]], lots: Sequence[tuple[int, int]]) -> None:
    if not 1 <= len(lines) + len(lots) <= MOST_LINES:
        raise Refused("kits.nothing_sent", most=MOST_LINES)
    for asked in (lines, lots):
        for key, quantity in asked:
            pieces(quantity)
            if sum(other == key for other, _ in asked) > 1:
                raise Refused("kits.line_twice")


def _take(
    unit: WriteUnit,
    from_id: int,
    lines: Sequence[tuple[int, int]],
    lots: Sequence[tuple[int, int]],
    day: date,
    document: str,
) -> dict[int, int]:
    """Take it out of stock; pieces of each lot."""
    gone: dict[int, int] = {}
    asked = [Line(from_id, lot, MoveKind.SEND, many) for lot, many in lots]
    ledger.book(unit, asked, day=day, document=document)
    gone |= dict(lots)
    for item_id, quantity in sorted(lines):
        taken = ledger.take(
            unit,
            station_id=from_id,
            item_id=item_id,
            quantity=quantity,
            kind=MoveKind.SEND,
            day=day,
            document=document,
        )
        for lot, many in taken:
            gone[lot] = gone.get(lot, 0) + many
    return gone


def _on_the_road(unit: ReadUnit, transfer_id: int) -> Transfer:
    found = unit.exec(select(Transfer).where(col(Transfer.id) == transfer_id)).first()
    if found is None:
        raise Refused("kits.transfer_unknown", transfer=transfer_id)
    if found.state is not TransferState.SENT:
        raise _done(found.number, found.state)
    return found


def _done(number: str, state: TransferState) -> Refused:
    return Refused("kits.transfer_done", number=number, state=say(f"kits.transfer_state.{state.value}"))


def _end(unit: WriteUnit, found: Transfer, state: TransferState, day: date | None) -> None:
    """It is on the road no longer; only one of two who say so at once is heard."""
    ended = unit.session.execute(
        update(Transfer)
        .where(col(Transfer.id) == found.id, col(Transfer.state) == TransferState.SENT)
        .values(state=state, arrived_on=day, arrived_by=unit.actor.login if day else None)
        .execution_options(synchronize_session=False)
    )
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        now = unit.exec(select(col(Transfer.state)).where(col(Transfer.id) == found.id)).one()
        raise _done(found.number, now)


def _lines(unit: ReadUnit, transfer_id: int) -> dict[int, int]:
    """Lot -> pieces that were sent."""
    query = select(col(TransferLine.lot_id), col(TransferLine.sent)).where(
        col(TransferLine.transfer_id) == transfer_id
    )
    return dict(unit.exec(query.order_by(col(TransferLine.lot_id))).all())


def _matched(
    unit: ReadUnit, found: Transfer, sent: dict[int, int], lines: Sequence[Arrived], whole: bool
) -> list[Arrived]:
    """What is said about each lot; refused with all that is wrong."""
    said: dict[int, Arrived] = {}
    problems: list[Problem] = []
    names = _names(unit, {*sent, *(one.lot_id for one in lines)})
    for one in lines:
        reason = _REASON(one.reason)
        if one.lot_id not in sent or one.lot_id in said:
            code = "kits.arrival_twice" if one.lot_id in said else "kits.arrival_not_sent"
            problems.append(Problem(code, say(code, what=names.get(one.lot_id, str(one.lot_id)))))
            continue
        said[one.lot_id] = Arrived(one.lot_id, one.arrived, one.damaged, one.missing, reason)
        problems += _wrong(names[one.lot_id], sent[one.lot_id], said[one.lot_id])
    for lot, many in sent.items():
        if lot not in said and whole:
            said[lot] = Arrived(lot, many)
        elif lot not in said:
            problems.append(
                Problem("kits.arrival_unsaid", say("kits.arrival_unsaid", what=names[lot], sent=many))
            )
    if problems:
        raise Refused("kits.arrival", number=found.number, problems=tuple(problems))
    return [said[lot] for lot in sent]


def _wrong(what: str, sent: int, one: Arrived) -> list[Problem]:
    told = one.arrived + one.damaged + one.missing
    if min(one.arrived, one.damaged, one.missing) < 0 or told != sent:
        words_of = {"arrived": one.arrived, "damaged": one.damaged, "missing": one.missing}
        return [
            Problem("kits.arrival_sum", say("kits.arrival_sum", what=what, sent=sent, told=told, **words_of))
        ]
    if one.arrived < sent and len(one.reason) < 2:
        return [
            Problem("kits.arrival_reason", say("kits.arrival_reason", what=what, less=sent - one.arrived))
        ]
    return []


def _names(unit: ReadUnit, lots: set[int]) -> dict[int, str]:
    """Lot -> item and number of the lot."""
    query = (
        select(col(Lot.id), col(Item.name), col(Lot.code))
        .join(Item, col(Item.id) == col(Lot.item_id))
        .where(col(Lot.id).in_(sorted(lots)))
    )
    return {lot: f"{item} {code}" for lot, item, code in unit.exec(query) if lot is not None}
