"""Templates: our own importer reads them back, and a spreadsheet program helps to fill them in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.ids import IdKind, Sex, resident_check_digit
from benefits.kernel.messages import LANGUAGES, text
from benefits.kernel.unit import Database, ReadUnit
from benefits.rosters.files.facts import OWN_SHEETS
from benefits.rosters.files.reading import open_sheet
from benefits.rosters.heads import Peekable, find_head
from benefits.rosters.kind import Kind, Wanted
from benefits.rosters.kinds.members import MEMBERS
from benefits.rosters.out import OutForm, Revealed, Stamp, columns_of, export, stamp_of
from benefits.rosters.template import SPARE_ROWS, template

LEAVE = Revealed("报送办事处", "参保申报", date(2026, 12, 1))
NUMBER = "11010119900101002" + resident_check_digit("11010119900101002")
PEOPLE: tuple[dict[str, Any], ...] = (
    {
        "unit_code": "0012",
        "name": "王敏",
        "id_kind": IdKind.RESIDENT,
        "id_number": NUMBER,
        "phone": "14000000017",
        "sex": Sex.FEMALE,
        "birth": date(1990, 1, 1),
        "worker_category": ("courier", "food_rider"),
        "has_card": True,
    },
    {"name": "=李娜"},
)


def _rows(_unit: ReadUnit, _wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    yield from PEOPLE


KIND: Kind = replace(MEMBERS, rows=_rows, prefill=_rows)
WANTED = Wanted("/", date(2026, 11, 20))


def _made(database: Database, root: Actor, path: Path, **more: Any) -> openpyxl.Workbook:
    with database.read(root) as unit:
        template(unit, KIND, path, **more)
    return openpyxl.load_workbook(path)


def _read(path: Path, kind: Kind = KIND) -> tuple[dict[str, str | None], list[dict[str, Any]]]:
    """Headings with the keys that they mean, and the rows below, read by the kind's own columns."""
    with open_sheet(path) as opened:
        rows = Peekable(iter(opened))
        head = find_head(rows, kind.names(), kind.required(), {})
        keys = {cell.index: cell.key for cell in head.columns if cell.key}
        found = [
            {
                keys[index]: kind.column(str(keys[index])).read(cell, date(2026, 11, 20))
                for index, cell in enumerate(row.cells)
                if cell is not None and index in keys
            }
            for block in rows.after(head.row)
            for row in block
        ]
    assert head.row == 1 and not head.missing and not head.doubled
    return {cell.text: cell.key for cell in head.columns}, [
        {str(key): value for key, value in row.items()} for row in found
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_template_is_read_back_without_a_row(
    database: Database, root: Actor, tmp_path: Path, lang: str
) -> None:
    path = tmp_path / "t.xlsx"
    book = _made(database, root, path, lang=lang)
    if lang == "zh":
        heads, rows = _read(path)
        assert list(heads.values()) == [column.key for column in KIND.columns] and rows == []
        assert "姓名 *" in heads and book.sheetnames[1] == "填写说明"
    assert all(sheet.sheet_state == "visible" and not sheet.protection.sheet for sheet in book)
    assert book.worksheets[0].max_row == 1  # an example would be imported
    guide = book.worksheets[1]
    explained = [row[2].value for row in guide.iter_rows(min_row=2, max_row=1 + len(KIND.columns))]
    assert all(explained) and "11010019900307002X" in {row[4].value for row in guide.iter_rows(min_row=2)}


def test_a_spreadsheet_program_helps_to_fill_it_in(database: Database, root: Actor, tmp_path: Path) -> None:
    sheet = _made(database, root, tmp_path / "t.xlsx").worksheets[0]
    keys = [column.key for column in KIND.columns]
    rules = {
        keys[next(iter(rule.sqref.ranges)).min_col - 1]: rule
        for rule in sheet.data_validations.dataValidation
    }
    assert list(rules) == keys and all(rule.prompt and rule.promptTitle for rule in rules.values())
    assert rules["sex"].type == "list" and rules["sex"].formula1 == '"男,女"'
    assert rules["sex"].errorStyle in (None, "stop") and rules["worker_category"].errorStyle == "information"
    assert (rules["id_number"].type, rules["id_number"].formula1) == ("textLength", "18")
    assert rules["id_number"].errorStyle == "warning"  # a passport is shorter
    assert rules["birth"].type == "date" and rules["name"].type in (None, "none")
    assert str(rules["sex"].sqref).endswith(f":{'I'}{SPARE_ROWS + 1}") and sheet.freeze_panes == "A2"
    form = {
        key: sheet.column_dimensions[openpyxl.utils.get_column_letter(at)] for at, key in enumerate(keys, 1)
    }
    assert form["id_number"].number_format == "@" and form["phone"].number_format == "@"
    assert form["birth"].number_format == "yyyy-mm-dd"


def test_many_words_stand_on_the_second_sheet(database: Database, root: Actor, tmp_path: Path) -> None:
    words = tuple(f"一个相当长的选项第{n:03d}号" for n in range(40))
    columns = tuple(replace(c, choices=words) if c.key == "platform" else c for c in KIND.columns)
    with database.read(root) as unit:
        template(unit, replace(KIND, columns=columns), tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    (rule,) = [
        each for each in book.worksheets[0].data_validations.dataValidation if "!" in str(each.formula1)
    ]
    assert rule.formula1 == "'填写说明'!$G$2:$G$41"
    assert [book["填写说明"][f"G{row}"].value for row in range(2, 42)] == list(words)


def test_a_filled_template_says_no_number(database: Database, root: Actor, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    _made(database, root, path, filled=WANTED)
    heads, rows = _read(path)
    assert heads["尾号（仅供核对）"] is None
    one = {key: value for key, value in rows[0].items() if value is not None}
    assert one == {
        "unit_code": "0012",
        "name": "王敏",
        "id_kind": IdKind.RESIDENT,
        "sex": Sex.FEMALE,
        "birth": date(1990, 1, 1),
        "worker_category": ("courier", "food_rider"),
        "has_card": True,
    }
    tails = openpyxl.load_workbook(path).worksheets[0].cell(2, len(KIND.columns) + 1).value
    assert tails == f"证件号码 *{NUMBER[-4:]}  手机号 *0017"
    assert rows[1] == {"name": "=李娜"}


def test_with_leave_the_numbers_are_in_it(database: Database, root: Actor, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    sheet = _made(database, root, path, filled=WANTED, revealed=LEAVE).worksheets[0]
    keys = [column.key for column in KIND.columns]
    cells = {key: sheet.cell(2, at) for at, key in enumerate(keys, 1)}
    assert (cells["id_number"].value, cells["id_number"].data_type) == (NUMBER, "s")
    assert cells["phone"].value == "14000000017" and sheet.cell(1, len(keys) + 1).value is None
    assert "参保申报" in sheet.oddFooter.left.text


def test_a_kind_without_an_earlier_list_says_so(database: Database, root: Actor, tmp_path: Path) -> None:
    with database.read(root) as unit, pytest.raises(Refused) as refused:
        template(unit, replace(KIND, prefill=None), tmp_path / "t.xlsx", filled=WANTED)
    assert refused.value.code == "rosters.template.no_list" and not list(tmp_path.glob("*.xlsx"))


def test_only_who_may_import_a_kind_gets_its_list(database: Database, tmp_path: Path) -> None:
    nobody = Actor("x", "某人", frozenset(), "/")
    with database.read(nobody) as unit:
        for verb in (
            lambda: template(unit, KIND, tmp_path / "t.xlsx", filled=WANTED),
            lambda: export(unit, KIND, WANTED, tmp_path / "e.xlsx", OutForm.XLSX, "zh", _stamp(unit)),
        ):
            with pytest.raises(Refused) as refused:
                verb()
            assert refused.value.code == "access.not_permitted"


def _stamp(unit: ReadUnit) -> Stamp:
    return stamp_of(unit, "会员花名册", "通州区总工会", "核对")


@pytest.mark.parametrize("form", [OutForm.XLSX, OutForm.CSV])
def test_what_is_exported_in_clear_is_read_back(
    database: Database, root: Actor, tmp_path: Path, form: OutForm
) -> None:
    path = tmp_path / f"e.{form.value}"
    with database.read(root) as unit:
        made = export(unit, KIND, WANTED, path, form, "zh", _stamp(unit), revealed=LEAVE)
    heads, rows = _read(path)
    assert made.rows == 2 and list(heads.values()) == [column.key for column in KIND.columns]
    found = rows[0].pop("id_number")
    assert found.number == PEOPLE[0]["id_number"]
    wanted = {key: value for key, value in PEOPLE[0].items() if key != "id_number"}
    assert {key: value for key, value in rows[0].items() if value is not None} == wanted
    assert {key: value for key, value in rows[1].items() if value is not None} == {"name": "=李娜"}


def test_columns_know_what_they_hold() -> None:
    found = {column.key: column.holds.value for column in columns_of(MEMBERS, "zh", date(2026, 11, 20))}
    days = {key for key, what in found.items() if what == "day"}
    assert days == {"birth", "joined_on"} and set(found.values()) == {"text", "day"}


def test_the_sheets_that_we_add_are_not_taken_for_forgotten_lists(
    database: Database, root: Actor, tmp_path: Path
) -> None:
    keys = ("rosters.out.about", "rosters.template.guide", "rosters.annotate.summary")
    assert {text(key, lang) for key in keys for lang in LANGUAGES} == OWN_SHEETS
    with database.read(root) as unit:
        template(unit, KIND, tmp_path / "t.xlsx")
        export(unit, KIND, WANTED, tmp_path / "e.xlsx", OutForm.XLSX, "en", _stamp(unit))
    for name in ("t.xlsx", "e.xlsx"):
        with open_sheet(tmp_path / name) as opened:
            assert opened.facts.notes == () and len(opened.facts.sheets) == 2
