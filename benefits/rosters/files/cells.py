"""Cells and rows (单元格、行): what a spreadsheet holds, as plain values with their addresses."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

ErrorKind = Literal["value", "formula", "long", "unreadable"]

ERROR_TEXTS = frozenset(
    ["#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!"]
    + ["#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!"]
    + [f"Err:{code}" for code in range(501, 540)]
)
"""What Excel, WPS and LibreOffice show in a cell that could not be computed."""


class CellError(str):
    """A cell without a usable value (错误值), as the text that stands for it. Ask for it before ``str``.

    ``kind``: ``value`` is an error that the program shows (``#N/A``); ``formula`` was never computed, the
    text is the formula; ``long`` has more characters than a spreadsheet holds, the text is its beginning;
    ``unreadable`` has bytes that its encoding does not know, each shown as U+FFFD.
    """

    __slots__ = ("kind",)
    kind: ErrorKind

    def __new__(cls, text: str, kind: ErrorKind = "value") -> "CellError":
        made = super().__new__(cls, text)
        made.kind = kind
        return made


Cell = str | int | float | bool | date | datetime | None
"""Text exactly as stored, a number, a truth, a day, a moment, a ``CellError``, or nothing."""


class Form(enum.Enum):
    """What a file is by its content."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the spreadsheet program shows it, and its cells from column A on, without empty
    ones at the end."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that follow each other, column by column from A on; all columns are equally long, blank rows are
    in it."""

    first: int
    """Number of the first row."""
    columns: tuple[list[Cell], ...]

    def filled(self) -> tuple[list[int], tuple[list[Cell], ...]]:
        """The numbers of the rows that hold something, and the columns of only those rows."""
        height = len(self.columns[0])
        blank = [
            n
            for n, cell in enumerate(self.columns[0])
            if cell is None or (cell.__class__ is str and not cell.strip())
        ]
        blank = [n for n in blank if _blank(tuple(column[n] for column in self.columns))]
        numbers = list(range(self.first, self.first + height))
        if not blank:
            return numbers, self.columns
        keep = sorted(set(range(height)).difference(blank))
        return [numbers[n] for n in keep], tuple([column[n] for n in keep] for column in self.columns)

    def after(self, number: int) -> "Block | None":
        """What of it comes after that row."""
        gone = number + 1 - self.first
        if gone <= 0:
            return self
        rest = tuple(column[gone:] for column in self.columns)
        return Block(number + 1, rest) if rest[0] else None

    def rows(self) -> list[Row]:
        """The rows that hold something, without empty cells at their ends."""
        return list(_rows(self.first, self.columns))


def _rows(first: int, columns: tuple[list[Cell], ...]) -> Iterator[Row]:
    for number, cells in enumerate(zip(*columns, strict=True), first):
        head = cells[0]
        if (head is None or (head.__class__ is str and not head.strip())) and _blank(cells):
            continue
        if cells[-1] is None:
            end = len(cells) - 1
            while cells[end - 1] is None:
                end -= 1
            cells = cells[:end]
        yield Row(number, cells)


def _blank(cells: tuple[Cell, ...]) -> bool:
    return all(cell is None or (cell.__class__ is str and not cell.strip()) for cell in cells)


def letter(index: int) -> str:
    """The letters of a column counted from 0, as spreadsheets show them.

    >>> [letter(n) for n in (0, 25, 26, 701, 702, 16383)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']
    """
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(letters: str) -> int:
    """The column, counted from 0, of its letters.

    >>> [column_index(name) for name in ("A", "Z", "AA", "XFD")]
    [0, 25, 26, 16383]
    """
    index = 0
    for char in letters:
        index = index * 26 + ord(char) - 64
    return index - 1
