"""Rows of a file become chunks: several blocks of the reader go into one, and every row keeps its number."""

from datetime import date

import pytest

from benefits.roster_kinds import kind_of
from benefits.rosters import chunks as chunking
from benefits.rosters.files.cells import Block, Cell
from benefits.rosters.heads import Peekable, find_head
from benefits.rosters.kind import RowProblem

MEMBERS = kind_of("members")
NUMBER = "110112197001050025"


def test_blocks_are_read_together_until_there_are_enough_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunking, "_ENOUGH", 4)
    names: list[list[Cell]] = [["姓名", "甲", "乙", None], ["合计", "丙"], ["丁"], ["", "戊戌"], ["己亥"]]
    numbers: list[list[Cell]] = [["身份证号", NUMBER, NUMBER, None], [2, NUMBER], ["1"], [None, NUMBER], []]
    blocks, first = [], 1
    for one, other in zip(names, numbers, strict=True):
        blocks.append(Block(first, (one, other) if other else (one,)))  # the last has one column
        first += len(one)
    rows = Peekable(blocks)
    head = find_head(rows, MEMBERS.names(), MEMBERS.required(), {})
    skipped: list[RowProblem] = []
    found = list(chunking.chunks(rows.after(head.row), head, MEMBERS, date(2026, 11, 20), skipped))
    assert [chunk.rows for chunk in found] == [[2, 3, 6, 7], [9, 10]]
    assert [chunk.values["name"] for chunk in found] == [["甲", "乙", "丙", "丁"], ["戊戌", "己亥"]]
    assert [[check and check.number for check in chunk.values["id_number"]] for chunk in found] == [
        [NUMBER, NUMBER, NUMBER, None],
        [NUMBER, None],
    ]
    assert [(one.row, one.cell) for chunk in found for one in chunk.problems] == [(7, "B7")]
    assert [one.row for one in skipped] == [5]
