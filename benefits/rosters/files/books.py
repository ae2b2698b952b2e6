"""Workbooks (工作簿): xlsx, xls and ods through calamine, as blocks of columns."""

import itertools
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO

from benefits.kernel.errors import Problem, Refused
from benefits.kernel.text import shown
from benefits.rosters.files import ods, xls, xlsx
from benefits.rosters.files.cells import CellError, Form
from benefits.rosters.files.facts import Aside, Sheet, aside_notes, place, sheet_notes
from benefits.rosters.files.limits import Limits
from benefits.rosters.files.pieces import resolve, shared_texts, small_books
from benefits.rosters.files.zips import Unpacked, open_zip

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_CELLS = 250_000
"""Cells of a block at most, so that wide sheets come in shorter blocks."""
_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)


class Book:
    """An opened workbook: its sheets, the chosen one, what is to be said about it, and its blocks.

    Raises Refused ``rosters.file_…`` and ``rosters.sheet_unknown``.
    """

    def __init__(self, file: BinaryIO, form: Form, name: str, wanted: str | None, limits: Limits) -> None:
        self.file = file
        self.form = form
        self.name = name
        self.limits = limits
        self.epoch = _EPOCH
        self.large = False
        self.book: CalamineWorkbook | None = None
        self.loaded: CalamineSheet | None = None
        self.sheets, self.chosen, self.aside = (
            self._open_zipped(wanted) if form is Form.XLSX else self._open(wanted)
        )
        self.notes: tuple[Problem, ...] = (*sheet_notes(self.sheets, self.chosen), *aside_notes(self.aside))

    def _open_zipped(self, wanted: str | None) -> tuple[list[Sheet], Sheet, Aside]:
        with open_zip(self.file, self.name, self.limits) as opened:
            zipped = Unpacked(opened, self.name, self.limits)
            sheets = xlsx.list_sheets(zipped)
            if xlsx.is_1904(zipped):
                self.epoch = _EPOCH_1904
            for part in ("xl/sharedStrings.xml", "xl/styles.xml"):
                if part in zipped:
                    zipped.look(part)  # before the reader sees it
            aside = Aside()
            chosen: Sheet | None = None
            for sheet in sorted(sheets, key=lambda sheet: sheet.hidden):
                if chosen is None and wanted in (None, sheet.name):
                    aside = xlsx.survey(zipped, sheet)
                    chosen = sheet if sheet.rows or wanted else None
                elif zipped.size(sheet.part) < self.limits.small:
                    sheet.rows = xlsx.count_rows(zipped, sheet)
            found = self._checked(sheets, chosen, wanted)
            shared = "xl/sharedStrings.xml"
            needed = zipped.size(found.part) * 7 // 4 + (zipped.size(shared) * 3 if shared in zipped else 0)
            self.large = aside.addressed and needed > self.limits.whole
            return sheets, found, aside

    def _open(self, wanted: str | None) -> tuple[list[Sheet], Sheet, Aside]:
        stream = b""
        if self.form is Form.XLS:
            self.file.seek(0)
            stream = xls.load(self.file.read(), self.name)
            if xls.is_1904(stream):
                self.epoch = _EPOCH_1904
        else:
            with open_zip(self.file, self.name, self.limits) as opened:
                for _ in Unpacked(opened, self.name, self.limits).pieces("content.xml"):
                    pass
        sheets = []
        for meta in self._workbook().sheets_metadata:
            if str(meta.typ).endswith("WorkSheet"):
                sheets.append(Sheet(meta.name, hidden=not str(meta.visible).endswith(".Visible")))
        for sheet in sheets:
            sheet.rows = self._sheet(sheet.name).height
        named = (sheet for sheet in sheets if sheet.name == wanted)
        full = (sheet for sheet in sorted(sheets, key=lambda sheet: sheet.hidden) if sheet.rows)
        chosen = self._checked(sheets, next(full if wanted is None else named, None), wanted)
        if self.form is Form.XLS:
            return sheets, chosen, xls.survey(stream, sheets.index(chosen))
        with open_zip(self.file, self.name, self.limits) as opened:
            zipped = Unpacked(opened, self.name, self.limits)
            return sheets, chosen, ods.survey(zipped, sheets.index(chosen))

    def _checked(self, sheets: list[Sheet], chosen: Sheet | None, wanted: str | None) -> Sheet:
        if wanted is not None and (chosen is None or chosen.name != wanted):
            names = "、".join(f"「{shown(sheet.name)}」" for sheet in sheets[:20])
            raise Refused("rosters.sheet_unknown", name=self.name, sheet=shown(wanted), sheets=names)
        if chosen is None or not chosen.rows:
            raise Refused("rosters.file_blank", name=self.name)
        return chosen

    def _workbook(self) -> "CalamineWorkbook":
        if self.book is None:
            self.file.seek(0)
            self.book = self._load(self.file)
        return self.book

    def _load(self, file: BinaryIO) -> "CalamineWorkbook":
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError

        try:
            return CalamineWorkbook.from_filelike(file)
        except PasswordError as locked:
            raise Refused("rosters.file_encrypted", name=self.name) from locked
        except (CalamineError, OSError, ValueError) as broken:
            self._refuse_repetitions()
            raise Refused("rosters.file_damaged", name=self.name) from broken

    def _first(self, book: BinaryIO) -> "CalamineSheet":
        from python_calamine import CalamineError

        try:
            return self._load(book).get_sheet_by_index(0)
        except (CalamineError, OSError, ValueError) as broken:
            raise Refused("rosters.file_damaged", name=self.name) from broken

    def _refuse_repetitions(self) -> None:
        """The reader gives up on too many repeated cells, and does not say so."""
        if self.form is Form.ODS:
            with open_zip(self.file, self.name, self.limits) as opened:
                if ods.count_cells(Unpacked(opened, self.name, self.limits)) * 32 > self.limits.resident:
                    raise MemoryError

    def _sheet(self, name: str) -> "CalamineSheet":
        from python_calamine import CalamineError

        try:
            if self.loaded is None or self.loaded.name != name:
                self.loaded = None  # two at once would not fit
                self.loaded = self._workbook().get_sheet_by_name(name)
            return self.loaded
        except (CalamineError, OSError, ValueError) as broken:
            raise Refused("rosters.file_damaged", name=self.name) from broken

    def blocks(self) -> Iterator[tuple[int, list[list[Any]]]]:
        """The number of the first row, and the columns from A on."""
        errors, days = _Places(self.aside.error_places), _Places(self.aside.day_places)
        last = 0
        for sheet, shared in self._parts():
            if sheet.start is None:
                continue
            if sheet.start[0] < last:  # rows that do not follow each other
                raise Refused("rosters.file_damaged", name=self.name)
            for first, columns in self._blocks(sheet, shared):
                height = len(columns[0])
                for row, column, number in errors.until(first + height):
                    _reach(columns, column, height)[row - first] = self.aside.error_texts[number]
                for row, column, _ in days.until(first + height):
                    values = _reach(columns, column, height)
                    values[row - first] = self._day(values[row - first])
                last = first + height
                yield first + 1, columns

    def _parts(self) -> "Iterator[tuple[CalamineSheet, list[str]]]":
        """The sheet as the reader has it, at once, or in pieces with the texts they refer to."""
        if not self.large:
            yield self._sheet(self.chosen.name), []
            return
        with open_zip(self.file, self.name, self.limits) as opened:
            zipped = Unpacked(opened, self.name, self.limits)
            shared = shared_texts(zipped)
            for book in small_books(zipped, self.chosen, self.epoch == _EPOCH_1904):
                yield self._first(book), shared

    def _blocks(self, sheet: "CalamineSheet", shared: list[str]) -> Iterator[tuple[int, list[list[Any]]]]:
        assert sheet.start is not None
        first, left = sheet.start
        # iter_rows begins with all the blank rows above
        rows = iter(sheet.to_python()) if self.large else itertools.islice(sheet.iter_rows(), first, None)
        size = max(1, min(self.limits.rows, _CELLS // (left + sheet.width)))
        while block := list(itertools.islice(rows, size)):
            columns = [list(column) for column in zip(*block, strict=True)]
            if shared:
                columns = [resolve(column, shared, self.name) for column in columns]
            yield (
                first,
                [[None] * len(block) for _ in range(left)]
                + [_plain(column, self.limits) for column in columns],
            )
            first += len(block)

    def _day(self, value: Any) -> Any:
        if value.__class__ not in (float, int) or not 1 <= value < 2_900_000:
            return value
        moment = datetime.combine(self.epoch, time()) + timedelta(days=round(value * 86400) / 86400)
        return moment.date() if value == int(value) else moment


def _reach(columns: list[list[Any]], column: int, height: int) -> list[Any]:
    while len(columns) <= column:
        columns.append([None] * height)
    return columns[column]


class _Places:
    """Places of cells, handed out as the rows come by; sorted if the file was not."""

    def __init__(self, places: Any) -> None:
        self.order: Any = range(len(places))
        self.places = places
        if any(before > after for before, after in itertools.pairwise(places)):
            self.order = sorted(self.order, key=places.__getitem__)
            self.places = sorted(places)
        self.next = 0

    def until(self, row: int) -> Iterator[tuple[int, int, int]]:
        """Row, column and number of the places before a row."""
        end = bisect_left(self.places, place(row, 0), self.next)
        for at in range(self.next, end):
            yield *divmod(self.places[at], place(1, 0)), self.order[at]
        self.next = end


def _plain(values: list[Any], limits: Limits) -> list[Any]:
    """Cells as the house has them: nothing instead of an empty text, times of day and durations as text."""
    types = set(map(type, values))
    if str in types:
        if "" in values:
            values = [None if value == "" else value for value in values]
        texts = filter(None, values) if types <= {str, type(None)} else filter(_is_text, values)
        if max(map(len, texts), default=0) > limits.cell:
            values = [shorten(value, limits) for value in values]
    if time in types or timedelta in types:
        values = [str(value) if value.__class__ in (time, timedelta) else value for value in values]
    return values


def _is_text(value: Any) -> bool:
    return value.__class__ is str


def shorten(value: Any, limits: Limits) -> Any:
    """A text that is longer than a cell can hold, as an error that shows its beginning."""
    if value.__class__ is str and len(value) > limits.cell:
        return CellError(value[:200], "long")
    return value


def farthest(file: BinaryIO, name: str, wanted: str | None, limits: Limits) -> None:
    """Say why a sheet did not fit: its farthest cell lies far from the rest, or it is simply too large.

    Reads every address of the sheet, so only after the reader has failed, or where nothing would stop it.
    Raises Refused ``rosters.file_far_cell`` or ``rosters.file_memory``; returns if the sheet should fit.
    """
    with open_zip(file, name, limits) as opened:
        zipped = Unpacked(opened, name, limits)
        for sheet in sorted(xlsx.list_sheets(zipped), key=lambda sheet: sheet.hidden):
            if wanted not in (None, sheet.name):
                continue
            cells, rows, columns, last_row, last_column = xlsx.extent(zipped, sheet.part)
            if rows * columns * 64 > limits.resident and cells * 8 < rows * columns:
                cell = last_column if columns > 1000 else last_row
                raise Refused("rosters.file_far_cell", name=name, sheet=shown(sheet.name), cell=cell)
            if (rows * columns + cells) * 40 > limits.resident:
                raise Refused("rosters.file_memory", name=name, most=limits.resident // (1024 * 1024))
            if cells:
                return
