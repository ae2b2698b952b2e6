"""Clerks of units: appointed, handed over, dismissed; what becomes of their logins; on both engines."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from benefits.access.models import OrganisationClerk, Role
from benefits.access.queries import ClerkRow, actor_for, clerks_of
from benefits.access.service import add_user
from benefits.access.service_clerks import appoint, dismiss, hand_over, reveal_clerk
from benefits.audit.queries import events
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.organisations.models import Level
from benefits.organisations.service import close, found, reopen
from benefits.verify import verify
from sample_data.generate import TODAY

FOUNDED = date(2010, 1, 1)
DAY = timedelta(days=1)
PHONE = "13800138000"


@pytest.fixture
def places(database: Database, root: Actor) -> dict[str, int]:
    """A district with a street and two units below it; ids by code."""
    ids: dict[str, int] = {}
    for code, level, above in (
        ("D", Level.DISTRICT, None),
        ("A", Level.SUBDISTRICT, "D"),
        ("A1", Level.GRASSROOTS, "A"),
        ("A2", Level.GRASSROOTS, "A"),
    ):
        ids[code] = database.act(
            root, found, name=code, code=code, level=level, parent_id=ids.get(above or ""), founded=FOUNDED
        )
    return ids


@pytest.fixture
def street(database: Database, root: Actor, places: dict[str, int]) -> Actor:
    """The street's clerk."""
    return _login(database, root, "street", places["A"])


def _login(database: Database, root: Actor, login: str, place: int | None) -> Actor:
    database.act(root, add_user, login=login, name=login, role=Role.CLERK, organisation_id=place)
    return actor_for(database, login)


def _clerks(database: Database, actor: Actor, place: int, **options: bool) -> tuple[ClerkRow, ...]:
    with database.read(actor) as unit:
        return clerks_of(unit, place, **options)


def _refused(database: Database, actor: Actor, verb: Any, **given: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        database.act(actor, verb, **given)
    return refused.value


def _active(database: Database, login: str) -> bool:
    try:
        actor_for(database, login)
    except Refused as refused:
        assert refused.code == "access.user_inactive"
        return False
    return True


def _name(database: Database, actor: Actor, place: int, **given: Any) -> int:
    named: dict[str, Any] = {"name": "王敏", "phone": PHONE, "starts": FOUNDED} | given
    return database.act(actor, appoint, organisation_id=place, **named)


def test_a_hand_over_ends_the_old_one_and_unbinds_the_login(
    database: Database, root: Actor, street: Actor, places: dict[str, int]
) -> None:
    _login(database, root, "wang", places["A1"])
    _login(database, root, "zhao", places["A1"])
    old = _name(database, street, places["A1"], user_login="wang", document="通工变〔2010〕1号")
    done = database.act(
        street,
        hand_over,
        organisation_id=places["A1"],
        to_name=" 赵 强 ",
        to_phone="010-6952 1234",
        to_login="zhao",
        on=TODAY,
        document="通工变〔2026〕7号",
    )
    assert (done.old.login, done.old.deactivated) == ("wang", True)
    new, earlier = _clerks(database, street, places["A1"])
    assert (new.id, new.name, new.login, new.starts, new.ends) == (done.clerk_id, "赵强", "zhao", TODAY, None)
    assert (earlier.id, earlier.login, earlier.ends) == (old, "wang", TODAY - DAY)
    assert (earlier.phone, new.phone) == ("138****8000", "010*****1234")
    assert [row.id for row in _clerks(database, street, places["A1"], history=False)] == [done.clerk_id]
    assert not _active(database, "wang") and _active(database, "zhao")
    with database.read(root) as unit:
        last = events(unit)[0]
        assert [result.code for result in verify(unit) if not result.ok] == []
    assert last.action == "access.hand_over" and last.facts["deactivated"] is True
    assert PHONE not in str(last.facts) and "6952" not in str(last.facts) and "王敏" not in str(last.facts)


def test_a_login_for_more_than_the_unit_stays(
    database: Database, root: Actor, street: Actor, places: dict[str, int]
) -> None:
    """Bound by another unit too, of a wider place, or handed on to the next person: none is stopped."""
    _login(database, root, "both", places["A1"])
    change: dict[str, Any] = {
        "organisation_id": places["A1"],
        "to_name": "李娜",
        "to_phone": "",
        "document": "1号",
    }
    first = _name(database, street, places["A1"], user_login="street")
    wide = database.act(street, hand_over, on=FOUNDED + DAY, to_login="both", **change)
    assert (wide.old.login, wide.old.deactivated) == ("street", False)
    again = database.act(
        street, hand_over, on=FOUNDED + 2 * DAY, to_login="both", **(change | {"to_name": "钱进"})
    )
    assert (again.old.login, again.old.deactivated) == ("both", False), "the same login goes on"
    none = _name(database, street, places["A2"])
    assert database.act(street, dismiss, clerk_id=none, on=TODAY).login is None
    assert _active(database, "street") and _active(database, "both")
    ended = database.act(street, dismiss, clerk_id=again.clerk_id, on=TODAY)
    assert (ended.login, ended.deactivated) == ("both", True)
    assert _refused(database, street, dismiss, clerk_id=first, on=TODAY).code == "access.clerk_ended"


def test_a_unit_elsewhere_that_binds_the_login_keeps_it(
    database: Database, root: Actor, street: Actor, places: dict[str, int]
) -> None:
    """The street's clerk does not see the district, whose binding still counts."""
    _login(database, root, "wang", places["A1"])
    clerk = _name(database, street, places["A1"], user_login="wang")
    with database.upkeep() as session:
        user = session.exec(select(OrganisationClerk.user_id)).one()
        session.add(OrganisationClerk(organisation_id=places["D"], user_id=user, name="王敏", starts=TODAY))
    assert database.act(street, dismiss, clerk_id=clerk, on=TODAY).deactivated is False
    assert _active(database, "wang")


def test_the_days_of_clerks(database: Database, root: Actor, street: Actor, places: dict[str, int]) -> None:
    one: dict[str, Any] = {"organisation_id": places["A1"]}
    named: dict[str, Any] = one | {"name": "王敏", "phone": PHONE}
    assert _refused(database, street, appoint, starts=TODAY + DAY, **named).code == "access.clerk_not_yet"
    assert _refused(database, street, appoint, starts=FOUNDED - DAY, **named).code == "access.clerk_too_early"
    clerk = database.act(street, appoint, starts=date(2020, 1, 1), **named)
    assert _refused(database, street, appoint, starts=TODAY, **named).code == "access.clerk_already"
    change: dict[str, Any] = one | {"to_name": "李娜", "to_phone": "", "document": "1号"}
    for day in (date(2019, 12, 31), date(2020, 1, 1)):
        assert _refused(database, street, hand_over, on=day, **change).code == "access.clerk_since"
    assert _refused(database, street, hand_over, on=TODAY + DAY, **change).code == "access.clerk_not_yet"
    early = _refused(database, street, dismiss, clerk_id=clerk, on=date(2019, 12, 31))
    assert early.code == "access.clerk_since"
    done = database.act(street, hand_over, on=date(2020, 1, 2), **change)
    ended = database.act(street, dismiss, clerk_id=done.clerk_id, on=date(2020, 1, 2))
    assert ended.name == "李娜"
    assert [(row.starts, row.ends) for row in _clerks(database, street, places["A1"])] == [
        (date(2020, 1, 2), date(2020, 1, 2)),
        (date(2020, 1, 1), date(2020, 1, 1)),
    ]
    assert _refused(database, street, hand_over, on=TODAY, **change).code == "access.no_clerk"


def test_of_several_one_must_be_named(database: Database, street: Actor, places: dict[str, int]) -> None:
    first = _name(database, street, places["A1"])
    second = _name(database, street, places["A1"], name="李娜")
    change: dict[str, Any] = {
        "organisation_id": places["A1"],
        "to_name": "赵强",
        "to_phone": "",
        "document": "1号",
    }
    refused = _refused(database, street, hand_over, on=TODAY, **change)
    assert refused.code == "access.several_clerks" and refused.say.params["count"] == 2
    done = database.act(street, hand_over, on=TODAY, clerk_id=second, **change)
    assert {row.id for row in _clerks(database, street, places["A1"], history=False)} == {
        first,
        done.clerk_id,
    }
    other = _name(database, street, places["A2"])
    assert _refused(database, street, hand_over, on=TODAY, clerk_id=other, **change).code == "access.no_clerk"


def test_what_is_no_clerk_is_refused(
    database: Database, root: Actor, street: Actor, places: dict[str, int]
) -> None:
    named: dict[str, Any] = {"organisation_id": places["A1"], "name": "王敏", "phone": PHONE, "starts": TODAY}
    for given, code in (
        ({"name": " "}, "kernel.name_missing"),
        ({"name": "王" * 51}, "kernel.name_long"),
        ({"phone": "12345"}, "access.clerk_phone"),
        ({"phone": "12800138000"}, "access.clerk_phone"),
        ({"phone": "x" * 500}, "access.clerk_phone"),
        ({"document": "1" * 121}, "access.too_long"),
    ):
        refused = _refused(database, street, appoint, **(named | given))
        assert refused.code == "access.clerk_invalid"
        assert [problem.code for problem in refused.problems] == [code]
    change: dict[str, Any] = {"organisation_id": places["A1"], "to_name": "李娜", "to_phone": "", "on": TODAY}
    assert _refused(database, street, hand_over, document="\u200b ", **change).code == (
        "access.document_missing"
    )
    assert _clerks(database, street, places["A1"]) == ()


def test_clerks_of_the_own_top_and_of_others_are_not_changed(
    database: Database, root: Actor, street: Actor, places: dict[str, int]
) -> None:
    named: dict[str, Any] = {"name": "王敏", "phone": PHONE, "starts": TODAY}
    own = _refused(database, street, appoint, organisation_id=places["A"], **named)
    assert own.code == "access.clerk_own_top"
    above = _refused(database, street, appoint, organisation_id=places["D"], **named)
    assert above.code == "organisations.unknown"
    hidden = _name(database, root, places["D"])
    for verb, given in ((dismiss, {"on": TODAY}), (reveal_clerk, {"reason": "核对"})):
        assert _refused(database, street, verb, clerk_id=hidden, **given).code == "access.unknown_clerk"
    assert _clerks(database, street, places["D"]) == ()


def test_a_login_is_bound_where_it_works(
    database: Database, root: Actor, street: Actor, places: dict[str, int]
) -> None:
    _login(database, root, "all", None)
    _login(database, root, "one", places["A1"])
    for login, place, code in (
        ("nobody", "A1", "access.unknown_user"),
        ("all", "A1", "access.beyond_scope"),
        ("one", "A2", "access.login_elsewhere"),
    ):
        named: dict[str, Any] = {"name": "王敏", "phone": "", "starts": TODAY, "user_login": login}
        assert _refused(database, street, appoint, organisation_id=places[place], **named).code == code
    _name(database, root, places["A1"], user_login="all")
    _name(database, street, places["A1"], name="李娜", user_login=" one ")


def test_a_number_is_revealed_for_a_reason(
    database: Database, root: Actor, street: Actor, places: dict[str, int]
) -> None:
    clerk = _name(database, street, places["A1"], phone="+86 138 0013 8000")
    assert _refused(database, street, reveal_clerk, clerk_id=clerk, reason=" ").code == (
        "access.reason_missing"
    )
    assert database.act(street, reveal_clerk, clerk_id=clerk, reason="核对变更表") == PHONE
    with database.read(root) as unit:
        assert events(unit)[0].facts["reason"] == "核对变更表"


def test_clerks_end_with_their_unit(
    database: Database, root: Actor, street: Actor, places: dict[str, int]
) -> None:
    _login(database, root, "wang", places["A1"])
    _name(database, street, places["A1"], user_login="wang", starts=TODAY - DAY)
    early = _refused(database, street, close, organisation_id=places["A1"], on=TODAY - 2 * DAY)
    assert [problem.code for problem in early.problems] == ["access.clerk_after"]
    database.act(street, close, organisation_id=places["A1"], on=TODAY)
    assert [row.ends for row in _clerks(database, street, places["A1"])] == [TODAY]
    assert not _active(database, "wang")
    named: dict[str, Any] = {"organisation_id": places["A1"], "name": "赵强", "phone": "", "starts": TODAY}
    assert _refused(database, street, appoint, **named).code == "organisations.is_closed"
    database.act(street, reopen, organisation_id=places["A1"])
    database.act(street, appoint, **named)
    with database.read(root) as unit:
        assert [result.code for result in verify(unit) if not result.ok] == []
