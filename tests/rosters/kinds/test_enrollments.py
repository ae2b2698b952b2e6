"""Lists of enrollments: the plan's rules for everybody at once, the fee, continuity, exactly back."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.enrollment.models import Enrollment, Entry
from benefits.enrollment.service import enroll, mark_exhausted, void
from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.members.models import Member, Status
from benefits.rosters.kind import Wanted
from benefits.rosters.kinds.enrollments import ENROLLMENTS
from benefits.verify import verify
from tests.renewal.factory import AGE, ENDS, IN_POST, WOMEN, plan_text
from tests.rosters.kinds.desk import Desk, number, told

HEAD = ("姓名", "身份证号码", "份数", "金额")
STARTS = "2026-12-01"


def _term(desk: Desk, member: int) -> Enrollment:
    return desk.world.terms(member)[-1]


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A plan of 36 yuan a share for women in post of 16 to 60."""
    desk.world.publish(plan_text(AGE, IN_POST, WOMEN))
    return desk


def test_thirty_people_join_once_and_go_again(ready: Desk) -> None:
    people = [ready.person("王敏", n) for n in range(30)]
    rows = [HEAD, *(("王 敏", number(n).lower(), "" if n else 2, 36 if n else "72.00") for n in range(30))]
    before = ready.contents()
    done = ready.send("enrollments", *rows, plan="t", starts=STARTS)
    assert (done.report.rows, done.report.added) == (30, 30)
    made = _term(ready, people[0])
    assert (made.starts, made.ends, made.waiting_until) == (
        date(2026, 12, 1),
        date(2027, 11, 30),
        date(2026, 12, 30),
    )
    assert (made.shares, made.fen, made.entry, made.organisation_id) == (
        2,
        7200,
        Entry.FIRST,
        ready.world.places["A1"],
    )
    after = ready.contents()
    again = ready.send("enrollments", *rows, plan="试验t", starts=STARTS)
    assert (again.batch, again.report.same) == (None, 30)
    assert ready.contents() == after
    with ready.database.read(ready.actor) as unit:
        assert [one.code for one in verify(unit) if not one.ok and one.code.startswith("enrollment.")] == []
    assert ready.undo(done.batch).taken_back == 30
    assert ready.contents() == before


def test_a_row_is_as_typed_in(ready: Desk) -> None:
    typed, sent = ready.person("王敏", 1), ready.person("李娜", 2)
    act: Any = ready.database.act
    act(
        ready.actor,
        enroll,
        member_id=typed,
        plan_code="t",
        starts=date(2026, 12, 1),
        shares=2,
        funding="unit",
    )
    ready.send(
        "enrollments", (*HEAD, "出资方案"), ("李娜", number(2), 2, 72, "单位"), plan="t", starts=STARTS
    )
    one, other = _term(ready, typed).model_dump(), _term(ready, sent).model_dump()
    assert {key: one[key] for key in one if key not in ("id", "member_id")} == {
        key: other[key] for key in other if key not in ("id", "member_id")
    }


def test_whoever_may_not_join_is_told_every_rule(ready: Desk) -> None:
    ready.person("赵强", 1, woman=False, born=date(1966, 12, 1))
    ready.person("李娜", 2, born=date(1965, 12, 1))  # 61 on the first day
    ready.person("孙芳", 3, born=date(1965, 12, 2))  # 60 on the first day
    unknown = ready.person("周静", 4)
    ready.world.change(Member, unknown, status=None)
    retired = ready.person("吴兰", 5)
    ready.world.change(Member, retired, status=Status.RETIRED)
    rows: tuple[tuple[str, str], ...] = (
        ("赵强", number(1, date(1966, 12, 1), False)),
        ("李娜", number(2, date(1965, 12, 1))),
    )
    rows += (("孙芳", number(3, date(1965, 12, 2))), ("周静", number(4)), ("吴兰", number(5)))
    report = ready.check("enrollments", HEAD[:2], *rows, plan="t", starts=STARTS)
    assert report.added == 2
    assert [(one.row, one.code) for one in report.warnings] == [(5, "rosters.rule_open")]
    assert told(report) == [(row, "", "rosters.rule_excludes") for row in (2, 3, 6)]
    ready.world.change(Member, retired, sex=None, birth=date(1960, 1, 1))
    report = ready.check("enrollments", HEAD[:2], rows[-1], plan="t", starts=STARTS)
    assert told(report) == [(2, "", "rosters.rule_excludes")] * 2
    assert all("？" not in render(one.say) and "{" not in render(one.say) for one in report.problems)
    assert "plan does not admit" in render(report.problems[0].say, "en")


def test_fee_shares_tier_and_split_must_be_those_of_the_plan(ready: Desk) -> None:
    for n in range(1, 5):
        ready.person("王敏", n)
    head = (*HEAD, "出资方案", "档次")
    report = ready.check(
        "enrollments",
        head,
        ("王敏", number(1), 1, 35, "", ""),
        ("王敏", number(2), 3, "", "无此方案", ""),
        ("王敏", number(3), "", 108, "", "甲"),
        ("王敏", number(4), "", 72, "", ""),  # says that it is two shares
        plan="t",
        starts=STARTS,
    )
    assert told(report) == [
        (2, "amount", "rosters.amount_differs"),
        (3, "shares", "enrollment.shares"),
        (3, "funding", "plans.no_funding"),
        (4, "tier", "plans.no_tier"),
    ]
    assert report.problems[0].say.params["fee"] == "36.00"


def test_cover_that_is_there_already(ready: Desk) -> None:
    one, other = ready.person("王敏", 1), ready.person("李娜", 2, "B1")
    ready.world.cover(one, "A1", starts=date(2026, 12, 1), ends=date(2027, 11, 30))
    ready.world.cover(other, "B2", starts=date(2026, 1, 1), ends=date(2026, 12, 31))
    report = ready.check(
        "enrollments", HEAD, ("王敏", number(1), 2, ""), ("李娜", number(2), 1, ""), plan="t", starts=STARTS
    )
    assert told(report) == [(2, "shares", "rosters.term_differs"), (3, "starts", "enrollment.overlap")]
    assert report.problems[1].say.params["organisation"] == "B2工会"
    assert (
        ready.check("enrollments", HEAD, ("李娜", number(2), 1, ""), plan="t", starts="2027-01-01").added == 1
    )


@pytest.mark.parametrize(
    ("ends", "starts", "entry", "waits", "warned"),
    [
        (ENDS, "2026-12-01", Entry.RENEWED, None, 0),
        (ENDS, "2026-12-02", Entry.FIRST, date(2026, 12, 31), 0),
        (date(2026, 10, 21), "2026-10-22", Entry.RENEWED, None, 0),  # the last day of grace is today
        (date(2026, 10, 20), "2026-10-21", Entry.FIRST, date(2026, 11, 19), 1),
    ],
)
def test_the_day_after_the_last_term_continues_it(
    ready: Desk, ends: date, starts: str, entry: Entry, waits: date | None, warned: int
) -> None:
    member = ready.person("王敏", 1)
    prior = ready.world.cover(member, "A1", ends=ends)
    done = ready.send("enrollments", HEAD, ("王敏", number(1), 1, 36), plan="t", starts=starts)
    made = _term(ready, member)
    assert (made.entry, made.waiting_until, len(done.report.warnings)) == (entry, waits, warned)
    assert made.prior_id == (prior if entry is Entry.RENEWED else None)
    assert made.continuous_since == (ends - timedelta(days=364) if entry is Entry.RENEWED else made.starts)
    ready.undo(done.batch)
    assert len(ready.world.terms(member)) == 1


def test_what_was_done_about_a_term_since_blocks(ready: Desk) -> None:
    people = [ready.person("王敏", n) for n in range(4)]
    rows = (HEAD[:2], *(("王敏", number(n)) for n in range(4)))
    done = ready.send("enrollments", *rows, plan="t", starts="2026-11-01")
    terms = [_term(ready, member).id for member in people]
    act: Any = ready.database.act
    act(ready.actor, void, enrollment_id=terms[0], reason="重复投保")
    act(ready.actor, mark_exhausted, enrollment_id=terms[1], on=date(2026, 11, 20))
    ready.world.cover(people[2], "A1", starts=date(2027, 11, 1), ends=date(2028, 10, 31), prior_id=terms[2])
    with pytest.raises(Refused) as caught:
        ready.undo(done.batch)
    assert sorted((one.row or 0, one.code) for one in caught.value.problems) == [
        (2, "rosters.changed_since"),
        (3, "rosters.hangs_on"),
        (4, "rosters.hangs_on"),
    ]
    with ready.database.read(ready.actor) as unit:
        assert len(unit.exec(select(Enrollment.id).where(col(Enrollment.id).in_(terms))).all()) == 4


def test_the_beijing_template_begins_at_row_21(ready: Desk) -> None:
    ready.person("王敏", 1)
    notes: list[tuple[str, ...]] = [(f"填表说明第{n}条",) for n in range(1, 20)]
    report = ready.check(
        "enrollments",
        *notes,
        ("会员编号", "身份证号码", "会员姓名", "可投保金额"),
        ("", number(1), "王敏", 36),
        ("", number(1), "王敏", 36),
        ("", number(8), "李娜", 36),
        plan="t",
        starts=STARTS,
    )
    assert (report.head.row, report.added) == (20, 1)
    assert told(report) == [(22, "", "rosters.row_twice"), (23, "id_number", "rosters.person_not_registered")]


def test_plan_and_first_day_must_be_said_and_known(ready: Desk) -> None:
    ready.person("王敏", 1)
    row = ("王敏", number(1))
    assert [one[1] for one in told(ready.check("enrollments", HEAD[:2], row))] == ["plan", "starts"]
    report = ready.check("enrollments", HEAD[:2], row, plan="没有这个计划", starts=STARTS)
    assert told(report) == [(2, "plan", "plans.unknown_plan")]
    report = ready.check("enrollments", HEAD[:2], row, plan="t", starts="2019-12-31")
    assert told(report) == [(2, "starts", "plans.no_edition")]


def test_a_street_sees_its_own_people_and_no_cover_is_written_over_one_elsewhere(ready: Desk) -> None:
    mine = ready.person("王敏", 1)
    ready.person("李娜", 2, "B1")
    ready.world.cover(mine, "B2", starts=date(2026, 12, 31), ends=date(2027, 12, 30))
    street = ready.street("A")
    rows = (HEAD[:2], ("王敏", number(1)), ("李娜", number(2)))
    report = street.check("enrollments", *rows, plan="t", starts=STARTS)
    assert told(report) == [
        (2, "starts", "enrollment.overlap"),
        (3, "id_number", "rosters.person_elsewhere"),
    ]
    assert report.added == 0


def test_last_terms_list_is_ready_to_be_sent(ready: Desk, tmp_path: Path) -> None:
    for n in range(3):
        ready.world.cover(ready.person("王敏", n), "A1", shares=2, fen=7200)
    gone = ready.person("李娜", 9)
    ready.world.cover(gone, "A1")
    ready.world.change(Member, gone, organisation_id=None)
    whole = f"/{ready.world.places['D']}/"
    with ready.database.read(ready.actor) as unit:
        wanted = Wanted(whole, date(2026, 11, 20), {"plan": "t", "starts": date(2026, 12, 1)})
        assert ENROLLMENTS.prefill is not None
        rows = list(ENROLLMENTS.prefill(unit, wanted))
        present = list(ENROLLMENTS.rows(unit, Wanted(whole, date(2026, 11, 30), {"plan": "t"})))
        assert list(ENROLLMENTS.rows(unit, Wanted(whole, date(2026, 12, 1), {"plan": "t"}))) == []
    keys = [column.key for column in ENROLLMENTS.columns]
    head = [column.names[0] for column in ENROLLMENTS.columns]
    report = ready.check("enrollments", head, *([row.get(key) for key in keys] for row in rows))
    assert (report.added, report.bad) == (3, 0)
    values = [[row[key] / 100 if key == "amount" else row.get(key) for key in keys] for row in present]
    report = ready.check("enrollments", head, *values)
    assert (report.same, report.bad) == (4, 0)
