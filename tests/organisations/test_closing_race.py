"""Somebody joins a unit while another clerk closes it: one of the two is refused, on both engines."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database, WriteUnit
from benefits.members.record import member_input
from benefits.members.service import add
from benefits.organisations.queries import detail
from benefits.organisations.service import close

TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)
HEAD_START = 0.4
"""Seconds that the second clerk has to run into the first one's open work."""


def _meanwhile(
    database: Database, actor: Actor, first: Callable[[WriteUnit], None], second: Callable[[], None]
) -> str:
    """The code of what the second clerk is refused, who begins before the first one has committed."""
    told: list[str] = []

    def run() -> None:
        try:
            second()
        except Refused as refused:
            told.append(refused.code)

    other = threading.Thread(target=run)
    with database.write(actor) as unit:
        first(unit)
        unit.commit()
        other.start()
        other.join(HEAD_START)
    other.join(30)
    assert not other.is_alive()
    return told[0] if told else ""


def test_who_joins_first_keeps_the_unit_open(database: Database, root: Actor, tree: dict[str, int]) -> None:
    person = member_input({"organisation_id": tree["A1"], "name": "王敏", "joined_on": TODAY})

    def joins(unit: WriteUnit) -> None:
        add(unit, person)

    def closes() -> None:
        database.act(root, close, organisation_id=tree["A1"], on=YESTERDAY)

    assert _meanwhile(database, root, joins, closes) == "organisations.close_blocked"
    with database.read(root) as unit:
        assert detail(unit, tree["A1"]).closed is None


def test_who_closes_first_keeps_people_out(database: Database, root: Actor, tree: dict[str, int]) -> None:
    person = member_input({"organisation_id": tree["A1"], "name": "王敏", "joined_on": TODAY})

    def closes(unit: WriteUnit) -> None:
        close(unit, organisation_id=tree["A1"], on=YESTERDAY)

    def joins() -> None:
        database.act(root, add, person)

    assert _meanwhile(database, root, closes, joins) == "members.organisation_closed"
    with database.read(root) as unit:
        assert detail(unit, tree["A1"]).closed == YESTERDAY
