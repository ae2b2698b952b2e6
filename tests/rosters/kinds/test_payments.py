"""Rosters of payments: once a bank slip, exactly back."""

from datetime import date
from typing import Any

import pytest

from benefits.contributions.models import Payer
from benefits.contributions.queries import payments
from benefits.contributions.service import void_payment
from benefits.kernel.errors import Refused
from benefits.rosters.kind import Wanted
from benefits.rosters.kinds.payments import PAYMENTS
from tests.renewal.factory import plan_text
from tests.rosters.kinds.desk import TODAY, Desk, told

HEAD = ("单位编码", "金额", "到账日期", "出资方", "保障计划", "回单号", "付款户名", "备注")


def _rows(count: int) -> list[tuple[Any, ...]]:
    return [
        ("A1" if n % 2 else "B2", "3,600.50", "2026-11-20", "行政", "t", f"HD{n:06d}", "某某公司", "")
        for n in range(count)
    ]


def test_payments_come_in_once(desk: Desk) -> None:
    desk.world.publish(plan_text())
    before = desk.contents()
    rows = [
        *_rows(28),
        ("A2", 15, "2026-11-01", "区总", "", "", "", "现金"),
        ("A2", 15, "2026-11-01", "区总", "", "", "", "现金"),
    ]
    done = desk.send("payments", HEAD, *rows)
    assert (done.report.rows, done.report.added) == (30, 30)
    with desk.database.read(desk.actor) as unit:
        first, *_, last = payments(unit)
    assert (first.fen, first.payer, first.plan_code, first.organisation_code) == (
        360050,
        Payer.EMPLOYER,
        "t",
        "B2",
    )
    assert (last.fen, last.payer, last.plan_code) == (1500, Payer.DISTRICT, "")
    after = desk.contents()
    again = desk.send("payments", HEAD, *rows)
    assert (again.batch, again.report.same) == (None, 30)
    assert desk.contents() == after
    third = desk.check("payments", HEAD, *rows, rows[-1])
    assert (third.same, third.added) == (30, 1)  # three alike without a slip: one more came in
    assert desk.undo(done.batch).taken_back == 30
    assert desk.contents() == before


def test_every_problem_is_told(desk: Desk) -> None:
    desk.world.publish(plan_text())
    desk.send("payments", HEAD, *_rows(1))
    slip = "HD000000"
    report = desk.check(
        "payments",
        HEAD,
        ("B2", "3600.51", "2026-11-20", "行政", "", slip, "", ""),
        ("A1", "36", "2026-11-20", "行政", "", slip, "", ""),  # the same slip at another unit is another one
        ("A1", "36", "2026-11-20", "行政", "", slip, "", ""),
        ("A9", "0", "2026-11-21", "谁", "没有", "", "", ""),
        ("", "1.234", "", "", "", "", "", ""),
    )
    assert report.added == 1
    assert (
        sorted(told(report))
        == [
            (2, "reference", "contributions.reference_taken"),
            (4, "reference", "rosters.row_twice"),
            (5, "amount", "contributions.amount"),
            (5, "paid_on", "rosters.day_future"),
            (5, "payer", "rosters.cell_choice"),
            (5, "plan", "plans.unknown_plan"),
            (5, "unit_code", "rosters.unit_code_unknown"),
            (6, "amount", "kernel.amount_form"),
            (6, "paid_on", "rosters.said_nowhere"),
            (6, "payer", "rosters.said_nowhere"),
            (6, "unit_name", "rosters.unit_missing"),
        ]
        or report.problems[-1].say
    )


def test_a_street_books_its_own_units_and_a_voided_payment_blocks(desk: Desk) -> None:
    street = desk.street("A")
    rows = [
        ("A1", 36, "2026-11-20", "个人", "", "1", "", ""),
        ("B1", 36, "2026-11-20", "个人", "", "2", "", ""),
    ]
    assert told(street.check("payments", HEAD, *rows)) == [(3, "unit_code", "rosters.unit_code_unknown")]
    done = street.send("payments", HEAD[1:], rows[0][1:], organisation="A1")
    with desk.database.read(desk.actor) as unit:
        (paid,) = payments(unit)
        values = list(PAYMENTS.rows(unit, Wanted(f"/{desk.world.places['D']}/", TODAY)))
    assert (paid.organisation, paid.paid_on) == ("A1工会", date(2026, 11, 20))
    keys = [column.key for column in PAYMENTS.columns]
    cells = [PAYMENTS.column(key).written(values[0].get(key)) for key in keys]
    cells[keys.index("amount")] = "36.00"
    report = desk.check("payments", [column.names[0] for column in PAYMENTS.columns], cells)
    assert (report.same, told(report)) == (1, [])
    desk.database.act(desk.actor, void_payment, payment_id=paid.id, reason="记错了")
    with pytest.raises(Refused) as caught:
        street.undo(done.batch)
    assert [problem.code for problem in caught.value.problems] == ["rosters.changed_since"]
