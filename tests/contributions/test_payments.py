"""Payments: once a bank slip and unit, until one is voided; only in the own part of the tree."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benefits.contributions.models import Payer, PaymentState
from benefits.contributions.queries import payments
from benefits.contributions.service import record_payment, void_payment
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from tests.renewal.factory import World, plan_text
from tests.rosters.kinds.desk import TODAY, Desk

WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"fen": 0}, "contributions.amount"),
    ({"paid_on": date(2026, 11, 21)}, "contributions.not_yet"),
    ({"plan_code": "没有", "reference": "HD3"}, "contributions.no_plan"),
    ({"note": "长" * 201}, "contributions.too_long"),
    ({"organisation_id": 10**9}, "organisations.unknown"),
    ({"reference": " HD1 "}, "contributions.reference_taken"),
)


@pytest.fixture
def desk(database: Database, root: Actor, tmp_path: Path) -> Desk:
    return Desk(World(database, root), tmp_path)


def _pay(desk: Desk, place: str = "A1", **given: Any) -> int:
    values: dict[str, Any] = {"payer": Payer.EMPLOYER, "fen": 3600, "paid_on": TODAY, "reference": "HD1"}
    values |= {"organisation_id": desk.world.places[place]} | given
    return desk.database.act(desk.actor, record_payment, **values)


def test_a_slip_is_booked_once_a_unit(desk: Desk) -> None:
    desk.world.publish(plan_text())
    first = _pay(desk, plan_code="t")
    for given, code in WRONG:
        with pytest.raises(Refused) as caught:
            _pay(desk, **given)
        assert caught.value.code == code
    _pay(desk, "A2")
    _pay(desk, reference="")
    _pay(desk, reference="")
    desk.database.act(desk.actor, void_payment, payment_id=first, reason="退回重汇")
    with pytest.raises(Refused) as caught:
        desk.database.act(desk.actor, void_payment, payment_id=first, reason="退回重汇")
    assert caught.value.code == "contributions.void_already"
    _pay(desk)
    with desk.database.read(desk.actor) as unit:
        rows = payments(unit)
        assert [(row.plan_code, row.state) for row in rows[:2]] == [
            ("t", PaymentState.VOID),
            ("", PaymentState.ACTIVE),
        ]
        assert (len(rows), len(payments(unit, void=False))) == (5, 4)
        assert [row.id for row in payments(unit, after=rows[2].id)] == [row.id for row in rows[3:]]


def test_a_street_neither_books_nor_voids_for_another(desk: Desk) -> None:
    paid = _pay(desk, "B1")
    street = desk.street("A")
    with pytest.raises(Refused) as caught:
        _pay(street, "B1", reference="HD2")
    assert caught.value.code == "organisations.unknown"
    with pytest.raises(Refused) as caught:
        street.database.act(street.actor, void_payment, payment_id=paid, reason="不是我的")
    assert caught.value.code == "contributions.unknown"
    with desk.database.read(street.actor) as unit:
        assert payments(unit) == ()
