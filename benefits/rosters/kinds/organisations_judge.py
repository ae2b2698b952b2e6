"""Judging a roster of unions (单位名册核对): what is new, what is written over, what contradicts the tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from benefits.kernel.errors import Refused, say
from benefits.kernel.ids import check_uscc
from benefits.kernel.text import shown
from benefits.kernel.unit import ReadUnit
from benefits.organisations.models import Level, Organisation, OrganisationName
from benefits.organisations.record import checked
from benefits.rosters.finding import once
from benefits.rosters.kind import Change, Chunk, Job, Outcome, Step

_FIELDS = {
    "unit_code": "code",
    "unit_name": "name",
    "uscc": "uscc",
    "industry": "industry",
    "unit_type": "unit_type",
    "address": "address",
    "staff": "staff",
    "risk_class": "risk_class",
}
"""Column -> field of a union."""
_ABOVE: dict[Level, tuple[Level | None, ...]] = {
    Level.CITY: (None,),
    Level.DISTRICT: (None, Level.CITY),
    Level.SUBDISTRICT: (Level.DISTRICT,),
    Level.GRASSROOTS: (Level.DISTRICT, Level.SUBDISTRICT),
}
"""Below what a union of a level may stand, as the verb ``found`` holds it."""


@dataclass(frozen=True, slots=True)
class Founded:
    """A union to be founded; below a known one, or one of an earlier row."""

    values: dict[str, Any]
    level: Level
    founded: date
    parent_id: int | None
    parent_path: str
    parent_code: str


@dataclass(frozen=True, slots=True)
class Edited:
    """What a row changes about a known union."""

    changes: dict[str, Any]
    renamed: str | None
    version: int


@dataclass(slots=True)
class _Tree:
    """The unions that the rows of a chunk name, wherever they are."""

    codes: dict[str, Organisation]
    slips: dict[str, Organisation]
    """By credit code."""
    renamed_today: set[int]
    """Those whose present name began today, so that another one corrects it."""


def judge(job: Job, chunk: Chunk) -> list[Step | None]:
    """What each row founds or changes."""
    tree = _tree(job.unit, chunk, job.today)
    return [_step(job, chunk, at, tree) for at in range(len(chunk.rows))]


def _tree(unit: ReadUnit, chunk: Chunk, today: date) -> _Tree:
    codes = {code for key in ("unit_code", "parent_code") for code in chunk.get(key) if code is not None}
    slips = {check_uscc(text).number for text in chunk.get("uscc") if text is not None}
    tree = _Tree({}, {}, set())
    query = select(Organisation).where(
        or_(col(Organisation.code).in_(codes), col(Organisation.uscc).in_(slips))
    )
    with unit.beyond_scope():
        for row in unit.exec(query).all():
            tree.codes[row.code.casefold()] = row
            if row.uscc is not None:
                tree.slips[row.uscc] = row
    ids = [row.id for row in (*tree.codes.values(), *tree.slips.values())]
    former = select(OrganisationName).where(col(OrganisationName.organisation_id).in_(ids))
    tree.renamed_today = {one.organisation_id for one in unit.exec(former) if (today - one.ends).days <= 1}
    return tree


def _step(job: Job, chunk: Chunk, at: int, tree: _Tree) -> Step | None:
    values = _values(chunk, at)
    code = chunk.get("unit_code")[at]
    if code is None:
        return None
    once(job, chunk, at, "unit_code", code.casefold())
    number = values.get("uscc")
    if number is not None:
        once(job, chunk, at, "uscc", number)
    by_code, by_number = tree.codes.get(code.casefold()), tree.slips.get(number or "")
    if by_code is not None and by_number is not None and by_code.id != by_number.id:
        unit = by_number.name if by_number.path.startswith(job.place.path) else "-"
        chunk.blame(at, "uscc", "rosters.uscc_taken", unit=unit)
    known = by_code or by_number
    if known is None:
        return _new(job, chunk, at, values, tree)
    if not known.path.startswith(job.place.path):
        chunk.blame(at, "unit_code" if by_code else "uscc", "rosters.unit_elsewhere", place=job.place.name)
        return None
    return _old(job, chunk, at, values, known, tree)


def _values(chunk: Chunk, at: int) -> dict[str, Any]:
    """The fields that the row gives, as they are stored; every wrong one is blamed."""
    found: dict[str, Any] = {}
    for key, field in _FIELDS.items():
        given = chunk.get(key)[at]
        if given is None:
            continue
        try:
            found |= checked({field: given})
        except Refused as refusal:
            if refusal.problems:
                for problem in refusal.problems:
                    chunk.blame(at, key, problem.say.key, **problem.say.params)
            else:
                chunk.blame(at, key, refusal.code, **refusal.say.params)
    return found


def _new(job: Job, chunk: Chunk, at: int, values: dict[str, Any], tree: _Tree) -> Step | None:
    level: Level = chunk.get("level")[at] or Level.GRASSROOTS
    code = str(values.get("code", ""))
    ahead: dict[str, Level] = job.memory.setdefault("organisations.ahead", {})
    typed = chunk.get("parent_code")[at]
    parent_id: int | None = job.place.id
    parent_name, parent_level, closed = job.place.name, job.place.level, job.place.closed
    path = job.place.path
    if typed is not None:
        above = tree.codes.get(typed.casefold())
        if above is not None and above.path.startswith(job.place.path):
            parent_id, parent_name, parent_level, closed = above.id, above.name, above.level, above.closed
            path = above.path
        elif typed.casefold() in ahead:
            parent_id, parent_name, parent_level, closed = None, typed, ahead[typed.casefold()], None
            path = ""
        else:
            chunk.blame(at, "parent_code", "rosters.parent_unknown", code=typed, place=job.place.name)
            return None
    if closed is not None:
        chunk.blame(at, "parent_code", "organisations.is_closed", name=parent_name, closed=closed)
    if parent_level not in _ABOVE[level]:
        chunk.blame(at, "level", "organisations.wrong_level", parent=parent_name)
    if at in chunk.bad:
        return None
    ahead[code.casefold()] = level
    founded = chunk.get("founded")[at] or job.today
    made = Founded(values, level, founded, parent_id, path, (typed or "").casefold())
    place = parent_id or job.place.id
    return Step(chunk.rows[at], Outcome.ADDED, made, organisation_id=place, name=values["name"])


def _old(
    job: Job, chunk: Chunk, at: int, values: dict[str, Any], known: Organisation, tree: _Tree
) -> Step | None:
    assert known.id is not None
    _contradicts(job, chunk, at, known)
    changes = {field: value for field, value in values.items() if value != getattr(known, field)}
    renamed = None
    if changes and known.closed is not None:
        chunk.blame(at, "unit_code", "organisations.is_closed", name=known.name, closed=known.closed)
    if "name" in changes:
        if known.path == job.unit.actor.scope:
            chunk.blame(at, "unit_name", "organisations.own_top", name=known.name)
        elif known.founded < job.today and known.id not in tree.renamed_today:
            renamed = changes.pop("name")  # else the present name is only corrected
    if at in chunk.bad:
        return None
    row = chunk.rows[at]
    told = tuple(
        Change(key, _words(getattr(known, field)), _words(values[field]))
        for key, field in _FIELDS.items()
        if field in changes or (field == "name" and renamed is not None)
    )
    if not told:
        return Step(row, Outcome.SAME, entity_id=known.id, name=known.name)
    edited = Edited(changes, renamed, known.version)
    return Step(row, Outcome.CHANGED, edited, known.id, told, organisation_id=known.id, name=known.name)


def _contradicts(job: Job, chunk: Chunk, at: int, known: Organisation) -> None:
    """Level, founding day and place in the tree are not written over by a list."""
    for key in ("level", "founded"):
        given = chunk.get(key)[at]
        if given is not None and given != getattr(known, key):
            words = {"file": _shown(given), "register": _shown(getattr(known, key))}
            chunk.blame(at, key, "rosters.contradicts", field=say(f"rosters.column.{key}"), **words)
    typed = chunk.get("parent_code")[at]
    if typed is None or known.id == job.place.id:
        return
    above = _above(job, known)
    if above is not None and above.casefold() != typed.casefold():
        chunk.blame(at, "parent_code", "rosters.parent_differs", given=shown(typed), held=above)


def _above(job: Job, known: Organisation) -> str | None:
    """Code of the union above, asked once a file for all."""
    codes: dict[int, str] | None = job.memory.get("organisations.codes")
    if codes is None:
        rows: Sequence[Any] = job.unit.exec(select(Organisation.id, Organisation.code)).all()
        codes = job.memory["organisations.codes"] = dict(rows)
    return codes.get(known.parent_id or 0)


def _shown(value: Any) -> Any:
    return say(f"organisations.level.{value.value}") if isinstance(value, Level) else value


def _words(value: Any) -> str:
    return "-" if value is None else str(getattr(value, "value", value))
