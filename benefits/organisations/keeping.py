"""Keeping the search keys of a unit in step with its names and numbers."""

from collections.abc import Iterable

from benefits.kernel.bulk import erase, write
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
    """Bring the stored keys from ``old`` to ``new``: by the whole primary key, the only index there is."""
    columns = ("kind", "key", "organisation_id")
    if gone := sorted(old - new):
        erase(unit, OrganisationKey, columns, [(kind, key, organisation_id) for kind, key in gone])
    if made := sorted(new - old):
        write(unit, OrganisationKey, columns, [(kind, key, organisation_id) for kind, key in made])
