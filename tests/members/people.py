"""People of the generated district for tests of the verbs, and what every such test asks."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.members import service
from benefits.members.models import Member, Membership
from benefits.members.record import MemberInput
from benefits.organisations.models import Level, Organisation
from benefits.verify import verify

DAY = timedelta(days=1)
JOINED = date(2020, 1, 1)
WOMAN = "110112197001050025"
"""A woman born on 5 January 1970, from the test vectors."""
MAN = "110112197609300336"
"""A man born on 30 September 1976."""


def place_of(database: Database, clerk: Actor) -> int:
    """A grass-roots union that a clerk sees."""
    with database.read(clerk) as unit:
        found = unit.exec(
            select(Organisation.id)
            .where(col(Organisation.level) == Level.GRASSROOTS, col(Organisation.closed).is_(None))
            .order_by(col(Organisation.path).desc())
        ).first()
    assert found is not None
    return found


def elsewhere(database: Database, root: Actor, place: int) -> int:
    """A grass-roots union of another town."""
    with database.read(root) as unit:
        town = unit.exec(select(Organisation.parent_id).where(col(Organisation.id) == place)).one()
        found = unit.exec(
            select(Organisation.id).where(
                col(Organisation.level) == Level.GRASSROOTS,
                col(Organisation.parent_id) != town,
                col(Organisation.closed).is_(None),
            )
        ).first()
    assert found is not None
    return found


def added(database: Database, actor: Actor, place: int, **given: Any) -> int:
    """A new member who joined on 1 January 2020."""
    values = {"name": "王敏", "joined_on": JOINED, **given}
    return database.act(actor, service.add, MemberInput(organisation_id=place, **values))


def member(database: Database, root: Actor, member_id: int) -> Member:
    """The row of a person."""
    with database.read(root) as unit:
        return unit.exec(select(Member).where(col(Member.id) == member_id)).one()


def memberships(database: Database, root: Actor, member_id: int) -> list[tuple[int, date, date | None, str]]:
    """The memberships of a person in the order of their rows."""
    with database.read(root) as unit:
        rows = unit.exec(
            select(Membership).where(col(Membership.member_id) == member_id).order_by(col(Membership.id))
        )
        return [(row.organisation_id, row.starts, row.ends, row.reason) for row in rows]


def refused(database: Database, actor: Actor, verb: Any, *args: Any, **kwargs: Any) -> Refused:
    """What a verb refuses with."""
    with pytest.raises(Refused) as caught:
        database.act(actor, verb, *args, **kwargs)
    return caught.value


def faults(database: Database, root: Actor) -> list[str]:
    """Invariants that do not hold."""
    with database.read(root) as unit:
        return [result.code for result in verify(unit) if not result.ok]
