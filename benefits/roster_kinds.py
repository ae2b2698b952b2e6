"""All kinds of rosters (花名册类别), each brought by its feature; later features add theirs here."""

from collections.abc import Mapping
from types import MappingProxyType

from benefits.kernel.errors import Refused
from benefits.kits.roster import HANDOUTS
from benefits.kits.roster_list import ENTITLED
from benefits.rosters.kind import Kind
from benefits.rosters.kinds.enrollments import ENROLLMENTS
from benefits.rosters.kinds.members import MEMBERS
from benefits.rosters.kinds.organisations import ORGANISATIONS
from benefits.rosters.kinds.payments import PAYMENTS
from benefits.rosters.kinds.retirements import RETIREMENTS
from benefits.rosters.kinds.transfers import TRANSFERS

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            MEMBERS,
            ORGANISATIONS,
            ENROLLMENTS,
            TRANSFERS,
            RETIREMENTS,
            PAYMENTS,
            ENTITLED,
            HANDOUTS,
        )
    }
)


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises Refused ``rosters.unknown_kind`` with the known ones."""
    kind = KINDS.get(name.strip().lower())
    if kind is None:
        raise Refused("rosters.unknown_kind", kind=name, known=", ".join(KINDS))
    return kind
