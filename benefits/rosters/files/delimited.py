"""Delimited text (csv): its encoding, its delimiter, and its rows.

The encoding is tried on the whole file before the first row is believed: UTF-8, else GB18030 (which has all
of GBK), else whichever leaves fewer bytes unread.
"""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.text import MOVED
from benefits.rosters.files.cells import ERROR_TEXTS, CellError
from benefits.rosters.files.limits import MEGABYTE, Limits

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LABELS = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB18030"}
_DELIMITERS = ",\t;，、|"
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_ODD = re.compile("[\x01-\x08\x0e-\x19\x7f]")
_BATCH = 100
_CELLS = 250_000
_SAMPLE = 100_000
_END = "\x02end\x03"
"""A line after the last one; whoever finds more in its row has left a quotation open."""


@dataclass(slots=True)
class Reading:
    """What trying an encoding on the whole file has shown."""

    encoding: str
    replaced: int = 0
    """Characters that the encoding does not know."""
    first_replaced: int = 0
    """The line of the first of them."""
    nul: int = 0
    odd: int = 0
    characters: int = 0
    private: bool = False
    filled: bool = False
    """Whether it holds anything but spaces."""


class Text:
    """An opened csv file: what is to be said about it, and its blocks. Raises Refused ``rosters.file_…``."""

    def __init__(self, file: BinaryIO, name: str, limits: Limits) -> None:
        self.file = file
        self.name = name
        self.limits = limits
        self.reading = _try_encodings(file, name, limits)
        self.encoding = _LABELS[self.reading.encoding]
        self._judge()
        self.delimiter, self.skip = self._delimiter()
        self.notes = self._notes()

    def _judge(self) -> None:
        found = self.reading
        if not found.filled:
            raise Refused("rosters.file_blank", name=self.name)
        if found.nul + found.odd > max(20, found.characters // 50):
            raise Refused("rosters.file_not_a_sheet", name=self.name, what=say("rosters.form.binary"))
        if found.replaced > max(3, found.characters // 1000):
            raise Refused("rosters.file_encoding", name=self.name, row=found.first_replaced)

    def _notes(self) -> tuple[Problem, ...]:
        made = []
        if self.reading.replaced:
            row = self.reading.first_replaced
            words = say("rosters.file_replaced", count=self.reading.replaced, row=row, encoding=self.encoding)
            made.append(Problem("rosters.file_replaced", words, row=row))
        if self.reading.nul:
            words = say("rosters.file_nul", count=self.reading.nul)
            made.append(Problem("rosters.file_nul", words))
        return tuple(made)

    def _lines(self) -> Iterator[str]:
        self.file.seek(0)
        errors = "replace" if self.reading.replaced else "strict"
        raw = io.FileIO(self.file.fileno(), closefd=False)
        lines: Iterable[str] = io.TextIOWrapper(
            io.BufferedReader(raw), encoding=self.reading.encoding, errors=errors, newline=""
        )
        if self.reading.nul:
            lines = (line.replace("\0", "") for line in lines)
        if self.reading.private and self.encoding == "GB18030":
            lines = (line.translate(MOVED) for line in lines)
        return iter(lines)

    def _delimiter(self) -> tuple[str, int]:
        """The delimiter under which most of the first rows have equally many cells, and more than one; and
        how many lines say only what it is (``sep=;``, as Excel reads and hides it)."""
        lines = self._sample()
        said = re.fullmatch(r"[\ufeff\"]*sep=(.)\"?", lines[0].strip(), re.I)
        if said and said[1] != '"':
            return said[1], 1
        best, most = ",", 0.0
        for delimiter in _DELIMITERS:
            counts: dict[int, int] = {}
            with suppress(csv.Error):  # what is wrong will be told when the rows are read
                for row in csv.reader(lines, delimiter=delimiter):
                    if len(row) > 1:
                        counts[len(row)] = counts.get(len(row), 0) + 1
            worth = max((many + width / 1000 for width, many in counts.items()), default=0)
            if worth > most * (1 if delimiter in ",\t;" else 2):
                best, most = delimiter, worth
        return best, 0

    def _sample(self) -> list[str]:
        """The first lines, up to 200, and no more of them than a look is worth."""
        lines: list[str] = []
        size = 0
        for line in itertools.islice(self._lines(), 200):
            lines.append(line[:_SAMPLE])
            size += len(line)
            if size > _SAMPLE:
                break
        return lines

    def blocks(self) -> Iterator[tuple[int, list[list[Any]]]]:
        """The number of the first row, and the columns."""
        csv.field_size_limit(self.limits.field)
        lines = itertools.chain(itertools.islice(self._lines(), self.skip, None), [_END])
        reader = csv.reader(lines, delimiter=self.delimiter)
        first = 1
        kept: list[list[str]] = []
        width = 1
        for batch in self._batches(reader):
            width = max(width, *map(len, batch))
            if width > self.limits.columns:
                width = self._trim(kept, batch, first)
            kept += batch
            if len(kept) >= self.limits.rows or len(kept) * width > _CELLS:
                yield first, self._columns(kept)
                first += len(kept)
                kept, width = [], 1
        if kept:
            yield first, self._columns(kept)

    def _batches(self, reader: Any) -> Iterator[list[list[str]]]:
        done = 0
        while True:
            batch: list[list[str]] = []
            try:
                batch.extend(itertools.islice(reader, min(_BATCH, self.limits.rows)))
            except csv.Error as broken:
                row = done + len(batch) + 1
                raise Refused("rosters.file_long_text", name=self.name, row=row) from broken
            if not batch:
                return
            done += len(batch)
            if batch[-1] and _END in batch[-1][-1]:
                if batch.pop() != [_END]:
                    raise Refused("rosters.file_quote", name=self.name, row=done)
                if batch:
                    yield batch
                return
            yield batch

    def _trim(self, kept: list[list[str]], batch: list[list[str]], first: int) -> int:
        width = 1
        for number, row in enumerate(batch, first + len(kept)):
            while row and not row[-1]:
                row.pop()
            width = max(width, len(row))
            if len(row) > self.limits.columns:
                raise Refused("rosters.file_wide", name=self.name, row=number, most=self.limits.columns)
        return max(width, *map(len, kept)) if kept else width

    def _columns(self, rows: list[list[str]]) -> list[list[Any]]:
        columns: list[list[Any]] = [list(column) for column in itertools.zip_longest(*rows)]
        for place, column in enumerate(columns):
            if "" in column:
                columns[place] = column = [value or None for value in column]
            if not ERROR_TEXTS.isdisjoint(column):
                columns[place] = column = [CellError(v) if v in ERROR_TEXTS else v for v in column]
            if max(map(len, filter(None, column)), default=0) > self.limits.cell:
                columns[place] = column = [_short(value, self.limits.cell) for value in column]
            if self.reading.replaced:
                columns[place] = [_unreadable(value) for value in column]
        return columns or [[None] * len(rows)]


def _short(value: Any, most: int) -> Any:
    return CellError(value[:200], "long") if value and len(value) > most else value


def _unreadable(value: Any) -> Any:
    return CellError(value[:200], "unreadable") if value.__class__ is str and "\ufffd" in value else value


def _try_encodings(file: BinaryIO, name: str, limits: Limits) -> Reading:
    file.seek(0)
    head = file.read(4)
    if head in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise Refused("rosters.file_encoding", name=name, row=1)
    marked = next((encoding for mark, encoding in _BOMS if head.startswith(mark)), None)
    candidates = [marked] if marked else ["utf-8", "gb18030"]
    for encoding in candidates:
        if found := _try(file, encoding, "strict", name, limits):
            return found
    tried = [_try(file, encoding, "replace", name, limits) for encoding in candidates]
    return min((found for found in tried if found), key=lambda found: found.replaced)


def _try(file: BinaryIO, encoding: str, errors: str, name: str, limits: Limits) -> Reading | None:
    """The whole file in one encoding; None where it is not in it."""
    found = Reading(encoding)
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    file.seek(0)
    line, since = 1, 0
    more = True
    while more:
        data = file.read(MEGABYTE)
        more = bool(data)
        try:
            text = decoder.decode(data, final=not more)
        except UnicodeDecodeError:
            return None
        end = max(text.rfind("\n"), text.rfind("\r"))
        since = since + len(text) if end < 0 else len(text) - end
        if since > 16 * limits.field:
            raise Refused("rosters.file_long_text", name=name, row=line)
        found.characters += len(text)
        found.nul += text.count("\0")
        found.odd += len(_ODD.findall(text))
        found.filled = found.filled or not text.isspace() and text.strip("\ufeff\0 \r\n\t,;") != ""
        if encoding == "gb18030":
            found.private = found.private or _PRIVATE.search(text) is not None
        if errors == "replace" and (bad := text.count("\ufffd")):
            if not found.replaced:
                found.first_replaced = line + text.count("\n", 0, text.index("\ufffd"))
            found.replaced += bad
        line += text.count("\n")
    return found
