"""What a command prints: one JSON object, or words and tables that fit double-width characters."""

import enum
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from benefits.commands.options import Call
from benefits.kernel.errors import Say
from benefits.kernel.messages import render, text
from benefits.kernel.text import cell_width, plain


def value_of(value: Any, lang: str) -> Any:
    """A value as JSON knows it: dataclasses become objects, codes their text, dates ISO, sentences words."""
    if isinstance(value, Say):
        return render(value, lang)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: value_of(getattr(value, one.name), lang) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): value_of(one, lang) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [value_of(one, lang) for one in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def emit(call: Call, data: Mapping[str, Any], *lines: str) -> None:
    """Print the object with ``--json``, else the lines."""
    if call.json:
        print(json.dumps(value_of(data, call.lang), ensure_ascii=False))
        return
    for line in lines:
        print(line)


def words(call: Call, key: str, /, **params: object) -> str:
    """A sentence of the catalogue in the user's language."""
    return text(key, call.lang, **params)


def listed(call: Call, things: Iterable[str]) -> str:
    """Several things in one sentence: 甲、乙; a, b."""
    return ("、" if call.lang == "zh" else ", ").join(things)


def table(
    call: Call, heads: Sequence[str], rows: Iterable[Sequence[object]], numbers: Sequence[int] = ()
) -> list[str]:
    """Lines of a table; ``heads`` are catalogue keys, columns of ``numbers`` stand to the right."""
    names = [text(key, call.lang) for key in heads]
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        return [text("commands.none", call.lang)]
    widths = [max(cell_width(row[n]) for row in [names, *cells]) for n in range(len(names))]
    return [_line(row, widths, numbers) for row in [names, ["-" * width for width in widths], *cells]]


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, enum.Enum):
        value = value.value
    return plain(str(value))


def _line(row: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> str:
    parts = []
    for n, (word, width) in enumerate(zip(row, widths, strict=True)):
        room = " " * (width - cell_width(word))
        parts.append(room + word if n in numbers else word + room)
    return "  ".join(parts).rstrip()


def progress(call: Call, key: str) -> Callable[[int, int], None] | None:
    """A bar on standard error while it is a terminal; None in a pipe. ``key`` names what is going on."""
    if not sys.stderr.isatty():
        return None
    what = text(key, call.lang)

    def tell(done: int, total: int) -> None:
        full = 24 * done // total if total else 24
        end = "\n" if done >= total else ""
        print(
            f"\r{what} [{'#' * full}{' ' * (24 - full)}] {done:,}/{total:,}",
            end=end,
            file=sys.stderr,
            flush=True,
        )

    return tell
