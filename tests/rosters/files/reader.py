"""How the tests read: all rows at once, under a watch on time and on the memory of the child."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.rosters.files.cells import Cell
from benefits.rosters.files.limits import USUAL, Limits
from benefits.rosters.files.reading import FileFacts, open_sheet

GIGABYTE = 1024**3


@contextmanager
def watched(seconds: float) -> Iterator[None]:
    """Neither more seconds of computing than that, here and in the children, nor more than a gigabyte in any
    child. Not by the clock on the wall: the machine may be busy. The counter knows the greatest child so far
    and begins with what the parent itself holds: neither says anything of this child."""
    began, before = _computed(), _greatest()
    yield
    assert _computed() - began < seconds
    assert _greatest() <= max(GIGABYTE, before, _greatest(resource.RUSAGE_SELF))


def _greatest(who: int = resource.RUSAGE_CHILDREN) -> int:
    return resource.getrusage(who).ru_maxrss * 1024


def _computed() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def read(
    path: Path, sheet: str | None = None, limits: Limits = USUAL
) -> tuple[FileFacts, dict[int, tuple[Cell, ...]]]:
    """What is known of a file, and its rows by number."""
    with watched(20), open_sheet(path, sheet=sheet, limits=limits) as opened:
        return opened.facts, {row.number: row.cells for block in opened for row in block}


def refusal(path: Path, sheet: str | None = None, limits: Limits = USUAL) -> str:
    """The code with which a file is refused; its sentence names the file in both languages."""
    with pytest.raises(Refused) as caught:
        read(path, sheet, limits)
    for language in ("zh", "en"):
        assert path.name[:10] in render(caught.value.say, language)
    return caught.value.code


def notes(facts: FileFacts) -> list[str]:
    """Codes of the notes, whose sentences exist."""
    for note in facts.notes:
        assert render(note.say, "zh") and render(note.say, "en")
    return [note.code.removeprefix("rosters.file_") for note in facts.notes]
