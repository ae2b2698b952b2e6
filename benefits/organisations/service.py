"""Verbs on the union tree (工会组织树): found, move, close. The past keeps its shape."""

from datetime import date, timedelta

from sqlalchemy import String, cast, func, literal
from sqlmodel import col, select, update

from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.ids import check_uscc
from benefits.kernel.scope import ROOT, path_within
from benefits.kernel.text import plain
from benefits.kernel.unit import WriteUnit
from benefits.organisations.keeping import keys_of, write_keys
from benefits.organisations.models import Level, Organisation, OrganisationPosition, RiskClass

LONGEST_NAME = 120
LONGEST_CODE = 32
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
) -> int:
    """Add an organisation (新建工会组织) under ``parent_id`` from ``founded`` on.

    Raises Refused: ``organisations.code_taken``, ``.uscc_invalid``, ``.unknown``, ``.wrong_level``,
    ``.too_long``; ``.top_needs_all`` where somebody who sees a part of the tree would begin another one.
    """
    if parent_id is None and unit.actor.scope != ROOT:
        raise Refused("organisations.top_needs_all")
    for text, most in ((name, LONGEST_NAME), (code, LONGEST_CODE)):
        if len(text) > most:
            raise Refused("organisations.too_long", text=plain(text)[:20], length=len(text), most=most)
    parent = _place(unit, parent_id, level)
    if unit.exec(select(Organisation.id).where(col(Organisation.code) == code)).first() is not None:
        raise Refused("organisations.code_taken", code=code)
    if uscc is not None and (problems := check_uscc(uscc).problems):
        raise Refused("organisations.uscc_invalid", uscc=uscc, problems=problems)
    made = Organisation(
        parent_id=parent_id,
        path=parent.path if parent else ROOT,  # its own place needs its id; inside the scope at all times
        level=level,
        code=code,
        name=name,
        uscc=uscc,
        staff=staff,
        risk_class=risk_class,
        founded=founded,
    )
    unit.session.add(made)
    unit.session.flush()
    assert made.id is not None
    made.path = f"{parent.path if parent else ROOT}{made.id}/"
    unit.session.add(OrganisationPosition(organisation_id=made.id, parent_id=parent_id, starts=founded))
    write_keys(unit, made.id, set(), keys_of(made))
    unit.record(f"organisation:{made.id}", code=code, name=name, parent=parent_id)
    return made.id


@action("organisations.move", permission="organisation.edit")
def move(unit: WriteUnit, *, organisation_id: int, parent_id: int, on: date) -> None:
    """Put an organisation and all below it under another one from ``on`` (调整隶属关系); earlier days keep
    the old place.

    Raises Refused: ``organisations.unknown``, ``.wrong_level``, ``.into_itself``, ``.move_too_early``,
    ``.not_yet`` for a day to come (paths say where things stand today), ``.own_top``.
    """
    if on > unit.today:
        raise Refused("organisations.not_yet", day=on, today=unit.today)
    moved = _get(unit, organisation_id)
    _refuse_own_top(unit, moved)
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
        last.ends = on - timedelta(days=1)
    unit.session.add(OrganisationPosition(organisation_id=organisation_id, parent_id=parent_id, starts=on))
    old, new = moved.path, f"{parent.path}{moved.id}/"
    moved.parent_id = parent_id
    unit.session.flush()
    unit.exec(
        update(Organisation)
        .where(path_within(col(Organisation.path), old))
        .values(path=literal(new) + func.substr(cast(Organisation.path, String), len(old) + 1))
        .execution_options(synchronize_session="fetch")
    )
    unit.record(f"organisation:{organisation_id}", parent=parent_id, on=on)


@action("organisations.close", permission="organisation.edit")
def close(unit: WriteUnit, *, organisation_id: int, on: date) -> None:
    """Close an organisation (撤销) on its last day ``on``; its record stays. Raises Refused
    ``organisations.unknown``, or ``.own_top`` for the top of what the actor sees."""
    closed = _get(unit, organisation_id)
    _refuse_own_top(unit, closed)
    closed.closed = on
    unit.record(f"organisation:{organisation_id}", on=on)


def _refuse_own_top(unit: WriteUnit, found: Organisation) -> None:
    """What becomes of a union is said by the one above it."""
    if found.path == unit.actor.scope:
        raise Refused("organisations.own_top", name=found.name)


def _get(unit: WriteUnit, organisation_id: int) -> Organisation:
    found = unit.exec(select(Organisation).where(col(Organisation.id) == organisation_id)).first()
    if found is None:
        raise Refused("organisations.unknown", organisation=organisation_id)
    return found


def _place(unit: WriteUnit, parent_id: int | None, level: Level) -> Organisation | None:
    parent = None if parent_id is None else _get(unit, parent_id)
    if (parent.level if parent else None) not in _BELOW[level]:
        raise Refused("organisations.wrong_level", parent=parent.name if parent else "-")
    return parent
