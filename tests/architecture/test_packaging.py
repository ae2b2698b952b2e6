"""What is shipped: declared requirements, and every data file that the program reads."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement

from tests.architecture.code import ROOT, SHIPPED, modules

TOOLS = ("reports/fonts/build.py",)
"""Programs for developers that lie beside what they make."""


def _project() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"runtime": project["dependencies"], "dev": project["optional-dependencies"]["dev"]}


def _imported() -> Iterator[tuple[str, str]]:
    for module in modules():
        if module.within(*TOOLS):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name.partition(".")[0], module.path) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0], module.path


def _name(requirement: str) -> str:
    return Requirement(requirement).name.lower().replace("_", "-")


def test_every_imported_package_is_required() -> None:
    """A developer's tool that the program imports would be missing at the clerk's."""
    required = {_name(line) for line in _project()["runtime"]}
    homes = packages_distributions()
    missing = {
        f"{path}: {top}"
        for top, path in _imported()
        if top not in sys.stdlib_module_names
        and top not in SHIPPED
        and not {name.lower().replace("_", "-") for name in homes.get(top, [top])} & required
    }
    assert missing == set()


def test_the_wheel_holds_every_file_that_the_program_reads(tmp_path: Path) -> None:
    """A catalogue, a style sheet or a font that stays behind is missed only after an installation."""
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    (built,) = tmp_path.glob("*.whl")
    packed = set(ZipFile(built).namelist())
    read = {
        path.relative_to(ROOT).as_posix()
        for package in SHIPPED
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert any(name.endswith(".tcss") for name in read)
    assert read - packed == set()
    assert not [name for name in packed if name.startswith(("tests/", "bench/", "docs/"))]
