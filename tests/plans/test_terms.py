"""The next term: grace at day 30 and 31, waiting, additions, leap days, and what is unknown."""

from datetime import date, timedelta
from typing import Any

import pytest

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.plans.edition import Edition
from benefits.plans.load import FOLDER, edition_on, editions_of
from benefits.plans.parse import document
from benefits.plans.participation import required_people, state
from benefits.plans.terms import added_term, new_term

ENDS = date(2026, 4, 30)
NEXT = date(2026, 5, 1)
UNKNOWN = '"待核实"'
GOOD = (FOLDER / "bj-women-disease-1y@2018.toml").read_text("utf-8")


def edition(**waiting: Any) -> Edition:
    """The women's cover with known waiting rules: 30 days, waived within 30 days of grace, for added people
    too."""
    known = {"days": 30, "waived_on_renewal": "true", "grace_days": 30, "applies_to_added": "true"} | waiting
    rules = "\n".join(f"{key} = {value}" for key, value in known.items())
    head, tail = GOOD[: GOOD.index("[waiting]")], GOOD[GOOD.index("[class]") :]
    return document(f"{head}[waiting]\n{rules}\n\n{tail}".encode(), "test").edition


@pytest.mark.parametrize("late", [-45, 0, 1, 29, 30])
def test_on_time_and_within_grace_no_day_is_lost_and_nothing_waits(late: int) -> None:
    term = new_term(edition(), ENDS, ENDS + timedelta(days=late))
    assert (term.starts, term.ends, term.waiting_until, term.first_time) == (
        NEXT,
        date(2027, 4, 30),
        None,
        False,
    )
    assert term.notes == ()


def test_day_31_is_a_first_term_that_waits() -> None:
    day = ENDS + timedelta(days=31)
    term = new_term(edition(), ENDS, day)
    assert term.first_time and term.starts == day + timedelta(days=1) == date(2026, 6, 1)
    assert (term.ends, term.waiting_until) == (date(2027, 5, 31), date(2026, 6, 30))
    assert term.waiting_until is not None and (term.waiting_until - term.starts).days + 1 == 30


def test_a_renewal_whose_waiting_is_not_waived_waits() -> None:
    term = new_term(edition(waived_on_renewal="false"), ENDS, ENDS)
    assert (term.starts, term.waiting_until, term.first_time) == (NEXT, date(2026, 5, 30), False)


def test_an_unknown_waiver_is_continuous_and_told() -> None:
    term = new_term(edition(waived_on_renewal=UNKNOWN), ENDS, ENDS)
    assert (term.waiting_until, term.first_time) == (None, False)
    assert [note.key for note in term.notes] == ["plans.note.waiver_unknown"]
    assert "待核实" in render(term.notes[0], "zh")


def test_unknown_grace_is_fine_on_time_and_refused_afterwards() -> None:
    beijing = edition_on("bj-women-disease-1y", NEXT)
    assert new_term(beijing, ENDS, ENDS).starts == NEXT
    with pytest.raises(Refused) as caught:
        new_term(beijing, ENDS, ENDS + timedelta(days=1))
    assert caught.value.code == "plans.grace_unknown" and "--grace-days" in render(caught.value.say, "zh")


def test_the_clerk_may_record_an_unknown_grace_and_no_other() -> None:
    beijing = edition_on("bj-women-disease-1y", NEXT)
    for late, first in ((30, False), (31, True)):
        assert new_term(beijing, ENDS, ENDS + timedelta(days=late), grace_days=30).first_time is first
    assert new_term(beijing, ENDS, ENDS + timedelta(days=1), grace_days=0).first_time
    with pytest.raises(Refused) as caught:
        new_term(edition(), ENDS, ENDS, grace_days=60)
    assert caught.value.code == "plans.grace_known"
    for silly in (-1, 4000):
        with pytest.raises(Refused) as caught:
            new_term(beijing, ENDS, ENDS, grace_days=silly)
        assert caught.value.code == "plans.grace_range"


def test_somebody_added_at_a_renewal_waits_unless_the_edition_says_no() -> None:
    term = added_term(edition(), ENDS, starts=NEXT)
    assert (term.starts, term.waiting_until, term.first_time) == (NEXT, date(2026, 5, 30), True)
    assert added_term(edition(applies_to_added="false"), ENDS, starts=NEXT).waiting_until is None
    unsure = added_term(edition(applies_to_added=UNKNOWN), ENDS)
    assert (unsure.starts, unsure.waiting_until) == (NEXT, date(2026, 5, 30))
    assert [note.key for note in unsure.notes] == ["plans.note.added_unknown"]


def test_an_unknown_waiting_period_is_told_and_not_invented() -> None:
    term = added_term(edition(days=UNKNOWN), ENDS)
    assert term.waiting_until is None and [note.key for note in term.notes] == ["plans.note.waiting_unknown"]
    assert added_term(edition(days=0), ENDS).waiting_until is None


def test_term_n_is_computed_from_the_first_start_over_leap_days() -> None:
    since = date(2024, 2, 29)
    ends, starts = date(2025, 2, 28), []
    for _ in range(5):
        term = new_term(edition(), ends, ends, first_start=since)
        starts.append(term.starts)
        ends = term.ends
    assert starts == [
        date(2025, 3, 1),
        date(2026, 3, 1),
        date(2027, 3, 1),
        date(2028, 2, 29),
        date(2029, 3, 1),
    ]


def test_a_fixed_day_takes_the_next_one_for_a_first_term() -> None:
    text = GOOD.replace('start = "follow"', 'start = "fixed"\nfixed = { month = 5, day = 1 }')
    fixed = document(text.encode(), "test").edition
    assert [added_term(fixed, day).starts for day in (date(2026, 4, 30), NEXT, date(2026, 12, 31))] == [
        NEXT,
        date(2027, 5, 1),
        date(2027, 5, 1),
    ]


def test_a_template_has_no_terms() -> None:
    [template] = editions_of("bj-eight-covers")
    with pytest.raises(Refused) as renewed:
        new_term(template, ENDS, ENDS)
    with pytest.raises(Refused) as added:
        added_term(template, ENDS)
    assert (renewed.value.code, added.value.code) == ("plans.only_draft", "plans.only_draft")


@pytest.mark.parametrize(("staff", "required"), [(1, 1), (29, 29), (30, 15), (31, 16), (100, 50), (101, 51)])
def test_half_of_the_staff_and_all_of_a_unit_under_thirty(staff: int, required: int) -> None:
    accident = edition_on("bj-accident-1y", NEXT)
    assert required_people(accident, staff) == required
    assert [state(accident, staff, joined) for joined in (required - 1, required)] == ["below", "met"]


def test_an_unknown_rule_or_head_count_is_reported_and_not_enforced() -> None:
    assert state(edition_on("bj-women-disease-1y", NEXT), 100, 0) == "unknown"
    assert state(edition_on("bj-accident-1y", NEXT), None, 0) == "unknown"
    assert state(edition_on("bj-five-covers", NEXT), 100, 0) == "none"
