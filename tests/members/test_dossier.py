"""Worker categories, next of kin, consent and retention: dates, shares, who may, what the page shows."""

import json
import threading
from datetime import date
from typing import Any

import pytest

from benefits.audit import queries as audit
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.kernel.messages import render
from benefits.kernel.unit import Database
from benefits.members.dossier import categories
from benefits.members.models import ConsentForm, Purpose, Relation
from benefits.members.queries import detail
from benefits.members.service_categories import add_category, define_category, end_category
from benefits.members.service_consent import give_consent, set_retention, withdraw_consent
from benefits.members.service_kin import end_kin, name_kin, reveal_kin
from sample_data.generate import TODAY
from tests.members.people import DAY, JOINED, WOMAN, added, faults, place_of, refused


@pytest.fixture
def person(district: Database, clerk: Actor) -> int:
    return added(district, clerk, place_of(district, clerk), sex=Sex.FEMALE)


def test_eight_groups_of_2018_and_the_four_of_2021(district: Database, clerk: Actor) -> None:
    with district.read(clerk) as unit:
        then, now = categories(unit, date(2020, 12, 31)), categories(unit)
    assert len(then) == 8 and all("eight_2018" in row.groups for row in then)
    assert sorted(row.name_zh for row in now if "four_2021" in row.groups) == sorted(
        ["货车司机", "网约车司机", "快递员", "外卖配送员"]
    )
    assert "网约车司机" not in [row.name_zh for row in now if "eight_2018" in row.groups]


def test_several_categories_at_once_each_with_its_days(
    district: Database, root: Actor, clerk: Actor, person: int
) -> None:
    add: dict[str, Any] = {"member_id": person}
    district.act(clerk, add_category, category="courier", starts=JOINED, **add)
    district.act(clerk, add_category, category="网约车司机", starts=TODAY, **add)
    twice = refused(district, clerk, add_category, category="快递员", starts=TODAY, **add)
    assert twice.code == "members.category_already"
    district.act(clerk, end_category, category="courier", ends=TODAY - DAY, **add)
    district.act(clerk, add_category, category="courier", starts=TODAY, **add)
    with district.read(clerk) as unit:
        held = detail(unit, person).categories
    assert [(row.code, row.starts, row.ends) for row in held] == [
        ("courier", JOINED, TODAY - DAY),
        ("ride_hailing_driver", TODAY, None),
        ("courier", TODAY, None),
    ]
    assert faults(district, root) == []


def test_a_category_must_be_in_use_that_day(district: Database, clerk: Actor, person: int) -> None:
    add: dict[str, Any] = {"member_id": person, "category": "ride_hailing_driver"}
    early = refused(district, clerk, add_category, starts=date(2020, 12, 31), **add)
    assert early.code == "members.category_not_in_use"
    district.act(clerk, add_category, starts=date(2021, 1, 1), **add)
    assert refused(district, clerk, add_category, member_id=person, category="x", starts=TODAY).code == (
        "members.category_unknown"
    )
    none = {"member_id": person, "category": "courier", "ends": TODAY}
    assert refused(district, clerk, end_category, **none).code == "members.category_not_held"
    before = {**add, "ends": date(2020, 12, 31)}
    assert refused(district, clerk, end_category, **before).code == "members.ends_before"


def test_the_code_table_is_the_administrators(
    district: Database, root: Actor, clerk: Actor, person: int
) -> None:
    new: dict[str, Any] = {"code": "rider_2026", "name_zh": "即时配送员", "name_en": "instant courier"}
    assert refused(district, clerk, define_category, starts=TODAY, **new).code == "access.not_permitted"
    district.act(root, define_category, starts=TODAY - DAY, groups=["new_2026"], **new)
    district.act(clerk, add_category, member_id=person, category="即时配送员", starts=TODAY)
    over = {"starts": JOINED, "ends": TODAY - DAY}
    assert refused(district, root, define_category, **over, **new).code == "members.category_held"
    district.act(root, define_category, starts=JOINED, ends=TODAY, groups=["new_2026"], **new)
    with district.read(clerk) as unit:
        assert [row.groups for row in categories(unit) if row.code == "rider_2026"] == [("new_2026",)]
        assert "rider_2026" not in [row.code for row in categories(unit, TODAY + DAY)]
    assert refused(district, root, define_category, **{**new, "code": "Rider"}, starts=TODAY).code == (
        "members.category_form"
    )


def test_shares_of_kin_add_up_to_the_whole(
    district: Database, root: Actor, clerk: Actor, person: int
) -> None:
    kin: dict[str, Any] = {"member_id": person, "starts": TODAY}
    spouse = district.act(
        clerk,
        name_kin,
        name="李 强",
        relation=Relation.SPOUSE,
        percent=60,
        phone="13800138000",
        id_number=WOMAN,
        **kin,
    )
    child: dict[str, Any] = {"name": "李小", "relation": Relation.CHILD, **kin}
    over = refused(district, clerk, name_kin, percent=41, **child)
    assert over.code == "members.kin_percent" and "40" in render(over.say)
    for percent in (0, 101):
        wrong = refused(district, clerk, name_kin, percent=percent, **child)
        assert [problem.code for problem in wrong.problems] == ["members.kin_share"]
    district.act(clerk, name_kin, percent=40, **child)
    again = {"name": "李强", "relation": Relation.SPOUSE, **kin}
    assert refused(district, clerk, name_kin, **again).code == "members.kin_already"
    district.act(clerk, end_kin, kin_id=spouse, ends=TODAY)
    assert refused(district, clerk, end_kin, kin_id=spouse, ends=TODAY).code == "members.kin_unknown"
    district.act(clerk, name_kin, percent=60, **again)
    with district.read(clerk) as unit:
        rows = detail(unit, person).kin
    assert [(row.name, row.phone, row.id_number, row.ends) for row in rows] == [
        ("李强", "138****8000", "110112********0025", TODAY),
        ("李小", "", "", None),
        ("李强", "", "", None),
    ]
    asked: dict[str, Any] = {"kin_id": spouse, "reason": "办理身故给付"}
    assert district.act(clerk, reveal_kin, field="id_number", **asked) == WOMAN
    with district.read(root) as unit:
        trail = json.dumps([row.facts for row in audit.events(unit, 20)], ensure_ascii=False)
    assert WOMAN not in trail and "13800138000" not in trail
    assert faults(district, root) == []


def test_consent_stays_on_record(district: Database, clerk: Actor, person: int) -> None:
    given: dict[str, Any] = {"member_id": person, "purpose": Purpose.HEALTH, "form": ConsentForm.WRITTEN}
    out: dict[str, Any] = {"member_id": person, "purpose": Purpose.HEALTH}
    assert refused(district, clerk, withdraw_consent, withdrawn_on=TODAY, **out).code == (
        "members.consent_none"
    )
    district.act(clerk, give_consent, given_on=TODAY - DAY, notice=" 告知书\u202e 2026 ", **given)
    twice = refused(district, clerk, give_consent, given_on=TODAY, **given)
    assert twice.code == "members.consent_already"
    early = refused(district, clerk, withdraw_consent, withdrawn_on=TODAY - 2 * DAY, **out)
    assert early.code == "members.ends_before"
    district.act(clerk, withdraw_consent, withdrawn_on=TODAY - DAY, **out)
    same = refused(district, clerk, give_consent, given_on=TODAY - DAY, **given)
    assert same.code == "members.consent_same_day"
    district.act(clerk, give_consent, given_on=TODAY, **given)
    with district.read(clerk) as unit:
        rows = detail(unit, person).consents
    assert [(row.notice, row.given_on, row.withdrawn_on) for row in rows] == [
        ("告知书 2026", TODAY - DAY, TODAY - DAY),
        ("", TODAY, None),
    ]


def test_for_a_child_the_guardian_agrees(district: Database, clerk: Actor, person: int) -> None:
    given: dict[str, Any] = {"member_id": person, "purpose": Purpose.CHILD, "given_on": TODAY}
    for form in (ConsentForm.WRITTEN, ConsentForm.ONLINE):
        assert refused(district, clerk, give_consent, form=form, **given).code == "members.consent_guardian"
    district.act(clerk, give_consent, form=ConsentForm.GUARDIAN, **given)


def test_retention_lies_ahead(district: Database, clerk: Actor, person: int) -> None:
    past = refused(district, clerk, set_retention, member_id=person, until=TODAY - DAY)
    assert past.code == "members.retention_past"
    for until in (TODAY, None):
        district.act(clerk, set_retention, member_id=person, until=until)
        with district.read(clerk) as unit:
            assert detail(unit, person).retain_until == until


def test_two_clerks_share_more_than_the_whole(
    district: Database, root: Actor, office: Actor, clerk: Actor, person: int
) -> None:
    """Each sees room for 60 per cent; one of them is told that it is taken."""
    told: list[str] = []
    start = threading.Barrier(2)

    def go(actor: Actor, name: str) -> None:
        start.wait()
        kin: dict[str, Any] = {"member_id": person, "name": name, "percent": 60, "starts": TODAY}
        try:
            district.act(actor, name_kin, relation=Relation.PARENT, **kin)
            told.append("done")
        except Refused as refusal:
            told.append(refusal.code)

    clerks = [threading.Thread(target=go, args=pair) for pair in ((office, "李父"), (clerk, "李母"))]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()
    assert sorted(told) == ["done", "members.kin_percent"]
    assert faults(district, root) == []
