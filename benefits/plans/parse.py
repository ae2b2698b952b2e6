"""Reading a plan file (计划文件): TOML in, an edition or the list of all its faults out.

A plan file may come from anywhere, so size, form and every value are checked; a fault names the file, the
table, the key and what would be allowed there.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from benefits.kernel.errors import Problem, Refused, Say, say
from benefits.plans.conditions import TAGS
from benefits.plans.cover import SHAPES
from benefits.plans.edition import Edition

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MAX_BYTES = 256 * 1024
_WANTED = {
    "int": "number",
    "string": "text",
    "bool": "flag",
    "tuple": "list",
    "dict": "table",
    "model": "table",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A plan file as it was read: its text, the SHA-256 of its bytes (hex), and the edition it says."""

    text: str
    digest: str
    edition: Edition


def read(path: Path) -> Document:
    """Read a plan file. Raises Refused: unreadable, too big, not TOML, or with all the faults of its
    content."""
    try:
        if not path.is_file():
            raise Refused("plans.no_file", file=str(path))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused("plans.unreadable", file=str(path), why=error.strerror or str(error)) from error
    return document(data, path.name)


def document(data: bytes, name: str) -> Document:
    """The edition in ``data``; ``name`` stands for the file in messages. Raises Refused as ``read`` does."""
    if len(data) > MAX_BYTES:
        raise Refused("plans.too_big", file=name, limit=MAX_BYTES // 1024)
    try:
        text = data.decode("utf-8")
        table = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise Refused("plans.not_utf8", file=name, byte=error.start) from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Refused("plans.not_toml", file=name, why=str(error)[:200]) from error
    try:
        edition = Edition.model_validate(table)
    except ValidationError as error:
        problems = tuple(problem_of(detail) for detail in error.errors(include_url=False))
        raise Refused("plans.bad_file", file=name, count=len(problems), problems=problems) from error
    except RecursionError as error:
        raise Refused("plans.not_toml", file=name, why="nested too deeply") from error
    return Document(text, hashlib.sha256(data).hexdigest(), edition)


def problem_of(detail: "ErrorDetails") -> Problem:
    """What is wrong at one place of a file, in words."""
    path = [part for part in detail["loc"] if part not in TAGS and part not in SHAPES]
    place = ".".join(f"#{part + 1}" if isinstance(part, int) else part for part in path)
    fault = _fault(detail)
    where = say("plans.where", place=place) if place else say("plans.where_top")
    return Problem(
        f"plans.{detail['type']}", say("plans.fault", where=where, fault=fault), field=place or None
    )


def _fault(detail: "ErrorDetails") -> Say:
    kind, context = detail["type"], detail.get("ctx", {})
    if detail["msg"] == kind:  # one of our own (vocabulary.broken)
        hint = say("plans.near", word=context["near"]) if context.get("near") else ""
        return say(f"plans.{kind}", **{**context, "near": hint})
    if kind == "missing":
        return say("plans.missing", key=str(detail["loc"][-1]))
    value = repr(detail.get("input"))[:40]
    if kind.removesuffix("_type") in _WANTED or kind.startswith("model"):
        return say(
            "plans.wrong_type", value=value, wanted=say(f"plans.type.{_WANTED[kind.partition('_')[0]]}")
        )
    if kind in ("literal_error", "enum"):
        return say("plans.not_one_of", value=value, allowed=str(context["expected"]))
    limit = next(
        (context[key] for key in ("ge", "le", "gt", "lt", "min_length", "max_length") if key in context), None
    )
    if limit is not None:
        return say(
            f"plans.{'low' if {'ge', 'gt', 'min_length'} & set(context) else 'high'}",
            value=value,
            limit=limit,
        )
    if kind == "string_pattern_mismatch":
        return say("plans.bad_code", value=value)
    return say("plans.bad_value", value=value, why=detail["msg"])
