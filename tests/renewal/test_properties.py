"""Random districts and random words of clerks: the counts always reconcile, and what explains one person is
what decided about all."""

import itertools
import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from benefits.contributions.models import Due
from benefits.database import open_database
from benefits.enrollment import invariants as cover_invariants
from benefits.enrollment.models import Enrollment
from benefits.kernel.clock import FixedClock
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.kernel.verify import check
from benefits.members.models import Status
from benefits.organisations.models import RiskClass
from benefits.plans.explain import explain
from benefits.renewal import invariants
from benefits.renewal.batch import apply_run
from benefits.renewal.models import Decision, Override, RunReason, RunTally, UnitState, Verdict
from benefits.renewal.report import renewal_report
from benefits.renewal.service import override, review_unit
from tests import engines
from tests.renewal.factory import (
    AGE,
    ENDS,
    IN_POST,
    STARTS,
    THREE_PAYERS,
    UNIT_PAYS,
    WOMEN,
    WOMEN_CLASS,
    World,
    plan_text,
)

RULE = '[participation]\nbasis = "staff"\nratio = 0.50\nall_in_below = 3\n'
PLACES = ("A1", "A2", "B1", "B2", "S", None)
HOLD = (*cover_invariants.INVARIANTS, *invariants.INVARIANTS)
EDGES = (date(1965, 11, 30), date(1965, 12, 1), date(1965, 12, 2), date(2010, 12, 1), date(2010, 12, 2))

_people = st.lists(
    st.fixed_dictionaries(
        {
            "place": st.sampled_from(PLACES),
            "paid": st.sampled_from([*PLACES[:-1], None]),
            "born": st.sampled_from([None, date(1990, 5, 1), *EDGES]),
            "sex": st.sampled_from([Sex.FEMALE, Sex.FEMALE, Sex.FEMALE, Sex.MALE, None]),
            "status": st.sampled_from([Status.IN_POST] * 4 + [*Status, None]),
            "shares": st.integers(1, 3),
            "days": st.sampled_from([0, 0, 0, 5, 200]),
            "exhausted": st.booleans(),
            "taken": st.sampled_from([False] * 5 + [True]),
        }
    ),
    min_size=1,
    max_size=25,
)
_words = st.lists(
    st.tuples(st.integers(0, 24), st.sampled_from([Override.INCLUDE, Override.DECLINE, None])), max_size=8
)


def _fill(world: World, people: list[dict[str, Any]]) -> None:
    with world.batch():
        for person in people:
            member = world.person(
                person["place"], born=person["born"], sex=person["sex"], status=person["status"]
            )
            if person["paid"] is None:
                continue
            fact: dict[str, Any] = {"exhausted_on": ENDS} if person["exhausted"] else {}
            ends = ENDS + timedelta(days=person["days"])
            world.cover(member, person["paid"], ends=ends, shares=person["shares"], fen=1, **fact)
            if person["taken"]:
                world.cover(member, person["paid"], starts=date(2027, 9, 1), ends=date(2027, 9, 30))


def _say(world: World, run: str, words: list[tuple[int, Override | None]]) -> None:
    members = sorted(world.decided(run))
    for number, kind in words:
        try:
            world.database.act(
                world.actor,
                override,
                run=run,
                member_id=members[number % len(members)],
                kind=kind,
                reason="x" if kind else "",
            )
        except Refused as refusal:
            assert refusal.code == "renewal.cannot_include"


def _reconcile(world: World, run: str) -> None:
    view = world.view(run)
    with world.database.read(world.actor) as unit:
        decided = unit.exec(select(Decision)).all()
        tallies = unit.exec(select(RunTally)).all()
        checks = renewal_report(unit, [run]).checks
        assert [result for result in check(unit, HOLD) if not result.ok] == []
    kinds = Counter(row.verdict for row in decided)
    assert view.candidates == len(decided) == sum(kinds.values())
    assert (view.renewed, view.added, view.excluded, view.declined) == tuple(kinds[kind] for kind in Verdict)
    joins = [row for row in decided if row.verdict in (Verdict.RENEW, Verdict.ADD)]
    assert (view.shares, view.fen) == (sum(row.shares for row in joins), sum(row.fen for row in joins))
    scan: Counter[tuple[int, int]] = Counter()
    for row in decided:
        scan[row.organisation_id, row.price or 0] += 1
    assert {(row.organisation_id, row.price): row.candidates for row in tallies} == dict(scan)
    assert all(held for _, held in checks), checks


_round = itertools.count()


@pytest.mark.usefixtures("database_url")
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a failing district is small enough to read
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    people=_people,
    words=_words,
    missing=st.sampled_from(["A1", "B2", None]),
    klass=st.booleans(),
    chunk=st.sampled_from([1, 4, 50_000]),
    place=st.sampled_from([None, "A"]),
)
def test_a_run_reconciles_whatever_is_in_it(
    engine_kind: str,
    tmp_path_factory: pytest.TempPathFactory,
    root: Any,
    people: list[dict[str, Any]],
    words: list[tuple[int, Override | None]],
    missing: str | None,
    klass: bool,
    chunk: int,
    place: str | None,
) -> None:
    where = engines.fresh(engine_kind, "migrated", tmp_path_factory.mktemp(f"round{next(_round)}"))
    database = open_database(where, clock=FixedClock(date(2026, 11, 20)))
    try:
        world = World(database, root)
        world.publish(plan_text(WOMEN, AGE, IN_POST, WOMEN_CLASS, RULE, funding=THREE_PAYERS + UNIT_PAYS))
        world.place("S", "A", staff=6)
        _fill(world, people)
        try:
            run = world.preview(
                window_from=ENDS - timedelta(days=20),
                window_to=ENDS + timedelta(days=20),
                with_class=klass,
                funding="three",
                organisation=place,
            )
        except Refused as refusal:
            assert refusal.code in ("renewal.nobody", "renewal.window_empty")
            return
        _reconcile(world, run)
        _say(world, run, words)
        if missing is not None and missing in world.units(run):
            world.database.act(
                world.actor,
                review_unit,
                run=run,
                organisation_id=world.places[missing],
                state=UnitState.NOT_SUBMITTED,
            )
        _reconcile(world, run)
        before = world.view(run)
        apply_run(database, world.actor, run, chunk=chunk)
        _reconcile(world, run)
        with database.read(root) as unit:
            new = unit.exec(select(Enrollment).where(col(Enrollment.run_id).is_not(None))).all()
            dues = unit.exec(select(Due)).all()
        assert len(new) == before.renewed + before.added
        assert sum(term.fen for term in new) == before.fen == sum(due.fen for due in dues)
        assert apply_run(database, world.actor, run, chunk=chunk).changed is False
    finally:
        database.close()
        engines.discard(where)


def test_what_explains_one_person_is_what_decided_about_all(world: World) -> None:
    """``explain`` for random people against the bits of the batch: the same rules, met, not met or without
    data (ANCHORS III)."""
    chance = random.Random(20261122)
    risk = '[[require]]\nid = "risk"\ntest = { fact = "risk_class", is = "ordinary" }\n'
    retirement = '[[require]]\nid = "late"\ntest = { below_statutory_retirement = true, at = "start" }\n'
    world.publish(plan_text(WOMEN, AGE, IN_POST, risk, retirement))
    world.place("H", "A", risk_class=RiskClass.HIGH)
    world.place("O", "A", risk_class=RiskClass.ORDINARY)

    def maybe(*values: Any) -> Any:
        return None if chance.random() < 0.15 else chance.choice(values)

    with world.batch():
        members = []
        for _ in range(250):
            place = chance.choice(["H", "O", "A1"])
            member = world.person(
                place,
                born=maybe(*EDGES, date(1990, 5, 1)),
                sex=maybe(Sex.FEMALE, Sex.FEMALE, Sex.MALE),
                status=maybe(Status.IN_POST, Status.IN_POST, *Status),
                risk_class=maybe(*RiskClass),
                retirement_month=maybe(date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)),
            )
            world.cover(member, place)
            members.append(member)
    world.preview()
    with world.database.read(world.actor) as unit:
        bits = dict(unit.exec(select(col(Decision.member_id), col(Decision.reasons))).all())
        reasons = unit.exec(select(RunReason)).all()
        verdicts: Counter[bool | None] = Counter()
        for member in members:
            told = explain(unit, "t", member, STARTS)
            for rule in told.rules:
                mine = [reason for reason in reasons if reason.rule_id == rule.rule_id]
                missing = [reason for reason in mine if reason.code == "data_missing"]
                failed = {reason.code for reason in mine if reason.code != "data_missing"}
                if rule.rule_id == "in-post":
                    failed |= {"deceased", "retired", "left"}
                holds = {reason.code for reason in reasons if bits[member] >> reason.bit & 1}
                assert any(bits[member] >> reason.bit & 1 for reason in missing) == (rule.verdict is None)
                assert bool(failed & holds) == (rule.verdict is False), (member, rule)
                verdicts[rule.verdict] += 1
            assert (bits[member] == 0) == (told.verdict is True)
    assert min(verdicts[True], verdicts[False], verdicts[None]) > 50
