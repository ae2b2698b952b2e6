"""The data quality board through the door (数据质量)."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit
    from benefits.members.quality import BoardRow
    from benefits.members.quality_people import FaultyRow
    from benefits.rosters.out import Written
    from tui.gateway import Gateway

After = tuple[str, int]


async def board(gateway: "Gateway") -> "tuple[BoardRow, ...]":
    """Every unit that the user sees, with its sums, in tree order."""
    from benefits.members.quality import board

    return await gateway.read(board)


async def people(
    gateway: "Gateway", fault: str, path: str, limit: int, after: After | None
) -> "tuple[FaultyRow, ...]":
    """Who has a fault (empty: any) in a part of the tree."""
    from benefits.members.faults import Fault
    from benefits.members.quality_people import people

    chosen = Fault(fault) if fault else None
    return await gateway.read(people, chosen, path, limit, after)


async def export(
    gateway: "Gateway", fault: str, path: str, place: str, out: Path, title: str, lang: str
) -> "Written":
    """Write the list that goes to the unit (补正名单): numbers masked, the cells to fill in marked; it is
    imported as a roster of members."""
    from benefits.members.faults import Fault
    from benefits.rosters.out import stamp_of
    from benefits.rosters.quality_list import write_faulty

    chosen = Fault(fault) if fault else None
    where = out if out.suffix.lower() == ".xlsx" else out.with_name(out.name + ".xlsx")

    def write(unit: "ReadUnit") -> "Written":
        return write_faulty(unit, chosen, path, where, lang, stamp_of(unit, title, place))

    return await gateway.read(write)
