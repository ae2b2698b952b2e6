"""A field with a few values to choose from (选择框): Left and Right step through them, Enter or Space opens
the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.plain import fit


@dataclass(frozen=True, slots=True)
class Option:
    """One value and its words."""

    value: str
    words: str


class PickField(Widget, can_focus=True):
    """Shows the chosen option; posts ``Changed``, and ``Asked`` when the list is wanted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("enter,space", "ask", "tui.cmd.field.pick", id="field.pick"),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    DEFAULT_CSS = """
    PickField { height: 1; width: 1fr; padding: 0 1; background: $surface; }
    PickField:focus { background: $row; text-style: bold; }
    """

    @dataclass
    class Changed(Message):
        """Another value."""

        field: "PickField"
        value: str

    @dataclass
    class Asked(Message):
        """Enter: the screen opens the list of values."""

        field: "PickField"

    def __init__(self, options: Sequence[Option] = (), value: str = "", *, id: str) -> None:
        super().__init__(id=id)
        self.options = tuple(options)
        self.value = value

    def offer(self, options: Sequence[Option], value: str) -> None:
        """Other options; ``value`` where it is one of them, else the first."""
        self.options = tuple(options)
        known = [option.value for option in self.options]
        self.value = value if value in known else (known[0] if known else "")
        self.refresh()

    def choose(self, value: str) -> None:
        """Take a value, and tell."""
        if value != self.value:
            self.value = value
            self.refresh()
            self.post_message(self.Changed(self, value))

    @property
    def place(self) -> int:
        """Which option is chosen."""
        return next((n for n, option in enumerate(self.options) if option.value == self.value), 0)

    def render(self) -> Content:
        words = self.options[self.place].words if self.options else ""
        return Content(fit(f"< {words} >" if len(self.options) > 1 else words, self.size.width))

    def action_step(self, step: int) -> None:
        if self.options:
            self.choose(self.options[(self.place + step) % len(self.options)].value)

    def action_ask(self) -> None:
        self.post_message(self.Asked(self))
