"""Keeping the search keys of a unit in step with its names and numbers."""

from collections.abc import Iterable

from sqlalchemy import delete
from sqlmodel import col

from benefits.kernel.unit import WriteUnit
from benefits.organisations.models import Level, Organisation, OrganisationKey
from benefits.organisations.search import Key, unit_keys


def keys_of(organisation: Organisation, former: Iterable[str] = ()) -> set[Key]:
    """All search keys of an organisation; ``former``: its earlier names."""
    return set(
        unit_keys(
            organisation.name,
            organisation.code,
            organisation.uscc,
            former,
            above=organisation.level is not Level.GRASSROOTS,
        )
    )


def write_keys(unit: WriteUnit, organisation_id: int, old: set[Key], new: set[Key]) -> None:
    """Bring the stored keys from ``old`` to ``new``."""
    for kind, key in sorted(old - new):  # one by one: only the whole primary key is indexed
        unit.exec(
            delete(OrganisationKey).where(
                col(OrganisationKey.kind) == kind,
                col(OrganisationKey.key) == key,
                col(OrganisationKey.organisation_id) == organisation_id,
            )
        )
    unit.session.add_all(
        OrganisationKey(kind=kind, key=key, organisation_id=organisation_id)
        for kind, key in sorted(new - old)
    )
