"""The input line of the program (输入框)."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui import _compat


class ImeInput(_compat.CaretInput):
    """A one-line input that input methods and card readers can be trusted with.

    Down leaves it for the list below, so that a clerk who has typed enough goes on without another key.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "app.focus_next", show=False)]
    DEFAULT_CSS = """
    ImeInput, ImeInput:focus { border: none; height: 1; padding: 0 1; }
    """
