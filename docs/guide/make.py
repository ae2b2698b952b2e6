"""Write the command reference from the program itself: ``./run python docs/guide/make.py``.

One section a command, in both languages, with the words of ``--help``. A test fails while the files say
something else than the program.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from benefits.commands.app import root
from benefits.commands.options import Settings
from benefits.kernel.messages import LANGUAGES, text

HERE = Path(__file__).resolve().parent
FILES = {"en": "commands.md", "zh": "commands.zh-CN.md"}
HEADS = {"en": HERE / "intro.md", "zh": HERE / "intro.zh-CN.md"}
"""What is not in the help pages: exit codes, JSON, where the database is."""


def commands(
    command: Any, context: typer.Context, depth: int = 1
) -> Iterator[tuple[int, Any, typer.Context]]:
    """Every command of the program with its context, groups before what is in them."""
    yield depth, command, context
    if isinstance(command, TyperGroup):
        for name in command.list_commands(context):
            inner: Any = command.get_command(context, name)
            yield from commands(inner, context_of(inner, name, context), depth + 1)


def context_of(command: Any, name: str, parent: typer.Context | None, **more: Any) -> typer.Context:
    """The context in which a command would run; nothing is run."""
    made: typer.Context = command.make_context(name, [], parent=parent, resilient_parsing=True, **more)
    return made


def guide(lang: str) -> str:
    """The reference in one language."""
    os.environ["COLUMNS"] = "100"
    program = root()
    top = context_of(program, "benefits", None, obj=Settings(lang=lang))
    parts = [HEADS[lang].read_text(encoding="utf-8")]
    for depth, command, context in commands(program, top):
        page = command.get_help(context)
        if context.parent is not None:
            page = _without_common_options(page, lang)
        parts.append(f"{'#' * min(depth + 1, 4)} {context.command_path}\n\n```text\n{page}\n```\n")
    return "\n".join(parts)


def _without_common_options(page: str, lang: str) -> str:
    """What every command takes stands once, at the top; ``--as-of`` stays, since not every command takes
    it."""
    own, _, common = page.partition(text("commands.options_common", lang))
    dated = [line for line in common.splitlines() if line.lstrip().startswith("--as-of")]
    return "\n".join([own.rstrip(), *dated])


def main() -> int:
    """Write both files."""
    for lang in LANGUAGES:
        (HERE / FILES[lang]).write_text(guide(lang), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
