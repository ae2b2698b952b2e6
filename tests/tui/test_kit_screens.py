"""The screens of kits as text, in both languages and both sizes."""

from pathlib import Path

import pytest

from benefits.kernel.clock import FixedClock
from tests.tui import kit_case, tiny
from tests.tui.goldens import SIZES, Step, differing
from tests.tui.helpers import settle
from tui.app import BenefitsApp
from tui.gateway import Gateway

WALK: tuple[Step, ...] = (
    ("kits", ("7",)),
    ("kits_new", ("n",)),
    ("kits_care", ("escape", "b")),
    ("kits_birthdays", ("enter",)),
    ("kits_visits", ("escape", "b", "down", "enter")),
    ("goods", ("escape", "i")),
    ("goods_add", ("n",)),
    ("goods_bill", ("escape", "down", "down", "down", "enter")),
    ("goods_part", ("b",)),
    ("stores", ("escape", "escape", "escape", "s")),
    ("stock", ("enter",)),
    ("stock_receive", ("r",)),
    ("stock_build", ("escape", "b", "down", "30")),
    ("stock_send", ("escape", "s")),
    ("stock_damage", ("escape", "d")),
    ("stock_moves", ("escape", "m")),
    ("stocktake_ask", ("escape", "c")),
    ("stocktake", ("down", "enter")),
    ("stocktake_count", ("enter",)),
    ("stocktake_counted", ("ctrl+u", "19", "down", "少一个", "f10")),
    ("stocktake_cancel", ("x",)),
    ("stocktake_cancelled", ("点错了", "enter")),
    ("campaign", ("escape", "escape", "escape", "enter")),
    ("campaign_item", ("right",)),
    ("campaign_edit", ("e",)),
    ("campaign_station", ("escape", "n")),
    ("campaign_gives", ("escape", "m")),
    ("campaign_people", ("escape", "l")),
    ("campaign_listed", ("left",)),
    ("campaign_list_add", ("n",)),
    ("allocation", ("escape", "escape", "a")),
    ("allocation_propose", ("p",)),
    ("allocation_adjust", ("escape", "e")),
    ("transfers", ("escape", "escape", "t")),
    ("transfer", ("enter",)),
    ("transfer_differ", ("d",)),
    ("transfer_differs", ("1", "down", "down", "压坏", "f10")),
    ("transfer_arrive", ("a",)),
    ("transfer_arrived", ("down", "enter")),
    ("balance", ("escape", "escape", "b")),
    ("balance_item", ("enter",)),
    ("packages", ("escape", "escape", "p")),
    ("conflicts", ("c",)),
    ("campaign_close", ("escape", "escape", "c")),
    ("counter_station", ("escape", "h")),
    ("counter", ("enter",)),
    ("counter_look", ("wangfang", "enter")),
    ("counter_given", ("enter",)),
    ("counter_again", ("wangfang", "enter")),
    ("counter_many", ("zh", "enter")),
    ("counter_unknown", ("119999199001019999", "enter")),
    ("counter_quick", ("f7", "chenjing", "enter")),
    ("counter_void", ("f3",)),
    ("counter_group", ("escape", "f2")),
    ("counter_public", ("escape", "f12")),
    ("counter_items", ("escape", "ctrl+e")),
    ("counter_help", ("escape", "f1")),
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A district with its campaign."""
    kit_case.address(tmp_path)
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
