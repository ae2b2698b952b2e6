"""Every use of Textual's private API, checked with Textual 8.2.8. Nothing else in ``tui`` may touch a name
with ``_``.

When Textual is raised, read this module first: its tests (``tests/tui/test_compat.py``) say what each seam
must still do.
"""

import traceback
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.geometry import Offset
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Input
from textual.worker import Worker

CHECKED_WITH = "8.2.8"


def is_forwarded(message: Message) -> bool:
    """Whether an input event has been through the app already and comes back by bubbling."""
    return message.is_forwarded


def screen_strips(screen: Screen[Any]) -> list[Strip]:
    """The lines that the compositor would paint for ``screen``."""
    return screen._compositor.render_strips()


def flush_frame(screen: Screen[Any]) -> None:
    """Paint what is dirty now, without waiting for the frame timer."""
    screen._on_timer_update()


def start(
    node: DOMNode, job: Callable[[], Coroutine[None, None, None]], group: str, *, exclusive: bool = True
) -> Worker[None]:
    """Run ``job`` beside the event loop; one that is cancelled before it began leaves no coroutine behind."""
    return node.run_worker(job, group=group, exclusive=exclusive, exit_on_error=False)


class QuietCrash(App[int]):
    """An app whose crash report shows where, and never a local variable: locals hold names and ID numbers.

    Textual prints a traceback with ``show_locals``. The message of an exception is left out too, for it can
    quote data.
    """

    def crash_heading(self) -> str:
        """One line above the places; the app's own language."""
        return "The program has stopped. Nothing half-done was saved."

    def _fatal_error(self) -> None:
        from rich.text import Text

        lines = [self.crash_heading(), *self.places()]
        self.bell()
        self.panic(Text("\n".join(lines)))

    def places(self) -> Iterator[str]:
        """Kind of error and the chain of places, innermost last: file, line, function; no values."""
        error = self._exception
        if error is None:
            return
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        for frame in traceback.extract_tb(error.__traceback__)[-8:]:
            yield f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"


class CaretInput(Input):
    """An input whose hardware cursor stands where the caret is drawn (输入法候选窗的位置).

    Textual adds one cell at the end of the text, so the candidate window of an input method sits one cell too
    far right.
    """

    @property
    def cursor_screen_offset(self) -> Offset:
        x, y, _width, _height = self.content_region
        scroll_x, _ = self.scroll_offset
        cell = self._position_to_cell(self.cursor_position)
        return Offset(x + cell - scroll_x, y)
