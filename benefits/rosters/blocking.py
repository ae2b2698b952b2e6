"""What stands in the way of taking a row back (撤销受阻): things that hang on what it wrote.

Each package says what of its own hangs on a member, a unit, a term of cover; rosters know no package above
them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from benefits.kernel.errors import Problem, Say, say
from benefits.kernel.unit import ReadUnit

Blocker = Callable[[ReadUnit, Sequence[int]], Mapping[int, Say]]
"""For some ids of an entity, what hangs on each that has something."""

_blockers: dict[str, list[Blocker]] = {}
_columns: dict[str, list[Any]] = {}


def blocks(entity: str) -> Callable[[Blocker], Blocker]:
    """Register what hangs on an entity (``member``, ``organisation``, ``enrollment``)."""

    def register(found: Blocker) -> Blocker:
        _blockers.setdefault(entity, []).append(found)
        return found

    return register


def hangs(entity: str, column: Any, key: str) -> None:
    """Rows whose ``column`` points to an entity hang on it; ``key``: what they are, with ``count``."""

    _columns.setdefault(entity, []).append(column)

    @blocks(entity)
    def _counted(unit: ReadUnit, ids: Sequence[int]) -> Mapping[int, Say]:
        owner = col(column)
        query: Any = select(owner, func.count()).where(owner.in_(ids)).group_by(owner)
        return {found: say(key, count=count) for found, count in unit.exec(query)}


def hanging_columns(entity: str) -> tuple[Any, ...]:
    """The columns that are known to point to an entity (for the test that none is forgotten)."""
    return tuple(_columns.get(entity, ()))


def standing(unit: ReadUnit, entity: str, ids: Sequence[int]) -> dict[int, Say]:
    """The first thing found that hangs on each entity, wherever in the tree: what is taken back must leave
    nothing pointing at it."""
    found: dict[int, Say] = {}
    if not ids:
        return found
    with unit.beyond_scope():
        for blocker in _blockers.get(entity, ()):
            left = [one for one in ids if one not in found]
            if left:
                found |= blocker(unit, left)
    return found


def changed(row: int, name: str) -> Problem:
    """Somebody wrote about it after the import."""
    return Problem("rosters.changed_since", say("rosters.changed_since", name=name), row)


def hanging(row: int, name: str, what: Say) -> Problem:
    """Something hangs on it by now."""
    return Problem("rosters.hangs_on", say("rosters.hangs_on", name=name, what=what), row)


def gone(row: int) -> Problem:
    """What the row wrote is not there any more, or not to be seen any more."""
    return Problem("rosters.gone_since", say("rosters.gone_since", row=row), row)
