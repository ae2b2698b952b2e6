"""Campaigns, stock and people in the terminal: what is asked is done, what stands in the way is told, and who
may not do a thing is not offered it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from benefits.access.models import Role
from benefits.access.queries import INSTALLER
from benefits.access.service import add_user
from benefits.database import open_database
from benefits.kernel.clock import FixedClock
from benefits.kernel.errors import Refused
from tests.tui import kit_case, tiny
from tests.tui.helpers import dump, keys, settle
from tui.app import BenefitsApp
from tui.gateway import Gateway
from tui.gateways import care, kits, packages, stock
from tui.modals.dialogs import Tell
from tui.presenters import stock as stock_words


@asynccontextmanager
async def opened(address: str, user: str = "wang") -> AsyncIterator[Pilot[int]]:
    gateway = Gateway(address, user, FixedClock(tiny.TODAY))
    app = BenefitsApp(gateway)
    app.animation_level = "none"
    async with app.run_test(size=(110, 34)) as pilot:
        await settle(pilot)
        yield pilot
    gateway.close()


@asynccontextmanager
async def gate(address: str) -> AsyncIterator[Gateway]:
    gateway = Gateway(address, "wang", FixedClock(tiny.TODAY))
    await gateway.open()
    yield gateway
    gateway.close()


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return kit_case.address(tmp_path)


async def test_kits_are_built_as_far_as_parts_go_and_what_is_short_is_told(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "7", "s", "enter")
        assert "还能组装“健康小三件”10 套" in dump(pilot.app)
        await keys(pilot, "b", "down", "11")
        assert "最多能装 10 套：限盐勺缺 2。" in dump(pilot.app)
        await keys(pilot, "f10")
        assert "限盐勺" in dump(pilot.app) and "F10 办理" in dump(pilot.app), "refused, and the form stays"
        await keys(pilot, "ctrl+u", "10", "f10")
        assert "还能组装" not in dump(pilot.app)
    async with gate(address) as gateway:
        rows, _ = await stock.at(gateway, kit_case.STORE)
        assert {item: count for _, item, count, _ in stock_words.by_item(rows)} == {
            **{"控油壶": 10, "腰围尺": 6, "健康小三件": 18, "健康手册": 182}
        }


async def test_a_delivery_arrives_with_its_differences_and_the_book_adds_up(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "7", "enter", "t", "enter")
        await keys(pilot, "d", "ctrl+u", "3", "down", "ctrl+u", "2", "f10")
        assert "多于发出的 4" in dump(pilot.app)
        await keys(pilot, "ctrl+u", "1", "down", "雨淋", "f10")
        await keys(pilot, "a", "down", "enter")
        assert "已签收" in dump(pilot.app) and "雨淋" in dump(pilot.app)
    async with gate(address) as gateway:
        (kit, _) = await kits.balance(gateway, kit_case.CAMPAIGN)
        assert (kit.arrived, kit.damaged + kit.lost, kit.handed_out, kit.on_hand) == (12, 4, 2, 6)
        assert kit.difference == kit.unrecorded == kit.on_road == 0


async def test_a_campaign_does_not_close_before_everything_is_settled(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "7", "enter", "c")
        shown = dump(pilot.app)
        assert "不能结清" in shown and "DB-2026-0002" in shown and "永顺镇发放点还有健康小三件6套" in shown
    async with gate(address) as gateway:
        for found in await stock.transfers(gateway, kit_case.CAMPAIGN, None):
            if found.state.value == "sent":
                await stock.cancel_transfer(gateway, found.id, "改到仓库")
        values = {"to": str(kit_case.STORE), "carrier": None, "note": None}
        values |= {f"item-{kit_case.KIT}": 6, f"item-{kit_case.LEAFLET}": 12}  # type: ignore[dict-item]
        made = await stock.send(gateway, kit_case.FIRST, values)
        await stock.arrive(gateway, await stock.transfer(gateway, made), {})
    async with opened(address) as pilot:
        await keys(pilot, "7", "enter", "c")
        assert "账目已平" in dump(pilot.app)
        await keys(pilot, "down", "enter")
        assert "已结清" in dump(pilot.app) and "h 发放台" not in dump(pilot.app)


async def test_a_stocktake_books_what_differs_and_goods_move_again(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "7", "s", "enter", "c", "down", "enter")
        for count, why in (("19", "少一个"), ("20", ""), ("16", ""), ("8", ""), ("183", "多一册")):
            await keys(pilot, "enter", "ctrl+u", count, "down", *([why] if why else []), "f10")
        await keys(pilot, "c")
        assert "盘盈 1，盘亏 1" in dump(pilot.app)
        await keys(pilot, "down", "enter")
        assert "已入账" in dump(pilot.app)
        await keys(pilot, "escape")
        assert "冻结" not in dump(pilot.app) and "183 册" in dump(pilot.app)


async def test_people_are_listed_page_by_page_and_put_on_the_list(address: str) -> None:
    async with gate(address) as gateway:
        given = {"member": 3, "amount": "500", "site": "家中", "note": None}
        await kits.put_on_list(gateway, kit_case.CAMPAIGN, given)
        counts = await kits.people_counts(gateway, kit_case.CAMPAIGN)
        assert counts == {"entitled": 17, "waiting": 15, "handed": 2, "listed": 1}
    async with opened(address) as pilot:
        await keys(pilot, "7", "enter", "l", "left")
        assert "张丽华" in dump(pilot.app) and "500.00元" in dump(pilot.app) and "家中" in dump(pilot.app)
        await keys(pilot, "x", "down", "enter")
        assert "[名单 0]" in dump(pilot.app)


async def test_a_package_goes_out_and_its_station_waits(address: str, tmp_path: Path) -> None:
    async with gate(address) as gateway:
        values = {"station": str(kit_case.FIRST), "whom": "station", "login": "wang"}
        made, path, code = await packages.make(gateway, values | {"path": str(tmp_path / "a.kit")})
        assert path.exists() and code and made.people == 11
        (row,) = await packages.packages(gateway, kit_case.CAMPAIGN)
        assert row.state.value == "out" and await packages.conflicts(gateway, kit_case.CAMPAIGN) == ()
        with pytest.raises(Refused):
            await stock.begin_count(gateway, kit_case.FIRST)
        await packages.lose(gateway, row.id, "文件丢了")
    async with opened(address) as pilot:
        await keys(pilot, "7", "enter", "p")
        assert "已丢失" in dump(pilot.app)


async def test_a_paper_is_drawn_from_the_campaign(address: str, tmp_path: Path) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "7", "enter", "w")
        assert "签收表：永顺镇发放点" in dump(pilot.app)
        await keys(pilot, "f10")
        assert isinstance(pilot.app.screen, Tell)
    assert (tmp_path / "HD-2026-0001.pdf").read_bytes().startswith(b"%PDF")


async def test_birthdays_of_a_month_become_a_list(address: str) -> None:
    async with gate(address) as gateway:
        values = {"organisation": 2, "month": date(2026, 2, 1), "item": "1", "counts_stock": "no"}
        found = await care.add_birthdays(gateway, values)
        assert found.listed == 15, "all but who was born in December, retired or died"
        visits = {"organisation": 2, "name": "春节走访", "starts": tiny.TODAY, "ends": date(2027, 2, 1)}
        made = await care.add_visits(gateway, visits | {"budget": "1000"})
        view, _, _ = await kits.campaign(gateway, made.campaign_id)
        assert view.listed_only and view.budget_fen == 100_000 and not view.counts_stock


async def test_a_campaign_is_made_and_edited_and_a_stale_form_is_refused(address: str) -> None:
    asked = {
        **{"organisation": 2, "name": "快递小哥暖心包", "kind": "kits", "starts": tiny.TODAY},
        **{"ends": date(2026, 12, 31), "rule": "category:", "rule_more": "courier", "whom": "all"},
        **{"public": "no", "once": "campaign", "purpose": None, "budget": "1,000", "fund": "district_union"},
    }
    async with gate(address) as gateway:
        made = await kits.add_campaign(gateway, asked)
        view, _, said = await kits.campaign(gateway, made)
        assert view.budget_fen == 100_000 and len(view.rule) == len(said) == 1
        await kits.set_item(gateway, made, {"item": "1", "per_person": 2, "planned": None})
        await kits.set_item(gateway, made, {"item": "2", "per_person": 1, "planned": 50})
        await kits.set_item(gateway, made, {"item": "1", "per_person": 0, "planned": None})
        await kits.add_unit(gateway, made, {"organisation": 3, "how": "in"})
        now, _, _ = await kits.campaign(gateway, made)
        assert [(one.item_id, one.per_person, one.planned) for one in now.items] == [(2, 1, 50)]
        assert [id for id, _ in now.units] == [3]
        with pytest.raises(Refused) as refused:
            await kits.edit_campaign(gateway, made, view.version, asked | {"name": "新名"})
        assert refused.value.code == "kits.stale"
        await kits.edit_campaign(gateway, made, now.version, asked | {"name": "新名", "rule": "keep"})
        last, _, _ = await kits.campaign(gateway, made)
        assert (last.row.name, last.rule) == ("新名", view.rule)


async def test_who_may_not_hand_out_or_approve_is_not_offered_it(address: str) -> None:
    database = open_database(address, clock=FixedClock(tiny.TODAY))
    database.act(INSTALLER, add_user, login="kan", name="李审计", role=Role.AUDITOR)
    database.close()
    async with opened(address, "kan") as pilot:
        await keys(pilot, "7")
        line = dump(pilot.app).rstrip().split("\n")[-1]
        assert "发放台" not in line and "新活动" not in line
        await keys(pilot, "enter")
        line = dump(pilot.app).rstrip().split("\n")[-1]
        assert "分配" in line and "结清" not in line
