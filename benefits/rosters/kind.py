"""What a kind of roster is (花名册类别): its columns, how a row is judged, written, taken back and exported.

A kind is a frozen value of functions. ``judge`` only reads and is the same for a check, a preview and an
import, so that nothing is imported that was not shown. Each feature brings its own kind;
``benefits.roster_kinds`` lists them.
"""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from benefits.kernel.errors import Problem, Say, say
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.queries import OrganisationRow
from benefits.rosters.files.cells import Cell


class Outcome(enum.Enum):
    """What becomes of a good row: 新增, 更新, 无变化, 待查重."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    QUEUED = "queued"


class Misread(Exception):
    """A cell that says nothing usable; ``code`` is the key of its sentence."""

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


Reader = Callable[[Cell, date], Any]
"""One cell that is not empty -> its value; the day bounds dates. Raises Misread."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a roster. ``names`` are headings as clerks write them, the first is ours; the English one
    is ``rosters.column.<key>``, what to write in it ``rosters.explain.<key>``."""

    key: str
    names: tuple[str, ...]
    read: Reader
    required: bool = False
    private: bool = False
    """Masked wherever it is shown, unless it is revealed."""
    choices: tuple[str, ...] = ()
    """Words of a drop-down list."""
    meanings: Mapping[str, Any] = field(default_factory=dict)
    """Words and what they mean, for coded columns; the first word of a meaning is what an export writes."""
    width: int = 12
    example: str = ""

    @property
    def title(self) -> Say:
        """The heading in the reader's language."""
        return say(f"rosters.column.{self.key}")

    def written(self, value: Any) -> Any:
        """A value as a cell that this column reads back: words for codes, the rest as it is."""
        if isinstance(value, tuple):
            return "、".join(str(self.written(one)) for one in value) or None
        if value is None or not self.meanings:
            return value
        return next((word for word, meaning in self.meanings.items() if meaning == value), None)


@dataclass(frozen=True, slots=True)
class Option:
    """A setting for a whole file (``--plan``, ``--on``); a column of the same key overrides it in a row.
    ``rosters.option.<name>`` says what it is."""

    name: str
    read: Reader
    required: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One field that a row would change, as the preview shows it: words, numbers masked."""

    key: str
    before: Say | str
    after: Say | str


class Step(NamedTuple):
    """What a good row does; ``values`` belong to the kind. A queued step names the person it may be, and why.
    A tuple, like a trace: a large file has a million."""

    row: int
    outcome: Outcome
    values: Any = None
    entity_id: int | None = None
    changes: tuple[Change, ...] = ()
    evidence: tuple[str, ...] = ()
    organisation_id: int | None = None
    name: str = ""


class Trace(NamedTuple):
    """What a row wrote: an entity, its version afterwards, and JSON values from before (None: it was
    added)."""

    row: int
    entity: str
    entity_id: int
    version: int | None = None
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a cell, or with a whole row (``key`` and ``cell`` empty)."""

    row: int
    column: str
    cell: str
    key: str
    code: str
    say: Say
    name: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands in the file: its heading as written, and its letters."""

    heading: str
    letter: str


@dataclass(slots=True)
class Chunk:
    """Some rows of a file, by columns: ``values[key][index]`` is None for an empty or unreadable cell."""

    rows: list[int]
    values: dict[str, list[Any]]
    places: Mapping[str, Place]
    """The columns that the file has; what it does not have is not touched."""
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)

    @property
    def present(self) -> frozenset[str]:
        """Keys of the columns that the file has."""
        return frozenset(self.places)

    def get(self, key: str) -> list[Any]:
        """The values of a column, all None where the file does not have it."""
        found = self.values.get(key)
        return [None] * len(self.rows) if found is None else found

    def blame(self, index: int, key: str, code: str, /, **params: object) -> None:
        """The row is bad, because of the column ``key`` (empty: of the whole row)."""
        self.bad.add(index)
        self.problems.append(self._told(index, key, code, params))

    def warn(self, index: int, key: str, code: str, /, **params: object) -> None:
        """Somebody should look at the papers; the row is good."""
        self.warnings.append(self._told(index, key, code, params))

    def blame_all(self, index: int, problems: Iterable[Problem]) -> None:
        """The row is bad for reasons that another package found; their fields are keys of columns."""
        for one in problems:
            self.blame(index, one.field or "", one.say.key, **one.say.params)

    def _told(self, index: int, key: str, code: str, params: Mapping[str, object]) -> RowProblem:
        place = self.places.get(key)
        row = self.rows[index]
        name = self.values["name"][index] if "name" in self.values else None
        return RowProblem(
            row,
            place.heading if place else "",
            f"{place.letter}{row}" if place else "",
            key,
            code,
            say(code, **params),
            str(name or ""),
        )


@dataclass(slots=True)
class Job:
    """One pass over one file."""

    unit: ReadUnit
    kind: "Kind"
    today: date
    place: OrganisationRow
    """Top of the part of the tree that the file may be about."""
    organisation: OrganisationRow | None
    """The unit of rows that name none (``--org``)."""
    options: Mapping[str, Any]
    """What was said for the whole file, read."""
    memory: dict[str, Any] = field(default_factory=dict)
    """The kind's own, for the whole file."""
    batch: str = ""
    """Number of the batch that writes; empty before it does."""

    def option(self, chunk: Chunk, index: int, name: str) -> Any:
        """The value of a column in this row, else what was said for the whole file."""
        values = chunk.values.get(name)
        found = values[index] if values is not None else None
        return self.options.get(name) if found is None else found


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows go out: those of a part of the tree, on a day, for the options of the kind."""

    path: str
    day: date
    options: Mapping[str, Any] = field(default_factory=dict)


Judge = Callable[[Job, Chunk], list[Step | None]]
Write = Callable[[WriteUnit, Job, Sequence[Step]], Iterable[Trace]]
Finish = Callable[[WriteUnit, Job], None]
Undo = Callable[[WriteUnit, Sequence[Trace]], list[Problem]]
Rows = Callable[[ReadUnit, Wanted], Iterator[Mapping[str, Any]]]
Settle = Callable[[WriteUnit, int, Mapping[str, Any], int | None], tuple[int, list[Trace]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of roster. ``judge``: a step a row in order, None where the row is bad (``chunk.blame`` said
    why). ``write`` is given steps that add or change. ``undo`` takes traces back, newest first, and returns
    what stands in the way. ``rows``: the present state, numbers in clear (the writer masks them);
    ``prefill``: rows of a template, last term's list. ``settle``: write a queued row (its number, its values)
    over the member it is, or as somebody new; the member, and the traces."""

    name: str
    permission: str
    columns: tuple[Column, ...]
    judge: Judge
    write: Write
    undo: Undo
    rows: Rows
    options: tuple[Option, ...] = ()
    prefill: Rows | None = None
    settle: Settle | None = None
    finish: Finish | None = None
    """Write what ``write`` put off to the end of the file."""

    @property
    def title(self) -> Say:
        """What the kind is called."""
        return say(f"rosters.kind.{self.name}")

    def column(self, key: str) -> Column:
        """The column of a key."""
        return next(column for column in self.columns if column.key == key)

    def names(self) -> dict[str, tuple[str, ...]]:
        """Headings by key, for finding the head."""
        return {column.key: column.names for column in self.columns}

    def required(self) -> tuple[str, ...]:
        """Columns without which a file cannot be read."""
        return tuple(column.key for column in self.columns if column.required)
