"""Branches (分支): the street and town unions (街道/乡镇总工会) and the units directly under the district
(直属单位). Each search key knows the branch of its person, so that a search of one street passes over the
keys of all others.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import case
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from benefits.kernel.unit import WriteUnit
from benefits.members.models import Member
from benefits.organisations.models import Level, Organisation

NOWHERE = 0
"""Branch of whoever has no union now."""
_PART = 1000


def branch(place: Any, above: Any) -> Any:
    """Branch of an organisation, given the one above it (outer join)."""
    return case((col(above.level) == Level.SUBDISTRICT, col(above.id)), else_=col(place.id))


def branches(session: Session, organisations: Iterable[int | None]) -> dict[int | None, int]:
    """The branch of each organisation: the street or town union it stands under, else itself. The session
    must see above them."""
    ids = sorted({one for one in organisations if one is not None})
    above = aliased(Organisation)
    choose: Any = select
    query = choose(col(Organisation.id), branch(Organisation, above)).outerjoin(
        above, col(above.id) == col(Organisation.parent_id)
    )
    found: dict[int | None, int] = {None: NOWHERE}
    for start in range(0, len(ids), _PART):
        part = query.where(col(Organisation.id).in_(ids[start : start + _PART]))
        found.update((row[0], row[1]) for row in session.execute(part))
    return found


def branches_of_units(unit: WriteUnit, organisations: Iterable[int | None]) -> dict[int | None, int]:
    """The same for whoever sees a part of the tree."""
    with unit.beyond_scope():
        return branches(unit.session, organisations)


def branches_of_people(unit: WriteUnit, member_ids: Sequence[int]) -> dict[int, int]:
    """The branch of each person's union."""
    places: dict[int, int | None] = {}
    with unit.beyond_scope():
        for start in range(0, len(member_ids), _PART):
            query = select(Member.id, Member.organisation_id).where(
                col(Member.id).in_(member_ids[start : start + _PART])
            )
            places.update((row[0] or 0, row[1]) for row in unit.exec(query))
        found = branches(unit.session, places.values())
    return {one: found[place] for one, place in places.items()}
