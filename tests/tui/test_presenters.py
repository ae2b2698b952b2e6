"""What the screens say, without a screen: next steps, windows, forms, words."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from benefits.kernel.errors import say
from benefits.plans.explain import Explanation, RuleVerdict
from benefits.renewal.models import Override, Participation, RunState, UnitState, Verdict
from benefits.renewal.queries import DecisionRow, DueTerm, RunRow, RunView, TermRow, UnitRow
from tui.gateway import Paper
from tui.modals.progress import bar
from tui.presenters import home, new_run, renewal
from tui.presenters import plans as plan_words

TODAY = date(2026, 11, 22)
TERM = DueTerm("w", "女职工", "Women", date(2026, 12, 31), 10, 2)
RUN = RunRow(
    number="XB-2026-0001",
    plan_code="w",
    plan_name_zh="女职工",
    plan_name_en="Women",
    organisation="通州区总工会",
    window_from=date(2026, 12, 1),
    window_to=date(2026, 12, 31),
    as_of=TODAY,
    with_class=False,
    state=RunState.PREVIEWED,
    created_by="wang",
    created_at=datetime(2026, 11, 22, tzinfo=UTC),
    applied_at=None,
)


def test_open_runs_come_first_and_what_is_done_last() -> None:
    other = replace(TERM, plan_code="a", plan_name_zh="意外", ends=date(2026, 11, 20))
    all_done = replace(TERM, plan_code="b", plan_name_zh="五送", renewed=10)
    tasks = home.tasks((RUN,), (other, all_done, TERM), TODAY, "zh")
    assert [task.cells[2] for task in tasks] == ["XB-2026-0001 女职工", "意外", "女职工", "五送"]
    assert tasks[0].run == "XB-2026-0001" and tasks[1].window == home.Window(
        "a", date(2026, 11, 1), date(2026, 11, 21)
    )
    assert tasks[2].run == "XB-2026-0001" and "正在办理" in tasks[2].next
    assert [task.done for task in tasks] == [False, False, False, True]


@pytest.mark.parametrize(
    ("ends", "first", "last"),
    [
        (date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 11, 30), date(2026, 11, 22), date(2026, 11, 30)),
        (date(2026, 11, 22), date(2026, 11, 22), date(2026, 11, 30)),
        (date(2026, 11, 21), date(2026, 11, 1), date(2026, 11, 21)),
        (date(2026, 10, 23), date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_a_window_is_a_month_cut_at_today(ends: date, first: date, last: date) -> None:
    found = home.month_window(replace(TERM, ends=ends), TODAY)
    assert (found.first, found.last) == (first, last)


def test_the_first_window_is_that_of_people_whom_no_run_has_decided_about() -> None:
    later = replace(TERM, ends=date(2027, 1, 10))
    assert home.first_window((TERM, later), (), TODAY) == home.month_window(TERM, TODAY)
    assert home.first_window((TERM, later), (RUN,), TODAY) == home.month_window(later, TODAY)
    abandoned = replace(RUN, state=RunState.ABANDONED)
    assert home.first_window((TERM,), (abandoned,), TODAY) == home.month_window(TERM, TODAY)
    assert home.first_window((replace(TERM, renewed=10),), (), TODAY) is None


def test_an_applied_run_leads_back_to_who_was_left_out() -> None:
    (task,) = home.tasks((replace(RUN, state=RunState.APPLIED),), (TERM,), TODAY, "zh")
    assert task.done and task.run == "XB-2026-0001" and task.cells[4] == "已办，余 8 人"


def test_a_form_names_every_wrong_field() -> None:
    wrong = new_run.problems(new_run.Draft(first="2.30", last="", grace="x"), TODAY)
    assert [problem.field for problem in wrong] == ["plan", "first", "last", "grace"]
    good = new_run.started(home.month_window(TERM, TODAY))
    assert new_run.problems(good, TODAY) == ()
    assert new_run.in_window(good, (TERM,), TODAY) == 8
    assert new_run.in_window(replace(good, last="?"), (TERM,), TODAY) is None


def _view(**changes: object) -> RunView:
    term = TermRow(1, date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), None, False)
    units = {"pending": 3, "confirmed": 0, "not_submitted": 0, "below": 1, "unknown": 0}
    view = RunView(RUN, 10, 7, 1, 1, 1, 9, 22500, (term,), (), units)
    return replace(view, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("state", list(RunState))
def test_every_state_of_a_run_has_a_next_step(state: RunState, lang: str) -> None:
    view = _view(run=replace(RUN, state=state))
    assert renewal.run_next(view, lang) and renewal.run_head(view, lang)


def test_the_sums_stand_as_they_add_up() -> None:
    assert renewal.run_sums(_view(), "zh").split("\n")[0] == "候选 10 = 续保 7 + 新增 1 + 不续 1 + 本人放弃 1"
    assert "225.00元" in renewal.run_sums(_view(), "zh")
    assert "c 核对完毕" in renewal.run_next(_view(units={"pending": 0}), "zh")


def test_many_terms_say_how_many_more() -> None:
    terms = tuple(TermRow(n, None, TODAY, TODAY, TODAY, True) for n in range(5))
    words = renewal.run_terms(_view(terms=terms), "zh").split("\n")
    assert len(words) == 4 and "另有 2 个" in words[-1] and "观察期" in words[0]


def test_a_decision_by_hand_shows_who_and_why() -> None:
    row = DecisionRow(
        *(1, "李秀英", "0006", "小学工会", Verdict.RENEW, TODAY, TODAY, 2, 5000),
        *((("retired", "已退休", "retired"),), Override.INCLUDE, "wang", "返聘在岗"),
    )
    page = renewal.decision_page(row, "zh")
    assert "续保(人工)" in page and "wang" in page and "返聘在岗" in page and "已退休" in page
    assert renewal.decision_cells(replace(row, verdict=Verdict.EXCLUDE, override=None), "en")[3:6] == (
        "excluded",
        "-",
        "-",
    )


def test_participation_shows_the_share_only_where_it_is_known() -> None:
    row = UnitRow(1, "c", "工会", UnitState.PENDING, Participation.BELOW, 8, 6, 6, 6, 0, 0, 0, 100)
    assert renewal.participation(row, "zh") == "75% 未达标"
    assert (
        renewal.participation(replace(row, basis=None, participation=Participation.UNKNOWN), "zh") == "待核实"
    )


def test_an_explanation_says_the_result_and_tells_missing_from_no() -> None:
    rules = (RuleVerdict("a", "x", None, "资料缺失", "在职"), RuleVerdict("b", "y", False, "男", "限女职工"))
    found = Explanation("w", "女职工", "2018", 1, "李", "1***", TODAY, rules, False, None)
    assert "不能参保" in plan_words.explanation_words(found, "zh")
    assert [plan_words.rule_cells(rule, "zh")[0] for rule in rules] == ["资料缺失", "不符合"]
    assert "还不能判断" in plan_words.explanation_words(replace(found, verdict=None), "zh")


def test_a_report_that_does_not_reconcile_says_so() -> None:
    from pathlib import Path

    paper = Paper(Path("r.pdf"), 3, 2048, "a" * 64, ("㛃",), (say("renewal.check.candidates"),))
    words = renewal.paper_words(paper, "zh")
    assert "3 页" in words and "㛃" in words and "请不要上报" in words


def test_the_bar_fills_and_never_overflows() -> None:
    assert bar(0, 0).count("#") == 0
    assert bar(500, 1000).startswith("[" + "#" * 25 + ".") and "50 %" in bar(500, 1000)
    assert bar(2000, 1000).count("#") == 50 and "100 %" in bar(2000, 1000)
