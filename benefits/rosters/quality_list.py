"""The list that goes back to a unit (补正名单): people whose records have faults, the cells to fill in
marked.

The unit fills in the yellow cells and sends the list back, which the importer of member rosters reads.
Numbers on record are shown masked in a column that the importer leaves out. Whose identity number stands in
the list is updated at once; without it the name and the date of birth are evidence for a clerk only.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from benefits.kernel.errors import Refused, say
from benefits.kernel.messages import render, text
from benefits.kernel.placing import beside, placed
from benefits.kernel.unit import ReadUnit
from benefits.members.faults import Fault
from benefits.members.models import Member
from benefits.members.quality_people import FaultyRow, people
from benefits.rosters.annotate_cells import DOUBTFUL, comment
from benefits.rosters.kind import Column
from benefits.rosters.kinds.members import MEMBERS
from benefits.rosters.out import OutColumn, OutForm, Revealed, Stamp, Written, cells_of, columns_of, marked
from benefits.rosters.out_xlsx import about, formats_of, furnish, new_workbook, sheet_title, write_row
from benefits.rosters.template import check_cells, heads

KEYS = (
    *("unit_code", "unit_name", "department", "name", "id_number", "sex", "birth", "phone"),
    *("has_card", "union_card", "retirement_category", "worker_category"),
)
"""Columns of the list, by their keys in the member roster."""
TO_FILL: dict[Fault, tuple[str, ...]] = {
    Fault.PHONE_MISSING: ("phone",),
    Fault.PHONE_INVALID: ("phone",),
    Fault.PHONE_SHARED: ("phone",),
    Fault.CARD_MISSING: ("has_card", "union_card"),
    Fault.ID_MISSING: ("id_number",),
    Fault.ID_INVALID: ("id_number",),
    Fault.BIRTH_MISSING: ("birth",),
    Fault.SEX_MISSING: ("sex",),
    Fault.RETIREMENT_MISSING: ("retirement_category",),
    Fault.CATEGORY_MISSING: ("worker_category",),
}
"""Cells that mend a fault; a second membership and a record that is due are for a clerk."""
_PAGE = 2000


def write_faulty(
    unit: ReadUnit,
    fault: Fault | None,
    path: str,
    out: Path,
    lang: str,
    stamp: Stamp,
    *,
    revealed: Revealed | None = None,
) -> Written:
    """Write the people of a part of the tree who have a fault (None: any) as xlsx, unit after unit.

    Identity numbers are in it only with leave. Raises Refused ``access.not_permitted``, ``kernel.file_…``.
    """
    if not unit.actor.may(MEMBERS.permission):
        raise Refused("access.not_permitted", user=unit.actor.name, action=say("rosters.out.export"))
    asked = [MEMBERS.column(key) for key in KEYS]
    known = {column.key: column for column in columns_of(MEMBERS, lang, unit.today)}
    columns = [known[key] for key in KEYS]
    columns += [
        OutColumn("", text(f"rosters.quality.{key}", lang), width=30) for key in ("faults", "on_record")
    ]
    stamp = marked(stamp, revealed)
    with beside(out) as temporary, new_workbook(temporary) as book:
        formats = formats_of(book, columns)
        yellow = {
            holds: book.add_format({"num_format": form.num_format, "bg_color": DOUBTFUL})
            for holds, form in zip((column.holds for column in columns), formats, strict=True)
        }
        sheet = book.add_worksheet(sheet_title(stamp.title))
        heads(book, sheet, columns, asked)
        furnish(sheet, lang, stamp)
        count = 0
        for count, (person, values) in enumerate(_rows(unit, fault, path, columns, lang, revealed), 1):
            write_row(sheet, count, values, columns, formats)
            for index in _marks(person):
                if values[index] is None:
                    sheet.write_blank(count, index, None, yellow[columns[index].holds])
                comment(sheet, count, index, _words(person, asked[index], lang))
        for index, (column, shown) in enumerate(zip(asked, columns, strict=False)):
            check_cells(sheet, index, max(count, 1), column, shown, lang)
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        about(book, lang, stamp, count)
    made = placed(out)
    return Written(out, OutForm.XLSX, count, 1, made.bytes, made.sha256)


def _rows(
    unit: ReadUnit,
    fault: Fault | None,
    path: str,
    columns: list[OutColumn],
    lang: str,
    revealed: Revealed | None,
) -> Iterator[tuple[FaultyRow, list[Any]]]:
    cells = cells_of(columns, lang, clear=True)
    after = None
    while page := people(unit, fault, path, _PAGE, after):
        after = page[-1].cursor
        numbers: dict[int | None, str | None] = {}
        if revealed is not None:
            ids = [person.id for person in page]
            numbers = dict(
                unit.exec(select(col(Member.id), col(Member.id_number)).where(col(Member.id).in_(ids))).all()
            )
        for person in page:
            wrong = Fault.ID_INVALID in person.faults
            given: dict[str, Any] = {
                "unit_code": person.organisation_code,
                "unit_name": person.organisation,
                "department": person.department,
                "name": person.name,
                "id_number": None if wrong else numbers.get(person.id),
                "sex": person.sex,
                "birth": person.birth,
            }
            values = [given.get(key) for key in KEYS]
            values += [_faults(person, lang), f"{person.id_number}  {person.phone}".strip()]
            yield person, [cell(value) for cell, value in zip(cells, values, strict=True)]


def _faults(person: FaultyRow, lang: str) -> str:
    words = [render(fault.word, lang) for fault in person.faults]
    if person.shared is not None and person.shared.elsewhere:
        words.append(text("rosters.quality.elsewhere", lang, count=person.shared.elsewhere))
    return ("、" if lang == "zh" else "; ").join(words)


def _marks(person: FaultyRow) -> list[int]:
    """The cells that the unit is to fill in."""
    keys = {key for fault in person.faults for key in TO_FILL.get(fault, ())}
    return [index for index, key in enumerate(KEYS) if key in keys]


def _words(person: FaultyRow, column: Column, lang: str) -> str:
    """What is wrong with a cell, and what to write in it."""
    faults = [fault for fault in person.faults if column.key in TO_FILL.get(fault, ())]
    lines = [render(fault.word, lang) for fault in faults]
    return "\n".join([*lines, render(say(f"rosters.explain.{column.key}"), lang)])
