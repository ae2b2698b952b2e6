"""Rosters of unions: new ones below those of earlier rows, changes shown, exactly back."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.ids import uscc_check
from benefits.organisations.models import (
    Level,
    Organisation,
    OrganisationKey,
    OrganisationName,
    OrganisationPosition,
)
from benefits.organisations.service import edit, found
from benefits.rosters.kind import Wanted
from benefits.rosters.kinds.organisations import ORGANISATIONS
from tests.rosters.kinds.desk import TODAY, Desk, told

HEAD = (
    "单位编码",
    "单位名称",
    "层级",
    "上级工会编码",
    "统一社会信用代码",
    "所属行业",
    "单位性质",
    "地址",
    "职工人数",
    "成立日期",
)


def uscc(serial: int) -> str:
    first = f"81119999MC{serial:07d}"
    return first + uscc_check(first)


def _row(code: str, name: str, *cells: Any) -> tuple[Any, ...]:
    return (code, name, *cells, *[""] * (8 - len(cells)))


def _unit(desk: Desk, code: str) -> Organisation:
    with desk.database.read(desk.world.actor) as unit:
        return unit.exec(select(Organisation).where(col(Organisation.code) == code)).one()


def test_unions_are_founded_below_earlier_rows_and_go_again(desk: Desk) -> None:
    before = desk.contents()
    rows = [_row("C", "丙街道总工会", "街道总工会", "D", "", "", "", "", "", "2020-01-01")]
    rows += [
        _row(
            f"C-{n}",
            f"第{n}公司工会",
            "",
            "C",
            uscc(n),
            3,
            "170",
            "某路1号",
            f"\uff13{n}" if n < 10 else 30 + n,
            "2020-02-29",
        )
        for n in range(29)
    ]
    done = desk.send("organisations", HEAD, *rows)
    assert (done.report.rows, done.report.added) == (30, 30)
    last = _unit(desk, "C-28")
    assert (last.industry, last.staff, last.uscc, last.founded) == ("03", 58, uscc(28), date(2020, 2, 29))
    assert last.path == f"/{desk.world.places['D']}/{_unit(desk, 'C').id}/{last.id}/"
    after = desk.contents()
    again = desk.send("organisations", HEAD, *rows)
    assert (again.batch, again.report.same) == (None, 30)
    assert desk.contents() == after
    assert desk.undo(done.batch).taken_back == 30
    assert desk.contents() == before


def test_a_row_is_as_typed_in(desk: Desk) -> None:
    place = desk.world.places["A"]
    typed: dict[str, Any] = {"industry": "03", "unit_type": "170", "address": "某路1号", "staff": 12}
    one = desk.database.act(
        desk.actor,
        found,
        name="东方印刷工会",
        code="T1",
        level=Level.GRASSROOTS,
        parent_id=place,
        founded=date(2020, 1, 1),
        **typed,
    )
    row = _row("T2", "东方印刷工会", "", "A", "", "3", "170", "某路1号", "12", "2020-01-01")
    desk.send("organisations", HEAD, row)
    other = _unit(desk, "T2").id
    with desk.database.read(desk.actor) as unit:
        places = unit.exec(select(OrganisationPosition)).all()
        keys = unit.exec(select(OrganisationKey)).all()
        rows = [_unit(desk, code).model_dump(exclude={"id", "code", "path"}) for code in ("T1", "T2")]
    mine = [
        {(key.kind, key.key.replace("2", "1")) for key in keys if key.organisation_id == owner}
        for owner in (one, other)
    ]
    spans = [
        [(row.parent_id, row.starts, row.ends) for row in places if row.organisation_id == owner]
        for owner in (one, other)
    ]
    assert rows[0] == rows[1] and mine[0] == mine[1] and spans[0] == spans[1]


def test_what_is_written_about_a_union_changes_and_is_restored(desk: Desk) -> None:
    first = _row("N1", "新的工会", "", "A", uscc(1), "", "", "", 40, "2020-01-01")
    desk.send("organisations", HEAD, first)
    before = desk.contents()
    rows = [_row("N1", "甲一工会", "", "A", "", "05", "", "", 41), _row("A2", "A2工会", "", "A")]
    report = desk.check("organisations", HEAD, *rows)
    assert [(one.key, one.before, one.after) for one in report.changes[0].changes] == [
        ("unit_name", "新的工会", "甲一工会"),
        ("industry", "-", "05"),
        ("staff", "40", "41"),
    ]
    done = desk.send("organisations", HEAD, *rows)
    assert (done.report.changed, done.report.same) == (1, 1)
    with desk.database.read(desk.actor) as unit:
        former = unit.exec(select(OrganisationName)).one()
    assert (former.name, former.ends) == ("新的工会", date(2026, 11, 19))
    by_number = desk.check("organisations", HEAD, _row("A-001", "甲一工会", "", "", uscc(1).lower()))
    assert [(one.key, one.before, one.after) for one in by_number.changes[0].changes] == [
        ("unit_code", "N1", "A-001")
    ]
    assert desk.undo(done.batch).taken_back == 1
    assert desk.contents() == before


def test_every_problem_is_told(desk: Desk) -> None:
    desk.database.act(
        desk.actor, edit, organisation_id=desk.world.places["A1"], version=1, changes={"uscc": uscc(1)}
    )
    desk.world.change(Organisation, desk.world.places["B"], closed=date(2026, 1, 1))
    report = desk.check(
        "organisations",
        HEAD,
        _row("N1", "甲", "", "X9"),
        _row("N2", "乙", "", "A1", "81", "21", "999", "", "很多", "2026-11-21"),
        _row("N3", "丙", "", "A", uscc(3)),
        _row("N3", "丁", "", "N3", uscc(3)),
        _row("A2", "A2工会", "区总工会", "B", uscc(1), "", "", "", "", "2011-01-01"),
        _row("N4", "戊", "", "B"),
        _row("N5", "己", "", "N6"),  # its union above comes too late
        _row("N6", "庚", "街道总工会", "D"),
    )
    assert report.added == 2
    assert sorted(told(report)) == [
        (2, "parent_code", "rosters.parent_unknown"),
        (3, "founded", "rosters.day_future"),
        (3, "industry", "organisations.code_unknown"),
        (3, "level", "organisations.wrong_level"),
        (3, "staff", "organisations.staff_form"),
        (3, "unit_type", "organisations.code_unknown"),
        (3, "uscc", "kernel.uscc_length"),
        (5, "level", "organisations.wrong_level"),
        (5, "unit_code", "rosters.row_twice"),
        (5, "uscc", "rosters.row_twice"),
        (6, "founded", "rosters.contradicts"),
        (6, "level", "rosters.contradicts"),
        (6, "parent_code", "rosters.parent_differs"),
        (6, "uscc", "rosters.uscc_taken"),
        (7, "parent_code", "organisations.is_closed"),
        (8, "parent_code", "rosters.parent_unknown"),
    ]


def test_a_street_touches_nothing_of_another(desk: Desk) -> None:
    street = desk.street("A")
    report = street.check(
        "organisations",
        HEAD,
        _row("B1", "乙一工会"),
        _row("N1", "新的工会", "", "B"),
        _row("N2", "新的工会", "", ""),
        _row("A", "甲街道总工会"),
    )
    assert report.added == 1
    assert told(report) == [
        (2, "unit_code", "rosters.unit_elsewhere"),
        (3, "parent_code", "rosters.parent_unknown"),
        (5, "unit_name", "organisations.own_top"),
    ]
    street.send("organisations", HEAD, _row("N2", "新的工会"))
    assert _unit(desk, "N2").parent_id == desk.world.places["A"]


def test_whoever_joined_a_new_union_blocks(desk: Desk) -> None:
    done = desk.send(
        "organisations",
        HEAD,
        _row("N1", "新的工会", "", "A"),
        _row("N2", "另一工会", "", "A"),
        _row("N3", "丙", "", "A"),
    )
    desk.world.places["N1"] = _unit(desk, "N1").id or 0
    desk.person("王敏", 1, "N1")
    desk.database.act(
        desk.actor, edit, organisation_id=_unit(desk, "N2").id or 0, version=1, changes={"staff": 3}
    )
    with pytest.raises(Refused) as caught:
        desk.undo(done.batch)
    assert sorted((one.row or 0, one.code) for one in caught.value.problems) == [
        (2, "rosters.hangs_on"),
        (3, "rosters.changed_since"),
    ]
    assert _unit(desk, "N3").closed is None


def test_the_export_changes_nothing(desk: Desk) -> None:
    desk.send(
        "organisations", HEAD, _row("N1", "新的工会", "", "A", uscc(7), "03", "170", "某路", 12, "2020-01-01")
    )
    with desk.database.read(desk.actor) as unit:
        rows = list(ORGANISATIONS.rows(unit, Wanted(f"/{desk.world.places['D']}/", TODAY)))
    columns = ORGANISATIONS.columns
    cells = [[column.written(row.get(column.key)) for column in columns] for row in rows]
    report = desk.check("organisations", [column.names[0] for column in columns], *cells)
    assert (report.rows, report.same) == (8, 8)
