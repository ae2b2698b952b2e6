"""Money of a run: integer fen, splits that add up, and sums known from the press."""

from datetime import date

import pytest
from sqlmodel import col, select

from benefits.contributions.models import Due
from benefits.kernel.errors import Refused
from benefits.organisations.models import RiskClass
from benefits.renewal.batch import apply_run
from tests.renewal.factory import PERSON_PAYS, THREE_PAYERS, UNIT_PAYS, WOMEN_CLASS, World, plan_text


def _dues(world: World) -> dict[tuple[str, str], tuple[int, int, int]]:
    codes = {made: code for code, made in world.places.items()}
    with world.database.read(world.actor) as unit:
        rows = unit.exec(select(Due).order_by(col(Due.id))).all()
    return {(codes[due.organisation_id], due.payer.value): (due.people, due.shares, due.fen) for due in rows}


def test_three_payers_add_up_to_the_fen(world: World) -> None:
    """36 = 15 + 10 + 11 over 1,333 people (DOMAIN 5b.9 [S61])."""
    world.publish(plan_text(funding=THREE_PAYERS))
    world.many(1333, "A1", "A2", "B1")
    run = world.preview()
    assert apply_run(world.database, world.actor, run).changed
    dues = _dues(world)
    assert len(dues) == 9
    by_payer = {
        payer: sum(fen for (_, who), (_, _, fen) in dues.items() if who == payer)
        for payer in ("city_union", "employer", "person")
    }
    assert by_payer == {"city_union": 1333 * 1500, "employer": 1333 * 1000, "person": 1333 * 1100}
    assert sum(by_payer.values()) == world.view(run).fen == 1333 * 3600
    assert dues[("A1", "person")] == (445, 445, 445 * 1100)


def test_the_sum_of_the_fire_rescue_detachment(world: World) -> None:
    """3,497 × 74 yuan = 258,778 yuan (DOMAIN 5b.10 [S5]), of the high-risk tier none."""
    tier = '[[fee.tier]]\ncode = "74"\nfen = { ordinary = 7400, high = 9300 }\n'
    world.publish(plan_text(fee=tier))
    world.place("F", "A", risk_class=RiskClass.ORDINARY)
    world.many(3497, "F", cover={"tier": "74"})
    run = world.preview()
    assert world.view(run).fen == 25_877_800
    apply_run(world.database, world.actor, run)
    assert _dues(world) == {("F", "employer"): (3497, 3497, 25_877_800)}


def test_shares_multiply_the_fee_and_the_split(world: World) -> None:
    world.publish(plan_text(funding=THREE_PAYERS))
    member = world.person()
    world.cover(member, shares=2, fen=7200)
    apply_run(world.database, world.actor, world.preview())
    new = world.terms(member)[-1]
    assert (new.shares, new.fen, new.funding) == (2, 7200, "three")
    assert _dues(world)[("A1", "person")] == (1, 2, 2200)


def test_tier_and_risk_follow_the_person(world: World) -> None:
    tiers = "".join(
        f'[[fee.tier]]\ncode = "{code}"\nfen = {{ ordinary = {low}, high = {high} }}\n'
        for code, low, high in (("26", 2600, 3200), ("50", 5000, 6200))
    )
    world.publish(plan_text(fee=tiers))
    world.place("H", "A", risk_class=RiskClass.HIGH)
    high, own = world.person("H"), world.person("H", risk_class=RiskClass.ORDINARY)
    world.cover(high, "H", tier="26")
    world.cover(own, "H", tier="50")
    apply_run(world.database, world.actor, world.preview())
    found = [(world.terms(member)[-1].tier, world.terms(member)[-1].fen) for member in (high, own)]
    assert found == [("26", 3200), ("50", 5000)]
    assert _dues(world) == {("H", "employer"): (2, 2, 8200)}


def test_nobody_left_out_owes(world: World) -> None:
    world.publish(plan_text('[[require]]\nid = "s"\ntest = { fact = "sex", is = "male" }\n'))
    world.covered()
    apply_run(world.database, world.actor, world.preview())
    assert _dues(world) == {}


def test_a_choice_of_funding_must_be_named(world: World) -> None:
    world.publish(plan_text(funding=THREE_PAYERS + PERSON_PAYS))
    member = world.covered()
    with pytest.raises(Refused) as refused:
        world.preview()
    assert refused.value.code == "renewal.funding_needed"
    apply_run(world.database, world.actor, world.preview(funding="one"))
    assert world.terms(member)[-1].funding == "one"
    assert _dues(world) == {("A1", "person"): (1, 1, 3600)}


def test_a_renewal_does_not_change_who_pays(world: World) -> None:
    """Without a word of the clerk everybody keeps the split of the last term, and the class has its own."""
    world.publish(plan_text(WOMEN_CLASS, funding=THREE_PAYERS + PERSON_PAYS + UNIT_PAYS))
    three, one = world.person(), world.person("B1")
    world.cover(three, funding="three")
    world.cover(one, "B1", funding="one")
    added = world.person("A2")
    apply_run(world.database, world.actor, world.preview(with_class=True))
    assert [world.terms(member)[-1].funding for member in (three, one, added)] == ["three", "one", "unit"]
    assert _dues(world) == {
        ("A1", "city_union"): (1, 1, 1500),
        ("A1", "employer"): (1, 1, 1000),
        ("A1", "person"): (1, 1, 1100),
        ("B1", "person"): (1, 1, 3600),
        ("A2", "employer"): (1, 1, 3600),
    }


def test_the_clerk_may_name_one_split_for_all(world: World) -> None:
    world.publish(plan_text(WOMEN_CLASS, funding=THREE_PAYERS + PERSON_PAYS + UNIT_PAYS))
    member = world.person()
    world.cover(member, funding="three")
    added = world.person("A2")
    apply_run(world.database, world.actor, world.preview(with_class=True, funding="one"))
    assert [world.terms(one)[-1].funding for one in (member, added)] == ["one", "one"]


def test_the_class_is_paid_by_its_own_split(world: World) -> None:
    world.publish(plan_text(WOMEN_CLASS, funding=THREE_PAYERS + UNIT_PAYS))
    world.person()
    world.covered()
    run = world.preview(with_class=True)
    assert world.view(run).run.with_class
    apply_run(world.database, world.actor, run)
    assert _dues(world) == {("A1", "employer"): (2, 2, 7200)}


def test_a_fee_that_nobody_knows_renews_nobody(world: World) -> None:
    world.publish(plan_text(fee='per_share_fen = "待核实"'))
    world.covered()
    with pytest.raises(Refused) as refused:
        world.preview()
    assert refused.value.code == "renewal.price_unknown"


def test_the_fee_is_the_new_edition_s(world: World) -> None:
    world.publish(plan_text())
    world.publish(plan_text(edition="2026", effective=date(2026, 6, 1), fee="per_share_fen = 9900"))
    member = world.covered()
    apply_run(world.database, world.actor, world.preview())
    assert [term.fen for term in world.terms(member)] == [3600, 9900]
