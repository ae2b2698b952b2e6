"""Everything that must hold before a change is taken: ``./run check``, which is also what CI runs.

Cheap checks first; all of them run even if one fails, so that one round shows everything. The tests come
last, and their closing line is the last of the output. Exit 0 if all passed, 1 otherwise.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ("benefits", "tui", "reports", "sample_data", "tests", "bench", "docs")
BIN = Path(sys.executable).parent


def tool(*words: str) -> bool:
    """Run one of the developers' tools in the repository; its output is shown."""
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=False).returncode == 0


def contracts() -> bool:
    """The import contracts of pyproject.toml."""
    return subprocess.run([str(BIN / "lint-imports"), "--no-cache"], cwd=ROOT, check=False).returncode == 0


def scripts() -> bool:
    """The shell scripts parse."""
    return all(
        subprocess.run([shell, "-n", script], cwd=ROOT, check=False).returncode == 0
        for shell, script in (("sh", "run"), ("bash", ".ci/run"))
    )


def clean_install() -> bool:
    """The wheel, in an environment of its own without any developers' tool, does the main job from
    elsewhere."""
    with tempfile.TemporaryDirectory(prefix="benefits-install-") as name:
        place = Path(name)
        fresh = place / "venv"
        program = str(fresh / "bin" / "benefits")
        elsewhere = place / "elsewhere"
        elsewhere.mkdir()
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("BENEFITS_", "PYTHON", "VIRTUAL"))
        } | {
            "XDG_DATA_HOME": str(place / "data"),
            "XDG_CONFIG_HOME": str(place / "config"),
            "PATH": os.defpath,
        }

        def does(*words: str) -> bool:
            done = subprocess.run(
                words, cwd=elsewhere, env=environment, check=False, capture_output=True, text=True
            )
            if done.returncode:
                print(f"{' '.join(words)}\n{done.stdout}{done.stderr}", flush=True)
            return done.returncode == 0

        steps: tuple[tuple[str, ...], ...] = (
            (sys.executable, "-m", "venv", "--without-pip", str(fresh)),
            (
                sys.executable,
                "-m",
                "pip",
                "--python",
                str(fresh / "bin" / "python"),
                "install",
                "-q",
                wheel(place),
            ),
            (program, "--help"),
            (program, "init", "--database", str(elsewhere / "own.sqlite")),
            (program, "doctor", "--database", str(elsewhere / "own.sqlite")),
            (program, "demo", "--out", "demo", "--json"),
        )
        return all(does(*step) for step in steps)


def wheel(place: Path) -> str:
    """Build the wheel; its path."""
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place / "dist")]
    subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    (built,) = (place / "dist").glob("*.whl")
    return str(built)


def tests() -> bool:
    """All tests, the database's on both engines."""
    processes = os.environ.get("BENEFITS_TEST_PROCESSES", "2")
    return tool("pytest", "-q", "-n", processes, "--durations", "15")


CHECKS: tuple[tuple[str, Callable[[], bool]], ...] = (
    ("shell scripts", scripts),
    ("format", lambda: tool("ruff", "format", "--check", "--quiet", ".")),
    ("lint", lambda: tool("ruff", "check", ".")),
    ("types", lambda: tool("mypy", *(name for name in CODE if any((ROOT / name).glob("**/*.py"))))),
    ("import contracts", contracts),
    ("clean install", clean_install),
    ("tests", tests),
)


def main(chosen: list[str]) -> int:
    """Run all checks, or those whose names are given."""
    failed: list[str] = []
    for name, check in CHECKS:
        if chosen and name not in chosen:
            continue
        print(f"== {name}", flush=True)
        begun = time.monotonic()
        passed = check()
        if not passed:
            failed.append(name)
        # nothing after pytest's own closing line, unless there is something to say
        if name != "tests" or failed:
            print(f"== {name}: {'ok' if passed else 'FAILED'} ({time.monotonic() - begun:.0f} s)", flush=True)
    if failed:
        print(f"FAILED: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
