"""Writing the search keys of people (检索键), and keeping their branch where the person is."""

from collections.abc import Iterator, Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from benefits.kernel.bulk import amend
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.branches import branches_of_people
from benefits.members.derive import Keys, keys_of
from benefits.members.lookup import open_identifier
from benefits.members.models import IdentifierKind, Member, MemberIdentifier, MemberKey, Membership
from benefits.organisations.moving import moves_with_the_unit

COLUMNS = ("kind", "key", "member_id", "branch_id")
_PART = 1000


def keys_now(unit: ReadUnit, member: Member) -> Keys:
    """Under what a person is found as the record stands."""
    card = open_identifier(unit, member.id, IdentifierKind.UNION_CARD)
    return keys_of(member.name, member.id_number, member.phone, card.number if card else None)


def write_keys(unit: WriteUnit, member_id: int, old: Keys, new: Keys) -> None:
    """Write what is new and take away what is not so any more."""
    for kind, key in sorted(old - new):  # one by one: only the whole primary key is indexed
        unit.exec(
            delete(MemberKey).where(
                col(MemberKey.kind) == kind, col(MemberKey.key) == key, col(MemberKey.member_id) == member_id
            )
        )
    if fresh := sorted(new - old):
        unit.session.flush()
        with unit.beyond_scope():
            branch = branches_of_people(unit.session, [member_id])[member_id]
        unit.session.add_all(
            MemberKey(kind=kind, key=key, member_id=member_id, branch_id=branch) for kind, key in fresh
        )


def follow(unit: WriteUnit, member_ids: Sequence[int]) -> None:
    """The search keys of people follow them to the branch where they are now (检索键随会籍变动)."""
    unit.session.flush()
    with unit.beyond_scope():
        for start in range(0, len(member_ids), _PART):
            rows = sorted(placed_keys(unit.session, member_ids[start : start + _PART]))
            amend(unit, MemberKey, ("branch_id",), COLUMNS[:3], [(branch, *key) for *key, branch in rows])


def placed_keys(session: Session, member_ids: Sequence[int]) -> Iterator[tuple[int, str, int, int]]:
    """(kind, key, member, branch) of people as their records stand, for a session that sees all."""
    cards = select(MemberIdentifier).where(
        col(MemberIdentifier.member_id).in_(member_ids),
        col(MemberIdentifier.kind) == IdentifierKind.UNION_CARD,
        col(MemberIdentifier.ends).is_(None),
    )
    card = {found.member_id: found.number for found in session.exec(cards)}
    branch = branches_of_people(session, member_ids)
    people = select(Member.id, Member.name, Member.id_number, Member.phone)
    for found, name, id_number, phone in session.exec(people.where(col(Member.id).in_(member_ids))):
        member_id = found or 0
        for kind, key in keys_of(name, id_number, phone, card.get(member_id)):
            yield kind, key, member_id, branch[member_id]


@moves_with_the_unit
def people_move(unit: WriteUnit, organisation_ids: Sequence[int]) -> None:
    """People of a unit that was put under another union are of its branch now, those who have left it
    too."""
    with unit.beyond_scope():
        there = select(Membership.member_id).where(col(Membership.organisation_id).in_(organisation_ids))
        people = sorted(set(unit.exec(there)))
    follow(unit, people)
