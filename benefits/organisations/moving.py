"""What moves with a unit that is put under another one (调整隶属关系): features above this one keep things by
where a unit stands, and register here how they follow it.
"""

from collections.abc import Callable, Sequence

from benefits.kernel.unit import WriteUnit

Following = Callable[[WriteUnit, Sequence[int]], None]
"""Does what follows from the new place of some organisations."""

_FOLLOWING: list[Following] = []


def moves_with_the_unit(follow: Following) -> Following:
    """Register what follows a unit to its new place."""
    _FOLLOWING.append(follow)
    return follow


def follow_all(unit: WriteUnit, organisation_ids: Sequence[int]) -> None:
    """All that follows units which have a new place."""
    for follow in _FOLLOWING:
        follow(unit, organisation_ids)
