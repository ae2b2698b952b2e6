"""Verbs on other numbers of a person (其他编号): service card, member number elsewhere, staff number, bank
card, each with its history.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.text import mask_name
from benefits.kernel.unit import WriteUnit
from benefits.members.derive import identifier_digest
from benefits.members.identifiers import UNIQUE, check_identifier, mask_number
from benefits.members.keys import keys_now, write_keys
from benefits.members.lookup import open_identifier, person, refuse_future, touch
from benefits.members.membership import DAY
from benefits.members.models import IdentifierKind, Member, MemberIdentifier
from benefits.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Identified:
    """A number was written. ``warnings`` ask for a look at the card and stopped nothing."""

    id: int
    warnings: tuple[Problem, ...]


@action("members.set_identifier", permission="member.edit")
def set_identifier(
    unit: WriteUnit, *, member_id: int, kind: IdentifierKind, number: str, starts: date
) -> Identified:
    """A person has another number from ``starts`` (登记其他编号); the one of the kind that was in use
    ends the day before, and one that began on the same day is corrected.

    A service card (京卡) says that the person holds one and makes its last digits findable. Raises Refused:
    ``members.unknown``, ``members.number_invalid`` with the problems, ``members.identifier_same``,
    ``members.identifier_too_early``, ``members.not_yet``, ``members.identifier_taken`` naming the masked
    person who has this service card or member number, wherever in the tree.
    """
    member = person(unit, member_id)
    refuse_future(unit, starts)
    checked = check_identifier(kind, number)
    if checked.problems:
        raise Refused("members.number_invalid", problems=checked.problems)
    digest = identifier_digest(kind, checked.number)
    current = open_identifier(unit, member_id, kind)
    words = say(f"members.identifier.{kind.value}")
    if current is not None and current.digest == digest:
        raise Refused("members.identifier_same", name=member.name, kind=words, since=current.starts)
    if current is not None and starts < current.starts:
        raise Refused("members.identifier_too_early", name=member.name, kind=words, since=current.starts)
    shared = _others(unit, member_id, kind, digest)
    old = keys_now(unit, member)
    if current is not None and starts > current.starts:
        current.ends = starts - DAY
    elif current is not None:
        unit.session.delete(current)
    unit.session.flush()
    made = MemberIdentifier(
        member_id=member_id,
        kind=kind,
        number=checked.number,
        digest=digest,
        last4=checked.number[-4:],
        starts=starts,
    )
    unit.session.add(made)
    try:
        unit.session.flush()
    except IntegrityError as error:  # another clerk gave it to somebody else meanwhile
        raise Refused("members.identifier_just_taken", kind=words, last4=made.last4) from error
    if kind is IdentifierKind.UNION_CARD:
        member.has_card = True
        write_keys(unit, member_id, old, keys_now(unit, member))
    touch(unit, member)
    assert made.id is not None
    unit.record(f"member:{member_id}", kind=kind.value, number=mask_number(made.last4), starts=starts)
    return Identified(made.id, checked.warnings + shared)


@action("members.end_identifier", permission="member.edit")
def end_identifier(unit: WriteUnit, *, member_id: int, kind: IdentifierKind, ends: date) -> None:
    """The number in use is so no longer after ``ends`` (注销编号): a card that was lost, an account that was
    closed. A person whose service card ended holds none.

    Raises Refused: ``members.unknown``, ``members.identifier_none``, ``members.ends_before``,
    ``members.not_yet``.
    """
    member = person(unit, member_id)
    refuse_future(unit, ends)
    current = open_identifier(unit, member_id, kind)
    if current is None:
        raise Refused(
            "members.identifier_none", name=member.name, kind=say(f"members.identifier.{kind.value}")
        )
    if ends < current.starts:
        raise Refused("members.ends_before", ends=ends, starts=current.starts)
    old = keys_now(unit, member)
    current.ends = ends
    unit.session.flush()
    if kind is IdentifierKind.UNION_CARD:
        member.has_card = False
        write_keys(unit, member_id, old, keys_now(unit, member))
    touch(unit, member)
    unit.record(f"member:{member_id}", kind=kind.value, number=mask_number(current.last4), ends=ends)


def _others(unit: WriteUnit, member_id: int, kind: IdentifierKind, digest: bytes) -> tuple[Problem, ...]:
    """Whoever else has the number: refused where it means one person, else a warning."""
    if kind is IdentifierKind.STAFF_NUMBER:
        return ()
    query = (
        select(Member.name, Organisation.name)
        .join(MemberIdentifier, col(MemberIdentifier.member_id) == col(Member.id))
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True)
        .where(
            col(MemberIdentifier.kind) == kind,
            col(MemberIdentifier.digest) == digest,
            col(MemberIdentifier.ends).is_(None),
            col(MemberIdentifier.member_id) != member_id,
        )
    )
    with unit.beyond_scope():
        found = unit.exec(query).first()
    if found is None:
        return ()
    facts: dict[str, Any] = {
        "name": mask_name(found[0]),
        "organisation": found[1] or "-",
        "kind": say(f"members.identifier.{kind.value}"),
    }
    if kind in UNIQUE:
        raise Refused("members.identifier_taken", **facts)
    words = say("members.identifier_shared", **facts)
    return (Problem("members.identifier_shared", words, field=kind.value),)
