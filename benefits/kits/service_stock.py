"""Verbs on stock (库存): add a store, receive, build kits, write off what is damaged or lost."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from benefits.access.counters import count_on
from benefits.contributions.models import Payer
from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused
from benefits.kernel.reasons import reason_said
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits import ledger
from benefits.kits.keeping import keep_owner, keep_station, refuse_in_package
from benefits.kits.ledger import Line
from benefits.kits.lots import LotFacts, lot_for
from benefits.kits.models import Item, ItemKind, Part, Station
from benefits.kits.models_stock import Lot, MoveKind
from benefits.kits.record import checked, words
from benefits.kits.words import happened, pieces

_STORE = {
    "name": words("name", 80, needed=True),
    "address": words("address", 200),
    "keeper": words("keeper", 50),
}


@dataclass(frozen=True, slots=True)
class Built:
    """Kits that were built: their lot, what one cost (fen, rounded down), the earliest expiry of a part."""

    lot_id: int
    lot: str
    quantity: int
    cost_fen: int
    expires_on: date | None


@action("kits.add_store", permission="kit.edit")
def add_store(
    unit: WriteUnit,
    *,
    organisation_id: int,
    name: str,
    address: str = "",
    keeper: str = "",
    keeper_user_id: int | None = None,
) -> int:
    """Add a store (新增仓库) at a unit; its id.

    Raises Refused: ``kits.not_yours``, ``kits.store_taken``, what ``record.checked`` refuses.
    """
    keep_owner(unit, organisation_id)
    values = checked({"name": name, "address": address, "keeper": keeper}, _STORE)
    same = select(Station.id).where(
        col(Station.organisation_id) == organisation_id,
        col(Station.campaign_id).is_(None),
        col(Station.name) == values["name"],
    )
    number = count_on(unit, "kit_store")  # whoever adds one waits here for whoever is adding another
    if unit.exec(same).first() is not None:
        raise Refused("kits.store_taken", name=values["name"])
    made = Station(organisation_id=organisation_id, number=number, keeper_user_id=keeper_user_id, **values)
    unit.session.add(made)
    unit.session.flush()
    assert made.id is not None
    unit.record(f"station:{made.id}", name=made.name)
    return made.id


@action("kits.receive", permission="kit.stock", brief=True)
def receive(
    unit: WriteUnit,
    *,
    station_id: int,
    item_id: int,
    quantity: int,
    lot: str = "",
    cost_fen: int | None = None,
    expires_on: date | None = None,
    fund: Payer | None = None,
    note: str = "",
    on: date | None = None,
) -> int:
    """Goods come in (收货) at a station or store, into the lot numbered ``lot`` (empty: the next number); its
    id. ``cost_fen``: of one; what was a gift costs 0.

    Raises Refused: ``kits.frozen``, ``kits.item_retired``, ``kits.money_kept`` for money, which no station
    keeps, ``kits.expired_already``, ``kits.pieces``, ``kits.too_many``, ``kits.day_to_come``,
    ``kits.station_unknown``, ``kits.item_unknown``, ``kits.not_yours``, what ``lot_for`` refuses.
    """
    refuse_in_package(unit)
    station = keep_station(unit, station_id)
    item = _goods(unit, item_id)
    day = happened(unit, on)
    if expires_on is not None and expires_on < day:
        raise Refused("kits.expired_already", item=item.name, day=expires_on)
    made = lot_for(unit, item, LotFacts(lot, cost_fen, expires_on, fund))
    line = Line(station_id, made, MoveKind.RECEIVE, pieces(quantity))
    ledger.book(unit, [line], day=day, reason=words("note", 200)(note))
    unit.record(f"station:{station_id}", name=station.name, item=item_id, lot=made, quantity=quantity)
    return made


@action("kits.build", permission="kit.stock", brief=True)
def build(
    unit: WriteUnit, *, station_id: int, kit_id: int, quantity: int, lot: str = "", on: date | None = None
) -> Built:
    """Build kits (组装) of what is at a station, parts by expiry. A kit costs what its parts cost and expires
    with the first of them.

    Raises Refused: ``kits.short`` with every part that is short, ``kits.not_a_kit``, ``kits.no_bill``,
    ``kits.frozen``, ``kits.item_retired``, ``kits.pieces``, ``kits.day_to_come``, ``kits.station_unknown``,
    ``kits.item_unknown``, ``kits.not_yours``, ``kits.lot_differs`` where a lot of that number is there that
    cost something else.
    """
    refuse_in_package(unit)
    station = keep_station(unit, station_id)
    kit = _goods(unit, kit_id)
    if kit.kind is not ItemKind.KIT:
        raise Refused("kits.not_a_kit", item=kit.name)
    bill = unit.exec(select(Part).where(col(Part.kit_id) == kit_id).order_by(col(Part.item_id))).all()
    if not bill:
        raise Refused("kits.no_bill", kit=kit.name)
    pieces(quantity)
    day = happened(unit, on)
    _refuse_short(unit, station_id, [(part.item_id, part.quantity * quantity) for part in bill], day)
    document = f"build:{count_on(unit, 'kit_build')}"
    used: dict[int, int] = {}
    for part in bill:
        used |= ledger.take(
            unit,
            station_id=station_id,
            item_id=part.item_id,
            quantity=part.quantity * quantity,
            kind=MoveKind.USED,
            day=day,
            document=document,
        )
    said = _facts_of_parts(unit, used, quantity, lot)
    made = lot_for(unit, kit, said)
    ledger.book(unit, [Line(station_id, made, MoveKind.BUILT, quantity)], day=day, document=document)
    code = unit.exec(select(Lot.code).where(col(Lot.id) == made)).one()
    assert said.cost_fen is not None
    unit.record(f"station:{station_id}", name=station.name, item=kit_id, lot=made, quantity=quantity)
    return Built(made, code, quantity, said.cost_fen, said.expires_on)


@action("kits.damage", permission="kit.stock", brief=True)
def damage(
    unit: WriteUnit,
    *,
    station_id: int,
    item_id: int,
    quantity: int,
    reason: str,
    lot_id: int | None = None,
    on: date | None = None,
) -> None:
    """Write off what is damaged (报损), out of ``lot_id`` or what expires first; expired goods by their lot.

    Raises Refused: ``kits.short``, ``kits.frozen``, ``kits.reason_missing``, ``kits.pieces``,
    ``kits.lot_of_another``, ``kits.day_to_come``, ``kits.station_unknown``, ``kits.item_unknown``,
    ``kits.not_yours``.
    """
    _write_off(unit, MoveKind.DAMAGE, station_id, item_id, quantity, reason, lot_id, on)


@action("kits.lose", permission="kit.stock", brief=True)
def lose(
    unit: WriteUnit,
    *,
    station_id: int,
    item_id: int,
    quantity: int,
    reason: str,
    lot_id: int | None = None,
    on: date | None = None,
) -> None:
    """Write off what is lost (报失). Raises Refused as ``damage`` does."""
    _write_off(unit, MoveKind.LOSS, station_id, item_id, quantity, reason, lot_id, on)


def _write_off(
    unit: WriteUnit,
    kind: MoveKind,
    station_id: int,
    item_id: int,
    quantity: int,
    reason: str,
    lot_id: int | None,
    on: date | None,
) -> None:
    station = keep_station(unit, station_id)
    item = item_named(unit, item_id)
    said = reason_said(reason, missing="kits.loss_reason", long="kits.reason_long")
    day = happened(unit, on)
    pieces(quantity)
    if lot_id is None:
        ledger.take(
            unit, station_id=station_id, item_id=item_id, quantity=quantity, kind=kind, day=day, reason=said
        )
    else:
        owner = unit.exec(select(Lot.item_id).where(col(Lot.id) == lot_id)).first()
        if owner != item_id:
            raise Refused("kits.lot_of_another", item=item.name)
        ledger.book(unit, [Line(station_id, lot_id, kind, quantity)], day=day, reason=said)
    unit.record(f"station:{station_id}", name=station.name, item=item_id, quantity=quantity, reason=said)


def item_named(unit: ReadUnit, item_id: int) -> Item:
    """An item. Raises Refused ``kits.item_unknown``."""
    found = unit.exec(select(Item).where(col(Item.id) == item_id)).first()
    if found is None:
        raise Refused("kits.item_unknown", item=item_id)
    return found


def _goods(unit: ReadUnit, item_id: int) -> Item:
    """Something that may come in."""
    found = item_named(unit, item_id)
    if found.kind is ItemKind.MONEY:
        raise Refused("kits.money_kept", item=found.name)
    if found.retired:
        raise Refused("kits.item_retired", item=found.name)
    return found


def _refuse_short(unit: ReadUnit, station_id: int, needs: list[tuple[int, int]], day: date) -> None:
    """Say all parts that are short, not only the first."""
    found: list[Refused] = []
    for item_id, quantity in needs:
        try:
            ledger.fefo(unit, station_id, item_id, quantity, day)
        except Refused as refusal:
            if refusal.code != "kits.short":
                raise
            found.append(refusal)
    if not found:
        return
    first = found[0]
    problems = [Problem(one.code, one.say) for one in found] if len(found) > 1 else []
    problems += [problem for one in found for problem in one.problems]
    raise Refused("kits.short", problems=tuple(problems), **first.say.params)


def _facts_of_parts(unit: ReadUnit, used: dict[int, int], quantity: int, code: str) -> LotFacts:
    """What is known of kits from the lots that they were built of."""
    lots = unit.exec(select(Lot).where(col(Lot.id).in_(sorted(used)))).all()
    cost = sum(lot.cost_fen * used[lot.id] for lot in lots if lot.id is not None)
    ends = [lot.expires_on for lot in lots if lot.expires_on is not None]
    funds = {lot.fund for lot in lots}
    fund = funds.pop() if len(funds) == 1 else None
    return LotFacts(code, cost // quantity, min(ends) if ends else None, fund)
