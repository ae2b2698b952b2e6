"""Delimited text as it comes from Excel, WPS, other systems and hands."""

import codecs
from pathlib import Path

import pytest

from benefits.rosters.files.cells import CellError, Form
from benefits.rosters.files.limits import Limits
from tests.rosters.files.reader import notes, read, refusal

ROWS = "姓名,证件号码\r\n张三,110112197001050025\r\n㐂龘,H12345678\r\n"
EXPECTED = {1: ("姓名", "证件号码"), 2: ("张三", "110112197001050025"), 3: ("㐂龘", "H12345678")}


def made(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "mark", "label"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", codecs.BOM_UTF8, "UTF-8"),
        ("gb18030", b"", "GB18030"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "UTF-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "UTF-16"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, mark: bytes, label: str) -> None:
    facts, rows = read(made(tmp_path / "a.csv", mark + ROWS.encode(encoding)))
    assert rows == EXPECTED
    assert (facts.form, facts.encoding, facts.sheets, facts.sheet) == (Form.CSV, label, (), "")
    assert notes(facts) == []


def test_characters_that_gb18030_has_moved_are_what_they_mean(tmp_path: Path) -> None:
    """FE59 is 龴 since 2005; Python's codec still gives a private use character for some [S97]."""
    _, rows = read(made(tmp_path / "a.csv", "姓名\n张".encode("gb18030") + b"\xfe\x59\n"))
    assert rows[2] == ("张龴",)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，", "、", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    text = "某区名单\n" + "\n".join(
        delimiter.join(row) for row in (["姓名", "单位", "备注"], ["张三", "一厂", '"甲\n乙"'])
    )
    _, rows = read(made(tmp_path / "a.csv", text))
    assert rows == {1: ("某区名单",), 2: ("姓名", "单位", "备注"), 3: ("张三", "一厂", "甲\n乙")}


def test_the_line_that_says_the_delimiter_is_no_row(tmp_path: Path) -> None:
    _, rows = read(made(tmp_path / "a.csv", "sep=;\r\n姓名;a,b\r\n"))
    assert rows == {1: ("姓名", "a,b")}


def test_rows_of_different_lengths_blank_rows_and_no_last_line_end(tmp_path: Path) -> None:
    text = "\n姓名,a,b,,\n\n , ,\n张三\n李四,,,x,,,"
    _, rows = read(made(tmp_path / "a.csv", text))
    assert rows == {2: ("姓名", "a", "b"), 5: ("张三",), 6: ("李四", None, None, "x")}


@pytest.mark.parametrize("text", ['=cmd|"/c calc"!A1', "+1", "-1+2", "@SUM(A1)", "\tx", "'00123", "1E+17"])
def test_what_a_program_would_take_for_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    _, rows = read(made(tmp_path / "a.csv", f"姓名,备注\n张三,{quoted}\n"))
    assert rows[2] == ("张三", text)
    assert type(rows[2][1]) is str


def test_nul_characters_are_taken_out(tmp_path: Path) -> None:
    facts, rows = read(made(tmp_path / "a.csv", "姓名,备注\n张\0三,\0\0\n"))
    assert rows == {1: ("姓名", "备注"), 2: ("张三",)}
    assert notes(facts) == ["nul"]
    assert facts.notes[0].say.params == {"count": 3}


def test_single_bytes_that_cannot_be_read_mark_their_cells(tmp_path: Path) -> None:
    text = ROWS.encode("gb18030").replace("三".encode("gb18030"), b"\xff\xff")
    facts, rows = read(made(tmp_path / "a.csv", text))
    bad = rows[2][0]
    assert isinstance(bad, CellError) and bad.kind == "unreadable" and bad.startswith("张\ufffd")
    assert {key: row for key, row in rows.items() if key != 2} == {1: EXPECTED[1], 3: EXPECTED[3]}
    assert notes(facts) == ["replaced"]
    assert facts.notes[0].row == 2


def test_errors_of_a_spreadsheet_program_are_errors(tmp_path: Path) -> None:
    _, rows = read(made(tmp_path / "a.csv", "姓名,单位\n张三,#N/A\n李四,#1厂\n"))
    assert isinstance(rows[2][1], CellError)
    assert rows[3] == ("李四", "#1厂") and type(rows[3][1]) is str


def test_an_open_quotation_is_found_where_it_begins(tmp_path: Path) -> None:
    text = '姓名,备注\n张三,"好"\n李四,"不好\n' + "王五,x\n" * 1000
    path = made(tmp_path / "a.csv", text)
    assert refusal(path) == "rosters.file_quote"
    assert refusal(made(path, text), limits=Limits(field=2000)) == "rosters.file_long_text"


def test_cells_of_100_kb(tmp_path: Path) -> None:
    _, rows = read(made(tmp_path / "a.csv", "姓名,备注,c\n" + f"张三,{'字' * 100_000},x\n" * 300))
    assert len(rows) == 301
    bad = rows[301][1]
    assert isinstance(bad, CellError) and (bad.kind, len(bad), rows[301][2]) == ("long", 200, "x")
    assert refusal(made(tmp_path / "a.csv", "姓名," + "x" * 1_000_001)) == "rosters.file_long_text"


def test_a_row_of_commas(tmp_path: Path) -> None:
    _, rows = read(made(tmp_path / "a.csv", "姓名,a\n" + "," * 2_000_000 + "\n张三\n"))
    assert rows == {1: ("姓名", "a"), 3: ("张三",)}
    path = made(tmp_path / "wide.csv", "姓名,a\n" + "x," * 20_000 + "\n")
    assert refusal(path) == "rosters.file_wide"


@pytest.mark.parametrize("content", [b" \r\n\t\r\n", b",,,\n,,,\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_nothing_but_blanks(tmp_path: Path, content: bytes) -> None:
    assert refusal(made(tmp_path / "blank.csv", content)) == "rosters.file_blank"


@pytest.mark.parametrize(
    "content", [bytes(range(1, 256)) * 40, b"\xff\xfe\0\0a\0\0\0", "名".encode("utf-32")]
)
def test_text_that_is_none(tmp_path: Path, content: bytes) -> None:
    code = refusal(made(tmp_path / "odd.csv", content))
    assert code in ("rosters.file_not_a_sheet", "rosters.file_encoding")
