"""Reading the union tree."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit
from benefits.organisations.finding import find
from benefits.organisations.models import Level, Organisation, OrganisationPosition

_MOST_CODES = 10
_NEAR = 3


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation as lists show it."""

    id: int
    code: str
    name: str
    level: Level
    parent_id: int | None
    path: str
    uscc: str | None
    staff: int | None
    closed: date | None


def _row(found: Organisation) -> OrganisationRow:
    assert found.id is not None
    return OrganisationRow(
        found.id,
        found.code,
        found.name,
        found.level,
        found.parent_id,
        found.path,
        found.uscc,
        found.staff,
        found.closed,
    )


def top(unit: ReadUnit) -> OrganisationRow:
    """The topmost organisation that the actor sees. Raises Refused ``organisations.none``."""
    found = unit.exec(select(Organisation).order_by(col(Organisation.path))).first()
    if found is None:
        raise Refused("organisations.none")
    return _row(found)


def by_code(unit: ReadUnit, code: str) -> OrganisationRow:
    """The organisation with a code, else with an exact name. Raises Refused ``organisations.unknown`` naming
    what is near, or ``organisations.ambiguous`` where several have the name."""
    for key in (Organisation.code, Organisation.name):
        found = unit.exec(select(Organisation).where(col(key) == code).order_by(col(Organisation.path))).all()
        if len(found) > 1:
            shown = "、".join(each.code for each in found[:_MOST_CODES]) + "…" * (len(found) > _MOST_CODES)
            raise Refused("organisations.ambiguous", organisation=code, count=len(found), codes=shown)
        if found:
            return _row(found[0])
    near = tuple(
        Problem("organisations.near", say("organisations.near", code=row.code, name=row.name))
        for row in search(unit, code, _NEAR)
    )
    raise Refused("organisations.unknown", organisation=code, problems=near)


def search(unit: ReadUnit, text: str, limit: int = 50, path: str = "") -> tuple[OrganisationRow, ...]:
    """Organisations by a part of the name, pinyin, initials, code, the end of the code or the credit code, or
    a former name (单位检索); the likeliest first, nobody twice. ``path``: only in this part of the tree."""
    ids = find(unit, text, limit, path)
    rows = {row.id: row for row in map(_row, unit.exec(_among(ids)))}
    return tuple(rows[one] for one in ids)


def _among(ids: list[int]) -> Any:
    return select(Organisation).where(col(Organisation.id).in_(ids))


def subtree(unit: ReadUnit, path: str, level: Level | None = None) -> tuple[OrganisationRow, ...]:
    """An organisation and all below it, in tree order; one level only if given."""
    query = (
        select(Organisation).where(path_within(col(Organisation.path), path)).order_by(col(Organisation.path))
    )
    if level is not None:
        query = query.where(col(Organisation.level) == level)
    return tuple(_row(found) for found in unit.exec(query))


def with_above(unit: ReadUnit, ids: Any) -> dict[int, OrganisationRow]:
    """The organisations of a SELECT of ids, and all that stand above them, by id."""
    here = unit.exec(select(Organisation).where(col(Organisation.id).in_(ids)))
    found = {row.id: row for row in map(_row, here)}
    steps = {int(step) for row in found.values() for step in row.path.strip("/").split("/")}
    above = select(Organisation).where(col(Organisation.id).in_(sorted(steps - set(found))))
    return found | {row.id: row for row in map(_row, unit.exec(above))}


def parent_on(unit: ReadUnit, organisation_id: int, day: date) -> int | None:
    """Under which organisation one stood on a day (当日隶属)."""
    return unit.exec(
        select(OrganisationPosition.parent_id).where(
            col(OrganisationPosition.organisation_id) == organisation_id,
            col(OrganisationPosition.starts) <= day,
            (col(OrganisationPosition.ends).is_(None)) | (col(OrganisationPosition.ends) >= day),
        )
    ).first()
