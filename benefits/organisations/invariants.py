"""What must hold of the union tree."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.kernel.verify import Invariant, day_after
from benefits.organisations.models import (
    Organisation,
    OrganisationKey,
    OrganisationName,
    OrganisationPosition,
)
from benefits.organisations.search import UnitKey

_FAR = date(9999, 12, 31)


def _path(_dialect: str) -> Select[Any]:
    parent = aliased(Organisation)
    own = cast(Organisation.id, String) + "/"
    expected = func.coalesce(parent.path, literal("/")) + own
    return (
        select(col(Organisation.id))
        .outerjoin(parent, col(parent.id) == col(Organisation.parent_id))
        .where(col(Organisation.path) != expected)
    )


def _place(_dialect: str) -> Select[Any]:
    """The position without an end is where the organisation stands today."""
    position = OrganisationPosition
    here = and_(col(position.organisation_id) == col(Organisation.id), col(position.ends).is_(None))
    return (
        select(col(Organisation.id))
        .outerjoin(position, here)
        .where(
            or_(
                col(position.id).is_(None),
                col(position.parent_id).is_distinct_from(col(Organisation.parent_id)),
            )
        )
    )


def _begins(position: Any) -> ColumnElement[bool]:
    before = aliased(OrganisationPosition)
    earlier = select(col(before.id)).where(
        col(before.organisation_id) == position.organisation_id, col(before.starts) < position.starts
    )
    return ~earlier.exists()


def _gap(dialect: str) -> Select[Any]:
    """Every position but the first begins on the day after another one ends; the first on the day of
    founding.
    """
    before = aliased(OrganisationPosition)
    position = OrganisationPosition
    follows = select(col(before.id)).where(
        col(before.organisation_id) == col(position.organisation_id),
        day_after(dialect, before.ends) == col(position.starts),
    )
    founded = and_(_begins(position), col(position.starts) == col(Organisation.founded))
    return (
        select(col(position.id))
        .join(Organisation, col(Organisation.id) == col(position.organisation_id))
        .where(~follows.exists(), ~founded)
    )


def _overlap(_dialect: str) -> Select[Any]:
    one, other = OrganisationPosition, aliased(OrganisationPosition)
    return select(col(one.id)).join(
        other,
        and_(
            col(other.organisation_id) == col(one.organisation_id),
            col(other.id) > col(one.id),
            col(other.starts) <= func.coalesce(one.ends, _FAR),
            col(one.starts) <= func.coalesce(other.ends, _FAR),
        ),
    )


def _names_chain(dialect: str) -> Select[Any]:
    """The first name begins with the organisation, each other one on the day after another one ends; each has
    a day. Today's name begins after the last of them."""
    name, before, earlier = OrganisationName, aliased(OrganisationName), aliased(OrganisationName)
    follows = select(col(before.id)).where(
        col(before.organisation_id) == col(name.organisation_id),
        day_after(dialect, before.ends) == col(name.starts),
    )
    first = (
        ~select(col(earlier.id))
        .where(
            col(earlier.organisation_id) == col(name.organisation_id), col(earlier.starts) < col(name.starts)
        )
        .exists()
    )
    founded = and_(first, col(name.starts) == col(Organisation.founded))
    return (
        select(col(name.id))
        .join(Organisation, col(Organisation.id) == col(name.organisation_id))
        .where(or_(col(name.ends) < col(name.starts), and_(~follows.exists(), ~founded)))
    )


def _names_overlap(_dialect: str) -> Select[Any]:
    one, other = OrganisationName, aliased(OrganisationName)
    return select(col(one.id)).join(
        other,
        and_(
            col(other.organisation_id) == col(one.organisation_id),
            col(other.id) > col(one.id),
            col(other.starts) <= col(one.ends),
            col(one.starts) <= col(other.ends),
        ),
    )


def _found_by_code(_dialect: str) -> Select[Any]:
    """Every organisation has search keys; each has one for its code."""
    keyed = select(col(OrganisationKey.organisation_id)).where(col(OrganisationKey.kind) == int(UnitKey.CODE))
    return select(col(Organisation.id)).where(col(Organisation.id).not_in(keyed))


def _open_below_closed(_dialect: str) -> Select[Any]:
    above = aliased(Organisation)
    return (
        select(col(Organisation.id))
        .join(above, col(above.id) == col(Organisation.parent_id))
        .where(
            col(above.closed).is_not(None),
            or_(col(Organisation.closed).is_(None), col(Organisation.closed) > col(above.closed)),
        )
    )


def _closed_before_founded(_dialect: str) -> Select[Any]:
    return select(col(Organisation.id)).where(col(Organisation.closed) < col(Organisation.founded))


INVARIANTS = (
    Invariant("organisations.invariant.path_agrees", _path),
    Invariant("organisations.invariant.place_agrees", _place),
    Invariant("organisations.invariant.no_gap", _gap),
    Invariant("organisations.invariant.no_overlap", _overlap),
    Invariant("organisations.invariant.names_chain", _names_chain),
    Invariant("organisations.invariant.names_overlap", _names_overlap),
    Invariant("organisations.invariant.found_by_code", _found_by_code),
    Invariant("organisations.invariant.open_below_closed", _open_below_closed),
    Invariant("organisations.invariant.closed_in_time", _closed_before_founded),
)
