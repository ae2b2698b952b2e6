"""A screen that deals with scans one after the other (扫描排队): however fast they come, none is lost and
none overtakes another.

Keys go on while the database works, so what comes in waits in a line of the screen's own. No job of it
is ever cancelled by the next, and none opens a dialog, which would swallow the scan that follows.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from tui import _compat
from tui.screens.base import BaseScreen

Job = Callable[[], Coroutine[Any, Any, None]]
_SAY_EVERY = 25
"""So many jobs of a long line between two words about it."""


class ScanLine(BaseScreen):
    """``enqueue`` a job; the screen says what came of each by itself."""

    def __init__(self) -> None:
        super().__init__()
        self._jobs: deque[Job] = deque()
        self._busy_with: Job | None = None

    @property
    def pending(self) -> int:
        """Jobs that have come in and are not done."""
        return len(self._jobs) + (self._busy_with is not None)

    @property
    def hurried(self) -> bool:
        """Whether more waits: then what came of each is shown together at the end."""
        return len(self._jobs) > 2

    def enqueue(self, job: Job) -> None:
        """Do it when everything that came in before has been done."""
        idle = not self.pending
        self._jobs.append(job)
        if idle:
            self._busy_with = job  # nobody else may begin to serve before the worker runs
            _compat.start(self, self._serve, "scans", exclusive=False)

    async def _serve(self) -> None:
        done = 0
        try:
            while self._jobs:
                self._busy_with = self._jobs.popleft()
                try:
                    await self._busy_with()
                except Exception as error:
                    self.failed(error)
                done += 1
                if done % _SAY_EVERY == 0:
                    self.line_moved()
                    await asyncio.sleep(0)  # let the screen be painted
        finally:
            self._busy_with = None
        self.line_moved()

    def failed(self, error: Exception) -> None:
        """A job raised; say it on the screen itself."""
        raise NotImplementedError

    def line_moved(self) -> None:
        """Some jobs of a long line are done, or all of them."""

    async def drained(self) -> None:
        """Wait until nothing is pending."""
        while self.pending:
            await asyncio.sleep(0.005)

    def do_app_quit(self) -> None:
        """The program does not end over scans that are still being dealt with."""
        if self.pending:
            self.benefits.say("tui.counter.still", count=f"{self.pending:,}")
        else:
            self.benefits.do_app_quit()
