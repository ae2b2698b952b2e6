"""Marks in a copy of an xlsx (在副本上批注), made by a process of its own, held to limits.

openpyxl reads everything that a workbook holds, also what the importer never looks at; so it works where it
can be stopped, as the reader does. What it cannot take comes back as ``BookFailed``, and the caller writes
the cells anew.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from benefits.kernel.messages import LANGUAGES, text
from benefits.rosters.annotate_cells import BAD, DOUBTFUL, plain_lines, summary_lines
from benefits.rosters.files.reading import resident

if TYPE_CHECKING:
    from benefits.rosters.annotate import Notes

_ROOT = Path(__file__).resolve().parents[2]
_START = """import sys
sys.path.append(sys.argv[2])
from benefits.rosters.annotate_child import main
main(sys.argv[1])"""
MEMORY = 1024 * 1024 * 1024
"""Bytes of memory of the child."""
_MOMENT = 0.05
_PATIENCE = 180.0
"""Seconds that a copy may take."""


class BookFailed(Exception):
    """The workbook could not be copied with its marks."""


def annotate_book(path: Path, out: Path, notes: "Notes") -> None:
    """Write the copy. Raises BookFailed."""
    words = [sys.executable, "-I", "-c", _START, str(path.resolve()), str(_ROOT)]
    keep = ("SYSTEMROOT", "LD_LIBRARY_PATH", "TEMP", "TMP")
    with out.open("wb") as file, tempfile.TemporaryFile() as job:
        job.write(json.dumps(_job(notes)).encode())
        job.seek(0)
        child = subprocess.Popen(
            words,
            stdin=job,
            stdout=file,
            stderr=subprocess.DEVNULL,  # what a crash says there is not for the clerk
            env={name: os.environ[name] for name in keep if name in os.environ},
        )
        try:
            _watch(child)
        finally:
            child.kill()
            child.wait()
    if child.returncode != 0 or not out.stat().st_size:
        raise BookFailed


def _watch(child: "subprocess.Popen[bytes]") -> None:
    """Wait for the child, not too long, and not while it takes more memory than it may: not every system
    holds a process to that by itself."""
    until = time.monotonic() + _PATIENCE
    while child.poll() is None:
        if time.monotonic() > until or resident(child.pid) > MEMORY:
            raise BookFailed
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_MOMENT)


def _job(notes: "Notes") -> dict[str, object]:
    """What the child is to do, in plain words."""
    return {
        "memory": MEMORY,
        "sheet": notes.sheet,
        "head": notes.head,
        "width": len(notes.heads),
        "marks": [asdict(mark) | {"words": plain_lines(mark.words)} for mark in notes.marks],
        "rows": {str(row): plain_lines(said) for row, said in notes.rows.items()},
        "column": notes.column,
        "columns": [notes.column, *notes.other_columns],
        "summary": notes.summary,
        "summaries": [text("rosters.annotate.summary", lang) for lang in LANGUAGES],
        "lines": summary_lines(notes),
        "fills": [BAD.lstrip("#"), DOUBTFUL.lstrip("#")],
    }
