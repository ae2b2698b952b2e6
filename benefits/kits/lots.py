"""Lots of items (批次): a new one, or one that is there already and agrees with what is said about it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from benefits.access.counters import count_on
from benefits.contributions.models import Payer
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.money import yuan
from benefits.kernel.unit import WriteUnit
from benefits.kits.models import Item
from benefits.kits.models_stock import Lot
from benefits.kits.record import words
from benefits.kits.words import price


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What is said about a lot: its number ("": the next one), cost of one in fen, last day on which it may
    be handed out, whose money. None: not said; a new lot must have a cost."""

    code: str = ""
    cost_fen: int | None = None
    expires_on: date | None = None
    fund: Payer | None = None


_CODE = words("lot", 40)


def lot_for(unit: WriteUnit, item: Item, said: LotFacts) -> int:
    """The id of a lot of an item, made where there is none.

    Raises Refused: ``kits.cost_missing`` for a new lot, ``kits.lot_differs`` where it is there with another
    cost, expiry or fund, ``kits.price``, what ``record.words`` refuses.
    """
    assert item.id is not None
    code = _CODE(said.code)
    known = None if not code else _known(unit, item.id, code)
    if known is None:
        if said.cost_fen is None:
            raise Refused("kits.cost_missing", item=item.name)
        insert_of = postgresql.insert if unit.dialect == "postgresql" else sqlite.insert
        made = insert_of(Lot).values(
            item_id=item.id,
            code=code or f"PC-{unit.today.year}-{count_on(unit, f'kit_lot-{unit.today.year}'):04d}",
            expires_on=said.expires_on,
            cost_fen=price(said.cost_fen),
            fund=said.fund,
        )
        found = unit.session.execute(
            made.on_conflict_do_nothing().returning(col(Lot.id))
        ).scalar_one_or_none()
        if found is not None:
            return int(found)
        if not code:  # somebody wrote this very number by hand
            return lot_for(unit, item, said)
        known = _known(unit, item.id, code)  # somebody else made it a moment ago
        assert known is not None
    _refuse_other(item, known, said)
    assert known.id is not None
    return known.id


def _known(unit: WriteUnit, item_id: int, code: str) -> Lot | None:
    return unit.exec(select(Lot).where(col(Lot.item_id) == item_id, col(Lot.code) == code)).first()


def _refuse_other(item: Item, known: Lot, said: LotFacts) -> None:
    """A lot has one price and one expiry; who says another one means another lot."""
    problems = tuple(
        Problem(
            "kits.lot_fact",
            say(
                "kits.lot_fact",
                field=say(f"kits.field.{field}"),
                said=_shown(said, field),
                known=_shown(known, field),
            ),
            field=field,
        )
        for field in ("cost_fen", "expires_on", "fund")
        if getattr(said, field) is not None and getattr(said, field) != getattr(known, field)
    )
    if problems:
        raise Refused("kits.lot_differs", item=item.name, lot=known.code, problems=problems)


def _shown(facts: LotFacts | Lot, field: str) -> object:
    value = getattr(facts, field)
    if isinstance(value, Payer):
        return say(f"plans.payer.{value.value}")
    if field == "cost_fen":
        return yuan(value)
    return "-" if value is None else value
