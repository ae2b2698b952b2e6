"""Writing the search keys of one person (检索键)."""

from sqlalchemy import delete
from sqlmodel import col

from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.derive import Keys, keys_of
from benefits.members.lookup import open_identifier
from benefits.members.models import IdentifierKind, Member, MemberKey


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
    unit.session.add_all(
        MemberKey(kind=kind, key=key, member_id=member_id) for kind, key in sorted(new - old)
    )
