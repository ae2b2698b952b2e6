"""Rosters of members: what is read, judged, written, queued and taken back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.kernel.unit import Database
from benefits.members.models import (
    IdentifierKind,
    Member,
    MemberCategory,
    MemberIdentifier,
    MemberKey,
    Membership,
)
from benefits.members.record import MemberInput
from benefits.members.service import add, edit
from benefits.roster_kinds import kind_of
from benefits.rosters.check import Asked, check
from benefits.rosters.kind import Wanted
from benefits.rosters.models import Mode
from benefits.rosters.queries import batch as batch_view
from benefits.rosters.queries import batches
from benefits.rosters.service import remember_columns
from tests.renewal.factory import plan_text
from tests.rosters.kinds.desk import HEAD, Desk, number, told


def test_a_row_is_registered_as_if_it_had_been_typed(desk: Desk) -> None:
    typed = MemberInput(
        organisation_id=desk.world.places["A1"],
        name="单小明",
        id_number=number(1),
        phone="13800000001",
        department="办公室",
        joined_on=date(2020, 2, 29),
        platform="某平台",
    )
    one = desk.database.act(desk.actor, add, typed)
    desk.identify(one, "6210000000000001", since=date(2020, 2, 29))
    head = ("单位编码", "会员姓名", "身份证号", "联系电话", "部门", "入会日期", "平台", "京卡卡号")
    row = ("A1", "单小亮", number(2), "13800000002", "办公室", "2020/2/29", "某平台", "6210000000000002")
    assert desk.send("members", head, row).report.added == 1
    from_file, by_hand = desk.member("单小亮"), desk.member("单小明")
    differ = {
        "id",
        "name",
        "id_number",
        "id_last4",
        "phone",
        "phone_last4",
        "phone_digest",
        "version",
        "changed_at",
    }
    for column in set(Member.model_fields) - differ:
        assert getattr(from_file, column) == getattr(by_hand, column), column
    with desk.database.read(desk.actor) as unit:
        kept = [
            [key.kind for key in unit.exec(select(MemberKey).where(col(MemberKey.member_id) == member.id))]
            for member in (from_file, by_hand)
        ]
        terms = [
            unit.exec(select(Membership).where(col(Membership.member_id) == member.id)).one()
            for member in (from_file, by_hand)
        ]
    assert sorted(kept[0]) == sorted(kept[1])
    assert {(one.starts, one.ends, one.standing, one.reason) for one in terms} == {
        (date(2020, 2, 29), None, terms[0].standing, "")
    }
    for text in ("单小亮", "shanxiaoliang", "danxiaoliang", "sxl", number(2), "000002", "6210000000000002"):
        assert "单小亮" in desk.find(text), text
    desk.whole()


def test_everything_is_brought_to_the_form_that_is_stored(desk: Desk) -> None:
    wide = number(3).translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    rows = [
        ("A1", "张 三", number(1).lower(), "138 0000 0001", ""),
        ("A1", "买买提•吐尔逊", "'" + number(2), "+8613800000002", ""),
        ("A1", " 李\u3000四 ", f" {wide} ", "１３８００００００３".replace("３", "03", 1), ""),
    ]
    report = desk.send("members", HEAD, *rows, mode=Mode.GOOD).report
    assert (report.added, told(report)) == (2, [(4, "phone", "members.phone_form")])
    with desk.database.read(desk.actor) as unit:
        names = unit.exec(select(Member.name).order_by(col(Member.id))).all()
    assert names == ["张三", "买买提·吐尔逊"]


def test_every_problem_of_a_row_is_told_with_its_cell(desk: Desk) -> None:
    wrong = number(1)[:-1] + ("0" if number(1)[-1] != "0" else "1")
    report = desk.check(
        "members",
        (*HEAD, "性别", "退休类别", "出生日期"),
        ("A9", "", wrong, "1380000", "", "男", "女50", "2030-01-01"),
        ("A1", "张三", "1.10112E+17", "13800000001", "", "", "", ""),
        ("A1", "李四", number(2), "", "", "男", "", "1999-01-01"),
        ("A1", "王五", "", "", "", "女", "", ""),
        ("A1", "赵六", number(4), "", "", "男", "女50", ""),
        ("A1", "赵七", number(5), "", "", "女", "", ""),
    )
    assert sorted(told(report)) == [
        (2, "birth", "rosters.day_future"),
        (2, "id_number", "kernel.id_check"),
        (2, "name", "rosters.cell_missing"),
        (2, "phone", "members.phone_form"),
        (2, "retirement_category", "rosters.category_sex"),
        (2, "unit_code", "rosters.unit_code_unknown"),
        (3, "id_number", "kernel.id_scientific"),
        (4, "birth", "kernel.id_birth_conflict"),
        (4, "sex", "kernel.id_sex_conflict"),
        (5, "id_number", "rosters.id_or_birth"),
        (6, "retirement_category", "rosters.category_sex"),
        (6, "sex", "kernel.id_sex_conflict"),
    ]
    assert (report.rows, report.good, report.bad, report.added) == (6, 1, 5, 1)
    cells = {(one.row, one.key): one.cell for one in report.problems}
    assert cells[2, "phone"] == "D2" and cells[4, "birth"] == "H4"
    for one in report.problems:
        assert render(one.say, "zh") and render(one.say, "en") and number(2) not in render(one.say, "zh")


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    rows = [
        HEAD,
        ("A1", "张三", number(1), "13800000001", "6210000000000001"),
        ("B1", "李四", number(2), "", ""),
    ]
    first = desk.send("members", *rows)
    assert first.batch is not None and first.report.added == 2
    before = desk.contents()
    again = desk.send("members", *rows)
    assert (again.batch, again.report.same, again.report.rows) == (None, 2, 2)
    assert desk.contents() == before
    with desk.database.read(desk.actor) as unit:
        assert [row.number for row in batches(unit)] == [first.batch]


def test_an_import_that_is_taken_back_leaves_nothing(desk: Desk) -> None:
    one = desk.person("张三", 1, phone="13900000002")
    desk.identify(one, "6210000000000009")
    before = desk.contents()
    head = (*HEAD, "部门", "新业态类别", "退休类别")
    done = desk.send(
        "members",
        head,
        ("A1", "张三", number(1), "13800000001", "6210000000000001", "财务科", "快递员、货车司机", "女50"),
        ("A2", "李四", number(2), "13800000002", "6210000000000002", "", "保安员", ""),
    )
    assert (done.report.changed, done.report.added) == (1, 1)
    changed = {one.key: (one.before, one.after) for one in done.report.changes[0].changes}
    assert changed["phone"] == ("*0002", "*0001") and changed["union_card"] == ("*0009", "*0001")
    member = desk.member("张三")
    assert (member.phone, member.department) == ("13800000001", "财务科")
    assert "张三" in desk.find("6210000000000001") and desk.find("13900000002") == []
    desk.whole()
    taken = desk.undo(done.batch)
    assert taken.taken_back > 2
    assert desk.contents() == before
    assert desk.find("李四") == [] and desk.find("13900000002") == ["张三"]
    with desk.database.read(desk.actor) as unit:
        view = batch_view(unit, str(done.batch))
    assert view.batch.undone_by == desk.actor.login
    with pytest.raises(Refused, match="was undone"):
        desk.undo(done.batch)
    desk.whole()


def test_what_changed_since_stands_in_the_way_of_an_undo(desk: Desk) -> None:
    done = desk.send(
        "members",
        HEAD,
        ("A1", "张三", number(1), "", ""),
        ("A1", "李四", number(2), "", ""),
        ("A1", "王五", number(3), "", ""),
    )
    person = desk.member("张三")
    desk.database.act(desk.actor, edit, member_id=person.id or 0, version=1, changes={"department": "办公室"})
    other = desk.member("李四").id or 0
    desk.world.publish(plan_text())
    desk.world.cover(other)
    before = desk.contents()
    with pytest.raises(Refused) as refused:
        desk.undo(done.batch)
    said = [render(problem.say, "zh") for problem in refused.value.problems]
    assert len(said) == 2 and any("张三" in each for each in said) and any("李四" in each for each in said)
    assert desk.contents() == before


def test_all_or_nothing_and_good_rows_only(desk: Desk) -> None:
    rows = [HEAD, ("A1", "张三", number(1), "", ""), ("A1", "李四", "123", "", "")]
    before = desk.contents()
    with pytest.raises(Refused) as refused:
        desk.send("members", *rows)
    assert refused.value.code == "rosters.not_clean" and len(refused.value.problems) == 1
    assert desk.contents() == before
    done = desk.send("members", *rows, mode=Mode.GOOD)
    assert (done.report.rows, done.report.added, done.report.bad) == (2, 1, 1)
    with desk.database.read(desk.actor) as unit:
        view = batch_view(unit, str(done.batch))
    assert [(one.row, one.cell, one.name) for one in view.problems] == [(3, "C3", "李四")]
    assert render(view.problems[0].say, "zh") == render(done.report.problems[0].say, "zh")


def test_people_and_cards_are_registered_once(desk: Desk) -> None:
    desk.person("张三", 1, "B1")
    one = desk.person("李四", 2)
    desk.identify(one, "6210000000000001")
    rows = [
        HEAD,
        ("A1", "张三", number(1), "", ""),
        ("A1", "王五", number(3), "", "6210000000000005"),
        ("A1", "王五五", number(3), "", ""),
        ("A1", "赵六", number(4), "", "6210000000000005"),
        ("A1", "李四", number(2), "", "6210000000000001"),
    ]
    report = desk.check("members", *rows)
    assert told(report) == [
        (2, "unit_code", "rosters.other_unit"),
        (4, "id_number", "rosters.twice_in_file"),
        (5, "union_card", "rosters.twice_in_file"),
    ]
    assert (report.added, report.same) == (1, 1)
    street = desk.street("A").check("members", HEAD, ("A1", "张三", number(1), "", ""))
    assert told(street) == [(2, "id_number", "rosters.registered_elsewhere")]
    assert "B1" not in str(street.problems[0].say.params.get("name", ""))


def test_the_old_template_begins_at_row_21_and_ends_in_signatures(desk: Desk) -> None:
    notes: list[Any] = [(f"说明{line}：请勿改动格式",) for line in range(1, 20)]
    rows = [
        *notes,
        ("会员编号", "身份证号码", "会员姓名", "备注"),
        ("M1", number(1), "张 三", ""),
        ("合计", "", "1人", ""),
        ("制表人：李四",),
    ]
    report = desk.send("members", *rows, organisation="A1").report
    assert (report.head.row, report.rows, report.added) == (20, 1, 1)
    assert [one.code for one in report.skipped] == ["rosters.row_total", "rosters.row_total"]
    with desk.database.read(desk.actor) as unit:
        held = unit.exec(select(MemberIdentifier)).one()
    assert (held.kind, held.number) == (IdentifierKind.MEMBER_NUMBER, "M1")


def test_a_number_that_a_spreadsheet_spoiled_is_refused_with_the_reason(desk: Desk, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "证件号码", "手机号"])
    sheet.append(["张三", int(number(1)[:17] + "0"), 13800000001])
    path = tmp_path / "a.xlsx"
    book.save(path)
    with desk.database.read(desk.actor) as unit:
        report = check(unit, path, kind_of("members"), Asked("A1"))
    assert told(report) == [(2, "id_number", "rosters.id_number_cell")]
    assert "文本" in render(report.problems[0].say, "zh")


def test_a_mapping_is_remembered_for_the_unit(desk: Desk) -> None:
    rows = [("户名", "证件号码"), ("张三", number(1))]
    with pytest.raises(Refused) as refused:
        desk.check("members", *rows, organisation="A1")
    assert refused.value.code == "rosters.head_nowhere"
    desk.database.act(
        desk.actor, remember_columns, organisation="A1", kind=kind_of("members"), mapping={"户 名": "name"}
    )
    assert desk.check("members", *rows, organisation="A1").added == 1
    with pytest.raises(Refused):
        desk.check("members", *rows, organisation="B1")


_NAMES = st.text(st.sampled_from("王李单曾解仇伟芳娜𬭩䶮·"), min_size=2, max_size=6).filter(
    lambda name: "·" not in (name[0], name[-1]) and "··" not in name
)
_PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["A1", "A2", "B1"]),
        _NAMES,
        st.sampled_from(["", "13800000001", "13900000002"]),
        st.sampled_from(["", "快递员", "快递员、保安员"]),
        st.sampled_from(["", "2020-02-29"]),
        st.sampled_from(["", "=1+1", "+86", "@x", "'a"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=_PEOPLE)
def test_an_import_comes_out_as_it_went_in_and_goes_without_a_trace(desk: Desk, people: list[Any]) -> None:
    before = desk.contents()
    head = ("单位编码", "姓名", "证件号码", "手机号", "新业态类别", "入会日期", "部门", "京卡卡号")
    rows = [
        (place, name, number(at), phone, kinds, joined, room, f"621000000000000{at}")
        for at, (place, name, phone, kinds, joined, room) in enumerate(people, 1)
    ]
    done = desk.send("members", head, *rows)
    assert done.report.added == len(rows)
    kind = kind_of("members")
    with desk.database.read(desk.actor) as unit:
        found = {row["id_number"]: dict(row) for row in kind.rows(unit, Wanted("/", unit.today))}
    for place, name, clear, phone, kinds, joined, room, card in rows:
        row = found[clear]
        assert (row["unit_code"], row["name"], row["phone"] or "") == (place, name, phone)
        assert set((kind.column("worker_category").written(row["worker_category"]) or "").split("、")) == set(
            kinds.split("、")
        )
        assert row["union_card"] == card
        assert row["joined_on"] == (date.fromisoformat(joined) if joined else date(2026, 11, 20))
        assert (row["department"] or "") == room.strip().lstrip("'")
    again = desk.send("members", head, *rows)
    assert (again.batch, again.report.same) == (None, len(rows))
    desk.undo(done.batch)
    assert desk.contents() == before


def test_nobody_is_left_of_an_import_that_fails_in_the_middle(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    """Half a chunk written, then the power fails."""
    before = desk.contents()
    rows = [HEAD, *[("A1", f"张{chr(0x4E00 + at)}", number(at), "", "") for at in range(1, 30)]]

    def fails(*_given: object) -> int:
        raise RuntimeError("the power failed")

    monkeypatch.setattr("benefits.rosters.service.close_batch", fails)
    with pytest.raises(RuntimeError):
        desk.send("members", *rows)
    monkeypatch.undo()
    assert desk.contents() == before
    assert desk.send("members", *rows).report.added == 29
    with database.read(desk.actor) as unit:
        assert unit.exec(select(MemberCategory)).all() == []


def test_a_card_and_a_chosen_month_are_not_contradicted(desk: Desk) -> None:
    from benefits.members.service_retirement import plan_retirement

    one = desk.person("张三", 1, born=date(1972, 5, 17), retirement_category="F55")
    desk.identify(one, "6210000000000001")
    month = date(2028, 2, 1)
    desk.database.act(
        desk.actor, plan_retirement, member_id=one, month=month, agreed_on=date(2026, 11, 1), confirmed=True
    )
    clear = number(1, date(1972, 5, 17))
    head = ("单位编码", "姓名", "证件号码", "是否持卡", "退休类别", "京卡卡号")
    report = desk.check(
        "members",
        head,
        ("A1", "张三", clear, "否", "", ""),
        ("A1", "李四", number(2), "否", "", "6210000000000002"),
    )
    assert told(report) == [
        (2, "has_card", "rosters.card_contradicts"),
        (3, "has_card", "rosters.card_contradicts"),
    ]
    report = desk.check("members", head, ("A1", "张三", clear, "", "女50", ""))
    assert told(report) == [(2, "retirement_category", "rosters.planned_misfit")]
