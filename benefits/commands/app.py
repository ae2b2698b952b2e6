"""The program's tree of commands: nouns are imported when they are asked for, never for a list of them."""

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from benefits import __version__
from benefits.commands.faults import guarded
from benefits.commands.helptext import PageOfCommand, PageOfGroup
from benefits.commands.options import Settings, common_options, language, with_options
from benefits.kernel.messages import text

NOUNS = (
    "demo",
    "init",
    "db",
    "user",
    "org",
    "member",
    "roster",
    "quality",
    "kit",
    "plan",
    "enroll",
    "renewal",
    "report",
    "audit",
    "verify",
    "doctor",
)
"""In the order in which ``--help`` shows them."""


class Root(PageOfGroup):
    """``benefits`` itself: its nouns are modules of this package."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(NOUNS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return noun(cmd_name) if cmd_name in NOUNS else None

    def line_for(self, ctx: typer.Context, name: str) -> str:
        return f"commands.{name}.help"


def noun(name: str) -> PageOfCommand | PageOfGroup:
    """The command or the group of commands of one noun."""
    command: Any = get_command(importlib.import_module(f"benefits.commands.{name}").app)
    command.name = name
    return command  # type: ignore[no-any-return]


def root() -> TyperGroup:
    """The whole program, as typer runs it."""
    app = typer.Typer(
        name="benefits",
        cls=Root,
        help="commands.help",
        add_completion=False,
        rich_markup_mode=None,
        invoke_without_command=True,
    )
    app.callback(invoke_without_command=True)(with_options(_alone, common_options(as_of=True, version=True)))
    command = get_command(app)
    assert isinstance(command, TyperGroup)
    return command


def _alone(ctx: typer.Context, **given: Any) -> int | None:
    """Options before the noun count for what follows; no noun opens the terminal program."""
    settings: Settings = ctx.obj
    settings.take(given)
    if given.pop("version", False):
        print(f"benefits {__version__}")
        raise typer.Exit(0)
    if ctx.invoked_subcommand is not None:
        return None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(text("commands.no_terminal", settings.lang), file=sys.stderr)
        return 2
    from tui import main as terminal

    return terminal(settings.database, settings.user, settings.lang)


def run(words: list[str]) -> int:
    """Run one command line; its exit code."""
    settings = Settings(lang=language(words))
    return guarded(
        lambda: root().main(args=words, prog_name="benefits", standalone_mode=False, obj=settings),
        settings.lang,
        "--json" in words,
    )
