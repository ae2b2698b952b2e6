"""Verbs on the union tree (工会组织树): found, edit, rename, move, close. The past keeps its shape."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import String, cast, func, literal
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.scope import ROOT, path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.closing import end_all, in_the_way
from benefits.organisations.keeping import keys_of, write_keys
from benefits.organisations.models import (
    Level,
    Organisation,
    OrganisationName,
    OrganisationPosition,
    RiskClass,
)
from benefits.organisations.moving import follow_all
from benefits.organisations.record import checked, conflicts

_DAY = timedelta(days=1)
_BELOW: dict[Level, set[Level | None]] = {
    Level.CITY: {None},
    Level.DISTRICT: {None, Level.CITY},
    Level.SUBDISTRICT: {Level.DISTRICT},
    Level.GRASSROOTS: {Level.DISTRICT, Level.SUBDISTRICT},
}


@action("organisations.found", permission="organisation.edit")
def found(
    unit: WriteUnit,
    *,
    name: str,
    code: str,
    level: Level,
    parent_id: int | None,
    founded: date,
    uscc: str | None = None,
    staff: int | None = None,
    risk_class: RiskClass | None = None,
    industry: str | None = None,
    unit_type: str | None = None,
    address: str | None = None,
) -> int:
    """Add an organisation (新建工会组织) under ``parent_id`` from ``founded`` on; its id.

    Raises Refused: ``organisations.code_taken``, ``.just_taken``, ``.unknown``, ``.wrong_level``,
    ``.is_closed`` for the one above, ``.not_yet``; ``.top_needs_all`` where somebody who sees a part of the
    tree would begin another one; what ``record.checked`` refuses.
    """
    if parent_id is None and unit.actor.scope != ROOT:
        raise Refused("organisations.top_needs_all")
    values = checked(
        {
            "name": name,
            "code": code,
            "uscc": uscc,
            "staff": staff,
            "risk_class": risk_class,
            "industry": industry,
            "unit_type": unit_type,
            "address": address,
        }
    )
    parent = _place(unit, parent_id, level)
    _refuse_future(unit, founded)
    _refuse_code(unit, values["code"])
    path = parent.path if parent else ROOT
    made = Organisation(parent_id=parent_id, path=path, level=level, founded=founded, **values)
    unit.session.add(made)  # its own place needs its id; inside the scope at all times
    _flush(unit)
    assert made.id is not None
    made.path = f"{path}{made.id}/"
    unit.session.add(OrganisationPosition(organisation_id=made.id, parent_id=parent_id, starts=founded))
    write_keys(unit, made.id, set(), keys_of(made))
    unit.record(f"organisation:{made.id}", code=made.code, name=made.name, parent=parent_id)
    return made.id


@action("organisations.edit", permission="organisation.edit")
def edit(unit: WriteUnit, *, organisation_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Change what is written about an organisation (修改组织信息); ``version`` is the one that was looked at;
    the new version. ``changes``: some of ``record.FIELDS``. A name written here corrects how it is written,
    for all its days; a new name is ``rename``.

    Raises Refused: ``organisations.stale`` with both values of every field that somebody else changed,
    ``.unknown``, ``.code_taken``, ``.just_taken``, what ``record.checked`` refuses.
    """
    edited = _get(unit, organisation_id)
    values = checked(changes)
    if version != edited.version:
        raise Refused("organisations.stale", name=edited.name, problems=conflicts(edited, values))
    if values.get("code", edited.code) != edited.code:
        _refuse_code(unit, values["code"])
    former = _former(unit, organisation_id)
    old = keys_of(edited, former)
    for field, value in values.items():
        setattr(edited, field, value)
    edited.version += 1
    _flush(unit)
    write_keys(unit, organisation_id, old, keys_of(edited, former))
    unit.record(f"organisation:{organisation_id}", name=edited.name, fields=sorted(values))
    return edited.version


@action("organisations.rename", permission="organisation.edit")
def rename(unit: WriteUnit, *, organisation_id: int, name: str, on: date) -> None:
    """Give an organisation a new name from ``on`` (更名); earlier days keep the old one, which still
    finds it.

    Raises Refused: ``organisations.unknown``, ``.own_top``, ``.is_closed``, ``.same_name``, ``.not_yet``,
    ``.rename_too_early``, ``.empty``, ``.too_long``.
    """
    renamed = _get(unit, organisation_id)
    _refuse_own_top(unit, renamed)
    _refuse_closed(renamed)
    new = checked({"name": name})["name"]
    if new == renamed.name:
        raise Refused("organisations.same_name", name=new)
    _refuse_future(unit, on)
    since = _named_since(unit, renamed)
    if on <= since:
        raise Refused("organisations.rename_too_early", name=renamed.name, since=since)
    former = _former(unit, organisation_id)
    old, earlier = keys_of(renamed, former), renamed.name
    unit.session.add(
        OrganisationName(organisation_id=organisation_id, name=earlier, starts=since, ends=on - _DAY)
    )
    renamed.name = new
    renamed.version += 1
    write_keys(unit, organisation_id, old, keys_of(renamed, [*former, earlier]))
    unit.record(f"organisation:{organisation_id}", earlier=earlier, name=new, on=on)


@action("organisations.move", permission="organisation.edit")
def move(unit: WriteUnit, *, organisation_id: int, parent_id: int, on: date) -> None:
    """Put an organisation and all below it under another one from ``on`` (调整隶属关系); earlier days keep
    the old place.

    Raises Refused: ``organisations.unknown``, ``.wrong_level``, ``.into_itself``, ``.move_too_early``,
    ``.not_yet`` for a day to come (paths say where things stand today), ``.own_top``, ``.is_closed``.
    """
    _refuse_future(unit, on)
    moved = _get(unit, organisation_id)
    _refuse_own_top(unit, moved)
    _refuse_closed(moved)
    parent = _place(unit, parent_id, moved.level)
    assert parent is not None
    if parent.path.startswith(moved.path):
        raise Refused("organisations.into_itself", name=moved.name)
    last = unit.exec(
        select(OrganisationPosition)
        .where(col(OrganisationPosition.organisation_id) == organisation_id)
        .order_by(col(OrganisationPosition.starts).desc())
    ).first()
    if last is not None:
        if on <= last.starts:
            raise Refused("organisations.move_too_early", name=moved.name, since=last.starts)
        last.ends = on - _DAY
    unit.session.add(OrganisationPosition(organisation_id=organisation_id, parent_id=parent_id, starts=on))
    old, new = moved.path, f"{parent.path}{moved.id}/"
    moved.parent_id = parent_id
    moved.version += 1
    unit.session.flush()
    unit.exec(
        update(Organisation)
        .where(path_within(col(Organisation.path), old))
        .values(path=literal(new) + func.substr(cast(Organisation.path, String), len(old) + 1))
        .execution_options(synchronize_session="fetch")
    )
    below = unit.exec(select(Organisation.id).where(path_within(col(Organisation.path), new)))
    follow_all(unit, [one for one in below if one is not None])
    unit.record(f"organisation:{organisation_id}", parent=parent_id, on=on)


@action("organisations.close", permission="organisation.edit")
def close(unit: WriteUnit, *, organisation_id: int, on: date, successor_id: int | None = None) -> None:
    """Close an organisation (撤销) on its last day ``on``; its record stays, its clerks end with it.
    ``successor_id``: the union that takes over (承接单位), for the trail.

    Raises Refused ``organisations.close_blocked`` with what is left there (``closing``), ``.unknown``,
    ``.is_closed``, ``.not_yet``, ``.close_too_early``, ``.successor_itself``, or ``.own_top`` for the top of
    what the actor sees."""
    closed = _get(unit, organisation_id)
    _refuse_own_top(unit, closed)
    _refuse_closed(closed)
    _refuse_future(unit, on)
    if successor_id is not None:
        if successor_id == organisation_id:
            raise Refused("organisations.successor_itself", name=closed.name)
        _refuse_closed(_get(unit, successor_id))
    since = max(_named_since(unit, closed), _placed_since(unit, closed))
    if on < since:
        raise Refused("organisations.close_too_early", name=closed.name, since=since)
    if problems := in_the_way(unit, organisation_id, on):
        raise Refused("organisations.close_blocked", name=closed.name, count=len(problems), problems=problems)
    closed.closed = on
    closed.version += 1
    end_all(unit, organisation_id, on)
    unit.record(f"organisation:{organisation_id}", name=closed.name, on=on, successor=successor_id)


@action("organisations.reopen", permission="organisation.edit")
def reopen(unit: WriteUnit, *, organisation_id: int) -> None:
    """Take back a closing that was a mistake (恢复误撤的组织): as if it had never been closed. Clerks
    that ended with it are appointed anew.

    Raises Refused: ``organisations.unknown``, ``.own_top``, ``.not_closed``, ``.is_closed`` for the one
    above.
    """
    opened = _get(unit, organisation_id)
    _refuse_own_top(unit, opened)
    if opened.closed is None:
        raise Refused("organisations.not_closed", name=opened.name)
    _place(unit, opened.parent_id, opened.level)
    earlier, opened.closed = opened.closed, None
    opened.version += 1
    unit.record(f"organisation:{organisation_id}", name=opened.name, closed=earlier)


def _refuse_own_top(unit: WriteUnit, found: Organisation) -> None:
    """What becomes of a union is said by the one above it."""
    if found.path == unit.actor.scope:
        raise Refused("organisations.own_top", name=found.name)


def _refuse_closed(found: Organisation) -> None:
    if found.closed is not None:
        raise Refused("organisations.is_closed", name=found.name, closed=found.closed)


def _refuse_future(unit: ReadUnit, day: date) -> None:
    if day > unit.today:
        raise Refused("organisations.not_yet", day=day, today=unit.today)


def _refuse_code(unit: ReadUnit, code: str) -> None:
    if unit.exec(select(Organisation.id).where(col(Organisation.code) == code)).first() is not None:
        raise Refused("organisations.code_taken", code=code)


def _flush(unit: WriteUnit) -> None:
    """Codes are unique over the whole tree, of which the actor may see a part."""
    try:
        unit.session.flush()
    except IntegrityError as error:
        raise Refused("organisations.just_taken") from error


def _get(unit: ReadUnit, organisation_id: int) -> Organisation:
    found = unit.exec(select(Organisation).where(col(Organisation.id) == organisation_id)).first()
    if found is None:
        raise Refused("organisations.unknown", organisation=organisation_id)
    return found


def _place(unit: ReadUnit, parent_id: int | None, level: Level) -> Organisation | None:
    parent = None if parent_id is None else _get(unit, parent_id)
    if (parent.level if parent else None) not in _BELOW[level]:
        raise Refused("organisations.wrong_level", parent=parent.name if parent else "-")
    if parent is not None:
        _refuse_closed(parent)
    return parent


def _former(unit: ReadUnit, organisation_id: int) -> list[str]:
    """The names that an organisation had before."""
    names = select(OrganisationName.name).where(col(OrganisationName.organisation_id) == organisation_id)
    return list(unit.exec(names))


def _named_since(unit: ReadUnit, found: Organisation) -> date:
    """The day from which it has today's name."""
    last = select(func.max(OrganisationName.ends)).where(col(OrganisationName.organisation_id) == found.id)
    ended = unit.exec(last).one()
    return found.founded if ended is None else ended + _DAY


def _placed_since(unit: ReadUnit, found: Organisation) -> date:
    """The day from which it stands in today's place."""
    last = select(func.max(OrganisationPosition.starts)).where(
        col(OrganisationPosition.organisation_id) == found.id
    )
    return unit.exec(last).one() or found.founded
