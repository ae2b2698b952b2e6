"""A district as CSV files (提交在库中的小样例): plain tables that can be read and reviewed, the same
bytes for the same seed.

UTF-8, comma, ``\\n``; dates ISO, coded values as the database has them, an empty cell for nothing, 1 and 0
for yes and no. A membership that is plain (from joining on, where the person is now) is not written: it
follows from the member.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import Enum
from itertools import groupby
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, NamedTuple, get_args, get_type_hints

from benefits.members.models import Standing
from sample_data.district import district
from sample_data.load import Source
from sample_data.rows import (
    Block,
    Case,
    EnrollmentRow,
    MemberRow,
    MembershipRow,
    OrganisationRow,
    PositionRow,
)


def write_district(folder: Path, members: int, seed: int, today: date) -> dict[str, int]:
    """Write a district; how many rows each file has."""
    folder.mkdir(parents=True, exist_ok=True)
    builder = district(members, seed, today)
    blocks = list(builder.blocks())
    counts = {
        "organisations": _write(folder, OrganisationRow, "organisations", builder.tree.organisations),
        "positions": _write(folder, PositionRow, "positions", builder.tree.positions),
        "members": _write(folder, _FiledMember, "members", _filed(blocks)),
        "memberships": _write(folder, MembershipRow, "memberships", _telling(blocks)),
        "enrollments": _write(
            folder, EnrollmentRow, "enrollments", (row for block in blocks for row in block.enrollments)
        ),
    }
    _write(folder, Case, "cases", (case for block in blocks for case in block.cases))
    _write(folder, _About, "district", [_About(members, seed, today)])
    return counts


def read_district(folder: Path) -> Source:
    """A written district, to be loaded."""
    about = next(_read(folder, _About, "district"))
    told: dict[int, list[MembershipRow]] = {}
    for row in _read(folder, MembershipRow, "memberships"):
        told.setdefault(row.member_id, []).append(row)
    terms: dict[int, list[EnrollmentRow]] = {}
    for term in _read(folder, EnrollmentRow, "enrollments"):
        terms.setdefault(term.member_id, []).append(term)
    return Source(
        list(_read(folder, OrganisationRow, "organisations")),
        list(_read(folder, PositionRow, "positions")),
        _blocks(_read(folder, _FiledMember, "members"), told, terms, list(_read(folder, Case, "cases"))),
        about.members,
        about.today,
    )


class _About(NamedTuple):
    members: int
    seed: int
    today: date


# a member row, and before it the unit whose block it stands in
_FiledMember = NamedTuple("_FiledMember", [("unit", int), *get_type_hints(MemberRow).items()])  # type: ignore[misc]


def _filed(blocks: Iterable[Block]) -> Iterator[tuple[Any, ...]]:
    for block in blocks:
        for row in block.members:
            yield (block.organisation_id, *row)


def _plain(row: MemberRow) -> list[MembershipRow]:
    if row.organisation_id is None or row.joined_on is None:
        return []
    return [MembershipRow(row.id, row.organisation_id, row.joined_on, None, Standing.PRIMARY, "")]


def _telling(blocks: Iterable[Block]) -> Iterator[MembershipRow]:
    for block in blocks:
        found: dict[int, list[MembershipRow]] = {}
        for row in block.memberships:
            found.setdefault(row.member_id, []).append(row)
        for member in block.members:
            if found[member.id] != _plain(member):
                yield from found[member.id]


def _blocks(
    members: Iterable[Any],
    told: dict[int, list[MembershipRow]],
    terms: dict[int, list[EnrollmentRow]],
    cases: list[Case],
) -> Iterator[Block]:
    for unit, people in groupby(members, key=lambda row: int(row.unit)):
        block = Block(unit, cases=[case for case in cases if case.organisation_id == unit])
        for filed in people:
            row = MemberRow(*filed[1:])
            block.members.append(row)
            block.memberships += told.get(row.id) or _plain(row)
            block.enrollments += terms.get(row.id, [])
        block.enrollments.sort(key=lambda term: term.id)
        yield block


def _write(folder: Path, kind: type[Any], name: str, rows: Iterable[Any]) -> int:
    count = 0
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(kind._fields)
        for row in rows:
            writer.writerow([_cell(value) for value in row])
            count += 1
    return count


def _cell(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return int(value) if isinstance(value, bool) else value


def _read(folder: Path, kind: type[Any], name: str) -> Iterator[Any]:
    readers = [_reader(hint) for hint in get_type_hints(kind).values()]
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        header = next(lines)
        assert header == list(kind._fields), f"{name}.csv has other columns: {header}"
        for line in lines:
            yield kind(*(read(cell) for read, cell in zip(readers, line, strict=True)))


def _reader(hint: Any) -> Callable[[str], Any]:
    """How a cell of a type is read; an empty one is None where the type allows it."""
    optional = isinstance(hint, UnionType) and NoneType in get_args(hint)
    kind = next(part for part in get_args(hint) if part is not NoneType) if optional else hint
    read: Callable[[str], Any] = kind
    if kind is bool:
        read = "1".__eq__
    elif kind is date:
        read = date.fromisoformat
    return (lambda cell: read(cell) if cell else None) if optional else read
