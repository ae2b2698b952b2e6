"""The input line of the counter (刷卡框): it keeps the focus, whatever is scanned next.

Up and Down move the cursor of the list below, Esc clears; several pasted lines are several scans.
"""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.widgets.ime_input import ImeInput


class ScanInput(ImeInput):
    """Posts ``Scanned`` with what stands there on Enter, and is empty again at once: the next scan begins a
    new text even if it comes before the answer to the last."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
    ]

    @dataclass
    class Scanned(Message):
        """Enter: the text, "" where there was none."""

        text: str

    @dataclass
    class Stepped(Message):
        """Up or Down."""

        step: int

    @staticmethod
    def takes(message: Message) -> bool:
        """Whether it deals with a key by itself: letters, Enter, Backspace."""
        if not isinstance(message, events.Key):
            return False
        return message.is_printable or message.key in ("enter", "backspace")

    def on_key(self, event: events.Key) -> None:
        """Not by bindings, which run later than the letters of the next scan."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.action_scan()
        elif event.key == "backspace":
            event.stop()
            event.prevent_default()
            self.action_delete_left()

    def action_scan(self) -> None:
        text, self.value = self.value.strip(), ""
        self.post_message(self.Scanned(text))

    def action_step(self, step: int) -> None:
        self.post_message(self.Stepped(step))

    def on_paste(self, event: events.Paste) -> None:
        """Several lines at once are a list of scans; one line is text, as everywhere."""
        lines = [line.strip() for line in event.text.splitlines() if line.strip()]
        if len(lines) > 1:
            event.prevent_default()
            event.stop()
            for line in lines:
                self.post_message(self.Scanned(line))
