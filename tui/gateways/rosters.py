"""Rosters through the door (花名册): kinds, batches, looking into a file; check and import in a child
process."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.gateways.child import Stopped, Tell, Work, run

if TYPE_CHECKING:
    from benefits.kernel.errors import Problem, Say
    from benefits.kernel.unit import ReadUnit
    from benefits.rosters.check import Asked, Report
    from benefits.rosters.heads import Head
    from benefits.rosters.queries import BatchRow, BatchView
    from benefits.rosters.service import Imported, Undone
    from tui.gateway import Gateway

SHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt", ".et")
"""Endings of the files that the wizard offers; any file may be named."""
_MOST_OFFERED = 400


@dataclass(frozen=True, slots=True)
class KindInfo:
    """A kind of roster as the wizard offers it."""

    name: str
    title: "Say"
    permission: str
    columns: "tuple[tuple[str, Say, bool], ...]"
    """Key, heading, whether a file must have it."""
    options: tuple[tuple[str, bool], ...]
    """Settings of the whole file: name, whether it is needed."""
    prefilled: bool
    """Whether its template can be filled with last term's list."""


@dataclass(frozen=True, slots=True)
class FileAsked:
    """Which file, as what, read how. ``organisation`` is a code; ``mapping``: heading -> key of a column,
    empty: leave it out."""

    path: Path
    kind: str
    organisation: str = ""
    sheet: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    def asked(self) -> "Asked":
        """For the service."""
        from benefits.rosters.check import Asked

        return Asked(self.organisation or None, self.sheet or None, dict(self.mapping), dict(self.options))


@dataclass(frozen=True, slots=True)
class Look:
    """A first look into a file: what it is, and its head."""

    form: str
    encoding: str
    size: int
    sheets: tuple[str, ...]
    sheet: str
    notes: "tuple[Problem, ...]"
    head: "Head"


@dataclass(frozen=True, slots=True)
class Offer:
    """A file or folder that a path may go on to."""

    path: Path
    folder: bool
    size: int = 0
    changed: float = 0.0
    recent: bool = False


async def kinds(gateway: "Gateway") -> tuple[KindInfo, ...]:
    """The kinds of rosters that the user may import."""

    def all_kinds() -> tuple[KindInfo, ...]:
        from benefits.roster_kinds import KINDS

        return tuple(
            KindInfo(
                kind.name,
                kind.title,
                kind.permission,
                tuple((column.key, column.title, column.required) for column in kind.columns),
                tuple((option.name, option.required) for option in kind.options),
                kind.prefill is not None,
            )
            for kind in KINDS.values()
        )

    found = await gateway.in_thread(all_kinds)
    session = gateway.session
    return tuple(kind for kind in found if session is not None and session.may(kind.permission))


async def batches(gateway: "Gateway") -> "tuple[BatchRow, ...]":
    """The latest thousand imports, newest first."""
    from benefits.rosters import queries

    return await gateway.read(queries.batches, 1000)


async def batch(gateway: "Gateway", number: str, lang: str) -> "BatchView":
    """One import: its counts, and why rows were left out."""
    from benefits.rosters import queries

    return await gateway.read(queries.batch, number, lang)


async def offers(gateway: "Gateway", typed: str, recent: tuple[Path, ...]) -> tuple[Offer, ...]:
    """What a path that is being typed may go on to: files that look like spreadsheets, newest first, then
    folders."""
    return await gateway.in_thread(lambda: tuple(_offers(typed, recent)))


def _offers(typed: str, recent: tuple[Path, ...]) -> list[Offer]:
    path = Path(typed).expanduser() if typed.strip() else Path.cwd()
    folder, begun = (
        (path, "") if typed.endswith(("/", "\\")) or not typed.strip() else (path.parent, path.name)
    )
    if path.is_dir() and begun:
        folder, begun = path, ""
    files: list[Offer] = []
    folders: list[Offer] = []
    try:
        for one in folder.iterdir():
            if (
                one.name.startswith(".") and not begun.startswith(".")
            ) or begun.lower() not in one.name.lower():
                continue
            if one.is_dir():
                folders.append(Offer(one, True))
            elif one.suffix.lower() in SHEETS and not one.name.startswith("~$"):
                state = one.stat()
                files.append(Offer(one, False, state.st_size, state.st_mtime))
    except OSError:
        return []
    files.sort(key=lambda offer: (-offer.changed, offer.path.name))
    folders.sort(key=lambda offer: offer.path.name)
    used = [] if typed.strip() else [_recent(one) for one in recent if one.is_file()]
    known = {offer.path for offer in used}
    return [*used, *(one for one in files + folders if one.path not in known)][:_MOST_OFFERED]


def _recent(path: Path) -> Offer:
    state = path.stat()
    return Offer(path, False, state.st_size, state.st_mtime, True)


async def look(gateway: "Gateway", asked: FileAsked) -> Look:
    """Open a file and find its head, whatever is missing in it. Raises Refused ``rosters.file_…``."""

    def first(unit: "ReadUnit") -> Look:
        from benefits.organisations.queries import by_code, top
        from benefits.roster_kinds import kind_of
        from benefits.rosters.files.reading import open_sheet
        from benefits.rosters.heads import Peekable, find_head, plain_heading
        from benefits.rosters.mapping import remembered

        kind = kind_of(asked.kind)
        place = by_code(unit, asked.organisation) if asked.organisation else top(unit)
        known = remembered(unit, place.id, kind.name)
        known |= {plain_heading(heading): key for heading, key in asked.mapping.items()}
        with open_sheet(asked.path, sheet=asked.sheet or None) as opened:
            head = find_head(Peekable(opened.blocks()), kind.names(), kind.required(), known)
            facts = opened.facts
        return Look(
            facts.form.value,
            facts.encoding or "",
            facts.size,
            facts.sheets,
            facts.sheet,
            facts.notes,
            head,
        )

    return await gateway.read(first)


async def check(
    gateway: "Gateway", asked: FileAsked, tell: Tell, stop: threading.Event
) -> "Report | Stopped":
    """Judge every row of a file in a child process."""
    given = {"path": asked.path, "kind": asked.kind, "asked": asked.asked()}
    found: Report | Stopped = await _in_child(gateway, "check", given, tell, stop)
    return found


async def import_roster(
    gateway: "Gateway", asked: FileAsked, mode: str, rows: int, tell: Tell, stop: threading.Event
) -> "Imported | Stopped":
    """Import a file in a child process, in one transaction; ``rows`` as the check counted them."""
    given = {"path": asked.path, "kind": asked.kind, "asked": asked.asked(), "mode": mode, "rows": rows}
    done: Imported | Stopped = await _in_child(gateway, "import_roster", given, tell, stop)
    return done


async def annotate(
    gateway: "Gateway",
    asked: FileAsked,
    report: "Report",
    out: Path,
    lang: str,
    tell: Tell,
    stop: threading.Event,
) -> Any:
    """Write the copy of a file with its bad cells marked to ``out``."""
    given = {"path": asked.path, "report": report, "out": out, "lang": lang}
    return await _in_child(gateway, "annotate", given, tell, stop)


async def export(gateway: "Gateway", given: dict[str, Any], tell: Tell, stop: threading.Event) -> Any:
    """Write a list: kind, unit (code), form, path, title, purpose, and whether in clear, with the reason."""
    return await _in_child(gateway, "export", given, tell, stop)


async def template(gateway: "Gateway", given: dict[str, Any], tell: Tell, stop: threading.Event) -> Any:
    """Write a template: kind, unit (code), path, whether filled with last term's list."""
    return await _in_child(gateway, "template", given, tell, stop)


async def undo(gateway: "Gateway", number: str, reason: str) -> "Undone":
    """Take an import back. Raises Refused ``rosters.undo_blocked`` naming what stands in the way."""
    from benefits.roster_kinds import KINDS
    from benefits.rosters import service

    return await gateway.act(service.undo, batch=number, reason=reason, kinds=KINDS)


async def _in_child(
    gateway: "Gateway", name: str, given: dict[str, Any], tell: Tell, stop: threading.Event
) -> Any:
    assert gateway.session is not None
    work = Work(name, gateway.address, gateway.session.login, gateway.clock, given)
    job: Callable[[], Any] = lambda: run(work, tell, stop)  # noqa: E731
    return await gateway.in_thread(job)
