"""Verbs on users (用户): who may do what, and where."""

from sqlmodel import col, select

from benefits.access.models import Role, User
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.unit import WriteUnit


@action("access.add_user", permission="access.manage")
def add_user(
    unit: WriteUnit, *, login: str, name: str, role: Role, organisation_id: int | None = None
) -> int:
    """Add a user (新增用户); ``organisation_id`` is the top of what he or she sees, None for everything.

    Raises Refused ``access.login_taken`` or ``access.login_empty``.
    """
    login = login.strip()
    if not login:
        raise Refused("access.login_empty")
    if unit.exec(select(User.id).where(col(User.login) == login)).first() is not None:
        raise Refused("access.login_taken", login=login)
    user = User(
        login=login,
        name=name.strip() or login,
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
    """Stop a user (停用用户); what he or she did stays on record. Raises Refused ``access.unknown_user``."""
    user = unit.exec(select(User).where(col(User.login) == login)).first()
    if user is None:
        raise Refused("access.unknown_user", login=login)
    user.active = False
    unit.record(f"user:{user.id}", login=login)
