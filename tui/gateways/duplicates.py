"""Possible duplicates through the door (疑似重复)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit
    from benefits.rosters.queries import CaseRow
    from tui.gateway import Gateway


async def cases(gateway: "Gateway", after: int, limit: int) -> "tuple[CaseRow, ...]":
    """Open cases in the order in which they came, from the one after ``after``."""
    from benefits.rosters import queries

    def page(unit: "ReadUnit") -> "tuple[CaseRow, ...]":
        return queries.cases(unit, limit=limit, after=after)

    return await gateway.read(page)


async def count(gateway: "Gateway") -> int:
    """How many cases are open."""
    from benefits.rosters import queries

    return await gateway.read(queries.count_cases)


async def next_case(gateway: "Gateway", after: int) -> "tuple[CaseRow | None, int]":
    """The next open case, from the first again behind the last; and how many are open."""
    from benefits.rosters import queries

    def found(unit: "ReadUnit") -> "tuple[CaseRow | None, int]":
        rows = queries.cases(unit, limit=1, after=after) or queries.cases(unit, limit=1)
        return rows[0] if rows else None, queries.count_cases(unit)

    return await gateway.read(found)


async def case(gateway: "Gateway", case_id: int) -> "tuple[CaseRow, int]":
    """One case, and how many are open."""
    from benefits.rosters import queries

    def found(unit: "ReadUnit") -> "tuple[CaseRow, int]":
        return queries.case(unit, case_id), queries.count_cases(unit)

    return await gateway.read(found)


async def decide(
    gateway: "Gateway", case_id: int, verdict: str, reason: str, keep: int | None = None
) -> int | None:
    """Say what a case is: ``same``, ``distinct`` or ``dropped``; ``keep``: which of two members survives."""
    from benefits.roster_kinds import kind_of
    from benefits.rosters.models import CaseState
    from benefits.rosters.service_duplicates import decide

    return await gateway.act(
        decide,
        case_id=case_id,
        verdict=CaseState(verdict),
        reason=reason,
        kind=kind_of("members"),
        keep=keep,
    )


async def scan(gateway: "Gateway") -> int:
    """Look through the register for more; how many new cases."""
    from benefits.rosters.service_duplicates import scan_duplicates

    return await gateway.act(scan_duplicates)
