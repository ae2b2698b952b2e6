"""Hostile files, and what is no spreadsheet: one clear sentence each, soon, and within a gigabyte."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benefits.kernel.errors import Refused, Say
from benefits.kernel.messages import render
from benefits.rosters.files.cells import Row
from benefits.rosters.files.limits import Limits
from benefits.rosters.files.reading import open_sheet
from tests.rosters.files import corpus
from tests.rosters.files.corpus import text_cell, xml_row
from tests.rosters.files.reader import notes, read, refusal, watched

MEGABYTE = 1024 * 1024
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "image"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "image"),
        (b"Rar!\x1a\x07\x01\0", "rar"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "seven_zip"),
        (b"MZ\x90\0\x03\0\0\0", "program"),
        (b"SQLite format 3\0", "database"),
        (b"<html><table><tr><td>\xd0\xd5\xc3\xfb</td></tr></table></html>", "html"),
        (b"\xef\xbb\xbf  <TABLE border=1>", "html"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "html"),
        (b'<?xml version="1.0"?><Workbook/>', "xml"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "old_excel"),
    ],
)
def test_what_is_no_spreadsheet_is_called_what_it_is(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "名单.xls"
    path.write_bytes(content)
    with pytest.raises(Refused, match="not a spreadsheet") as caught:
        read(path)
    assert caught.value.say.params["what"] == Say(f"rosters.form.{what}")


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>"}, "word"),
        ({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<d/>"}, "slides"),
        ({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "x"}, "xlsb"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<d/>"}, "word"),
        ({"名单.xlsx": "x"}, "zip"),
        ({}, "zip"),
    ],
)
def test_zipped_files_that_are_no_spreadsheets(tmp_path: Path, parts: dict[str, str], what: str) -> None:
    with pytest.raises(Refused) as caught:
        read(corpus.zipped(tmp_path / "名单.xlsx", parts))
    assert caught.value.say.params["what"] == Say(f"rosters.form.{what}")


def test_other_compound_files(tmp_path: Path) -> None:
    for stream, what in (("WordDocument", "word"), ("PowerPoint Document", "slides"), ("Other", "office")):
        with pytest.raises(Refused) as caught:
            read(corpus.compound(tmp_path / "名单.xls", {stream: b"x"}))
        assert caught.value.say.params["what"] == Say(f"rosters.form.{what}")


def test_passwords(tmp_path: Path) -> None:
    locked = corpus.compound(tmp_path / "a.xlsx", {"EncryptionInfo": b"x", "EncryptedPackage": b"y" * 9000})
    assert refusal(locked) == "rosters.file_encrypted"
    assert refusal(corpus.xls(tmp_path / "b.xls", {(0, 0): "x"}, locked=True)) == "rosters.file_encrypted"
    table = (
        f'<table:table table:name="a"><table:table-row>{corpus.ods_cell("x")}</table:table-row></table:table>'
    )
    assert refusal(corpus.ods(tmp_path / "c.ods", table, encrypted=True)) == "rosters.file_encrypted"


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    for name in ("a.csv", "b.xls", "c.pdf"):
        facts, rows = read(corpus.plain_xlsx(tmp_path / name, [["姓名"], ["张三"]]))
        assert (facts.form.value, notes(facts)) == ("xlsx", ["extension"])
        assert rows == {1: ("姓名",), 2: ("张三",)}
    (tmp_path / "d.xlsx").write_text("姓名,x\n", encoding="gb18030")
    facts, rows = read(tmp_path / "d.xlsx")
    assert (facts.form.value, notes(facts), rows) == ("csv", ["extension"], {1: ("姓名", "x")})
    assert "文本（CSV）" in render(facts.notes[0].say)


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "empty.xlsx").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert refusal(tmp_path / "empty.xlsx") == "rosters.file_empty"
    assert refusal(tmp_path / "none.xlsx") == "rosters.file_missing"
    assert refusal(tmp_path / "pipe.xlsx") == "rosters.file_irregular"
    assert refusal(tmp_path) == "rosters.file_irregular"
    assert refusal(Path("/proc/self/mem")) == "rosters.file_empty"
    path = corpus.plain_xlsx(tmp_path / "a.xlsx", [["姓名"]])
    assert refusal(path, limits=Limits(size=100)) == "rosters.file_too_big"


def test_a_zip_bomb(tmp_path: Path) -> None:
    """60 MB of blanks in 60 kB."""
    path = corpus.xlsx(tmp_path / "bomb.xlsx", {"名单": xml_row(1, ["姓名"]) + " " * 60 * MEGABYTE}, level=9)
    assert path.stat().st_size < 300_000
    assert refusal(path) == "rosters.file_swollen"
    strings = {"xl/sharedStrings.xml": "<sst>" + "<si/>" * 12 * MEGABYTE}
    full = corpus.xlsx(tmp_path / "text.xlsx", {"名单": ""}, more=strings, level=9)
    assert refusal(full) == "rosters.file_swollen"
    many = corpus.zipped(tmp_path / "many.xlsx", {f"xl/{n}.xml": "" for n in range(6000)})
    assert refusal(many) == "rosters.file_members"


def test_a_zip_bomb_that_is_spread_thin(tmp_path: Path) -> None:
    rows = xml_row(1, ["姓名"]) + "".join(f"<row r='{n}'/>" for n in range(2, 200_000))
    path = corpus.xlsx(tmp_path / "thin.xlsx", {str(n): rows for n in range(4)})
    assert refusal(path, limits=Limits(inflated=10 * MEGABYTE)) == "rosters.file_swollen"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_table_of_contents_that_lies(tmp_path: Path, part: str) -> None:
    """2 GB in a part that is said to have a few hundred bytes, with the checksum of those."""
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    told = f'<worksheet xmlns="{name}"><sheetData>{xml_row(1, ["姓名"])}'.encode()
    with zipfile.ZipFile(corpus.plain_xlsx(tmp_path / "whole.xlsx", [["姓名"]])) as whole:
        parts = {other: whole.read(other) for other in whole.namelist() if other != part}
    stream, length = corpus.swollen(told.ljust(MEGABYTE, b" "), 2048)
    assert length == 2048 * MEGABYTE
    path = corpus.lying_zip(corpus.zipped(tmp_path / "liar.xlsx", parts), part, stream, told)
    assert refusal(path) in ("rosters.file_memory", "rosters.file_damaged", "rosters.file_swollen")


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        (xml_row(1, ["姓名"]) + f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>', "XFD1048576"),
        ("".join(xml_row(n, ["姓名"]) for n in range(1, 9000)) + xml_row(9000, [1], left=16383), "XFD9000"),
    ],
)
def test_a_cell_far_away(tmp_path: Path, rows: str, cell: str) -> None:
    path = corpus.xlsx(tmp_path / "far.xlsx", {"名单": rows})
    with pytest.raises(Refused) as caught:
        read(path)
    assert caught.value.code == "rosters.file_far_cell"
    assert (caught.value.say.params["cell"], caught.value.say.params["sheet"]) == (cell, "名单")


def test_a_cell_not_quite_so_far_away_is_read(tmp_path: Path) -> None:
    """The last row of the sheet, in the columns of the list: clerks press Ctrl and the down key."""
    rows = xml_row(1, ["姓名", "单位"]) + xml_row(1_048_576, [None, " x"])
    _, read_rows = read(corpus.xlsx(tmp_path / "far.xlsx", {"名单": rows}))
    assert read_rows == {1: ("姓名", "单位"), 1_048_576: (None, " x")}
    wide = xml_row(2, ["姓名"]) + xml_row(3, ["x"], left=16383)
    _, read_rows = read(corpus.xlsx(tmp_path / "wide.xlsx", {"名单": wide}))
    assert (read_rows[2], len(read_rows[3]), read_rows[3][-1]) == (("姓名",), 16384, "x")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_definitions_that_grow_are_not_even_read(tmp_path: Path, part: str) -> None:
    """The billion laughs."""
    path = corpus.xlsx(tmp_path / "laughs.xlsx", {"名单": xml_row(1, ["姓名"])})
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts[part] = LAUGHS.encode() + parts[part]
    assert refusal(corpus.zipped(path, parts)) == "rosters.file_strange"


@pytest.mark.parametrize(
    "text", ["<row hidden=", "<row hidden='1'>", "<row r='1'><c t='e'><f>", "<c><v", "<f><"]
)
@pytest.mark.parametrize("end", ["", "</c></row>"])
def test_what_is_never_closed_is_not_looked_at_again_and_again(tmp_path: Path, text: str, end: str) -> None:
    rows = xml_row(1, ["姓名"]) + '<row r="2">' + text * (2 * MEGABYTE // len(text)) + end
    path = corpus.xlsx(tmp_path / "open.xlsx", {"名单": rows})
    with watched(15):
        try:
            read(path)
        except Refused as refused:
            assert refused.code == "rosters.file_damaged"


def test_open_documents_that_repeat_themselves(tmp_path: Path) -> None:
    cell = corpus.ods_cell("x", ' table:number-columns-repeated="16384"')
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    path = corpus.ods(tmp_path / "deep.ods", f'<table:table table:name="a">{row}</table:table>')
    assert refusal(path) == "rosters.file_memory"
    rows = f"<table:table-row>{cell}</table:table-row>" * 5000
    path = corpus.ods(tmp_path / "many.ods", f'<table:table table:name="a">{rows}</table:table>')
    assert refusal(path) == "rosters.file_memory"
    path = corpus.ods(tmp_path / "laughs.ods", "", before=LAUGHS)
    assert refusal(path) == "rosters.file_strange"


def test_a_million_equal_rows_of_an_open_document(tmp_path: Path) -> None:
    row = f'<table:table-row table:number-rows-repeated="1048576">{corpus.ods_cell("x")}</table:table-row>'
    path = corpus.ods(tmp_path / "long.ods", f'<table:table table:name="a">{row}</table:table>')
    with open_sheet(path) as opened:
        assert sum(len(block.columns[0]) for block in opened.blocks()) == 1_048_576


def test_time_runs_out(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("姓名,单位,备注\n" + "张三,一厂,x\n" * 1_000_000, encoding="utf-8")
    assert refusal(path, limits=Limits(patience=0.01)) == "rosters.file_slow"
    rows = "".join(map('<row r="{0}"><c r="A{0}"><f>1</f></c></row>'.format, range(1, 400_000)))
    path = corpus.xlsx(tmp_path / "slow.xlsx", {"名单": rows})
    assert refusal(path, limits=Limits(cpu=1)) == "rosters.file_slow"


def test_memory_runs_out(tmp_path: Path) -> None:
    rows = "".join(xml_row(n, [f"姓名{n}", f"单位{n}", n, n, n]) for n in range(1, 60_000))
    path = corpus.xlsx(tmp_path / "large.xlsx", {"名单": rows})
    assert refusal(path, limits=Limits(memory=48 * MEGABYTE)) == "rosters.file_memory"


def test_a_child_that_dies_is_one_sentence_and_leaving_early_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("姓名,单位\n" + "张三,一厂\n" * 200_000, encoding="utf-8")
    with pytest.raises(Refused) as caught, open_sheet(path) as opened:
        for _ in opened:
            os.kill(_child(opened), 11)
    assert caught.value.code in ("rosters.file_memory", "rosters.file_failed")
    with open_sheet(path) as opened:
        child = _child(opened)
        next(iter(opened))
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def _child(opened: object) -> int:
    reader = opened._reader  # type: ignore[attr-defined]
    assert isinstance(reader.child, subprocess.Popen)
    return reader.child.pid


def test_one_row_more_than_a_million_as_text_and_as_workbook(tmp_path: Path) -> None:
    """1,048,576 rows: the whole height of a sheet."""
    text = tmp_path / "high.csv"
    text.write_text("姓名,单位\n" + "张三,一厂\n" * 1_048_575, encoding="utf-8")
    with open_sheet(text) as opened:
        assert sum(len(block.columns[0]) for block in opened.blocks()) == 1_048_576
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>张三</t></is></c><c r="B{0}"><v>{0}</v></c></row>'
    path = corpus.xlsx(tmp_path / "high.xlsx", {"名单": "".join(map(row.format, range(1, 1_048_577)))})
    with open_sheet(path) as opened:
        for block in opened.blocks():
            last = block
    assert last.rows()[-1] == Row(1_048_576, ("张三", 1_048_576))


def test_a_sheet_in_pieces_is_the_same_sheet(tmp_path: Path) -> None:
    """What does not fit is read in pieces; here everything is, and nothing must change by it."""
    rows = [
        ["姓名 ", f" <&{n}>", n, '<c r="@" s="2"><v>46027</v></c>', None, '<c r="@" t="e"><v>#N/A</v></c>'][
            : n % 7
        ]
        + ['<c r="@" t="s"><v>1</v></c>', '<c s="0" r="@" t="s" ph="1"><v>0</v></c>', '<c r="@"><f>1</f></c>']
        for n in range(1, 14_000)
    ]
    body = "".join(xml_row(n + n // 500, row, left=2) for n, row in enumerate(rows, 3))
    texts = (
        "<sst><si><r><t>张</t></r><r><t>三&#x4E09;</t></r><rPh><t>zhang</t></rPh></si>"
        '<si><t xml:space="preserve"> a&amp;b</t></si></sst>'
    )
    path = corpus.xlsx(tmp_path / "large.xlsx", {"名单": body}, more={"xl/sharedStrings.xml": texts})
    with open_sheet(path) as whole, open_sheet(path, limits=Limits(whole=0)) as pieces:
        assert whole.facts == pieces.facts
        ours = [row for block in pieces for row in block]
        assert ours == [row for block in whole for row in block]
    assert len(ours) == len(rows)
    assert {row.cells[-3:] for row in ours} == {(" a&b", "张三三", "=1")}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    form=st.sampled_from(["xlsx", "xls", "ods"]),
    wounds=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=12),
    kept=st.floats(0.05, 1),
)
def test_any_wound_ends_in_rows_or_in_one_sentence(
    tmp_path: Path, form: str, wounds: list[tuple[float, int]], kept: float
) -> None:
    path = tmp_path / f"wounded.{form}"
    if form == "xlsx":
        corpus.plain_xlsx(path, [["姓名", "单位"], ["张三", 7]])
    elif form == "xls":
        corpus.xls(path, {(0, 0): "姓名", (1, 0): "张三", (2, 0): 7, (3, 0): b"\x2a"})
    else:
        row = f"<table:table-row>{corpus.ods_cell('姓名')}</table:table-row>"
        corpus.ods(path, f'<table:table table:name="a">{row}</table:table>')
    data = bytearray(path.read_bytes())
    for place, value in wounds:
        data[int(place * len(data))] = value
    path.write_bytes(data[: max(1, int(kept * len(data)))])
    try:
        read(path)
    except Refused as refused:
        assert render(refused.say) and refused.code != "rosters.file_failed"
