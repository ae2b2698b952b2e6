"""One line of text whose cut shows (单行文字)."""

from textual.content import Content
from textual.widget import Widget

from tui.plain import fit


class Line(Widget):
    """Text on one line; what has no room ends in ``…``. A ``Static`` would cut it in silence."""

    DEFAULT_CSS = "Line { height: 1; }"

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.text = text

    def say(self, text: str) -> None:
        """Another text."""
        if text != self.text:
            self.text = text
            self.refresh()

    def render(self) -> Content:
        return Content(fit(self.text, self.size.width))
