"""The screens of rosters, duplicates, data quality, the union tree and a person's verbs as text, in both
languages and both sizes."""

from pathlib import Path

import pytest

from benefits.kernel.clock import FixedClock
from tests.tui import roster_files, tiny
from tests.tui.goldens import SIZES, Step, differing
from tests.tui.helpers import settle
from tui.app import BenefitsApp
from tui.gateway import Gateway

WALK: tuple[Step, ...] = (
    ("rosters_empty", ("6",)),
    ("roster_file", ("n", "名册.csv", "enter")),
    ("roster_columns", ("f10",)),
    ("roster_map", ("end", "enter")),
    ("roster_problems", ("escape", "f10")),
    ("roster_problem", ("enter",)),
    ("roster_changes", ("escape", "right")),
    ("roster_duplicates", ("right",)),
    ("roster_good", ("left", "left", "m")),
    ("roster_confirm", ("f10",)),
    ("roster_imported", ("down", "enter")),
    ("batch", ("enter",)),
    ("rosters", ("escape",)),
    ("home_duplicates", ("1", "home")),
    ("cases", ("enter",)),
    ("case", ("enter",)),
    ("case_same", ("s",)),
    ("cases_done", ("核对了证件", "enter")),
    ("batch_undo", ("escape", "u")),
    ("batch_undone", ("导错了", "enter", "enter")),
    ("quality", ("escape", "b")),
    ("faulty", ("down", "down", "enter")),
    ("faults", ("f",)),
    ("tree", ("escape", "escape", "escape", "5")),
    ("tree_open", ("down", "right")),
    ("tree_day", ("t", "2016-5-1", "enter")),
    ("tree_found", ("t", "enter", "/", "weisheng")),
    ("unit", ("enter", "enter")),
    ("unit_edit", ("e",)),
    ("unit_appoint", ("escape", "a")),
    ("unit_appointed", ("赵经办", "tab", "13900001111", "f10")),
    ("unit_close", ("c",)),
    ("member_marked", ("escape", "2", "down", "space", "space")),
    ("members_transfer", ("t",)),
    ("person", ("escape", "home", "enter")),
    ("timeline", ("l",)),
    ("file", ("escape", "i")),
    ("file_number", ("n", "enter")),
    ("file_added", ("tab", "110000001", "f10")),
    ("person_edit", ("escape", "e")),
    ("person_plan", ("escape", "p")),
    ("person_help", ("escape", "f1")),
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny district, and beside it what a unit has sent."""
    tiny.address(tmp_path)
    roster_files.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_screen_is_as_it_was(here: Path, lang: str, size: tuple[int, int]) -> None:
    gateway = Gateway("benefits.sqlite", "wang", FixedClock(tiny.TODAY))
    app = BenefitsApp(gateway, lang)
    app.animation_level = "none"
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        wrong = await differing(pilot, WALK, size, lang)
    gateway.close()
    assert not wrong, "\n\n".join(f"--- {name}\n{shown}" for name, shown in wrong.items())
