"""Worker categories in rules: several a person, each with its days; none is no datum missing, except of a
platform worker."""

from datetime import date

import pytest
from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.messages import text
from benefits.kernel.unit import Database
from benefits.members.models import Employment, Member, MemberCategory, WorkerCategory
from benefits.plans.compile import Day, clause
from benefits.plans.conditions import CODES, Fact, Is, Known, Not, OneOf
from benefits.plans.explain import explain
from benefits.plans.facts import member_facts
from tests.renewal.factory import ENDS, World, plan_text

FIRST, LAST = date(2026, 3, 1), date(2026, 8, 31)
COURIER = Is.model_validate({"fact": "category", "is": "courier"})
RIDERS = OneOf.model_validate({"fact": "category", "one_of": ["courier", "food_rider"]})
KNOWN = Known.model_validate({"known": "category"})


@pytest.fixture
def world(database: Database, root: Actor) -> World:
    return World(database, root)


def _holds(world: World, member: int, *spans: tuple[str, date, date | None]) -> int:
    with world.batch() as session:
        for code, starts, ends in spans:
            session.add(MemberCategory(member_id=member, category_code=code, starts=starts, ends=ends))
    return member


def _verdict(world: World, member: int, test: Is | OneOf | Known | Not, day: date) -> bool | None:
    with world.database.read(world.actor) as unit:
        query = select(clause(test, Day(day, None), member_facts())).select_from(Member)
        found = unit.exec(query.where(col(Member.id) == member)).one()
    return None if found is None else bool(found)


def test_the_words_of_rules_are_the_codes_of_the_register(world: World) -> None:
    with world.database.read(world.actor) as unit:
        names = {row.code: (row.name_zh, row.name_en) for row in unit.exec(select(WorkerCategory))}
    assert CODES[Fact.CATEGORY] == names.keys()
    keys = {code: f"plans.value.category.{code}" for code in names}
    assert {code: (text(key, "zh"), text(key, "en")) for code, key in keys.items()} == names


@pytest.mark.parametrize(
    ("day", "courier", "riders"),
    [
        (date(2026, 2, 28), False, True),
        (FIRST, True, True),
        (LAST, True, True),
        (date(2026, 9, 1), False, True),
        (date(2024, 12, 31), None, None),
    ],
)
def test_a_category_holds_on_its_days(
    world: World, day: date, courier: bool | None, riders: bool | None
) -> None:
    since = date(2025, 1, 1)
    member = world.person(employment=Employment.PLATFORM)
    _holds(world, member, ("courier", FIRST, LAST), ("food_rider", since, None))
    assert _verdict(world, member, COURIER, day) is courier
    assert _verdict(world, member, RIDERS, day) is riders
    assert _verdict(world, member, Not.model_validate({"not": COURIER}), day) is (
        None if courier is None else not courier
    )
    assert _verdict(world, member, KNOWN, day) is (day >= since)


@pytest.mark.parametrize(
    ("employment", "verdict"),
    [(Employment.REGULAR, False), (Employment.PLATFORM, None), (None, None)],
)
def test_none_is_an_answer_unless_one_is_to_be_expected(
    world: World, employment: Employment | None, verdict: bool | None
) -> None:
    member = world.person(employment=employment)
    assert _verdict(world, member, COURIER, FIRST) is verdict
    assert _verdict(world, member, KNOWN, FIRST) is False


def test_a_plan_for_couriers_decides_and_explains(world: World) -> None:
    rule = '[[require]]\nid = "kind"\ntest = { fact = "category", one_of = ["courier", "food_rider"] }\n'
    world.publish(plan_text(rule))
    courier = world.covered(employment=Employment.PLATFORM)
    _holds(world, courier, ("courier", FIRST, None), ("truck_driver", FIRST, None))
    gone = world.covered(employment=Employment.PLATFORM)
    _holds(world, gone, ("courier", FIRST, ENDS), ("truck_driver", FIRST, None))
    unsaid, clerk = (
        world.covered(employment=Employment.PLATFORM),
        world.covered(employment=Employment.REGULAR),
    )
    run = world.preview()
    assert world.reasons(run, courier) == []
    assert world.reasons(run, gone) == ["wrong_category"]
    assert world.reasons(run, unsaid) == ["data_missing"]
    assert world.reasons(run, clerk) == ["wrong_category"]
    town = Actor("li", "李娜", frozenset({"*"}), f"/{world.places['D']}/{world.places['A']}/")
    for actor in (world.actor, town):
        with world.database.read(actor) as unit:
            told = explain(unit, "t", courier, FIRST).rules[0]
            assert (told.verdict, told.seen) == (True, "快递员、货车司机")
            assert explain(unit, "t", clerk, FIRST).rules[0].seen == "无"
