"""The child and the pipe: what may pass, and what happens where the system sets no limits."""

import datetime
import io
import pickle
import struct
from pathlib import Path

import pytest

from benefits.kernel.errors import Refused, say
from benefits.rosters.files import child, wire
from benefits.rosters.files.cells import Block, CellError
from benefits.rosters.files.limits import USUAL
from tests.rosters.files import corpus
from tests.rosters.files.corpus import text_cell, xml_row


def test_cells_come_through_the_pipe_as_they_were() -> None:
    day, moment = datetime.date(2026, 1, 5), datetime.datetime(2026, 1, 5, 13, 30, 0, 5)
    columns: list[list[object]] = [
        ["甲", None, "\ud800", "x" * 1000],
        [day, day, day, day],
        [1.0, 1.5, 1e15, float("inf")],
        [moment, day, CellError("#N/A"), CellError("=A1", "formula")],
        [True, False, 0, -3.0],
    ]
    frame = wire.pack("block", (7, [wire.pack_column(list(column)) for column in columns]))
    assert wire.frame_length(frame[: wire.HEAD]) == len(frame) - wire.HEAD
    kind, content = wire.unpack(frame[wire.HEAD :])
    block = wire.unpack_block(content)
    assert (kind, block) == ("block", Block(7, tuple(columns)))  # type: ignore[arg-type]
    assert [type(cell) for cell in block.columns[2]] == [int, float, float, float]
    assert [type(cell) for cell in block.columns[3]] == [
        datetime.datetime,
        datetime.date,
        CellError,
        CellError,
    ]
    assert block.columns[3][3].kind == "formula"  # type: ignore[union-attr]
    assert [type(cell) for cell in block.columns[4]] == [bool, bool, int, int]


@pytest.mark.parametrize("content", [Path("x"), datetime.date(2026, 1, 5), print, CellError("x")])
def test_nothing_but_primitives_passes(content: object) -> None:
    with pytest.raises(pickle.UnpicklingError):
        wire.unpack(pickle.dumps(("block", content)))


def test_a_frame_has_a_limit() -> None:
    with pytest.raises(ValueError, match="a frame of"):
        wire.frame_length(struct.pack(">Q", 1 << 40))


def test_messages_pass_with_the_messages_in_them() -> None:
    message = say("rosters.file_not_a_sheet", name="a.xls", what=say("rosters.form.pdf"))
    assert wire.say_in(wire.say_out(message)) == message


def test_without_limits_of_the_system_the_sheet_is_measured_before_it_is_loaded(tmp_path: Path) -> None:
    """Windows has none, macOS ignores the one of memory."""
    rows = xml_row(1, ["姓名"]) + f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'
    path = corpus.xlsx(tmp_path / "far.xlsx", {"名单": rows})
    asked = {"name": "far.xlsx", "sheet": None, "why": False}
    with path.open("rb") as file, pytest.raises(Refused) as caught:
        child._read(file, io.BytesIO(), asked, USUAL, held=False)
    assert caught.value.code == "rosters.file_far_cell"
    with corpus.plain_xlsx(path, [["姓名"]]).open("rb") as file:
        out = io.BytesIO()
        child._read(file, out, asked, USUAL, held=False)
    assert b"block" in out.getvalue()
