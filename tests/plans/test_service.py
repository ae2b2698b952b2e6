"""Editions in the database, on both engines: publishing, immutability, reading back, and explaining one
person."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.kernel.unit import Database
from benefits.members.models import Employment, Member, Status
from benefits.organisations.models import Level
from benefits.organisations.service import found as found_organisation
from benefits.plans import queries, service
from benefits.plans.explain import Explanation, explain
from benefits.plans.load import FOLDER
from benefits.plans.models import PlanEdition, PlanKind

WOMEN, ACCIDENT = "bj-women-disease-1y", "bj-accident-1y"
START = date(2026, 1, 1)
GOOD = (FOLDER / f"{ACCIDENT}@2017.toml").read_text("utf-8")


def next_edition(effective: str = "2027-01-01", edition: str = "2027") -> str:
    text = GOOD.replace('edition = "2017"', f'edition = "{edition}"').replace(
        "ordinary = 7400", "ordinary = 7500"
    )
    return text.replace("effective = 2017-01-01", f"effective = {effective}")


@pytest.fixture
def stocked(database: Database, root: Actor) -> Database:
    """A database with the program's catalogue."""
    assert database.act(root, service.install_catalogue) == 3
    return database


def refused(database: Database, actor: Actor, text: str) -> str:
    before = count(database)
    with pytest.raises(Refused) as caught:
        database.act(actor, service.add_edition, text=text)
    assert count(database) == before, "a refused edition leaves nothing"
    return caught.value.code


def count(database: Database) -> int:
    with database.engine.connect() as connection:
        return int(
            connection.execute(sa.select(sa.func.count()).select_from(sa.table("plan_edition"))).scalar_one()
        )


def test_the_catalogue_is_installed_once(stocked: Database, root: Actor) -> None:
    assert stocked.act(root, service.install_catalogue) == 0
    with stocked.read(root) as unit:
        rows = queries.plans(unit)
    assert [(row.code, row.draft) for row in rows] == [
        (ACCIDENT, False),
        ("bj-five-covers", False),
        (WOMEN, False),
        ("bj-eight-covers", True),
    ]
    assert {row.code: row.edition for row in rows}[WOMEN] == "2018"
    assert all(row.unknowns > 0 for row in rows)


def test_an_edition_is_added_from_a_file_and_takes_over_on_its_day(
    stocked: Database, root: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "next.toml"
    path.write_text(next_edition(), "utf-8")
    assert service.check_file(path).edition.edition == "2027"
    edition_id = stocked.act(root, service.add_edition, path=path)
    with stocked.read(root) as unit:
        old = queries.edition_in_force(unit, ACCIDENT, date(2026, 12, 31))
        new = queries.edition_in_force(unit, ACCIDENT, date(2027, 1, 1))
        assert (old.edition.edition, new.edition.edition, new.edition_id) == ("2017", "2027", edition_id)
        assert (old.edition.fee.tiers[2].fen.ordinary, new.edition.fee.tiers[2].fen.ordinary) == (7400, 7500)  # type: ignore[union-attr]
        assert old.plan_id == new.plan_id
        assert queries.edition_by_id(unit, old.edition_id).edition == old.edition
        last = queries.last_edition(unit, ACCIDENT)
        assert last is not None and last.edition_id == edition_id
        detail = queries.edition_detail(unit, ACCIDENT, date(2026, 6, 1))
        assert [(row.edition, row.first, row.last) for row in detail.editions] == [
            ("2017", date(2017, 1, 1), date(2026, 12, 31)),
            ("2027", date(2027, 1, 1), None),
        ]


def test_what_does_not_fit_is_refused_and_leaves_nothing(stocked: Database, root: Actor) -> None:
    assert refused(stocked, root, next_edition(edition="2017")) == "plans.already_there"
    assert refused(stocked, root, next_edition("2017-01-01")) == "plans.past_edition"
    assert refused(stocked, root, next_edition("2016-01-01")) == "plans.past_edition"
    draft = (FOLDER / "bj-eight-covers@template.toml").read_text("utf-8")
    assert refused(stocked, root, draft) == "plans.draft_add"
    assert refused(stocked, root, next_edition().replace("grace_days", "grace")) == "plans.bad_file"
    ended = next_edition().replace("effective = 2027-01-01", "effective = 2027-01-01\nended = 2027-12-31")
    stocked.act(root, service.add_edition, text=ended)
    assert refused(stocked, root, next_edition("2028-02-01", "2028")) == "plans.breaks_days"
    assert refused(stocked, root, next_edition("2027-12-31", "2028")) == "plans.breaks_days"
    stocked.act(root, service.add_edition, text=next_edition("2028-01-01", "2028"))


def test_the_kind_of_a_plan_cannot_change(stocked: Database, root: Actor) -> None:
    bundle = (
        (FOLDER / "bj-five-covers@2021.toml").read_text("utf-8").replace('"bj-five-covers"', f'"{ACCIDENT}"')
    )
    assert refused(stocked, root, bundle.replace("2021-01-01", "2027-01-01")) == "plans.kind_changed"


def test_only_who_may_can_publish(stocked: Database, root: Actor) -> None:
    clerk = dataclasses.replace(root, permissions=frozenset({"renewal.apply"}))
    assert refused(stocked, clerk, next_edition()) == "access.not_permitted"


@pytest.mark.parametrize("change", ["UPDATE plan_edition SET document = 'x'", "DELETE FROM plan_edition"])
def test_a_published_edition_cannot_be_changed_even_past_the_program(stocked: Database, change: str) -> None:
    with stocked.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.execute(sa.text(change))
    assert count(stocked) == 3


def test_a_text_that_does_not_match_its_digest_is_not_used(stocked: Database, root: Actor) -> None:
    with stocked.engine.begin() as connection:
        day = "DATE '2027-01-01'" if stocked.dialect == "postgresql" else "'2027-01-01'"
        forged = f"SELECT id + 100, plan_id, '2027', {day}, digest, document || ' ', draft, published_at"
        forged += " FROM plan_edition"
        columns = "id, plan_id, edition, effective, digest, document, draft, published_at"
        connection.execute(sa.text(f"INSERT INTO plan_edition ({columns}) {forged}"))
    with stocked.read(root) as unit, pytest.raises(Refused) as caught:
        queries.edition_in_force(unit, WOMEN, START)
    assert caught.value.code == "plans.bad_digest"


def test_unknown_plans_days_without_a_rule_and_templates(stocked: Database, root: Actor) -> None:
    wanted = {
        ("nothing", START): "unknown_plan",
        (WOMEN, date(2017, 12, 31)): "no_edition",
        ("bj-eight-covers", START): "only_draft",
    }
    for (code, day), refusal in wanted.items():
        with stocked.read(root) as unit, pytest.raises(Refused) as caught:
            queries.edition_in_force(unit, code, day)
        assert caught.value.code == f"plans.{refusal}"
    with stocked.read(root) as unit:
        template = queries.edition_detail(unit, "bj-eight-covers", lang="en")
        assert template.draft and template.kind is PlanKind.BUNDLE and len(template.unknowns) > 20
        women = queries.edition_detail(unit, WOMEN)
    assert women.rules[0] == "限女职工" and women.class_rule == "全区在职女会员"
    assert women.funding[0] == ("district", "区总工会全额承担：区总工会全额")


PEOPLE = {
    # name: (sex, birth, status), verdicts of sex, age.min, age.max, in-post, then of all
    "王芳": (("female", date(1990, 5, 1), Status.IN_POST), (True, True, True, True), True),
    "李强": (("male", date(1990, 5, 1), Status.IN_POST), (False, True, True, True), False),
    "赵梅": (("female", date(1965, 1, 1), Status.IN_POST), (True, True, False, True), False),
    "孙丽": (("female", date(1965, 1, 2), Status.RETIRED), (True, True, True, False), False),
    "周敏": (("female", None, Status.IN_POST), (True, None, None, True), None),
    "吴静": ((None, None, None), (None, None, None, None), None),
    "郑岩": (("male", None, None), (False, None, None, None), False),
}


@pytest.fixture
def people(stocked: Database, root: Actor) -> dict[str, int]:
    """Members by name, all of one unit."""
    organisation = stocked.act(
        root,
        found_organisation,
        name="通州区总工会",
        code="110112",
        level=Level.DISTRICT,
        parent_id=None,
        founded=START,
    )
    ids = {}
    with stocked.upkeep() as session:
        for name, ((sex, birth, status), _, _) in PEOPLE.items():
            member = Member(
                organisation_id=organisation,
                name=name,
                sex=Sex(sex) if sex else None,
                birth=birth,
                status=status,
                employment=Employment.PLATFORM if name == "王芳" else None,
                id_number="110112199005010026" if name == "王芳" else None,
                changed_at=stocked.clock.now(),
            )
            session.add(member)
            session.flush()
            ids[name] = member.id or 0
    return ids


def told(database: Database, actor: Actor, member: int, plan: str = WOMEN, lang: str = "zh") -> Explanation:
    with database.read(actor) as unit:
        return explain(unit, plan, member, START, lang)


@pytest.mark.parametrize("name", PEOPLE)
def test_each_rule_is_explained_with_what_it_saw(
    name: str, people: dict[str, int], stocked: Database, root: Actor
) -> None:
    (_, birth, _), verdicts, whole = PEOPLE[name]
    found = told(stocked, root, people[name])
    assert [rule.rule_id for rule in found.rules] == ["sex", "age.min", "age.max", "in-post"]
    assert tuple(rule.verdict for rule in found.rules) == verdicts and found.verdict is whole
    for rule in found.rules:
        assert (rule.reason == "data_missing") == (rule.verdict is None)
        assert (rule.seen == "资料缺失") == (rule.verdict is None)
    assert birth is None or found.rules[1].seen == birth.isoformat()
    assert found.rules[2].sentence == "起保日未满61周岁"
    assert found.edition == "2018"


def test_the_class_and_the_mask(people: dict[str, int], stocked: Database, root: Actor) -> None:
    member = people["王芳"]
    found = told(stocked, root, member)
    assert found.id_masked == "110112********0026" and found.in_class is True
    assert told(stocked, root, people["李强"]).in_class is False
    assert told(stocked, root, people["吴静"]).in_class is None
    assert told(stocked, root, member, "bj-five-covers").in_class is True
    assert told(stocked, root, member, ACCIDENT).in_class is None
    english = told(stocked, root, member, lang="en")
    assert [rule.seen for rule in english.rules] == ["female", "1990-05-01", "1990-05-01", "in post"]


def test_nobody_is_explained_out_of_scope(people: dict[str, int], stocked: Database, root: Actor) -> None:
    stranger = dataclasses.replace(root, scope="/999/")
    for actor, member in ((root, 10**9), (stranger, people["王芳"])):
        with pytest.raises(Refused) as caught:
            told(stocked, actor, member)
        assert caught.value.code == "plans.no_member"


def test_the_stored_document_is_the_file_byte_for_byte(stocked: Database, root: Actor) -> None:
    with stocked.read(root) as unit:
        stored = {row.document for row in unit.exec(select(PlanEdition).order_by(col(PlanEdition.id)))}
    assert stored == {
        path.read_bytes().decode() for path in FOLDER.glob("*.toml") if "template" not in path.name
    }
