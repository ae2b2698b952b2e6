"""What terminal tests share: the program, a text dump of a screen, fast keys, a real terminal (pty, pyte)."""

import asyncio
import errno
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyte
from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot

from benefits.kernel.clock import FixedClock
from tests.tui import tiny
from tui import _compat
from tui.app import BenefitsApp
from tui.gateway import Gateway

ROOT = Path(__file__).resolve().parents[2]


def dump(app: App[Any]) -> str:
    """What stands on the screen, as text without trailing blanks."""
    lines = [strip.text.rstrip() for strip in _compat.screen_strips(app.screen)]
    return "\n".join(lines).rstrip() + "\n"


@asynccontextmanager
async def opened(
    address: str, user: str = "wang", *, lang: str = "zh", size: tuple[int, int] = (100, 34)
) -> AsyncIterator[Pilot[Any]]:
    """The program on a database, its first screen painted."""
    gateway = Gateway(address, user, FixedClock(tiny.TODAY))
    app = BenefitsApp(gateway, lang)
    app.animation_level = "none"
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot
    gateway.close()


@asynccontextmanager
async def gate(address: str) -> AsyncIterator[Gateway]:
    """What the screens ask, without screens: what another clerk does, and what is on record."""
    gateway = Gateway(address, "wang", FixedClock(tiny.TODAY))
    await gateway.open()
    yield gateway
    gateway.close()


async def keys(pilot: Pilot[Any], *pressed: str) -> None:
    """Type: each argument is the name of a key, or a text that is typed letter by letter. Ends when all have
    been dealt with."""
    app = pilot.app
    for item in pressed:
        for key in [item] if _is_name(item) else list(item):
            name = key if _is_name(key) else _character_to_key(key)
            app.post_message(events.Key(name, key if len(key) == 1 else None))
    await settle(pilot)


def _is_name(item: str) -> bool:
    named = {
        "enter",
        "escape",
        "tab",
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "pageup",
        "pagedown",
        "space",
        "backspace",
    }
    return item in named or item.startswith(("ctrl+", "shift+")) or (item[0] == "f" and item[1:].isdigit())


async def settle(pilot: Pilot[Any], seconds: float = 20.0) -> None:
    """Wait until no key waits and no worker runs, then paint."""
    app = pilot.app
    end = time.monotonic() + seconds
    quiet = 0
    while quiet < 3:
        await pilot.pause(0.001)
        resting = getattr(app, "keys_at_rest", True) and not any(
            not worker.is_finished for worker in app.workers
        )
        quiet = quiet + 1 if resting else 0
        if time.monotonic() > end:
            raise AssertionError(f"still busy after {seconds} s: {list(app.workers)}")
        if not resting:
            await asyncio.sleep(0.005)
    shown, same = "", 0
    for _ in range(100):  # a footer, a scroll bar, a dialog follow what was done with messages of their own
        await pilot.pause()
        await pilot.pause(0.02)
        before, shown = shown, dump(app)
        same = same + 1 if shown == before and getattr(app, "keys_at_rest", True) else 0
        if same == 3:
            break


class Terminal:
    """A program in a pseudo-terminal, its screen kept by pyte."""

    def __init__(
        self, argv: Sequence[str], *, columns: int = 80, rows: int = 24, env: Mapping[str, str] | None = None
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.exit_code: int | None = None
        self.raw = b""
        environ = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TEXTUAL_ANIMATIONS": "none",
        }
        environ |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8", **(env or {})}
        for name in (
            "COLUMNS",
            "LINES",
        ):  # a test runner sets them, and a program believes them more than the terminal
            environ.pop(name, None)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            # in the child, before the program can ask: set from outside it would come too late now and then
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvpe(argv[0], list(argv), environ)

    @classmethod
    def python(cls, *argv: str, **options: Any) -> "Terminal":
        return cls([sys.executable, *argv], **options)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self.exit_code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    def send(self, text: str) -> None:
        """One write, as a card reader does it."""
        os.write(self._fd, text.encode())

    def read(self, seconds: float = 0.05) -> bool:
        """Take what the program has written; False at its end."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError as error:
            if error.errno == errno.EIO:
                return False
            raise
        self.raw = (self.raw + data)[-20_000:]
        self._stream.feed(data)
        return bool(data)

    @property
    def lines(self) -> list[str]:
        """The screen; a full-width character stands for itself, without the empty cell that pyte puts behind
        it."""
        return [
            "".join(self.screen.buffer[y][x].data for x in range(self.screen.columns))
            for y in range(self.screen.lines)
        ]

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines)

    def wait(self, wanted: str | Callable[[str], bool], seconds: float = 30.0) -> str:
        """The screen as soon as it shows ``wanted``; fails with the screen that was there instead."""
        end = time.monotonic() + seconds
        test = wanted if callable(wanted) else lambda text: wanted in text
        while time.monotonic() < end:
            alive = self.read()
            if test(self.text):
                return self.text
            if not alive:
                break
        raise AssertionError(f"never saw {wanted!r}:\n{self.text}")

    def wait_exit(self, seconds: float = 20.0) -> int:
        """The exit code, once the program has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self.read(0.01) and select.select([self._fd], [], [], 0)[0]:
                    pass
                self.exit_code = os.waitstatus_to_exitcode(status)
                return self.exit_code
        raise AssertionError(f"still running:\n{self.text}")
