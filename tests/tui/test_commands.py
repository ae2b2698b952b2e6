"""One command table: words in both languages, keys that a person can press, a key map that is checked."""

import re
from pathlib import Path

import pytest

from benefits.kernel.errors import Refused
from benefits.kernel.messages import catalogue, text
from tests.tui.helpers import ROOT
from tui import keymap
from tui.commands import TABLE, binding, key_name
from tui.widgets.furniture import fit_keys

AVOIDED = {"ctrl+a", "ctrl+b", "ctrl+j", "ctrl+o", "ctrl+space", "f11", "ctrl+c"}


@pytest.mark.parametrize("id", TABLE)
def test_every_command_has_a_name_and_a_sentence_in_both_languages(id: str) -> None:
    for lang in ("zh", "en"):
        assert text(TABLE[id].text, lang) and text(TABLE[id].help, lang)
    assert not set(TABLE[id].key.split(",")) & AVOIDED, (
        "taken by tmux, screen, the input method or the window"
    )


def test_every_message_of_the_terminal_says_the_same_in_both_languages() -> None:
    for key, words in catalogue("tui").items():
        assert set(words) == {"zh", "en"}, key
        holes = [sorted(re.findall(r"{(\w+)", words[lang])) for lang in ("zh", "en")]
        assert holes[0] == holes[1], key


def test_every_message_that_the_code_names_is_in_the_catalogue() -> None:
    named: set[str] = set()
    for path in Path(ROOT, "tui").rglob("*.py"):
        named |= set(re.findall(r"\"(tui\.[a-z_]+(?:\.[a-z_0-9]+)+)\"", path.read_text("utf-8")))
    modules = {f"tui.{path.stem}" for path in Path(ROOT, "tui").rglob("*.py")}
    assert sorted(key for key in named if key not in catalogue("tui") and key not in modules) == []


def test_no_message_is_left_over() -> None:
    source = "\n".join(path.read_text("utf-8") for path in Path(ROOT, "tui").rglob("*.py"))
    made = set(re.findall(r"f[\"'](tui\.[a-z_.]+)\{", source))
    unused = [
        key
        for key in catalogue("tui")
        if f'"{key}"' not in source and f"'{key}'" not in source and not key.startswith(tuple(made))
    ]
    assert unused == []


def test_no_command_hides_behind_a_key_of_the_lists() -> None:
    """A list moves by j, k, g and G too, and would keep them from the screen."""
    moving = set("jkgG") | {"up", "down", "home", "end", "pageup", "pagedown"}
    assert [id for id, command in TABLE.items() if moving & set(command.key.split(","))] == []


def test_a_binding_carries_the_id_that_a_key_map_names() -> None:
    assert binding("run.apply").id == "run.apply" and binding("run.apply").description == "tui.cmd.run.apply"


@pytest.mark.parametrize(
    ("key", "shown"),
    [("ctrl+p", "^P"), ("f1", "F1"), ("escape", "Esc"), ("slash", "/"), ("n", "n"), ("f10", "F10")],
)
def test_keys_are_named_as_on_the_keyboard(key: str, shown: str) -> None:
    assert key_name(key) == shown


def test_the_key_line_keeps_help_and_drops_from_the_end() -> None:
    entries = [("n", "新批次"), ("u", "单位"), ("p", "报告"), ("F1", "帮助")]
    shown = "".join(piece for piece, _ in fit_keys(entries, 22))
    assert shown == " n 新批次  F1 帮助 "
    assert fit_keys([], 10) == [("", "")]


def test_a_key_map_is_read_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_text('"run.apply" = "f12"\n', "utf-8")
    assert keymap.load(path) == {"run.apply": "f12"}
    path.write_text('"run.fly" = "f12"\n"run.apply" = 3\n"app.help" = "f5"\n', "utf-8")
    with pytest.raises(Refused) as refused:
        keymap.load(path)
    assert [problem.code for problem in refused.value.problems] == [
        "tui.keymap_unknown",
        "tui.keymap_value",
        "tui.keymap_twice",
    ]
    path.write_text("not toml", "utf-8")
    with pytest.raises(Refused, match="cannot be read"):
        keymap.load(path)
