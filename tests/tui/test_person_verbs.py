"""What can be done to a person, to a unit and from the data quality board: a refusal keeps what was typed, a
stale form shows both values, a number in clear takes a reason."""

from datetime import date

import pytest
from textual.widgets import Input

from tests.tui import tiny
from tests.tui.helpers import dump, gate, keys, opened
from tui.gateways import members, organisations, quality
from tui.presenters import forms
from tui.presenters.forms import Field
from tui.presenters.organisations import Tree
from tui.screens.quality import FaultyPages


async def test_a_stale_form_shows_both_values_and_keeps_what_was_typed(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "ouyang", "enter")
        await keys(pilot, "e")
        async with gate(address) as gateway:
            person, _ = await gateway.member(6)
            changes = {"name": "欧阳娜", "department": "护理部"}
            await members.edit(gateway, 6, person.version, changes)
        await keys(pilot, "ctrl+u", "欧阳小娜", "f10")
        shown = dump(pilot.app)
        assert "欧阳小娜" in shown and "欧阳娜" in shown.replace("欧阳小娜", "")
        assert pilot.app.screen.query_one("#name", Input).value == "欧阳小娜"
        await keys(pilot, "escape", "f5")
        await keys(pilot, "e")
        assert pilot.app.screen.query_one("#name", Input).value == "欧阳小娜", "the draft is taken up again"
        await keys(pilot, "f10")
        assert "会员 > 欧阳小娜" in dump(pilot.app)
        async with gate(address) as gateway:
            person, _ = await gateway.member(6)
            assert person.department == "护理部", "what the other clerk wrote elsewhere stays"


async def test_wrong_fields_are_told_one_by_one_and_the_first_has_the_cursor(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "down", "n", "f10")
        shown = dump(pilot.app)
        assert "请填写“" in shown and shown.count("请填写“") == 2
        async with gate(address) as gateway:
            assert len(await gateway.search("", 100)) == 18


async def test_a_number_in_clear_takes_a_reason_that_stays_on_record(address: str) -> None:
    number = tiny.number(date(1976, 2, 28), 5, True)
    async with opened(address) as pilot:
        await keys(pilot, "2", "ouyang", "enter")
        await keys(pilot, "v", "f10")
        assert number not in dump(pilot.app) and "请填写" in dump(pilot.app)
        await keys(pilot, "理赔核对", "f10")
        assert number in dump(pilot.app)
        await keys(pilot, "enter")
        assert number not in dump(pilot.app)
        async with gate(address) as gateway:
            event = (await gateway.events())[0]
            assert event.action == "members.reveal" and "理赔核对" in str(event.facts)
            assert number not in str(event.facts)


async def test_leaving_and_coming_back_change_what_is_offered(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "ouyang", "enter")
        line = dump(pilot.app).rstrip().split("\n")[-1]
        assert "q 离职" in line and "b 重新入会" not in line
        await keys(pilot, "q", "f10")
        line = dump(pilot.app).rstrip().split("\n")[-1]
        assert "q 离职" not in line and "b 重新入会" in line
        await keys(pilot, "b", "enter")
        await keys(pilot, "zhongxin", "enter")
        await keys(pilot, "f10")
        assert "永顺镇中心小学工会" in dump(pilot.app)
        await keys(pilot, "l")
        assert "离职" in dump(pilot.app)


async def test_marked_people_move_together_and_who_stays_is_told_why(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "down", "space", "space")
        await keys(pilot, "t", "enter")
        await keys(pilot, "zhongxin", "enter")
        await keys(pilot, "f10")
        shown = dump(pilot.app)
        assert "已调动 1 人，没有调动 1 人" in shown and "王芳" in shown
        await keys(pilot, "enter")
        assert "选中 1 人" in dump(pilot.app), "who did not move stays marked"
        async with gate(address) as gateway:
            person, _ = await gateway.member(1)
            assert person.organisation == "永顺镇中心小学工会"


async def test_what_is_kept_about_a_person_is_added_and_ended(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "ouyang", "enter")
        await keys(pilot, "i")
        await keys(pilot, "n", "down", "down", "enter")
        await keys(pilot, "吴亲", "tab", "right", "f10")
        assert "近亲属" in dump(pilot.app) and "吴亲" in dump(pilot.app) and "至今" in dump(pilot.app)
        await keys(pilot, "q", "f10")
        assert "至今" not in dump(pilot.app)


async def test_a_record_is_kept_until_a_day_and_until_nobody_says(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "ouyang", "enter")
        await keys(pilot, "i")
        await keys(pilot, "r", "2026-11-30", "f10")
        assert "早于今天" in dump(pilot.app), "a day that is over is refused"
        assert pilot.app.screen.query_one("#until", Input).value == "2026-11-30"
        await keys(pilot, "ctrl+u", "20261201", "f10")
        assert "保存期限 2026-12-01" in dump(pilot.app)
        async with gate(address) as gateway:
            assert (await gateway.member(6))[0].retain_until == tiny.TODAY
        await keys(pilot, "r")
        assert pilot.app.screen.query_one("#until", Input).value == "2026-12-01"
        await keys(pilot, "ctrl+u", "f10")
        assert "保存期限 （未填）" in dump(pilot.app)
        async with gate(address) as gateway:
            assert (await gateway.member(6))[0].retain_until is None


async def test_a_unit_is_added_renamed_and_found_by_its_old_name(address: str) -> None:
    async with gate(address) as gateway:
        parent = (await organisations.find(gateway, "永顺镇总工会", 5))[0]
        given = {
            "name": "永顺镇图书馆工会",
            "code": "111201009",
            "level": "grassroots",
            "founded": tiny.BEFORE,
        }
        made = await organisations.found(gateway, parent.id, given)
    async with opened(address) as pilot:
        await keys(pilot, "5", "/", "tushuguan", "enter")
        await keys(pilot, "enter")
        await keys(pilot, "r", "ctrl+u", "永顺镇文化馆工会", "f10")
        shown = dump(pilot.app)
        assert "组织 > 永顺镇文化馆工会" in shown and "名称：永顺镇图书馆工会" in shown
        await keys(pilot, "escape", "/", "ctrl+u", "图书馆")
        assert "永顺镇文化馆工会" in dump(pilot.app)
    async with gate(address) as gateway:
        found, _ = await organisations.detail(gateway, made)
        assert [name.name for name in found.names] == ["永顺镇图书馆工会", "永顺镇文化馆工会"]


async def test_a_unit_with_members_is_not_closed_and_says_why(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "5", "/", "weisheng", "enter")
        await keys(pilot, "enter")
        await keys(pilot, "c", "f10")
        assert "会员" in dump(pilot.app) and "F10 办理" in dump(pilot.app)
        await keys(pilot, "escape")
        assert "已撤销" not in dump(pilot.app)


async def test_the_board_adds_up_and_its_lists_hold_as_many_as_it_says(address: str) -> None:
    async with gate(address) as gateway:
        rows = await quality.board(gateway)
        assert rows[0].people == sum(row.people for row in rows if row.level.value == "grassroots")
        for fault in ("", "phone_missing", "card_missing"):
            counts = {one.value: count for one, count in rows[0].counts.items()}
            total = counts[fault] if fault else rows[0].faulty
            pages = FaultyPages(gateway, fault, rows[0].path, "zh", total)
            assert len(await pages.page(0, 128)) == await pages.count() == total


async def test_the_tree_of_another_day_and_back(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "5")
        await keys(pilot, "t", "1999-12-31", "enter")
        assert "0 个单位" in dump(pilot.app)
        await keys(pilot, "t", "enter")
        assert "+ 通州区总工会" in dump(pilot.app)


def test_values_of_a_form_are_what_was_meant() -> None:
    fields = (
        Field("on", "日期", "day"),
        Field("month", "月份", "month"),
        Field("unit", "单位", "unit"),
        Field("staff", "人数", "number", needed=False),
        Field("note", "备注", needed=False),
    )
    typed = {"on": "今天", "month": "202703", "unit": "5", "staff": "", "note": "  x "}
    values, wrong = forms.read(fields, typed, tiny.TODAY)
    assert not wrong
    assert values == {
        "on": tiny.TODAY,
        "month": date(2027, 3, 1),
        "unit": 5,
        "staff": None,
        "note": "x",
    }
    _, wrong = forms.read(fields, {**typed, "on": "13.45", "unit": "", "staff": "x"}, tiny.TODAY)
    assert [one.field for one in wrong] == ["on", "unit", "staff"]


@pytest.mark.parametrize("text", ["2027-03", "2027年3月", "2027.3", "2027/03", "2027-03-19"])
def test_a_month_is_read_as_it_is_written(text: str) -> None:
    values, wrong = forms.read((Field("month", "月份", "month"),), {"month": text}, tiny.TODAY)
    assert not wrong and values["month"] == date(2027, 3, 1)


def test_a_tree_shows_what_is_open_in_order() -> None:
    from benefits.organisations.models import Level
    from benefits.organisations.queries import Branch, OrganisationRow

    def branch(id: int, parent: int | None, children: int) -> Branch:
        row = OrganisationRow(id, str(id), f"{id}", Level.CITY, parent, "/", None, None, None)
        return Branch(row, children, children)

    tree = Tree()
    tree.put(None, [branch(1, None, 2)])
    assert [found.row.id for _, found in tree.lines()] == [1] and tree.sign(tree.branches[1]) == "+"
    tree.put(1, [branch(2, 1, 0), branch(3, 1, 1)])
    tree.put(3, [branch(4, 3, 0)])
    tree.opened |= {1, 3}
    assert [(depth, found.row.id) for depth, found in tree.lines()] == [(0, 1), (1, 2), (1, 3), (2, 4)]
    assert tree.sign(tree.branches[2]) == " " and tree.sign(tree.branches[3]) == "-"
    tree.opened.discard(1)
    assert len(tree.lines()) == 1
