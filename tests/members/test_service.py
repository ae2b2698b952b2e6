"""Verbs on members: what is refused, what follows from a change, what the file and the audit trail may
hold.
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, type_coerce
from sqlmodel import col, select

from benefits.audit import queries as audit
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.ids import IdKind, Sex
from benefits.kernel.messages import render
from benefits.kernel.unit import Database
from benefits.members import queries, service
from benefits.members.identity import identity_digest
from benefits.members.models import Member, MemberIdentity, MemberKey, Membership, Standing, Status
from benefits.members.record import MemberInput
from benefits.members.retirement import RetirementCategory
from benefits.members.search import search
from benefits.organisations.models import Organisation
from benefits.verify import verify
from sample_data.cases import special_id
from sample_data.generate import TODAY

NUMBER = "110112197001050025"
"""A woman born on 5 January 1970, from the test vectors."""
PHONE = "13800138000"


def _own_unit(database: Database, clerk: Actor) -> int:
    with database.read(clerk) as unit:
        return (
            unit.exec(
                select(Organisation.id)
                .where(col(Organisation.staff).is_not(None))
                .order_by(col(Organisation.path))
            ).first()
            or 0
        )


def _add(database: Database, actor: Actor, place: int, **given: Any) -> int:
    return database.act(actor, service.add, MemberInput(organisation_id=place, **{"name": "王敏", **given}))


def _member(database: Database, root: Actor, member_id: int) -> Member:
    with database.read(root) as unit:
        return unit.exec(select(Member).where(col(Member.id) == member_id)).one()


def _memberships(database: Database, root: Actor, member_id: int) -> list[tuple[int, date, date | None, str]]:
    with database.read(root) as unit:
        rows = unit.exec(
            select(Membership).where(col(Membership.member_id) == member_id).order_by(col(Membership.id))
        )
        return [(row.organisation_id, row.starts, row.ends, row.reason) for row in rows]


def _refused(database: Database, actor: Actor, verb: Any, *args: Any, **kwargs: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        database.act(actor, verb, *args, **kwargs)
    return caught.value


def _holds(database: Database, root: Actor) -> bool:
    with database.read(root) as unit:
        return all(result.ok for result in verify(unit))


def test_adding_writes_all_that_follows(district: Database, root: Actor, clerk: Actor) -> None:
    place = _own_unit(district, clerk)
    made = _add(
        district,
        clerk,
        place,
        name=" 单 雪梅",
        id_number="１１０112197001050025",
        phone="138-0013 8000",
        retirement_category=RetirementCategory.F55,
        joined_on=date(2020, 3, 1),
    )
    row = _member(district, root, made)
    assert (row.name, row.sex, row.birth) == ("单雪梅", Sex.FEMALE, date(1970, 1, 5))
    assert (row.id_kind, row.id_valid, row.id_last4, row.phone_last4) == (
        IdKind.RESIDENT,
        True,
        "0025",
        "8000",
    )
    assert (row.id_number, row.phone) == (NUMBER, PHONE)
    assert row.retirement_month == date(2025, 2, 1)
    assert (row.status, row.status_since, row.version) == (Status.IN_POST, date(2020, 3, 1), 1)
    assert _memberships(district, root, made) == [(place, date(2020, 3, 1), None, "")]
    for text in ("单雪梅", "shanxuemei", "danxm", "0025", "8000", NUMBER):
        with district.read(clerk) as unit:
            assert made in [found.id for found in search(unit, text, 1000)] or text == "danxm", text
    assert _holds(district, root)


def test_a_man_needs_no_category_and_a_woman_is_asked(district: Database, root: Actor, clerk: Actor) -> None:
    place = _own_unit(district, clerk)
    man = _add(district, clerk, place, id_number="110112197609300336")
    woman = _add(district, clerk, place, id_number=NUMBER)
    assert _member(district, root, man).retirement_category is RetirementCategory.M60
    assert _member(district, root, woman).retirement_category is None
    assert _member(district, root, woman).retirement_month is None


def test_a_person_is_registered_once_wherever_in_the_tree(
    district: Database, root: Actor, clerk: Actor
) -> None:
    stranger = _member(district, root, 2)
    assert stranger.id_number is not None
    refusal = _refused(
        district,
        clerk,
        service.add,
        MemberInput(organisation_id=_own_unit(district, clerk), name="甲", id_number=stranger.id_number),
    )
    words = render(refusal.say)
    assert refusal.code == "members.duplicate"
    assert "北京禾岸服装有限公司工会" in words and stranger.name[0] + "*" in words
    assert stranger.name not in words and stranger.id_number not in words


def test_every_fault_is_told_at_once(district: Database, clerk: Actor) -> None:
    given = MemberInput(
        organisation_id=_own_unit(district, clerk),
        name="",
        id_number=NUMBER[:-1] + "6",
        phone="12345",
        joined_on=TODAY + timedelta(days=1),
    )
    refusal = _refused(district, clerk, service.add, given)
    assert {problem.field for problem in refusal.problems} == {"name", "id_number", "phone", "joined_on"}
    told = " ".join(render(problem.say) for problem in refusal.problems)
    assert NUMBER[6:14] not in told


def test_sex_and_birth_must_agree_with_the_number(district: Database, clerk: Actor) -> None:
    place = _own_unit(district, clerk)
    refusal = _refused(
        district,
        clerk,
        service.add,
        MemberInput(organisation_id=place, name="甲", id_number=NUMBER, sex=Sex.MALE, birth=date(1970, 1, 6)),
    )
    assert [problem.field for problem in refusal.problems] == ["sex", "birth"]


def test_a_category_must_fit_the_sex(district: Database, clerk: Actor) -> None:
    given = MemberInput(
        organisation_id=_own_unit(district, clerk),
        name="甲",
        id_number=NUMBER,
        retirement_category=RetirementCategory.M60,
    )
    assert [p.code for p in _refused(district, clerk, service.add, given).problems] == [
        "members.category_sex"
    ]


def test_a_unit_outside_the_scope_is_unknown(district: Database, clerk: Actor) -> None:
    given = MemberInput(organisation_id=special_id("women"), name="甲")
    assert _refused(district, clerk, service.add, given).code == "organisations.unknown"


def test_a_closed_unit_takes_nobody(district: Database, office: Actor) -> None:
    given = MemberInput(organisation_id=special_id("closed"), name="甲")
    assert _refused(district, office, service.add, given).code == "members.organisation_closed"


def test_an_auditor_changes_nothing(district: Database, root: Actor) -> None:
    from benefits.access.queries import actor_for

    auditor = actor_for(district, "shenji")
    assert (
        _refused(district, auditor, service.add, MemberInput(organisation_id=30, name="甲")).code
        == "access.not_permitted"
    )
    reveal = _refused(district, auditor, service.reveal, member_id=1, field="phone", reason="核实")
    assert reveal.code == "access.not_permitted"


def test_editing_keeps_keys_and_derived_columns(district: Database, root: Actor, clerk: Actor) -> None:
    made = _add(district, clerk, _own_unit(district, clerk), id_number=NUMBER, phone=PHONE)
    changes = {"name": "曾丽", "phone": "13900139111", "retirement_category": "F50"}
    assert district.act(clerk, service.edit, member_id=made, version=1, changes=changes) == 2
    row = _member(district, root, made)
    assert (row.name, row.phone_last4, row.retirement_month) == ("曾丽", "9111", date(2020, 1, 1))
    with district.read(root) as unit:
        keys = set(
            unit.exec(select(MemberKey.kind, MemberKey.key).where(col(MemberKey.member_id) == made)).all()
        )
    assert (1, "曾丽") in keys and (2, "zengli") in keys
    assert (5, "13900139111"[-6:][::-1]) in keys
    assert not any(key.startswith("王") for _, key in keys) and (5, PHONE[-6:][::-1]) not in keys


def test_a_new_number_moves_the_identity(district: Database, root: Actor, clerk: Actor) -> None:
    made = _add(district, clerk, _own_unit(district, clerk), id_number=NUMBER)
    changes = {"id_number": "110112200002290287", "birth": date(2000, 2, 29)}
    district.act(clerk, service.edit, member_id=made, version=1, changes=changes)
    with district.read(root) as unit:
        found = unit.exec(select(MemberIdentity.digest).where(col(MemberIdentity.member_id) == made)).all()
        assert [bytes(digest) for digest in found] == [identity_digest("110112200002290287")]
    again = _add(district, clerk, _own_unit(district, clerk), id_number=NUMBER)
    assert again != made


def test_a_stale_edit_shows_both_values(district: Database, root: Actor, clerk: Actor) -> None:
    made = _add(district, clerk, _own_unit(district, clerk), phone=PHONE, id_number=NUMBER)
    district.act(
        clerk, service.edit, member_id=made, version=1, changes={"phone": "13900139000", "name": "李敏"}
    )
    refusal = _refused(
        district,
        clerk,
        service.edit,
        member_id=made,
        version=1,
        changes={"phone": "13700137000", "name": "李敏"},
    )
    assert refusal.code == "members.stale"
    assert [problem.field for problem in refusal.problems] == ["phone"]
    words = render(refusal.problems[0].say)
    assert "137****7000" in words and "139****9000" in words
    assert _member(district, root, made).phone == "13900139000"


def test_an_old_fault_elsewhere_stops_no_other_change(district: Database, root: Actor, office: Actor) -> None:
    with district.read(root) as unit:
        wrong = unit.exec(select(Member).where(col(Member.id_valid).is_(False))).one()
    assert wrong.id is not None
    district.act(office, service.edit, member_id=wrong.id, version=1, changes={"phone": PHONE})
    assert _member(district, root, wrong.id).phone == PHONE
    refusal = _refused(
        district, office, service.edit, member_id=wrong.id, version=2, changes={"birth": date(1983, 6, 14)}
    )
    assert "kernel.id_check" in [problem.code for problem in refusal.problems]


def test_an_unknown_field_or_a_wrong_type_is_told(district: Database, clerk: Actor) -> None:
    made = _add(district, clerk, _own_unit(district, clerk))
    refusal = _refused(
        district, clerk, service.edit, member_id=made, version=1, changes={"birth": "x", "foo": 1}
    )
    assert {problem.field for problem in refusal.problems} == {"birth", "foo"}
    moved = _refused(district, clerk, service.edit, member_id=made, version=1, changes={"organisation_id": 1})
    assert moved.code == "members.not_edited_here"


def test_a_transfer_closes_the_day_before(district: Database, root: Actor, office: Actor) -> None:
    one, other = special_id("women"), special_id("received")
    made = _add(district, office, one, joined_on=date(2020, 1, 1))
    district.act(office, service.transfer, member_id=made, organisation_id=other, on=TODAY)
    assert _memberships(district, root, made) == [
        (one, date(2020, 1, 1), TODAY - timedelta(days=1), "transferred"),
        (other, TODAY, None, ""),
    ]
    assert _member(district, root, made).organisation_id == other
    assert _holds(district, root)


def test_transfers_that_cannot_be(district: Database, office: Actor, clerk: Actor) -> None:
    one, other = special_id("women"), special_id("received")
    made = _add(district, office, one, joined_on=date(2026, 11, 1))

    def refusal(organisation: int, on: date, who: Actor = office) -> str:
        return _refused(
            district, who, service.transfer, member_id=made, organisation_id=organisation, on=on
        ).code

    assert refusal(other, date(2026, 11, 1)) == "members.too_early"
    assert refusal(other, TODAY + timedelta(days=1)) == "members.not_yet"
    assert refusal(one, TODAY) == "members.same_organisation"
    assert refusal(special_id("closed"), TODAY) == "members.organisation_closed"
    assert refusal(999_999, TODAY) == "organisations.unknown"
    assert refusal(other, TODAY, clerk) == "members.unknown"
    district.act(office, service.transfer, member_id=made, organisation_id=other, on=date(2026, 11, 2))


@pytest.mark.parametrize("status", [Status.RESIGNED, Status.DECEASED])
def test_who_leaves_is_still_seen_where_the_membership_was(
    district: Database, root: Actor, clerk: Actor, status: Status
) -> None:
    place = _own_unit(district, clerk)
    made = _add(district, clerk, place, joined_on=date(2020, 1, 1))
    district.act(clerk, service.change_status, member_id=made, status=status, on=TODAY)
    assert _memberships(district, root, made) == [(place, date(2020, 1, 1), TODAY, status.value)]
    with district.read(clerk) as unit:
        page = queries.detail(unit, made)
        assert made in [row.id for row in search(unit, "王敏", 100)]
    assert (page.status, page.organisation_id, page.status_since) == (status, None, TODAY)
    assert _holds(district, root)


def test_retirement_keeps_the_membership(district: Database, root: Actor, clerk: Actor) -> None:
    place = _own_unit(district, clerk)
    made = _add(district, clerk, place, joined_on=date(2020, 1, 1))
    district.act(clerk, service.change_status, member_id=made, status=Status.RETIRED, on=TODAY)
    assert _memberships(district, root, made) == [(place, date(2020, 1, 1), None, "")]
    again = _refused(district, clerk, service.change_status, member_id=made, status=Status.RETIRED, on=TODAY)
    assert again.code == "members.same_status"


def test_coming_back_opens_a_membership_or_takes_the_mistake_back(
    district: Database, root: Actor, clerk: Actor
) -> None:
    place = _own_unit(district, clerk)
    made = _add(district, clerk, place, joined_on=date(2020, 1, 1))
    district.act(
        clerk, service.change_status, member_id=made, status=Status.RESIGNED, on=TODAY - timedelta(days=2)
    )
    back: dict[str, Any] = {"member_id": made, "status": Status.IN_POST}
    assert (
        _refused(district, clerk, service.change_status, **back, on=TODAY).code
        == "members.needs_organisation"
    )
    district.act(clerk, service.change_status, **back, on=TODAY, organisation_id=place)
    left = TODAY - timedelta(days=2)
    assert _memberships(district, root, made) == [
        (place, date(2020, 1, 1), left, "resigned"),
        (place, TODAY, None, ""),
    ]
    district.act(clerk, service.change_status, member_id=made, status=Status.DECEASED, on=TODAY)
    district.act(clerk, service.change_status, **back, on=TODAY, organisation_id=place)
    assert _memberships(district, root, made)[-1] == (place, TODAY, None, "")
    assert _holds(district, root)


def test_a_second_membership_counts_the_person_once(district: Database, root: Actor, clerk: Actor) -> None:
    stranger = _member(district, root, 2)
    place = _own_unit(district, clerk)
    district.act(
        clerk,
        service.add_second_membership,
        id_number=stranger.id_number or "",
        organisation_id=place,
        on=TODAY,
    )
    with district.read(root) as unit:
        second = unit.exec(
            select(Membership).where(
                col(Membership.member_id) == 2, col(Membership.standing) == Standing.SECOND
            )
        ).one()
    assert (second.organisation_id, second.ends) == (place, None)
    assert _member(district, root, 2).organisation_id == stranger.organisation_id
    twice = _refused(
        district,
        clerk,
        service.add_second_membership,
        id_number=stranger.id_number,
        organisation_id=place,
        on=TODAY,
    )
    assert twice.code == "members.already_member"
    nobody = _refused(
        district, clerk, service.add_second_membership, id_number=NUMBER, organisation_id=place, on=TODAY
    )
    assert nobody.code == "members.not_registered"
    assert _holds(district, root)


def test_a_reveal_needs_a_reason_and_leaves_an_event(district: Database, root: Actor, clerk: Actor) -> None:
    made = _add(district, clerk, _own_unit(district, clerk), id_number=NUMBER)
    assert _refused(district, clerk, service.reveal, member_id=made, field="id_number", reason=" ").code == (
        "members.reason_missing"
    )
    shown = district.act(clerk, service.reveal, member_id=made, field="id_number", reason="核对投保单")
    assert shown == NUMBER
    with district.read(root) as unit:
        event = audit.events(unit, 1)[0]
        assert audit.verify(unit).ok
    assert (event.action, event.actor, event.target) == ("members.reveal", "zhangjiawan", f"member:{made}")
    assert event.facts == {"field": "id_number", "reason": "核对投保单"}


def test_no_event_and_no_column_holds_a_clear_number(district: Database, root: Actor, clerk: Actor) -> None:
    made = _add(district, clerk, _own_unit(district, clerk), id_number=NUMBER, phone=PHONE)
    district.act(clerk, service.edit, member_id=made, version=1, changes={"phone": "13900139000"})
    district.act(clerk, service.reveal, member_id=made, field="id_number", reason="核对投保单")
    with district.read(root) as unit:
        events = json.dumps([[row.target, row.facts] for row in audit.events(unit, 1000)], ensure_ascii=False)
        raw = unit.exec(
            select(type_coerce(Member.id_number, LargeBinary), type_coerce(Member.phone, LargeBinary)).where(
                col(Member.id) == made
            )
        ).one()
    for clear in (NUMBER, PHONE, "13900139000"):
        assert clear not in events
        assert all(clear.encode() not in bytes(value) for value in raw)


def test_the_file_holds_no_clear_number(sqlite_url: str, root: Actor) -> None:
    from benefits.database import open_database
    from benefits.kernel.clock import FixedClock
    from sample_data.generate import fill

    database = open_database(sqlite_url, clock=FixedClock(TODAY))
    fill(database, 600, 5)
    with database.read(root) as unit:
        people = unit.exec(select(Member.id_number, Member.phone)).all()
    database.close()
    files = b"".join(
        path.read_bytes() for path in Path(sqlite_url).parent.glob("*.sqlite*") if path.suffix != ".key"
    )
    clear = [text for row in people for text in row if text]
    assert len(clear) > 900
    assert [text for text in clear if text.encode() in files or text[::-1].encode() in files] == []
