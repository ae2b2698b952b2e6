"""What the clerks of a race do: hand out until nothing is left."""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, event, update
from sqlmodel import col

from benefits.access.queries import INSTALLER
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.kits import giving, service_handout
from benefits.kits.handing import held_at
from benefits.kits.models_stock import Stock
from benefits.kits.service_handout import hand_out

_NAIVE = (
    update(Stock)
    .where(col(Stock.station_id) == bindparam("station"), col(Stock.lot_id) == bindparam("lot"))
    .values(on_hand=col(Stock.on_hand) - bindparam("many"))
)


def hand_to(database: Database, campaign: int, station: int, members: Sequence[int]) -> list[str]:
    """Hand out to one after the other; what became of each."""
    found = []
    for member in members:
        try:
            database.act(INSTALLER, hand_out, campaign_id=campaign, station_id=station, member_id=member)
            found.append("given")
        except Refused as refusal:
            found.append(refusal.code)
    return found


def hand_naively(database: Database, campaign: int, station: int, members: Sequence[int]) -> list[str]:
    """The same by somebody who looks first and then takes, without the condition and without the CHECK."""
    with database.read(INSTALLER) as unit:
        seen = held_at(unit, station, unit.today)
    time.sleep(1)  # everybody has looked before anybody takes
    if database.dialect == "sqlite":
        database.engine.dispose()
        event.listen(database.engine, "connect", _unchecked)
    giving._TAKE = _NAIVE
    service_handout.held_at = lambda *_: seen  # type: ignore[attr-defined]
    return hand_to(database, campaign, station, members)


def _unchecked(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA ignore_check_constraints = ON")
