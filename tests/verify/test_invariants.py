"""Every invariant finds what breaks it, on both engines; a whole database breaks none."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlmodel import Session, col, select

from benefits.audit.models import AuditEvent
from benefits.enrollment.models import Enrollment, EnrollmentState, Entry
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.messages import text as words
from benefits.kernel.unit import Database
from benefits.members.models import Member, MemberIdentity, Membership, Standing, Status
from benefits.members.retirement import RetirementCategory
from benefits.organisations.models import (
    Organisation,
    OrganisationKey,
    OrganisationName,
    OrganisationPosition,
)
from benefits.plans.models import PlanEdition
from benefits.verify import INVARIANTS, verify
from sample_data.cases import special_id
from tests.verify.register import REGISTER

PERSON = 12
Break = Callable[[Session], Any]


def _set(model: Any, key: Any, value: int, **values: Any) -> Break:
    return lambda session: session.execute(update(model).where(col(key) == value).values(**values))


def _add(row: Callable[[], Any]) -> Break:
    return lambda session: session.add(row())


def _overlap(session: Session) -> None:
    drop = "DROP TRIGGER enrollment_overlap_insert"
    if session.get_bind().dialect.name == "postgresql":
        drop = "ALTER TABLE enrollment DROP CONSTRAINT enrollment_overlap"
    session.execute(text(drop))
    held = session.exec(select(Enrollment).where(col(Enrollment.member_id) == PERSON)).first()
    assert held is not None
    copy = held.model_dump(exclude={"id", "starts", "entry", "state"})
    session.add(Enrollment(**copy, starts=held.ends, entry=Entry.FIRST, state=EnrollmentState.ACTIVE))


def _second_primary() -> Membership:
    place = special_id("received")
    return Membership(
        member_id=PERSON, organisation_id=place, starts=date(2026, 1, 1), standing=Standing.PRIMARY
    )


def _second_at_home(session: Session) -> None:
    home = session.exec(select(Member.organisation_id).where(col(Member.id) == PERSON)).one()
    assert home is not None
    session.add(
        Membership(member_id=PERSON, organisation_id=home, starts=date(2026, 1, 1), standing=Standing.SECOND)
    )


def _other_edition(session: Session) -> None:
    wrong = session.exec(select(PlanEdition.id).order_by(col(PlanEdition.plan_id))).first()
    ids = select(Enrollment.id).where(col(Enrollment.member_id) == PERSON)
    session.execute(update(Enrollment).where(col(Enrollment.id).in_(ids)).values(edition_id=wrong))


def _gap(session: Session) -> None:
    moved = special_id("moved")
    session.execute(
        update(OrganisationPosition)
        .where(col(OrganisationPosition.organisation_id) == moved, col(OrganisationPosition.ends).is_(None))
        .values(starts=date(2026, 10, 1))
    )


def _overlapping_positions(session: Session) -> None:
    moved = special_id("moved")
    session.execute(
        update(OrganisationPosition)
        .where(
            col(OrganisationPosition.organisation_id) == moved, col(OrganisationPosition.ends).is_not(None)
        )
        .values(ends=date(2026, 10, 1))
    )


def _former_name(starts: date) -> OrganisationName:
    return OrganisationName(organisation_id=30, name="旧名", starts=starts, ends=date(2002, 1, 1))


def _unlinked(session: Session) -> None:
    from datetime import UTC, datetime

    session.add(AuditEvent(at=datetime(2026, 1, 1, tzinfo=UTC), actor="x", action="y", target="", facts={}))


BREAKS: dict[str, Break] = REGISTER | {
    "organisations.invariant.path_agrees": _set(Organisation, Organisation.id, 30, path="/1/30/"),
    "organisations.invariant.place_agrees": _set(Organisation, Organisation.id, 30, parent_id=3),
    "organisations.invariant.no_gap": _gap,
    "organisations.invariant.no_overlap": _overlapping_positions,
    "organisations.invariant.names_chain": _add(lambda: _former_name(date(2001, 2, 3))),
    "organisations.invariant.names_overlap": lambda session: session.add_all(
        [_former_name(date(2001, 2, 3)), _former_name(date(2001, 2, 4))]
    ),
    "organisations.invariant.found_by_code": lambda session: session.execute(
        delete(OrganisationKey).where(col(OrganisationKey.organisation_id) == 30)
    ),
    "organisations.invariant.open_below_closed": _set(
        Organisation, Organisation.id, 3, closed=date(2026, 1, 1)
    ),
    "organisations.invariant.closed_in_time": _set(
        Organisation, Organisation.id, 30, closed=date(1900, 1, 1)
    ),
    "members.invariant.unit_is_open": lambda session: session.execute(
        update(Organisation)
        .where(col(Organisation.id).in_(select(Member.organisation_id).where(col(Member.id) == PERSON)))
        .values(closed=date(2026, 1, 1))
    ),
    "members.invariant.place_agrees": _set(Member, Member.id, PERSON, organisation_id=30),
    "members.invariant.one_open_membership": _add(_second_primary),
    "members.invariant.no_overlapping_memberships": _add(_second_primary),
    "members.invariant.second_elsewhere": _second_at_home,
    "members.invariant.identity_belongs": _set(Member, Member.id, PERSON, id_number=None),
    "members.invariant.known_by_identity": lambda session: session.execute(
        delete(MemberIdentity).where(col(MemberIdentity.member_id) == PERSON)
    ),
    "members.invariant.valid_has_number": _set(Member, Member.id, PERSON, id_valid=None),
    "members.invariant.retirement_month": _set(Member, Member.id, PERSON, retirement_month=None),
    "members.invariant.year_of_retirement": _set(
        Member, Member.id, PERSON, retirement_month=date(2099, 1, 1)
    ),
    "members.invariant.category_fits_sex": _set(
        Member, Member.id, PERSON, retirement_category=RetirementCategory.M60
    ),
    "members.invariant.gone_without_place": _set(Member, Member.id, PERSON, status=Status.DECEASED),
    "enrollment.invariant.no_overlap": _overlap,
    "enrollment.invariant.edition_of_plan": _other_edition,
    "enrollment.invariant.prior_of_same": _set(Enrollment, Enrollment.member_id, PERSON, prior_id=1),
    "enrollment.invariant.dates_in_term": _set(
        Enrollment, Enrollment.member_id, PERSON, exhausted_on=date(2020, 1, 1)
    ),
    "enrollment.invariant.continuity": _set(
        Enrollment, Enrollment.member_id, PERSON, continuous_since=date(2099, 1, 1)
    ),
    "audit.invariant.linked_or_pending": _unlinked,
}
MINE = ("organisations.", "members.", "enrollment.", "audit.")


def test_each_invariant_has_its_break_here() -> None:
    assert {each.code for each in INVARIANTS if each.code.startswith(MINE)} == set(BREAKS)


def test_each_invariant_has_a_sentence() -> None:
    assert all(words(each.code, lang) for each in INVARIANTS for lang in ("zh", "en"))


def test_a_whole_district_breaks_none(district: Database, root: Actor) -> None:
    with district.read(root) as unit:
        assert [result for result in verify(unit) if not result.ok or result.count or result.examples] == []


@pytest.mark.parametrize("code", sorted(BREAKS))
def test_a_break_is_found_and_named(district: Database, root: Actor, code: str) -> None:
    with district.upkeep() as session:
        BREAKS[code](session)
    with district.read(root) as unit:
        found = {result.code: result for result in verify(unit)}
    assert not found[code].ok and found[code].count >= 1
    assert 1 <= len(found[code].examples) <= 5


def test_many_breaks_are_counted_and_five_named(district: Database, root: Actor) -> None:
    with district.upkeep() as session:
        session.execute(update(Member).where(col(Member.id) <= 20).values(retirement_month=date(2099, 1, 1)))
    with district.read(root) as unit:
        found = {result.code: result for result in verify(unit)}["members.invariant.year_of_retirement"]
    assert found.count >= 19 and found.examples == tuple(sorted(found.examples)) and len(found.examples) == 5


def test_a_part_of_the_tree_is_not_verified(district: Database, clerk: Actor) -> None:
    with district.read(clerk) as unit, pytest.raises(Refused) as refusal:
        verify(unit)
    assert refusal.value.code == "kernel.verify_needs_all"
