"""Verbs at the counter (发放): hand a person what is due, strike a mistake.

A hand-out is one short transaction. Nothing is read first and then relied on: once a person is decided by a
unique index, what is on hand by a conditional update, the year's limit by a conditional upsert. So it holds
however many clerks there are, and whoever comes second is told when and where the first was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused
from benefits.kernel.reasons import reason_said
from benefits.kernel.scope import ROOT
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits.admission import admitted
from benefits.kits.allowance import spend
from benefits.kits.giving import Visit, check_words, give, still_open
from benefits.kits.handing import Due, held_at, place_of
from benefits.kits.keeping import keep_station
from benefits.kits.models_handout import Handout, HandoutState, Signed
from benefits.kits.queries import first_said
from benefits.kits.stock_back import give_back, taken_of
from benefits.kits.twice import HOME_ORIGIN, put_in_order


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed over: ids of the hand-outs, to whom, what (name, pieces, fen), and what is left there
    of each item of the campaign (item, name, on hand)."""

    ids: tuple[int, ...]
    name: str
    items: tuple[tuple[str, int, int], ...]
    left: tuple[tuple[int, str, int], ...]


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
    check_words(unit, words, day)
    place = place_of(unit, campaign_id, station_id)
    if station_id is not None and unit.actor.scope != ROOT:
        keep_station(unit, station_id)
    chosen = place.choose(items, quantity)
    person = admitted(unit, campaign_id, place.rule, member_id, day)
    held = held_at(unit, station_id, day) if station_id is not None and place.counts_stock else {}
    visit = Visit(
        place, member_id, person, day, unit.clock.now(), unit.actor.login, signed=signed, held=held, **words
    )
    made = [(one, due) for due in chosen if (one := give(unit, visit, due)) is not None]
    spend(unit, member_id, person.name, place.purpose, day, sum(fen for (_, fen), _ in made))
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


def _refuse_second(unit: ReadUnit, visit: Visit, dues: Sequence[Due]) -> NoReturn:
    """Say when and where the first was, wherever it was."""
    query = (
        select(Handout)
        .where(
            col(Handout.member_id) == visit.member_id,
            col(Handout.campaign_id) == visit.place.campaign_id,
            col(Handout.slot).in_({due.slot for due in dues}),
            col(Handout.state) == HandoutState.ACTIVE,
        )
        .order_by(col(Handout.id))
    )
    with unit.beyond_scope():
        said = [first_said(unit, row) for row in unit.exec(query).all()]
    if not said:  # voided in this very moment
        raise Refused("kernel.busy", why=visit.person.name)
    more = tuple(Problem("kits.had", one) for one in said)
    raise Refused(
        "kits.handed_out",
        problems=more if len(more) > 1 else (),
        name=visit.person.name,
        **said[0].params,
    )


@action("kits.void", permission="kit.hand", brief=True)
def void(unit: WriteUnit, *, handout_id: int, reason: str, damaged: bool = False) -> None:
    """Strike a hand-out that did not take place, or that came back (作废); it stays on record. What it took
    goes back into the stock of its station; ``damaged``: and is written off there as damaged.

    Raises Refused: ``kits.unknown``, ``kits.void_already``, ``kits.not_open``, ``kits.reason_missing``,
    ``kits.reason_long``, ``kits.frozen``, ``kits.not_yours`` where it goes back into another's stock;
    ``kits.void_at_home`` in a package, for what was handed out before.
    """
    found = unit.exec(select(Handout).where(col(Handout.id) == handout_id).with_for_update()).first()
    if found is None:
        raise Refused("kits.unknown", handout=handout_id)
    if found.state is HandoutState.VOID:
        raise Refused("kits.void_already", handout=handout_id)
    if found.origin == HOME_ORIGIN:
        raise Refused("kits.void_at_home", handout=handout_id)
    if found.station_id is not None and unit.actor.scope != ROOT and taken_of(unit, [handout_id]):
        keep_station(unit, found.station_id)
    reason = reason_said(reason, missing="kits.reason_missing", long="kits.reason_long")
    still_open(unit, found.campaign_id)
    found.state, found.reason = HandoutState.VOID, reason
    unit.session.flush()
    give_back(unit, [found], reason, damaged=damaged)
    with unit.beyond_scope():  # a second one that holds now may have been given anywhere
        put_in_order(unit, found.campaign_id, [found.member_id])
    unit.record(f"handout:{handout_id}", member=found.member_id, reason=reason, damaged=damaged)
