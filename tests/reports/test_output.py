"""Writing the file: all at once or not at all, with one clear message."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from benefits.kernel.errors import Refused
from reports.renewal import render
from tests.reports import factory

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import os, resource, sys
from pathlib import Path
from benefits.kernel.errors import Refused
from reports.renewal import render
from tests.reports import factory
report, target = factory.district(2, 8), Path(sys.argv[2])
render(report, Path(sys.argv[3]))  # everything is imported and every font read
if sys.argv[1] == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
elif os.geteuid() == 0:
    os.seteuid(65534)
try:
    render(report, target)
except Refused as refused:
    print(refused.code, str(refused))
    sys.exit(7)
"""


def child(kind: str, target: Path, warm: Path) -> subprocess.CompletedProcess[str]:
    """Render in a process of its own that has lost a right or has no room."""
    command = [sys.executable, "-c", CHILD, kind, str(target), str(warm)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_a_full_disk_leaves_the_old_report(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    target = place / "r.pdf"
    target.write_bytes(b"the old report")
    done = child("full", target, tmp_path / "warm.pdf")
    assert (done.returncode, done.stderr) == (7, "")
    assert done.stdout.startswith("reports.disk_full")
    assert str(target) in done.stdout
    assert target.read_bytes() == b"the old report"
    assert os.listdir(place) == ["r.pdf"]


def _open_to_all(folder: Path) -> None:
    """Another user may walk to the folder; how deep it lies depends on how the tests are run."""
    top = Path(tempfile.gettempdir()).resolve()
    for above in (folder, *folder.parents):
        if above == top or top not in above.parents:
            break
        above.chmod(above.stat().st_mode | 0o011)


def test_a_folder_that_cannot_be_looked_into(tmp_path: Path) -> None:
    place = tmp_path / "closed"
    place.mkdir()
    _open_to_all(tmp_path)
    place.chmod(0o000)
    try:
        done = child("forbidden", place / "r.pdf", tmp_path / "warm.pdf")
    finally:
        place.chmod(0o755)
    assert (done.returncode, done.stderr) == (7, "")
    assert done.stdout.startswith("reports.not_writable")


def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    target = place / "r.pdf"
    target.write_bytes(b"the old report")
    _open_to_all(tmp_path)
    place.chmod(0o555)
    try:
        done = child("forbidden", target, tmp_path / "warm.pdf")
    finally:
        place.chmod(0o755)
    assert (done.returncode, done.stderr) == (7, "")
    assert done.stdout.startswith("reports.not_writable")
    assert str(target) in done.stdout
    assert target.read_bytes() == b"the old report"
    assert os.listdir(place) == ["r.pdf"]


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        render(factory.empty(), tmp_path / "nowhere" / "r.pdf")
    assert refused.value.code == "reports.no_folder"
    assert str(tmp_path / "nowhere") in str(refused.value)
    assert os.listdir(tmp_path) == []


def test_a_folder_stands_in_the_place(tmp_path: Path) -> None:
    (tmp_path / "r.pdf").mkdir()
    with pytest.raises(Refused) as refused:
        render(factory.empty(), tmp_path / "r.pdf")
    assert refused.value.code == "reports.target_is_folder"


def test_an_older_report_is_replaced_and_keeps_its_rights(tmp_path: Path) -> None:
    target = tmp_path / "r.pdf"
    target.write_bytes(b"old")
    target.chmod(0o604)
    made = render(factory.empty(), target)
    assert target.read_bytes()[:5] == b"%PDF-"
    assert target.stat().st_size == made.bytes
    assert target.stat().st_mode & 0o777 == 0o604
    assert os.listdir(tmp_path) == ["r.pdf"]


def test_a_new_report_is_not_for_everyone(tmp_path: Path) -> None:
    render(factory.empty(), tmp_path / "r.pdf")
    assert (tmp_path / "r.pdf").stat().st_mode & 0o007 == 0
