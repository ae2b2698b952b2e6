"""The catalogue of plan editions (计划目录) that comes with the program, and the promises it makes when it
is loaded.

A published edition is immutable: ``catalogue.lock`` holds the SHA-256 of each file, in the form that
``sha256sum`` writes and checks. From the first ``effective`` day of a plan to its end every day has exactly
one edition. What holds not is an error at load.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

from benefits.kernel.errors import Problem, Refused, say
from benefits.plans.edition import Edition
from benefits.plans.parse import Document, read
from benefits.plans.vocabulary import Unknown

FOLDER = Path(__file__).with_name("catalogue")
LOCK = "catalogue.lock"
_DAY = timedelta(days=1)
_LINE = re.compile(r"([0-9a-f]{64}) [ *]([^/\\\s]+\.toml)")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Documents by plan code, in the order of their effective days; drafts come last."""

    plans: Mapping[str, tuple[Document, ...]]

    def editions_of(self, code: str) -> tuple[Edition, ...]:
        """All editions of a plan, drafts too. Raises Refused for an unknown plan, with the known ones."""
        if code not in self.plans:
            raise Refused("plans.unknown_plan", code=code, known=", ".join(sorted(self.plans)) or "–")
        return tuple(document.edition for document in self.plans[code])

    def edition_on(self, code: str, day: date) -> Edition:
        """The edition in force on ``day``. No edition for a day is an error, never "the last one"."""
        return in_force(code, self.editions_of(code), day)

    def documents(self) -> tuple[Document, ...]:
        """All documents, by plan code and effective day."""
        return tuple(document for code in sorted(self.plans) for document in self.plans[code])


def in_force(code: str, editions: Iterable[Edition], day: date) -> Edition:
    """The one edition of ``editions`` in force on ``day``. Raises Refused ``plans.no_edition`` or
    ``plans.only_draft``."""
    held = tuple(editions)
    published = [edition for edition in held if not edition.draft]
    for edition, (first, last) in zip(published, spans(published), strict=True):
        if first <= day and (last is None or day <= last):
            return edition
    if held and not published:
        raise Refused("plans.only_draft", plan=code, edition=held[0].edition)
    raise Refused("plans.no_edition", plan=code, day=day.isoformat(), known=_span_words(published))


def spans(editions: Iterable[Edition]) -> list[tuple[date, date | None]]:
    """First and last day of each edition, both inclusive; None: still in force. The order of ``editions``
    is by day."""
    held = list(editions)
    found: list[tuple[date, date | None]] = []
    for place, edition in enumerate(held):
        following = held[place + 1] if place + 1 < len(held) else None
        last = edition.ended if following is None or edition.ended else first_day(following) - _DAY
        found.append((first_day(edition), last))
    return found


def first_day(edition: Edition) -> date:
    """The effective day of a published edition."""
    assert not isinstance(edition.effective, Unknown), "only a draft has no effective day"
    return edition.effective


def _span_words(editions: list[Edition]) -> str:
    parts = (f"{e.edition}: {a} – {b or '…'}" for e, (a, b) in zip(editions, spans(editions), strict=True))
    return "; ".join(parts) or "–"


def prove_days(code: str, editions: Iterable[Edition]) -> list[Problem]:
    """Gaps and overlaps between the editions of one plan, with their dates; each problem names both
    editions."""
    held = sorted((e for e in editions if not e.draft), key=first_day)
    problems: list[Problem] = []
    for one, other in zip(held, held[1:], strict=False):
        begins = first_day(other)
        if begins == first_day(one) or (one.ended is not None and one.ended >= begins):
            last = begins if one.ended is None else one.ended
            kind, days = "plans.overlap", (begins, last)
        elif one.ended is not None and one.ended + _DAY < begins:
            kind, days = "plans.gap", (one.ended + _DAY, begins - _DAY)
        else:
            continue
        params = {"plan": code, "one": one.edition, "other": other.edition}
        problems.append(
            Problem(
                kind,
                say(kind, first=days[0].isoformat(), last=days[1].isoformat(), **params),
                field="effective",
            )
        )
    return problems


def load(folder: Path = FOLDER) -> Catalogue:
    """Read a folder of plan files with its lock, and prove it. Raises Refused ``plans.bad_catalogue`` with
    every fault."""
    locked = read_lock(folder / LOCK)
    problems: list[Problem] = []
    found: dict[str, list[Document]] = {}
    paths = sorted(folder.glob("*.toml"))
    for name in sorted(set(locked) - {path.name for path in paths}):
        problems.append(Problem("plans.lost_file", say("plans.lost_file", file=name)))
    for path in paths:
        try:
            document = read(path)
        except Refused as refusal:
            problems += [Problem(refusal.code, refusal.say), *refusal.problems]
            continue
        problems += _check_lock(path.name, document, locked.get(path.name))
        found.setdefault(document.edition.code, []).append(document)
    for code, documents in found.items():
        problems += prove_days(code, [document.edition for document in documents])
        problems += prove_names(code, [document.edition for document in documents])
        documents.sort(key=lambda each: (each.edition.draft, str(each.edition.effective)))
    if problems:
        raise Refused(
            "plans.bad_catalogue", folder=folder.name, count=len(problems), problems=tuple(problems)
        )
    return Catalogue(MappingProxyType({code: tuple(documents) for code, documents in found.items()}))


def prove_names(code: str, editions: Iterable[Edition]) -> list[Problem]:
    """No two editions of a plan have the same name."""
    names = [edition.edition for edition in editions]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [
        Problem("plans.same_edition", say("plans.same_edition", plan=code, edition=name), field="edition")
        for name in twice
    ]


def _check_lock(name: str, document: Document, digest: str | None) -> list[Problem]:
    if document.edition.draft:
        return [] if digest is None else [Problem("plans.locked_draft", say("plans.locked_draft", file=name))]
    if digest is None:
        return [Problem("plans.not_locked", say("plans.not_locked", file=name, digest=document.digest))]
    if digest != document.digest:
        return [Problem("plans.edited", say("plans.edited", file=name, edition=document.edition.edition))]
    return []


def read_lock(path: Path) -> dict[str, str]:
    """File name -> SHA-256 of its bytes. Raises Refused for a missing lock or a line that is none."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("plans.no_lock", file=path.name, why=str(error)) from error
    locked: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in locked:
            raise Refused("plans.bad_lock", file=path.name, line=number)
        locked[match[2]] = match[1]
    return locked


@cache
def catalogue() -> Catalogue:
    """The catalogue that comes with the program, read once."""
    return load(FOLDER)


def editions_of(code: str) -> tuple[Edition, ...]:
    """All editions of a plan of the program's catalogue. Raises Refused ``plans.unknown_plan``."""
    return catalogue().editions_of(code)


def edition_on(code: str, day: date) -> Edition:
    """The edition of the program's catalogue in force on ``day``. Raises Refused; never takes "the last
    one"."""
    return catalogue().edition_on(code, day)
