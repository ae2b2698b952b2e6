"""Rosters of transfers: who moves, who cannot, and exactly back."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.members.models import Member, Membership, Standing
from benefits.members.service import add_second_membership, transfer
from benefits.organisations.models import Organisation
from benefits.rosters.kind import Wanted
from benefits.rosters.kinds.transfers import TRANSFERS
from benefits.rosters.models import Mode
from tests.renewal.factory import plan_text
from tests.rosters.kinds.desk import TODAY, Desk, number, told

HEAD = ("序号", "姓名", "证件号码", "原单位", "转入单位", "转移日期")
DAY = timedelta(days=1)


def _homes(desk: Desk, *members: int) -> list[str]:
    names = {place: code for code, place in desk.world.places.items()}
    with desk.database.read(desk.world.actor) as unit:
        homes = dict(unit.exec(select(Member.id, Member.organisation_id)).all())
    return [names[homes[member] or 0] for member in members]


def test_people_move_and_the_same_file_changes_nothing(desk: Desk) -> None:
    people = [desk.person(f"王{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'子丑寅'[n // 10]}", n) for n in range(30)]
    rows = [HEAD] + [
        (n + 1, "", number(n), "A1", "B2" if n % 2 else "A2工会", "2026-11-01") for n in range(30)
    ]
    done = desk.send("transfers", *rows)
    assert (done.report.rows, done.report.changed, done.report.bad) == (30, 30, 0)
    assert _homes(desk, *people[:2]) == ["A2", "B2"]
    before = desk.contents()
    again = desk.send("transfers", *rows)
    assert (again.batch, again.report.same, again.report.writes()) == (None, 30, 0)
    assert desk.contents() == before


def test_undo_restores_memberships_to_the_letter(desk: Desk) -> None:
    for n in range(3):
        desk.person("王敏", n)
    for n, on in ((1, date(2026, 10, 31)), (2, date(2026, 11, 1))):  # one ends there, one has no day left
        desk.database.act(
            desk.world.actor,
            add_second_membership,
            id_number=number(n),
            organisation_id=desk.world.places["B1"],
            on=on,
        )
    before = desk.contents()
    done = desk.send("transfers", HEAD, *((n, "王敏", number(n), "", "B1", "2026-11-01") for n in range(3)))
    assert desk.contents() != before
    with desk.database.read(desk.world.actor) as unit:
        seconds = unit.exec(select(Membership).where(col(Membership.standing) == Standing.SECOND)).all()
    assert [row.ends for row in seconds] == [date(2026, 10, 31)]
    assert desk.undo(done.batch).taken_back == 3
    assert desk.contents() == before


def test_who_moved_on_blocks_and_nobody_is_taken_back(desk: Desk) -> None:
    first, second = desk.person("王敏", 1), desk.person("李娜", 2)
    done = desk.send(
        "transfers", HEAD, *((n, "", number(n), "", "A2", "2026-11-01") for n in (1, 2)), mode=Mode.GOOD
    )
    place = desk.world.places["B1"]
    desk.database.act(desk.world.actor, transfer, member_id=second, organisation_id=place, on=TODAY)
    with pytest.raises(Refused) as caught:
        desk.undo(done.batch)
    assert caught.value.code == "rosters.undo_blocked"
    assert [problem.row for problem in caught.value.problems] == [3]
    assert _homes(desk, first, second) == ["A2", "B1"]


def test_a_cover_at_the_new_union_blocks(desk: Desk) -> None:
    member = desk.person("王敏", 1)
    desk.world.publish(plan_text())
    done = desk.send("transfers", HEAD, (1, "王敏", number(1), "", "A2", "2026-11-01"))
    desk.world.cover(member, "A2", starts=date(2026, 11, 15), ends=date(2027, 11, 14))
    with pytest.raises(Refused) as caught:
        desk.undo(done.batch)
    assert [problem.code for problem in caught.value.problems] == ["rosters.hangs_on"]


def test_every_problem_of_a_row_is_told(desk: Desk) -> None:
    desk.person("王敏", 1, joined_on=date(2026, 10, 1))
    desk.person("李娜", 2, "A2")
    report = desk.check(
        "transfers",
        HEAD,
        (1, "王敏", number(1), "", "A2", "2026-10-01"),  # on the first day of the membership
        (2, "王敏", number(1), "", "A2", "2026-10-02"),  # twice, and the first possible day
        (3, "李芳", number(2), "B1", "A9工会", "2026-11-21"),  # name, old unit, new unit, tomorrow
        (4, "赵一", number(9), "", "", ""),  # nobody, nowhere, no day
        (5, "", "", "", "A1", "2026-11-20"),
    )
    assert told(report) == [
        (2, "on", "members.too_early"),
        (3, "", "rosters.row_twice"),
        (4, "to_unit", "rosters.unit_name_unknown"),
        (4, "name", "rosters.person_name_differs"),
        (4, "from_unit", "rosters.person_other_unit"),
        (4, "on", "members.not_yet"),
        (5, "to_unit", "rosters.unit_missing"),
        (5, "id_number", "rosters.person_not_registered"),
        (5, "on", "rosters.day_missing"),
        (6, "", "rosters.person_missing"),
    ]
    assert report.bad == 5


def test_boundary_days(desk: Desk) -> None:
    days = ("2026-11-20", "2026-11-21", "2015-01-02", "2015-01-01")
    for n in range(4):
        desk.person("王敏", n)
    report = desk.check(
        "transfers", HEAD, *((n, "王敏", number(n), "", "A2", on) for n, on in enumerate(days))
    )
    assert report.changed == 2
    assert told(report) == [(3, "on", "members.not_yet"), (5, "on", "members.too_early")]


def test_a_closed_union_takes_nobody_and_nobody_back(desk: Desk) -> None:
    desk.person("王敏", 1)
    row = (1, "王敏", number(1), "", "A2", "2026-11-10")
    done = desk.send("transfers", HEAD, row)
    desk.world.change(Organisation, desk.world.places["A1"], closed=TODAY)
    with pytest.raises(Refused) as caught:
        desk.undo(done.batch)
    assert [problem.code for problem in caught.value.problems] == ["members.organisation_closed"]
    back = (1, "王敏", number(1), "A2", "A1", "2026-11-12")  # a day on which it was open still
    assert told(desk.check("transfers", HEAD, back)) == [(2, "to_unit", "members.organisation_closed")]


def test_a_street_moves_its_own_people_within_itself(desk: Desk) -> None:
    desk.person("王敏", 1)
    desk.person("李娜", 2, "B1")
    street = desk.street("A")
    report = street.check(
        "transfers",
        HEAD,
        (1, "王敏", number(1), "", "A2", "2026-11-01"),
        (2, "王敏", number(1), "", "B1", "2026-11-01"),
        (3, "李娜", number(2), "", "A1", "2026-11-01"),
    )
    assert report.changed == 1
    assert told(report) == [
        (3, "to_unit", "rosters.unit_name_unknown"),
        (3, "", "rosters.row_twice"),
        (4, "id_number", "rosters.person_elsewhere"),
    ]
    assert report.problems[-1].say.params == {"unit": "B1工会"}


def test_names_find_people_within_the_old_unit(desk: Desk) -> None:
    desk.person("王敏", 1)
    desk.person("李娜", 2)
    desk.person("李娜", 3)
    report = desk.check(
        "transfers",
        ("姓名", "原单位", "转入单位"),
        ("王敏", "A1", "A2"),
        ("李娜", "A1", "A2"),
        ("王敏", "", "A2"),
        on="2026-11-01",
    )
    assert report.changed == 1
    assert told(report) == [(3, "name", "rosters.person_namesakes"), (4, "name", "rosters.person_missing")]


def test_the_export_is_in_the_database_already(desk: Desk) -> None:
    desk.person("王敏", 1)
    desk.person("李娜", 2, "B1")
    with desk.database.read(desk.actor) as unit:
        rows = list(TRANSFERS.rows(unit, Wanted(f"/{desk.world.places['D']}/", TODAY)))
    keys = [column.key for column in TRANSFERS.columns]
    head = [column.names[0] for column in TRANSFERS.columns]
    report = desk.check("transfers", head, *([row.get(key) for key in keys] for row in rows))
    assert (report.rows, report.same) == (2, 2)
