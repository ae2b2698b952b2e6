"""What becomes of an import afterwards: decisions, second memberships, undo, in whatever order they come."""

from datetime import date

import pytest
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.members.models import IdentifierKind, MemberCategory, WorkerCategory
from benefits.members.record import MemberInput
from benefits.members.service import add, add_second_membership
from benefits.members.service_categories import add_category, define_category, end_category
from benefits.organisations.service import close
from benefits.roster_kinds import KINDS, kind_of
from benefits.rosters import batch
from benefits.rosters.kind import Kind
from benefits.rosters.models import CaseState, Mode
from benefits.rosters.queries import cases
from benefits.rosters.service_duplicates import decide
from tests.rosters.kinds.desk import HEAD, TODAY, Desk, number, told


def _without_number(desk: Desk) -> None:
    """张三 of A1, born 1985-05-17, whose identity number nobody knows."""
    given = MemberInput(organisation_id=desk.world.places["A1"], name="张三", birth=date(1985, 5, 17))
    desk.database.act(desk.actor, add, given)


def _cases(desk: Desk) -> list[int]:
    with desk.database.read(desk.actor) as unit:
        return [one.id for one in cases(unit)]


def _decide(desk: Desk, case: int, verdict: CaseState) -> int | None:
    return desk.database.act(
        desk.actor, decide, case_id=case, verdict=verdict, reason="看过证件", kind=kind_of("members")
    )


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["as they came", "the last first"])
def test_cases_decided_in_any_order_are_taken_back(desk: Desk, order: tuple[int, int]) -> None:
    _without_number(desk)
    before = desk.contents()
    head = ("单位编码", "姓名", "出生日期", "手机号", "部门", "证件号码")
    twice = [("A1", "张三", "1985-05-17", "13800000002", "财务科", ""), ("A1", "张三", "", "", "", number(1))]
    done = desk.send("members", head, *twice, ("A1", "李四", "1990-01-01", "", "", ""), mode=Mode.GOOD)
    found = _cases(desk)
    for at in order:
        _decide(desk, found[at], CaseState.SAME)
    desk.whole()
    assert desk.undo(done.batch).cases == 2
    assert desk.contents() == before


def test_a_row_is_taken_back_in_one_piece(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [(f"王{word}", at) for at, word in enumerate("甲乙丙", 1)]
    for name, serial in people:
        desk.person(name, serial)
    before = desk.contents()
    rows = [("A1", name, number(at), f"1380000000{at}", f"6222000000000{at}") for name, at in people]
    done = desk.send("members", HEAD, *rows)
    monkeypatch.setattr(batch, "_BLOCK", 3)  # each row leaves two traces, the person and the card
    assert desk.undo(done.batch).taken_back == 6
    assert desk.contents() == before


@pytest.mark.parametrize("sees_all", [True, False], ids=["district", "street"])
def test_a_second_membership_blocks_the_undo(desk: Desk, sees_all: bool) -> None:
    sender = desk if sees_all else desk.street("A")
    done = sender.send("members", HEAD, ("A1", "张三", number(1), "", ""))
    place = desk.world.places["B1"]
    desk.database.act(desk.actor, add_second_membership, id_number=number(1), organisation_id=place, on=TODAY)
    before = desk.contents()
    with pytest.raises(Refused) as caught:
        sender.undo(done.batch)
    assert [one.code for one in caught.value.problems] == ["rosters.hangs_on"]
    assert desk.contents() == before


def test_nobody_new_comes_of_a_case_whose_unit_was_closed(desk: Desk) -> None:
    _without_number(desk)
    desk.send(
        "members", ("单位编码", "姓名", "出生日期", "手机号"), ("A2", "张三", "1985-05-17", "13800000001")
    )
    desk.database.act(desk.actor, close, organisation_id=desk.world.places["A2"], on=TODAY)
    (case,) = _cases(desk)
    with pytest.raises(Refused) as caught:
        _decide(desk, case, CaseState.DISTINCT)
    assert caught.value.code == "members.organisation_closed"
    desk.whole()


def test_a_number_of_a_row_is_not_dropped_for_another_one(desk: Desk) -> None:
    desk.person("张三", 1, phone="13800000001")
    desk.send("members", HEAD, ("A1", "张三", number(2), "13800000001", ""))
    (case,) = _cases(desk)
    before = desk.contents()
    with pytest.raises(Refused) as caught:
        _decide(desk, case, CaseState.SAME)
    assert caught.value.code == "rosters.case_blocked"
    assert [(one.code, one.field) for one in caught.value.problems] == [("rosters.contradicts", "id_number")]
    assert number(1) not in repr(caught.value.problems) and number(2) not in repr(caught.value.problems)
    assert desk.contents() == before


def test_a_unit_that_was_closed_today_takes_nobody(desk: Desk) -> None:
    desk.database.act(desk.actor, close, organisation_id=desk.world.places["A2"], on=TODAY)
    joins = desk.check("members", HEAD, ("A2", "张三", number(1), "", ""))
    assert told(joins) == [(2, "unit_code", "rosters.unit_closed")]


def test_a_category_is_written_on_its_own_days(desk: Desk) -> None:
    head = ("单位编码", "姓名", "证件号码", "入会日期", "新就业形态类别")
    known = desk.person("李四", 2)
    desk.database.act(desk.actor, add_category, member_id=known, category="courier", starts=date(2024, 1, 1))
    desk.database.act(desk.actor, end_category, member_id=known, category="courier", ends=TODAY)
    done = desk.send(
        "members",
        head,
        ("A1", "张三", number(1), "2010-01-01", "网约车司机"),
        ("A1", "李四", number(2), "", "快递员"),
    )
    assert (done.report.added, done.report.same) == (1, 1)
    first = col(WorkerCategory.code) == "ride_hailing_driver"
    with desk.database.read(desk.actor) as unit:
        held = unit.exec(select(MemberCategory).where(col(MemberCategory.member_id) != known)).one()
        table = unit.exec(select(WorkerCategory).where(first)).one()
    assert held.starts == table.starts > date(2010, 1, 1)
    desk.whole()


def test_a_category_that_is_out_of_use_is_refused(desk: Desk) -> None:
    head = ("单位编码", "姓名", "证件号码", "新就业形态类别")
    words = {"code": "mall_information", "name_zh": "商场信息员", "name_en": "Mall information staff"}
    desk.database.act(desk.actor, define_category, starts=date(2018, 1, 1), ends=date(2025, 12, 31), **words)
    report = desk.check("members", head, ("A1", "张三", number(1), "商场信息员"))
    assert told(report) == [(2, "worker_category", "members.category_not_in_use")]


def test_namesakes_of_one_file_need_their_numbers(desk: Desk) -> None:
    head = ("单位编码", "姓名", "证件号码", "出生日期")
    report = desk.check(
        "members",
        head,
        ("A1", "张三", "", "1985-05-17"),
        ("A1", "张三", "", "1985-05-17"),
        ("A1", "张三", "", "1985-05-18"),
        ("A1", "张三", number(1), "1985-05-17"),
        ("A1", "张三", number(2), "1985-05-17"),
    )
    assert told(report) == [(3, "name", "rosters.namesake_in_file")]


def test_the_import_does_what_the_check_said_of_a_long_file(desk: Desk) -> None:
    """A later chunk of an import sees whom an earlier one registered, as a check never does."""
    rows = [
        ("单位编码", "姓名", "证件号码", "出生日期", "手机号"),
        ("A1", "张三", number(1), "", "13800000001"),
        *(("A1", "李四", number(at % 90, date(1950 + at // 90, 1, 1)), "", "") for at in range(5100)),
        ("A1", "张三", "", "1985-05-18", "13800000001"),
        ("A1", "张三", "", "1985-05-17", ""),
    ]
    said, done = desk.check("members", *rows), desk.send("members", *rows).report
    counts = [(one.rows, one.added, one.changed, one.same, one.queued, one.bad) for one in (said, done)]
    assert counts == [(5103, 5103, 0, 0, 0, 0)] * 2


def test_other_numbers_are_read_as_the_verb_keeps_them(desk: Desk) -> None:
    person = desk.person("张三", 1)
    for kind in (IdentifierKind.MEMBER_NUMBER, IdentifierKind.STAFF_NUMBER):
        desk.identify(person, "a-00/1", kind)
    head = ("单位编码", "姓名", "证件号码", "会员编号", "工号", "京卡卡号")
    again = desk.check("members", head, ("A1", "张三", number(1), "A-00/1", "ａ-00/1", ""))
    assert (again.same, again.bad) == (1, 0)
    moved = desk.check("transfers", ("会员编号", "转入单位编码", "日期"), ("A-00/1", "A2", TODAY.isoformat()))
    assert (moved.changed, moved.bad) == (1, 0)
    said = desk.check(
        "members",
        head,
        ("A1", "李四", number(2), "无", "-", "没有"),
        ("A1", "王五", number(3), "", "", "6222-0000 0000 1"),
    )
    assert [(row, key) for row, key, _ in told(said)] == [
        (2, "member_number"),
        (2, "union_card"),
    ]


def test_a_department_may_sound_like_a_signature(desk: Desk) -> None:
    head = ("部门", "姓名", "身份证号")
    departments = ("审核部", "说明书组", "注册处", "复核科", "合计财务室")
    rows = [(department, "张三", number(at)) for at, department in enumerate(departments, 1)]
    report = desk.check("members", head, *rows, organisation="A1")
    assert (report.rows, report.added, report.skipped) == (5, 5, ())


def test_totals_and_signatures_are_no_data(desk: Desk) -> None:
    closing = (
        "合计",
        "合 计：",
        "总计3,497人",
        "合计人数",
        "制表人李四",
        "审核：",
        "经办人（签字）",
        "注：",
        "说明",
    )
    rows = [(first, "", "1人") for first in closing]
    head = ("部门", "姓名", "身份证号")
    report = desk.check("members", head, ("", "张三", number(1)), *rows, organisation="A1")
    assert (report.rows, report.added, len(report.skipped)) == (1, 1, len(closing))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_no_number_is_told_whichever_column_it_slipped_into(desk: Desk, kind: Kind) -> None:
    desk.person("张三", 1)
    secrets = (number(2), "13812345678", "6222021234567890123")
    columns = [one for one in kind.columns if not (kind.name == "organisations" and one.key == "unit_name")]
    usual = {"unit_code": "A1", "unit_name": "A1工会", "name": "张三", "id_number": number(1)}
    rows = [
        [secret if one is slipped else usual.get(one.key) for one in kind.columns]
        for slipped in columns
        for secret in secrets
    ]
    report = desk.check(kind.name, [one.names[0] for one in kind.columns], *rows)
    problems = (*report.problems, *report.warnings, *report.skipped)
    assert problems
    told_all = repr([(one.say.params, one.name) for one in problems]) + repr(report.changes)
    leaks = [told_all[max(0, told_all.find(one) - 200) :][:300] for one in secrets if one in told_all]
    assert leaks == []
