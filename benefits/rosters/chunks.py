"""Rows of a file become chunks of read values (逐块读取), column by column."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benefits.kernel.errors import say
from benefits.rosters.files.cells import Block, Cell
from benefits.rosters.heads import Head
from benefits.rosters.kind import Chunk, Column, Kind, Misread, Place, RowProblem

_FURNITURE = re.compile(
    r"\s*(合\s*计|总\s*计|小\s*计|共\s*计|说\s*明|制\s*表|填\s*表|填\s*报|审\s*核|复\s*核|注)([\W\d_]|$)"
    r"|\s*(合|总|小|共)\s*计(人数|金额|人次)"
    r"|\s*(制\s*表|填\s*表|填\s*报|审\s*核|复\s*核|负责|经办)(人|单位|日期|时间|意见|说明)"
)
"""What a row of totals or signatures begins with; a department may well be called 审核部."""
_ENOUGH = 10_000
"""Rows of a chunk: the more are looked up together, the fewer pages of the register are read again."""
_MOST_OF_TOTAL = 3
"""Cells of a row that adds up or is signed: 合计, 3,497人, 87,425元."""


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
    blocks: Iterable[Block], head: Head, kind: Kind, today: date, skipped: list[RowProblem]
) -> Iterator[Chunk]:
    """The rows below the head, read. Rows that are no data (合计, 制表人, the head once more) are left out
    and named in ``skipped``."""
    columns = readings(head, kind)
    places = {one.column.key: one.place for one in columns}
    rows: list[int] = []
    cells: list[list[Cell]] = [[] for _ in columns]
    for block in blocks:
        kept = _kept(block, columns, skipped)
        rows += [block.first + at for at in kept]
        for one, column in zip(columns, cells, strict=True):
            column += _column(block, one.index, kept)
        if len(rows) >= _ENOUGH:
            yield _chunk(rows, cells, columns, places, kind, today)
            rows, cells = [], [[] for _ in columns]
    if rows:
        yield _chunk(rows, cells, columns, places, kind, today)


def _column(block: Block, index: int, kept: Sequence[int]) -> list[Cell]:
    if index >= len(block.columns):
        return [None] * len(kept)
    column = block.columns[index]
    return column if len(kept) == len(column) else [column[at] for at in kept]


def _kept(block: Block, columns: Sequence[Reading], skipped: list[RowProblem]) -> Sequence[int]:
    """Which rows of a block are data: most have all that is required, and are not looked at further."""
    needed = [one for one in columns if one.column.required and one.index < len(block.columns)]
    closing = any(map(_closes, set(block.columns[0]))) if block.columns else False
    if needed and not closing and all(_full(block.columns[one.index], one.place.heading) for one in needed):
        return range(len(block.columns[0]))
    kept: list[int] = []
    for at in range(len(block.columns[0]) if block.columns else 0):
        given = [one for one in needed if block.columns[one.index][at] not in (None, "")]
        if needed and len(given) == len(needed):
            one = needed[0]
            if not _closes(block.columns[0][at]) and block.columns[one.index][at] != one.place.heading:
                kept.append(at)
                continue
        code = _furniture(block, at, columns, bool(given))
        if code is None:
            kept.append(at)
        elif code:
            skipped.append(RowProblem(block.first + at, "", "", "", code, say(code)))
    return kept


def _closes(lead: Cell) -> bool:
    """Whether a cell is what a row of totals or signatures begins with."""
    return lead.__class__ is str and _FURNITURE.match(str(lead)) is not None


def _full(column: list[Cell], heading: str) -> bool:
    """Whether a column that is required has something in every row, and never its own heading."""
    return None not in column and "" not in column and heading not in column


def _furniture(block: Block, at: int, columns: Sequence[Reading], given: bool) -> str | None:
    """Why a row is no data; empty for a blank one, None for data."""
    cells = [column[at] for column in block.columns]
    first = next((cell for cell in cells if cell is not None and str(cell).strip()), None)
    if first is None:
        return ""
    few = sum(1 for cell in cells if cell is not None and str(cell).strip()) <= _MOST_OF_TOTAL
    if isinstance(first, str) and _FURNITURE.match(first) and (few or not given):
        return "rosters.row_total"
    if all(one.index < len(cells) and cells[one.index] == one.place.heading for one in columns):
        return "rosters.row_head_again"
    return None


def _chunk(
    rows: list[int],
    cells: list[list[Cell]],
    columns: Sequence[Reading],
    places: dict[str, Place],
    kind: Kind,
    today: date,
) -> Chunk:
    chunk = Chunk(rows, {}, places)
    for one, column in zip(columns, cells, strict=True):
        chunk.values[one.column.key] = _read(chunk, column, one, today)
    for wanted in kind.columns:
        if not wanted.required:
            continue
        blamed = {problem.row for problem in chunk.problems if problem.key == wanted.key}
        for at, value in enumerate(chunk.get(wanted.key)):
            if value is None and rows[at] not in blamed:
                chunk.blame(at, wanted.key, "rosters.cell_missing", column=wanted.title)
    return chunk


def _read(chunk: Chunk, cells: list[Cell], one: Reading, today: date) -> list[Any]:
    read, key = one.column.read, one.column.key
    known = _known(cells, one, today)
    if known is not None:
        return [known[cell] for cell in cells]
    values: list[Any] = []
    for at, cell in enumerate(cells):
        if cell is None or cell == "":
            values.append(None)
            continue
        try:
            values.append(read(cell, today))
        except Misread as wrong:
            values.append(None)
            chunk.blame(at, key, wrong.code, **wrong.params)
    return values


def _known(cells: list[Cell], one: Reading, today: date) -> dict[Cell, Any] | None:
    """What each cell means, in a column that holds few values, all of one type (True is 1 in a dict), and
    all right; else None."""
    different = set(cells)
    if len(different) * 4 > len(cells) or len(set(map(type, cells)) - {type(None)}) > 1:
        return None
    known: dict[Cell, Any] = {None: None, "": None}
    try:
        for cell in different - {None, ""}:
            known[cell] = one.column.read(cell, today)
    except Misread:  # the long way says where
        return None
    return known
