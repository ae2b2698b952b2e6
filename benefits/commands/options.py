"""Options that every command has, and how a command function gets them: as one frozen ``Call``."""

import inspect
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import typer

from benefits.commands.helptext import PageOfCommand, PageOfGroup
from benefits.kernel.errors import Refused, Say, say
from benefits.kernel.messages import LANGUAGES

COMMON = "commands.options_common"
"""Heading under which help lists the options of every command."""


class Misuse(Exception):
    """The command line itself is wrong: exit 2, with a sentence in the user's language."""

    def __init__(self, message: Say) -> None:
        super().__init__(message.key)
        self.say = message


@dataclass(frozen=True, slots=True)
class Call:
    """What a command was told beside its own options. ``database`` and ``user`` None: the usual ones."""

    lang: str
    database: str | None
    user: str | None
    as_of: date | None
    json: bool


@dataclass(slots=True)
class Settings:
    """Options as far as they are known; those behind the verb go before those in front of the noun."""

    lang: str
    database: str | None = None
    user: str | None = None
    as_of: date | None = None
    json: bool = False

    def take(self, given: dict[str, Any]) -> None:
        """Take the common options out of what typer parsed."""
        for name in ("database", "user", "as_of", "json", "lang"):
            value = given.pop(name, None)
            if name == "lang" and value:
                one_of(*LANGUAGES)(value)
            if value:
                setattr(self, name, value)

    def call(self) -> Call:
        return Call(self.lang, self.database, self.user, self.as_of, self.json)


def language(words: list[str]) -> str:
    """The language, known before the line is parsed: ``--lang``, ``BENEFITS_LANG``, else Chinese."""
    asked = os.environ.get("BENEFITS_LANG", "")
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            asked = words[place + 1]
        elif word.startswith("--lang="):
            asked = word.partition("=")[2]
    return asked if asked in LANGUAGES else LANGUAGES[0]


def day(text: str) -> date:
    """A date on the command line (kernel.dates writes the sentence for a wrong one)."""
    from benefits.kernel.dates import parse_day

    if isinstance(text, date):
        return text
    try:
        return parse_day(text)
    except Refused as refusal:
        raise Misuse(refusal.say) from refusal


def number(least: int) -> Callable[[Any], int]:
    """A whole number of at least ``least``."""

    def parse(text: Any) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise Misuse(say("commands.usage.number", text=text, least=least))
        return value

    return parse


def one_of(*words: str) -> Callable[[Any], str]:
    """One of a few words."""

    def parse(text: Any) -> str:
        if text not in words:
            raise Misuse(say("commands.usage.one_of", text=text, known=", ".join(words)))
        return str(text)

    return parse


def common_options(*, as_of: bool, version: bool = False) -> dict[str, tuple[Any, Any]]:
    """Name -> (annotation, typer option) of the options that every command has."""

    def option(*names: str, help: str, **more: Any) -> Any:
        return typer.Option(None, *names, help=help, rich_help_panel=COMMON, **more)

    found: dict[str, tuple[Any, Any]] = {
        "database": (
            str | None,
            option("--database", help="commands.option.database", metavar="URL", envvar="BENEFITS_DATABASE"),
        ),
        "user": (
            str | None,
            option("--user", help="commands.option.user", metavar="LOGIN", envvar="BENEFITS_USER"),
        ),
        "lang": (
            str | None,
            option("--lang", help="commands.option.lang", metavar="zh|en"),
        ),
    }
    if as_of:
        found["as_of"] = (
            date | None,
            option("--as-of", help="commands.option.as_of", metavar="DATE", parser=day),
        )
    found["json"] = (bool, typer.Option(False, "--json", help="commands.option.json", rich_help_panel=COMMON))
    if version:
        found["version"] = (bool, typer.Option(False, "--version", help="commands.option.version"))
    return found


def with_options(
    function: Callable[..., Any], more: dict[str, tuple[Any, Any]], skip: int = 1
) -> Callable[..., Any]:
    """``function`` as typer sees it: its own options and ``more``, all by name. Its first ``skip`` parameters
    are not options; a context is always passed."""

    def run(ctx: typer.Context, **given: Any) -> Any:
        return function(ctx, **given)

    own = [
        p for p in list(inspect.signature(function).parameters.values())[skip:] if p.kind is not p.VAR_KEYWORD
    ]
    fields = [(p.name, p.annotation, p.default) for p in own]
    fields += [(name, annotation, default) for name, (annotation, default) in more.items()]
    _describe(run, fields)
    return run


def _describe(run: Callable[..., Any], fields: Iterable[tuple[str, Any, Any]]) -> None:
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, annotation, default in fields
    ]
    run.__signature__ = inspect.Signature([context, *parameters])  # type: ignore[attr-defined]
    run.__annotations__ = {"ctx": typer.Context} | {p.name: p.annotation for p in parameters}


def verb(
    app: typer.Typer, key: str, *, as_of: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a command. ``key`` is the catalogue key of its help, its last segment the command's name. The
    function takes a ``Call`` first and returns an exit code, or None for 0."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def body(ctx: typer.Context, **given: Any) -> Any:
            settings: Settings = ctx.obj
            for name in ("database", "user"):
                source = ctx.get_parameter_source(name)
                if source is not None and source.name == "ENVIRONMENT":
                    given[name] = None  # taken with the options in front of the noun, which go before it
            settings.take(given)
            return function(settings.call(), **given)

        body.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
        run = with_options(body, common_options(as_of=as_of))
        app.command(key.rpartition(".")[2].replace("_", "-"), help=key, cls=PageOfCommand)(run)
        return function

    return decorate


def group(noun: str) -> typer.Typer:
    """A noun with several verbs, or (``kit.item``) a group of them within another."""
    app = typer.Typer(
        name=noun.rpartition(".")[2],
        cls=PageOfGroup,
        help=f"commands.{noun}.help",
        add_completion=False,
        rich_markup_mode=None,
        no_args_is_help=True,
    )
    app.callback()(lambda: None)
    return app


def single(noun: str) -> typer.Typer:
    """A noun that is a command of its own."""
    return typer.Typer(name=noun, add_completion=False, rich_markup_mode=None)
