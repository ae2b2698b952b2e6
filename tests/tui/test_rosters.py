"""Rosters in the terminal: nothing is written before the last step, nothing typed is lost, long work stops,
and what a clerk is told adds up."""

import threading
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from textual.widgets import Input

from benefits.access.models import Role
from benefits.access.queries import INSTALLER
from benefits.access.service import add_user
from benefits.database import open_database
from benefits.kernel.clock import FixedClock
from benefits.kernel.errors import Refused, say
from tests import engines
from tests.tui import roster_files, tiny
from tests.tui.helpers import dump, gate, keys, opened
from tui.gateways import child, duplicates, rosters
from tui.gateways.child import Failed, Stopped, Work
from tui.gateways.rosters import FileAsked
from tui.presenters import roster_draft
from tui.presenters import rosters as words
from tui.screens.duplicates import CasePages


@pytest.fixture
def address(address: str, tmp_path: Path) -> str:
    """The tiny district, and beside it what a unit has sent."""
    roster_files.write(tmp_path)
    return address


ASKED = FileAsked(Path("名册.csv"), "members")


async def test_a_roster_goes_in_and_out_again_on_both_engines(
    engine_kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    roster_files.write(tmp_path)
    address = tiny.address(tmp_path, engine_kind)
    told: list[tuple[int, int]] = []
    async with gate(address) as gateway:
        before = len(await gateway.search("", 100))
        never = threading.Event()
        report = await rosters.check(gateway, ASKED, lambda done, total: told.append((done, total)), never)
        assert not isinstance(report, Stopped)
        counts = (report.rows, report.added, report.changed, report.same, report.queued, report.bad)
        assert counts == (5, 1, 1, 1, 1, 1) and told
        assert len(await gateway.search("", 100)) == before, "a check writes nothing"
        with pytest.raises(Refused, match="nothing was imported") as refused:
            await rosters.import_roster(gateway, ASKED, "all", 5, lambda done, total: None, never)
        assert refused.value.code == "rosters.not_clean" and len(refused.value.problems) == 3
        made = await rosters.import_roster(gateway, ASKED, "good", 5, lambda done, total: None, never)
        assert not isinstance(made, Stopped) and made.batch == "DR-2026-0001"
        assert len(await gateway.search("", 100)) == before + 1
        again = await rosters.import_roster(gateway, ASKED, "good", 5, lambda done, total: None, never)
        assert not isinstance(again, Stopped) and again.batch is None, "the same file changes nothing"
        assert await duplicates.count(gateway) == 1
        undone = await rosters.undo(gateway, made.batch, "导错了")
        assert undone.batch == made.batch and await duplicates.count(gateway) == 0
        assert len(await gateway.search("", 100)) == before
    engines.discard(address)


async def test_work_that_is_stopped_writes_nothing(address: str) -> None:
    async with gate(address) as gateway:
        stop = threading.Event()
        stop.set()
        result = await rosters.import_roster(gateway, ASKED, "good", 5, lambda done, total: None, stop)
        assert isinstance(result, Stopped)
        assert await rosters.batches(gateway) == ()


async def test_an_error_in_the_child_is_told_by_its_place_only(address: str) -> None:
    async with gate(address) as gateway:
        work = Work("no_such_task", gateway.address, "wang", gateway.clock, {})
        with pytest.raises(Failed) as failed:
            await gateway.in_thread(child.run, work, lambda done, total: None, threading.Event())
        assert failed.value.kind == "AttributeError" and failed.value.place.startswith("child.py:")


def test_the_parameters_of_a_sentence_cross_to_the_child_and_back() -> None:
    import pickle

    refusal = Refused("rosters.undone_already", batch="DR-1", by="wang")
    back = pickle.loads(pickle.dumps(refusal))
    assert isinstance(back.say.params, MappingProxyType) and back.say == refusal.say
    assert "DR-1" in str(back)


async def test_the_wizard_keeps_what_was_typed_and_a_column_that_was_changed(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "6", "n", "名册.csv", "enter", "f10")
        await keys(pilot, "end", "enter", "down", "down", "enter")
        assert "常用" in dump(pilot.app) and "按上次" in dump(pilot.app)
        mapped = dict(pilot.app.roster.mapping)  # type: ignore[attr-defined]
        assert list(mapped) == ["爱好"] and mapped["爱好"]
        await keys(pilot, "escape")
        assert pilot.app.screen.query_one("#path", Input).value == "名册.csv"
        await keys(pilot, "escape", "escape", "1", "6", "n")
        assert pilot.app.screen.query_one("#path", Input).value == "名册.csv"
        await keys(pilot, "f10")
        assert "按上次" in dump(pilot.app), "and the column that was changed is still so"


async def test_a_bad_row_blocks_the_whole_file_and_enter_alone_imports_nothing(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "6", "n", "名册.csv", "enter", "f10", "f10")
        assert "1 行有问题，不能导入" in dump(pilot.app)
        await keys(pilot, "f10")
        assert "将写入" not in dump(pilot.app), "the key does nothing while something is wrong"
        await keys(pilot, "m", "f10")
        assert "将写入：新增 1，更新 1，进查重队列 1" in dump(pilot.app)
        await keys(pilot, "enter")
        async with gate(address) as gateway:
            assert await rosters.batches(gateway) == ()


async def test_a_file_that_is_no_sheet_is_told_and_the_form_stays(address: str, tmp_path: Path) -> None:
    (tmp_path / "报告.csv").write_bytes(b"%PDF-1.7 nothing to read")
    async with opened(address) as pilot:
        await keys(pilot, "6", "n", "报告.csv", "f10")
        shown = dump(pilot.app)
        assert "没有办成" in shown and "rosters.file_" in shown
        await keys(pilot, "enter")
        assert pilot.app.screen.query_one("#path", Input).value == "报告.csv"


async def test_the_path_is_completed_and_folders_open(address: str, tmp_path: Path) -> None:
    (tmp_path / "来件").mkdir()
    roster_files.write(tmp_path / "来件", "甲[b].csv")
    roster_files.write(tmp_path / "来件", "乙.csv")
    (tmp_path / "来件" / "~$乙.xlsx").write_bytes(b"lock of a spreadsheet program")
    async with opened(address) as pilot:
        for pressed in ("6", "n", "来", "f4"):  # each after the folder was read for the one before
            await keys(pilot, pressed)
        assert pilot.app.screen.query_one("#path", Input).value == "来件/"
        shown = dump(pilot.app)
        assert "甲[b].csv" in shown and "乙.csv" in shown and "~$" not in shown
        for pressed in ("甲", "f4", "enter"):
            await keys(pilot, pressed)
        for _ in range(200):  # the file is read by a child, which takes its time on a busy machine
            if "标题在第 2 行" in dump(pilot.app):
                break
            await pilot.pause(0.05)
        assert "标题在第 2 行" in dump(pilot.app)


async def test_annotating_says_where_the_marked_copy_is(address: str, tmp_path: Path) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "6", "n", "名册.csv", "enter", "f10", "f10")
        await keys(pilot, "a")
        assert "名册（已标注）.xlsx" in dump(pilot.app)
        await keys(pilot, "enter")
        assert "已标出 1 行" in dump(pilot.app)
    assert (tmp_path / "名册（已标注）.xlsx").stat().st_size > 1000


async def test_an_undo_that_is_blocked_lists_what_stands_in_the_way(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "6", "n", "名册.csv", "enter", "f10", "f10")
        await keys(pilot, "m", "f10", "down", "enter")
        await keys(pilot, "enter")
        await keys(pilot, "2", "hanmei", "enter")
        await keys(pilot, "e", "ctrl+u", "韩梅梅", "f10")
        await keys(pilot, "6", "u", "导错了", "enter")
        shown = dump(pilot.app)
        assert "不能撤销" in shown and "韩" in shown
        await keys(pilot, "escape")
        assert "已导入" in dump(pilot.app)


async def test_an_auditor_sees_imports_but_is_offered_nothing_that_writes(address: str) -> None:
    database = open_database(address, clock=FixedClock(tiny.TODAY))
    database.act(INSTALLER, add_user, login="shen", name="沈审计", role=Role.AUDITOR)
    database.close()
    async with opened(address, "shen") as pilot:
        for area in ("5", "6"):
            await keys(pilot, area)
            line = dump(pilot.app).rstrip().split("\n")[-1]
            assert not any(word in line for word in ("导入", "撤销", "新单位"))
        await keys(pilot, "n")
        assert "第 1 步" not in dump(pilot.app)


async def test_cases_come_page_by_page(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with gate(address) as gateway:
        await rosters.import_roster(gateway, ASKED, "good", 5, lambda done, total: None, threading.Event())
        pages = CasePages(gateway, "zh")
        assert await pages.count() == 1
        row = (await pages.page(0, 128))[0]
        assert row.cells[0] == row.cells[2] == "冯军" and "DR-2026-0001" in row.cells[5]
        assert await pages.page(128, 128) == []


def test_a_hundred_thousand_problems_are_made_into_lines_only_when_seen() -> None:
    made: list[int] = []

    def line(number: int) -> int:
        made.append(number)
        return number

    import asyncio

    listed = words.Listed(range(100_000), line)
    assert asyncio.run(listed.count()) == 100_000 and made == []
    assert asyncio.run(listed.page(99_900, 128)) == list(range(99_900, 100_000)) and len(made) == 100


def test_what_a_draft_lacks_is_told_by_field() -> None:
    assert [one.field for one in roster_draft.problems(roster_draft.Draft(), None)] == ["kind", "path"]
    draft = replace(roster_draft.Draft(path=" ~/a.csv "), options={"on": " ", "plan": "x"})
    asked = draft.asked()
    assert asked.options == {"plan": "x"} and asked.path == Path.home() / "a.csv"
    assert draft.mapped("姓 名", "name").mapping == {"姓 名": "name"}


def test_sizes_are_never_nothing() -> None:
    assert roster_draft.size_words(1) == "1 KB" and roster_draft.size_words(3_500_000) == "3.3 MB"


def test_a_problem_without_a_cell_is_placed_by_its_row() -> None:
    from benefits.rosters.kind import RowProblem

    problem = RowProblem(7, "", "", "", "rosters.row_total", say("rosters.row_total"))
    assert words.problem_cells(problem, "zh")[0] == "第 7 行"
