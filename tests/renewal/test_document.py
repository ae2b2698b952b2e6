"""A run is a document (批次文书): its report and lists are whole for whoever sees it, whatever moved
since."""

from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from benefits.access.models import Role
from benefits.access.queries import PERMISSIONS
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.organisations.service import move
from benefits.plans.service import add_edition
from benefits.renewal import queries
from benefits.renewal.apply import start
from benefits.renewal.batch import apply_run
from benefits.renewal.dataset import RenewalReport
from benefits.renewal.report import renewal_report
from benefits.renewal.service import abandon
from reports.renewal import render
from tests.renewal.factory import ENDS, World, plan_text

NEXT = date(2026, 12, 15)


def _clerk(world: World, street: str) -> Actor:
    path = f"/{world.places['D']}/{world.places[street]}/"
    return Actor("li", "李娜", PERMISSIONS[Role.CLERK], path)


def _report(world: World, *runs: str, actor: Actor | None = None, lang: str = "zh") -> RenewalReport:
    with world.database.read(actor or world.actor) as unit:
        return renewal_report(unit, runs, lang=lang)


def _refused(world: World, *runs: str) -> str:
    with pytest.raises(Refused) as refused:
        _report(world, *runs)
    return refused.value.code


@pytest.fixture
def moved(plain: World) -> tuple[World, Actor, str]:
    """Street A's applied run, of which a unit stands in street B now."""
    plain.many(4, "A1", "A2")
    clerk = _clerk(plain, "A")
    run = plain.preview(clerk)
    apply_run(plain.database, clerk, run)
    plain.database.act(
        plain.actor,
        move,
        organisation_id=plain.places["A1"],
        parent_id=plain.places["B"],
        on=date(2026, 11, 20),
    )
    return plain, clerk, run


def test_a_unit_that_moved_stays_in_the_report(moved: tuple[World, Actor, str]) -> None:
    world, clerk, run = moved
    whole, mine = _report(world, run), _report(world, run, actor=clerk)
    assert (whole.total.candidates, whole.total.renewed) == (4, 4)
    assert all(held for _, held in whole.checks) and all(held for _, held in mine.checks)
    assert (mine.total, mine.digest, mine.streets, mine.sheets) == (
        whole.total, whole.digest, whole.streets, whole.sheets,
    )  # fmt: skip
    assert [(line.code, line.units) for line in whole.streets] == [("A", 1), ("B", 1)]


def test_a_unit_that_moved_stays_on_the_lists(moved: tuple[World, Actor, str]) -> None:
    world, clerk, run = moved
    for actor in (world.actor, clerk):
        with world.database.read(actor) as unit:
            view = queries.view(unit, run)
            assert (view.candidates, view.renewed, sum(view.units.values())) == (4, 4, 4)
            assert [row.code for row in queries.units(unit, run)] == ["A2", "A1"]
            assert len(queries.decisions(unit, run)) == queries.count_decisions(unit, run) == 4
            assert queries.count_decisions(unit, run, organisation_id=world.places["A1"]) == 2


def test_lists_take_a_street_with_all_below_it(plain: World) -> None:
    plain.many(6, "A1", "A2", "B1")
    run = plain.preview()
    with plain.database.read(plain.actor) as unit:
        found = {
            code: queries.count_decisions(unit, run, organisation_id=plain.places[code])
            for code in ("D", "A", "A1", "B", "B2")
        }
        listed = queries.decisions(unit, run, organisation_id=plain.places["A"])
        with pytest.raises(Refused) as refused:
            queries.decisions(unit, run, organisation_id=10**6)
    assert found == {"D": 6, "A": 4, "A1": 2, "B": 2, "B2": 0}
    assert {row.organisation for row in listed} == {"A1工会", "A2工会"}
    assert refused.value.code == "organisations.unknown"


def test_a_reason_that_the_run_does_not_know_is_refused(plain: World) -> None:
    plain.covered()
    run = plain.preview()
    with plain.database.read(plain.actor) as unit:
        for ask in (queries.decisions, queries.count_decisions):
            with pytest.raises(Refused) as refused:
                ask(unit, run, reason="over_agee")
            assert refused.value.code == "renewal.unknown_reason"
            assert "retired" in str(refused.value.say.params["known"])
        assert queries.count_decisions(unit, run, reason="retired") == 0


def test_runs_of_two_places_share_no_report(plain: World) -> None:
    plain.publish(plan_text(code="u"))
    plain.covered("A1")
    plain.cover(plain.person("B1"), "B1", plan="u")
    first, second = plain.preview(organisation="A"), plain.preview(plan="u", organisation="B")
    assert _refused(plain, first, second) == "renewal.report_places"
    assert _refused(plain, second, first) == "renewal.report_places"
    assert _report(plain, first, first).total.candidates == 1, "a run named twice is one run"


def test_a_plan_stands_once_for_each_day(plain: World) -> None:
    plain.covered()
    plain.cover(plain.person(), ends=NEXT)
    first, second = plain.preview(), plain.preview(at=NEXT)
    assert _report(plain, first, second).total.candidates == 2
    apply_run(plain.database, plain.actor, first)
    plain.covered()
    again = plain.preview(window_from=ENDS, window_to=ENDS)
    assert _refused(plain, first, again) == "renewal.report_twice"


def test_an_abandoned_run_has_no_report(plain: World) -> None:
    plain.covered()
    run = plain.preview()
    plain.database.act(plain.actor, abandon, run=run, reason="重做")
    assert _refused(plain, run) == "renewal.report_abandoned"


@pytest.mark.parametrize(("lang", "word"), [("zh", "草稿"), ("en", "DRAFT")])
def test_what_is_not_applied_is_a_draft_on_every_page(
    plain: World, tmp_path: Path, lang: str, word: str
) -> None:
    def pages(run: str) -> list[str]:
        report = _report(plain, run, lang=lang)
        path = render(report, tmp_path / "r.pdf", lang).path
        texts = [page.extract_text() for page in PdfReader(path).pages]
        assert len(texts) > 4 and report.draft is (plain.state(run) != "applied")
        return texts

    plain.many(4, "A1", "B1")
    run = plain.preview()
    assert all(word in page for page in pages(run))
    plain.database.act(plain.actor, start, run=run)
    assert plain.state(run) == "applying" and all(word in page for page in pages(run))
    apply_run(plain.database, plain.actor, run)
    assert not any(word in page for page in pages(run))


def test_who_is_renewed_by_a_run_half_applied_is_not_renewed_yet(plain: World) -> None:
    plain.many(4, "A1")
    run = plain.preview()
    stops = iter((False, True))
    done = apply_run(plain.database, plain.actor, run, chunk=2, cancelled=lambda: next(stops))
    assert not done.finished

    def renewed() -> list[tuple[int, int]]:
        with plain.database.read(plain.actor) as unit:
            return [(line.people, line.renewed) for line in queries.expiring(unit, ENDS, ENDS)]

    assert renewed() == [(4, 0)]
    apply_run(plain.database, plain.actor, run, chunk=2)
    assert renewed() == [(4, 4)]


@pytest.mark.parametrize(("same", "told"), [("true", True), ("false", False)])
def test_equal_shares_in_a_unit_are_left_to_the_clerk_in_so_many_words(
    world: World, same: str, told: bool
) -> None:
    world.publish(plan_text(shares=f"min = 1\nmax = 2\nsame_in_unit = {same}"))
    world.covered()
    (plan,) = _report(world, world.preview()).plans
    assert any("份数必须相同" in note for note in plan.notes) is told


def test_a_rule_of_many_words_has_room_in_the_reasons(world: World) -> None:
    """Only PostgreSQL counts the characters of a column."""
    rule = f"""
[[require]]
id = "long"
reason = "not_in_post"
say = {{ zh = "{"长" * 400}", en = "{"long " * 79}" }}
test = {{ fact = "status", is = "retired" }}
"""
    world.publish(plan_text(rule))
    member = world.covered()
    ((_, zh, en),) = world.row(world.preview(), member).reasons
    assert 150 < len(zh) <= 200 and "…" in zh and len(en) <= 300 and "…" in en


@pytest.mark.parametrize(("zh", "en"), [("名" * 121, "name"), ("名", "n" * 201)])
def test_a_plan_s_name_must_have_room(plain: World, zh: str, en: str) -> None:
    text = plan_text(code="u").replace("试验u", zh).replace("Trial u", en)
    with pytest.raises(Refused) as refused:
        plain.database.act(plain.actor, add_edition, text=text)
    assert refused.value.code == "plans.bad_file"
    fits = plan_text(code="u").replace("试验u", "名" * 120).replace("Trial u", "n" * 200)
    assert plain.database.act(plain.actor, add_edition, text=fits)
