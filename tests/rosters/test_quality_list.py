"""The list that goes back to a unit: the right cells are marked, nothing is said of others."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.members.faults import Fault
from benefits.rosters.out import Revealed, stamp_of
from benefits.rosters.quality_list import KEYS, TO_FILL, write_faulty
from benefits.rosters.service_out import export_revealed
from tests.members.test_quality import FAULTY, Town

LEAVE = Revealed("单位核对", "补正", date(2026, 12, 1))


@pytest.fixture
def town(database: Database, root: Actor) -> Town:
    return Town(database, root)


def _list(
    town: Town, path: Path, fault: Fault | None = None, revealed: Revealed | None = None
) -> list[list[object]]:
    with town.database.read(town.actor) as unit:
        stamp = stamp_of(unit, "补正名单", "A1工会")
        write_faulty(unit, fault, town.places["A"][1], path, "zh", stamp, revealed=revealed)
    sheet = openpyxl.load_workbook(path)["补正名单"]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def test_the_cells_that_mend_each_fault_are_marked(town: Town, tmp_path: Path) -> None:
    marked: dict[int, Fault] = {}
    for at, (fault, columns) in enumerate(FAULTY.items(), 2):
        if fault is not Fault.RETENTION_DUE:
            town.add("A1", **columns)
            marked[at] = fault
    town.add("B1", phone=None)
    rows = _list(town, tmp_path / "a.xlsx")
    assert len(rows) == len(marked)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["补正名单"]
    for row, fault in marked.items():
        cells = [KEYS[cell.column - 1] for cell in sheet[row] if cell.comment is not None]
        assert tuple(cells) == TO_FILL[fault]
        yellow = [cell for cell in sheet[row] if cell.fill.fgColor.rgb == "FFFFEB9C"]
        assert [cell.column for cell in yellow] == [cell.column for cell in sheet[row] if cell.comment]
    assert all(
        cell is None for row in rows for cell in (row[KEYS.index("id_number")], row[KEYS.index("phone")])
    )
    kinds = {rule.type for rule in sheet.data_validations.dataValidation}
    assert {"list", "textLength", "date"} <= kinds


def test_numbers_come_with_leave_only_and_never_a_wrong_one(town: Town, tmp_path: Path) -> None:
    town.add("A1", phone=None, id_number="11010519491231002X")
    town.add("A1", id_valid=False, id_number="110105194912310021")
    hidden, clear = _list(town, tmp_path / "a.xlsx"), _list(town, tmp_path / "b.xlsx", revealed=LEAVE)
    at = KEYS.index("id_number")
    assert [row[at] for row in hidden] == [None, None]
    assert [row[at] for row in clear] == ["11010519491231002X", None]
    assert [row[-1] for row in hidden] == ["110105********002X", "110105********0021  140****0002"]


def test_that_others_elsewhere_have_a_phone_is_said_without_names(town: Town, tmp_path: Path) -> None:
    town.add("A1", phone="14000005555")
    town.add("B1", phone="14000005555")
    (row,) = _list(town, tmp_path / "a.xlsx", Fault.PHONE_SHARED)
    assert row[-2] == "手机号重复、与其他单位1人相同" and "B1" not in str(row)


def test_leave_needs_a_reason_a_purpose_and_a_day_to_come(town: Town) -> None:
    place = town.places["A1"][0]
    good = {
        "what": "补正名单",
        "organisation_id": place,
        "purpose": "补正",
        "reason": "核对",
        "expires": date(2026, 11, 20),
    }

    def code(actor: Actor = town.actor, **changes: object) -> str:
        with pytest.raises(Refused) as refused:
            town.database.act(actor, export_revealed, **{**good, **changes})  # type: ignore[arg-type]
        return refused.value.code

    assert code(reason=" ") == "rosters.out.reason_missing"
    assert code(reason="长" * 201) == "rosters.out.reason_long"
    assert code(purpose="") == "rosters.out.purpose_missing"
    assert code(expires=date(2026, 11, 19)) == "rosters.out.expired"
    assert code(Actor("x", "某人", frozenset({"member.edit"}), "/")) == "access.not_permitted"
    assert town.database.act(town.actor, export_revealed, **good) == Revealed(  # type: ignore[arg-type]
        "核对", "补正", date(2026, 11, 20)
    )


def test_only_who_may_import_members_gets_their_list(town: Town, tmp_path: Path) -> None:
    nobody = Actor("x", "某人", frozenset(), "/")
    with town.database.read(nobody) as unit, pytest.raises(Refused) as refused:
        write_faulty(unit, None, "", tmp_path / "a.xlsx", "zh", stamp_of(unit, "x", "y"))
    assert refused.value.code == "access.not_permitted"
