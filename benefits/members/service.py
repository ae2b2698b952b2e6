"""Verbs on members (会员): add, edit, transfer, change status, leave, come back, a second membership,
reveal. A person is one row for life. Transfers of many, retirement, numbers, categories, next of kin, consent
and merging stand in modules of their own beside this one.
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, Literal

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from benefits.access.queries import INSTALLER
from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused, Say, say
from benefits.kernel.reasons import reason_said
from benefits.kernel.text import mask_id, mask_name, mask_phone
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.derive import keys_of, planned_fits, stored
from benefits.members.identity import identity_digest
from benefits.members.keys import follow, keys_now, write_keys
from benefits.members.lookup import (
    clerk_reason,
    open_identifier,
    open_membership,
    person,
    refuse_future,
    touch,
    union_open,
)
from benefits.members.membership import DAY, close_all, end_second, take_back
from benefits.members.models import (
    IdentifierKind,
    Member,
    MemberIdentifier,
    MemberIdentity,
    Membership,
    Standing,
    Status,
)
from benefits.members.record import Checked, MemberInput, check, member_input
from benefits.members.status import set_status
from benefits.members.words import value_words
from benefits.organisations.models import Organisation

_GONE = (Status.RESIGNED, Status.DECEASED)
"""Statuses that end the membership; a retired or unemployed person keeps it at the old unit [S80]."""
Revealed = Literal["id_number", "phone", "union_card", "member_number", "staff_number", "bank_card"]
"""Sealed numbers of a person that ``reveal`` opens."""


@action("members.add", permission="member.edit")
def add(unit: WriteUnit, given: MemberInput) -> int:
    """Register a person (新增会员) with the membership that starts on ``joined_on``, else today; the new
    id.

    Raises Refused: ``members.invalid`` with all problems, ``members.duplicate`` naming the masked person
    and union, ``members.gone_not_added``, ``organisations.unknown``, ``members.organisation_closed``.
    """
    if given.status in _GONE:
        raise Refused("members.gone_not_added", status=say(f"members.status.{given.status.value}"))
    checked = check(given, unit.today)
    joined = given.joined_on or unit.today
    union_open(unit, given.organisation_id)
    if checked.id_number:
        _refuse_duplicate(unit, checked.id_number)
    member = Member(
        organisation_id=given.organisation_id,
        name=checked.name,
        joined_on=joined,
        changed_at=unit.clock.now(),
    )
    member.status, member.status_since = given.status, joined
    _write(member, given, checked)
    unit.session.add(member)
    unit.session.flush()
    assert member.id is not None
    unit.session.add(Membership(member_id=member.id, organisation_id=given.organisation_id, starts=joined))
    write_keys(unit, member.id, set(), keys_of(member.name, member.id_number, member.phone, None))
    if checked.id_number:
        _write_identity(unit, member.id, checked.id_number)
    unit.record(f"member:{member.id}", name=mask_name(member.name), organisation=given.organisation_id)
    return member.id


@action("members.edit", permission="member.edit")
def edit(unit: WriteUnit, *, member_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Change what is written about a person (修改会员信息); ``version`` is the one that was looked at; the
    new version.

    Raises Refused: ``members.stale`` with both values of every field that somebody else changed,
    ``members.invalid``, ``members.duplicate``, ``members.unknown``, ``members.not_edited_here`` (union and
    status have verbs of their own), ``members.card_in_use``, ``members.planned_misfit``.
    """
    member = person(unit, member_id)
    for field in ("organisation_id", "status"):
        if field in changes:
            raise Refused("members.not_edited_here", field=say(f"members.field.{field}"))
    before = _input_of(member)
    here = before.organisation_id or 0  # none: whoever left is still to be written right
    given = member_input({**before.model_dump(), "organisation_id": here, **changes})
    if version != member.version:
        raise Refused("members.stale", name=member.name, problems=_conflicts(before, given, changes))
    only = frozenset(changes)
    checked = check(given, unit.today, only)
    if given.has_card is False and open_identifier(unit, member_id, IdentifierKind.UNION_CARD):
        raise Refused("members.card_in_use", name=member.name)
    old_keys, old_number = keys_now(unit, member), member.id_number
    if checked.id_number != old_number and checked.id_number:
        _refuse_duplicate(unit, checked.id_number, member_id)
    _write(member, given, checked)
    _refuse_misfit(member)
    touch(unit, member)
    write_keys(unit, member_id, old_keys, keys_now(unit, member))
    if checked.id_number != old_number:
        unit.exec(delete(MemberIdentity).where(col(MemberIdentity.member_id) == member_id))
        if checked.id_number:
            _write_identity(unit, member_id, checked.id_number)
    unit.record(f"member:{member_id}", name=mask_name(member.name), fields=sorted(only))
    return member.version


@action("members.transfer", permission="member.edit")
def transfer(unit: WriteUnit, *, member_id: int, organisation_id: int, on: date) -> None:
    """Move a person to another union from ``on`` (转移会籍). The old membership ends the day before, and so
    does a second one noted at the new union; covers stay as they are.

    Raises Refused: ``members.unknown``, ``members.no_membership``, ``members.same_organisation``,
    ``members.too_early``, ``members.not_yet``, ``organisations.unknown``, ``members.organisation_closed``.
    """
    member = person(unit, member_id)
    current = open_membership(unit, member_id)
    if current is None:
        raise Refused("members.no_membership", name=member.name)
    if current.organisation_id == organisation_id:
        raise Refused("members.same_organisation", name=member.name)
    refuse_future(unit, on)
    if on <= current.starts:
        raise Refused("members.too_early", name=member.name, since=current.starts)
    union_open(unit, organisation_id)
    current.ends, current.reason = on - DAY, "transferred"
    end_second(unit, member_id, organisation_id, on)
    unit.session.add(Membership(member_id=member_id, organisation_id=organisation_id, starts=on))
    earlier = member.organisation_id
    touch(unit, member)
    member.organisation_id = organisation_id
    follow(unit, [member_id])
    unit.record(f"member:{member_id}", earlier=earlier, organisation=organisation_id, on=on)


@action("members.change_status", permission="member.edit")
def change_status(
    unit: WriteUnit, *, member_id: int, status: Status, on: date, organisation_id: int | None = None
) -> None:
    """Retire, resign, record a death, take back (变更在职状态) from ``on``. Resigning and death end the
    memberships with that day; somebody without one who comes back needs ``organisation_id``, whose
    membership starts on ``on``.

    Raises Refused: ``members.unknown``, ``members.same_status``, ``members.too_early``,
    ``members.not_yet``, ``members.needs_organisation``, ``organisations.unknown``,
    ``members.organisation_closed``.
    """
    _change(unit, person(unit, member_id), status, on, organisation_id)


@action("members.leave", permission="member.edit")
def leave(unit: WriteUnit, *, member_id: int, on: date) -> None:
    """A person leaves the employer (离职) with ``on`` as the last day; all memberships end with it.

    Raises Refused as ``change_status`` does, and ``members.no_membership_to_end``.
    """
    member = person(unit, member_id)
    if member.organisation_id is None:
        raise Refused("members.no_membership_to_end", name=member.name)
    _change(unit, member, Status.RESIGNED, on, None)


@action("members.rejoin", permission="member.edit")
def rejoin(unit: WriteUnit, *, member_id: int, organisation_id: int, on: date, reason: str = "") -> None:
    """A person comes back, in post, as a member of a union from ``on`` (重新入会). A recorded death is taken
    back only with a ``reason``: it was a mistake, and the reason goes on record.

    Raises Refused as ``change_status`` does, and ``members.has_membership``, ``members.deceased``,
    ``members.reason_long``.
    """
    member = person(unit, member_id)
    if member.organisation_id is not None:
        raise Refused("members.has_membership", name=member.name)
    if member.status is Status.DECEASED:
        if not reason.strip():
            raise Refused("members.deceased", name=member.name, on=member.status_since or "-")
        unit.record(reason=clerk_reason(reason))
    _change(unit, member, Status.IN_POST, on, organisation_id)


@action("members.record_death", permission="member.edit")
def record_death(unit: WriteUnit, *, member_id: int, on: date) -> None:
    """Record that a person died on ``on`` (登记去世); all memberships end with that day. Raises Refused as
    ``change_status`` does."""
    _change(unit, person(unit, member_id), Status.DECEASED, on, None)


@action("members.add_second_membership", permission="member.edit")
def add_second_membership(unit: WriteUnit, *, id_number: str, organisation_id: int, on: date) -> int:
    """Note that somebody registered elsewhere is a member of this union too (重复入会), until somebody
    decides; its id.

    The person counts once. Raises Refused: ``members.not_registered``, ``members.already_member``,
    ``organisations.unknown``.
    """
    union_open(unit, organisation_id)
    found = _holder(unit, id_number)
    if found is None:
        raise Refused("members.not_registered")
    member_id, name, place = found
    open_here = select(Membership.id).where(
        col(Membership.member_id) == member_id,
        col(Membership.organisation_id) == organisation_id,
        col(Membership.ends).is_(None),
    )
    if unit.exec(open_here).first() is not None:
        raise Refused("members.already_member", name=mask_name(name), organisation=place)
    second = Membership(
        member_id=member_id, organisation_id=organisation_id, starts=on, standing=Standing.SECOND
    )
    unit.session.add(second)
    follow(unit, [member_id])
    assert second.id is not None
    unit.record(f"member:{member_id}", second=organisation_id, on=on)
    return second.id


@action("members.end_second_membership", permission="member.edit")
def end_second_membership(unit: WriteUnit, *, member_id: int, organisation_id: int, on: date) -> None:
    """A second membership was decided on and ends with ``on`` (取消重复入会).

    Raises Refused: ``members.unknown``, ``members.no_second``, ``members.too_early``, ``members.not_yet``.
    """
    member = person(unit, member_id)
    refuse_future(unit, on)
    second = unit.exec(
        select(Membership).where(
            col(Membership.member_id) == member_id,
            col(Membership.organisation_id) == organisation_id,
            col(Membership.standing) == Standing.SECOND,
            col(Membership.ends).is_(None),
        )
    ).first()
    if second is None:
        raise Refused("members.no_second", name=member.name)
    if on < second.starts:
        raise Refused("members.too_early", name=member.name, since=second.starts)
    second.ends, second.reason = on, "ended"
    touch(unit, member)
    unit.record(f"member:{member_id}", second=organisation_id, on=on)


@action("members.reveal", permission="identity.reveal")
def reveal(unit: WriteUnit, *, member_id: int, field: Revealed, reason: str) -> str | None:
    """The clear number (查看完整号码), with a reason that stays on record; of other numbers the one in
    use. None: there is no number.

    Raises Refused: ``members.unknown``, ``members.reason_missing``, ``members.reason_long``.
    """
    member = person(unit, member_id)
    reason = reason_said(reason, missing="members.reason_missing", long="members.reason_long")
    unit.record(f"member:{member_id}", field=field, reason=reason)
    unit.mark_written()  # nothing but the event itself is written, and it must be
    if field in ("id_number", "phone"):
        return member.id_number if field == "id_number" else member.phone
    number: MemberIdentifier | None = open_identifier(unit, member_id, IdentifierKind(field))
    return None if number is None else number.number


def _change(unit: WriteUnit, member: Member, status: Status, on: date, organisation_id: int | None) -> None:
    assert member.id is not None
    if member.status is status:
        raise Refused("members.same_status", name=member.name, status=say(f"members.status.{status.value}"))
    refuse_future(unit, on)
    if member.status_since is not None and on < member.status_since:
        raise Refused("members.too_early", name=member.name, since=member.status_since)
    if status in _GONE:
        close_all(unit, member, status.value, on)
    elif member.organisation_id is None:
        if organisation_id is None:
            raise Refused("members.needs_organisation", name=member.name)
        union_open(unit, organisation_id)
        take_back(unit, member, organisation_id, on)
    set_status(unit, member, status, on)


def _holder(unit: ReadUnit, number: str) -> tuple[int, str, str] | None:
    """Who has an identity number, wherever in the tree: id, name, union. The register is one, the view of
    it is not.
    """
    query = (
        select(Member.id, Member.name, Organisation.name)
        .join(MemberIdentity, col(MemberIdentity.member_id) == col(Member.id))
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True)
        .where(col(MemberIdentity.digest) == identity_digest(number))
    )
    found = unit.exec(query).first()
    if found is None:
        with unit.database.read(INSTALLER) as everything:
            found = everything.exec(query).first()
    return None if found is None else (found[0] or 0, found[1], found[2] or "-")


def _refuse_duplicate(unit: ReadUnit, number: str, but: int | None = None) -> None:
    found = _holder(unit, number)
    if found is not None and found[0] != but:
        raise Refused(
            "members.duplicate", name=mask_name(found[1]), organisation=found[2], number=mask_id(number)
        )


def _write(member: Member, given: MemberInput, checked: Checked) -> None:
    """All columns that follow from what was written, the derived ones too. A day of joining is never
    unsaid."""
    columns = stored(given, checked)
    columns["joined_on"] = given.joined_on or member.joined_on
    for name, value in columns.items():
        setattr(member, name, value)


def _refuse_misfit(member: Member) -> None:
    """Whose birth or category is another now may not have chosen the month that stands there."""
    month = member.planned_retirement
    if month is not None and not planned_fits(member.retirement_category, member.birth, month):
        raise Refused("members.planned_misfit", name=member.name, month=f"{month:%Y-%m}")


def _write_identity(unit: WriteUnit, member_id: int, number: str) -> None:
    unit.session.add(MemberIdentity(digest=identity_digest(number), member_id=member_id))
    try:
        unit.session.flush()
    except IntegrityError as error:  # another clerk registered the same person meanwhile
        raise Refused("members.just_registered", number=mask_id(number)) from error


def _input_of(member: Member) -> MemberInput:
    fields = {name: getattr(member, name) for name in MemberInput.model_fields}
    return MemberInput.model_construct(**fields)


def _conflicts(before: MemberInput, given: MemberInput, changes: Mapping[str, Any]) -> tuple[Problem, ...]:
    found = []
    for field in sorted(changes):
        mine, theirs = getattr(given, field), getattr(before, field)
        if mine != theirs:
            words = say(
                "members.conflict",
                field=say(f"members.field.{field}"),
                mine=_words(field, mine),
                theirs=_words(field, theirs),
            )
            found.append(Problem("members.conflict", words, field=field))
    return tuple(found)


def _words(field: str, value: Any) -> Say | str:
    if value is None:
        return "-"
    if field == "id_number":
        return mask_id(str(value))
    if field == "phone":
        return mask_phone(str(value))
    return value_words(value) if isinstance(value, Enum | bool) else str(value)
