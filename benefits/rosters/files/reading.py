"""Reading (读表): any spreadsheet becomes facts about it and blocks of rows, and no file can hurt the
program.

A child process reads (``child``); this side starts it, waits no longer than its patience, and turns whatever
happens to the child into one sentence.
"""

import hashlib
import os
import selectors
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from benefits.kernel.errors import Problem, Refused
from benefits.kernel.text import shown
from benefits.rosters.files.cells import Block, Form, Row
from benefits.rosters.files.child import job
from benefits.rosters.files.limits import MEGABYTE, USUAL, Limits
from benefits.rosters.files.wire import HEAD, frame_length, say_in, unpack, unpack_block

_ROOT = Path(__file__).resolve().parents[3]
_START = """import sys
sys.path += [place for place in sys.argv[2:] if place not in sys.path]
from benefits.rosters.files.child import main
main(sys.argv[1])"""

_PLACES = (str(_ROOT), *(place for place in sys.path if os.path.isabs(place)))
"""Where modules are, for a child that looks nowhere by itself (a user's own site-packages among them)."""
_MOMENT = 0.02
"""Seconds between two looks at the child's memory: it can grow by a gigabyte a second."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file before its rows (文件信息)."""

    name: str
    form: Form
    encoding: str | None
    """UTF-8, UTF-16 or GB18030 of a csv file."""
    size: int
    """Bytes."""
    digest: str
    """SHA-256 of the bytes, in hexadecimal."""
    sheets: tuple[str, ...]
    """All worksheets, in the order of their tabs; none in a csv file."""
    sheet: str
    """The one that is read."""
    notes: tuple[Problem, ...]
    """What the clerk should know, though it hinders nothing."""


class Opened:
    """A file being read: ``facts``, then its rows once, by iterating or as ``blocks()``."""

    def __init__(self, reader: "_Reader", facts: FileFacts) -> None:
        self.facts = facts
        self._reader = reader

    def blocks(self) -> Iterator[Block]:
        """Blocks of columns, for whoever works on columns. Raises Refused ``rosters.file_…``."""
        while (content := self._reader.next_block()) is not None:
            yield content

    def __iter__(self) -> Iterator[list[Row]]:
        """Blocks of rows, up to 5,000 each; blank rows are left out. Raises Refused ``rosters.file_…``."""
        for block in self.blocks():
            if rows := block.rows():
                yield rows


@contextmanager
def open_sheet(path: Path, *, sheet: str | None = None, limits: Limits = USUAL) -> Iterator[Opened]:
    """Open a spreadsheet: xlsx, xls, ods, or csv in UTF-8, UTF-16 or GB18030, by its content.

    Without ``sheet`` it is the first visible one that has rows. Raises Refused ``rosters.file_…`` and
    ``rosters.sheet_unknown``, here or while the rows are read. Leaving the ``with`` ends the child.
    """
    name = shown(path.name)
    with _open(path, name, limits) as file:
        reader = _Reader(file, name, sheet, limits)
        try:
            digest = _digest(file.fileno())
            yield Opened(
                reader, _facts(path.name, os.fstat(file.fileno()).st_size, digest, reader.next_facts())
            )
        finally:
            reader.end()


def _open(path: Path, name: str, limits: Limits) -> BinaryIO:
    """The file, if it is one and has something in it."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe would never end
            raise Refused("rosters.file_irregular", name=name)
        file = path.open("rb", buffering=0)
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise Refused("rosters.file_missing", name=name) from missing
    except (OSError, ValueError) as unreadable:
        raise Refused("rosters.file_unreadable", name=name) from unreadable
    if 0 < found.st_size <= limits.size:
        return file
    file.close()
    if found.st_size:
        raise Refused("rosters.file_too_big", name=name, most=limits.size // MEGABYTE)
    raise Refused("rosters.file_empty", name=name)


def _digest(descriptor: int) -> str:
    """SHA-256 of the file, read without moving the place that the child reads from."""
    made = hashlib.sha256()
    if not hasattr(os, "pread"):  # Windows: the child has a place of its own
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    place = 0
    while piece := os.pread(descriptor, MEGABYTE, place):
        made.update(piece)
        place += len(piece)
    return made.hexdigest()


def _facts(name: str, size: int, digest: str, told: dict[str, Any]) -> FileFacts:
    notes = tuple(Problem(code, say_in(words), row, field) for code, words, row, field in told["notes"])
    return FileFacts(
        name=name,
        form=Form(told["form"]),
        encoding=told["encoding"],
        size=size,
        digest=digest,
        sheets=tuple(told["sheets"]),
        sheet=told["sheet"],
        notes=notes,
    )


class _Reader:
    """The child and the pipe from it."""

    def __init__(self, file: BinaryIO, name: str, sheet: str | None, limits: Limits) -> None:
        self.file = file
        self.name = name
        self.sheet = sheet
        self.limits = limits
        self.child = self._start(why=False)

    def _start(self, *, why: bool) -> "subprocess.Popen[bytes]":
        os.lseek(self.file.fileno(), 0, os.SEEK_SET)
        words = [
            sys.executable,
            "-I",
            "-c",
            _START,
            job(self.name, self.sheet, self.limits, why=why),
            str(_ROOT),
        ]
        keep = ("SYSTEMROOT", "LD_LIBRARY_PATH", "TEMP", "TMP")
        return subprocess.Popen(
            words,
            stdin=self.file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what a crash says there is not for the clerk
            env={name: os.environ[name] for name in keep if name in os.environ},
            bufsize=0,
            pipesize=MEGABYTE,
        )

    def end(self) -> None:
        """Kill the child, whatever it does."""
        with suppress(OSError):
            self.child.kill()
        self.child.wait()
        if self.child.stdout:
            self.child.stdout.close()

    def next_facts(self) -> dict[str, Any]:
        """The first frame."""
        kind, content = self._frame()
        if kind != "facts":
            raise Refused("rosters.file_damaged", name=self.name)
        return dict(content)

    def next_block(self) -> Block | None:
        """The next block; None after the last."""
        kind, content = self._frame()
        return unpack_block(content) if kind == "block" else None

    def _frame(self) -> tuple[str, Any]:
        until = time.monotonic() + self.limits.patience
        try:
            kind, content = unpack(self._take(frame_length(self._take(HEAD, until)), until))
        except Refused:
            raise
        except Exception as broken:  # whatever a broken pickle raises
            raise Refused("rosters.file_damaged", name=self.name) from broken
        if kind == "refused":
            raise _refusal(content)
        if kind in ("memory", "panic"):
            raise self._why(f"rosters.file_{'memory' if kind == 'memory' else 'damaged'}")
        return kind, content

    def _take(self, length: int, until: float) -> bytes:
        """That many bytes of the pipe, or the sentence for why they did not come."""
        assert self.child.stdout is not None
        pipe = self.child.stdout
        made = bytearray()
        while len(made) < length:
            while not _ready(pipe):
                if resident(self.child.pid) > self.limits.resident:
                    raise self._why("rosters.file_memory")
                if time.monotonic() > until:
                    raise Refused("rosters.file_slow", name=self.name, seconds=round(self.limits.patience))
            piece = pipe.read(min(length - len(made), MEGABYTE))
            if not piece:
                raise self._died(self.child.wait())
            made += piece
        return bytes(made)

    def _died(self, how: int) -> Refused:
        """The sentence for how the child ended. A reader that cannot get memory aborts itself."""
        name = signal.Signals(-how).name if how < 0 else ""
        if name == "SIGXCPU":
            return Refused("rosters.file_slow", name=self.name, seconds=self.limits.cpu)
        return self._why(
            "rosters.file_memory" if name in ("SIGABRT", "SIGSEGV", "SIGKILL") else "rosters.file_failed"
        )

    def _why(self, code: str) -> Refused:
        """What another child finds to be the reason, else the sentence with that code."""
        self.end()
        self.child = self._start(why=True)
        with suppress(Exception):
            kind, content = unpack(self.child.communicate(timeout=self.limits.patience)[0][HEAD:])
            if kind == "refused":
                return _refusal(content)
        if code == "rosters.file_memory":
            return Refused("rosters.file_memory", name=self.name, most=self.limits.resident // MEGABYTE)
        if code == "rosters.file_damaged":
            return Refused("rosters.file_damaged", name=self.name)
        return Refused("rosters.file_failed", name=self.name)


def _refusal(content: Any) -> Refused:
    words = say_in(content)
    return Refused(words.key, **dict[str, Any](words.params))


def _ready(pipe: Any) -> bool:
    """Whether the pipe has something, or its end; waits for it a moment."""
    if sys.platform == "win32":  # a pipe cannot be waited for there: reading it waits for the child
        return True
    with selectors.DefaultSelector() as waiting:  # select itself knows no file above the 1024th
        waiting.register(pipe, selectors.EVENT_READ)
        return bool(waiting.select(_MOMENT))


def resident(process: int) -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell."""
    try:
        with open(f"/proc/{process}/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError, AttributeError):
        return 0
