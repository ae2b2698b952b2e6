"""Every screen as text, in both languages and both sizes, against committed golden files.

``UPDATE_GOLDEN=1`` writes them anew: look at the difference before committing it.
"""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from benefits.kernel.clock import FixedClock
from tests.tui import roster_files, tiny
from tests.tui.helpers import dump, keys, settle
from tui.app import BenefitsApp
from tui.gateway import Gateway

GOLDEN = Path(__file__).parent / "golden"
SIZES = ((80, 24), (120, 40))

Step = tuple[str, tuple[str, ...]]
WALK: tuple[Step, ...] = (
    ("home", ()),
    ("members", ("2",)),
    ("members_found", ("zhang",)),
    ("member", ("enter",)),
    ("member_plans", ("x",)),
    ("explain", ("down", "down", "enter")),
    ("plans", ("escape", "escape", "escape", "escape", "3")),
    ("edition", ("down", "down", "enter")),
    ("edition_more", ("pagedown",)),
    ("renewal_empty", ("escape", "4")),
    ("new_run", ("n",)),
    ("new_run_wrong", ("tab", "tab", "13.45", "f10")),
    ("run", ("shift+tab", "shift+tab", "right", "right", "tab", "tab", "20261231", "f10")),
    ("people", ("l",)),
    ("why", ("down", "down", "down", "down", "enter")),
    ("verdicts", ("escape", "f")),
    ("decline", ("escape", "home", "d")),
    ("declined", ("本人要求", "enter")),
    ("units", ("escape", "u")),
    ("not_submitted", ("down", "s")),
    ("unit_out", ("down", "enter")),
    ("apply", ("escape", "a")),
    ("applied", ("down", "enter")),
    ("run_applied", ("enter",)),
    ("renewal", ("escape",)),
    ("home_after", ("1",)),
    ("system", ("8",)),
    ("help", ("f1",)),
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny district under a name that is the same on every machine."""
    tiny.address(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def _walk(pilot: Pilot[Any]) -> AsyncIterator[tuple[str, str]]:
    await settle(pilot)
    for name, pressed in WALK:
        await keys(pilot, *pressed)
        pilot.app.clear_notifications()
        await pilot.pause()
        yield name, re.sub("[0-9a-f]{12}…", "············…", dump(pilot.app))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_screen_is_as_it_was(here: Path, lang: str, size: tuple[int, int]) -> None:
    gateway = Gateway("benefits.sqlite", "wang", FixedClock(tiny.TODAY))
    app = BenefitsApp(gateway, lang)
    app.animation_level = "none"
    wrong: dict[str, str] = {}
    async with app.run_test(size=size) as pilot:
        async for name, shown in _walk(pilot):
            path = GOLDEN / f"{size[0]}x{size[1]}" / lang / f"{name}.txt"
            if os.environ.get("UPDATE_GOLDEN"):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(shown, "utf-8")
            elif not path.is_file() or path.read_text("utf-8") != shown:
                wrong[name] = shown
    gateway.close()
    assert not wrong, "\n\n".join(f"--- {name}\n{shown}" for name, shown in wrong.items())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_english_screens_speak_english(size: tuple[int, int]) -> None:
    """Nothing but data (names of people, unions and the user) is Chinese on an English screen."""
    data = set("".join(tiny.NAMES) + "北京市总工会通州区永顺镇张家湾机械制造有限公司委员中心小学卫生院王经办")
    data |= set("本人要求中文")  # a reason that was typed; what the language key says
    data |= set(
        "".join(roster_files.HEAD) + "名册韩梅李雷核对了证件导错赵经办"
    )  # a unit's file; what was typed
    for path in sorted((GOLDEN / f"{size[0]}x{size[1]}" / "en").glob("*.txt")):
        if path.stem in ("edition", "edition_more"):
            continue  # the plan's own text: issuer and sources stand there as published
        text = path.read_text("utf-8")
        chinese = {char for char in text if "\u3400" <= char <= "\u9fff"} - data
        assert not chinese, f"{path.name}: {''.join(sorted(chinese))}"
