"""Rosters of retirements: the category, the month chosen by the rule, the fact, exactly back."""

from datetime import date

import pytest

from benefits.kernel.errors import Refused
from benefits.members.models import Status
from benefits.members.retirement import RetirementCategory
from benefits.members.service import edit
from benefits.rosters.kind import Wanted
from benefits.rosters.kinds.retirements import RETIREMENTS
from tests.rosters.kinds.desk import TODAY, Desk, number, told

HEAD = (
    "姓名",
    "身份证号",
    "退休类别",
    "拟退休年月",
    "告知日期",
    "协议日期",
    "材料已核对",
    "退休日期",
    "提前退休理由",
)
BORN = date(1971, 8, 15)
"""A woman of the 55 years of old: 55 and 5 months, so January 2027."""


def _row(serial: int, *cells: str, born: date = BORN, name: str = "王敏") -> tuple[str, ...]:
    return (name, number(serial, born), *cells, *[""] * (7 - len(cells)))


def test_category_month_and_fact_are_written_and_taken_back(desk: Desk) -> None:
    people = [desk.person("王敏", n, born=BORN) for n in range(30)]
    people.append(desk.person("李娜", 40, born=date(1960, 3, 1)))
    before = desk.contents()
    rows = [HEAD, *(_row(n, "女55", "2027-05", "", "2026-11-01", "是") for n in range(30))]
    rows.append(_row(40, "女50", "", "", "", "", "2026-11-20", born=date(1960, 3, 1), name="李娜"))
    done = desk.send("retirements", *rows)
    assert (done.report.rows, done.report.changed) == (31, 31)
    first, last = desk.member(people[0]), desk.member(people[-1])
    assert first.retirement_category is RetirementCategory.F55
    assert (first.retirement_month, first.planned_retirement) == (date(2027, 1, 1), date(2027, 5, 1))
    assert (last.status, last.retired_on, last.organisation_id) == (
        Status.RETIRED,
        date(2026, 11, 20),
        desk.world.places["A1"],
    )
    after = desk.contents()
    again = desk.send("retirements", *rows)
    assert (again.batch, again.report.same) == (None, 31)
    assert desk.contents() == after
    assert desk.undo(done.batch).taken_back == 31
    assert desk.contents() == before


BOUNDARIES: tuple[tuple[tuple[str, ...], list[tuple[str, str]]], ...] = (
    (("女55", "2027-05", "", "2027-01-01", "是"), [("agreed_on", "rosters.day_future")]),
    (("女55", "2026-12", "2026-09-01", "", "是"), []),
    (("女55", "2026-12", "2026-09-02", "", "是"), [("notice_on", "members.notice_late")]),
    (
        ("女55", "2026-12"),
        [("notice_on", "members.notice_missing"), ("confirmed", "members.early_unconfirmed")],
    ),
    (
        ("女55", "2027-05"),
        [("agreed_on", "members.agreement_missing"), ("confirmed", "members.late_unconfirmed")],
    ),
    (("女55", "2027-01"), [("planned_month", "members.month_is_statutory")]),
    (("女55", "2030-01", "", "2026-11-01", "是"), []),
    (("女55", "2030-02", "", "2026-11-01", "是"), [("planned_month", "members.outside_flexible")]),
    (("", "2027-05"), [("planned_month", "members.retirement_unknown")]),
    (("男60",), [("retirement_category", "members.category_sex")]),
    (("女55", "", "", "", "", "2026-11-21"), [("retired_on", "rosters.day_future")]),
    (("女55", "", "", "", "", "2026-07-31"), [("retired_on", "members.too_young")]),
    (("女55", "", "", "", "", "2026-07-31", "特殊工种"), []),
    (("女55", "", "", "", "", "2026-08-01"), []),
    (("", "", "", "", "", "2014-12-31"), [("retired_on", "members.too_early")]),
    ((), [("", "rosters.retirement_nothing")]),
)


def test_the_rule_holds_on_its_boundaries(desk: Desk) -> None:
    for serial in range(len(BOUNDARIES)):
        desk.person("王敏", serial, born=BORN)
    report = desk.check("retirements", HEAD, *(_row(n, *cells) for n, (cells, _) in enumerate(BOUNDARIES)))
    assert told(report) == [
        (row, *problem) for row, (_, problems) in enumerate(BOUNDARIES, 2) for problem in problems
    ]


def test_contradictions_and_changes_since(desk: Desk) -> None:
    one, other = desk.person("王敏", 1, born=BORN), desk.person("李娜", 2, "B1", born=BORN)
    done = desk.send("retirements", HEAD[:3], _row(1, "女55")[:3], _row(2, "女50", name="李娜")[:3])
    report = desk.check("retirements", HEAD, _row(1, "", "", "", "", "", "2026-10-01"), _row(1, "女55"))
    assert (report.changed, told(report)) == (1, [(3, "", "rosters.row_twice")])
    street = desk.street("A").check("retirements", HEAD, _row(2, "女55", name="李娜"))
    assert told(street) == [(2, "id_number", "rosters.person_elsewhere")]
    desk.database.act(desk.actor, edit, member_id=other, version=2, changes={"name": "李纳"})
    with pytest.raises(Refused) as caught:
        desk.undo(done.batch)
    assert [problem.row for problem in caught.value.problems] == [3]
    assert desk.member(one).retirement_category is RetirementCategory.F55
    retired = desk.send("retirements", HEAD, _row(1, "", "", "", "", "", "2026-10-01"))
    assert retired.report.changed == 1
    report = desk.check("retirements", HEAD, _row(1, "", "", "", "", "", "2026-10-02"))
    assert told(report) == [(2, "retired_on", "members.retired_already")]
    whole = f"/{desk.world.places['D']}/"
    with desk.database.read(desk.actor) as unit:
        present = list(RETIREMENTS.rows(unit, Wanted(whole, TODAY)))
        assert RETIREMENTS.prefill is not None
        due = list(RETIREMENTS.prefill(unit, Wanted(whole, TODAY)))
    assert [row["retired_on"] for row in present] == [date(2026, 10, 1)]
    assert [row["name"] for row in due] == ["李纳"]  # women-50, due long ago
