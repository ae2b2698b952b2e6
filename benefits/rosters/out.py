"""Rosters out (花名册导出): any list as xlsx, csv or parquet; numbers masked, text stays text.

Rows are streamed: a million of them need no more memory than a thousand. The file is written beside and put
in place at the end. Identity numbers, phones and cards are masked unless the writer was handed a
``Revealed``, which only the action ``rosters.export_revealed`` gives (DOMAIN 3.4).

A spreadsheet program turns ``=1+1`` of a csv into a formula, 110112199001011234 into 1.10112E+17 and 0012
into 12. So a text that it would change gets an apostrophe in front in csv, Excel's own mark of a text cell;
our reader takes it off again. In xlsx a text is a text by its type and stays as it is.
"""

import csv
import enum
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from benefits.kernel.clock import SHANGHAI
from benefits.kernel.errors import Refused, Say, say
from benefits.kernel.ids import IdCheck
from benefits.kernel.messages import render, text
from benefits.kernel.placing import beside, placed
from benefits.kernel.text import mask_id, mask_phone, plain
from benefits.kernel.unit import ReadUnit
from benefits.rosters.kind import Column, Kind, Misread, Wanted

_CHANGED_BY_PROGRAMS = re.compile(r"[=+\-@\t\r]|[0-9][0-9.,]*(?:[Ee][0-9]+)?$|[0-9]{1,4}[-/年月:][0-9]")
"""Formulas, numbers, days and times, as Excel and WPS see them."""
_HARMLESS = re.compile(r"0|[1-9][0-9]{0,10}")
OutCell = str | int | date | None
"""What a cell of a list holds when it is written: amounts still in fen."""
KEPT_DAYS = 30
"""How long an exported list is kept unless said otherwise."""


class OutForm(enum.Enum):
    """What is written: 电子表格, 文本表格, 数据交换文件."""

    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"


class Holds(enum.Enum):
    """What a column holds: text, days, months, amounts in fen, whole numbers."""

    TEXT = "text"
    DAY = "day"
    MONTH = "month"
    FEN = "fen"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class OutColumn:
    """A column that is written: its heading in words, what it holds, and how it is masked (None: never)."""

    key: str
    head: str
    holds: Holds = Holds.TEXT
    width: int = 12
    mask: Callable[[str], str] | None = None
    words: Mapping[Any, str] = field(default_factory=dict)
    """The word of each coded value."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an exported list says about itself (导出标识): title, who made it when, for what, until when it
    may be kept (DOMAIN 3.4)."""

    title: str
    organisation: str
    who: str
    made: datetime
    purpose: str
    expires: date
    revealed: bool = False


@dataclass(frozen=True, slots=True)
class Revealed:
    """Leave to write numbers in clear (明码导出), as the audit trail has it; given by
    ``rosters.service_out.export_revealed``."""

    reason: str
    purpose: str
    expires: date


@dataclass(frozen=True, slots=True)
class Written:
    """A finished list."""

    path: Path
    form: OutForm
    rows: int
    sheets: int
    bytes: int
    sha256: str


def write_rows(
    path: Path,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[Any]],
    form: OutForm,
    lang: str,
    stamp: Stamp,
    *,
    revealed: Revealed | None = None,
) -> Written:
    """Write a list: values in the order of ``columns``, None is an empty cell. Amounts are integer fen.

    Raises Refused ``kernel.file_…`` where the file cannot be put; the old one is untouched then.
    """
    stamp = marked(stamp, revealed)
    cells = cells_of(columns, lang, clear=revealed is not None)
    values = ([cell(value) for cell, value in zip(cells, row, strict=True)] for row in rows)
    with beside(path) as temporary:
        if form is OutForm.XLSX:
            from benefits.rosters.out_xlsx import write_xlsx

            count, sheets = write_xlsx(temporary, columns, values, lang, stamp)
        elif form is OutForm.CSV:
            count, sheets = _write_csv(temporary, columns, values), 1
        else:
            from benefits.rosters.out_parquet import write_parquet

            count, sheets = write_parquet(temporary, columns, values, stamp), 1
    made = placed(path)
    return Written(path, form, count, sheets, made.bytes, made.sha256)


def export(
    unit: ReadUnit,
    kind: Kind,
    wanted: Wanted,
    path: Path,
    form: OutForm,
    lang: str,
    stamp: Stamp,
    *,
    revealed: Revealed | None = None,
) -> Written:
    """The present state of a kind of roster as a file that the same kind reads back (导出花名册)."""
    if not unit.actor.may(kind.permission):
        raise Refused("access.not_permitted", user=unit.actor.name, action=say("rosters.out.export"))
    columns = columns_of(kind, lang, unit.today)
    keys = [column.key for column in columns]
    rows = ([row.get(key) for key in keys] for row in kind.rows(unit, wanted))
    return write_rows(path, columns, rows, form, lang, stamp, revealed=revealed)


def stamp_of(
    unit: ReadUnit, title: str, organisation: str, purpose: str = "", *, expires: date | None = None
) -> Stamp:
    """The stamp of a list made now by whoever acts; it may be kept until ``expires``, that day included
    (None: 30 days)."""
    until = expires or unit.today + timedelta(days=KEPT_DAYS)
    made = unit.clock.now().astimezone(SHANGHAI)
    return Stamp(title, organisation, unit.actor.name, made, purpose, until)


def marked(stamp: Stamp, revealed: Revealed | None) -> Stamp:
    """The stamp of a list with full numbers says so, and for what; without leave it is as it was."""
    if revealed is None:
        return stamp
    purpose = revealed.purpose or stamp.purpose
    return replace(stamp, purpose=purpose, expires=revealed.expires, revealed=True)


def columns_of(kind: Kind, lang: str, today: date) -> tuple[OutColumn, ...]:
    """The columns of a kind as they are written."""
    return tuple(
        OutColumn(
            column.key,
            heading(column, lang),
            holds(column, today),
            column.width,
            MASKS.get(column.key, mask_tail) if column.private else None,
            _words(column),
        )
        for column in kind.columns
    )


def cells_of(columns: Sequence[OutColumn], lang: str, *, clear: bool) -> list[Callable[[Any], OutCell]]:
    """How the values of each column become cells; ``clear``: without the masks."""
    return [_cell_of(column, lang, clear=clear) for column in columns]


def heading(column: Column, lang: str) -> str:
    """How a column is headed: the first of its own names in Chinese, the catalogue's in English."""
    return column.names[0] if lang == "zh" else render(column.title, lang)


def holds(column: Column, today: date) -> Holds:
    """What a column holds, asked of its reader: what it makes of a number and of a day says it."""
    number, middle = _tried(column, 7, today), _tried(column, date(2000, 3, 15), today)
    if number == 700:
        return Holds.FEN
    if isinstance(number, int) and not isinstance(number, bool):
        return Holds.COUNT
    if isinstance(middle, date):
        return Holds.DAY if middle.day == 15 else Holds.MONTH
    return Holds.TEXT


def mask_tail(number: str) -> str:
    """A number of which the last four stay (京卡, 银行卡).

    >>> mask_tail("6222020000000017"), mask_tail("123")
    ('************0017', '***')
    """
    return "*" * (len(number) - 4) + number[-4:] if len(number) > 4 else "*" * len(number)


MASKS: dict[str, Callable[[str], str]] = {"id_number": mask_id, "phone": mask_phone}
"""Masks by key of the column; other private columns keep their last four."""


def guarded(cell: str) -> str:
    """A text as csv keeps it: with an apostrophe in front where a spreadsheet program would change it.

    >>> [guarded(text) for text in ("=1+1", "0012", "110112199001011234", "13800138000", "3-1")]
    ["'=1+1", "'0012", "'110112199001011234", '13800138000', "'3-1"]
    """
    if cell and _CHANGED_BY_PROGRAMS.match(cell) and not _HARMLESS.fullmatch(cell):
        return "'" + cell
    return cell


def yuan(fen: int) -> str:
    """An amount of fen in yuan with two decimals, for a cell.

    >>> yuan(9500), yuan(-5), yuan(1234567)
    ('95.00', '-0.05', '12345.67')
    """
    return f"{'-' * (fen < 0)}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _tried(column: Column, cell: Any, today: date) -> Any:
    try:
        return column.read(cell, today)
    except Misread:
        return None


def _words(column: Column) -> dict[Any, str]:
    """The word by which each coded value is written: the first that means it."""
    found: dict[Any, str] = {}
    for word, meaning in column.meanings.items():
        found.setdefault(meaning, word)
    return found


def _cell_of(column: OutColumn, lang: str, *, clear: bool) -> Callable[[Any], OutCell]:
    """How a value of a column becomes a cell: text, a day, a whole number, or None for nothing."""
    words, mask = column.words, None if clear else column.mask

    def number(value: Any) -> OutCell:
        assert value is None or isinstance(value, int), f"{column.key} holds numbers, not {type(value)}"
        return value

    def day(value: Any) -> OutCell:
        assert value is None or isinstance(value, date), f"{column.key} holds days, not {type(value)}"
        return value.date() if isinstance(value, datetime) else value

    def text_of(value: Any) -> OutCell:
        if value.__class__ is not str:
            value = _in_words(value, words, lang)
        shown = plain(value)
        return (mask(shown) if mask else shown) or None

    if column.holds in (Holds.FEN, Holds.COUNT):
        return number
    return day if column.holds in (Holds.DAY, Holds.MONTH) else text_of


def _in_words(value: Any, words: Mapping[Any, str], lang: str) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return "、".join(_in_words(each, words, lang) for each in value)
    if value in words:
        return words[value]
    if isinstance(value, bool):
        return text("rosters.out.yes" if value else "rosters.out.no", lang)
    if isinstance(value, Say):
        return render(value, lang)
    if isinstance(value, IdCheck):
        return value.number
    if isinstance(value, enum.Enum):  # a code without a word cannot be read back
        return "" if words else str(value.value)
    return str(value)


def _write_csv(path: Path, columns: Sequence[OutColumn], rows: Iterable[Sequence[OutCell]]) -> int:
    """UTF-8 with a mark at the beginning, without which Excel takes Chinese for another encoding."""
    money = [column.holds is Holds.FEN for column in columns]
    months = [column.holds is Holds.MONTH for column in columns]
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write = csv.writer(file).writerow
        write([guarded(plain(column.head)) for column in columns])
        for row in rows:
            count += 1
            write([_as_text(*each) for each in zip(row, money, months, strict=True)])
    return count


def _as_text(cell: OutCell, money: bool, month: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, date):
        return f"{cell:%Y-%m}" if month else cell.isoformat()
    return yuan(cell) if money else str(cell)
