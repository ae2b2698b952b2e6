"""Why a person is not renewed: one test for each reason of DESIGN 7, and all reasons of a person at once."""

from datetime import date, timedelta

import pytest

from benefits.enrollment.models import EnrollmentState
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.members.models import Employment, Member, Status
from benefits.organisations.models import RiskClass
from benefits.renewal import queries
from benefits.renewal.batch import apply_run
from benefits.renewal.models import UnitState, Verdict
from benefits.renewal.service import review_unit
from benefits.verify import verify
from tests.renewal.factory import AGE, ENDS, IN_POST, STARTS, WOMEN, WOMEN_CLASS, World, plan_text

DAY = timedelta(days=1)


def test_whoever_meets_every_rule_is_renewed(plain: World) -> None:
    member = plain.covered()
    run = plain.preview()
    row = plain.row(run, member)
    assert (row.verdict, row.reasons, row.fen, row.shares) == (Verdict.RENEW, (), 3600, 1)
    assert (row.starts, row.ends) == (STARTS, date(2027, 11, 30))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"sex": Sex.MALE}, ["wrong_sex"]),
        ({"sex": None}, ["data_missing"]),
        ({"born": None}, ["data_missing", "data_missing"]),
        ({"status": None}, ["data_missing"]),
        ({"status": Status.DECEASED}, ["deceased"]),
        ({"status": Status.RETIRED}, ["retired"]),
        ({"status": Status.RESIGNED}, ["left"]),
        ({"status": Status.EARLY_LEAVE}, ["not_in_post"]),
        ({"status": Status.UNEMPLOYED}, ["not_in_post"]),
        (
            {"status": Status.RETIRED, "sex": Sex.MALE, "born": date(1950, 1, 1)},
            ["over_age", "retired", "wrong_sex"],
        ),
        (
            {"status": None, "sex": Sex.MALE, "born": date(2015, 1, 1)},
            ["data_missing", "under_age", "wrong_sex"],
        ),
    ],
)
def test_all_reasons_of_a_person_are_told(
    plain: World, facts: dict[str, object], expected: list[str]
) -> None:
    member = plain.covered(**facts)  # type: ignore[arg-type]
    run = plain.preview()
    assert plain.reasons(run, member) == expected
    assert plain.row(run, member).verdict is Verdict.EXCLUDE


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (STARTS.replace(year=STARTS.year - 61) - DAY, ["over_age"]),  # 61 the day before
        (STARTS.replace(year=STARTS.year - 61), ["over_age"]),  # 61 on the first day
        (STARTS.replace(year=STARTS.year - 61) + DAY, []),  # 61 on the second day: 60 when it starts
        (STARTS.replace(year=STARTS.year - 16) + DAY, ["under_age"]),
        (STARTS.replace(year=STARTS.year - 16), []),
        (STARTS.replace(year=STARTS.year - 16) - DAY, []),
    ],
)
def test_age_is_that_of_the_first_day(plain: World, born: date, expected: list[str]) -> None:
    member = plain.covered(born=born)
    assert plain.reasons(plain.preview(), member) == expected


@pytest.mark.parametrize(
    ("starts", "born", "expected"),
    [
        (date(2027, 2, 28), date(1966, 2, 28), ["over_age"]),
        (date(2027, 2, 28), date(1966, 3, 1), []),
        (date(2025, 3, 1), date(1964, 2, 29), ["over_age"]),  # 61 on 1 March of a common year
        (date(2025, 2, 28), date(1964, 2, 29), []),
        (date(2028, 2, 29), date(2012, 2, 29), []),  # 16 on the leap day itself
        (date(2028, 2, 28), date(2012, 2, 29), ["under_age"]),
    ],
)
def test_a_leap_day_birthday_counts_on_1_march(
    plain: World, starts: date, born: date, expected: list[str]
) -> None:
    ends = starts - DAY
    member = plain.person(born=born)
    plain.cover(member, ends=ends)
    run = plain.preview(at=ends, as_of=ends)
    assert plain.row(run, member).starts == starts
    assert plain.reasons(run, member) == expected


def test_past_statutory_retirement(world: World) -> None:
    rule = '[[require]]\nid = "age"\ntest = { below_statutory_retirement = true, at = "start" }\n'
    world.publish(plan_text(rule))
    late, on, before = (
        world.covered(retirement_month=month)
        for month in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))
    )
    unknown = world.covered(retirement_month=None)
    run = world.preview()
    found = [world.reasons(run, member) for member in (late, on, before, unknown)]
    assert found == [["past_retirement"], ["past_retirement"], [], ["data_missing"]]


def test_the_dead_are_never_renewed_whatever_the_plan_asks(world: World) -> None:
    rule = (
        '[[require]]\nid = "work"\nreason = "not_in_post"\ntest = { fact = "employment", is = "regular" }\n'
    )
    world.publish(plan_text(rule))

    member = world.covered(status=Status.DECEASED, employment=Employment.REGULAR)
    both = world.covered(status=Status.DECEASED, employment=Employment.PLATFORM)
    run = world.preview()
    assert world.reasons(run, member) == ["deceased"]
    assert "deceased" in world.reasons(run, both)


def test_two_rules_of_one_reason_do_not_add_up_to_another(world: World) -> None:
    other = IN_POST.replace('"in-post"', '"still"').replace(
        'is = "in_post"', 'one_of = ["in_post", "early_leave"]'
    )
    world.publish(plan_text(IN_POST, other))
    members = {status: world.covered(status=status) for status in Status}
    run = world.preview()
    assert world.reasons(run, members[Status.DECEASED]) == ["deceased", "not_in_post"]
    assert world.reasons(run, members[Status.RETIRED]) == ["not_in_post", "retired"]
    assert world.reasons(run, members[Status.RESIGNED]) == ["left", "not_in_post"]
    assert world.reasons(run, members[Status.EARLY_LEAVE]) == ["not_in_post"]


def test_a_rule_about_risk_under_another_reason(world: World) -> None:
    """A test that speaks of the unit's risk class needs the unit, whatever its reason is called."""
    rule = (
        '[[require]]\nid = "risk"\nreason = "not_eligible"\ntest = { fact = "risk_class", is = "ordinary" }\n'
    )
    world.publish(plan_text(rule))
    world.place("A3", "A", risk_class=RiskClass.HIGH)
    world.place("A4", "A", risk_class=RiskClass.ORDINARY)
    high, low, own = (
        world.covered("A3"),
        world.covered("A4"),
        world.covered("A3", risk_class=RiskClass.ORDINARY),
    )
    run = world.preview()
    assert [world.reasons(run, member) for member in (high, low, own)] == [["not_eligible"], [], []]


def test_no_longer_a_member(plain: World) -> None:
    member = plain.person(None)
    plain.cover(member, "A2")
    run = plain.preview()
    assert plain.reasons(run, member) == ["not_a_member"]
    assert plain.row(run, member).organisation == "A2工会"


def test_covered_already_in_the_new_term(plain: World) -> None:
    member, void, later = plain.covered(), plain.covered(), plain.covered()
    plain.cover(member, ends=date(2027, 5, 31), starts=date(2027, 5, 31))
    plain.cover(void, ends=date(2027, 5, 31), starts=STARTS, state=EnrollmentState.VOID)
    plain.cover(later, ends=date(2028, 11, 30), starts=date(2027, 12, 1))
    run = plain.preview()
    assert [plain.reasons(run, one) for one in (member, void, later)] == [["already_covered"], [], []]


def test_a_plan_that_excludes_this_one(world: World) -> None:
    world.publish(plan_text(head='exclusive_with = ["other"]'))
    world.publish(plan_text(code="other"))
    first, last, outside = world.covered(), world.covered(), world.covered()
    world.cover(first, plan="other", ends=STARTS, starts=date(2026, 5, 1))
    world.cover(last, plan="other", ends=date(2028, 1, 1), starts=date(2027, 11, 30))
    world.cover(outside, plan="other", ends=ENDS)
    run = world.preview()
    found = [world.reasons(run, member) for member in (first, last, outside)]
    assert found == [["exclusive_plan"], ["exclusive_plan"], []]


def test_of_two_unions_the_first_counts(plain: World) -> None:
    """The cover at the second union is not renewed (DOMAIN 1.10 [S45]); the one at the first is."""
    first, second, over = plain.person("A1"), plain.person("A1"), plain.person("A1")
    for member, place in ((first, "A1"), (second, "B1"), (over, "B1")):
        plain.cover(member, place)
    plain.second(first, "B1")
    plain.second(second, "B1")
    plain.second(over, "B1", ends=ENDS)
    run = plain.preview()
    found = [plain.reasons(run, member) for member in (first, second, over)]
    assert found == [[], ["duplicate_union"], []]


@pytest.mark.parametrize(
    ("said", "expected"),
    [("allowed", []), ("excluded", ["claimed_out"]), ("待核实", ["claimed_out"]), (None, ["claimed_out"])],
)
def test_cover_that_a_payment_ended(world: World, said: str | None, expected: list[str]) -> None:
    """Only an edition that says so lets the next term follow; not knowing is not a yes."""
    conduct = f'[conduct]\nrenewal_after_payment = "{said}"\n' if said else ""
    world.publish(plan_text(conduct))
    member = world.person()
    world.cover(member, exhausted_on=date(2026, 6, 1))
    assert world.reasons(world.preview(), member) == expected


def test_more_shares_than_the_edition_allows(world: World) -> None:
    world.publish(plan_text())
    two, three = world.person(), world.person()
    world.cover(two, shares=2, fen=7200)
    world.cover(three, shares=3, fen=10_800)
    run = world.preview()
    assert [world.reasons(run, member) for member in (two, three)] == [[], ["over_max_shares"]]
    assert world.row(run, two).fen == 7200


def test_an_unknown_maximum_excludes_nobody(world: World) -> None:
    world.publish(plan_text(shares='min = 1\nmax = "待核实"\nsame_in_unit = false'))
    member = world.person()
    world.cover(member, shares=9, fen=9)
    assert world.reasons(world.preview(), member) == []


TIERS = """
[[fee.tier]]
code = "26"
fen = { ordinary = 2600, high = 3200 }
[[fee.tier]]
code = "50"
fen = 5000
"""


def test_no_price_for_the_tier_or_the_risk(world: World) -> None:
    world.publish(
        plan_text(fee=TIERS + '[[fee.tier]]\ncode = "74"\nfen = { ordinary = "待核实", high = 9300 }\n')
    )
    world.place("A3", "A", risk_class=RiskClass.HIGH)
    high, own, none, flat, odd, unpriced = (
        world.person(place) for place in ("A3", "A3", "A1", "A1", "A1", "A1")
    )
    world.change(Member, own, risk_class=RiskClass.ORDINARY)
    world.change(Member, unpriced, risk_class=RiskClass.ORDINARY)
    for member, tier in (
        (high, "26"),
        (own, "26"),
        (none, "26"),
        (flat, "50"),
        (odd, "99"),
        (unpriced, "74"),
    ):
        world.cover(member, "A1", tier=tier)
    run = world.preview()
    found = [
        (world.row(run, member).fen, world.reasons(run, member))
        for member in (high, own, none, flat, odd, unpriced)
    ]
    assert found == [
        (3200, []),
        (2600, []),
        (0, ["no_price"]),
        (5000, []),
        (0, ["no_price"]),
        (0, ["no_price"]),
    ]


def test_a_plan_that_has_ended(world: World) -> None:
    world.publish(plan_text(head="ended = 2026-11-30"))
    member = world.covered()
    run = world.preview()
    assert world.reasons(run, member) == ["plan_ended"]
    assert world.view(run).fen == 0


def test_a_plan_that_has_ended_hands_over_to_its_successor(world: World) -> None:

    world.publish(plan_text(head='ended = 2026-11-30\nsuccessor = "next"'))
    world.publish(plan_text(AGE, code="next", fee="per_share_fen = 5000", effective=date(2026, 12, 1)))
    member, old = world.covered(), world.covered(born=date(1950, 1, 1))
    taken = world.covered()
    world.cover(taken, plan="next", ends=date(2027, 11, 30))
    run = world.preview()
    assert [world.reasons(run, one) for one in (member, old, taken)] == [
        [],
        ["over_age"],
        ["already_covered"],
    ]
    assert apply_run(world.database, world.actor, run).changed
    (new,) = world.terms(member, "next")
    assert (new.starts, new.ends, new.fen) == (STARTS, date(2027, 11, 30), 5000)
    assert new.prior_id == world.terms(member)[0].id
    with world.database.read(world.actor) as unit:
        assert [result for result in verify(unit) if not result.ok] == []


def test_an_edition_changes_between_terms(world: World) -> None:
    """Each anniversary goes by the edition of its own first day."""
    world.publish(plan_text())
    world.publish(plan_text(AGE, edition="2027", effective=date(2027, 1, 1), fee="per_share_fen = 4000"))
    old = date(1950, 1, 1)
    before, after = world.person(born=old), world.person(born=old)
    fine = world.person()
    world.cover(before, ends=date(2026, 12, 30))
    world.cover(after, ends=date(2026, 12, 31))
    world.cover(fine, ends=date(2026, 12, 31))
    run = world.preview(window_from=date(2026, 12, 1), window_to=date(2026, 12, 31))
    assert [world.reasons(run, member) for member in (before, after, fine)] == [[], ["over_age"], []]
    assert [world.row(run, member).fen for member in (before, fine)] == [3600, 4000]
    assert world.view(run).fen == 7600


def test_not_submitted_leaves_the_unit_out_and_can_be_taken_back(plain: World) -> None:

    mine, other = plain.covered("A1"), plain.covered("A2")
    run = plain.preview()
    before = plain.view(run)
    for state, expected in ((UnitState.NOT_SUBMITTED, ["not_submitted"]), (UnitState.CONFIRMED, [])):
        plain.database.act(plain.actor, review_unit, run=run, organisation_id=plain.places["A1"], state=state)
        assert plain.reasons(run, mine) == expected
        assert plain.reasons(run, other) == []
        assert plain.view(run).renewed == 2 - len(expected)
        assert plain.units(run)["A1"].state is state
    assert (plain.view(run).renewed, plain.view(run).fen) == (before.renewed, before.fen)


def test_a_person_with_two_terms_in_the_window_is_one_candidate(world: World) -> None:
    """A half-year plan and a window of a year: it is the last term that is followed."""
    world.publish(plan_text(months=6))
    twice, once = world.person(), world.person()
    world.cover(twice, starts=date(2025, 12, 1), ends=date(2026, 5, 31))
    last = world.cover(twice, starts=date(2026, 6, 1), ends=date(2026, 11, 30))
    world.cover(once, starts=date(2025, 12, 1), ends=date(2026, 5, 31))
    run = world.preview(window_from=date(2026, 1, 1), window_to=date(2026, 12, 31))
    assert world.decided(run) == {twice, once}
    assert (world.row(run, twice).verdict, world.row(run, twice).starts) == (Verdict.RENEW, STARTS)

    assert apply_run(world.database, world.actor, run).changed
    assert world.terms(twice)[-1].prior_id == last


def test_a_void_term_is_nobody_s_candidate(plain: World) -> None:
    member = plain.person()
    plain.cover(member, state=EnrollmentState.VOID)
    plain.covered()
    assert member not in plain.decided(plain.preview())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"plan": "nothing"}, "plans.unknown_plan"),
        ({"window_from": ENDS, "window_to": ENDS - DAY}, "renewal.window_order"),
        ({"at": date(2031, 1, 1)}, "renewal.window_empty"),
        ({"organisation": "nowhere"}, "organisations.unknown"),
        ({"organisation": "B"}, "renewal.nobody"),
        ({"funding": "nobody"}, "renewal.unknown_funding"),
        ({"with_class": True}, "renewal.no_class"),
        ({"grace_days": 30}, "renewal.grace_reason_needed"),
    ],
)
def test_a_preview_that_cannot_be_made_writes_nothing(
    plain: World, change: dict[str, object], code: str
) -> None:
    plain.covered()
    with pytest.raises(Refused) as refused:
        plain.preview(**change)  # type: ignore[arg-type]
    assert refused.value.code == code

    with plain.database.read(plain.actor) as unit:
        assert queries.runs(unit) == ()


def test_the_number_of_a_refused_run_is_not_lost(plain: World) -> None:
    plain.covered()
    with pytest.raises(Refused):
        plain.preview(organisation="B")
    assert plain.preview() == "XB-2026-0001"


def test_women_in_post_are_added_by_class(world: World) -> None:
    world.publish(plan_text(WOMEN, AGE, IN_POST, WOMEN_CLASS))
    had = world.covered()
    new, man, retired = world.person(), world.person(sex=Sex.MALE), world.person(status=Status.RETIRED)
    homeless, old, elsewhere = world.person(None), world.person(born=date(1950, 1, 1)), world.person()
    world.cover(elsewhere, ends=date(2027, 3, 31))
    run = world.preview(with_class=True)
    assert world.decided(run) == {had, new, old, elsewhere}
    assert homeless not in world.decided(run) and {man, retired}.isdisjoint(world.decided(run))
    assert [world.row(run, one).verdict for one in (had, new)] == [Verdict.RENEW, Verdict.ADD]
    assert world.reasons(run, old) == ["over_age"]
    assert world.reasons(run, elsewhere) == ["already_covered"]

    apply_run(world.database, world.actor, run)
    (term,) = world.terms(new)
    assert (term.starts, term.waiting_until, term.prior_id) == (STARTS, STARTS + timedelta(days=29), None)
    assert (term.continuous_since, term.entry.value) == (STARTS, "added")
    followed = world.terms(had)[-1]
    assert (followed.waiting_until, followed.entry.value) == (None, "renewed")


def test_a_street_adds_its_own_class_only(world: World) -> None:
    world.publish(plan_text(WOMEN, AGE, IN_POST, WOMEN_CLASS))
    mine, other = world.person("A1"), world.person("B1")
    run = world.preview(with_class=True, organisation="A")
    assert world.decided(run) == {mine} and other not in world.decided(run)


def test_without_the_class_nobody_is_added(world: World) -> None:
    world.publish(plan_text(WOMEN, AGE, IN_POST, WOMEN_CLASS))
    had, new = world.covered(), world.person()
    assert world.decided(world.preview()) == {had} and new
