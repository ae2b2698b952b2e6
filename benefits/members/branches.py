"""Branches (分支): the street and town unions (街道/乡镇总工会) and the units directly under the district
(直属单位). Each search key knows the branch of its person, so that a search of one street passes over the
keys of all others.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import case
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from benefits.kernel.unit import WriteUnit
from benefits.members.models import Member, Membership
from benefits.organisations.models import Level, Organisation

NOWHERE = 0
"""Branch of whoever has no union now and has been in several branches."""
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


def branches_of_people(session: Session, member_ids: Sequence[int]) -> dict[int, int]:
    """The branch of each person: that of the union now; of whoever has none, the one branch where he or she
    has been. ``NOWHERE`` for people who have left several. The session must see all."""
    places: dict[int, int | None] = {}
    been: dict[int, set[int]] = {}
    choose: Any = select
    for start in range(0, len(member_ids), _PART):
        part = member_ids[start : start + _PART]
        people = choose(Member.id, Member.organisation_id).where(col(Member.id).in_(part))
        places.update((row[0], row[1]) for row in session.execute(people))
        gone = [one for one in part if places.get(one) is None]
        past = choose(Membership.member_id, Membership.organisation_id)
        for member_id, place in session.execute(past.where(col(Membership.member_id).in_(gone))):
            been.setdefault(member_id, set()).add(place)
    found = branches(session, {*places.values(), *chain.from_iterable(been.values())})
    left = {one: {found[place] for place in past} for one, past in been.items()}
    only = {one: past.pop() for one, past in left.items() if len(past) == 1}
    return {one: found[place] if place else only.get(one, NOWHERE) for one, place in places.items()}
