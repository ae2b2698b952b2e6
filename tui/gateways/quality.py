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
    """Write who has a fault to a file, numbers masked, one line a person with what is wrong."""
    from benefits.kernel.messages import render, text
    from benefits.members.faults import Fault
    from benefits.members.quality_people import people
    from benefits.rosters.out import OutColumn, OutForm, stamp_of, write_rows

    heads = ("unit", "code", "name", "birth", "id_number", "phone", "faults")
    widths = (30, 16, 10, 12, 20, 14, 40)
    columns = [
        OutColumn(key, text(f"tui.quality.out.{key}", lang), width=width)
        for key, width in zip(heads, widths, strict=True)
    ]
    mark = text("tui.list_mark", lang)

    def write(unit: "ReadUnit") -> "Written":
        rows = []
        after: After | None = None
        while found := people(unit, Fault(fault) if fault else None, path, 1000, after):
            after = found[-1].cursor
            for row in found:
                said = mark.join(render(one.word, lang) for one in row.faults)
                day = row.birth.isoformat() if row.birth else None
                place_of = (row.organisation, row.organisation_code)
                rows.append((*place_of, row.name, day, row.id_number, row.phone, said))
        form = OutForm(out.suffix.lstrip(".").lower() or "xlsx")
        return write_rows(out, columns, rows, form, lang, stamp_of(unit, title, place))

    return await gateway.read(write)
