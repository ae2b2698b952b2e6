"""The screens of rosters, duplicates, data quality, the union tree and a person's verbs as text, in both
languages and both sizes."""

from pathlib import Path

import pytest

from tests.tui import roster_files
from tests.tui.goldens import SIZES, Step, differing
from tests.tui.helpers import opened

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
    ("file_retain", ("r",)),
    ("file_retained", ("2056-12-31", "f10")),
    ("person_edit", ("escape", "e")),
    ("person_plan", ("escape", "p")),
    ("person_help", ("escape", "f1")),
)


@pytest.fixture
def address(address: str, tmp_path: Path) -> str:
    """The tiny district, and beside it what a unit has sent."""
    roster_files.write(tmp_path)
    return address


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_screen_is_as_it_was(address: str, lang: str, size: tuple[int, int]) -> None:
    async with opened("benefits.sqlite", lang=lang, size=size) as pilot:
        wrong = await differing(pilot, WALK, size, lang)
    assert not wrong, "\n\n".join(f"--- {name}\n{shown}" for name, shown in wrong.items())
