"""Help pages (帮助) in the user's language, laid out for double-width characters.

Help texts are catalogue keys until here.
"""

import shutil
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from benefits.kernel.messages import text
from benefits.kernel.text import cell_width

_MOST = 100
_GAP = 2


def wrap(words: str, width: int) -> list[str]:
    """Lines of at most ``width`` cells; breaks at spaces and anywhere between two wide characters."""
    lines, line, used = [], "", 0
    for piece in _pieces(words):
        cells = cell_width(piece)
        if line and used + cell_width(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line, used = "", 0
            piece = piece.lstrip()
            cells = cell_width(piece)
        line, used = line + piece, used + cells
    return [*lines, line.rstrip()]


_NO_LINE_START = "，。；：！？、）」』”’》…,.;:!?)"


def _pieces(words: str) -> list[str]:
    """What must stay together: a wide character with the marks behind it, a word with its spaces."""
    pieces: list[str] = []
    for char in words:
        joins = bool(pieces) and (
            char in _NO_LINE_START
            or char == " "
            or (cell_width(char) == 1 and cell_width(pieces[-1][-1]) == 1 and pieces[-1][-1] != " ")
        )
        if joins:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _rows(rows: list[tuple[str, str]], width: int) -> list[str]:
    """Two columns; the second is wrapped."""
    first = min(max((cell_width(left) for left, _ in rows), default=0), 30)
    found = []
    for left, right in rows:
        head = "  " + left + " " * (first - cell_width(left) + _GAP)
        if cell_width(left) > first:
            found.append(head.rstrip())
            head = " " * (first + 2 + _GAP)
        lines = wrap(right, max(width - first - 2 - _GAP, 20))
        found.append((head + lines[0]).rstrip())
        found += [" " * (first + 2 + _GAP) + line for line in lines[1:]]
    return found


def _lang(ctx: typer.Context) -> str:
    return str(ctx.obj.lang) if ctx.obj is not None else "zh"


def _left(param: Any) -> str:
    """How an option or an argument is written."""
    if param.param_type_name == "argument":
        return str(param.metavar or param.name.upper()) + ("..." if param.nargs == -1 else "")
    names = ", ".join([*param.opts, *param.secondary_opts])
    return names if param.is_flag else f"{names} {param.metavar or ''}".rstrip()


def _right(param: Any, lang: str) -> str:
    words = text(param.help, lang) if param.help else ""
    default = param.default
    extra = []
    if param.required:
        extra.append(text("commands.page.required", lang))
    elif default not in (None, "") and not isinstance(default, bool | list | tuple):
        extra.append(text("commands.page.default", lang, value=default))
    envvar = getattr(param, "envvar", None)
    if envvar:
        extra.append(text("commands.page.envvar", lang, name=envvar))
    return " ".join([words, *(f"[{one}]" for one in extra)])


def usage(command: Any, ctx: typer.Context) -> str:
    """The line that shows how the command is written."""
    lang = _lang(ctx)
    params = command.get_params(ctx)
    pieces = [ctx.command_path]
    pieces += [_left(p) for p in params if p.param_type_name == "option" and p.required]
    if any(p.param_type_name == "option" and not p.required for p in params):
        pieces.append(text("commands.page.options_word", lang))
    pieces += [_left(p) if p.required else f"[{_left(p)}]" for p in params if p.param_type_name == "argument"]
    if isinstance(command, TyperGroup):
        pieces.append(text("commands.page.command_word", lang))
    return text("commands.page.usage", lang, line=" ".join(pieces))


def _page(command: Any, ctx: typer.Context) -> str:
    lang = _lang(ctx)
    width = min(shutil.get_terminal_size().columns, _MOST)
    lines = [usage(command, ctx), "", *wrap(text(command.help, lang), width)]
    sections: dict[str, list[tuple[str, str]]] = {}
    for param in command.get_params(ctx):
        if getattr(param, "hidden", False):
            continue
        if param.param_type_name == "argument":
            heading = "commands.page.arguments"
        else:
            heading = getattr(param, "rich_help_panel", None) or "commands.page.options"
        words = text("commands.option.help", lang) if param.name == "help" else _right(param, lang)
        if param.name == "help":
            heading = "commands.options_common"
        sections.setdefault(heading, []).append((_left(param), words))
    order = ["commands.page.arguments", "commands.page.options"]
    if isinstance(command, PageOfGroup):
        verbs = [(name, text(command.line_for(ctx, name), lang)) for name in command.list_commands(ctx)]
        lines += ["", text("commands.page.commands", lang), *_rows(verbs, width)]
    for heading in sorted(sections, key=lambda key: order.index(key) if key in order else len(order)):
        lines += ["", text(heading, lang), *_rows(sections[heading], width)]
    return "\n".join(lines) + "\n"


def _spare(params: list[Any]) -> None:
    """Values that need no conversion skip typer's, which imports pydantic: help must not wait for it."""
    for param in params:
        if "process_value" not in vars(param):
            param.process_value = _sparing(param, param.process_value)


def _sparing(param: Any, convert: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    info = param.type_descriptor
    plain_text = info.annotation is str and info.parameter_info.parser is None

    def process(ctx: Any, value: Any) -> Any:
        nothing = value is None and not param.required and not param.multiple and param.nargs == 1
        if nothing or (plain_text and isinstance(value, str)):
            return param.callback(ctx, param, value) if param.callback else value
        return convert(ctx, value)

    return process


class PageOfCommand(TyperCommand):
    """A command whose help is a catalogue message."""

    def __init__(self, *words: Any, **given: Any) -> None:
        super().__init__(*words, **given)
        _spare(self.params)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        _spare([option])
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_page(self, ctx))


class PageOfGroup(TyperGroup):
    """A group of commands whose help is a catalogue message."""

    def __init__(self, *words: Any, **given: Any) -> None:
        super().__init__(*words, **given)
        _spare(self.params)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        _spare([option])
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_page(self, ctx))

    def line_for(self, ctx: typer.Context, name: str) -> str:
        """Catalogue key of the line that a list shows for a verb."""
        command = self.get_command(ctx, name)
        return str(command.help) if command is not None else ""
