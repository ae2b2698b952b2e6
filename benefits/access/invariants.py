"""What must hold of the clerks of units."""

from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlmodel import col

from benefits.access.models import OrganisationClerk
from benefits.kernel.verify import Invariant
from benefits.organisations.models import Organisation


def _clerk_days(_dialect: str) -> Select[Any]:
    """A clerk has at least a day, and none before the unit was founded or after it closed."""
    starts, ends = col(OrganisationClerk.starts), col(OrganisationClerk.ends)
    closed = col(Organisation.closed)
    return (
        select(col(OrganisationClerk.id))
        .join(Organisation, col(Organisation.id) == col(OrganisationClerk.organisation_id))
        .where(
            or_(
                ends < starts,
                starts < col(Organisation.founded),
                and_(closed.is_not(None), or_(ends.is_(None), ends > closed)),
            )
        )
    )


INVARIANTS = (Invariant("access.invariant.clerk_days", _clerk_days),)
