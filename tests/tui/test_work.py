"""Work on the tiny district: drafts, refusals, permissions, pages, a stop half-way; all through the
gateway."""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input

from benefits.access.models import Role
from benefits.access.queries import INSTALLER
from benefits.access.service import add_user
from benefits.database import open_database
from benefits.kernel.clock import FixedClock
from tests import engines
from tests.tui import tiny
from tests.tui.helpers import dump, gate, keys, opened, settle
from tui.gateway import Asked, Wanted
from tui.modals.progress import Progress
from tui.screens.people import DecisionPages
from tui.widgets import virtual_table

WINDOW = Asked(tiny.WOMEN, date(2026, 12, 1), date(2026, 12, 31), funding="district")


async def test_what_was_typed_into_a_form_is_there_when_one_comes_back(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "4", "n", "tab", "12.15", "escape")
        assert "续保 > 新批次" not in dump(pilot.app)
        await keys(pilot, "n")
        assert "接着上次" in dump(pilot.app) and "2026-12-15 周二" in dump(pilot.app)
        await keys(pilot, "f6", "1", "enter")
        assert "2026-12-01 周二" in dump(pilot.app), "a line of the first screen starts anew"


async def test_a_search_is_kept_while_the_clerk_is_elsewhere_and_in_the_other_language(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "ouyang")
        assert "欧阳娜娜" in dump(pilot.app) and "找到 1 人" in dump(pilot.app)
        await keys(pilot, "f6", "f9", "2")
        assert pilot.app.screen.query_one("#search", Input).value == "ouyang"
        assert "1 found" in dump(pilot.app) and "欧阳娜娜" in dump(pilot.app)


async def test_a_refused_preview_leaves_the_form_as_it_was(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "4", "n", "tab", "2030-01-01", "tab", "2030-01-31", "f10")
        shown = dump(pilot.app)
        assert "没有办成" in shown and "renewal.window_empty" in shown
        await keys(pilot, "enter")
        assert pilot.app.screen.query_one("#first", Input).value == "2030-01-01"
        assert "XB-" not in dump(pilot.app)


async def test_an_auditor_sees_but_is_offered_nothing_that_writes(address: str) -> None:
    database = open_database(address, clock=FixedClock(tiny.TODAY))
    database.act(INSTALLER, add_user, login="shen", name="沈审计", role=Role.AUDITOR)
    database.close()
    async with gate(address) as gateway:
        number = await gateway.preview(WINDOW)
    async with opened(address, "shen") as pilot:
        await keys(pilot, "4", "n")
        assert "新批次" not in dump(pilot.app)
        await keys(pilot, "enter")
        shown = dump(pilot.app)
        assert number in shown and "生效" not in shown.split("\n")[-2] and "名单" in shown.split("\n")[-2]
        await keys(pilot, "a", "c", "x")
        assert "【已预览】" in dump(pilot.app)


async def test_a_hostile_name_is_only_a_name_on_every_screen(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "[b]")
        await keys(pilot, "down", "enter")
        assert pilot.app.is_running
        async with gate(address) as gateway:
            await gateway.preview(WINDOW)
        await keys(pilot, "4", "enter", "l", "end", "d")
        assert "[b]孙[/]" in dump(pilot.app)
        await keys(pilot, "[/]x", "enter")
        assert "人工" in dump(pilot.app) and pilot.app.is_running


async def test_an_override_is_taken_back_by_one_key(address: str) -> None:
    async with opened(address) as pilot:
        async with gate(address) as gateway:
            await gateway.preview(WINDOW)
        await keys(pilot, "4", "enter", "l", "o", "试", "enter")
        assert "(人工)" in dump(pilot.app)
        await keys(pilot, "z")
        assert "(人工)" not in dump(pilot.app)


async def test_a_reason_is_needed(address: str) -> None:
    async with opened(address) as pilot:
        async with gate(address) as gateway:
            await gateway.preview(WINDOW)
        await keys(pilot, "4", "enter", "l", "d", "enter")
        assert "请填写，不能为空" in dump(pilot.app)
        await keys(pilot, "escape")
        assert "人工" not in dump(pilot.app)


async def test_enter_alone_never_applies(address: str) -> None:
    async with opened(address) as pilot:
        async with gate(address) as gateway:
            await gateway.preview(WINDOW)
        await keys(pilot, "4", "enter", "a", "enter")
        assert "【已预览】" in dump(pilot.app)
        await keys(pilot, "a", "escape")
        assert "【已预览】" in dump(pilot.app)


async def test_decisions_come_by_key_and_by_jump(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with gate(address) as gateway:
        number = await gateway.preview(WINDOW)
        monkeypatch.setattr("tui.screens.people.PAGE", 3)
        pages = DecisionPages(gateway, number, Wanted(), "zh")
        total = await pages.count()
        assert total == 10
        last = await pages.page(9, 3)
        one_by_one = [row for start in range(0, total, 3) for row in await pages.page(start, 3)]
        assert len(one_by_one) == 10 and last[0].cells == one_by_one[9].cells
        assert len({row.key.member_id for row in one_by_one}) == 10
        only = DecisionPages(gateway, number, Wanted(verdict="exclude"), "zh")
        assert await only.count() == len(await only.page(0, 3)) == 2
    assert virtual_table.PAGE == 128


async def test_applying_again_changes_nothing_and_says_so(address: str) -> None:
    async with gate(address) as gateway:
        number = await gateway.preview(WINDOW)
        told: list[tuple[int, int]] = []
        first = await gateway.apply(number, lambda done, total: told.append((done, total)), threading.Event())
        again = await gateway.apply(number, lambda done, total: None, threading.Event())
        assert (first.changed, first.finished, again.changed) == (True, True, False)
        assert told[-1] == (10, 10)


async def test_a_job_can_be_asked_to_stop_and_its_error_comes_back(address: str) -> None:
    async with opened(address) as pilot:
        results: list[object] = []

        async def slow(tell: Callable[[int, int], None], stop: threading.Event) -> str:
            import asyncio

            for done in range(1000):
                tell(done, 1000)
                if stop.is_set():
                    return f"stopped at {done}"
                await asyncio.sleep(0.005)
            return "done"

        async def broken(_tell: Callable[[int, int], None], _stop: threading.Event) -> str:
            raise OSError("disk")

        pilot.app.push_screen(Progress("[b]活[/]", "x", slow), results.append)
        await pilot.pause(0.3)
        assert "#" in dump(pilot.app) and "[b]活[/]" in dump(pilot.app)
        await keys(pilot, "escape")
        pilot.app.push_screen(Progress("y", "y", broken), results.append)
        await settle(pilot)
        assert str(results[0]).startswith("stopped at ") and isinstance(results[1], OSError)


async def test_a_folder_that_is_not_there_is_refused_and_nothing_is_written(
    address: str, tmp_path: Path
) -> None:
    async with opened(address) as pilot:
        async with gate(address) as gateway:
            await gateway.preview(WINDOW)
        await keys(pilot, "4", "enter", "p", "ctrl+u", str(tmp_path / "none" / "r.pdf"), "enter")
        assert "没有办成" in dump(pilot.app)
        await keys(pilot, "enter")
        assert "【已预览】" in dump(pilot.app) and not (tmp_path / "none").exists()


async def test_the_checks_of_the_system_screen_answer(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "8", "c")
        assert "操作记录完整" in dump(pilot.app)
        await keys(pilot, "escape", "v")
        assert "都成立" in dump(pilot.app)


async def test_the_gateway_does_a_renewal_on_both_engines(engine_kind: str, tmp_path: Path) -> None:
    address = tiny.address(tmp_path, engine_kind)
    async with gate(address) as gateway:
        runs, due = await gateway.due()
        assert runs == () and [(term.plan_code, term.people) for term in due] == [
            (tiny.ACCIDENT, 15),
            (tiny.WOMEN, 10),
        ]
        number = await gateway.preview(WINDOW)
        row = (await gateway.search("ouyang", 5))[0]
        await gateway.override(number, row.id, "decline", "本人要求")
        units = await gateway.units(number)
        await gateway.review_unit(number, units[0].organisation_id, "confirmed")
        assert await gateway.confirm(number) == 2
        assert (await gateway.apply(number, lambda done, total: None, threading.Event())).finished
        view = await gateway.run(number)
        assert (view.run.state.value, view.renewed, view.declined, view.excluded) == ("applied", 7, 1, 2)
        person, covers = await gateway.member(row.id)
        assert (
            person.name == "欧阳娜娜"
            and len([cover for cover in covers if cover.plan_code == tiny.WOMEN]) == 1
        )
        made = await gateway.report(
            number, tmp_path / "r.pdf", "zh", lambda done, total: None, threading.Event()
        )
        assert made.path.is_file() and made.failed == ()
        assert all(result.ok for result in await gateway.verify()) and (await gateway.verify_chain()).ok
    engines.discard(address)
