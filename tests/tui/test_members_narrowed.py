"""The list of members narrowed by unit, status and plan (范围): who stands there, what is said, and how it is
cleared."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from textual.pilot import Pilot

from benefits.members.models import Status
from benefits.plans.models import PlanKind
from benefits.plans.queries import PlanRow
from tests.tui import tiny
from tests.tui.goldens import SIZES, Step, differing
from tests.tui.helpers import dump, keys, opened
from tui.gateway import Gateway
from tui.gateways.members import Narrowed
from tui.presenters import members as words
from tui.screens.members import Members

WOMEN = PlanRow("w", "女工特疾", "Women", next(iter(PlanKind)), "2018", date(2018, 1, 1), None, 0, False)
TEMPLATE = replace(WOMEN, code="t", name_zh="八项保障", name_en="Eight", draft=True)
TO_FINDER, TO_FIRST = ("enter", "zhangjiawan"), ("down", "enter")
"""In the form, on the unit: the finder and a name in pinyin, then the first that it finds."""

WALK: tuple[Step, ...] = (
    ("members_narrow", ("2", "down", "f")),
    ("members_narrow_finding", TO_FINDER),
    ("members_narrow_chosen", (*TO_FIRST, "tab", "tab", "left")),
    ("members_narrowed", ("f10",)),
    ("members_narrow_again", ("f",)),
    ("members_narrowed_nobody", ("escape", "/", "liyang")),
)


def names(pilot: Pilot[Any]) -> list[str]:
    """Who stands on the list."""
    screen = pilot.app.screen
    assert isinstance(screen, Members)
    return [row.name for row in screen._rows]


def told(pilot: Pilot[Any]) -> str:
    """The line of what is narrowed; empty: there is none."""
    lines = [line.strip() for line in dump(pilot.app).split("\n")]
    return next((line for line in lines if line.startswith(("范围：", "Only: "))), "")


# -- words --------------------------------------------------------------------------------------------------


def test_what_is_narrowed_stands_on_one_line_in_order() -> None:
    now = Narrowed(4, "张家湾镇总工会", "retired", WOMEN)
    assert words.narrowed_words(now, "zh") == "范围：张家湾镇总工会 · 退休 · 女工特疾"
    assert words.narrowed_words(now, "en") == "Only: 张家湾镇总工会 · retired · Women"
    assert words.narrowed_words(Narrowed(status="retired"), "zh") == "范围：退休"
    assert words.narrowed_words(Narrowed(), "zh") == "" and Narrowed().everybody


def test_the_form_offers_any_first_and_no_template() -> None:
    unit, status, plan = words.narrow_fields(Narrowed(), (WOMEN, TEMPLATE), "zh")
    assert [field.needed for field in (unit, status, plan)] == [False] * 3
    assert status.options[0] == ("", "不限") and plan.options == (("", "不限"), ("w", "女工特疾"))
    assert {value for value, _ in status.options[1:]} == {status.value for status in Status}


def test_the_form_shows_what_is_chosen_and_the_choice_that_clears_it() -> None:
    now = Narrowed(4, "张家湾镇总工会", "retired", WOMEN)
    whom, unit, status, plan = words.narrow_fields(now, (WOMEN,), "zh")
    assert [value for value, _ in whom.options] == ["these", "everybody"] and whom.initial == "these"
    assert (unit.initial, unit.shown) == ("4", "张家湾镇总工会")
    assert (status.initial, plan.initial) == ("retired", "w")


# -- the list -----------------------------------------------------------------------------------------------


async def test_by_status_and_one_choice_clears_it(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "down", "f", "tab", "left", "f10")
        assert names(pilot) == ["钱伟"] and told(pilot) == "范围：去世"
        await keys(pilot, "f", "tab", "tab", "left", "left", "f10")
        assert names(pilot) == ["陈静"] and told(pilot) == "范围：退休"
        await keys(pilot, "/", "zhang")
        assert names(pilot) == [], "the search stays within the status"
        await keys(pilot, "f3", "right", "f10")
        assert names(pilot) == ["张丽华"] and told(pilot) == "", "all is cleared but what was typed"


async def test_by_unit_with_all_below_it(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "down", "f", *TO_FINDER)
        await keys(pilot, *TO_FIRST, "f10")
        assert names(pilot) == [name for place, name in enumerate(tiny.NAMES) if place % 3 == 2]
        assert told(pilot) == "范围：张家湾镇总工会"
        await keys(pilot, "/", "ouyang")
        assert names(pilot) == ["欧阳娜娜"]
        await keys(pilot, "ctrl+u", "wangfang")
        assert names(pilot) == [], "王芳 is of another town"


async def test_by_plan_and_all_three(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "down", "f", "tab", "tab", "left", "f10")
        covered = [name for place, name in enumerate(tiny.NAMES) if place < 10]
        assert names(pilot) == covered
        assert told(pilot) == "范围：在职女职工特殊疾病互助保障活动"
        await keys(pilot, "f", "tab", *TO_FINDER)
        await keys(pilot, *TO_FIRST, "tab", "right", "f10")
        assert names(pilot) == ["张丽华", "欧阳娜娜", "周婷"]
        assert told(pilot) == "范围：张家湾镇总工会 · 在职 · 在职女职工特殊疾病互助保障活动"
        await keys(pilot, "f9")
        assert told(pilot).startswith("Only: 张家湾镇总工会 · in post · "), "said anew in the other language"
        assert names(pilot) == ["张丽华", "欧阳娜娜", "周婷"]


async def test_leaving_the_form_changes_nothing(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "down", "f", "tab", "left", "escape")
        assert len(names(pilot)) == len(tiny.NAMES) and told(pilot) == ""
        await keys(pilot, "f")
        assert "去世" not in dump(pilot.app), "nor is what was left kept for the next time"
        await keys(pilot, "tab", "left", "f10")
        await keys(pilot, "f", "right", "escape")
        assert names(pilot) == ["钱伟"] and told(pilot) == "范围：去世"


async def test_a_found_unit_can_be_taken_back(address: str) -> None:
    async with opened(address) as pilot:
        await keys(pilot, "2", "down", "f", *TO_FINDER)
        await keys(pilot, *TO_FIRST)
        assert "张家湾镇总工会" in dump(pilot.app)
        await keys(pilot, "right", "f10")
        assert len(names(pilot)) == len(tiny.NAMES) and told(pilot) == ""


async def test_a_letter_asks_the_database_once_narrowed_or_not(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    read = Gateway.read

    async def counted(self: Gateway, query: Any, /, *args: Any, **given: Any) -> Any:
        asked.append(query.__name__)
        return await read(self, query, *args, **given)

    async with opened(address) as pilot:
        await keys(pilot, "2", "down", "f", "tab", "tab", "left", "f10", "/")
        monkeypatch.setattr(Gateway, "read", counted)
        await keys(pilot, "z")
        await keys(pilot, "h")
        assert asked == ["search", "search"]


async def test_pages_go_on_within_what_is_narrowed(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.members.FIRST", 4)
    async with opened(address) as pilot:
        await keys(pilot, "2", "down", "f", "tab", "tab", "left", "f10")
        assert len(names(pilot)) == 4
        await keys(pilot, "end")
        assert names(pilot) == list(tiny.NAMES[:10])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_screen_is_as_it_was(address: str, lang: str, size: tuple[int, int]) -> None:
    async with opened("benefits.sqlite", lang=lang, size=size) as pilot:
        wrong = await differing(pilot, WALK, size, lang)
    assert not wrong, "\n\n".join(f"--- {name}\n{shown}" for name, shown in wrong.items())
