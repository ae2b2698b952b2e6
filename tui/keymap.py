"""Other keys for the same commands (按键设置): a TOML file of ``id = "key,key"``, checked against the command
table."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from benefits.kernel.errors import Problem, Refused, say
from tui.commands import TABLE


def usual_place() -> Path:
    """``keys.toml`` in the user's configuration; the program works without it."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return home / "benefits" / "keys.toml"


def load(path: Path) -> dict[str, str]:
    """The key map at ``path``: command id -> keys, for ``App.set_keymap``.

    Raises ``Refused("tui.keymap")`` that names every unknown command, every value that is no text and every
    key used twice.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refused("tui.keymap_unreadable", path=str(path), why=type(error).__name__) from error
    problems = check(data)
    if problems:
        raise Refused("tui.keymap", problems=problems, path=str(path), count=len(problems))
    return {str(id): str(keys) for id, keys in data.items()}


def check(data: Mapping[str, object]) -> tuple[Problem, ...]:
    """What is wrong with a key map."""
    problems = [
        Problem("tui.keymap_unknown", say("tui.keymap_unknown", id=id), field=id)
        for id in data
        if id not in TABLE
    ]
    problems += [
        Problem("tui.keymap_value", say("tui.keymap_value", id=id), field=id)
        for id, keys in data.items()
        if id in TABLE and not (isinstance(keys, str) and keys.strip())
    ]
    everywhere: dict[str, str] = {}
    for id in TABLE:
        if not id.startswith(("area.", "app.")):
            continue
        for key in str(data.get(id, TABLE[id].key)).split(","):
            if key in everywhere:
                words = say("tui.keymap_twice", key=key, first=everywhere[key], second=id)
                problems.append(Problem("tui.keymap_twice", words, field=id))
            everywhere[key] = id
    return tuple(problems)
