"""Long work on files in a process of its own (子进程): a roster of a hundred thousand rows is judged there,
so that keys stay quick here, and it can be stopped at any row.

The child is told its work by one pickle on stdin and answers with pickles on stdout, each behind its length;
closing stdin asks it to stop. It imports no terminal.
"""

import contextlib
import copyreg
import os
import pickle
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

from benefits.kernel.errors import Refused

if TYPE_CHECKING:
    from benefits.kernel.actions import Actor
    from benefits.kernel.clock import Clock
    from benefits.kernel.unit import Database

_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.append(sys.argv[1]); from tui.gateways.child import main; main()"
_HEAD = struct.Struct(">Q")
_PATIENCE = 5.0
"""Seconds that a child has to stop by itself; then it is killed, and the database takes its work back."""
_SOME = 0.1
"""Seconds between two words about progress."""


def read_only(found: dict[str, Any]) -> "MappingProxyType[str, Any]":
    """The parameters of a sentence, which pickle knows only as a dict."""
    return MappingProxyType(found)


copyreg.pickle(MappingProxyType, lambda found: (read_only, (dict(found),)))

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Work:
    """What the child is to do: ``name`` of a function below, on which database, as whom, with what."""

    name: str
    address: str | None
    login: str
    clock: "Clock | None"
    given: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stopped:
    """The clerk stopped the work before its end; nothing was written."""


class _StopAsked(Exception):
    """Raised inside the child between two blocks of rows."""


class Failed(Exception):
    """The child met an error that is no refusal: its kind, and its place, never its values."""

    def __init__(self, kind: str, place: str) -> None:
        super().__init__(kind, place)
        self.kind, self.place = kind, place


# -- this side ---------------------------------------------------------------------------------------------


def run(work: Work, tell: Tell, stop: threading.Event) -> Any:
    """Do the work in a child and wait for it (in a thread); its result, or ``Stopped``.

    Raises what the service refused, or ``Failed``.
    """
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", _START, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what a crash says there is not for the clerk
    )
    assert child.stdin is not None and child.stdout is not None
    watch = threading.Thread(target=_watch, args=(child, stop), daemon=True)
    try:
        _send(child.stdin, work)
        watch.start()
        while True:
            kind, content = _take(child.stdout)
            if kind == "progress":
                tell(*content)
            elif kind == "done":
                return content
            elif kind == "refused":
                raise content
            elif stop.is_set():
                return Stopped()
            else:
                raise Failed(*content)
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                pipe.close()


def _watch(child: "subprocess.Popen[bytes]", stop: threading.Event) -> None:
    """Ask the child to stop when the clerk does; one that cannot hear is killed."""
    while child.poll() is None:
        if stop.wait(0.1):
            try:
                assert child.stdin is not None
                child.stdin.close()
            except OSError:
                pass
            until = time.monotonic() + _PATIENCE
            while child.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            child.kill()
            return


def _send(pipe: IO[bytes], content: object) -> None:
    data = pickle.dumps(content)
    pipe.write(_HEAD.pack(len(data)) + data)
    pipe.flush()


def _take(pipe: IO[bytes]) -> tuple[str, Any]:
    """The next answer; of a child that has died, that it stopped."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return "gone", ("child", "?")
    (length,) = _HEAD.unpack(head)
    data = pipe.read(length)
    if len(data) < length:
        return "gone", ("child", "?")
    kind, content = pickle.loads(data)  # from a program of ours, over a pipe of ours
    return kind, content


# -- the child's side --------------------------------------------------------------------------------------


def main() -> None:
    """Read the work, do it, say what came of it."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    head = sys.stdin.buffer.read(_HEAD.size)
    work: Work = pickle.loads(sys.stdin.buffer.read(_HEAD.unpack(head)[0]))
    stop = threading.Event()
    threading.Thread(target=_listen, args=(stop,), daemon=True).start()
    try:
        _send(out, ("done", _do(work, _teller(out, stop))))
    except Refused as refusal:
        _send(out, ("refused", refusal))
    except _StopAsked:
        _send(out, ("gone", ("stopped", "?")))
    except Exception as error:
        _send(out, ("failed", _place(error)))
    out.close()


def _listen(stop: threading.Event) -> None:
    os.read(0, 1)  # not through the buffer, whose lock would hold the end of the process up
    stop.set()


def _teller(out: IO[bytes], stop: threading.Event) -> Tell:
    last = [0.0]

    def tell(done: int, total: int) -> None:
        if stop.is_set():
            raise _StopAsked
        now = time.monotonic()
        if now - last[0] >= _SOME:
            last[0] = now
            _send(out, ("progress", (done, total)))

    return tell


def _place(error: Exception) -> tuple[str, str]:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return type(error).__name__, where


def _do(work: Work, tell: Tell) -> Any:
    from benefits.access.queries import actor_for
    from benefits.database import default_url, open_database
    from tui.gateways import tasks

    database = open_database(work.address or default_url(), clock=work.clock)
    try:
        task: Callable[[Database, Actor, Tell, dict[str, Any]], Any] = getattr(tasks, work.name)
        return task(database, actor_for(database, work.login), tell, work.given)
    finally:
        database.close()
