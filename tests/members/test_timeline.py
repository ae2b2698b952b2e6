"""A person's dated line: every feature on it, newest first, numbers masked, merged records too."""

from datetime import date
from typing import Any

import pytest

from benefits.enrollment.service import enroll
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.kernel.unit import Database
from benefits.kits.models_handout import Handout
from benefits.members import service
from benefits.members.models import ConsentForm, IdentifierKind, Purpose, Relation, Status
from benefits.members.service_categories import add_category
from benefits.members.service_consent import give_consent, set_retention
from benefits.members.service_identifiers import set_identifier
from benefits.members.service_kin import name_kin
from benefits.members.service_merge import merge
from benefits.timeline import timeline
from sample_data.generate import TODAY
from tests.kits.handing import uncounted
from tests.members.people import DAY, JOINED, added, elsewhere, place_of
from tests.renewal.factory import NOW


def _lived(database: Database, office: Actor, person: int, place: int) -> None:
    """Something of every kind."""
    at: dict[str, Any] = {"member_id": person}
    card = IdentifierKind.UNION_CARD
    database.act(office, set_identifier, kind=card, number="9999001234567890", starts=JOINED, **at)
    database.act(office, add_category, category="courier", starts=date(2022, 1, 1), **at)
    kin: dict[str, Any] = {"name": "李强", "relation": Relation.SPOUSE, "percent": 50}
    database.act(office, name_kin, starts=date(2023, 1, 1), **kin, **at)
    agreed: dict[str, Any] = {"purpose": Purpose.HEALTH, "form": ConsentForm.WRITTEN}
    database.act(office, give_consent, given_on=date(2024, 1, 1), **agreed, **at)
    database.act(office, set_retention, until=date(2030, 12, 31), **at)
    database.act(office, enroll, plan_code="bj-five-covers", starts=date(2026, 12, 1), **at)
    database.act(office, service.change_status, status=Status.EARLY_LEAVE, on=TODAY - DAY, **at)
    campaign = uncounted(database, "2025年送健康", "健康包")
    given: dict[str, Any] = {"member_id": person, "organisation_id": place, "given_on": date(2025, 6, 1)}
    given |= {"campaign_id": campaign, "item_id": 1, "slot": 1, "given_at": NOW, "made_by": "test"}
    with database.upkeep() as session:
        session.add(Handout(**given))


def test_every_kind_newest_first(district: Database, root: Actor, office: Actor) -> None:
    place = place_of(district, office)
    person = added(district, office, place)
    _lived(district, office, person, place)
    with district.read(root) as unit:
        line, english = timeline(unit, person), timeline(unit, person, "en")
    assert [entry.kind for entry in line] == [
        *("cover", "retention", "status", "handout", "consent", "kin", "category"),
        *("membership", "identifier"),
    ]
    assert [entry.day for entry in line] == sorted((entry.day for entry in line), reverse=True)
    words = "\n".join(render(entry.say) for entry in line)
    for part in ("内退", "健康包", "健康信息", "李强", "50%", "快递员", "****7890", "五送保障", "2030-12-31"):
        assert part in words, part
    assert "9999001234567890" not in words
    told = {entry.kind: render(entry.say, "en") for entry in english}
    assert told["category"] == "worker category: courier"
    assert not any("\u4e00" <= char <= "\u9fff" for char in told["cover"])
    cover = line[0]
    assert (cover.day, cover.until) == (date(2026, 12, 1), date(2027, 11, 30))


def test_what_was_written_under_a_merged_record_stays(
    district: Database, root: Actor, office: Actor, clerk: Actor
) -> None:
    place = place_of(district, clerk)
    far = elsewhere(district, root, place)
    person, other = added(district, office, place), added(district, office, far)
    district.act(office, merge, survivor_id=person, other_id=other, reason="同一人")
    with district.read(root) as unit:
        line = timeline(unit, person)
        left = timeline(unit, other)
    kinds = [(entry.kind, entry.until) for entry in line]
    assert ("membership", TODAY) in kinds and ("membership", None) in kinds and ("merged", None) in kinds
    assert [entry.kind for entry in left] == ["membership"]
    with district.read(clerk) as unit:
        here = timeline(unit, person)
        assert [entry.kind for entry in here if entry.kind == "membership"] == ["membership"]
        with pytest.raises(Refused) as caught:
            timeline(unit, other)
    assert caught.value.code == "members.unknown"


def test_a_record_from_a_file_shows_its_status(district: Database, root: Actor) -> None:
    with district.read(root) as unit:
        kinds = {entry.kind for person in range(1, 40) for entry in timeline(unit, person)}
    assert {"status", "membership", "cover", "identifier"} <= kinds
