"""``./run`` on machines that are not kind: no Python, no ensurepip, odd paths, interruptions.

A miniature project with the real script and a build backend of its own stands in for the product, so that
nothing is downloaded; venv and pip are real.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "benefits"
version = "1"
[project.optional-dependencies]
dev = []
"""
BACKEND = """
import pathlib, zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "benefits-1-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        wheel.writestr("benefits.pth", str(pathlib.Path.cwd()) + "\\n")
        wheel.writestr("benefits-1.dist-info/METADATA",
                       "Metadata-Version: 2.1\\nName: benefits\\nVersion: 1\\n")
        wheel.writestr("benefits-1.dist-info/WHEEL",
                       "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("benefits-1.dist-info/entry_points.txt", "[console_scripts]\\nbenefits = mini:main\\n")
        wheel.writestr("benefits-1.dist-info/RECORD", "")
    return name
"""
PROGRAM = """
import os, sys
def main():
    print(os.getcwd(), sys.argv[1:])
"""
TOOLS = ("sh", "cat", "cksum", "dirname", "env", "grep", "kill", "ls", "readlink", "rm", "sleep", "tail")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A fresh clone, in a path with a space and Chinese."""
    place = tmp_path / "互助 保障"
    place.mkdir()
    shutil.copy(ROOT / "run", place / "run")
    (place / "pyproject.toml").write_text(PROJECT)
    (place / "backend.py").write_text(BACKEND)
    (place / "mini.py").write_text(PROGRAM)
    return place


def _run(project: Path, *words: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("BENEFITS_", "PIP_"))
    }
    environment |= {"BENEFITS_PYTHON": sys.executable} | env
    return subprocess.run(
        [str(project / "run"), *words],
        cwd=cwd or project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def _poor_path(folder: Path) -> str:
    """A PATH with the usual tools and no Python."""
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            (folder / tool).symlink_to(found)
    return str(folder)


def test_it_sets_up_and_hands_the_words_on(project: Path, tmp_path: Path) -> None:
    done = _run(project, "member", "search", "王 敏", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{tmp_path} ['member', 'search', '王 敏', '--json']\n"
    begun = time.monotonic()
    again = _run(project, "x", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (0, "")
    assert time.monotonic() - begun < 2


def test_a_python_without_ensurepip_will_do(project: Path, tmp_path: Path) -> None:
    shadow = tmp_path / "shadow"
    shadow.mkdir()
    (shadow / "ensurepip.py").write_text("raise ImportError('taken out by the distribution')\n")
    done = _run(project, "x", PYTHONPATH=str(shadow))
    assert done.returncode == 0, done.stderr
    assert not list((project / ".venv").glob("lib/python*/site-packages/pip"))


def test_settings_that_would_send_packages_elsewhere_are_overruled(project: Path, tmp_path: Path) -> None:
    done = _run(project, "x", PIP_USER="1", PIP_TARGET=str(tmp_path / "target"), PIP_REQUIRE_VIRTUALENV="1")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "target").exists()


def test_no_python_is_one_clear_message(project: Path, tmp_path: Path) -> None:
    done = _run(project, "x", BENEFITS_PYTHON="", PATH=_poor_path(tmp_path / "bin"))
    assert done.returncode == 1
    assert "Python 3.11 or later is needed" in done.stderr
    assert "apt-get install python3" in done.stderr
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("program", ["true", "no-such-python"])
def test_a_wrong_python_is_named(project: Path, program: str) -> None:
    done = _run(project, "x", BENEFITS_PYTHON=program)
    assert done.returncode == 1
    assert f'BENEFITS_PYTHON is "{program}"' in done.stderr


def test_an_interrupted_set_up_is_done_again(project: Path) -> None:
    assert _run(project, "x").returncode == 0
    (project / ".venv" / "stamp.base").unlink()
    (project / ".venv" / "bin" / "benefits").unlink()
    dead = subprocess.Popen(["true"])
    dead.wait()
    (project / ".venv.lock").write_text(f"{dead.pid}\n")
    done = _run(project, "x")
    assert done.returncode == 0, done.stderr
    assert not (project / ".venv.lock").exists()


def test_a_moved_clone_makes_its_environment_anew(project: Path, tmp_path: Path) -> None:
    assert _run(project, "x").returncode == 0
    moved = tmp_path / "moved"
    project.rename(moved)
    done = _run(moved, "x")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{moved} ['x']\n"


def test_changed_requirements_are_installed(project: Path) -> None:
    assert _run(project, "x").returncode == 0
    with (project / "pyproject.toml").open("a") as file:
        file.write("# a new pin\n")
    done = _run(project, "x")
    assert done.returncode == 0
    assert "Setting up" in done.stderr


def test_an_environment_that_is_somebody_elses_folder_is_left_alone(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "photos"
    other.mkdir()
    (other / "one.jpg").write_text("")
    done = _run(project, "x", BENEFITS_VENV=str(other))
    assert done.returncode == 1
    assert "is no Python environment" in done.stderr
    assert (other / "one.jpg").exists()
