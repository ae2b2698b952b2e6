"""From a key to the painted row (按键到显示): the terminal program itself in a pseudo-terminal, over the
whole register. The clock runs from the write of the last letter to the bytes of the first row found.
"""

import os
import random
import select
import time
from typing import Any

from bench.questions import Everybody, texts
from benefits.access.queries import INSTALLER
from benefits.database import open_database
from benefits.kernel.clock import FixedClock
from benefits.members.search import search
from sample_data.generate import TODAY
from tests.tui.helpers import Terminal

PROGRAM = """
import sys
from datetime import date
import tui
from benefits.kernel.clock import FixedClock
sys.exit(tui.main(sys.argv[1], "admin", "zh", FixedClock(date.fromisoformat(sys.argv[2]))))
"""
KINDS = ("name, whole", "name, 2 characters", "pinyin, whole", "initials, whole", "phone, last 6")
CLEAR = "\x15"  # Ctrl+U
QUIET = 0.25
"""So long nothing is written: the program has come to rest."""


def keystrokes(address: str, everybody: Everybody, count: int, seed: int) -> dict[str, Any]:
    """Type texts letter by letter; milliseconds from the last letter to the row it brings to the top."""
    database = open_database(address, clock=FixedClock(TODAY))
    took: list[float] = []
    with Terminal.python("-c", PROGRAM, address, TODAY.isoformat(), columns=120, rows=34) as terminal:
        terminal.wait("会员", 60)
        _rest(terminal)
        terminal.send("2")
        terminal.wait("姓名", 60)
        _rest(terminal)
        for text in _texts(everybody, count, seed):
            with database.read(INSTALLER) as unit:
                before = [row.name for row in search(unit, text[:-1], 50)]
                after = [row.name for row in search(unit, text, 50)]
            if not after or after[0] in before[:30]:
                continue  # it may stand there already
            terminal.send(CLEAR)
            _rest(terminal)
            for letter in text[:-1]:
                terminal.send(letter)
                _rest(terminal)
            took.append(_until(terminal, text[-1], after[0].encode()))
            _rest(terminal)
    database.close()
    return {"ms": _spread(took), "keys": len(took)}


def _texts(everybody: Everybody, count: int, seed: int) -> list[str]:
    found = [text for kind in KINDS for text in texts(everybody, kind, count // len(KINDS) + 1, seed)]
    random.Random(seed).shuffle(found)
    return found


def _until(terminal: Terminal, letter: str, wanted: bytes) -> float:
    """Milliseconds until the terminal has been sent ``wanted``."""
    seen = b""
    began = time.perf_counter()
    terminal.send(letter)
    while wanted not in seen:
        ready, _, _ = select.select([terminal._fd], [], [], 5)
        if not ready:
            raise AssertionError(f"{wanted.decode()} never came: {seen.decode(errors='replace')[-500:]}")
        seen += os.read(terminal._fd, 65536)
    return (time.perf_counter() - began) * 1e3


def _rest(terminal: Terminal) -> None:
    """Take what is written until nothing more comes (the caret blinks twice a second)."""
    while select.select([terminal._fd], [], [], QUIET)[0]:
        os.read(terminal._fd, 65536)


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    at = {"p50": 0.5, "p95": 0.95, "max": 1.0}
    return {name: round(ordered[min(len(ordered) - 1, int(len(ordered) * q))], 1) for name, q in at.items()}
