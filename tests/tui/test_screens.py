"""Every screen as text, in both languages and both sizes, against committed golden files.

``UPDATE_GOLDEN=1`` writes them anew: look at the difference before committing it.
"""

from pathlib import Path

import pytest

from benefits.rosters.kinds.members import CATEGORIES
from tests.tui import kit_case, roster_files, test_kit_screens, tiny
from tests.tui.goldens import GOLDEN, SIZES, Step, differing
from tests.tui.helpers import opened

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
    ("categories", ("t",)),
    ("category_edit", ("down", "enter")),
    ("category_new", ("escape", "n")),
    ("category_wrong", ("Barista", "tab", "咖啡师", "tab", "barista", "f10")),
    ("help", ("escape", "escape", "f1")),
)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_screen_is_as_it_was(address: str, lang: str, size: tuple[int, int]) -> None:
    async with opened("benefits.sqlite", lang=lang, size=size) as pilot:
        wrong = await differing(pilot, WALK, size, lang)
    assert not wrong, "\n\n".join(f"--- {name}\n{shown}" for name, shown in wrong.items())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_english_screens_speak_english(size: tuple[int, int]) -> None:
    """Nothing but data (names of people, unions and the user) is Chinese on an English screen."""
    data = set("".join(tiny.NAMES) + "北京市总工会通州区永顺镇张家湾机械制造有限公司委员中心小学卫生院王经办")
    data |= set("".join(CATEGORIES) + "咖啡师")
    data |= set("本人要求中文")  # a reason that was typed; what the language key says
    data |= set(
        "".join(roster_files.HEAD) + "名册韩梅李雷核对了证件导错赵经办"
    )  # a unit's file; what was typed
    for case in (kit_case, test_kit_screens):  # names in the case of kits; what was typed there
        data |= set(Path(str(case.__file__)).read_text("utf-8"))
    for path in sorted((GOLDEN / f"{size[0]}x{size[1]}" / "en").glob("*.txt")):
        if path.stem in ("edition", "edition_more"):
            continue  # the plan's own text: issuer and sources stand there as published
        text = path.read_text("utf-8")
        chinese = {char for char in text if "\u3400" <= char <= "\u9fff"} - data
        assert not chinese, f"{path.name}: {''.join(sorted(chinese))}"
