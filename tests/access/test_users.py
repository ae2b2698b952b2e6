"""Who may make, stop and list users, publish plans and read the trail: never past the own part of the
tree."""

from dataclasses import replace
from datetime import date

import pytest

from benefits.access.models import Role
from benefits.access.queries import PERMISSIONS, actor_for, users
from benefits.access.service import add_user, deactivate_user
from benefits.audit.queries import events
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.organisations.models import Level
from benefits.organisations.service import close, found
from benefits.plans.service import add_edition, install_catalogue


@pytest.fixture
def street(database: Database, root: Actor) -> dict[str, int]:
    """A district with the streets A and B; ids by code."""
    ids: dict[str, int] = {}
    for code, level, above in (
        ("D", Level.DISTRICT, None), ("A", Level.SUBDISTRICT, "D"), ("B", Level.SUBDISTRICT, "D"),
        ("A1", Level.GRASSROOTS, "A"),
    ):  # fmt: skip
        ids[code] = database.act(
            root, found, name=code, code=code, level=level, parent_id=ids.get(above or ""),
            founded=date(2010, 1, 1),
        )  # fmt: skip
    return ids


def _user(database: Database, root: Actor, login: str, role: Role, place: int | None) -> Actor:
    database.act(root, add_user, login=login, name=login, role=role, organisation_id=place)
    return actor_for(database, login)


def _code(call: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)  # type: ignore[operator]
    return refused.value.code


def test_a_street_s_administrator_makes_users_of_the_street_only(
    database: Database, root: Actor, street: dict[str, int]
) -> None:
    boss = _user(database, root, "boss", Role.ADMIN, street["A"])
    for place in (None, street["D"], street["B"]):
        code = _code(database.act, boss, add_user, login="x", name="", role=Role.ADMIN, organisation_id=place)
        assert code == "access.beyond_scope"
    for place in (street["A"], street["A1"]):
        database.act(boss, add_user, login=f"u{place}", name="", role=Role.ADMIN, organisation_id=place)
    with database.read(boss) as unit:
        assert [row.login for row in users(unit)] == sorted(["boss", f"u{street['A']}", f"u{street['A1']}"])


def test_a_street_s_administrator_stops_users_of_the_street_only(
    database: Database, root: Actor, street: dict[str, int]
) -> None:
    boss = _user(database, root, "boss", Role.ADMIN, street["A"])
    for login, place in (("all", None), ("district", street["D"]), ("other", street["B"])):
        _user(database, root, login, Role.CLERK, place)
        assert _code(database.act, boss, deactivate_user, login=login) == "access.beyond_scope"
        assert actor_for(database, login).login == login
    _user(database, root, "mine", Role.CLERK, street["A1"])
    database.act(boss, deactivate_user, login="mine")
    assert _code(actor_for, database, "mine") == "access.user_inactive"


def test_a_place_that_is_not_there_is_refused(database: Database, root: Actor) -> None:
    code = _code(database.act, root, add_user, login="x", name="", role=Role.CLERK, organisation_id=999)
    assert code == "access.beyond_scope"


@pytest.mark.parametrize(("login", "name"), [("x" * 65, ""), ("x", "王" * 51)])
def test_a_login_or_a_name_that_does_not_fit_is_refused(
    database: Database, root: Actor, login: str, name: str
) -> None:
    assert _code(database.act, root, add_user, login=login, name=name, role=Role.CLERK) == "access.too_long"
    database.act(root, add_user, login="x" * 64, name="王" * 50, role=Role.CLERK)
    database.act(root, add_user, login="y" * 64, name="", role=Role.CLERK)


def test_a_plan_is_published_for_all_and_by_whoever_sees_all(
    database: Database, root: Actor, street: dict[str, int]
) -> None:
    boss = _user(database, root, "boss", Role.ADMIN, street["A"])
    assert _code(database.act, boss, add_edition, text="x") == "access.whole_only"
    assert _code(database.act, boss, install_catalogue) == "access.whole_only"
    district = _user(database, root, "district", Role.ADMIN, street["D"])
    assert database.act(district, install_catalogue) > 0


def test_nobody_begins_a_tree_of_the_own_or_ends_the_top_of_what_he_sees(
    database: Database, root: Actor, street: dict[str, int]
) -> None:
    clerk = _user(database, root, "li", Role.CLERK, street["A"])
    made = {"name": "X", "code": "X", "founded": date(2026, 1, 1)}
    code = _code(database.act, clerk, found, level=Level.DISTRICT, parent_id=None, **made)
    assert code == "organisations.top_needs_all"
    code = _code(database.act, clerk, close, organisation_id=street["A"], on=date(2026, 1, 1))
    assert code == "organisations.own_top"
    database.act(clerk, close, organisation_id=street["A1"], on=date(2026, 1, 1))


def test_the_trail_of_others_is_for_whoever_sees_all_and_for_the_auditor(
    database: Database, root: Actor, street: dict[str, int]
) -> None:
    clerk = _user(database, root, "li", Role.CLERK, street["A"])
    boss = replace(clerk, login="boss", permissions=PERMISSIONS[Role.ADMIN])
    auditor = _user(database, root, "shen", Role.AUDITOR, street["A"])
    database.act(clerk, close, organisation_id=street["A1"], on=date(2026, 1, 1))
    with database.read(root) as unit:
        whole = events(unit)
    assert len(whole) == 7
    with database.read(auditor) as unit:
        assert events(unit) == whole
    with database.read(clerk) as unit:
        assert [event.action for event in events(unit)] == ["organisations.close"]
    with database.read(boss) as unit:
        assert events(unit) == ()
