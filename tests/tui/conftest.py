"""The tiny district under a name that is the same on every machine."""

from pathlib import Path

import pytest

from tests.tui import tiny


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of its own, in the folder in which the program runs."""
    monkeypatch.chdir(tmp_path)
    return tiny.address(tmp_path)
