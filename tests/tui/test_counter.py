"""The counter: a burst of scans is dealt with whole and in order, nobody is served twice or by an Enter typed
ahead, and what goes wrong never opens a dialog that would swallow the next scan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from benefits.access.queries import INSTALLER
from benefits.database import open_database
from benefits.kernel.clock import FixedClock
from benefits.kits.queries import handouts
from benefits.kits.service_handout import hand_out
from benefits.kits.service_stocktake import open_stocktake
from tests import engines
from tests.tui import kit_case, tiny
from tests.tui.helpers import Terminal, dump, keys, settle
from tui.app import BenefitsApp
from tui.gateway import Gateway
from tui.gateways import counter
from tui.screens.counter import PAUSE, Counter

PROGRAM = f"""
import sys
from datetime import date
import tui
from benefits.kernel.clock import FixedClock
sys.exit(tui.main(sys.argv[1], "wang", "zh", FixedClock(date.fromisoformat("{tiny.TODAY}"))))
"""


@asynccontextmanager
async def opened(address: str) -> AsyncIterator[Pilot[int]]:
    """The counter of the first station."""
    gateway = Gateway(address, "wang", FixedClock(tiny.TODAY))
    app = BenefitsApp(gateway)
    app.animation_level = "none"
    async with app.run_test(size=(100, 34)) as pilot:
        await settle(pilot)
        await keys(pilot, "7", "h", "enter")
        yield pilot
    gateway.close()


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return kit_case.address(tmp_path)


def _screen(pilot: Pilot[int]) -> Counter:
    return cast(Counter, pilot.app.screen)


def _burst(pilot: Pilot[int], text: str) -> None:
    """All at once, as a card reader writes; ``\\n`` is its Enter."""
    for char in text:
        name = "enter" if char == "\n" else _character_to_key(char)
        pilot.app.post_message(events.Key(name, None if char == "\n" else char))


def _act(address: str, verb: Any, **given: Any) -> Any:
    database = open_database(address, clock=FixedClock(tiny.TODAY))
    try:
        return database.act(INSTALLER, verb, **given)
    finally:
        database.close()


def _handed(address: str) -> list[int]:
    database = open_database(address, clock=FixedClock(tiny.TODAY))
    try:
        with database.read(INSTALLER) as unit:
            return [row.member_id for row in handouts(unit) if row.state.value == "active"]
    finally:
        database.close()


def _number(place: int) -> str:
    birth = date(1966 + place * 2, 2, 28) if place != 2 else date(1965, 12, 31)
    return tiny.number(birth, place, place < 11)


async def test_scan_look_hand_over_next(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, _number(1), "enter")
        assert "可以领  王芳" in dump(pilot.app) and "现有：健康小三件 6 套" in dump(pilot.app)
        assert sorted(_handed(address)) == [1, 4], "a look hands nothing over"
        await keys(pilot, "enter")
        shown = dump(pilot.app)
        assert "已发放  王芳" in shown and "现有：健康小三件 5 套" in shown and "今天已发 3 件次" in shown
        await keys(pilot, "enter")
        assert sorted(_handed(address)) == [1, 2, 4], "another Enter serves nobody"
        await keys(pilot, _number(1), "enter", "enter")
        shown = dump(pilot.app)
        assert "不能领  王芳" in shown and "12-01 12:00 已在“永顺镇发放点”领过健康小三件" in shown
        assert sorted(_handed(address)) == [1, 2, 4]


async def test_a_burst_of_a_thousand_scans_is_neither_lost_nor_misordered(address: str) -> None:
    """A thousand numbers with their Enter in one go; every fifth is a person's, each of them twice."""
    people = [place for place in range(1, 18) if place not in (3, 13)]  # two of eighteen have had theirs
    scans: list[str] = []
    for index in range(1000):
        place = people[index // 5 % len(people)]
        scans.append(_number(place) if index % 5 == 0 else f"9{index:05d}")
    async with opened(address) as pilot:
        await keys(pilot, "f7")
        _burst(pilot, "".join(f"{scan}\n" for scan in scans))
        await settle(pilot, 300)
        screen = _screen(pilot)
        while screen.pending:
            await pilot.pause(0.05)
        entries = [entry for entry in reversed(screen.history)]
        assert len(entries) == 1000
        for scan, entry in zip(scans, entries, strict=True):
            if scan.startswith("9"):
                assert entry.result == "unknown" and entry.name == f"*{scan[-4:]}"
            else:
                place = next(one for one in people if _number(one) == scan)
                assert entry.name == tiny.NAMES[place] and entry.result in ("given", "no", "failed")
        given = [entry.name for entry in entries if entry.result == "given"]
        assert len(given) == len(set(given)) == 6, "six sets were there"
    assert len(_handed(address)) == 8


async def test_names_typed_ahead_serve_nobody_who_was_not_chosen(address: str) -> None:
    async with opened(address) as pilot:
        _burst(pilot, "wang\nli\n\n")
        await settle(pilot)
        assert sorted(_handed(address)) == [1, 4]
        _burst(pilot, "zh\n\n")
        await settle(pilot)
        assert sorted(_handed(address)) == [1, 4]
        await keys(pilot, "down", "enter")
        assert len(_handed(address)) == 3, "chosen from the list that was seen"


async def test_the_list_follows_what_is_typed_and_f10_hands_over_from_it(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "wangfang")
        await pilot.pause(2 * PAUSE)
        await settle(pilot)
        assert "王芳" in dump(pilot.app) and "可领：健康小三件 1 套" in dump(pilot.app)
        await keys(pilot, "f10")
        assert "已发放  王芳" in dump(pilot.app)


async def test_somebody_served_elsewhere_meanwhile_is_told_and_nothing_is_lost(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, _number(1), "enter")
        where = {"campaign_id": kit_case.CAMPAIGN, "station_id": kit_case.FIRST}
        _act(address, hand_out, member_id=2, **where)
        _burst(pilot, f"\n{_number(4)}\n\n")
        await settle(pilot)
        shown = dump(pilot.app)
        assert "没办成    王芳" in shown and "已发放    陈静" in shown
        assert isinstance(pilot.app.screen, Counter)
        assert "现有：健康小三件 4 套" in shown


async def test_a_station_that_is_being_counted_hands_out_nothing_and_says_so(address: str) -> None:
    async with opened(address) as pilot:
        _act(address, open_stocktake, station_id=kit_case.FIRST)
        await keys(pilot, _number(1), "enter", "enter")
        assert "盘点" in dump(pilot.app) and isinstance(pilot.app.screen, Counter)
        assert sorted(_handed(address)) == [1, 4]


async def test_the_last_one_is_taken_back_with_a_reason(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "f3")
        assert isinstance(pilot.app.screen, Counter), "nothing to take back yet"
        await keys(pilot, _number(1), "enter", "enter")
        await keys(pilot, "ctrl+z")
        assert "王芳" in dump(pilot.app)
        await keys(pilot, "enter", "发错了人", "enter")
        shown = dump(pilot.app)
        assert "已撤回  王芳" in shown and "现有：健康小三件 6 套" in shown
        assert sorted(_handed(address)) == [1, 4]
        await keys(pilot, _number(1), "enter", "enter")
        assert sorted(_handed(address)) == [1, 2, 4], "and may have it after all"


async def test_a_representative_collects_for_the_unit(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "f2", "enter")
        await keys(pilot, "zhongxin", "enter")
        await keys(pilot, "tab", "吴代表", "f10")
        assert "代领 5 人" in dump(pilot.app)
        await keys(pilot, "enter")
        assert isinstance(pilot.app.screen, Counter) and "现有：健康小三件 1 套" in dump(pilot.app)
        assert len(_handed(address)) == 7


async def test_who_was_looked_at_and_not_served_stays_in_the_log(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, _number(1), "enter", _number(4), "enter", "escape")
        results = [(entry.result, entry.name) for entry in _screen(pilot).history]
        assert results == [("passed", "陈静"), ("passed", "王芳")]
        await keys(pilot, "escape")
        assert not isinstance(pilot.app.screen, Counter)


async def test_the_station_is_chosen_once_and_can_be_changed(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "escape", "h")
        assert isinstance(pilot.app.screen, Counter), "not asked again"
        await keys(pilot, "f4", "down", "enter")
        assert "张家湾镇发放点" in dump(pilot.app)
        await keys(pilot, _number(2), "enter", "enter")
        assert "没办成" in dump(pilot.app) and "张家湾镇发放点" in dump(pilot.app)


async def test_several_pasted_lines_are_several_scans(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "f7")
        pilot.app.post_message(events.Paste(f"{_number(1)}\n{_number(4)}\n123456789012345678\n"))
        await settle(pilot)
        results = [(entry.result, entry.name) for entry in reversed(_screen(pilot).history)]
        assert results == [("given", "王芳"), ("given", "陈静"), ("unknown", "*5678")]


async def test_the_public_is_counted_without_names(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "f12", "down", "ctrl+u", "2", "f10")
        assert "不记名" in dump(pilot.app) and "现有：健康小三件 4 套" in dump(pilot.app)


async def test_the_head_keeps_count_without_asking_again_on_both_engines(
    engine_kind: str, tmp_path: Path
) -> None:
    address = kit_case.address(tmp_path, engine_kind)
    gateway = Gateway(address, "wang", FixedClock(tiny.TODAY))
    await gateway.open()
    head = await counter.head(gateway, kit_case.FIRST)
    (person,) = await counter.look_up(gateway, kit_case.CAMPAIGN, _number(1), 5)
    assert person.ok and not person.had
    done = await counter.hand_out(gateway, kit_case.CAMPAIGN, kit_case.FIRST, person.member_id, None)
    assert counter.after(head, done) == await counter.head(gateway, kit_case.FIRST)
    (again,) = await counter.look_up(gateway, kit_case.CAMPAIGN, _number(1), 5)
    assert not again.ok and again.had[0].station == head.station
    await counter.void(gateway, done.ids, "发错了人")
    assert await counter.head(gateway, kit_case.FIRST) == head
    gateway.close()
    engines.discard(address)


def test_a_burst_in_a_real_terminal_is_counted_to_the_last_scan(address: str) -> None:
    """Two hundred numbers in one write, the last of them somebody's."""
    with Terminal.python("-c", PROGRAM, address, columns=100, rows=30) as terminal:
        terminal.wait("王经办", 60)
        terminal.send("7")
        terminal.wait("HD-2026-0001")
        terminal.send("h")
        terminal.wait("在哪个发放点发放")
        terminal.send("\r")
        terminal.wait("刷卡、刷证")
        terminal.send("".join(f"9{index:05d}\r" for index in range(199)) + f"{_number(1)}\r\r")
        terminal.wait("发放 1 人次，不能领 0，没找到 199", 60)
        terminal.wait("已发放  王芳")
        terminal.send("\x1b")
        terminal.send("\x11")
        assert terminal.wait_exit() == 0
