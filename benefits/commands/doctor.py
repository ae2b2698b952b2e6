"""``benefits doctor``: is this machine fit to work, and if not, what is to be done."""

import os
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benefits.commands.options import Call, single, verb
from benefits.commands.show import emit, words
from benefits.kernel.errors import Refused, Say, say
from benefits.kernel.messages import render

app = single("doctor")

OK, WARN, FAIL = "ok", "warn", "fail"
_LITTLE, _NONE = 1_000_000_000, 100_000_000
"""Free bytes below which the disk is called low, and full."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and what to do (None: nothing)."""

    check: str
    status: str
    found: Say
    todo: Say | None = None


@verb(app, "commands.doctor.help", as_of=False)
def doctor(call: Call) -> int:
    """Look at database, key, fonts, terminal and disk (体检); exit 1 where something is broken."""
    findings = [finding for check in CHECKS for finding in _looked(call, check)]
    lines = []
    for one in findings:
        name = words(call, f"commands.doctor.check.{one.check}")
        lines.append(
            f"[{words(call, f'commands.doctor.{one.status}')}] {name}: {render(one.found, call.lang)}"
        )
        if one.todo is not None:
            lines.append(f"    -> {render(one.todo, call.lang)}")
    broken = any(one.status == FAIL for one in findings)
    lines.append(words(call, "commands.doctor.broken" if broken else "commands.doctor.fit"))
    checks = [
        {"check": one.check, "status": one.status, "found": one.found, "todo": one.todo} for one in findings
    ]
    emit(call, {"ok": not broken, "checks": checks}, *lines)
    return 1 if broken else 0


def _looked(call: Call, check: "Callable[[Call], list[Finding]]") -> list[Finding]:
    """A check that is refused is a finding of its own, and the others go on."""
    try:
        return check(call)
    except Refused as refusal:
        name = check.__name__.strip("_")
        return [Finding(name, FAIL, refusal.say)]


def _engine(call: Call) -> list[Finding]:
    from benefits.commands.health import facts

    found = facts(call)
    what = say("commands.doctor.engine", engine=found.engine, version=found.version, driver=found.driver)
    findings = [Finding("engine", OK, what)]
    if found.engine == "sqlite":
        wal = found.journal == "wal"
        if wal and not found.wal_safe:
            findings.append(
                Finding(
                    "journal",
                    FAIL,
                    say("commands.doctor.wal_unsafe", version=found.version),
                    say("commands.doctor.do_driver"),
                )
            )
        else:
            status = OK if found.wal_safe else WARN
            todo = None if found.wal_safe else say("commands.doctor.do_driver")
            findings.append(
                Finding("journal", status, say("commands.doctor.journal", mode=found.journal), todo)
            )
    return findings


def _schema(call: Call) -> list[Finding]:
    from benefits.commands.health import schema

    found = schema(call)
    if found["found"] == found["needed"]:
        return [
            Finding("schema", OK, say("commands.db.current", found=found["found"], needed=found["needed"]))
        ]
    todo = say("commands.doctor.do_init" if found["found"] is None else "commands.doctor.do_schema")
    return [
        Finding(
            "schema",
            FAIL,
            say("commands.db.other", found=found["found"] or "-", needed=found["needed"]),
            todo,
        )
    ]


def _key(call: Call) -> list[Finding]:
    """The key file is there, belongs to the database, and nobody else may read it."""
    from benefits.database import default_url, key_path, open_database
    from benefits.kernel.engine import parse_url

    path = key_path(parse_url(call.database or default_url()))
    open_database(call.database).close()
    others = stat.S_IMODE(path.stat().st_mode) & 0o077
    if others and os.name == "posix":
        mode = f"{stat.S_IMODE(path.stat().st_mode):o}"
        return [
            Finding(
                "key",
                WARN,
                say("commands.doctor.key_open", path=str(path), mode=mode),
                say("commands.doctor.do_key", path=str(path)),
            )
        ]
    return [Finding("key", OK, say("commands.doctor.key", path=str(path)))]


def _user(call: Call) -> list[Finding]:
    from benefits.commands.work import opened

    with opened(call) as (_, actor):
        return [Finding("user", OK, say("commands.doctor.user", login=actor.login, name=actor.name))]


def _library(_call: Call) -> list[Finding]:
    """After the engine was opened: one SQLite library in the process (DESIGN law 16)."""
    from benefits.kernel.health import sqlite_libraries

    found = sqlite_libraries()
    names = ", ".join(found) or "-"
    if len(found) > 1:
        return [
            Finding(
                "library",
                FAIL,
                say("commands.doctor.libraries", names=names),
                say("commands.doctor.do_library"),
            )
        ]
    return [Finding("library", OK, say("commands.doctor.library", names=names))]


def _fonts(_call: Call) -> list[Finding]:
    from reports.fonts.face import FILES, load

    glyphs = sum(load(name).hb_face.glyph_count for name in FILES)
    return [Finding("fonts", OK, say("commands.doctor.fonts", faces=len(FILES), glyphs=f"{glyphs:,}"))]


def _terminal(_call: Call) -> list[Finding]:
    encoding = (sys.stdout.encoding or "").lower()
    kind = os.environ.get("TERM", "")
    if encoding.replace("-", "") != "utf8":
        return [
            Finding(
                "terminal",
                WARN,
                say("commands.doctor.encoding", encoding=encoding or "-"),
                say("commands.doctor.do_encoding"),
            )
        ]
    if sys.stdout.isatty() and kind in ("", "dumb"):
        return [
            Finding(
                "terminal",
                WARN,
                say("commands.doctor.dumb", kind=kind or "-"),
                say("commands.doctor.do_term"),
            )
        ]
    return [Finding("terminal", OK, say("commands.doctor.terminal", encoding=encoding, kind=kind or "-"))]


def _disk(call: Call) -> list[Finding]:
    """Free space where the SQLite file lies (the server of PostgreSQL looks after its own)."""
    from benefits.database import default_url
    from benefits.kernel.engine import parse_url

    url = parse_url(call.database or default_url())
    folder = Path(str(url.database)).resolve().parent if url.get_backend_name() == "sqlite" else Path.cwd()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    what = say("commands.doctor.disk", folder=str(folder), free=f"{free / 1e9:.1f}")
    if free < _LITTLE:
        return [Finding("disk", FAIL if free < _NONE else WARN, what, say("commands.doctor.do_disk"))]
    return [Finding("disk", OK, what)]


CHECKS: tuple[Callable[[Call], list[Finding]], ...] = (
    _engine,
    _schema,
    _key,
    _user,
    _library,
    _fonts,
    _terminal,
    _disk,
)
