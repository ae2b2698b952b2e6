"""What is wrong outside the program: one clear message, exit 1, nothing changed."""

import ctypes
import hashlib
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import GRACE, WINDOW, WOMEN, Program, child

PREVIEW = ("renewal", "preview", "--plan", WOMEN, *WINDOW, *GRACE)
LIBC = ctypes.CDLL(None)


def _sum(path: str | Path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _one_message(err: str) -> None:
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown plan": (("renewal", "preview", "--plan", "no-such-plan", *WINDOW), "plans.unknown_plan"),
    "draft plan": (
        ("plan", "explain", "bj-eight-covers", "--member", "1", "--start", "2026-12-01"),
        "plans.only_draft",
    ),
    "empty window": (
        ("renewal", "preview", "--plan", WOMEN, "--from", "2031-01-01", "--to", "2031-01-31", *GRACE),
        "renewal.window_empty",
    ),
    "turned window": (
        ("renewal", "preview", "--plan", WOMEN, "--from", "2026-12-31", "--to", "2026-11-01", *GRACE),
        "renewal.window_order",
    ),
    "grace without a reason": (
        ("renewal", "preview", "--plan", WOMEN, *WINDOW, "--grace-days", "30"),
        "renewal.grace_reason_needed",
    ),
    "unknown funding": (
        ("renewal", "preview", "--plan", WOMEN, *WINDOW, *GRACE, "--funding", "moon"),
        "renewal.unknown_funding",
    ),
    "unknown place": ((*PREVIEW, "--org", "U999999"), "organisations.unknown"),
    "unknown run": (("renewal", "apply", "XB-1999-0001"), "renewal.unknown_run"),
    "report of an unknown run": (("report", "renewal", "XB-1999-0001"), "renewal.unknown_run"),
    "unknown member": (("member", "show", "99999999"), "members.unknown"),
    "unknown user": (("renewal", "list", "--user", "ghost"), "access.unknown_user"),
    "no permission": ((*PREVIEW, "--user", "shenji"), "access.not_permitted"),
    "out of scope": (("org", "show", "通州区总工会", "--user", "zhangjiawan"), "organisations.unknown"),
    "verify half a database": (("verify", "--user", "zhangjiawan"), "kernel.verify_needs_all"),
    "no such file": (("plan", "check", "nowhere.toml"), "plans.no_file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, program: Program, district_url: str) -> None:
    words, code = REFUSED[case]
    where = ("--database", district_url)
    who = () if "--user" in words else ("--user", "admin")
    told = program(*words, *where, *who)
    assert told.code == 1 and told.out == ""
    assert "Traceback" not in told.err and told.err.strip()
    machine = program(*words, *where, *who, "--json", "--lang", "en")
    assert machine.code == 1 and machine.err == ""
    assert machine.error["code"] == code and machine.error["message"]
    runs = program("renewal", "list", *where, "--user", "admin", "--json").json["runs"]
    assert runs == [], "nothing was begun"


def test_a_plan_file_with_faults(tmp_path: Path, program: Program) -> None:
    good = (Path("benefits") / "plans" / "catalogue" / "bj-women-disease-1y@2018.toml").read_text(
        encoding="utf-8"
    )
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("surprise = 1\n" + good, encoding="utf-8")
    ran = program("plan", "check", str(wrong), "--json")
    assert ran.code == 1
    assert ran.error["code"] == "plans.bad_file"
    assert any("surprise" in problem["message"] for problem in ran.error["problems"])
    told = program("plan", "check", str(wrong))
    assert told.code == 1 and "surprise" in told.err and len(told.err.splitlines()) >= 2
    fine = tmp_path / "fine.toml"
    fine.write_text(good, encoding="utf-8")
    assert program("plan", "check", str(fine), "--json").json["ok"] is True


def test_an_edition_that_leaves_a_gap_is_not_added(
    tmp_path: Path, program: Program, district_url: str
) -> None:
    source = Path("benefits") / "plans" / "catalogue" / "bj-women-disease-1y@2018.toml"
    text = source.read_text(encoding="utf-8").replace('code = "bj-women-disease-1y"', 'code = "xx-women"', 1)
    first, later = tmp_path / "first.toml", tmp_path / "later.toml"
    ended = text.replace("effective = 2018-01-01", "effective = 2018-01-01\nended = 2020-12-31", 1)
    first.write_text(ended, encoding="utf-8")
    moved = text.replace("effective = 2018-01-01", "effective = 2022-01-01", 1)
    later.write_text(moved.replace('edition = "2018"', 'edition = "2022"', 1), encoding="utf-8")
    where = ("--database", district_url, "--user", "admin")
    added = program("plan", "add", str(first), *where, "--json")
    assert added.code == 0 and added.json["code"] == "xx-women"
    ran = program("plan", "add", str(later), *where, "--json")
    assert ran.code == 1
    assert [problem["code"] for problem in ran.error["problems"]] == ["plans.gap"]
    assert "2021-01-01" in ran.error["problems"][0]["message"]
    shown = program("plan", "show", "xx-women", *where, "--as-of", "2019-06-01", "--json").json["plan"]
    assert [one["edition"] for one in shown["editions"]] == ["2018"]


def _newer(path: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


def _no_database(path: str) -> None:
    Path(path).write_bytes(b"this is a letter, and no database at all\n" * 200)


def _cut_off(path: str) -> None:
    data = Path(path).read_bytes()
    Path(path).write_bytes(data[: len(data) // 3])


def _other_key(path: str) -> None:
    Path(f"{path}.key").write_text("ab" * 32 + "\n")


DAMAGE: dict[str, tuple[Callable[[str], object], set[str]]] = {
    "newer version": (_newer, {"kernel.newer_database"}),
    "no database": (_no_database, {"kernel.not_a_database"}),
    "cut off": (_cut_off, {"kernel.database_damaged", "kernel.not_a_database", "kernel.disk_error"}),
    "gone": (lambda path: Path(path).unlink(), {"kernel.no_such_database"}),
    "empty file": (lambda path: Path(path).write_bytes(b""), {"kernel.not_initialised"}),
    "key gone": (lambda path: Path(f"{path}.key").unlink(), {"kernel.key_missing"}),
    "another key": (_other_key, {"kernel.key_wrong"}),
    "key of rubbish": (lambda path: Path(f"{path}.key").write_text("secret"), {"kernel.key_invalid"}),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_database_that_cannot_be_used(case: str, sqlite_district: str, program: Program) -> None:
    """SQLite's own: files that are not what they should be."""
    damage, codes = DAMAGE[case]
    damage(sqlite_district)
    before = {path.name: _sum(path) for path in Path(sqlite_district).parent.iterdir() if path.is_file()}
    for words in (("renewal", "list"), PREVIEW, ("member", "search", "王")):
        done = child(*words, "--database", sqlite_district, "--user", "admin")
        assert done.returncode == 1 and done.stdout == ""
        _one_message(done.stderr)
    ran = program("renewal", "list", "--database", sqlite_district, "--user", "admin", "--json")
    assert ran.error["code"] in codes
    after = {path.name: _sum(path) for path in Path(sqlite_district).parent.iterdir() if path.is_file()}
    leftovers = {name for name in set(after) - set(before) if not name.endswith(("-wal", "-shm"))}
    assert leftovers == set()
    if (
        case == "empty file"
    ):  # SQLite writes a header into it; it is still empty, and can be made into a database
        assert child("init", "--database", sqlite_district).returncode == 0
        return
    assert {name: after[name] for name in before} == before


def _limited(size: int) -> Callable[[], None]:
    """The child may write no file longer than ``size`` bytes: for SQLite that is a full disk."""

    def limit() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk_changes_nothing(sqlite_district: str, program: Program) -> None:
    size = Path(sqlite_district).stat().st_size
    done = child(
        *PREVIEW, "--with-class", "--database", sqlite_district, "--user", "admin", "--as-of", "2026-11-22",
        preexec_fn=_limited(64 * 1024),
    )  # fmt: skip
    assert done.returncode == 1, done
    _one_message(done.stderr)
    assert "磁盘" in done.stderr
    where = ("--database", sqlite_district, "--user", "admin", "--json")
    assert program("renewal", "list", *where).json["runs"] == []
    assert program("verify", *where).json["ok"] is True
    done = child(*PREVIEW, "--database", sqlite_district, "--user", "admin", "--as-of", "2026-11-22")
    assert done.returncode == 0, "with room again the same command works"
    assert Path(sqlite_district).stat().st_size >= size


def test_a_full_disk_during_init_leaves_nothing(tmp_path: Path) -> None:
    done = child("init", "--database", str(tmp_path / "b.sqlite"), preexec_fn=_limited(16 * 1024))
    assert done.returncode == 1
    _one_message(done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_keeps_the_old_report(sqlite_district: str, tmp_path: Path, program: Program) -> None:
    where = ("--database", sqlite_district, "--user", "admin", "--as-of", "2026-11-22")
    run = program(*PREVIEW, *where, "--json").json["run"]
    paper = tmp_path / "paper" / "report.pdf"
    paper.parent.mkdir()
    paper.write_text("the old report")
    done = child("report", "renewal", run, "--out", str(paper), *where, preexec_fn=_limited(64 * 1024))
    assert done.returncode == 1
    _one_message(done.stderr)
    assert paper.read_text() == "the old report"
    assert list(paper.parent.iterdir()) == [paper]


def _bound_by_modes() -> None:
    """Root may write everywhere: the child gives that up (CAP_DAC_OVERRIDE), so that modes bind it too."""
    if os.getuid() == 0:
        assert LIBC.prctl(24, 1, 0, 0, 0) == 0, "PR_CAPBSET_DROP"


@pytest.mark.parametrize("closed", ["file", "folder and file"])
def test_a_read_only_database(closed: str, sqlite_district: str, program: Program, tmp_path: Path) -> None:
    path = Path(sqlite_district)
    path.chmod(0o444)
    path.parent.chmod(0o555 if closed == "folder and file" else 0o755)
    before = _sum(path)
    try:
        done = child(
            *PREVIEW,
            "--database",
            sqlite_district,
            "--user",
            "admin",
            "--as-of",
            "2026-11-22",
            preexec_fn=_bound_by_modes,
        )
        assert done.returncode == 1, done
        _one_message(done.stderr)
        assert any(word in done.stderr for word in ("只读", "打不开"))
        assert _sum(path) == before
    finally:
        path.parent.chmod(0o755)
        path.chmod(0o644)
    runs = program("renewal", "list", "--database", sqlite_district, "--user", "admin", "--json").json["runs"]
    assert runs == []


def test_a_missing_font(sqlite_district: str, tmp_path: Path, program: Program) -> None:
    """The program with one font file less, as a broken installation has it."""
    where = ("--database", sqlite_district, "--user", "admin", "--as-of", "2026-11-22")
    run = program(*PREVIEW, *where, "--json").json["run"]
    broken = tmp_path / "program"
    shutil.copytree("reports", broken / "reports", ignore=shutil.ignore_patterns("__pycache__"))
    for package in ("benefits", "tui", "sample_data"):
        (broken / package).symlink_to(Path(package).resolve())
    (broken / "reports" / "fonts" / "song.ttf").unlink()
    out = tmp_path / "report.pdf"
    start = "from benefits.commands import main; sys.exit(main())"
    code = f"import sys; sys.path.insert(0, {str(broken)!r}); {start}"

    def run_broken(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, cwd=tmp_path
        )

    done = run_broken("report", "renewal", run, "--out", str(out), *where)
    assert done.returncode == 1, done
    _one_message(done.stderr)
    assert "song.ttf" in done.stderr and not out.exists()
    looked = run_broken("doctor", "--database", sqlite_district, "--user", "admin")
    assert looked.returncode == 1 and "song.ttf" in looked.stdout


def test_a_server_that_is_not_there(program: Program, tmp_path: Path) -> None:
    ran = program("renewal", "list", "--database", f"postgresql://nobody@/none?host={tmp_path}", "--json")
    assert ran.code == 1 and ran.error["code"] == "kernel.cannot_open"
    wrong = program("renewal", "list", "--database", "oracle://x/y", "--json")
    assert wrong.code == 1 and wrong.error["code"] == "kernel.bad_database_url"
