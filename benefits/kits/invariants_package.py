"""What must hold of offline packages and of what came home with them."""

from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.kernel.verify import Invariant
from benefits.kits.models import Station, StationState
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.models_stock import Move, Package, PackageState
from benefits.kits.twice import HOME_ORIGIN, earlier


def _first_holds(_dialect: str) -> Select[Any]:
    """An active hand-out that an earlier one stands before, and a second one with none before it."""
    other = aliased(Handout)
    before = exists().where(earlier(Handout, other))
    state = col(Handout.state)
    return select(col(Handout.id)).where(
        or_(
            and_(state == HandoutState.ACTIVE, before),
            and_(state == HandoutState.TWICE, ~before),
        )
    )


def _away(_dialect: str) -> Select[Any]:
    """A package that is out of a station at work, and a station that waits for no package."""
    out = exists().where(col(Package.station_id) == col(Station.id), col(Package.state) == PackageState.OUT)
    away = col(Station.state) == StationState.AWAY
    return select(col(Station.id)).where(or_(and_(away, ~out), and_(~away, out)))


def _origin(model: Any) -> Any:
    def query(_dialect: str) -> Select[Any]:
        known = exists().where(
            col(Package.uuid) == col(model.origin), col(Package.station_id) == col(model.station_id)
        )
        return select(col(model.id)).where(col(model.origin).not_in(("", HOME_ORIGIN)), ~known)

    return query


INVARIANTS = (
    Invariant("kits.invariant.first_holds", _first_holds),
    Invariant("kits.invariant.away", _away),
    Invariant("kits.invariant.handout_of_package", _origin(Handout)),
    Invariant("kits.invariant.move_of_package", _origin(Move)),
)
