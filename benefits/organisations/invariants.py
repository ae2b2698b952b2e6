"""What must hold of the union tree."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.kernel.verify import Invariant, day_after
from benefits.organisations.models import Organisation, OrganisationPosition

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


INVARIANTS = (
    Invariant("organisations.invariant.path_agrees", _path),
    Invariant("organisations.invariant.place_agrees", _place),
    Invariant("organisations.invariant.no_gap", _gap),
    Invariant("organisations.invariant.no_overlap", _overlap),
)
