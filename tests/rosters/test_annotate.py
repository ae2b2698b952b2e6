"""Annotated files: what was wrong is marked and said, and the mended file is read again."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from benefits.database import open_database
from benefits.kernel.actions import Actor, action
from benefits.kernel.clock import FixedClock
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database, WriteUnit
from benefits.organisations.models import Level, Organisation
from benefits.rosters import annotate as module
from benefits.rosters import annotate_book
from benefits.rosters.annotate import Annotated, Way, annotate
from benefits.rosters.check import Report, check
from benefits.rosters.kind import Chunk, Job, Outcome, Step
from benefits.rosters.kinds.members import MEMBERS

HEADS = ("序号", "姓名", "身份证号", "手机", "出生日期", "备注")
GOOD = (1, "王敏", "11010519491231002X", "14000000001", date(1949, 12, 31), "")
SHORT = (2, "李娜", "1101051949123100", "14000000002", None, "")
TWICE = (3, "赵静", 110105194912310020, "01069550000", None, "留着")
BAD_PHONE = (4, "周兰", None, "1400000000", date(1990, 1, 1), "")


def _judge(_job: Job, chunk: Chunk) -> list[Step | None]:
    return [None if at in chunk.bad else Step(row, Outcome.ADDED) for at, row in enumerate(chunk.rows)]


KIND = replace(MEMBERS, judge=_judge)


@action("rosters.found_one", permission="member.edit")
def _found(unit: WriteUnit) -> None:
    place = Organisation(
        code="D", name="区总工会", level=Level.DISTRICT, path="/1/", founded=date(2010, 1, 1)
    )
    unit.session.add(place)


@pytest.fixture
def house(sqlite_url: str, root: Actor) -> Iterator[Database]:
    """Files are annotated the same whatever the database is."""
    database = open_database(sqlite_url, clock=FixedClock(date(2026, 11, 20)))
    database.act(root, _found)
    yield database
    database.close()


@pytest.fixture
def report_of(house: Database, root: Actor) -> Callable[[Path], Report]:
    def made(path: Path) -> Report:
        with house.read(root) as unit:
            return check(unit, path, KIND)

    return made


def _xlsx(path: Path, *rows: tuple[Any, ...], start: int = 1) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "花名册"
    for number, row in enumerate((HEADS, *rows), start):
        for index, value in enumerate(row, 1):
            sheet.cell(number, index).value = value
    book.save(path)
    return book


def _look(path: Path) -> tuple[Any, Any]:
    book = openpyxl.load_workbook(path)
    return book, book["花名册"]


def _notes(sheet: Any) -> dict[str, str]:
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}


def test_bad_cells_are_marked_and_explained(report_of: Callable[[Path], Report], tmp_path: Path) -> None:
    path, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    _xlsx(path, GOOD, SHORT, TWICE, BAD_PHONE)
    report = report_of(path)
    made = annotate(path, report, out)
    assert made == Annotated(out, 3, Way.COPY) and report.bad == 3
    book, sheet = _look(out)
    notes = _notes(sheet)
    assert set(notes) == {"C3", "C4", "D4", "D5"} and all(notes.values())
    assert {name for name in notes if sheet[name].fill.fgColor.rgb == "FFFFC7CE"} == set(notes)
    assert [cell.value for cell in sheet[1]] == [*HEADS, "问题"]
    said = [sheet.cell(row, 7).value for row in range(2, 6)]
    assert said[0] is None and said[1] == f"身份证号：{notes['C3']}"
    assert said[2] == f"身份证号：{notes['C4']}\n手机：{notes['D4']}"
    assert "110105194912310" not in str(notes) + str(said)  # numbers are masked
    assert [row.hidden for row in (sheet.row_dimensions[n] for n in (2, 3, 4, 5))] == [True] + [False] * 3
    assert sheet.auto_filter.ref == "A1:G5" and sheet.freeze_panes == "A2"
    results = [[cell.value for cell in row] for row in book["核对结果"].iter_rows()]
    assert ["有问题的行", "3"] in [row[:2] for row in results] and results[0][0] == "核对结果"
    table = results[results.index(["行号", "单元格", "列", "问题代码", "问题"]) + 1 :]
    assert [(row[0], row[1]) for row in table] == [("3", "C3"), ("4", "C4"), ("4", "D4"), ("5", "D5")]
    assert [row[3] for row in table] == [problem.code for problem in report.problems]


def test_the_rest_of_the_file_stays(report_of: Callable[[Path], Report], tmp_path: Path) -> None:
    path, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book = _xlsx(path, GOOD, SHORT, start=21)
    sheet = book["花名册"]
    sheet["A1"].value, sheet["A1"].font = "填表说明", Font(bold=True, color="FF0000FF")
    sheet.merge_cells("A1:F1")
    sheet["F22"].value, sheet["F22"].fill = "=1+1", PatternFill("solid", fgColor="FF00FF00")
    sheet["C23"].comment = Comment("请找本人核对", "单位经办")
    sheet["H40"].value = "右边的话"
    sheet.column_dimensions["B"].width = 33
    rule = DataValidation(type="list", formula1='"男,女"')
    rule.add("F2:F99")
    sheet.add_data_validation(rule)
    book.create_sheet("说明")["A1"].value = "别的表"
    book.save(path)
    annotate(path, report_of(path), out)
    book, sheet = _look(out)
    assert book.sheetnames == ["花名册", "说明", "核对结果"] and book["说明"]["A1"].value == "别的表"
    assert sheet["A1"].font.color.rgb == "FF0000FF" and sheet.merged_cells.ranges
    assert sheet["F22"].fill.fgColor.rgb == "FF00FF00" and sheet.column_dimensions["B"].width == 33
    assert sheet.data_validations.dataValidation[0].formula1 == '"男,女"'
    assert sheet["C23"].comment.text.endswith("———\n请找本人核对")
    assert sheet["I21"].value == "问题" and sheet["H40"].value == "右边的话"
    assert sheet["C23"].data_type == "s" and sheet["C22"].value == GOOD[2]


def test_a_mended_file_is_good_and_a_second_annotation_takes_the_first_away(
    report_of: Callable[[Path], Report], tmp_path: Path
) -> None:
    path, first, second = (tmp_path / f"{name}.xlsx" for name in "abc")
    _xlsx(path, GOOD, SHORT, TWICE, BAD_PHONE)
    annotate(path, report_of(path), first, "en")
    again = report_of(first)
    assert [(one.row, one.key, one.code) for one in again.problems] == [
        (one.row, one.key, one.code) for one in report_of(path).problems
    ]
    book, sheet = _look(first)
    sheet["C3"].value = GOOD[2]
    sheet["D4"].value = "14000000003"
    book.save(first)
    annotate(first, report_of(first), second)
    book, sheet = _look(second)
    assert set(_notes(sheet)) == {"C4", "D5"} and sheet["C3"].fill.fill_type is None
    assert [cell.value for cell in sheet[1]] == [*HEADS, "问题"]
    assert sheet["G3"].value is None and sheet["G4"].value and not sheet["G4"].value.count("\n")
    assert [sheet.row_dimensions[n].hidden for n in (2, 3, 4, 5)] == [True, True, False, False]
    assert book.sheetnames == ["花名册", "核对结果"]
    sheet["C4"].value, sheet["D5"].value = None, "14000000004"
    book.save(second)
    done = report_of(second)
    assert (done.rows, done.bad) == (4, 0)


def test_formulas_come_back_as_the_values_that_were_read(
    report_of: Callable[[Path], Report], tmp_path: Path
) -> None:
    import xlsxwriter

    path, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("花名册")
        sheet.write_row(0, 0, HEADS)
        sheet.write_formula(1, 1, '="王"&"敏"', None, "王敏")
        sheet.write_row(1, 2, ["11010519491231002X", "14000000001"])
        sheet.write_row(2, 1, ["李娜", "1101051949123100"])
    before = report_of(path)
    annotate(path, before, out)
    after = report_of(out)
    assert (before.rows, before.bad) == (after.rows, after.bad) == (2, 1)
    assert _look(out)[1]["B2"].value == "王敏"


def test_a_table_of_the_program_keeps_its_filter(report_of: Callable[[Path], Report], tmp_path: Path) -> None:
    path, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book = _xlsx(path, GOOD, SHORT)
    book["花名册"].add_table(Table(displayName="t", ref="A1:F3"))
    book.save(path)
    annotate(path, report_of(path), out)
    sheet = _look(out)[1]
    assert sheet.auto_filter.ref is None and list(sheet.tables) == ["t"] and sheet["G3"].value


def test_a_csv_comes_back_as_xlsx_and_as_csv(report_of: Callable[[Path], Report], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [("名单",), HEADS, GOOD, ("2", "=李娜", "0012", "01069550000", "", "=1+1")]
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    report = report_of(path)
    assert annotate(path, report, tmp_path / "b.xlsx").way is Way.CELLS
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["名单"]
    assert [cell.value for cell in sheet[4]][:6] == ["2", "=李娜", "0012", "01069550000", None, "=1+1"]
    assert {cell.data_type for cell in sheet[4] if cell.value} == {"s"}
    assert set(_notes(sheet)) == {"C4", "D4"} and "身份证号：" in sheet["G4"].value
    made = annotate(path, report, tmp_path / "b.csv")
    assert (made.way, made.marked) == (Way.CSV, 1)
    with (tmp_path / "b.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    assert found[0] == ["名单"] and found[1] == [*HEADS, "问题"]
    assert found[3][:6] == ["2", "'=李娜", "'0012", "'01069550000", "", "'=1+1"] and "；" in found[3][6]
    for name in ("b.xlsx", "b.csv"):
        again = report_of(tmp_path / name)
        assert [(one.row, one.code) for one in again.problems] == [
            (one.row, one.code) for one in report.problems
        ]


def test_an_annotated_csv_is_annotated_anew(report_of: Callable[[Path], Report], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADS, SHORT, GOOD])
    for source, out in (("a.csv", "b.csv"), ("b.csv", "c.csv"), ("c.csv", "d.xlsx")):
        annotate(tmp_path / source, report_of(tmp_path / source), tmp_path / out)
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "c.csv").read_bytes()
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == [*HEADS, "问题"]


def test_of_a_large_file_the_bad_rows_come_back(
    report_of: Callable[[Path], Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CELLS", 20)
    path, out, last = (tmp_path / f"{name}.xlsx" for name in "abc")
    _xlsx(path, GOOD, SHORT, GOOD, TWICE, start=5)
    made = annotate(path, report_of(path), out)
    assert (made.way, made.marked) == (Way.BAD_ROWS, 2)
    sheet = _look(out)[1]
    assert [cell.value for cell in sheet[1]] == [*HEADS, "原行号", "问题"]
    assert [sheet.cell(row, 7).value for row in (2, 3)] == [7, 9]
    assert f"{sheet['C3'].value:.3g}" == "1.1e+17" and set(_notes(sheet)) == {"C2", "C3", "D3"}
    again = report_of(out)
    assert (again.rows, again.bad) == (2, 2)
    annotate(out, again, last)
    assert [cell.value for cell in _look(last)[1][1]] == [*HEADS, "原行号", "问题"]


def test_what_does_not_fit_into_its_limits_is_written_anew(
    report_of: Callable[[Path], Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    _xlsx(path, GOOD, SHORT)
    monkeypatch.setattr(annotate_book, "MEMORY", 8 * 1024 * 1024)
    made = annotate(path, report_of(path), out)
    sheet = _look(out)[1]
    assert made.way is Way.CELLS and [cell.value for cell in sheet[1]] == [*HEADS, "问题"]
    assert sheet["E2"].value == datetime(1949, 12, 31) and sheet["E2"].number_format == "yyyy-mm-dd"
    assert set(_notes(sheet)) == {"C3"}


def test_another_file_or_the_file_itself_is_refused(
    report_of: Callable[[Path], Report], tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    _xlsx(path, SHORT)
    report, before = report_of(path), path.read_bytes()
    with pytest.raises(Refused) as refused:
        annotate(path, report, path)
    assert refused.value.code == "rosters.annotate.same_file" and path.read_bytes() == before
    _xlsx(path, GOOD)
    with pytest.raises(Refused) as refused:
        annotate(path, report, tmp_path / "b.xlsx")
    assert refused.value.code == "rosters.annotate.changed" and not (tmp_path / "b.xlsx").exists()
