"""Taking packages in is commutative and idempotent: whatever the order, however often, whatever of them came
before, the same hand-outs hold and the same stock is there."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from benefits.kernel.actions import Actor, action
from benefits.kernel.unit import Database, ReadUnit, WriteUnit
from benefits.kernel.verify import check
from benefits.kits.invariants import INVARIANTS
from benefits.kits.models import Once
from benefits.kits.models_handout import Allowance, Handout, HandoutState, Signed
from benefits.kits.models_stock import Move, MoveKind, Stock
from benefits.kits.package_return import BackHandout, BackMove, Returned
from benefits.kits.service_handout import hand_out, void
from benefits.kits.service_package import lose_package, make_package, take_back
from tests.kits.desk import TODAY, Kits, at
from tests.kits.packing import Hand

HELD = 4
"""Pieces of each item that a station has: some packages give more than a stocktake at home left them."""
PEOPLE, ITEMS = 4, 2


@dataclass(frozen=True, slots=True)
class Given:
    """A hand-out somewhere: person and item by their place, the hour, struck later or not."""

    person: int
    item: int
    hour: int
    struck: bool


GIVEN = st.builds(
    Given,
    person=st.integers(0, PEOPLE - 1),
    item=st.integers(0, ITEMS - 1),
    hour=st.integers(1, 5),
    struck=st.booleans(),
)
COUNTER = st.lists(GIVEN, max_size=6)
"""What one counter does in its time."""


@dataclass(slots=True)
class Desk:
    """A home with three packages out of two stations (one of them declared lost and replaced), and a third
    station that stays."""

    kits: Kits
    clock: Hand
    campaign: int
    once: Once
    stays: int
    people: list[int]
    items: list[int]
    unions: list[int]
    packages: list[tuple[str, dict[int, int]]]


class _Undone(Exception):
    """Ends a unit without a trace."""


@pytest.fixture(params=[Once.ITEM, Once.CAMPAIGN], ids=lambda once: once.value)
def desk(request: pytest.FixtureRequest, database: Database, root: Actor) -> Iterator[Desk]:
    clock = Hand()
    database.clock = clock
    kits = Kits(database, root)
    items = [kits.item(name) for name in ("控油壶", "限盐勺")][:ITEMS]
    campaign = kits.campaign(*items, once=request.param, purpose="birthday")
    places = ["A1", "A2", "B1", "B2"][:PEOPLE]
    people = [kits.person(place) for place in places]
    one, two, stays = (kits.station(campaign) for _ in range(3))
    for station in (one, two, stays):
        for item in items:
            kits.bring(station, item, HELD, cost_fen=20000)
    made = []
    for station in (one, two, one):
        contents = database.act(root, make_package, station_id=station, everybody=True)
        stock = {lot: HELD for lot in kits.on_hand(station)}
        made.append((contents.made.uuid, stock))
        if len(made) == 1:  # it is taken for lost: half of its stock too, and another one goes out
            database.act(root, lose_package, package_id=contents.made.id, reason="电脑丢失")
            for lot in stock:
                kits.move(one, lot, MoveKind.LOSS, HELD // 2)
    unions = [kits.places[place] for place in places]
    yield Desk(kits, clock, campaign, request.param, stays, people, items, unions, made)


def _returned(desk: Desk, number: int, done: list[Given], tallies: int) -> Returned:
    """What a counter with a package did: as its database would have written it."""
    package, stock = desk.packages[number]
    lots, left = list(stock), dict(stock)
    had: set[tuple[int, int]] = set()
    handouts: list[BackHandout] = []
    moves: list[BackMove] = []

    def move(lot: int, kind: MoveKind, quantity: int, hour: int, handout: int | None = None) -> None:
        left[lot] += quantity
        said = (TODAY, at(hour), "keeper", "", handout, "")
        moves.append(BackMove(len(moves) + 1, lot, kind, quantity, *said))

    for one in sorted(done, key=lambda one: one.hour):
        item, lot = desk.items[one.item], lots[one.item]
        slot = item if desk.once is Once.ITEM else 0
        if (one.person, slot) in had or not left[lot]:
            continue
        seq = len(handouts) + 1
        state = HandoutState.VOID if one.struck else HandoutState.ACTIVE
        who = (desk.people[one.person], desk.unions[one.person], item, slot, 1, 20000, TODAY, at(one.hour))
        handouts.append(BackHandout(seq, *who, "keeper", "", Signed.NO, "", state, "误" * one.struck))
        move(lot, MoveKind.HAND_OUT, -1, one.hour, seq)
        if one.struck:
            move(lot, MoveKind.HAND_BACK, 1, one.hour, seq)
        else:
            had.add((one.person, slot))
    for _ in range(min(tallies, left[lots[0]])):
        move(lots[0], MoveKind.TALLY, -1, 6)
    return Returned(package, tuple(handouts), tuple(moves), 0, "")


def _earlier(whole: Returned, count: int) -> Returned:
    """The same package as it would have come home after ``count`` of its moves."""
    moves = whole.moves[:count]
    seen = {one.handout_seq for one in moves if one.kind is MoveKind.HAND_OUT}
    back = {one.handout_seq for one in moves if one.kind is MoveKind.HAND_BACK}
    handouts = tuple(
        one
        if one.seq in back or one.state is HandoutState.ACTIVE
        else replace(one, state=HandoutState.ACTIVE)
        for one in whole.handouts
        if one.seq in seen
    )
    return replace(whole, handouts=handouts, moves=moves)


@action("kits.test_everything", permission="kit.stock")
def everything(unit: WriteUnit, desk: Desk, online: list[Given], steps: list[Any]) -> dict[str, Any]:
    """Hand-outs of the station that stays, then the steps; what there is in the end. Nothing is committed."""
    made = []
    for one in sorted(online, key=lambda one: one.hour):
        desk.clock.moment = at(one.hour, 30)
        asked: Any = {"campaign_id": desk.campaign, "station_id": desk.stays}
        if not _had(unit, desk, one):
            who, what = desk.people[one.person], desk.items[one.item]
            handed = hand_out(unit, member_id=who, items=[what], **asked)
            made.append((handed.ids[0], one.struck))
    struck = [one for one, is_struck in made if is_struck]
    desk.clock.moment = at(9)
    for step in steps:
        if isinstance(step, Returned):
            take_back(unit, returned=step)
        elif step < len(struck):
            void(unit, handout_id=struck[step], reason="误发")
    unit.session.flush()
    assert [one.code for one in check(unit, INVARIANTS) if not one.ok] == []
    return _state(unit)


def _had(unit: ReadUnit, desk: Desk, one: Given) -> bool:
    slot = desk.items[one.item] if desk.once is Once.ITEM else 0
    query = select(Handout.id).where(
        col(Handout.member_id) == desk.people[one.person],
        col(Handout.slot) == slot,
        col(Handout.state) == HandoutState.ACTIVE,
    )
    held = select(col(Allowance.fen)).where(col(Allowance.member_id) == desk.people[one.person])
    return unit.exec(query).first() is not None or (unit.exec(held).first() or 0) + 20000 > 30000


def _state(unit: ReadUnit) -> dict[str, Any]:
    """All that must be the same, without the numbers of rows."""
    unit.session.expire_all()
    handouts = {
        (one.member_id, one.slot, one.given_at, one.origin, one.origin_seq): (one.state, one.item_id)
        for one in unit.exec(select(Handout))
    }
    moves: dict[tuple[Any, ...], int] = {}
    for one in unit.exec(select(Move)):
        made_up = one.document.startswith("package:")
        key = (one.station_id, one.lot_id, "made up" if made_up else one.kind.value)
        moves[key] = moves.get(key, 0) + one.quantity
    stock = select(col(Stock.station_id), col(Stock.lot_id), col(Stock.on_hand), col(Stock.frozen))
    years = select(col(Allowance.member_id), col(Allowance.fen), col(Allowance.most_fen))
    return {
        "handouts": handouts,
        "moves": {key: count for key, count in moves.items() if count},
        "stock": sorted(tuple(row) for row in unit.session.execute(stock)),
        "years": sorted(tuple(row) for row in unit.session.execute(years)),
    }


def _came_out(desk: Desk, online: list[Given], steps: list[Any]) -> dict[str, Any]:
    database, found = desk.kits.database, {}
    with pytest.raises(_Undone), database.write(desk.kits.actor) as unit:
        found = everything(unit, desk, online, steps)
        raise _Undone
    return found


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    counters=st.lists(COUNTER, min_size=2, max_size=3),
    online=COUNTER,
    tallies=st.integers(0, 3),
    extra=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 8)), max_size=4),
    seed=st.randoms(use_true_random=False),
)
def test_order_and_repetition_do_not_matter(
    desk: Desk,
    counters: list[list[Given]],
    online: list[Given],
    tallies: int,
    extra: list[tuple[int, int]],
    seed: random.Random,
) -> None:
    whole = [_returned(desk, number, done, tallies) for number, done in enumerate(counters)]
    voids: list[Any] = list(range(len(online)))
    expected = _came_out(desk, online, [*whole, *voids])
    steps: list[Any] = [*whole, *voids]
    for number, count in extra:
        if number < len(whole):
            steps.append(_earlier(whole[number], count))
    seed.shuffle(steps)
    assert _came_out(desk, online, steps) == expected
    assert _came_out(desk, online, [*reversed(steps), *whole, *whole]) == expected
    made = sum(len(back.handouts) for back in whole)
    assert sum(key[3] != "" for key in expected["handouts"]) == made, "a hand-out was lost"
