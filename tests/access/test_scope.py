"""A clerk of one town: what every statement of the register shows, on both engines."""

from typing import Any

import pytest
from sqlalchemy import Text, cast, delete, func, insert, literal, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.access.models import Role, Setting
from benefits.access.queries import actor_for
from benefits.access.service import add_user
from benefits.enrollment.models import Enrollment
from benefits.kernel.actions import Actor, action
from benefits.kernel.scope import path_within, scoped_models
from benefits.kernel.unit import Database, WriteUnit
from benefits.members.models import Member, MemberIdentity, MemberKey, Membership
from benefits.organisations.models import Organisation, OrganisationPosition


def _count(database: Database, actor: Actor, model: Any) -> int:
    with database.read(actor) as unit:
        return int(unit.exec(select(func.count()).select_from(model)).one())


def _town(database: Database, root: Actor, clerk: Actor) -> tuple[set[int], set[int]]:
    """Organisations of the clerk's town, and people who are members there or, having left, have been."""
    with database.read(root) as unit:
        places = {
            place
            for place in unit.exec(
                select(Organisation.id).where(path_within(col(Organisation.path), clerk.scope))
            )
            if place is not None
        }
        been = set(unit.exec(select(Membership.member_id).where(col(Membership.organisation_id).in_(places))))
        rows = unit.exec(select(Member.id, Member.organisation_id)).all()
    people = {one or 0 for one, place in rows if place in places or (place is None and one in been)}
    return places, people


def test_each_table_shows_the_town_and_nothing_else(district: Database, root: Actor, clerk: Actor) -> None:
    places, people = _town(district, root, clerk)
    assert 0 < len(people) < 700 and 0 < len(places) < 40
    with district.read(clerk) as unit:
        assert set(unit.exec(select(Organisation.id))) == places
        assert set(unit.exec(select(OrganisationPosition.organisation_id))) == places
        assert set(unit.exec(select(Member.id))) == people
        assert set(unit.exec(select(Membership.organisation_id))) <= places
        assert set(unit.exec(select(Enrollment.organisation_id))) <= places
        assert set(unit.exec(select(MemberKey.member_id))) == people
        assert set(unit.exec(select(MemberIdentity.member_id))) <= people


def test_what_is_scoped_is_seen_in_part(district: Database, root: Actor, clerk: Actor) -> None:
    """No scoped table that holds rows of other towns shows all of them."""
    filled = [model for model in scoped_models() if _count(district, root, model)]
    assert {Member, Membership, MemberKey, MemberIdentity, Enrollment, Organisation} <= set(filled)
    assert [
        model.__name__ for model in filled if _count(district, clerk, model) >= _count(district, root, model)
    ] == []


@pytest.mark.parametrize("model", [Member, Membership, Enrollment, MemberKey, Organisation])
def test_an_alias_is_no_way_around(district: Database, clerk: Actor, model: Any) -> None:
    assert _count(district, clerk, aliased(model)) == _count(district, clerk, model)


@action("access.copy_for_test", permission="member.edit")
def _copy(unit: WriteUnit) -> None:
    """An INSERT … FROM SELECT that forgets the scope."""
    names = select(literal("copied-") + cast(col(Member.id), Text), Member.name)
    unit.exec(insert(Setting).from_select(["key", "value"], names))


def test_insert_from_select_copies_the_town_only(district: Database, root: Actor, clerk: Actor) -> None:
    _, people = _town(district, root, clerk)
    district.act(clerk, _copy)
    with district.read(root) as unit:
        copied = unit.exec(select(Setting.key).where(col(Setting.key).startswith("copied-"))).all()
    assert {int(key.removeprefix("copied-")) for key in copied} == people


@action("access.spoil_for_test", permission="member.edit")
def _spoil(unit: WriteUnit) -> None:
    """An update and a delete that forget the scope."""
    unit.exec(update(Member).values(name="甲").execution_options(synchronize_session=False))
    unit.exec(delete(MemberKey).execution_options(synchronize_session=False))


def test_update_and_delete_reach_the_town_only(district: Database, root: Actor, clerk: Actor) -> None:
    _, people = _town(district, root, clerk)
    district.act(clerk, _spoil)
    with district.read(root) as unit:
        changed = unit.exec(select(Member.id).where(col(Member.name) == "甲")).all()
        left = set(unit.exec(select(MemberKey.member_id)))
    assert set(changed) == people
    assert left.isdisjoint(people) and len(left) == 700 - len(people)


def test_the_district_sees_all_of_itself_and_an_empty_town_nothing(
    district: Database, root: Actor, office: Actor
) -> None:
    with district.read(root) as unit:
        unit_of_nobody = unit.exec(select(Organisation.id).where(col(Organisation.code) == "110112013")).one()
    district.act(root, add_user, login="lu", name="潞邑", role=Role.CLERK, organisation_id=unit_of_nobody)
    clerk = actor_for(district, "lu")
    assert _count(district, office, Member) == 700
    assert _count(district, office, Organisation) == _count(district, root, Organisation) - 1
    assert _count(district, clerk, Organisation) >= 1
    _, people = _town(district, root, clerk)
    assert _count(district, clerk, Member) == len(people)
