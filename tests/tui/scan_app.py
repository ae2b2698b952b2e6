"""A small program for the key tests: two fields, and every submission on a line of its own. ``--plain``
leaves the mixin off."""

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from tui.ordered import OrderedKeys
from tui.widgets.ime_input import ImeInput


class Plain(App[int]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit")]

    def compose(self) -> ComposeResult:
        yield ImeInput(id="first")
        yield ImeInput(id="second")
        yield Static("", id="log", markup=False)

    def on_mount(self) -> None:
        self.said = ["READY"]
        self.query_one("#log", Static).update("\n".join(self.said))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.said.append(f"{event.input.id}={event.value};")
        event.input.value = ""
        self.query_one("#log", Static).update("\n".join(self.said))


class Ordered(OrderedKeys, Plain):
    pass


if __name__ == "__main__":
    (Plain if "--plain" in sys.argv else Ordered)().run()
