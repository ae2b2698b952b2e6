"""The seams to Textual: the version that they were checked with, and what they must still do."""

import ast
import subprocess
import sys
from pathlib import Path

import textual
from textual.app import App, ComposeResult

from tests.tui.helpers import ROOT, keys, settle
from tui import _compat
from tui.widgets.ime_input import ImeInput


def test_textual_is_the_version_that_the_seams_were_checked_with() -> None:
    assert textual.__version__ == _compat.CHECKED_WITH


async def test_the_caret_stands_behind_the_last_cell_and_not_one_further() -> None:
    class Caret(App[None]):
        def compose(self) -> ComposeResult:
            yield ImeInput()

    app = Caret()
    async with app.run_test(size=(40, 5)) as pilot:
        await keys(pilot, "张伟a")
        await settle(pilot)
        field = app.query_one(ImeInput)
        assert field.cursor_screen_offset.x == field.content_region.x + 5
        await keys(pilot, "home")
        assert field.cursor_screen_offset.x == field.content_region.x


def test_private_names_of_textual_are_touched_in_one_module_only() -> None:
    found = []
    for path in sorted((ROOT / "tui").rglob("*.py")):
        if path.name == "_compat.py":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        own = {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        own |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        own |= {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in ("self", "cls")
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and node.attr.startswith("_")
                and not node.attr.startswith("__")
            ):
                if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls", "_compat"):
                    continue
                if node.attr not in own and node.attr not in ("_replace",):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.attr}")
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual._"):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.module}")
    assert found == []


def _modules_after(code: str) -> set[str]:
    script = f"{code}\nimport sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_no_textual() -> None:
    assert "textual" not in _modules_after("import tui")


def test_the_first_frame_needs_no_database_library() -> None:
    code = (
        "import asyncio\nfrom tui.app import BenefitsApp\nfrom tui.gateway import Gateway\n"
        "async def main():\n"
        " app = BenefitsApp(Gateway('nowhere', None))\n"
        " app._opened = lambda: asyncio.sleep(0)\n"
        " async with app.run_test() as pilot:\n"
        "  await pilot.pause()\n"
        "asyncio.run(main())"
    )
    assert not _modules_after(code) & {
        "sqlmodel",
        "sqlalchemy",
        "pydantic",
        "reportlab",
        "pypinyin",
        "alembic",
    }


def test_presenters_import_no_textual() -> None:
    names = [path.stem for path in Path(ROOT, "tui", "presenters").glob("*.py") if path.stem != "__init__"]
    assert not names or "textual" not in _modules_after(
        "\n".join(f"import tui.presenters.{name}" for name in names)
    )
