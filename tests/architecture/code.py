"""The product's own source, parsed once, for the tests that read it."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("benefits", "tui", "reports", "sample_data")


@dataclass(frozen=True, slots=True)
class Module:
    """One source file."""

    path: str
    """Relative to the repository, with slashes."""
    lines: int
    tree: ast.Module

    def within(self, *places: str) -> bool:
        """Whether the file is one of the places or lies in one of them (``benefits/kernel/``)."""
        return any(
            self.path == place or (place.endswith("/") and self.path.startswith(place)) for place in places
        )


@cache
def modules(*packages: str) -> tuple[Module, ...]:
    """All modules of the packages, by default of everything that is shipped."""
    return tuple(
        Module(path.relative_to(ROOT).as_posix(), len(source.splitlines()), ast.parse(source))
        for package in packages or SHIPPED
        for path in sorted((ROOT / package).rglob("*.py"))
        for source in [path.read_text(encoding="utf-8")]
    )


def services() -> Iterator[ModuleType]:
    """Every ``benefits/*/service*.py``, imported (which also declares its actions)."""
    for module in modules("benefits"):
        if re.search(r"/service\w*\.py$", module.path):
            yield importlib.import_module(module.path.removesuffix(".py").replace("/", "."))


def imported_names(tree: ast.Module) -> dict[str, str]:
    """Local name -> dotted origin, for every import in the module: ``sa`` -> ``sqlalchemy``."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node: ast.expr) -> str:
    """``a.b.c`` for a chain of attributes on a name; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def origin(node: ast.expr, names: dict[str, str]) -> str:
    """Where a called name comes from: ``sa.text`` -> ``sqlalchemy.text``."""
    first, dot, rest = dotted(node).partition(".")
    return names.get(first, first) + dot + rest


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """All calls in a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))
