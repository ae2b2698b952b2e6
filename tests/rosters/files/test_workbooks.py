"""Workbooks of clerks: ordinary ones, and ugly ones that are still read."""

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from benefits.rosters.files.cells import CellError, Form
from tests.rosters.files import corpus
from tests.rosters.files.reader import notes, read, refusal


def test_values_keep_their_kinds(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "名单.xlsx") as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, ["姓名 ", " 00123", 42, 1.5, 110112197001050000, True])
        sheet.write_datetime(0, 6, datetime(2026, 1, 5), day)
        sheet.write_datetime(0, 7, datetime(2026, 1, 5, 13, 30), moment)
        sheet.write_blank(0, 9, None, day)
    facts, rows = read(tmp_path / "名单.xlsx")
    assert rows == {
        1: (
            "姓名 ",
            " 00123",
            42,
            1.5,
            1.1011219700105e17,
            True,
            date(2026, 1, 5),
            datetime(2026, 1, 5, 13, 30),
        )
    }
    assert [type(cell) for cell in rows[1]] == [str, str, int, float, float, bool, date, datetime]
    assert (facts.form, facts.encoding, facts.sheets, facts.sheet) == (Form.XLSX, None, ("名单",), "名单")
    assert facts.size == (tmp_path / "名单.xlsx").stat().st_size
    assert len(facts.digest) == 64
    assert notes(facts) == []


def test_rows_and_columns_are_those_that_the_program_shows(tmp_path: Path) -> None:
    """The old Beijing template's data begins at row 21 (DOMAIN 2.2); calamine counts from the first cell."""
    rows = corpus.xml_row(21, ["张三", 1], left=2) + corpus.xml_row(23, ["李四"], left=3)
    _, read_rows = read(corpus.xlsx(tmp_path / "a.xlsx", {"名单": rows}))
    assert read_rows == {21: (None, None, "张三", 1), 23: (None, None, None, "李四")}


def test_days_since_1904(tmp_path: Path) -> None:
    row = corpus.xml_row(1, ['<c r="@" s="1"><v>44565</v></c>', '<c r="@" s="2"><v>44565</v></c>'])
    _, rows = read(corpus.xlsx(tmp_path / "a.xlsx", {"名单": row}, from_1904=True))
    assert rows == {1: (date(2026, 1, 5), date(2026, 1, 5))}
    _, rows = read(corpus.xls(tmp_path / "b.xls", {(0, 0): "入会日期", (1, 0): (44565, 1)}, from_1904=True))
    assert rows[2] == (date(2026, 1, 5),)


@pytest.mark.parametrize("style", [1, 2, 3])
def test_chinese_days_that_are_built_in_are_days(tmp_path: Path, style: int) -> None:
    """Formats 31 and 57 stand in no file; a reader that does not know them hands out 46027."""
    row = corpus.xml_row(1, ["入会", f'<c r="@" s="{style}"><v>46027</v></c>', '<c r="@"><v>46027</v></c>'])
    _, rows = read(corpus.xlsx(tmp_path / "a.xlsx", {"名单": row}))
    assert rows == {1: ("入会", date(2026, 1, 5), 46027)}


def test_formulas_and_errors(tmp_path: Path) -> None:
    cells = [
        "张三",
        '<c r="@" t="str"><f>A1&amp;"x"</f><v>张三x</v></c>',
        '<c r="@"><f>1+1</f><v>2</v></c>',
        '<c r="@" t="e"><f>NA()</f><v>#N/A</v></c>',
        '<c r="@" t="e"><v>#REF!</v></c>',
        '<c r="@"><f>VLOOKUP(A1,B:B,1)</f></c>',
        '<c r="@"><f>SUM(A1)</f><v></v></c>',
        '<c r="@" t="str"><f>""</f><v></v></c>',
    ]
    facts, rows = read(corpus.xlsx(tmp_path / "a.xlsx", {"名单": corpus.xml_row(3, cells)}))
    assert rows == {3: ("张三", "张三x", 2, "#N/A", "#REF!", "=VLOOKUP(A1,B:B,1)", "=SUM(A1)")}
    kinds = [cell.kind if isinstance(cell, CellError) else None for cell in rows[3]]
    assert kinds == [None, None, None, "value", "value", "formula", "formula"]
    assert notes(facts) == ["formulas", "uncomputed"]
    assert facts.notes[1].say.params == {"count": 2, "cell": "F3"}


def test_what_is_hidden_or_merged_is_read_and_told(tmp_path: Path) -> None:
    rows = corpus.xml_row(1, ["姓名", "证件", None]) + corpus.xml_row(2, [None, "类型", "号码"])
    rows += corpus.xml_row(3, ["张三"]).replace("<row ", '<row hidden="1" ')
    rows += corpus.xml_row(4, ["李四"]) + '<row r="5" hidden="1"/>'
    path = corpus.xlsx(
        tmp_path / "a.xlsx",
        {"名单": rows, "说明": corpus.xml_row(1, ["请看"]) * 1, "空": "", "旧": corpus.xml_row(9, ["x"])},
        columns='<cols><col min="2" max="3" width="9" hidden="1"/><col min="4" max="4" width="9"/></cols>',
        after='<mergeCells count="2"><mergeCell ref="B1:C1"/><mergeCell ref="A1:A2"/></mergeCells>',
        hidden=["旧"],
    )
    facts, read_rows = read(path)
    assert read_rows == {1: ("姓名", "证件"), 2: (None, "类型", "号码"), 3: ("张三",), 4: ("李四",)}
    assert facts.sheets == ("名单", "说明", "空", "旧")
    assert notes(facts) == ["other_sheets", "hidden_rows", "hidden_columns", "merged"]
    said = {note.code: note.say.params for note in facts.notes}
    assert said["rosters.file_other_sheets"]["others"] == "「说明」1、「旧」1"
    assert said["rosters.file_hidden_rows"] == {"count": 1, "row": 3}
    assert said["rosters.file_hidden_columns"] == {"count": 2, "columns": "B、C"}
    assert said["rosters.file_merged"] == {"count": 2, "cells": "B1:C1"}


def test_the_first_visible_sheet_with_rows_is_read_or_the_one_asked_for(tmp_path: Path) -> None:
    sheets = {
        "旧": corpus.xml_row(1, ["旧"]),
        "空": '<row r="1"><c r="A1" s="1"/></row>',
        "名单": corpus.xml_row(1, ["新"]),
    }
    path = corpus.xlsx(tmp_path / "a.xlsx", sheets, hidden=["旧"])
    facts, rows = read(path)
    assert (facts.sheet, rows) == ("名单", {1: ("新",)})
    facts, rows = read(path, sheet="旧")
    assert (facts.sheet, rows) == ("旧", {1: ("旧",)})
    assert "hidden_sheet" in notes(facts)
    assert refusal(path, sheet="没有") == "rosters.sheet_unknown"
    assert refusal(path, sheet="空") == "rosters.file_blank"


def test_no_rows(tmp_path: Path) -> None:
    _, rows = read(corpus.plain_xlsx(tmp_path / "head.xlsx", [["姓名", "证件号码"]]))
    assert rows == {1: ("姓名", "证件号码")}
    assert refusal(corpus.xlsx(tmp_path / "none.xlsx", {"名单": ""})) == "rosters.file_blank"
    assert refusal(corpus.ods(tmp_path / "none.ods", '<table:table table:name="a"/>')) == "rosters.file_blank"


def test_other_writers_of_xlsx(tmp_path: Path) -> None:
    """Some put a prefix before every name, some leave out the addresses."""
    rows = '<row><c t="inlineStr"><is><t>姓名</t></is></c><c t="e"><v>#N/A</v></c><c><v>3</v></c></row>'
    _, read_rows = read(corpus.xlsx(tmp_path / "bare.xlsx", {"名单": rows + rows}))
    assert read_rows == {1: ("姓名", "#N/A", 3), 2: ("姓名", "#N/A", 3)}
    prefixed = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row r="2" hidden="true"><x:c r="A2" t="inlineStr"><x:is><x:t>张三</x:t></x:is></x:c>'
        '<x:c r="B2" t="e"><x:f>NA()</x:f><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    path = corpus.xlsx(tmp_path / "prefix.xlsx", {"名单": ""}, more={"xl/worksheets/sheet1.xml": prefixed})
    facts, read_rows = read(path)
    assert read_rows == {2: ("张三", "#N/A")}
    assert notes(facts) == ["hidden_rows", "formulas"]


def test_old_excel(tmp_path: Path) -> None:
    cells = {
        (0, 1): "姓名",
        (0, 2): "入会日期",
        (2, 1): "张三",
        (2, 2): (46027, 1),
        (3, 1): b"\x2a",
        (3, 2): 1.5,
        (3, 3): 7,
        (4, 2): (46027, 2),
        (4, 3): (46027, 0),
    }
    facts, rows = read(corpus.xls(tmp_path / "a.xls", cells))
    assert rows == {
        1: (None, "姓名", "入会日期"),
        3: (None, "张三", date(2026, 1, 5)),
        4: (None, "#N/A", 1.5, 7),
        5: (None, None, date(2026, 1, 5), 46027),
    }
    assert isinstance(rows[4][1], CellError)
    assert (facts.form, facts.sheet) == (Form.XLS, "名单")
    assert notes(facts) == ["hidden_rows"]


def test_open_document(tmp_path: Path) -> None:
    cell = corpus.ods_cell
    wide = ' table:number-columns-spanned="2"'
    tables = (
        '<table:table table:name="名单"><table:table-column table:number-columns-repeated="4"/>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f"<table:table-row><table:table-cell/>{cell('姓名', wide)}"
        f"<table:covered-table-cell/>{cell('日')}</table:table-row>"
        '<table:table-row table:visibility="filter" table:number-rows-repeated="2">'
        f'<table:table-cell/>{cell("张三")}<table:table-cell office:value-type="float" office:value="2"/>'
        '<table:table-cell office:value-type="date" office:date-value="2026-01-05"/></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/><table:table-cell '
        'table:formula="of:=NA()" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        f'<table:table table:name="二"><table:table-row>{cell("x")}</table:table-row></table:table>'
    )
    facts, rows = read(corpus.ods(tmp_path / "a.ods", tables))
    assert rows == {
        3: (None, "姓名", None, "日"),
        4: (None, "张三", 2, date(2026, 1, 5)),
        5: (None, "张三", 2, date(2026, 1, 5)),
        6: (None, None, "#N/A"),
    }
    assert isinstance(rows[6][2], CellError)
    assert (facts.form, facts.sheets) == (Form.ODS, ("名单", "二"))
    assert notes(facts) == ["other_sheets", "hidden_rows", "merged", "formulas"]
    assert facts.notes[1].say.params == {"count": 2, "row": 4}


def test_a_cell_that_is_too_long_is_told_not_kept(tmp_path: Path) -> None:
    rows = [["姓名", "x" * 32_767, "y" * 100_000]]
    _, read_rows = read(corpus.plain_xlsx(tmp_path / "a.xlsx", rows))
    assert read_rows[1][:2] == ("姓名", "x" * 32_767)
    last = read_rows[1][2]
    assert isinstance(last, CellError) and (last.kind, len(last)) == ("long", 200)
