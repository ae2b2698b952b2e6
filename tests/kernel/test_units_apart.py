"""Units against the database's own word: snapshots, reading only, nesting, and no event for nothing."""

from typing import Any

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select

from benefits.access.models import Role, Setting, User
from benefits.access.service import add_user, deactivate_user
from benefits.audit.models import AuditEvent, AuditLink, AuditPending
from benefits.audit.queries import events, verify
from benefits.kernel.actions import Actor, action
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database, WriteUnit


@action("access.look", permission="access.look")
def look(unit: WriteUnit) -> int:
    """A verb that finds nothing to do."""
    unit.record("nothing", looked=True)
    return unit.exec(select(func.count()).select_from(User)).one()


@action("access.outer", permission="access.outer")
def outer(unit: WriteUnit, *, fail: bool) -> None:
    """A verb that calls two others, of which the second may fail."""
    add_user(unit, login="one", name="一", role=Role.CLERK)
    if fail:
        deactivate_user(unit, login="nobody")
    deactivate_user(unit, login="one")
    unit.record("outer", done=True)


@action("access.swallow", permission="access.swallow")
def swallow(unit: WriteUnit) -> None:
    """A verb that lives with another's refusal."""
    add_user(unit, login="one", name="一", role=Role.CLERK)
    with pytest.raises(Refused):
        add_user(unit, login="one", name="一", role=Role.CLERK)


def _count(database: Database, actor: Actor, model: Any) -> int:
    with database.read(actor) as unit:
        return unit.exec(select(func.count()).select_from(model)).one()


def test_a_verb_that_changed_nothing_leaves_no_event(database: Database, root: Actor) -> None:
    assert database.act(root, look) == 0
    assert _count(database, root, AuditEvent) == 0
    with database.read(root) as unit:
        assert verify(unit).ok


def test_nested_verbs_are_one_event_and_one_fate(database: Database, root: Actor) -> None:
    with pytest.raises(Refused):
        database.act(root, outer, fail=True)
    assert (_count(database, root, User), _count(database, root, AuditEvent)) == (0, 0)
    database.act(root, outer, fail=False)
    with database.read(root) as unit:
        (event,) = events(unit)
    assert (event.action, event.target, event.facts["done"]) == ("access.outer", "outer", True)
    assert _count(database, root, User) == 1


def test_a_refusal_inside_that_was_caught_is_no_end(database: Database, root: Actor) -> None:
    database.act(root, swallow)
    assert (_count(database, root, User), _count(database, root, AuditEvent)) == (1, 1)


def test_an_inner_verb_needs_its_permission_too(database: Database, root: Actor) -> None:
    clerk = Actor("li", "李娜", frozenset({"access.outer"}), "/")
    with pytest.raises(Refused) as refused:
        database.act(clerk, outer, fail=False)
    assert refused.value.code == "access.not_permitted"
    assert _count(database, root, User) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO setting (key, value) VALUES ('a', 'b')",
        "UPDATE setting SET value = 'x'",
        "DELETE FROM setting",
        "CREATE TABLE stray (id INTEGER)",
    ],
)
def test_the_database_itself_refuses_a_read_unit_s_write(
    database: Database, root: Actor, statement: str
) -> None:
    """Past the session, where no assertion looks."""
    before = _count(database, root, Setting)
    with pytest.raises((Refused, DBAPIError)) as refused, database.read(root) as unit:
        unit.session.connection().exec_driver_sql(statement)
    if isinstance(refused.value, Refused):
        assert refused.value.code == "kernel.read_only"
    assert _count(database, root, Setting) == before
    assert database.act(root, add_user, login="wang", name="王敏", role=Role.CLERK)


def test_the_session_refuses_a_read_unit_s_write(database: Database, root: Actor) -> None:
    with pytest.raises(AssertionError, match="cannot write"), database.read(root) as unit:
        unit.session.execute(text("DELETE FROM setting"))


def test_a_text_write_without_an_action_is_refused(database: Database, root: Actor) -> None:
    before = _count(database, root, Setting)
    with pytest.raises(AssertionError, match="no open action"), database.write(root) as unit:
        unit.session.execute(delete(Setting))
        unit.commit()
    assert _count(database, root, Setting) == before


def test_a_snapshot_sees_none_of_what_others_commit(database: Database, root: Actor) -> None:
    with database.read(root) as unit:
        seen = [unit.exec(select(func.count()).select_from(model)).one() for model in (User, AuditLink)]
        for number in range(3):
            database.act(root, add_user, login=f"u{number}", name="王敏", role=Role.CLERK)
        again = [unit.exec(select(func.count()).select_from(model)).one() for model in (User, AuditLink)]
        assert again == seen == [0, 0]
        assert unit.exec(select(col(User.login))).all() == []
    assert _count(database, root, User) == 3


def test_a_write_unit_does_not_see_a_stale_row(database: Database, root: Actor) -> None:
    """Two units at once on one row: whoever comes second works on what the first left, or is told to wait."""
    database.act(root, add_user, login="wang", name="王敏", role=Role.CLERK)
    with database.read(root) as unit:
        assert unit.exec(select(User)).one().active
        database.act(root, deactivate_user, login="wang")
        assert unit.exec(select(User)).one().active
    with database.read(root) as unit:
        assert not unit.exec(select(User)).one().active


def test_nothing_is_pending_after_a_quiet_commit(database: Database, root: Actor) -> None:
    database.act(root, add_user, login="wang", name="王敏", role=Role.CLERK)
    assert (_count(database, root, AuditPending), _count(database, root, AuditLink)) == (0, 1)
