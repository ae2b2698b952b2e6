"""Long work under way (进度): how far it is, and a way to stop between two steps."""

import threading
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from textual.app import ComposeResult
from textual.widgets import Static

from tui import _compat
from tui.modals.dialogs import Dialog
from tui.plain import plain

Tell = Callable[[int, int], None]
"""Told from any thread: done, in all."""
_BAR = 50


class Progress(Dialog[Any]):
    """Shows one job until it is done; dismissed with its result, or with the exception that it raised.

    Esc asks it to stop: ``stop`` is set, and the job ends after the step that it is in. What was done stays
    done.
    """

    def __init__(
        self,
        heading: str,
        words: str,
        job: Callable[[Tell, threading.Event], Coroutine[Any, Any, Any]],
        stopping: str = "step",
    ) -> None:
        super().__init__()
        self.stopping = stopping
        """What Esc does: ``tui.progress.<stopping>.keys``, and ``.now`` when it was pressed."""
        self.heading, self.words, self.job = heading, words, job
        self.stop = threading.Event()
        self._said = (0, 0)

    def body(self) -> ComposeResult:
        yield Static(plain(self.words), classes="words")
        yield Static("", classes="gap")
        yield Static(bar(0, 0), id="bar", classes="words", markup=False)
        yield Static(self.t(f"tui.progress.{self.stopping}.keys"), id="keys", classes="note", markup=False)

    def on_mount(self) -> None:
        _compat.start(self, self._run, "job")
        self.set_interval(0.1, self._paint)

    async def _run(self) -> None:
        try:
            result: Any = await self.job(self._tell, self.stop)
        except Exception as error:
            result = error
        self.app.call_later(partial(self.dismiss, result))

    def _tell(self, done: int, total: int) -> None:
        self._said = (done, total)

    def _paint(self) -> None:
        self.query_one("#bar", Static).update(plain(bar(*self._said)))

    def action_leave(self) -> None:
        self.stop.set()
        self.query_one("#keys", Static).update(plain(self.t(f"tui.progress.{self.stopping}.now")))


def bar(done: int, total: int) -> str:
    """``[#####.....] 50 % (500/1000)``; marks that every terminal draws one cell wide."""
    if total <= 0:
        return "[" + "." * _BAR + "]" + (f" {done:,}" if done else "")
    marks = "#" * (min(done, total) * _BAR // total)
    return f"[{marks.ljust(_BAR, '.')}] {min(done, total) * 100 // total} % ({done:,}/{total:,})"
