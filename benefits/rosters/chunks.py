"""Rows of a file become chunks of read values (逐块读取), column by column."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benefits.kernel.errors import say
from benefits.rosters.files.cells import Row
from benefits.rosters.heads import Head
from benefits.rosters.kind import Chunk, Column, Kind, Misread, Place, RowProblem

_FURNITURE = re.compile(
    r"\s*(合\s*计|总\s*计|小\s*计|共\s*计|制\s*表|填\s*表|填\s*报|审\s*核|复\s*核|负责人|经办人|说明|注[:：])"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A column of the file that is read: where, and as what."""

    index: int
    column: Column
    place: Place


def readings(head: Head, kind: Kind) -> tuple[Reading, ...]:
    """The columns of a file that mean something to the kind; the name first, so that every later problem can
    say who."""
    columns = {column.key: column for column in kind.columns}
    found = [
        Reading(cell.index, columns[cell.key], Place(cell.text, cell.letter))
        for cell in head.columns
        if cell.key in columns
    ]
    return tuple(sorted(found, key=lambda one: (one.column.key != "name", one.index)))


def chunks(
    blocks: Iterable[list[Row]], head: Head, kind: Kind, today: date, skipped: list[RowProblem]
) -> Iterator[Chunk]:
    """The rows below the head, read. Rows that are no data (合计, 制表人, the head once more) are left out
    and named in ``skipped``."""
    columns = readings(head, kind)
    places = {one.column.key: one.place for one in columns}
    heading = {one.index: one.place.heading for one in columns}
    needed = [one.index for one in columns if one.column.required]
    for block in blocks:
        rows: list[Row] = []
        for row in block:
            code = _furniture(row, heading, needed)
            if code is None:
                rows.append(row)
            else:
                skipped.append(RowProblem(row.number, "", "", "", code, say(code)))
        if rows:
            yield _chunk(rows, columns, places, kind, today)


def _furniture(row: Row, heading: dict[int, str], needed: Sequence[int]) -> str | None:
    cells = row.cells
    given = [cells[index] for index in needed if index < len(cells) and cells[index] not in (None, "")]
    if len(given) == len(needed) and needed and not isinstance(given[0], str):
        return None
    first = next((cell for cell in cells if cell is not None and cell != ""), None)
    if len(given) < max(1, len(needed)) and isinstance(first, str) and _FURNITURE.match(first):
        return "rosters.row_total"
    if given and all(index < len(cells) and cells[index] == text for index, text in heading.items()):
        return "rosters.row_head_again"
    return None


def _chunk(
    rows: list[Row], columns: Sequence[Reading], places: dict[str, Place], kind: Kind, today: date
) -> Chunk:
    chunk = Chunk([row.number for row in rows], {}, places)
    for one in columns:
        chunk.values[one.column.key] = _read(chunk, rows, one, today)
    for column in kind.columns:
        if not column.required:
            continue
        blamed = {problem.row for problem in chunk.problems if problem.key == column.key}
        for at, value in enumerate(chunk.get(column.key)):
            if value is None and chunk.rows[at] not in blamed:
                chunk.blame(at, column.key, "rosters.cell_missing", column=column.title)
    return chunk


def _read(chunk: Chunk, rows: list[Row], one: Reading, today: date) -> list[Any]:
    index, read, key = one.index, one.column.read, one.column.key
    values: list[Any] = []
    for at, row in enumerate(rows):
        cells = row.cells
        cell = cells[index] if index < len(cells) else None
        if cell is None or cell == "":
            values.append(None)
            continue
        try:
            values.append(read(cell, today))
        except Misread as wrong:
            values.append(None)
            chunk.blame(at, key, wrong.code, **wrong.params)
    return values
