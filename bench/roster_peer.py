"""The peer of an import: openpyxl, a model for each row, and the register's own verbs, one after the other.

As it is usually written: the workbook is read row by row, a pydantic model takes and checks the cells, the
person is looked up by the number, then added, or edited where a cell differs. Nothing is made slow on
purpose: all of it is one transaction, and units are looked up once.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError, field_validator
from sqlmodel import col, select

from benefits.access.queries import INSTALLER
from benefits.kernel.clock import FixedClock
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex, check_id
from benefits.kernel.text import check_name
from benefits.kernel.unit import Database, WriteUnit
from benefits.members.identity import identity_digest
from benefits.members.models import IdentifierKind, Member, MemberIdentity
from benefits.members.record import MemberInput
from benefits.members.service import add, edit
from benefits.members.service_identifiers import set_identifier
from benefits.organisations.models import Organisation
from benefits.rosters.service import import_roster
from sample_data.generate import TODAY


class Row(BaseModel):
    """One row of the file."""

    unit: str
    name: str
    number: str
    sex: Sex
    phone: str
    department: str
    joined: date
    card: str

    @field_validator("name")
    @classmethod
    def _name(cls, given: str) -> str:
        found = check_name(given)
        if found.problems:
            raise ValueError(found.problems[0].code)
        return found.name

    @field_validator("number")
    @classmethod
    def _number(cls, given: str) -> str:
        found = check_id(given, TODAY)
        if not found.ok:
            raise ValueError(found.problems[0].code)
        return found.number


def _rows(path: Path, most: int) -> Iterator[dict[str, Any]]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    sexes = {"男": Sex.MALE, "女": Sex.FEMALE}
    for cells in book.worksheets[0].iter_rows(min_row=2, max_row=most + 1, values_only=True):
        values: dict[str, Any] = dict(zip(Row.model_fields, cells, strict=True))
        joined = values["joined"]
        values["joined"] = joined.date() if isinstance(joined, datetime) else joined
        values["sex"] = sexes.get(str(values["sex"]))
        yield values
    book.close()


def bring(database: Database, path: Path, most: int) -> dict[str, int]:
    """Bring in the first rows of a file; how many were what."""
    assert isinstance(database.clock, FixedClock)
    counts: Counter[str] = Counter()
    with database.write(INSTALLER) as unit, unit.acting(import_roster.__action__):  # type: ignore[attr-defined]
        units = dict(unit.exec(select(Organisation.code, Organisation.id)).all())
        for values in _rows(path, most):
            try:
                row = Row(**values)
            except ValidationError:
                counts["bad"] += 1
                continue
            with unit.quietly():
                counts[_bring(unit, row, units[row.unit] or 0)] += 1
        unit.record("peer", **counts)
        unit.commit()
    return dict(counts)


def _bring(unit: WriteUnit, row: Row, place: int) -> str:
    member = unit.exec(
        select(Member)
        .join(MemberIdentity, col(MemberIdentity.member_id) == col(Member.id))
        .where(col(MemberIdentity.digest) == identity_digest(row.number))
    ).first()
    if member is None:
        given = MemberInput(
            organisation_id=place,
            name=row.name,
            id_number=row.number,
            sex=row.sex,
            joined_on=row.joined,
            phone=row.phone,
            department=row.department,
        )
        made = add(unit, given)
        card = IdentifierKind.UNION_CARD
        set_identifier(unit, member_id=made, kind=card, number=row.card, starts=row.joined)
        return "added"
    assert member.id is not None
    changes = {
        key: value
        for key, value in (("phone", row.phone), ("department", row.department))
        if getattr(member, key) != value
    }
    if not changes:
        return "same"
    try:
        edit(unit, member_id=member.id, version=member.version, changes=changes)
    except Refused:
        return "bad"
    return "changed"
