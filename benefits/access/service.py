"""Verbs on users (用户): who may do what, and where."""

from sqlmodel import col, select

from benefits.access.models import Role, User
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.scope import ROOT
from benefits.kernel.text import plain
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.models import Organisation

LONGEST_LOGIN = 64
LONGEST_NAME = 50


@action("access.add_user", permission="access.manage")
def add_user(
    unit: WriteUnit, *, login: str, name: str, role: Role, organisation_id: int | None = None
) -> int:
    """Add a user (新增用户); ``organisation_id`` is the top of what he or she sees, None for everything.
    Nobody gives away more than he or she sees.

    Raises Refused ``access.login_empty``, ``.login_taken``, ``.too_long``, ``.beyond_scope``.
    """
    login, name = login.strip(), name.strip()
    if not login:
        raise Refused("access.login_empty")
    for text, most in ((login, LONGEST_LOGIN), (name, LONGEST_NAME)):
        if len(text) > most:
            raise Refused("access.too_long", text=plain(text)[:20], length=len(text), most=most)
    refuse_beyond_scope(unit, login, organisation_id)
    if unit.exec(select(User.id).where(col(User.login) == login)).first() is not None:
        raise Refused("access.login_taken", login=login)
    user = User(
        login=login,
        name=name or login[:LONGEST_NAME],
        role=role,
        organisation_id=organisation_id,
        created_at=unit.clock.now(),
    )
    unit.session.add(user)
    unit.session.flush()
    assert user.id is not None
    unit.record(f"user:{user.id}", login=login, role=role.value, organisation=organisation_id)
    return user.id


@action("access.deactivate_user", permission="access.manage")
def deactivate_user(unit: WriteUnit, *, login: str) -> None:
    """Stop a user (停用用户); what he or she did stays on record. Raises Refused ``access.unknown_user``, or
    ``access.beyond_scope`` where the user sees more than the actor."""
    user = unit.exec(select(User).where(col(User.login) == login)).first()
    if user is None:
        raise Refused("access.unknown_user", login=login)
    refuse_beyond_scope(unit, login, user.organisation_id)
    user.active = False
    unit.record(f"user:{user.id}", login=login)


def refuse_beyond_scope(unit: ReadUnit, login: str, organisation_id: int | None) -> None:
    """A user's place must lie in the actor's scope; somebody without a place sees everything."""
    if organisation_id is None:
        seen = unit.actor.scope == ROOT
    else:
        place = select(Organisation.id).where(col(Organisation.id) == organisation_id)
        seen = unit.exec(place).first() is not None
    if not seen:
        raise Refused("access.beyond_scope", login=plain(login))
