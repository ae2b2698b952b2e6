"""What becomes of an import afterwards: decisions, second memberships, undo, in whatever order they come."""

from datetime import date

import pytest

from benefits.kernel.errors import Refused
from benefits.members.record import MemberInput
from benefits.members.service import add, add_second_membership
from benefits.organisations.service import close
from benefits.roster_kinds import kind_of
from benefits.rosters import batch
from benefits.rosters.models import CaseState, Mode
from benefits.rosters.queries import cases
from benefits.rosters.service_duplicates import decide
from benefits.verify import verify
from tests.rosters.kinds.desk import TODAY, Desk, number, told

HEAD = ("单位编码", "姓名", "证件号码", "手机号", "京卡卡号")


def _without_number(desk: Desk) -> None:
    """张三 of A1, born 1985-05-17, whose identity number nobody knows."""
    given = MemberInput(organisation_id=desk.world.places["A1"], name="张三", birth=date(1985, 5, 17))
    desk.database.act(desk.actor, add, given)


def _cases(desk: Desk) -> list[int]:
    with desk.database.read(desk.actor) as unit:
        return [one.id for one in cases(unit)]


def _decide(desk: Desk, case: int, verdict: CaseState) -> int | None:
    return desk.database.act(
        desk.actor, decide, case_id=case, verdict=verdict, reason="看过证件", kind=kind_of("members")
    )


def _whole(desk: Desk) -> None:
    with desk.database.read(desk.world.actor) as unit:
        assert [one.code for one in verify(unit) if not one.ok and one.code.startswith("members.")] == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["as they came", "the last first"])
def test_cases_decided_in_any_order_are_taken_back(desk: Desk, order: tuple[int, int]) -> None:
    _without_number(desk)
    before = desk.contents()
    head = ("单位编码", "姓名", "出生日期", "手机号", "部门")
    twice = [("A1", "张三", "1985-05-17", f"1380000000{n}", "财务科") for n in (2, 3)]
    done = desk.send("members", head, *twice, ("A1", "李四", "1990-01-01", "", ""), mode=Mode.GOOD)
    found = _cases(desk)
    for at in order:
        _decide(desk, found[at], CaseState.SAME)
    _whole(desk)
    assert desk.undo(done.batch).cases == 2
    assert desk.contents() == before


def test_a_row_is_taken_back_in_one_piece(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [(f"王{word}", at) for at, word in enumerate("甲乙丙", 1)]
    for name, serial in people:
        desk.person(name, serial)
    before = desk.contents()
    rows = [("A1", name, number(at), f"1380000000{at}", f"6222000000000{at}") for name, at in people]
    done = desk.send("members", HEAD, *rows)
    monkeypatch.setattr(batch, "_BLOCK", 3)  # each row leaves two traces, the person and the card
    assert desk.undo(done.batch).taken_back == 6
    assert desk.contents() == before


@pytest.mark.parametrize("sees_all", [True, False], ids=["district", "street"])
def test_a_second_membership_blocks_the_undo(desk: Desk, sees_all: bool) -> None:
    sender = desk if sees_all else desk.street("A")
    done = sender.send("members", HEAD, ("A1", "张三", number(1), "", ""))
    place = desk.world.places["B1"]
    desk.database.act(desk.actor, add_second_membership, id_number=number(1), organisation_id=place, on=TODAY)
    before = desk.contents()
    with pytest.raises(Refused) as caught:
        sender.undo(done.batch)
    assert [one.code for one in caught.value.problems] == ["rosters.hangs_on"]
    assert desk.contents() == before


def test_nobody_new_comes_of_a_case_whose_unit_was_closed(desk: Desk) -> None:
    _without_number(desk)
    desk.send(
        "members", ("单位编码", "姓名", "出生日期", "手机号"), ("A2", "张三", "1985-05-17", "13800000001")
    )
    desk.database.act(desk.actor, close, organisation_id=desk.world.places["A2"], on=TODAY)
    (case,) = _cases(desk)
    with pytest.raises(Refused) as caught:
        _decide(desk, case, CaseState.DISTINCT)
    assert caught.value.code == "members.organisation_closed"
    _whole(desk)


def test_a_number_of_a_row_is_not_dropped_for_another_one(desk: Desk) -> None:
    desk.person("张三", 1, phone="13800000001")
    desk.send("members", HEAD, ("A1", "张三", number(2), "13800000001", ""))
    (case,) = _cases(desk)
    before = desk.contents()
    with pytest.raises(Refused) as caught:
        _decide(desk, case, CaseState.SAME)
    assert caught.value.code == "rosters.case_blocked"
    assert [(one.code, one.field) for one in caught.value.problems] == [("rosters.contradicts", "id_number")]
    assert number(1) not in repr(caught.value.problems) and number(2) not in repr(caught.value.problems)
    assert desk.contents() == before


def test_a_unit_that_was_closed_today_takes_nobody(desk: Desk) -> None:
    desk.database.act(desk.actor, close, organisation_id=desk.world.places["A2"], on=TODAY)
    joins = desk.check("members", HEAD, ("A2", "张三", number(1), "", ""))
    assert told(joins) == [(2, "unit_code", "rosters.unit_closed")]
