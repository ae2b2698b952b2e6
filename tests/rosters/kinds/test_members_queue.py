"""Rows that may be somebody who is registered: they wait, with evidence on both sides, for a clerk."""

from datetime import date

import pytest

from benefits.kernel.errors import Refused
from benefits.members.record import MemberInput
from benefits.members.service import add
from benefits.roster_kinds import kind_of
from benefits.rosters.kind import Wanted
from benefits.rosters.models import CaseState, Mode
from benefits.rosters.queries import cases
from benefits.rosters.service_duplicates import decide, scan_duplicates
from tests.rosters.kinds.desk import HEAD, Desk, number, told


def test_who_may_be_registered_waits_in_the_queue(desk: Desk) -> None:
    desk.database.act(
        desk.actor,
        add,
        MemberInput(
            organisation_id=desk.world.places["A1"], name="张三", birth=date(1985, 5, 17), phone="13800000001"
        ),
    )
    before = desk.contents()
    rows = [HEAD, ("A1", "张三", number(1), "13800000001", ""), ("A1", "李四", number(2), "", "")]
    done = desk.send("members", *rows)
    assert (done.report.queued, done.report.added) == (1, 1)
    with desk.database.read(desk.actor) as unit:
        (case,) = cases(unit)
    assert [said.key for said in case.evidence] == [
        "rosters.evidence.name_birth",
        "rosters.evidence.name_phone",
    ]
    assert (case.left.name, case.right.name, case.batch) == ("张三", "张三", done.batch)
    assert (
        case.left.id_number == ""
        and case.right.id_number.endswith(number(1)[-4:])
        and "*" in case.right.id_number
    )
    again = desk.send("members", *rows)
    assert (again.batch, again.report.queued, again.report.same) == (None, 1, 1)
    member = desk.database.act(
        desk.actor,
        decide,
        case_id=case.id,
        verdict=CaseState.SAME,
        reason="看过身份证",
        kind=kind_of("members"),
    )
    person = desk.member("张三")
    assert (member, person.id_number) == (person.id, number(1))
    assert desk.send("members", *rows).report.same == 2
    desk.whole()
    desk.undo(done.batch)
    assert desk.contents() == before


@pytest.mark.parametrize("verdict", [CaseState.DISTINCT, CaseState.DROPPED])
def test_a_row_that_was_decided_is_not_asked_about_again(desk: Desk, verdict: CaseState) -> None:
    desk.database.act(
        desk.actor,
        add,
        MemberInput(organisation_id=desk.world.places["A1"], name="张三", birth=date(1985, 5, 17)),
    )
    before = desk.contents()
    rows = [HEAD, ("A1", "张三", number(1), "", "")]
    done = desk.send("members", *rows)
    with desk.database.read(desk.actor) as unit:
        (case,) = cases(unit)
    result = desk.database.act(
        desk.actor, decide, case_id=case.id, verdict=verdict, reason="已电话核实", kind=kind_of("members")
    )
    assert (result is not None) == (verdict is CaseState.DISTINCT)
    again = desk.send("members", *rows)
    assert (again.batch, again.report.same) == (None, 1)
    with pytest.raises(Refused, match="was decided"):
        desk.database.act(
            desk.actor, decide, case_id=case.id, verdict=verdict, reason="再来一次", kind=kind_of("members")
        )
    desk.undo(done.batch)
    assert desk.contents() == before


def test_two_records_of_one_person_are_found_and_merged(desk: Desk) -> None:
    older = desk.person("张三", 1)
    younger = desk.database.act(
        desk.actor,
        add,
        MemberInput(
            organisation_id=desk.world.places["A2"], name="张三", birth=date(1985, 5, 17), phone="13800000001"
        ),
    )
    desk.person("张三", 2, "B1", born=date(1985, 5, 18))
    for street, new in (("B", 0), ("A", 1)):
        clerk = desk.street(street)
        assert clerk.database.act(clerk.actor, scan_duplicates) == new
    assert desk.database.act(desk.actor, scan_duplicates) == 0
    with desk.database.read(desk.actor) as unit:
        (case,) = cases(unit)
    assert (case.left.member_id, case.right.member_id) == (older, younger)
    kept = desk.database.act(
        desk.actor, decide, case_id=case.id, verdict=CaseState.SAME, reason="同一人", kind=kind_of("members")
    )
    assert kept == older
    assert desk.member(younger).merged_into_id == older
    assert desk.member(older).phone == "13800000001"
    desk.whole()


def test_a_category_of_the_clerks_own_goes_in_and_out(desk: Desk) -> None:
    from benefits.members.service_categories import define_category

    desk.database.act(
        desk.actor,
        define_category,
        code="barista",
        name_zh="咖啡师",
        name_en="barista",
        starts=date(2020, 1, 1),
    )
    head = ("单位编码", "姓名", "证件号码", "新业态类别")
    rows = [head, ("A1", "张三", number(1), "咖啡师、快递员"), ("A1", "李四", number(2), "宇航员")]
    report = desk.send("members", *rows, mode=Mode.GOOD).report
    assert (report.added, told(report)) == (1, [(3, "worker_category", "rosters.cell_choice")])
    assert "咖啡师" in str(report.problems[0].say.params["choices"])
    kind = kind_of("members")
    with desk.database.read(desk.actor) as unit:
        (out,) = kind.rows(unit, Wanted("/", unit.today))
    written = str(kind.column("worker_category").written(out["worker_category"]))
    assert set(written.split("、")) == {"咖啡师", "快递员"}
    assert desk.send("members", *rows, mode=Mode.GOOD).batch is None
