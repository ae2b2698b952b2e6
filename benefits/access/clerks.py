"""Clerks of a unit (单位经办人): what is written about one, and what ends with one."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_
from sqlmodel import col, select

from benefits.access.models import OrganisationClerk, User
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.text import check_name, mask_phone, plain, shown
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.closing import ends_with_the_unit, stands_in_the_way

LONGEST_DOCUMENT = 120
_PHONE = re.compile(r"1[3-9][0-9]{9}|(?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(?:-[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Unbound:
    """What became of a clerk's login when he or she stopped: ``login`` None where there was none,
    ``deactivated`` where the unit was all that it was for."""

    name: str
    login: str | None
    deactivated: bool


def checked_clerk(name: str, phone: str, document: str) -> tuple[str, str | None, str]:
    """Name, phone and number of the paper in the form that is stored. A mobile or a fixed line, by its shape
    only.

    Raises Refused ``access.clerk_invalid`` with all problems.
    """
    person = check_name(name)
    problems = list(person.problems)
    number = re.sub(r"\s+", "", unicodedata.normalize("NFKC", plain(phone))).removeprefix("+86")
    if number and not _PHONE.fullmatch(number):
        words = say("access.clerk_phone", phone=mask_phone(shown(number)))
        problems.append(Problem("access.clerk_phone", words, field="phone"))
    paper = " ".join(plain(document).split())
    if len(paper) > LONGEST_DOCUMENT:
        words = say("access.too_long", text=paper[:20], length=len(paper), most=LONGEST_DOCUMENT)
        problems.append(Problem("access.too_long", words, field="document"))
    if problems:
        raise Refused("access.clerk_invalid", count=len(problems), problems=tuple(problems))
    return person.name, number or None, paper


def open_clerks(unit: ReadUnit, organisation_id: int) -> list[OrganisationClerk]:
    """The clerks that a unit has now, the first appointed first."""
    query = select(OrganisationClerk).where(
        col(OrganisationClerk.organisation_id) == organisation_id, col(OrganisationClerk.ends).is_(None)
    )
    return list(unit.exec(query.order_by(col(OrganisationClerk.starts), col(OrganisationClerk.id))))


def end_clerk(unit: WriteUnit, clerk: OrganisationClerk, last: date) -> Unbound:
    """End a clerk with the day ``last`` and unbind the login (解除绑定) [S76][S77]. The login is deactivated
    only where this unit was its whole place and no other unit binds it."""
    clerk.ends = last
    unit.session.flush()
    user = None
    if clerk.user_id is not None:
        user = unit.exec(select(User).where(col(User.id) == clerk.user_id)).first()
    if user is None:
        return Unbound(clerk.name, None, False)
    bound = select(func.count(col(OrganisationClerk.id))).where(
        col(OrganisationClerk.user_id) == user.id, col(OrganisationClerk.ends).is_(None)
    )
    with unit.beyond_scope():  # a unit that the actor does not see may bind it too
        elsewhere = unit.exec(bound).one()
    stops = user.active and user.organisation_id == clerk.organisation_id and not elsewhere
    if stops:
        user.active = False
    return Unbound(clerk.name, user.login, stops)


@stands_in_the_way
def clerks_after(unit: ReadUnit, organisation_id: int, on: date) -> Problem | None:
    """Somebody became clerk after the day on which the unit is said to have ended."""
    later = select(func.max(OrganisationClerk.starts)).where(
        col(OrganisationClerk.organisation_id) == organisation_id,
        or_(col(OrganisationClerk.starts) > on, col(OrganisationClerk.ends) > on),
    )
    since = unit.exec(later).one()
    words = say("access.clerk_after", since=since, day=on)
    return Problem("access.clerk_after", words) if since is not None else None


@ends_with_the_unit
def clerks_end(unit: WriteUnit, organisation_id: int, on: date) -> None:
    """The clerks of a unit that closes stop on its last day."""
    for clerk in open_clerks(unit, organisation_id):
        end_clerk(unit, clerk, on)
