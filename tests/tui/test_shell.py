"""The shell: areas, language, help, palette, and an error that does not end the program."""

from pathlib import Path

import pytest

from benefits.kernel.errors import Refused
from tests.tui.helpers import dump, keys, settle
from tui.app import BenefitsApp
from tui.commands import AREAS
from tui.gateway import Gateway


async def _nothing() -> None:
    """Stands for a database that has not answered yet."""


def _closed(lang: str = "zh") -> BenefitsApp:
    app = BenefitsApp(Gateway("unused", "unused"), lang)
    app._opened = _nothing  # type: ignore[method-assign]
    return app


async def test_number_keys_lead_to_the_areas_and_the_open_one_stands_in_brackets() -> None:
    app = _closed()
    async with app.run_test(size=(80, 24)) as pilot:
        for number, (area, name) in enumerate(
            zip(AREAS, ("首页", "会员", "计划", "续保", "组织", "花名册", "健康包", "系统"), strict=True), 1
        ):
            app.screen.set_focus(None)
            await keys(pilot, str(number))
            assert app.current_mode == area
            assert f"[{number} {name}]" in dump(app).split("\n")[0]
        await keys(pilot, "f6")
        assert app.current_mode == "home"


async def test_the_language_changes_everywhere_at_once_and_back() -> None:
    app = _closed()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        chinese = dump(app)
        await keys(pilot, "f9")
        english = dump(app)
        assert "[1 Home]" in english and "Help" in english.split("\n")[-2]
        assert not [char for char in english if "\u4e00" <= char <= "\u9fff"]
        await keys(pilot, "f9")
        assert dump(app) == chinese


@pytest.mark.parametrize("key", ["f1", "ctrl+p"])
async def test_help_lists_the_commands_narrows_and_does_one(key: str) -> None:
    app = _closed()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, key)
        assert "首页" in dump(app)
        await keys(pilot, "app.quit")
        assert "退出" in dump(app) and "^Q" in dump(app)
        await keys(pilot, "ctrl+u", "jh")
        assert "没有这样的命令" in dump(app)
        await keys(pilot, "backspace", "backspace", "area.plans", "enter")
        assert app.current_mode == "plans"


async def test_a_missing_database_is_told_in_a_dialog_and_the_program_lives(tmp_path: Path) -> None:
    app = BenefitsApp(Gateway(str(tmp_path / "none.sqlite"), "nobody"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        shown = dump(app)
        assert "没有办成" in shown and "kernel.no_such_database" in shown
        await keys(pilot, "escape", "f6")
        assert app.current_mode == "members"
    app.gateway.close()


async def test_an_error_of_any_kind_ends_in_a_dialog() -> None:
    app = _closed()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for error in (
            Refused("tui.keymap_unreadable", path="[/]", why="x"),
            RuntimeError("110112199001011237"),
        ):
            app.trouble(error)
            await settle(pilot)
            assert "110112" not in dump(app)
            await keys(pilot, "enter")
        await keys(pilot, "2")
        assert app.current_mode == "members"


@pytest.mark.parametrize(("text", "told"), [('"app.next_area" = "f7"', False), ('"app.fly" = "f7"', True)])
async def test_a_key_map_of_the_user_is_used_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: bool
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    place = tmp_path / "benefits" / "keys.toml"
    place.parent.mkdir()
    place.write_text(text, "utf-8")
    app = _closed()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert ("没有“app.fly”这个命令" in dump(app)) is told
        if not told:
            await keys(pilot, "f7")
            assert app.current_mode == "members"
