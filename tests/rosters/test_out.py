"""Lists that go out: text stays text, numbers are masked, memory stays flat, nobody finds half a file."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.kernel.text import mask_id, mask_phone
from benefits.members.record import tidy
from benefits.rosters import out_xlsx
from benefits.rosters.files.reading import open_sheet
from benefits.rosters.out import (
    Holds,
    OutColumn,
    OutForm,
    Revealed,
    Stamp,
    Written,
    guarded,
    mask_tail,
    write_rows,
    yuan,
)
from benefits.rosters.values import words

COLUMNS = (
    OutColumn("name", "姓名"),
    OutColumn("id_number", "证件号码", mask=mask_id, width=20),
    OutColumn("phone", "手机号", mask=mask_phone),
    OutColumn("card", "京卡卡号", mask=mask_tail),
    OutColumn("sex", "性别", words={Sex.MALE: "男", Sex.FEMALE: "女"}),
    OutColumn("birth", "出生日期", Holds.DAY),
    OutColumn("retires", "退休年月", Holds.MONTH),
    OutColumn("fee", "会费", Holds.FEN),
    OutColumn("shares", "份数", Holds.COUNT),
    OutColumn("department", "部门"),
)
STAMP = Stamp(
    "会员名单",
    "通州区总工会",
    "李娜",
    datetime(2026, 11, 20, 4, 0, tzinfo=UTC),
    "年度核对 A&B",
    date(2026, 12, 20),
)
LEAVE = Revealed("报送办事处", "参保申报", date(2026, 12, 1))
HOSTILE: tuple[str, ...] = ("=1+1", "+86", "-", "@SUM(A1)", "0012", "1E5", "3-1", "\tx", "'quoted", "_x0041_")
HOSTILE += ("a\x00b", "<b>&")


def _row(**given: Any) -> list[Any]:
    values: dict[str, Any] = {
        "name": "买买提·吐尔逊",
        "id_number": "110112199001011234",
        "phone": "14000000017",
        "card": "0012345678901234",
        "sex": Sex.FEMALE,
        "birth": date(1990, 1, 1),
        "retires": date(2045, 3, 1),
        "fee": 9505,
        "shares": 2,
        "department": "",
    }
    values |= given
    return [values[column.key] for column in COLUMNS]


def _write(path: Path, rows: list[list[Any]], form: OutForm, **more: Any) -> Written:
    return write_rows(path, COLUMNS, rows, form, "zh", STAMP, **more)


def test_cells_of_xlsx_are_what_they_mean(tmp_path: Path) -> None:
    made = _write(tmp_path / "a.xlsx", [_row()], OutForm.XLSX, revealed=LEAVE)
    sheet = openpyxl.load_workbook(made.path)["会员名单"]
    head, cells = sheet[1], sheet[2]
    assert [cell.value for cell in head] == [column.head for column in COLUMNS]
    values: list[Any] = ["买买提·吐尔逊", "110112199001011234", "14000000017", "0012345678901234", "女"]
    values += [datetime(1990, 1, 1), datetime(2045, 3, 1), 95.05, 2, None]
    assert [cell.value for cell in cells] == values
    assert [cell.data_type for cell in cells] == ["s"] * 5 + ["d", "d", "n", "n", "n"]
    assert [cell.number_format for cell in cells[:9]] == [
        *["@"] * 5,
        "yyyy-mm-dd",
        "yyyy-mm",
        "#,##0.00",
        "0",
    ]
    assert (made.rows, made.sheets, made.bytes) == (1, 1, made.path.stat().st_size)


def test_the_sheet_is_ready_to_read_and_to_print(tmp_path: Path) -> None:
    made = _write(tmp_path / "a.xlsx", [_row(), _row()], OutForm.XLSX)
    book = openpyxl.load_workbook(made.path)
    sheet = book["会员名单"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:J3", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["E"].width
    foot = sheet.oddFooter.left.text
    assert all(word in foot for word in ("李娜", "2026-11-20", "年度核对 A&&B", "2026-12-20"))
    assert "号码已脱敏" in sheet.oddHeader.center.text
    about = {row[0].value: row[1].value for row in book["导出说明"].iter_rows()}
    assert about["保存至"] == "2026-12-20" and about["用途"] == "年度核对 A&B" and about["行数"] == "2"
    assert book.properties.creator == "李娜" and "2026-12-20" in book.properties.description


@pytest.mark.parametrize("form", OutForm)
def test_numbers_are_masked_in_every_form(tmp_path: Path, form: OutForm) -> None:
    made = _write(tmp_path / f"a.{form.value}", [_row()], form)
    content = made.path.read_bytes()
    if form is OutForm.XLSX:
        with zipfile.ZipFile(made.path) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    elif form is OutForm.PARQUET:
        content = repr(pl.read_parquet(made.path).rows()).encode()
    assert b"110112********1234" in content and b"140****0017" in content and b"************1234" in content
    assert not any(secret in content for secret in (b"19900101", b"14000000017", b"001234567890"))


def test_leave_to_reveal_is_written_into_the_file(tmp_path: Path) -> None:
    made = _write(tmp_path / "a.xlsx", [_row()], OutForm.XLSX, revealed=LEAVE)
    book = openpyxl.load_workbook(made.path)
    about = {row[0].value: row[1].value for row in book["导出说明"].iter_rows()}
    assert about["用途"] == "参保申报" and about["保存至"] == "2026-12-01"
    assert "完整证件号码" in about["号码"] and "完整证件号码" in book["会员名单"].oddHeader.center.text


def test_hostile_text_stays_text_in_xlsx(tmp_path: Path) -> None:
    made = _write(tmp_path / "a.xlsx", [_row(department=text) for text in HOSTILE], OutForm.XLSX)
    wanted = [{"\tx": " x", "a\x00b": "ab"}.get(text, text) for text in HOSTILE]
    sheet = openpyxl.load_workbook(made.path)["会员名单"]
    assert [row[9].data_type for row in sheet.iter_rows(min_row=2)] == ["s"] * len(HOSTILE)
    read = CalamineWorkbook.from_path(made.path).get_sheet_by_name("会员名单").to_python()
    assert [row[9] for row in read[1:]] == wanted
    with zipfile.ZipFile(made.path) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_csv_opens_as_text_in_a_spreadsheet_program(tmp_path: Path) -> None:
    rows = [_row(department=text) for text in HOSTILE]
    made = _write(tmp_path / "a.csv", rows, OutForm.CSV, revealed=LEAVE)
    raw = made.path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\r\n") == len(HOSTILE) + 1
    lines = raw.decode("utf-8-sig").splitlines()
    first = "买买提·吐尔逊,'110112199001011234,14000000017,'0012345678901234,女,1990-01-01,2045-03,95.05,2,"
    assert lines[1] == first + "'=1+1"
    ends = [line.rpartition(",")[2] for line in lines[1:]]
    marked = ["'=1+1", "'+86", "'-", "'@SUM(A1)", "'0012", "'1E5", "'3-1"]
    assert ends == [*marked, " x", "'quoted", "_x0041_", "ab", "<b>&"]


@pytest.mark.parametrize(
    "text", ["3月5日", "2026.1", "12:30", "1,000", "=", "000123", "2026-01", "123456789012"]
)
def test_what_a_program_would_change_is_marked(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "0", "14000000017", "110112********1234", "T01", "三车间", "'x", "110112105-0089"]
)
def test_what_stays_as_it_is_is_not(text: str) -> None:
    assert guarded(text) == text


def test_parquet_is_typed(tmp_path: Path) -> None:
    made = _write(tmp_path / "a.parquet", [_row(), _row(birth=None, fee=None)], OutForm.PARQUET)
    frame = pl.read_parquet(made.path)
    assert frame.schema["fee"] == pl.Int64 and frame.schema["birth"] == pl.Date
    assert frame.schema["name"] == pl.String and frame.schema["retires"] == pl.Date
    assert frame["fee"].to_list() == [9505, None] and frame["sex"].to_list() == ["女", "女"]
    said = pl.read_parquet_metadata(made.path)
    assert (said["expires"], said["made_by"], said["revealed"]) == ("2026-12-20", "李娜", "no")


@pytest.mark.parametrize("fen", [0, 1, 10, 29, 57, -1, 99_999_999_999_99, 115, 8_070_450_532_247_93])
def test_amounts_have_no_dust(tmp_path: Path, fen: int) -> None:
    made = _write(tmp_path / "a.xlsx", [_row(fee=fen)], OutForm.XLSX)
    with zipfile.ZipFile(made.path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    stored = sheet.partition('<c r="H2"')[2].partition("<v>")[2].partition("</v>")[0]
    assert yuan(fen) == f"{stored}{'' if '.' in stored else '.'}".ljust(len(yuan(fen)), "0")


def test_more_rows_than_a_sheet_holds_go_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out_xlsx, "SHEET_ROWS", 3)
    made = _write(tmp_path / "a.xlsx", [_row(name=f"第{n}人") for n in range(7)], OutForm.XLSX)
    book = openpyxl.load_workbook(made.path)
    assert book.sheetnames == ["会员名单", "会员名单 2", "会员名单 3", "导出说明"]
    names = [[row[0].value for row in book[name].iter_rows()] for name in book.sheetnames[:3]]
    assert names == [
        ["姓名", "第0人", "第1人", "第2人"],
        ["姓名", "第3人", "第4人", "第5人"],
        ["姓名", "第6人"],
    ]
    assert (made.rows, made.sheets, book["会员名单 2"].auto_filter.ref) == (7, 3, "A1:J4")


def _breaking() -> Iterator[list[Any]]:
    yield _row()
    raise Refused("members.unknown", member=1)


@pytest.mark.parametrize("form", OutForm)
def test_a_list_that_breaks_off_leaves_the_old_file(tmp_path: Path, form: OutForm) -> None:
    path = tmp_path / "a.out"
    path.write_text("old")
    with pytest.raises(Refused, match="no member"):
        write_rows(path, COLUMNS, _breaking(), form, "zh", STAMP)
    assert [file.name for file in tmp_path.iterdir()] == ["a.out"] and path.read_text() == "old"


@pytest.mark.parametrize("form", OutForm)
def test_no_rows_are_a_head(tmp_path: Path, form: OutForm) -> None:
    made = _write(tmp_path / "a.out", [], form)
    assert made.rows == 0 and made.bytes > 0


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        _write(tmp_path / "missing" / "a.csv", [], OutForm.CSV)
    assert refused.value.code == "kernel.file_no_folder"
    with pytest.raises(Refused) as refused:
        _write(tmp_path, [], OutForm.CSV)
    assert refused.value.code == "kernel.file_is_folder"


@pytest.mark.parametrize("form", OutForm)
def test_many_rows_of_every_form_arrive(tmp_path: Path, form: OutForm) -> None:
    rows = 45_000 if form is not OutForm.XLSX else 3_000
    columns = [OutColumn("n", "序号", Holds.COUNT), OutColumn("name", "姓名")]
    made = write_rows(
        tmp_path / f"a.{form.value}",
        columns,
        ((n, f"第{n}人") for n in range(rows)),
        form,
        "en",
        STAMP,
    )
    if form is OutForm.PARQUET:
        found = pl.read_parquet(made.path)["n"].to_list()
    elif form is OutForm.CSV:
        found = [int(line.split(",")[0]) for line in made.path.read_text("utf-8-sig").splitlines()[1:]]
    else:
        read = CalamineWorkbook.from_path(made.path).get_sheet_by_index(0).to_python()
        found = [int(str(row[0]).removesuffix(".0")) for row in read[1:]]
    assert found == list(range(rows)) and made.rows == rows


STORED = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
    .map(lambda text: tidy(text) or "")
    .filter(lambda text: text and text[0] not in "'\u2018\u2019`#")
)


@pytest.mark.parametrize("form", [OutForm.XLSX, OutForm.CSV])
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(STORED | st.sampled_from(HOSTILE[:7]), min_size=20, max_size=200))
def test_every_text_comes_back_as_it_was(tmp_path: Path, form: OutForm, texts: list[str]) -> None:
    columns = [OutColumn("name", "姓名"), OutColumn("department", "部门")]
    path = tmp_path / f"t.{form.value}"
    write_rows(path, columns, [("王敏", text) for text in texts], form, "zh", STAMP)
    with open_sheet(path) as opened:
        rows = [row for block in opened for row in block][1:]
    assert [words(row.cells[1]) for row in rows] == texts
