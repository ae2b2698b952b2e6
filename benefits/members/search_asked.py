"""What a search (会员检索) is asked, how its statements are run, and the rows it gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import col

from benefits.kernel.ids import Sex
from benefits.kernel.unit import ReadUnit
from benefits.members import search_sql as sql
from benefits.members.branches import NOWHERE
from benefits.members.models import Member, Status
from benefits.organisations.models import Level

Cursor = tuple[int, str, int]
"""Where a list stands: number of the probe, key, member."""
EVERYBODY = 2**31 - 1
_BRANCHES = (Level.SUBDISTRICT, Level.GRASSROOTS)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as lists show it. ``cursor`` continues the list after this row."""

    id: int
    name: str
    sex: Sex | None
    birth: date | None
    status: Status | None
    organisation_id: int | None
    organisation: str
    id_tail: str
    """Last four of the identity number behind a star, empty: none."""
    phone_tail: str
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Narrow:
    """What else must hold of who is found. ``status``: one of these, empty: any. ``people``: a SELECT of
    member ids, such as ``enrollment.queries.covered_now``."""

    status: tuple[Status, ...] = ()
    people: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """One search: ``path`` narrows within the scope, ``place`` is the part of the tree that is left ("":
    all), ``level`` that of its top, ``units`` how many it has, as far as it matters."""

    unit: ReadUnit
    limit: int
    after: Cursor | None
    path: str
    place: str
    level: Level | None
    units: int
    narrow: Narrow

    @property
    def branches(self) -> list[int]:
        """Branches of the keys to look at, empty: all. Of a street or a unit, that is one of those on the
        way there; people who have left several are of none, and may have been there."""
        if self.level not in _BRANCHES:
            return []
        return [NOWHERE, *(int(step) for step in self.place.split("/") if step)]


def run(
    asked: Asked, make: Callable[[], Any], given: dict[str, Any] | None = None, limit: int = 0
) -> Sequence[Any]:
    """Rows of a statement, narrowed; ``limit`` 0: as many as were asked for."""
    narrow = asked.narrow
    placed = make in (
        sql.few_here,
        sql.few_gone,
        sql.all_here,
        sql.all_gone,
    )  # they go by the place themselves
    query = sql.narrowed(make, bool(narrow.status), bool(asked.path) and not placed)
    if narrow.people is not None:
        (member_id,) = narrow.people.selected_columns
        first = make is sql.few_anywhere  # those of the plan are few: they lead
        those = narrow.people.where(member_id == col(Member.id)).exists()
        query = query.where(col(Member.id).in_(narrow.people) if first else those)
    values = values_of(asked) | {"limit": limit or asked.limit} | (given or {})
    return asked.unit.session.execute(query, values).all()


def rows_of(asked: Asked, ids: Sequence[int]) -> dict[int, Sequence[Any]]:
    """The rows of people who were found, read through the scope: only of those in the part of the tree that
    is asked for, and of nobody who was merged."""
    if not ids:
        return {}
    query = sql.narrowed(sql.of_ids(asked.unit.dialect), False, bool(asked.path))
    values = values_of(asked) | {"ids": sql.as_ids(asked.unit.dialect, ids), "limit": EVERYBODY}
    return {row[0]: row for row in asked.unit.session.execute(query, values)}


def after_path(path: str) -> str:
    """The first path after all of a part of the tree."""
    return path[:-1] + chr(ord("/") + 1)


def values_of(asked: Asked) -> dict[str, Any]:
    """Parameters that say to what the search is narrowed."""
    values: dict[str, Any] = {}
    if asked.place:
        values = {"path": asked.place, "path_end": after_path(asked.place)}
    if asked.branches:
        values["branches"] = asked.branches
    return values | {"status": asked.narrow.status} if asked.narrow.status else values


def row_of(row: Sequence[Any], cursor: Cursor) -> MemberRow:
    """A row of ``search_sql`` as lists show it."""
    member_id, name, sex, birth, status, organisation_id, organisation, id_tail, phone_tail = row
    return MemberRow(
        *(member_id, name, sex, birth, status, organisation_id, organisation or ""),
        f"*{id_tail}" if id_tail else "",
        f"*{phone_tail}" if phone_tail else "",
        cursor,
    )
