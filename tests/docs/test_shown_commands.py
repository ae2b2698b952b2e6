"""Every command that a document shows exists, with the options that it is shown with."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from benefits.commands.app import root
from benefits.commands.options import Settings
from tests.docs.test_documents import DOCUMENTS, FENCE, ROOT

SCRIPT = {"test", "check", "bench", "python", "setup"}
"""Words of ``./run`` itself."""


def _walk(command: Any, context: typer.Context, words: str = "") -> Iterator[tuple[str, set[str]]]:
    yield (
        words,
        {option for param in command.get_params(context) for option in param.opts + param.secondary_opts},
    )
    if isinstance(command, TyperGroup):
        for name in command.list_commands(context):
            inner: Any = command.get_command(context, name)
            below = inner.make_context(name, [], parent=context, resilient_parsing=True)
            yield from _walk(inner, below, f"{words} {name}".strip())


@cache
def _program() -> dict[str, set[str]]:
    """Every command by its words (``renewal preview``) with its options."""
    program: Any = root()
    return dict(
        _walk(program, program.make_context("benefits", [], resilient_parsing=True, obj=Settings(lang="en")))
    )


def _shown() -> list[tuple[str, list[str]]]:
    """Command lines in the documents: where, and the words after the program's name."""
    shown = []
    for path in DOCUMENTS:
        for kind, block in FENCE.findall(path.read_text(encoding="utf-8")):
            for line in block.splitlines() if kind == "sh" else ():
                words = re.split(r"\s+#", line.strip())[0].split()
                if words[:1] in (["./run"], ["benefits"]) and (len(words) == 1 or words[1] not in SCRIPT):
                    shown.append((f"{path.relative_to(ROOT)}: {' '.join(words)}", words[1:]))
    return shown


@pytest.mark.parametrize(
    ("where", "words"), _shown(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_command_that_is_shown_exists(where: str, words: list[str]) -> None:
    plain = [word for word in words if not word.startswith("-")]
    name = next((" ".join(plain[:n]) for n in (3, 2, 1, 0) if " ".join(plain[:n]) in _program()), "")
    assert name or not plain, where
    assert [word for word in words if word.startswith("--") and word not in _program()[name]] == []
