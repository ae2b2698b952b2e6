"""Transfer of many people at once (批量调动): whoever can move moves, everybody else is named with the
reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, update
from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Say, say
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.keys import follow
from benefits.members.lookup import refuse_future, union_open
from benefits.members.membership import DAY
from benefits.members.models import Member, Membership, Standing

_AT_ONCE = 500
_TOLD = 1000
"""So many people the audit event names; the memberships of more tell who they were."""


@dataclass(frozen=True, slots=True)
class Transferred:
    """Who moved, and who did not and why: together everybody who was asked for. A problem's ``row`` is the
    place in what was asked, from 1; its code is that of the reason."""

    moved: tuple[int, ...]
    left_out: tuple[Problem, ...]


class _Person(NamedTuple):
    name: str
    merged_into_id: int | None


@action("members.transfer_many", permission="member.edit")
def transfer_many(
    unit: WriteUnit, *, member_ids: Sequence[int], organisation_id: int, on: date
) -> Transferred:
    """Move people to another union from ``on`` (批量调动), each as ``transfer`` does.

    Left out, each with a reason: whoever is not known in the actor's scope, merged into another record,
    without a membership, at that union already, at the old one only since ``on`` or later, or named twice.
    Raises Refused where nobody can move: ``members.not_yet``, ``organisations.unknown``,
    ``members.organisation_closed``.
    """
    refuse_future(unit, on)
    union_open(unit, organisation_id)
    moved: list[int] = []
    seen: set[int] = set()
    left_out: list[Problem] = []
    for first in range(0, len(member_ids), _AT_ONCE):
        asked = list(enumerate(member_ids[first : first + _AT_ONCE], first + 1))
        people, places = _people(unit, [member for _, member in asked])
        going: dict[int, Membership] = {}
        for row, member_id in asked:
            against = (
                _why("members.named_twice")
                if member_id in seen
                else _against(member_id, people.get(member_id), places.get(member_id), organisation_id, on)
            )
            seen.add(member_id)
            if against is None:
                going[member_id] = places[member_id]
            else:
                left_out.append(_left_out(row, member_id, people.get(member_id), against))
        _move(unit, going, organisation_id, on)
        moved += going
    told = moved if len(moved) <= _TOLD else []
    counts = {"asked": len(member_ids), "moved": len(moved), "left_out": len(left_out)}
    unit.record(f"organisation:{organisation_id}", on=on, members=told, **counts)
    assert len(moved) + len(left_out) == len(member_ids), "a bulk transfer must reconcile"
    return Transferred(tuple(moved), tuple(left_out))


def _people(unit: ReadUnit, ids: list[int]) -> tuple[dict[int, _Person], dict[int, Membership]]:
    """The people of the scope, no number opened, and their open memberships that count."""
    people = unit.exec(select(Member.id, Member.name, Member.merged_into_id).where(col(Member.id).in_(ids)))
    places = unit.exec(
        select(Membership).where(
            col(Membership.member_id).in_(ids),
            col(Membership.ends).is_(None),
            col(Membership.standing) == Standing.PRIMARY,
        )
    )
    return {row[0] or 0: _Person(*row[1:]) for row in people}, {row.member_id: row for row in places}


def _why(code: str, /, **params: object) -> tuple[str, Say]:
    return code, say(code, **params)


def _against(
    member_id: int, member: _Person | None, current: Membership | None, organisation_id: int, on: date
) -> tuple[str, Say] | None:
    """What speaks against moving one person: code and sentence."""
    if member is None:
        return _why("members.left_unknown")
    name = member.name
    if member.merged_into_id is not None:
        return _why("members.merged", name=name, member=member_id, survivor=member.merged_into_id)
    if current is None:
        return _why("members.no_membership", name=name)
    if current.organisation_id == organisation_id:
        return _why("members.same_organisation", name=name)
    if on <= current.starts:
        return _why("members.too_early", name=name, since=current.starts)
    return None


def _left_out(row: int, member_id: int, member: _Person | None, against: tuple[str, Say]) -> Problem:
    code, why = against
    name = member.name if member else "-"
    return Problem(code, say("members.left_out", name=name, member=member_id, why=why), row=row)


def _move(unit: WriteUnit, going: dict[int, Membership], organisation_id: int, on: date) -> None:
    """Close, end second ones noted at the new union, open: set by set."""
    if not going:
        return
    ids = list(going)
    for membership in going.values():
        membership.ends, membership.reason = on - DAY, "transferred"
    unit.session.flush()
    second = (
        col(Membership.member_id).in_(ids),
        col(Membership.organisation_id) == organisation_id,
        col(Membership.standing) == Standing.SECOND,
        col(Membership.ends).is_(None),
    )
    options = {"synchronize_session": False}
    earlier = update(Membership).where(*second, col(Membership.starts) < on)
    unit.session.execute(earlier.values(ends=on - DAY, reason="transferred").execution_options(**options))
    unit.session.execute(delete(Membership).where(*second).execution_options(**options))
    unit.session.add_all(
        Membership(member_id=member_id, organisation_id=organisation_id, starts=on) for member_id in ids
    )
    unit.session.flush()
    people = update(Member).where(col(Member.id).in_(ids))
    unit.session.execute(
        people.values(
            organisation_id=organisation_id, version=col(Member.version) + 1, changed_at=unit.clock.now()
        ).execution_options(**options)
    )
    unit.session.expire_all()
    follow(unit, ids)
