"""Verbs on the clerks of a unit (单位经办人): appoint, hand over, dismiss, reveal a phone number.

A change of clerk needs a sealed form and unbinds the old one [S76][S77]; it is for the union above, so nobody
changes the clerks of the top of what he or she sees.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import col, select

from benefits.access.clerks import Unbound, checked_clerk, end_clerk, open_clerks
from benefits.access.models import OrganisationClerk, User
from benefits.access.service import refuse_beyond_scope
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.reasons import reason_said
from benefits.kernel.text import mask_name, plain
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.models import Organisation

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HandOver:
    """A hand-over (交接): the new clerk's id, and what became of the old one."""

    clerk_id: int
    old: Unbound


@action("access.appoint", permission="organisation.edit")
def appoint(
    unit: WriteUnit,
    *,
    organisation_id: int,
    name: str,
    phone: str,
    user_login: str | None = None,
    starts: date,
    document: str = "",
) -> int:
    """Name a clerk of a unit (指定经办人) from ``starts`` on, beside those it has; the clerk's id.
    ``user_login`` binds a login whose place covers the unit; it gives no rights by itself.

    Raises Refused: ``organisations.unknown``, ``organisations.is_closed``, ``access.clerk_own_top``,
    ``.clerk_invalid`` with all problems, ``.clerk_already``, ``.clerk_not_yet``, ``.clerk_too_early``,
    ``.unknown_user``, ``.user_inactive``, ``.beyond_scope``, ``.login_elsewhere``.
    """
    place = _place(unit, organisation_id)
    clerk = _made(unit, place, name, phone, user_login, starts, document)
    unit.session.add(clerk)
    unit.session.flush()
    assert clerk.id is not None
    unit.record(f"organisation:{organisation_id}", clerk=clerk.id, name=mask_name(clerk.name), on=starts)
    return clerk.id


@action("access.hand_over", permission="organisation.edit")
def hand_over(
    unit: WriteUnit,
    *,
    organisation_id: int,
    to_name: str,
    to_phone: str,
    to_login: str | None = None,
    on: date,
    document: str,
    clerk_id: int | None = None,
) -> HandOver:
    """Change the clerk of a unit (变更经办人): the old one stops the day before ``on`` and is unbound, the
    new one begins. ``document``: number of the sealed form. ``clerk_id``: who hands over, where there are
    several.

    Raises Refused as ``appoint`` does, and ``access.document_missing``, ``.no_clerk``, ``.several_clerks``,
    ``.clerk_since`` where the old one began on ``on`` or later.
    """
    place = _place(unit, organisation_id)
    if not plain(document).strip():
        raise Refused("access.document_missing")
    old = _followed(unit, place, clerk_id)
    new = _made(unit, place, to_name, to_phone, to_login, on, document)
    if on <= old.starts:
        raise Refused("access.clerk_since", name=old.name, since=old.starts)
    unit.session.add(new)
    unbound = end_clerk(unit, old, on - _DAY)
    assert new.id is not None
    unit.record(
        f"organisation:{organisation_id}",
        clerk=new.id,
        name=mask_name(new.name),
        earlier=mask_name(old.name),
        login=unbound.login,
        deactivated=unbound.deactivated,
        document=new.document,
        on=on,
    )
    return HandOver(new.id, unbound)


@action("access.dismiss", permission="organisation.edit")
def dismiss(unit: WriteUnit, *, clerk_id: int, on: date, document: str = "") -> Unbound:
    """End a clerk with the last day ``on`` (免去经办人) and unbind the login; nobody follows.

    Raises Refused: ``access.unknown_clerk``, ``.clerk_ended``, ``.clerk_own_top``, ``.clerk_not_yet``,
    ``.clerk_since`` for a day before the first, ``.clerk_invalid`` for the number of the paper.
    """
    clerk = _clerk(unit, clerk_id)
    _place(unit, clerk.organisation_id)
    if clerk.ends is not None:
        raise Refused("access.clerk_ended", name=clerk.name, ends=clerk.ends)
    _refuse_future(unit, on)
    if on < clerk.starts:
        raise Refused("access.clerk_since", name=clerk.name, since=clerk.starts)
    _, _, paper = checked_clerk(clerk.name, "", document)
    unbound = end_clerk(unit, clerk, on)
    unit.record(
        f"organisation:{clerk.organisation_id}",
        clerk=clerk_id,
        name=mask_name(clerk.name),
        login=unbound.login,
        deactivated=unbound.deactivated,
        document=paper,
        on=on,
    )
    return unbound


@action("access.reveal_clerk", permission="identity.reveal")
def reveal_clerk(unit: WriteUnit, *, clerk_id: int, reason: str) -> str | None:
    """A clerk's phone number in full (查看经办人电话), for a stated reason that goes into the trail; None:
    there is none.

    Raises Refused: ``access.unknown_clerk``, ``access.reason_missing``, ``access.reason_long``.
    """
    clerk = _clerk(unit, clerk_id)
    said = reason_said(reason, missing="access.reason_missing", long="access.reason_long")
    unit.record(f"organisation:{clerk.organisation_id}", clerk=clerk_id, reason=said)
    unit.wrote = True  # nothing but the event itself is written, and it must be
    return clerk.phone


def _clerk(unit: ReadUnit, clerk_id: int) -> OrganisationClerk:
    found = unit.exec(select(OrganisationClerk).where(col(OrganisationClerk.id) == clerk_id)).first()
    if found is None:
        raise Refused("access.unknown_clerk", clerk=clerk_id)
    return found


def _place(unit: ReadUnit, organisation_id: int) -> Organisation:
    place = unit.exec(select(Organisation).where(col(Organisation.id) == organisation_id)).first()
    if place is None:
        raise Refused("organisations.unknown", organisation=organisation_id)
    if place.path == unit.actor.scope:
        raise Refused("access.clerk_own_top", name=place.name)
    if place.closed is not None:
        raise Refused("organisations.is_closed", name=place.name, closed=place.closed)
    return place


def _followed(unit: ReadUnit, place: Organisation, clerk_id: int | None) -> OrganisationClerk:
    there = [clerk for clerk in open_clerks(unit, place.id or 0) if clerk_id in (None, clerk.id)]
    if not there:
        raise Refused("access.no_clerk", name=place.name)
    if len(there) > 1:
        names = "、".join(f"{clerk.name}（{clerk.id}）" for clerk in there)
        raise Refused("access.several_clerks", name=place.name, count=len(there), clerks=names)
    return there[0]


def _made(
    unit: ReadUnit, place: Organisation, name: str, phone: str, login: str | None, on: date, document: str
) -> OrganisationClerk:
    person, number, paper = checked_clerk(name, phone, document)
    _refuse_future(unit, on)
    if on < place.founded:
        raise Refused("access.clerk_too_early", name=place.name, founded=place.founded)
    tail = number[-4:] if number else None
    for clerk in open_clerks(unit, place.id or 0):
        if clerk.name == person and clerk.phone_last4 == tail:
            raise Refused("access.clerk_already", name=person, organisation=place.name, since=clerk.starts)
    return OrganisationClerk(
        organisation_id=place.id or 0,
        user_id=_bound(unit, place, login) if login else None,
        name=person,
        phone=number,
        phone_last4=tail,
        starts=on,
        document=paper,
    )


def _bound(unit: ReadUnit, place: Organisation, login: str) -> int | None:
    """The user behind a login whose place covers the unit."""
    user = unit.exec(select(User).where(col(User.login) == login.strip())).first()
    if user is None:
        raise Refused("access.unknown_user", login=plain(login))
    if not user.active:
        raise Refused("access.user_inactive", login=login)
    refuse_beyond_scope(unit, login, user.organisation_id)
    if user.organisation_id is not None:
        top = unit.exec(select(Organisation.path).where(col(Organisation.id) == user.organisation_id)).one()
        if not place.path.startswith(top):
            raise Refused("access.login_elsewhere", login=plain(login), name=place.name)
    return user.id


def _refuse_future(unit: ReadUnit, on: date) -> None:
    if on > unit.today:
        raise Refused("access.clerk_not_yet", day=on, today=unit.today)
