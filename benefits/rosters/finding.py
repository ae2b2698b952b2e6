"""Which unit a row means (行内查找): by code, by name, by a name it had.

All units of the part of the tree are read once a file, so that no row asks the database. What cannot be said
is blamed on its column with what to do about it. Whom a row means: ``finding_people``.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import select

from benefits.kernel.errors import say
from benefits.kernel.text import shown
from benefits.kernel.unit import ReadUnit
from benefits.organisations.models import OrganisationName
from benefits.organisations.queries import OrganisationRow, subtree
from benefits.organisations.search import folded
from benefits.rosters.kind import Chunk, Job

_MOST_NEAR = 3
_MOST_GUESSES = 200
"""Unknown names of a file that are compared with all names; a file of nothing else is another file."""
Fault = tuple[str, dict[str, Any]]
"""Key of a sentence and its parameters."""


@dataclass(slots=True)
class _Places:
    """The units of a part of the tree, by code and by what they are and were called."""

    codes: dict[str, OrganisationRow]
    names: dict[str, list[OrganisationRow]]
    former: dict[str, list[OrganisationRow]]
    found: dict[tuple[str | None, str | None], OrganisationRow | Fault] = field(default_factory=dict)
    grams: dict[str, list[OrganisationRow]] = field(default_factory=dict)
    guesses: int = 0


def units(
    job: Job,
    chunk: Chunk,
    *,
    code: str = "unit_code",
    name: str = "unit_name",
    days: Sequence[date | None] | None = None,
    path: str | None = None,
    required: bool = True,
) -> list[OrganisationRow | None]:
    """The unit of each row, from the columns ``code`` and ``name``, else the unit of the whole file
    (``--org``).

    It lies in the part of the tree that the file is about (``path``: in another one), and is not closed; with
    ``days``, not on the day of the row. A name column may hold a code. None where it cannot be said, with
    the reason blamed; ``required`` False: none given is no fault.
    """
    places = _places(job, job.place.path if path is None else path)
    blamed = rows_blamed(chunk, code, name)
    found: list[OrganisationRow | None] = []
    for at, given in enumerate(zip(chunk.get(code), chunk.get(name), strict=True)):
        row: OrganisationRow | Fault | None = job.organisation
        if given != (None, None):
            row = places.found.get(given)
            if row is None:
                row = places.found[given] = _resolved(places, *given, job)
        elif at in blamed:
            row = None
        elif row is None and required:
            row = "rosters.unit_missing", {}
        key = code if given[0] is not None or name not in chunk.present else name
        if isinstance(row, tuple):
            chunk.blame(at, key, row[0], **row[1])
            row = None
        day = job.today if days is None else days[at] or job.today
        if row is not None and row.closed is not None and (days is None or day > row.closed):
            chunk.blame(at, key, "rosters.unit_closed", unit=row.name, closed=row.closed, day=day)
            row = None
        found.append(row)
    return found


def _places(job: Job, path: str) -> _Places:
    key = f"finding.places:{path}"
    known: _Places | None = job.memory.get(key)
    if known is None:
        known = job.memory[key] = _load_places(job.unit, path)
    return known


def _load_places(unit: ReadUnit, path: str) -> _Places:
    rows = subtree(unit, path)
    places = _Places({row.code.casefold(): row for row in rows}, {}, {})
    for row in rows:
        places.codes.setdefault(_squeezed(row.code), row)
        places.names.setdefault(folded(row.name), []).append(row)
    by_id = {row.id: row for row in rows}
    for owner, name in unit.exec(select(OrganisationName.organisation_id, OrganisationName.name)):
        if owner in by_id and by_id[owner] not in places.former.setdefault(folded(name), []):
            places.former[folded(name)].append(by_id[owner])
    return places


def _squeezed(code: str) -> str:
    """A code as it is read from a column of numbers: without hyphens."""
    return re.sub(r"[\s-]+", "", code).casefold()


def _resolved(places: _Places, code: str | None, name: str | None, job: Job) -> OrganisationRow | Fault:
    by_code = None
    if code is not None:
        by_code = places.codes.get(code.casefold()) or places.codes.get(_squeezed(code))
    if code is not None and by_code is None:
        near = _near(places, name) if name is not None else ""
        return "rosters.unit_code_unknown", {
            "code": shown(code),
            "place": job.place.name,
            "near": near or say("rosters.near_none"),
        }
    if name is None:
        assert by_code is not None
        return by_code
    named = places.codes.get(name.casefold())
    called = [named] if named else places.names.get(folded(name)) or places.former.get(folded(name)) or []
    if by_code is not None:
        if by_code in called or (not called and _abbreviates(name, by_code.name)):
            return by_code
        words = {"code": by_code.code, "unit": by_code.name, "name": shown(name)}
        return "rosters.unit_contradicts", words
    if not called:
        close = _near(places, name) or say("rosters.near_none")
        return "rosters.unit_name_unknown", {"name": shown(name), "place": job.place.name, "near": close}
    if len(called) > 1:
        codes = "、".join(row.code for row in called[:10])
        return "rosters.unit_name_several", {"name": shown(name), "count": len(called), "codes": codes}
    return called[0]


def _abbreviates(short: str, name: str) -> bool:
    """Whether a name is a shorter form of another: all its characters in order, three at least."""
    rest = iter(folded(name))
    wanted = folded(short)
    return len(wanted) > 2 and all(char in rest for char in wanted)


def _near(places: _Places, name: str) -> str:
    """The units whose names are most like an unknown one, for a clerk to choose from."""
    places.guesses += 1
    if places.guesses > _MOST_GUESSES:
        return ""
    if not places.grams:
        for row in {row.id: row for row in places.codes.values()}.values():
            for gram in _grams(row.name):
                places.grams.setdefault(gram, []).append(row)
    wanted = _grams(name)
    shared = Counter(row.code for gram in wanted for row in places.grams.get(gram, ()))
    best: list[tuple[float, str, str]] = []
    for code, count in shared.items():
        row = places.codes[code.casefold()]
        likeness = 2 * count / (len(wanted) + len(_grams(row.name)))
        if likeness >= 0.4:
            best.append((-likeness, row.code, row.name))
    return "、".join(f"{name}（{code}）" for _, code, name in sorted(best)[:_MOST_NEAR])


def _grams(name: str) -> set[str]:
    text = folded(name)
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


def rows_blamed(chunk: Chunk, *keys: str) -> set[int]:
    """Places of the rows that have a problem in one of the columns already."""
    rows = {problem.row for problem in chunk.problems if problem.key in keys}
    return {at for at, row in enumerate(chunk.rows) if row in rows} if rows else set()


def once(job: Job, chunk: Chunk, at: int, key: str, thing: object) -> bool:
    """Whether a row is the first of its file about a thing; blames a later one, naming the first."""
    seen: dict[object, int] = job.memory.setdefault(f"finding.once:{key}", {})
    first = seen.setdefault(thing, chunk.rows[at])
    if first == chunk.rows[at]:
        return True
    chunk.blame(at, key, "rosters.row_twice", first=first)
    return False
