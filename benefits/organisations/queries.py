"""Reading the union tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit
from benefits.organisations.finding import find
from benefits.organisations.models import (
    Level,
    Organisation,
    OrganisationName,
    OrganisationPosition,
    RiskClass,
)
from benefits.organisations.search import without_tail

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


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name and its days, both inclusive; ``ends`` None: today's."""

    name: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class PositionRow:
    """Under which organisation one stood, both days inclusive; ``ends`` None: today. ``parent`` is empty at
    the top, and where the actor does not see that organisation."""

    parent_id: int | None
    parent_code: str
    parent: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class OrganisationDetail:
    """All that is kept about a unit; its clerks: ``access.queries.clerks_of``."""

    id: int
    code: str
    name: str
    level: Level
    parent_id: int | None
    path: str
    uscc: str | None
    staff: int | None
    closed: date | None
    founded: date
    risk_class: RiskClass | None
    industry: str | None
    unit_type: str | None
    address: str | None
    version: int
    names: tuple[NameRow, ...]
    positions: tuple[PositionRow, ...]
    children: int
    """Open units directly below."""
    below: int
    """Open units below, at any depth."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in a tree that is opened step by step; the counts are of open units."""

    row: OrganisationRow
    children: int
    below: int


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A unit in the tree of one day, under the name it had then."""

    depth: int
    id: int
    code: str
    name: str
    level: Level
    parent_id: int | None


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
    found = unit.exec(select(Organisation).order_by(col(Organisation.path)).limit(1)).first()
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
        for row in search(unit, code, _NEAR) or search(unit, without_tail(code), _NEAR)
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


def detail(unit: ReadUnit, organisation_id: int) -> OrganisationDetail:
    """A unit's page, with the names and places it had (组织详情). Raises Refused
    ``organisations.unknown``."""
    branch = next(_branches(unit, col(Organisation.id) == organisation_id), None)
    if branch is None:
        raise Refused("organisations.unknown", organisation=organisation_id)
    found = unit.exec(_among([organisation_id])).one()
    return OrganisationDetail(
        id=organisation_id,
        code=found.code,
        name=found.name,
        level=found.level,
        parent_id=found.parent_id,
        path=found.path,
        uscc=found.uscc,
        staff=found.staff,
        closed=found.closed,
        founded=found.founded,
        risk_class=found.risk_class,
        industry=found.industry,
        unit_type=found.unit_type,
        address=found.address,
        version=found.version,
        names=_names(unit, found),
        positions=_positions(unit, organisation_id),
        children=branch.children,
        below=branch.below,
    )


def children(unit: ReadUnit, organisation_id: int | None = None) -> tuple[Branch, ...]:
    """The units directly below one, closed ones too, with what stands below each; None: the topmost that the
    actor sees. In order of code."""
    if organisation_id is None:
        return tuple(_branches(unit, col(Organisation.id) == top(unit).id))
    return tuple(_branches(unit, col(Organisation.parent_id) == organisation_id))


def tree_on(unit: ReadUnit, day: date, organisation_id: int | None = None) -> tuple[PlaceRow, ...]:
    """The tree as it stood on a day (当日组织树), each unit under the name it had, siblings in order of code;
    from ``organisation_id`` down, if given. Who is in scope is decided by today's tree."""
    position = OrganisationPosition
    choose: Any = select  # its overloads end at four columns
    columns = (Organisation.id, Organisation.code, Organisation.name, Organisation.level, position.parent_id)
    rows = unit.exec(
        choose(*columns)
        .join(position, col(position.organisation_id) == col(Organisation.id))
        .where(
            col(Organisation.founded) <= day,
            or_(col(Organisation.closed).is_(None), col(Organisation.closed) >= day),
            col(position.starts) <= day,
            or_(col(position.ends).is_(None), col(position.ends) >= day),
        )
        .order_by(col(Organisation.code).desc())
    ).all()
    former = select(OrganisationName.organisation_id, OrganisationName.name).where(
        col(OrganisationName.starts) <= day, col(OrganisationName.ends) >= day
    )
    names: dict[int, str] = {owner: name for owner, name in unit.exec(former)}
    there = {row[0] for row in rows}
    below: dict[int | None, list[Any]] = {}
    for row in rows:
        below.setdefault(row[4] if row[4] in there else None, []).append(row)
    if organisation_id is None:
        waiting = [(0, row) for row in below.get(None, [])]
    else:
        waiting = [(0, row) for row in rows if row[0] == organisation_id]
    found: list[PlaceRow] = []
    while waiting:
        depth, (key, code, name, level, parent_id) = waiting.pop()
        found.append(PlaceRow(depth, key, code, names.get(key, name), level, parent_id))
        waiting += [(depth + 1, row) for row in below.get(key, [])]
    return tuple(found)


def _branches(unit: ReadUnit, which: ColumnElement[bool]) -> Iterator[Branch]:
    """The units that fulfil a condition, each with counts of the open ones below."""
    near, far = aliased(Organisation), aliased(Organisation)
    path = col(Organisation.path)
    beyond = func.substr(path, 1, func.length(path) - 1).concat("0")  # the first path behind the subtree
    direct = select(func.count(col(near.id))).where(
        col(near.parent_id) == col(Organisation.id), col(near.closed).is_(None)
    )
    deep = select(func.count(col(far.id))).where(
        col(far.path) > path, col(far.path) < beyond, col(far.closed).is_(None)
    )
    leaf = col(Organisation.level) == Level.GRASSROOTS  # nothing stands below it, and most are such
    query = (
        select(
            Organisation,
            case((leaf, 0), else_=direct.correlate(Organisation).scalar_subquery()),
            case((leaf, 0), else_=deep.correlate(Organisation).scalar_subquery()),
        )
        .where(which)
        .order_by(col(Organisation.code))
    )
    for found, children_of, below in unit.exec(query):
        yield Branch(_row(found), children_of, below)


def _names(unit: ReadUnit, found: Organisation) -> tuple[NameRow, ...]:
    rows = unit.exec(
        select(OrganisationName)
        .where(col(OrganisationName.organisation_id) == found.id)
        .order_by(col(OrganisationName.starts))
    )
    names = [NameRow(row.name, row.starts, row.ends) for row in rows]
    since = names[-1].ends + timedelta(days=1) if names and names[-1].ends else found.founded
    return (*names, NameRow(found.name, since, None))


def _positions(unit: ReadUnit, organisation_id: int) -> tuple[PositionRow, ...]:
    rows = unit.exec(
        select(OrganisationPosition, Organisation.code, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(OrganisationPosition.parent_id), isouter=True)
        .where(col(OrganisationPosition.organisation_id) == organisation_id)
        .order_by(col(OrganisationPosition.starts))
    )
    return tuple(
        PositionRow(row.parent_id, code or "", name or "", row.starts, row.ends) for row, code, name in rows
    )
