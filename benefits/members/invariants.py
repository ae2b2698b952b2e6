"""What must hold of the member register."""

from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, extract, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from benefits.kernel.ids import Sex
from benefits.kernel.verify import Invariant
from benefits.members.branches import NOWHERE, branch
from benefits.members.models import (
    IdentifierKind,
    Member,
    MemberCategory,
    MemberIdentifier,
    MemberIdentity,
    MemberKey,
    Membership,
    NextOfKin,
    Standing,
    Status,
)
from benefits.members.retirement import RetirementCategory
from benefits.organisations.models import Organisation

_FAR = date(9999, 12, 31)
_FLEXIBLE_MONTHS = 36
_WHOLE = 100
_PRIMARY = col(Membership.standing) == Standing.PRIMARY
_OPEN = and_(_PRIMARY, col(Membership.ends).is_(None))
_SOMEBODY = col(Member.merged_into_id).is_(None)
_IN_USE = col(MemberIdentifier.ends).is_(None)


def _place(_dialect: str) -> Select[Any]:
    here = and_(col(Membership.member_id) == col(Member.id), _OPEN)
    differs = col(Member.organisation_id).is_distinct_from(col(Membership.organisation_id))
    return select(col(Member.id)).outerjoin(Membership, here).where(differs)


def _one_open(_dialect: str) -> Select[Any]:
    return (
        select(col(Membership.member_id))
        .where(_OPEN)
        .group_by(col(Membership.member_id))
        .having(func.count() > 1)
    )


def _overlap(_dialect: str) -> Select[Any]:
    one, other = Membership, aliased(Membership)
    clash = and_(
        col(other.member_id) == col(one.member_id),
        col(other.id) > col(one.id),
        col(other.standing) == Standing.PRIMARY,
        col(other.starts) <= func.coalesce(one.ends, _FAR),
        col(one.starts) <= func.coalesce(other.ends, _FAR),
    )
    return select(col(one.id)).join(other, clash).where(_PRIMARY)


def _second_elsewhere(_dialect: str) -> Select[Any]:
    """A second membership is of another union than the one that counts."""
    first, second = Membership, aliased(Membership)
    same = and_(
        col(second.member_id) == col(first.member_id),
        col(second.organisation_id) == col(first.organisation_id),
        col(second.standing) == Standing.SECOND,
        col(second.ends).is_(None),
    )
    return select(col(second.id)).select_from(first).join(second, same).where(_OPEN)


def _identity(_dialect: str) -> Select[Any]:
    joined = select(col(MemberIdentity.member_id)).outerjoin(
        Member, col(Member.id) == col(MemberIdentity.member_id)
    )
    return joined.where(col(Member.id_number).is_(None))


def _known(_dialect: str) -> Select[Any]:
    found = select(col(MemberIdentity.member_id)).where(col(MemberIdentity.member_id) == col(Member.id))
    here = col(Member.id_number).is_not(None) & _SOMEBODY
    return select(col(Member.id)).where(here, ~found.exists())


def _number(_dialect: str) -> Select[Any]:
    has = col(Member.id_last4).is_not(None)
    return select(col(Member.id)).where(
        or_(col(Member.id_kind).is_not(None) != has, col(Member.id_valid).is_not(None) != has)
    )


def _retirement(_dialect: str) -> Select[Any]:
    known = and_(col(Member.retirement_category).is_not(None), col(Member.birth).is_not(None))
    return select(col(Member.id)).where(known != col(Member.retirement_month).is_not(None))


def _range(_dialect: str) -> Select[Any]:
    years = extract("year", col(Member.retirement_month)) - extract("year", col(Member.birth))
    return select(col(Member.id)).where(~years.between(50, 63))


def _category(_dialect: str) -> Select[Any]:
    men = col(Member.retirement_category) == RetirementCategory.M60
    return select(col(Member.id)).where(men != (col(Member.sex) == Sex.MALE))


def _gone(_dialect: str) -> Select[Any]:
    gone = col(Member.status).in_((Status.RESIGNED, Status.DECEASED))
    return select(col(Member.id)).where(gone, col(Member.organisation_id).is_not(None))


def _tombstone(_dialect: str) -> Select[Any]:
    """A record that was merged is nobody: no union, status, identity or open membership, and points to
    somebody."""
    survivor = aliased(Member)
    identity = select(col(MemberIdentity.member_id)).where(col(MemberIdentity.member_id) == col(Member.id))
    still = select(col(Membership.id)).where(
        col(Membership.member_id) == col(Member.id), col(Membership.ends).is_(None)
    )
    number = select(col(MemberIdentifier.id)).where(
        col(MemberIdentifier.member_id) == col(Member.id), _IN_USE
    )
    return (
        select(col(Member.id))
        .join(survivor, col(survivor.id) == col(Member.merged_into_id))
        .where(
            or_(
                col(survivor.merged_into_id).is_not(None),
                col(Member.organisation_id).is_not(None),
                col(Member.status).is_not(None),
                col(Member.phone_digest).is_not(None),
                identity.exists(),
                still.exists(),
                number.exists(),
            )
        )
    )


def _unowned_keys(_dialect: str) -> Select[Any]:
    """A search key belongs to somebody: there is no foreign key (nobody would be deleted in time with it),
    and whoever was merged has none."""
    owner = and_(col(Member.id) == col(MemberKey.member_id), _SOMEBODY)
    return select(col(MemberKey.member_id)).outerjoin(Member, owner).where(col(Member.id).is_(None))


def _other_branch(_dialect: str) -> Select[Any]:
    """Whoever searches a street passes over the keys of other branches: a key of the wrong one would hide
    its person there."""
    place, above = aliased(Organisation), aliased(Organisation)
    left, over = aliased(Organisation), aliased(Organisation)
    first, last = func.min(branch(left, over)), func.max(branch(left, over))
    been = (
        select(case((first == last, first), else_=NOWHERE))
        .select_from(Membership)
        .join(left, col(left.id) == col(Membership.organisation_id))
        .outerjoin(over, col(over.id) == col(left.parent_id))
        .where(col(Membership.member_id) == col(Member.id))
        .scalar_subquery()
    )
    now = case((col(Member.organisation_id).is_not(None), branch(place, above)), else_=been)
    return (
        select(col(MemberKey.member_id))
        .join(Member, col(Member.id) == col(MemberKey.member_id))
        .outerjoin(place, col(place.id) == col(Member.organisation_id))
        .outerjoin(above, col(above.id) == col(place.parent_id))
        .where(col(MemberKey.branch_id) != now)
    )


def _one_number(_dialect: str) -> Select[Any]:
    return (
        select(col(MemberIdentifier.member_id))
        .where(_IN_USE)
        .group_by(col(MemberIdentifier.member_id), col(MemberIdentifier.kind))
        .having(func.count() > 1)
    )


def _card(_dialect: str) -> Select[Any]:
    card = and_(
        col(MemberIdentifier.member_id) == col(Member.id),
        col(MemberIdentifier.kind) == IdentifierKind.UNION_CARD,
        _IN_USE,
    )
    return select(col(Member.id)).join(MemberIdentifier, card).where(col(Member.has_card).is_(False))


def _phone(_dialect: str) -> Select[Any]:
    has = col(Member.phone).is_not(None)
    return select(col(Member.id)).where(_SOMEBODY, has != col(Member.phone_digest).is_not(None))


def _held_twice(_dialect: str) -> Select[Any]:
    one, other = MemberCategory, aliased(MemberCategory)
    clash = and_(
        col(other.member_id) == col(one.member_id),
        col(other.category_code) == col(one.category_code),
        col(other.id) > col(one.id),
        col(other.starts) <= func.coalesce(one.ends, _FAR),
        col(one.starts) <= func.coalesce(other.ends, _FAR),
    )
    return select(col(one.id)).join(other, clash)


def _planned(_dialect: str) -> Select[Any]:
    """A chosen month lies in the range of flexible retirement: three years around the statutory month, and
    not before the original age."""
    chosen = _months(Member.planned_retirement)
    years = case(
        (col(Member.retirement_category) == RetirementCategory.M60, 60),
        (col(Member.retirement_category) == RetirementCategory.F55, 55),
        else_=50,
    )
    return select(col(Member.id)).where(
        col(Member.planned_retirement).is_not(None),
        or_(
            col(Member.retirement_month).is_(None),
            func.abs(chosen - _months(Member.retirement_month)) > _FLEXIBLE_MONTHS,
            chosen < _months(Member.birth) + 12 * years,
        ),
    )


def _months(day: Any) -> Any:
    return extract("year", col(day)) * 12 + extract("month", col(day))


def _retired_on(_dialect: str) -> Select[Any]:
    after = (Status.RETIRED, Status.RESIGNED, Status.DECEASED)
    return select(col(Member.id)).where(col(Member.retired_on).is_not(None), col(Member.status).not_in(after))


def _kin(_dialect: str) -> Select[Any]:
    return (
        select(col(NextOfKin.member_id))
        .where(col(NextOfKin.ends).is_(None))
        .group_by(col(NextOfKin.member_id))
        .having(func.sum(NextOfKin.percent) > _WHOLE)
    )


def _closed_unit(_dialect: str) -> Select[Any]:
    """Nobody is a member of a union that is closed."""
    return (
        select(col(Membership.id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(col(Membership.ends).is_(None), col(Organisation.closed).is_not(None))
    )


INVARIANTS = (
    Invariant("members.invariant.place_agrees", _place),
    Invariant("members.invariant.one_open_membership", _one_open),
    Invariant("members.invariant.no_overlapping_memberships", _overlap),
    Invariant("members.invariant.second_elsewhere", _second_elsewhere),
    Invariant("members.invariant.identity_belongs", _identity),
    Invariant("members.invariant.known_by_identity", _known),
    Invariant("members.invariant.valid_has_number", _number),
    Invariant("members.invariant.retirement_month", _retirement),
    Invariant("members.invariant.year_of_retirement", _range),
    Invariant("members.invariant.category_fits_sex", _category),
    Invariant("members.invariant.gone_without_place", _gone),
    Invariant("members.invariant.merged_is_nobody", _tombstone),
    Invariant("members.invariant.key_of_somebody", _unowned_keys),
    Invariant("members.invariant.key_of_branch", _other_branch),
    Invariant("members.invariant.one_number_in_use", _one_number),
    Invariant("members.invariant.card_is_held", _card),
    Invariant("members.invariant.phone_digest", _phone),
    Invariant("members.invariant.category_once", _held_twice),
    Invariant("members.invariant.planned_in_range", _planned),
    Invariant("members.invariant.retired_on", _retired_on),
    Invariant("members.invariant.kin_shares", _kin),
    Invariant("members.invariant.unit_is_open", _closed_unit),
)
