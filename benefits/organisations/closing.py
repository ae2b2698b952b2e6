"""What stands in the way of closing a unit (撤销前须办理的事项), and what ends with it.

Features above this one know of people and clerks, this one does not: they register here what is left at a
unit. A closed unit keeps nobody: memberships go to another union first, the upper one where there is none
(单位撤销，会籍保留在上级工会 [S80]).
"""

from collections.abc import Callable
from datetime import date

from sqlalchemy import func, or_
from sqlmodel import col, select

from benefits.kernel.errors import Problem, say
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.models import Organisation

Obstacle = Callable[[ReadUnit, int, date], Problem | None]
"""What is left at an organisation after its last day, with the count and what to do; None: nothing."""
Ending = Callable[[WriteUnit, int, date], None]
"""Ends something with the last day of an organisation."""

_OBSTACLES: list[Obstacle] = []
_ENDINGS: list[Ending] = []


def stands_in_the_way(check: Obstacle) -> Obstacle:
    """Register what must be settled before a unit is closed."""
    _OBSTACLES.append(check)
    return check


def ends_with_the_unit(end: Ending) -> Ending:
    """Register what ends when a unit is closed."""
    _ENDINGS.append(end)
    return end


def in_the_way(unit: WriteUnit, organisation_id: int, on: date) -> tuple[Problem, ...]:
    """All that is left at a unit whose last day would be ``on``.

    Somebody may join it at this moment. So the unit is locked first: who has joined and is not committed is
    waited for, who comes later waits, and begins again. What was committed while waiting is no part of this
    unit of work's snapshot on PostgreSQL, so it is looked for in a new one.
    """
    lock = select(Organisation.id).where(col(Organisation.id) == organisation_id).with_for_update()
    unit.exec(lock).one()
    found = _left(unit, organisation_id, on)
    if not found and unit.dialect == "postgresql" and not unit.wrote:
        with unit.database.read(unit.actor) as now:
            found = _left(now, organisation_id, on)
    return found


def _left(unit: ReadUnit, organisation_id: int, on: date) -> tuple[Problem, ...]:
    found = [check(unit, organisation_id, on) for check in _OBSTACLES]
    return tuple(problem for problem in found if problem is not None)


def end_all(unit: WriteUnit, organisation_id: int, on: date) -> None:
    """End what ends with a unit on its last day."""
    for end in _ENDINGS:
        end(unit, organisation_id, on)


@stands_in_the_way
def _units_below(unit: ReadUnit, organisation_id: int, on: date) -> Problem | None:
    count = unit.exec(
        select(func.count())
        .select_from(Organisation)
        .where(
            col(Organisation.parent_id) == organisation_id,
            or_(col(Organisation.closed).is_(None), col(Organisation.closed) > on),
        )
    ).one()
    words = say("organisations.left_units", count=count, day=on)
    return Problem("organisations.left_units", words) if count else None
