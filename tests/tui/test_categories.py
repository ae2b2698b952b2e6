"""The code table of worker categories in the terminal: added, changed, refused,
and what a person is offered."""

from datetime import date

import pytest
from textual.widgets import Input

from benefits.access.models import Role
from benefits.access.queries import INSTALLER
from benefits.access.service import add_user
from benefits.database import open_database
from benefits.kernel.clock import FixedClock
from tests.tui import tiny
from tests.tui.helpers import dump, gate, keys, opened
from tui.gateways import categories, members
from tui.presenters.categories import category_values

NEW = ("barista", "tab", "咖啡师", "tab", "barista", "tab", "tab", "tab", "four_2021、 cafe")


async def test_a_category_is_added_offered_and_after_its_last_day_no_more(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "8", "t")
        await keys(pilot, "n", *NEW, "f10")
        assert "咖啡师" in dump(pilot.app)
        async with gate(address) as gateway:
            (made,) = (row for row in await categories.table(gateway) if row.code == "barista")
            assert (made.groups, made.starts, made.ends) == (("cafe", "four_2021"), tiny.TODAY, None)
            assert made.code in [row.code for row in await members.categories(gateway)]
            given = {"category": "barista", "starts": tiny.TODAY}
            await members.add_category(gateway, 6, given)
        await keys(pilot, "end", "enter")
        assert pilot.app.screen.query_one("#groups", Input).value == "cafe four_2021"
        await keys(pilot, "tab", "tab", "tab", "2026-12-01", "f10")
        async with gate(address) as gateway:
            (kept,) = (row for row in await categories.table(gateway) if row.code == "barista")
            assert (kept.name_zh, kept.ends, kept.groups) == ("咖啡师", tiny.TODAY, made.groups)
    later = open_database(address, clock=FixedClock(date(2026, 12, 2)))
    with later.read(INSTALLER) as unit:
        from benefits.members.dossier import categories as in_use

        assert "barista" not in [row.code for row in in_use(unit)]
        assert "barista" in [row.code for row in in_use(unit, tiny.TODAY)]
    later.close()


async def test_what_is_refused_leaves_the_form_and_the_table_as_they_were(address: str) -> None:
    async with opened(address) as pilot:
        async with gate(address) as gateway:
            before = await categories.table(gateway)
            await members.add_category(gateway, 6, {"category": "courier", "starts": date(2026, 11, 1)})
        await keys(pilot, "8", "t")
        await keys(pilot, "n", "Barista", "tab", "咖啡师", "tab", "barista", "f10")
        assert "小写字母" in dump(pilot.app)
        assert pilot.app.screen.query_one("#name_zh", Input).value == "咖啡师"
        await keys(pilot, "escape")
        await keys(pilot, "home", "down", "enter")
        assert "快递员（courier）" in dump(pilot.app)
        await keys(pilot, "tab", "tab", "ctrl+u", "2026-11-02", "f10")
        assert "自2026-11-01起" in dump(pilot.app), "somebody holds it on a day before"
        async with gate(address) as gateway:
            assert await categories.table(gateway) == before


async def test_who_may_not_define_looks_only(address: str) -> None:
    database = open_database(address, clock=FixedClock(tiny.TODAY))
    database.act(INSTALLER, add_user, login="shen", name="沈审计", role=Role.AUDITOR)
    database.close()
    async with opened(address, "shen") as pilot:
        await keys(pilot, "8", "t")
        shown = dump(pilot.app)
        assert "快递员" in shown and "新类别" not in shown
        await keys(pilot, "n", "enter", "e")
        assert dump(pilot.app) == shown


@pytest.mark.parametrize("typed", ["a b", "a、b", " a,  b ", "a；b"])
def test_groups_are_read_one_by_one(typed: str) -> None:
    assert category_values(None, {"groups": typed})["groups"] == ["a", "b"]
    assert category_values(None, {"groups": None})["groups"] == []
