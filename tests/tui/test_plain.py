"""Data is never markup, on no surface, and a crash shows no values."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.widgets import Static

from benefits.kernel.errors import Refused
from benefits.kernel.text import cell_width
from tests.tui.helpers import ROOT, Terminal, dump, keys, settle
from tui.app import BenefitsApp
from tui.gateway import Gateway
from tui.modals.dialogs import Ask, AskText, Choose, Tell, trouble_words
from tui.plain import fit, line, plain
from tui.widgets.virtual_table import Column, Row, VirtualTable

HOSTILE = ("[b]x", "[/]x", "[@click=app.quit()]点我[/]", "x[/foo]", "[TZ001]x", "\\[b]", "$primary{x}")
INVISIBLE = ("张\x1b[31m三", "a\u202eb", "a\u200bb", "a\x00b", "a\tb\nc")


class _App(App[None]):
    def compose(self) -> ComposeResult:
        yield Static(id="one")
        yield VirtualTable([Column("c", "c", 40)])


@pytest.mark.parametrize("text", HOSTILE)
async def test_markup_in_data_is_shown_as_it_is(text: str) -> None:
    app = _App()
    async with app.run_test(size=(60, 8)) as pilot:
        app.query_one("#one", Static).update(plain(text))
        app.query_one(VirtualTable).show([Row(1, (text,))])
        await settle(pilot)
        first, _, row, *_ = dump(app).split("\n")
        assert first == text and row == ">" + text
        await pilot.click("#one", offset=(3, 0))
        await settle(pilot)
        assert app.is_running


@pytest.mark.parametrize("text", HOSTILE)
async def test_markup_in_every_part_of_every_dialog(text: str) -> None:
    app = BenefitsApp(Gateway("unused", "unused"))
    app._opened = _nothing  # type: ignore[method-assign]
    async with app.run_test(size=(100, 24)) as pilot:
        for dialog in (
            Ask(text, text, text),
            AskText(text, text, text),
            Choose(text, [Column("c", text, 30)], [Row(1, (text,))]),
            Tell(text, text),
        ):
            app.push_screen(dialog)
            await settle(pilot)
            assert dump(app).count(text) >= 2, dump(app)
            await keys(pilot, "escape")
        app.notify(text, markup=False)
        await settle(pilot)
        assert app.is_running


async def _nothing() -> None:
    pass


@pytest.mark.parametrize("text", INVISIBLE)
def test_control_direction_and_zero_width_are_taken_out(text: str) -> None:
    for shown in (line(text), plain(text).plain.replace("\n", ""), fit(text, 20)):
        assert not set(shown) & set("\x1b\u202e\u200b\x00\t\n")


@given(st.text(max_size=40), st.integers(1, 30))
def test_fit_is_as_wide_as_its_cell(text: str, cells: int) -> None:
    assert cell_width(fit(text, cells)) == cells


@given(st.text(max_size=60))
def test_plain_never_fails_and_never_parses(text: str) -> None:
    assert plain(text).plain == "\n".join(line(part) for part in text.split("\n"))
    assert plain(text).spans == []


def test_an_unexpected_error_is_told_without_its_values() -> None:
    secret = "110112199001011237"
    try:
        raise ValueError(f"bad id {secret}")
    except ValueError as error:
        heading, words = trouble_words(error, "zh")
    assert "ValueError" in words and "test_plain.py" in words and secret not in heading + words


def test_a_refusal_is_told_in_its_own_words_with_its_code() -> None:
    error = Refused("tui.keymap_unreadable", path="[b]k", why="x")
    heading, words = trouble_words(error, "zh")
    assert heading == "没有办成" and "[b]k" in words and "tui.keymap_unreadable" in words


CRASH = """
from textual.app import ComposeResult
from textual.widgets import Static
from tui import _compat

class Crash(_compat.QuietCrash):
    def compose(self) -> ComposeResult:
        yield Static("READY")
    def on_key(self) -> None:
        number = "110112199001011237"
        raise RuntimeError("about " + number)

app = Crash()
app.run()
raise SystemExit(app.return_code)
"""


def test_a_crash_shows_the_place_but_no_local_and_no_message() -> None:
    with Terminal.python("-c", CRASH, columns=100) as terminal:
        terminal.wait("READY")
        terminal.send("x")
        assert terminal.wait_exit() == 1
        assert "on_key" in terminal.text and "RuntimeError" in terminal.text
        assert "110112" not in terminal.text and "about" not in terminal.text


def _safe(node: ast.expr, call: ast.Call) -> bool:
    """A text that Textual cannot parse: from ``plain``, an empty or literal one, or with ``markup=False``."""
    if any(word.arg == "markup" and getattr(word.value, "value", None) is False for word in call.keywords):
        return True
    if isinstance(node, ast.Constant):
        return "[" not in str(node.value)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "plain"


def test_every_text_that_a_widget_is_given_goes_through_plain() -> None:
    found = []
    for path in sorted((ROOT / "tui").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in ("Static", "update", "notify", "Label", "Button") and not _safe(call.args[0], call):
                found.append(f"{path.relative_to(ROOT)}:{call.lineno} {name}")
    assert found == []
