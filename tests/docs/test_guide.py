"""The command reference is what the program says, and the READMEs show commands that exist."""

import re
from functools import cache
from typing import Any

import pytest
import typer

from benefits.commands.app import root
from benefits.commands.options import Settings
from benefits.kernel.messages import LANGUAGES
from docs.guide.make import FILES, HERE, commands, context_of, guide
from tests.docs.test_documents import DOCUMENTS, FENCE, ROOT

SCRIPT = {"test", "check", "bench", "python", "setup"}
"""Words of ``./run`` itself."""


@cache
def _program() -> dict[str, tuple[Any, typer.Context]]:
    """Every command by its words: ``renewal preview``."""
    program = root()
    top = context_of(program, "benefits", None, obj=Settings(lang="en"))
    found = commands(program, top)
    return {
        context.command_path.removeprefix("benefits").strip(): (command, context)
        for _, command, context in found
    }


def _shown() -> list[tuple[str, list[str]]]:
    """Command lines in the documents: where, and the words after the program's name."""
    shown = []
    for path in DOCUMENTS:
        if path.parent == HERE:
            continue
        for kind, block in FENCE.findall(path.read_text(encoding="utf-8")):
            for line in block.splitlines() if kind == "sh" else ():
                words = re.split(r"\s+#", line.strip())[0].split()
                if words[:1] in (["./run"], ["benefits"]) and (len(words) == 1 or words[1] not in SCRIPT):
                    shown.append((f"{path.relative_to(ROOT)}: {' '.join(words)}", words[1:]))
    return shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reference_is_what_the_program_says(lang: str) -> None:
    written = (HERE / FILES[lang]).read_text(encoding="utf-8")
    assert written == guide(lang), "write it anew: ./run python docs/guide/make.py"


def test_every_command_has_a_section() -> None:
    reference = (HERE / FILES["en"]).read_text(encoding="utf-8")
    assert [name for name in _program() if f"# benefits {name}".strip() + "\n" not in reference] == []
    assert len(_program()) > 20


@pytest.mark.parametrize(
    ("where", "words"), _shown(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_command_that_is_shown_exists(where: str, words: list[str]) -> None:
    plain = [word for word in words if not word.startswith("-")]
    name = next((" ".join(plain[:n]) for n in (3, 2, 1, 0) if " ".join(plain[:n]) in _program()), "")
    command, context = _program()[name]
    assert name or not plain, where
    known = {option for param in command.get_params(context) for option in param.opts + param.secondary_opts}
    assert [word for word in words if word.startswith("--") and word not in known] == []
