"""The report's figures, added up again by plain Python over the decisions."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.members.models import Member, Status
from benefits.organisations.models import Organisation
from benefits.renewal.batch import apply_run
from benefits.renewal.dataset import RenewalReport, Tally
from benefits.renewal.models import Decision, Override, RunPriceLine, RunReason, UnitState, Verdict
from benefits.renewal.report import renewal_report
from benefits.renewal.service import abandon, override, review_unit
from tests.renewal.factory import (
    AGE,
    IN_POST,
    STARTS,
    THREE_PAYERS,
    UNIT_PAYS,
    WOMEN,
    WOMEN_CLASS,
    World,
    contents,
    plan_text,
)

HALF = '[participation]\nbasis = "staff"\nratio = 0.50\nall_in_below = 5\n'


@dataclass(frozen=True)
class Rows:
    """A run's rows, read without any of the report's queries."""

    decisions: tuple[Decision, ...]
    street: dict[int, str]
    lines: dict[int, dict[str, int]]
    meaning: dict[int, str]

    def tally(self, only: Any = None) -> Tally:
        rows = [row for row in self.decisions if only is None or only(row)]
        kinds = Counter(row.verdict for row in rows)
        joins = [row for row in rows if row.verdict in (Verdict.RENEW, Verdict.ADD)]
        return Tally(
            len(rows),
            kinds[Verdict.RENEW],
            kinds[Verdict.ADD],
            kinds[Verdict.EXCLUDE],
            kinds[Verdict.DECLINE],
            sum(row.shares for row in joins),
            sum(row.fen for row in joins),
        )


def _rows(world: World, run_id: int) -> Rows:
    with world.database.read(world.actor) as unit:
        decisions = unit.exec(select(Decision).where(col(Decision.run_id) == run_id)).all()
        names = {row.id: row.name for row in unit.exec(select(Organisation))}
        parents = {row.id: row.parent_id for row in unit.exec(select(Organisation))}
        lines: dict[int, dict[str, int]] = {}
        for line in unit.exec(select(RunPriceLine).where(col(RunPriceLine.run_id) == run_id)):
            lines.setdefault(line.price, {})[line.payer.value] = line.fen
        meaning = {
            row.bit: row.code for row in unit.exec(select(RunReason).where(col(RunReason.run_id) == run_id))
        }
    street = {place: names[parents[place]] for place in parents if place and parents[place]}
    return Rows(tuple(decisions), street, lines, meaning)


def _report(world: World, *runs: str, lang: str = "zh") -> RenewalReport:
    with world.database.read(world.actor) as unit:
        return renewal_report(unit, runs, lang=lang)


@pytest.fixture
def mixed(world: World) -> tuple[World, str]:
    """A district with every verdict, three payers and a unit below its ratio."""
    world.publish(plan_text(WOMEN, AGE, IN_POST, WOMEN_CLASS, HALF, funding=THREE_PAYERS + UNIT_PAYS))
    world.place("U", "B", staff=100)
    world.many(20, "A1", "A2", "B1")
    world.many(3, "A1", "B2", status=Status.RETIRED)
    world.many(2, "A2", status=Status.DECEASED, birth=date(1950, 1, 1))
    world.many(4, "U")
    world.many(2, "A1", birth=None)
    for place in ("A1", "B1", "D"):
        world.person(place)
    double = world.person("B1")
    world.cover(double, "B1", shares=2, fen=7200)
    run = world.preview(with_class=True, funding="three")
    first, *_, last = sorted(world.decided(run))
    world.database.act(
        world.actor, override, run=run, member_id=first, kind=Override.DECLINE, reason="本人放弃"
    )
    world.database.act(
        world.actor,
        review_unit,
        run=run,
        organisation_id=world.places["B2"],
        state=UnitState.NOT_SUBMITTED,
    )
    assert last == double
    return world, run


@pytest.mark.parametrize("applied", [False, True])
def test_every_figure_can_be_added_up_again(mixed: tuple[World, str], applied: bool) -> None:
    world, run = mixed
    if applied:
        apply_run(world.database, world.actor, run)
    report, rows = _report(world, run), _rows(world, 1)
    assert [held for _, held in report.checks] == [True] * 5
    total = rows.tally()
    assert min(total.renewed, total.added, total.excluded, total.declined) > 0
    (plan,) = report.plans
    assert (report.total, plan.tally) == (total, total)
    assert report.persons == total.renewed + total.added
    assert {line.name: line.tallies[0] for line in report.streets if line.code} == {
        name: rows.tally(lambda row, name=name: rows.street.get(row.organisation_id) == name)
        for name in ("A工会", "B工会")
    }
    payers: Counter[str] = Counter()
    for row in rows.decisions:
        if row.verdict in (Verdict.RENEW, Verdict.ADD) and row.price:
            for payer, fen in rows.lines[row.price].items():
                payers[payer] += fen * row.shares
    assert sorted(line.fen for line in report.payers) == sorted(payers.values())
    assert sum(payers.values()) == total.fen
    told: Counter[str] = Counter()
    for row in rows.decisions:
        if row.verdict is Verdict.EXCLUDE:
            told.update({code for bit, code in rows.meaning.items() if row.reasons >> bit & 1})
    found: Counter[str] = Counter()
    for line in report.reasons:
        found[line.code] = max(found[line.code], line.people[0])
    assert found == told
    assert plan.eligible == sum(row.reasons == 0 for row in rows.decisions)
    assert plan.last_term_people == sum(row.prior_id is not None for row in rows.decisions)


def test_sheets_name_everybody_once(mixed: tuple[World, str]) -> None:
    world, run = mixed
    report, rows = _report(world, run), _rows(world, 1)
    joined = [row for sheet in report.sheets for row in sheet.rows]
    left_out = [row for sheet in report.sheets for row in sheet.left_out]
    assert (len(joined), sum(row.fen for row in joined)) == (
        report.total.renewed + report.total.added,
        report.total.fen,
    )
    assert len(joined) + len(left_out) == len(rows.decisions)
    assert all(row.reasons for row in left_out)
    for sheet in report.sheets:
        assert sum(fen for _, fen in sheet.payers) == sheet.tally.fen == sum(row.fen for row in sheet.rows)
        assert [row.number for row in sheet.rows] == list(range(1, len(sheet.rows) + 1))
    lines = {line.unit: line for line in report.participation}
    assert (lines["U工会"].state, lines["U工会"].basis_people) == ("below", 100)
    assert lines["B2工会"].state == "not_submitted"


def test_the_digest_is_stable_and_changes_with_any_decision(mixed: tuple[World, str]) -> None:
    world, run = mixed
    digest = _report(world, run).digest
    assert digest == _report(world, run).digest == _report(world, run, lang="en").digest
    apply_run(world.database, world.actor, run)
    assert _report(world, run).digest == digest
    seen = {digest}
    changes = ({"shares": 9}, {"fen": 1}, {"reasons": 1}, {"override": Override.DECLINE})
    for change in changes:
        world.change(Decision, (1, max(world.decided(run))), **change)
        seen.add(_report(world, run).digest)
    assert len(seen) == 1 + len(changes)


def test_a_figure_that_does_not_agree_fails_its_check(mixed: tuple[World, str]) -> None:
    world, run = mixed
    apply_run(world.database, world.actor, run)
    with world.database.engine.begin() as connection:
        if world.database.dialect == "postgresql":
            connection.exec_driver_sql("SELECT set_config('benefits.scope', '/', true)")
        connection.exec_driver_sql("UPDATE due SET fen = fen + 1 WHERE id = 1")
    checks = {said.key: held for said, held in _report(world, run).checks}
    assert checks["renewal.check.dues"] is False


def test_two_plans_in_one_report(world: World) -> None:
    world.publish(plan_text())
    world.publish(plan_text(code="other", fee="per_share_fen = 2500"))
    both, one = world.covered("A1"), world.covered("B1")
    for member in (both, one):
        world.cover(member, plan="other", ends=STARTS.replace(day=15))
    runs = [world.preview(), world.preview(plan="other", at=STARTS.replace(day=15))]
    world.change(Member, one, status=Status.DECEASED)
    world.database.act(world.actor, abandon, run=runs[0], reason="重做")
    runs[0] = world.preview()
    report = _report(world, *runs)
    assert report.total.people == 3 and report.persons == 2
    assert [plan.tally.fen for plan in report.plans] == [3600, 5000]
    assert all(held for _, held in report.checks)
    assert {len(line.tallies) for line in report.streets} == {2}


def test_last_year_is_that_of_the_run_s_place(world: World) -> None:
    world.publish(plan_text())
    world.many(3, "A1")
    world.many(5, "B1")
    (plan,) = _report(world, world.preview(organisation="A")).plans
    assert (plan.last_year_people, plan.last_year_fen) == (3, 3 * 3600)
    assert (plan.last_term_people, plan.last_term_fen) == (3, 3 * 3600)


def test_lapsed_and_in_grace(world: World) -> None:
    world.publish(plan_text(IN_POST))
    for ends in (date(2026, 10, 20), date(2026, 10, 21), date(2026, 11, 20)):
        world.cover(world.person(status=Status.RETIRED), ends=ends)
    run = world.preview(window_from=date(2026, 10, 1), window_to=date(2026, 11, 30))
    (plan,) = _report(world, run).plans
    assert (plan.lapsed, plan.in_grace) == (1, 1)


def test_a_report_writes_nothing(mixed: tuple[World, str]) -> None:
    world, run = mixed
    before = contents(world.database)
    _report(world, run)
    assert contents(world.database) == before


def test_an_unknown_run_has_no_report(world: World) -> None:
    world.publish(plan_text())
    with pytest.raises(Refused) as refused:
        _report(world, "XB-1999-0001")
    assert refused.value.code == "renewal.unknown_run"


def test_a_street_s_clerk_gets_the_whole_report_on_the_street(world: World) -> None:
    world.publish(plan_text())
    moved, here = world.person("B1"), world.person("A1")
    world.cover(moved, "A1")
    world.cover(here, "B2")
    run = world.preview(organisation="A")
    from benefits.kernel.actions import Actor

    clerk = Actor("li", "李娜", frozenset(), f"/{world.places['D']}/{world.places['A']}/")
    with world.database.read(clerk) as unit:
        mine = renewal_report(unit, [run])
    whole = _report(world, run)
    assert (mine.total, mine.digest, mine.streets) == (whole.total, whole.digest, whole.streets)
    assert (mine.plans[0].last_term_people, mine.plans[0].left) == (2, whole.plans[0].left)
    assert [len(sheet.rows) + len(sheet.left_out) for sheet in mine.sheets] == [2] * len(mine.sheets)
    assert all(held for _, held in mine.checks)
