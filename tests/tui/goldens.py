"""Screens as text against committed files; ``UPDATE_GOLDEN=1`` writes them anew."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.tui.helpers import dump, keys

GOLDEN = Path(__file__).parent / "golden"
SIZES = ((80, 24), (120, 40))
Step = tuple[str, tuple[str, ...]]


async def differing(
    pilot: Pilot[Any], walk: Iterable[Step], size: tuple[int, int], lang: str
) -> dict[str, str]:
    """Walk through the program and return the screens that are not as their files say, by name."""
    wrong: dict[str, str] = {}
    for name, pressed in walk:
        await keys(pilot, *pressed)
        pilot.app.clear_notifications()
        await pilot.pause()
        shown = re.sub("[0-9a-f]{12}…", "············…", dump(pilot.app))
        path = GOLDEN / f"{size[0]}x{size[1]}" / lang / f"{name}.txt"
        if os.environ.get("UPDATE_GOLDEN"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(shown, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != shown:
            wrong[name] = shown
    return wrong
