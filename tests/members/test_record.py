"""What a clerk may write about a person: one form, lengths, stale forms in words, who left too."""

from typing import Any

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.messages import render
from benefits.kernel.unit import Database
from benefits.members import service
from benefits.members.derive import keys_of, phone_digest, stored
from benefits.members.models import Member
from benefits.members.record import MemberInput, check
from benefits.organisations.models import RiskClass
from sample_data.generate import TODAY
from tests.members.people import added, faults, member, place_of, refused

LONGEST = {"department": 60, "ethnicity": 20, "platform": 60, "station": 80}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  后勤\u3000 保障部\n", "后勤 保障部"),
        ("通州\u202e站\u200b点", "通州站点"),
        ("\ue81e湾", "\u9fb4湾"),
        ("   ", None),
        ("", None),
        (None, None),
    ],
)
def test_a_line_of_text_has_one_form(typed: str | None, kept: str | None) -> None:
    given = MemberInput(organisation_id=1, name="王敏", station=typed)
    assert check(given, TODAY).station == kept


@pytest.mark.parametrize("field", LONGEST)
def test_what_does_not_fit_is_told_with_its_field(district: Database, clerk: Actor, field: str) -> None:
    place = place_of(district, clerk)
    most = LONGEST[field]
    added(district, clerk, place, **{field: "站" * most})
    given = MemberInput(organisation_id=place, name="王敏", **{field: "站" * (most + 1)})
    refusal = refused(district, clerk, service.add, given)
    assert [(problem.code, problem.field) for problem in refusal.problems] == [("members.too_long", field)]
    assert str(most + 1) in render(refusal.problems[0].say)


def test_a_stale_form_shows_both_values_in_words(district: Database, clerk: Actor) -> None:
    person = added(district, clerk, place_of(district, clerk), station="一号站", has_card=True)
    edit: dict[str, Any] = {"member_id": person, "version": 1}
    theirs = {"station": "二号站", "risk_class": RiskClass.HIGH, "has_card": False}
    district.act(clerk, service.edit, changes=theirs, **edit)
    mine = {"station": "三号站", "risk_class": RiskClass.ORDINARY, "has_card": True, "platform": None}
    stale = refused(district, clerk, service.edit, changes=mine, **edit)
    assert stale.code == "members.stale"
    words = {problem.field: render(problem.say) for problem in stale.problems}
    assert set(words) == {"station", "risk_class", "has_card"}
    assert "三号站" in words["station"] and "二号站" in words["station"]
    assert "普通" in words["risk_class"] and "高风险" in words["risk_class"]
    assert "您填的是「是」，别人已改为「否」" in words["has_card"]


def test_who_left_is_still_written_right(district: Database, root: Actor, clerk: Actor) -> None:
    person = added(district, clerk, place_of(district, clerk))
    district.act(clerk, service.leave, member_id=person, on=TODAY)
    changes = {"phone": "13800138000", "department": "后勤部"}
    district.act(clerk, service.edit, member_id=person, version=2, changes=changes)
    row = member(district, root, person)
    assert (row.phone, row.department, row.organisation_id) == ("13800138000", "后勤部", None)
    assert faults(district, root) == []


def test_stored_columns_are_those_of_the_table(district: Database, root: Actor) -> None:
    """Every column that a record does not write has a verb of its own, or is the row's."""
    given = MemberInput(organisation_id=1, name="王敏", phone="13800138000")
    with district.read(root):
        columns = stored(given, check(given, TODAY))
        assert columns["phone_digest"] == phone_digest("13800138000") != phone_digest("13800138001")
    others = {
        *("id", "organisation_id", "status", "status_since", "version", "changed_at"),
        *("planned_retirement", "retired_on", "retain_until", "merged_into_id"),
    }
    assert set(Member.model_fields) - set(columns) == others


def test_keys_of_a_card_are_its_tail() -> None:
    plain, with_card = keys_of("王敏", None, None, None), keys_of("王敏", None, None, "9999001234567890")
    assert {key for _, key in with_card - plain} == {"098765"}
