"""Who the actor is: a system login becomes an actor with permissions and a scope."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from benefits.access.models import OrganisationClerk, Role, Setting, User
from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.scope import ROOT
from benefits.kernel.text import mask_phone
from benefits.kernel.unit import Database, ReadUnit
from benefits.organisations.models import Organisation

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.CLERK: frozenset(
        {
            "member.edit",
            "organisation.edit",
            "enrollment.edit",
            "contribution.edit",
            "kit.edit",
            "kit.stock",
            "kit.hand",
            "roster.import",
            "renewal.preview",
            "renewal.review",
            "renewal.apply",
            "identity.reveal",
        }
    ),
    Role.REVIEWER: frozenset(
        {"renewal.preview", "renewal.review", "renewal.apply", "kit.approve", "identity.reveal"}
    ),
    Role.ADMIN: frozenset({"*"}),
    Role.AUDITOR: frozenset({"audit.read"}),
}
"""What each role may do; everybody may read inside the own scope."""

PACKAGE = "kit_package"
"""Setting of a database that is an offline package (``benefits.packages``): what it was given."""
AT_A_STATION = frozenset({"kit.hand", "kit.stock"})
"""All that anybody may do in a package: whatever else is done there would not come home."""

INSTALLER = Actor("installer", "installer", frozenset({"*"}), ROOT)
"""Acts while the system is being set up, before there is a user."""


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user as a list shows it."""

    login: str
    name: str
    role: Role
    organisation: str
    active: bool


@dataclass(frozen=True, slots=True)
class ClerkRow:
    """A clerk of a unit (经办人), both days inclusive; ``ends`` None: now. The phone is masked
    (``access.service_clerks.reveal_clerk`` shows it)."""

    id: int
    organisation_id: int
    name: str
    phone: str
    login: str
    starts: date
    ends: date | None
    document: str


def actor_for(database: Database, login: str) -> Actor:
    """The actor behind a login. Raises Refused ``access.unknown_user`` or ``access.user_inactive``."""
    with database.read(INSTALLER) as unit:
        user = unit.exec(select(User).where(col(User.login) == login)).first()
        if user is None:
            raise Refused("access.unknown_user", login=login)
        if not user.active:
            raise Refused("access.user_inactive", login=login)
        may = PERMISSIONS[user.role]
        if unit.session.get(Setting, PACKAGE) is not None:
            may = AT_A_STATION if "*" in may else may & AT_A_STATION
        return Actor(user.login, user.name, may, _scope_of(unit.session, user), user.id)


def _scope_of(session: Session, user: User) -> str:
    if user.organisation_id is None:
        return ROOT
    top = session.exec(select(Organisation).where(col(Organisation.id) == user.organisation_id)).one()
    return ROOT if top.parent_id is None else top.path


def users(unit: ReadUnit) -> tuple[UserRow, ...]:
    """The users whose place lies in the actor's scope, by login; for whoever sees everything, all users."""
    query = (
        select(User, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(User.organisation_id), isouter=True)
        .order_by(col(User.login))
    )
    if unit.actor.scope != ROOT:
        query = query.where(col(Organisation.id).is_not(None))
    rows = unit.exec(query)
    return tuple(UserRow(user.login, user.name, user.role, place or "", user.active) for user, place in rows)


def clerks_of(unit: ReadUnit, organisation_id: int, *, history: bool = True) -> tuple[ClerkRow, ...]:
    """The clerks of a unit, those of today first, then the last first; ``history`` False: today's only."""
    query = (
        select(OrganisationClerk, User.login)
        .join(User, col(User.id) == col(OrganisationClerk.user_id), isouter=True)
        .where(col(OrganisationClerk.organisation_id) == organisation_id)
        .order_by(
            col(OrganisationClerk.ends).is_not(None),
            col(OrganisationClerk.starts).desc(),
            col(OrganisationClerk.id).desc(),
        )
    )
    if not history:
        query = query.where(col(OrganisationClerk.ends).is_(None))
    return tuple(
        ClerkRow(
            clerk.id or 0,
            clerk.organisation_id,
            clerk.name,
            mask_phone(clerk.phone or ""),
            login or "",
            clerk.starts,
            clerk.ends,
            clerk.document,
        )
        for clerk, login in unit.exec(query)
    )
