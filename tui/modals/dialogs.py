"""The dialogs (对话框): ask once, ask for a reason, choose one, say what went wrong.

A dangerous question opens with the cursor on "no": Enter alone, typed ahead or sent by a card reader, never
does harm.
"""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from tui.i18n import translated
from tui.plain import plain
from tui.screens.base import Spoken
from tui.widgets.ime_input import ImeInput
from tui.widgets.virtual_table import Column, Row, VirtualTable

Answer = TypeVar("Answer")


class Dialog(Spoken, ModalScreen[Answer]):
    """A box over the screen with a title; Esc closes it and nothing happens."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    heading = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = plain(self.heading)  # a str would be read as markup
            yield from self.body()

    def body(self) -> ComposeResult:
        yield from ()

    def action_leave(self) -> None:
        self.dismiss(None)

    def dismiss_later(self, answer: Answer) -> None:
        """Close with an answer, asked from a worker."""
        self.app.call_later(partial(self.dismiss, answer))

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        return translated(super().active_bindings, self.lang)


class Ask(Dialog[bool]):
    """One question before something is done: the item by name, what will change, then yes or no."""

    def __init__(self, heading: str, words: str, yes: str, *, danger: bool = True) -> None:
        super().__init__(classes="danger" if danger else "")
        self.heading, self.words, self.yes = heading, words, yes

    def body(self) -> ComposeResult:
        yield Static(plain(self.words), classes="words")
        yield Static("", classes="gap")
        yield VirtualTable([Column("answer", self.t("tui.ask.choose"), 10, flex=1)], id="answers")

    def on_mount(self) -> None:
        rows = [Row(False, (self.t("tui.ask.no"),)), Row(True, (self.yes,))]
        table = self.query_one(VirtualTable)
        table.styles.height = 3
        table.show(rows)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.dismiss(bool(event.row.key))


class AskText(Dialog[str]):
    """Asks for a line of text, such as a reason; an empty one is not taken where the text is needed."""

    def __init__(
        self, heading: str, words: str, hint: str, *, initial: str = "", needed: bool = True
    ) -> None:
        super().__init__()
        self.heading, self.words, self.hint, self.initial, self.needed = heading, words, hint, initial, needed

    def body(self) -> ComposeResult:
        yield Static(plain(self.words), classes="words")
        yield Static("", classes="gap")
        yield ImeInput(self.initial, placeholder=self.hint, id="answer")
        yield Static(self.t("tui.ask.text_keys"), classes="note", id="said", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        value = event.value.strip()
        if value or not self.needed:
            self.dismiss(value)
        else:
            self.query_one("#said", Static).update(plain(self.t("tui.ask.text_needed")))


class Choose(Dialog[object]):
    """Choose one row."""

    def __init__(
        self,
        heading: str,
        columns: Sequence[Column],
        rows: Sequence[Row],
        *,
        cursor: int = 0,
        empty: str = "",
        wide: bool = False,
    ) -> None:
        super().__init__(classes="wide" if wide else "")
        self.heading, self.columns, self.rows, self.at, self.empty = heading, columns, rows, cursor, empty

    def body(self) -> ComposeResult:
        yield VirtualTable(self.columns, id="choices", empty=self.empty)
        yield Static(self.t("tui.ask.choose_keys"), classes="note", markup=False)

    def on_mount(self) -> None:
        table = self.query_one(VirtualTable)
        table.styles.height = min(len(self.rows) + 1, 16) if self.rows else 4
        table.show(self.rows, cursor=self.at)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.dismiss(event.row.key)


class Tell(Dialog[None]):
    """Words to read, as long as they need to be; any of Enter and Esc closes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "leave", show=False)]

    def __init__(self, heading: str, words: str, *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self.heading, self.words = heading, words

    def body(self) -> ComposeResult:
        with VerticalScroll(classes="scroll") as scroll:
            scroll.styles.height = "auto"
            scroll.styles.max_height = 16
            yield Static(plain(self.words), classes="words", id="told")
        yield Static("", classes="gap")
        yield Static(self.t("tui.ask.close_keys"), classes="note", markup=False)


HINTS = {
    "plans.grace_unknown": "tui.trouble.hint.grace",
    "renewal.grace_reason_needed": "tui.trouble.hint.grace",
    "renewal.funding_needed": "tui.trouble.hint.funding",
    "access.unknown_user": "tui.trouble.hint.user",
}
"""What a refusal that speaks of options of the command line means on a screen."""


def trouble_words(error: Exception, lang: str) -> tuple[str, str]:
    """Heading and words for an error: a refusal in its own words, anything else by its kind and place, never
    by its values."""
    from tui.i18n import t

    if isinstance(error, Refused):
        lines = [
            render(error.say, lang),
            *(f"- {render(problem.say, lang)}" for problem in error.problems[:50]),
        ]
        if len(error.problems) > 50:
            lines.append(t("tui.trouble.more", lang, count=len(error.problems) - 50))
        if error.code in HINTS:
            lines.append(t(HINTS[error.code], lang))
        return t("tui.trouble.refused", lang), "\n".join(
            [*lines, "", t("tui.trouble.code", lang, code=error.code)]
        )
    frames = list(_places(error))
    place = getattr(error, "place", frames[-1] if frames else "?")  # of an error in a child: its place there
    kind = getattr(error, "kind", type(error).__name__)
    return t("tui.trouble.unexpected", lang), t("tui.trouble.unexpected_words", lang, kind=kind, place=place)


def _places(error: Exception) -> list[str]:
    import traceback
    from pathlib import Path

    return [
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
