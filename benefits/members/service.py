"""Verbs on members (会员): add, edit, transfer, change status, a second membership, reveal. A person is one
row for life.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from benefits.access.queries import INSTALLER
from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused, Say, say
from benefits.kernel.text import mask_id, mask_name, mask_phone
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.derive import Keys, keys_of, stored
from benefits.members.identity import identity_digest
from benefits.members.models import Member, MemberIdentity, MemberKey, Membership, Standing, Status
from benefits.members.record import Checked, MemberInput, check, member_input
from benefits.organisations.models import Organisation

_DAY = timedelta(days=1)
_GONE = (Status.RESIGNED, Status.DECEASED)
"""Statuses that end the membership; a retired or unemployed person keeps it at the old unit [S80]."""
_LONGEST_REASON = 200


@action("members.add", permission="member.edit")
def add(unit: WriteUnit, given: MemberInput) -> int:
    """Register a person (新增会员) with the membership that starts on ``joined_on``, else today; the new
    id.

    Raises Refused: ``members.invalid`` with all problems, ``members.duplicate`` naming the masked person
    and union, ``organisations.unknown``, ``members.organisation_closed``.
    """
    checked = check(given, unit.today)
    joined = given.joined_on or unit.today
    _place(unit, given.organisation_id, joined)
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
    _write_keys(unit, member.id, set(), _keys(member))
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
    status have verbs of their own).
    """
    member = _get(unit, member_id)
    for field in ("organisation_id", "status"):
        if field in changes:
            raise Refused("members.not_edited_here", field=say(f"members.field.{field}"))
    before = _input_of(member)
    given = member_input({**before.model_dump(), **changes})
    if version != member.version:
        raise Refused("members.stale", name=member.name, problems=_conflicts(before, given, changes))
    only = frozenset(changes)
    checked = check(given, unit.today, only)
    old_keys, old_number = _keys(member), member.id_number
    if checked.id_number != old_number and checked.id_number:
        _refuse_duplicate(unit, checked.id_number, member_id)
    _write(member, given, checked)
    member.version += 1
    member.changed_at = unit.clock.now()
    _write_keys(unit, member_id, old_keys, _keys(member))
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
    member = _get(unit, member_id)
    current = _open(unit, member)
    if current is None:
        raise Refused("members.no_membership", name=member.name)
    if current.organisation_id == organisation_id:
        raise Refused("members.same_organisation", name=member.name)
    _refuse_future(unit, on)
    if on <= current.starts:
        raise Refused("members.too_early", name=member.name, since=current.starts)
    _place(unit, organisation_id, on)
    current.ends, current.reason = on - _DAY, "transferred"
    _end_second(unit, member_id, organisation_id, on)
    unit.session.add(Membership(member_id=member_id, organisation_id=organisation_id, starts=on))
    earlier = member.organisation_id
    _touch(unit, member)
    member.organisation_id = organisation_id
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
    member = _get(unit, member_id)
    if member.status is status:
        raise Refused("members.same_status", name=member.name, status=say(f"members.status.{status.value}"))
    _refuse_future(unit, on)
    if member.status_since is not None and on < member.status_since:
        raise Refused("members.too_early", name=member.name, since=member.status_since)
    if status in _GONE:
        _close_memberships(unit, member, status, on)
    elif member.organisation_id is None:
        if organisation_id is None:
            raise Refused("members.needs_organisation", name=member.name)
        _place(unit, organisation_id, on)
        _rejoin(unit, member, organisation_id, on)
    earlier = member.status
    member.status, member.status_since = status, on
    _touch(unit, member)
    unit.record(f"member:{member_id}", earlier=earlier.value if earlier else None, status=status.value, on=on)


@action("members.add_second_membership", permission="member.edit")
def add_second_membership(unit: WriteUnit, *, id_number: str, organisation_id: int, on: date) -> int:
    """Note that somebody registered elsewhere is a member of this union too (重复入会), until somebody
    decides; its id.

    The person counts once. Raises Refused: ``members.not_registered``, ``members.already_member``,
    ``organisations.unknown``.
    """
    _place(unit, organisation_id, on)
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
    unit.session.flush()
    assert second.id is not None
    unit.record(f"member:{member_id}", second=organisation_id, on=on)
    return second.id


@action("members.reveal", permission="identity.reveal")
def reveal(
    unit: WriteUnit, *, member_id: int, field: Literal["id_number", "phone"], reason: str
) -> str | None:
    """The clear number (查看完整号码), with a reason that stays on record. None: there is no number.

    Raises Refused: ``members.unknown``, ``members.reason_missing``, ``members.reason_long``.
    """
    member = _get(unit, member_id)
    reason = reason.strip()
    if len(reason) < 2:
        raise Refused("members.reason_missing")
    if len(reason) > _LONGEST_REASON:
        raise Refused("members.reason_long", length=len(reason), most=_LONGEST_REASON)
    unit.record(f"member:{member_id}", field=field, reason=reason)
    unit.wrote = True  # nothing but the event itself is written, and it must be
    return member.id_number if field == "id_number" else member.phone


def _get(unit: ReadUnit, member_id: int) -> Member:
    found = unit.exec(select(Member).where(col(Member.id) == member_id)).first()
    if found is None:
        raise Refused("members.unknown", member=member_id)
    return found


def _place(unit: ReadUnit, organisation_id: int, on: date) -> Organisation:
    found = unit.exec(select(Organisation).where(col(Organisation.id) == organisation_id)).first()
    if found is None:
        raise Refused("organisations.unknown", organisation=organisation_id)
    if found.closed is not None and on > found.closed:
        raise Refused("members.organisation_closed", organisation=found.name, closed=found.closed)
    return found


def _open(unit: ReadUnit, member: Member) -> Membership | None:
    return unit.exec(
        select(Membership).where(
            col(Membership.member_id) == member.id,
            col(Membership.ends).is_(None),
            col(Membership.standing) == Standing.PRIMARY,
        )
    ).first()


def _close_memberships(unit: WriteUnit, member: Member, status: Status, on: date) -> None:
    """All of them, a second one at a union elsewhere too: who died or left is a member nowhere."""
    memberships = select(Membership).where(
        col(Membership.member_id) == member.id, col(Membership.ends).is_(None)
    )
    with unit.beyond_scope():
        for membership in unit.exec(memberships).all():
            if on < membership.starts:
                raise Refused("members.too_early", name=member.name, since=membership.starts)
            membership.ends, membership.reason = on, status.value
        unit.session.flush()
    member.organisation_id = None


def _end_second(unit: WriteUnit, member_id: int, organisation_id: int, on: date) -> None:
    """A second membership at the union that becomes the person's own from ``on`` ends there: it was about
    this. One that was noted for that day or a later one has no day left, and stays in the trail only.
    """
    open_there = select(Membership).where(
        col(Membership.member_id) == member_id,
        col(Membership.organisation_id) == organisation_id,
        col(Membership.standing) == Standing.SECOND,
        col(Membership.ends).is_(None),
    )
    for second in unit.exec(open_there).all():
        if second.starts < on:
            second.ends, second.reason = on - _DAY, "transferred"
        else:
            unit.session.delete(second)
        unit.record(second_ended=second.id)
    unit.session.flush()  # before the new row, which may begin on the same day


def _rejoin(unit: WriteUnit, member: Member, organisation_id: int, on: date) -> None:
    """A new membership, or the last one opened again where it would not have ended before ``on`` (a mistake
    taken back).
    """
    assert member.id is not None
    last = unit.exec(
        select(Membership)
        .where(col(Membership.member_id) == member.id, col(Membership.standing) == Standing.PRIMARY)
        .order_by(col(Membership.ends).desc())
    ).first()
    member.organisation_id = organisation_id
    _end_second(unit, member.id, organisation_id, on)
    if last is None or last.ends is None or last.ends < on:
        unit.session.add(Membership(member_id=member.id, organisation_id=organisation_id, starts=on))
        return
    if last.organisation_id != organisation_id:
        raise Refused("members.too_early", name=member.name, since=last.ends)
    last.ends, last.reason = None, ""


def _refuse_future(unit: ReadUnit, on: date) -> None:
    if on > unit.today:
        raise Refused("members.not_yet", day=on, today=unit.today)


def _touch(unit: WriteUnit, member: Member) -> None:
    member.version += 1
    member.changed_at = unit.clock.now()


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


def _keys(member: Member) -> Keys:
    return keys_of(member.name, member.id_number, member.phone, None)


def _write_keys(unit: WriteUnit, member_id: int, old: Keys, new: Keys) -> None:
    for kind, key in sorted(old - new):  # one by one: only the whole primary key is indexed
        unit.exec(
            delete(MemberKey).where(
                col(MemberKey.kind) == kind, col(MemberKey.key) == key, col(MemberKey.member_id) == member_id
            )
        )
    unit.session.add_all(
        MemberKey(kind=kind, key=key, member_id=member_id) for kind, key in sorted(new - old)
    )


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
    return str(getattr(value, "value", value))
