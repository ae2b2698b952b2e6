"""``benefits quality``: what is missing, wrong or shared in the register, by unit, by person, as a list to
send."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.options import Call, group, number, one_of, verb
from benefits.commands.sending import (
    FORCE,
    KEEP,
    PURPOSE,
    REASON,
    REVEAL,
    UNIT,
    clear,
    kept_until,
    leave,
    not_there,
)
from benefits.commands.show import emit, listed, table, words
from benefits.commands.work import opened
from benefits.kernel.messages import render

if TYPE_CHECKING:
    from benefits.members.faults import Fault
    from benefits.members.quality import BoardRow
    from benefits.members.quality_people import FaultyRow

app = group("quality")

ANY = "all"
_LEVELS = ("district", "subdistrict", "grassroots")


@verb(app, "commands.quality.board")
def board(
    call: Call,
    unit: str | None = UNIT,
    level: str | None = typer.Option(
        None, "--level", metavar="LEVEL", parser=one_of(*_LEVELS), help="commands.option.level"
    ),
    every: bool = typer.Option(False, "--all", help="commands.option.all_units"),
) -> None:
    """Counts and percent of each fault, unit by unit (数据质量看板)."""
    from benefits.members.faults import Fault
    from benefits.members.quality import board as board_of

    with opened(call) as (database, actor), database.read(actor) as reading:
        found = board_of(reading, _path(reading, unit))
    rows = [row for row in found if level in (None, row.level.value)]
    seen = [row for row in rows if every or row.faulty or row.counts[Fault.RETENTION_DUE] or row is rows[0]]
    faults = [fault for fault in Fault if any(row.counts[fault] for row in found)]
    names = [render(fault.word, call.lang) for fault in faults]
    lines = table(
        call,
        [f"commands.head.{name}" for name in ("code", "unit", "people", "faulty", "faults")],
        [
            (row.code, "  " * row.depth + row.name, row.people, row.faulty, _counted(call, row))
            for row in seen
        ],
        numbers=(2, 3),
    )
    for row in found[:1]:
        lines += ["", words(call, "commands.quality.of", unit=row.name, people=f"{row.people:,}")]
        lines += [f"  {name}  {_share(row, fault)}" for name, fault in zip(names, faults, strict=True)]
    emit(call, {"units": [_unit(row) for row in rows]}, *lines)


def _path(reading: Any, unit: str | None) -> str:
    from benefits.organisations.queries import by_code

    return by_code(reading, unit).path if unit else ""


def _unit(row: "BoardRow") -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "depth": row.depth,
        "people": row.people,
        "faulty": row.faulty,
        "faults": {
            fault.value: {"count": count, "percent": row.percent(fault)}
            for fault, count in row.counts.items()
        },
    }


def _counted(call: Call, row: "BoardRow") -> str:
    """Which faults there are in a unit, and how many people have each."""
    named = (f"{render(fault.word, call.lang)} {count:,}" for fault, count in row.counts.items() if count)
    return listed(call, named) or "-"


def _share(row: "BoardRow", fault: "Fault") -> str:
    percent = row.percent(fault)
    return f"{row.counts[fault]:,}" + ("" if percent is None else f"  {percent:.2f}%")


@verb(app, "commands.quality.people")
def people(
    call: Call,
    fault: str = typer.Argument(..., metavar="FAULT", help="commands.option.fault"),
    unit: str | None = UNIT,
    limit: int = typer.Option(50, "--limit", metavar="N", parser=number(1), help="commands.option.limit"),
) -> None:
    """Who has a fault; numbers masked (问题人员)."""
    from benefits.members.quality_people import people as people_of

    asked = _fault(fault)
    with opened(call) as (database, actor), database.read(actor) as reading:
        found = people_of(reading, asked, _path(reading, unit), limit)
    heads = [f"commands.head.{name}" for name in "member name unit id_masked phone_masked faults".split()]
    rows = [
        (row.id, row.name, row.organisation, row.id_number, row.phone, _faults(call, row)) for row in found
    ]
    data = [
        {
            "id": row.id,
            "name": row.name,
            "organisation_code": row.organisation_code,
            "organisation": row.organisation,
            "department": row.department,
            "birth": row.birth,
            "id_number": row.id_number,
            "phone": row.phone,
            "faults": list(row.faults),
            "others_here": row.shared.here if row.shared else 0,
            "others_elsewhere": row.shared.elsewhere if row.shared else 0,
        }
        for row in found
    ]
    emit(call, {"people": data}, *table(call, heads, rows, numbers=(0,)))


def _fault(word: str) -> "Fault | None":
    from benefits.members.faults import fault_of

    return None if word == ANY else fault_of(word)


def _faults(call: Call, row: "FaultyRow") -> str:
    names = [render(fault.word, call.lang) for fault in row.faults]
    if row.shared is not None and row.shared.elsewhere:
        names.append(words(call, "commands.quality.elsewhere", count=row.shared.elsewhere))
    return listed(call, names)


@verb(app, "commands.quality.export")
def export(
    call: Call,
    fault: str = typer.Argument(..., metavar="FAULT", help="commands.option.fault"),
    unit: str = typer.Option(..., "--unit", "--org", metavar="CODE", help="commands.option.org"),
    out: Path = typer.Option(..., "--out", metavar="FILE", help="commands.option.out_xlsx"),
    purpose: str = PURPOSE,
    keep_until: date | None = KEEP,
    reveal: bool = REVEAL,
    reason: str = REASON,
    force: bool = FORCE,
) -> None:
    """The list to send to a unit: the cells to fill in are marked, and it can be imported (补正名单)."""
    from benefits.organisations.queries import by_code
    from benefits.rosters.out import stamp_of
    from benefits.rosters.quality_list import write_faulty

    asked = _fault(fault)
    full = clear(reveal, purpose, reason)
    not_there(out, force)
    title = words(call, "rosters.quality.title")
    with opened(call) as (database, actor):
        with database.read(actor) as reading:
            place = by_code(reading, unit)
            until = kept_until(reading, keep_until)
        given = leave(database, actor, place, title, full, until)
        with database.read(actor) as reading:
            stamp = stamp_of(reading, title, place.name, purpose, expires=until)
            made = write_faulty(reading, asked, place.path, out, call.lang, stamp, revealed=given)
    data = {
        "file": str(made.path.resolve()),
        "rows": made.rows,
        "revealed": reveal,
        "keep_until": until,
        "sha256": made.sha256,
    }
    line = words(call, "commands.quality.exported", path=data["file"], rows=f"{made.rows:,}", until=until)
    emit(call, data, line)
