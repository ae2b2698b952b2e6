"""The verb that makes two records of one person one (合并重复会员)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused
from benefits.kernel.text import mask_name
from benefits.kernel.unit import WriteUnit
from benefits.members import events
from benefits.members.derive import keys_of
from benefits.members.identity import identity_digest
from benefits.members.keys import keys_now, write_keys
from benefits.members.lookup import clerk_reason, open_identifier, person, touch
from benefits.members.merging import FOLLOWERS
from benefits.members.models import IdentifierKind, Member, MemberIdentity, MemberKey, Membership
from benefits.members.taking_over import against, fill, move_dossier


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a merge: the fields of the survivor that were filled, and how many rows went over, by
    what they are."""

    survivor_id: int
    other_id: int
    filled: tuple[str, ...]
    moved: Mapping[str, int]


@action("members.merge", permission="member.edit")
def merge(unit: WriteUnit, *, survivor_id: int, other_id: int, reason: str) -> Merged:
    """Two records are one person: ``other_id`` becomes part of ``survivor_id`` (合并重复会员).

    What the survivor does not say is filled from the other; the ID number goes over where the survivor has
    none, or a wrong one. Covers, decisions, hand-outs, numbers, categories, next of kin, consents and events
    go over. The other record stays for the trail: without union, status, identity and search keys, its open
    memberships ended today, and every verb on it names the survivor.

    Raises Refused: ``members.unknown``, ``members.merged``, ``members.merge_itself``,
    ``members.why_missing``, ``members.reason_long``, ``members.merge_blocked`` with all that speaks against
    it.
    """
    if survivor_id == other_id:
        raise Refused("members.merge_itself", member=survivor_id)
    for member_id in sorted(
        (survivor_id, other_id)
    ):  # in one order, so that two clerks do not wait crosswise
        held = select(Member.id).where(col(Member.id) == member_id)
        unit.exec(held.with_for_update()).first()
    survivor, other = person(unit, survivor_id), person(unit, other_id)
    reason = clerk_reason(reason)
    with unit.beyond_scope():
        problems: list[Problem] = against(unit, survivor, other)
        for follower in FOLLOWERS.values():
            problems += follower.blocks(unit, survivor_id, other_id)
        if problems:
            raise Refused(
                "members.merge_blocked",
                survivor=survivor.name,
                other=other.name,
                count=len(problems),
                problems=tuple(problems),
            )
        old = keys_now(unit, survivor)
        _close(unit, other)
        filled = _take_over(unit, survivor, other)
        moved = move_dossier(unit, survivor, other)
        if open_identifier(unit, survivor_id, IdentifierKind.UNION_CARD) is not None:
            survivor.has_card = True
        moved |= {name: follower.moves(unit, survivor_id, other_id) for name, follower in FOLLOWERS.items()}
        write_keys(unit, survivor_id, old, keys_now(unit, survivor))
        touch(unit, survivor)
        touch(unit, other)
        events.note(unit, survivor_id, unit.today, events.MERGED, other=other_id)
        unit.session.flush()
    unit.record(
        f"member:{survivor_id}",
        other=other_id,
        name=mask_name(other.name),
        reason=reason,
        filled=filled,
        moved=moved,
    )
    return Merged(survivor_id, other_id, tuple(filled), moved)


def _close(unit: WriteUnit, other: Member) -> None:
    """The other record is nobody any more: no union, no status, no identity, no search keys."""
    open_ones = select(Membership).where(
        col(Membership.member_id) == other.id, col(Membership.ends).is_(None)
    )
    for membership in unit.exec(open_ones).all():
        membership.ends, membership.reason = max(membership.starts, unit.today), "merged"
    unit.exec(delete(MemberIdentity).where(col(MemberIdentity.member_id) == other.id))
    card = open_identifier(unit, other.id, IdentifierKind.UNION_CARD)
    for kind, key in sorted(keys_of(other.name, other.id_number, other.phone, card.number if card else None)):
        unit.exec(
            delete(MemberKey).where(
                col(MemberKey.kind) == kind, col(MemberKey.key) == key, col(MemberKey.member_id) == other.id
            )
        )
    unit.session.flush()


def _take_over(unit: WriteUnit, survivor: Member, other: Member) -> list[str]:
    """Fill the survivor, and make the tombstone one: its numbers stay sealed for the trail, and nothing finds
    them."""
    number = survivor.id_number
    filled = fill(survivor, other)
    if survivor.id_number != number:
        unit.exec(delete(MemberIdentity).where(col(MemberIdentity.member_id) == survivor.id))
        assert survivor.id_number is not None and survivor.id is not None
        unit.session.add(MemberIdentity(digest=identity_digest(survivor.id_number), member_id=survivor.id))
    earlier = update(Member).where(col(Member.merged_into_id) == other.id)
    unit.session.execute(
        earlier.values(merged_into_id=survivor.id).execution_options(synchronize_session=False)
    )
    other.merged_into_id = survivor.id
    other.organisation_id = None
    other.status = None
    other.phone_digest = None
    other.planned_retirement = None
    other.retired_on = None
    unit.session.flush()
    return filled
