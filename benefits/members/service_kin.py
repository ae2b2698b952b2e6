"""Verbs on next of kin (近亲属): whom a death benefit goes to, by name and share."""

from datetime import date
from typing import Literal

from sqlalchemy import func
from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.ids import check_id
from benefits.kernel.reasons import reason_said
from benefits.kernel.text import check_name, mask_name
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.identity import last4
from benefits.members.lookup import person, refuse_future, touch
from benefits.members.models import Member, NextOfKin, Relation
from benefits.members.record import phone_in_form

_WHOLE = 100


@action("members.name_kin", permission="member.edit")
def name_kin(
    unit: WriteUnit,
    *,
    member_id: int,
    name: str,
    relation: Relation,
    starts: date,
    phone: str | None = None,
    id_number: str | None = None,
    percent: int | None = None,
) -> int:
    """Name next of kin from ``starts`` (登记近亲属); the new id. ``percent``: share of a death benefit;
    the shares of those in force add up to at most 100.

    Raises Refused: ``members.unknown``, ``members.kin_invalid`` with all problems, ``members.kin_already``,
    ``members.kin_percent``, ``members.not_yet``.
    """
    member = person(unit, member_id)
    refuse_future(unit, starts)
    named = check_name(name)
    problems = list(named.problems)
    number, wrong = phone_in_form(phone)
    problems += wrong
    paper = check_id(id_number, unit.today) if id_number and id_number.strip() else None
    problems += paper.problems if paper else ()
    if percent is not None and not 1 <= percent <= _WHOLE:
        words = say("members.kin_share", percent=percent)
        problems.append(Problem("members.kin_share", words, field="percent"))
    if problems:
        raise Refused("members.kin_invalid", count=len(problems), problems=tuple(problems))
    _refuse_second(unit, member, named.name, relation)
    taken = shares_in_force(unit, member_id)
    if taken + (percent or 0) > _WHOLE:
        raise Refused("members.kin_percent", name=member.name, taken=taken, left=_WHOLE - taken)
    made = NextOfKin(
        member_id=member_id,
        name=named.name,
        relation=relation,
        phone=number,
        phone_last4=last4(number),
        id_number=paper.number if paper else None,
        id_last4=last4(paper.number) if paper else None,
        percent=percent,
        starts=starts,
    )
    unit.session.add(made)
    touch(unit, member)
    unit.session.flush()
    assert made.id is not None
    facts = {"kin": mask_name(made.name), "relation": relation.value, "percent": percent, "starts": starts}
    unit.record(f"member:{member_id}", **facts)
    return made.id


@action("members.end_kin", permission="member.edit")
def end_kin(unit: WriteUnit, *, kin_id: int, ends: date) -> None:
    """Somebody is next of kin no longer after ``ends`` (终止近亲属).

    Raises Refused: ``members.kin_unknown``, ``members.ends_before``, ``members.not_yet``.
    """
    found = _kin(unit, kin_id)
    refuse_future(unit, ends)
    if found.ends is not None:
        raise Refused("members.kin_unknown", kin=kin_id)
    if ends < found.starts:
        raise Refused("members.ends_before", ends=ends, starts=found.starts)
    found.ends = ends
    touch(unit, person(unit, found.member_id))
    unit.record(f"member:{found.member_id}", kin=mask_name(found.name), ends=ends)


@action("members.reveal_kin", permission="identity.reveal")
def reveal_kin(
    unit: WriteUnit, *, kin_id: int, field: Literal["id_number", "phone"], reason: str
) -> str | None:
    """The clear number of next of kin (查看近亲属完整号码), with a reason that stays on record. None:
    there is none.

    Raises Refused: ``members.kin_unknown``, ``members.reason_missing``, ``members.reason_long``.
    """
    found = _kin(unit, kin_id)
    reason = reason_said(reason, missing="members.reason_missing", long="members.reason_long")
    unit.record(f"member:{found.member_id}", kin=kin_id, field=field, reason=reason)
    unit.mark_written()  # nothing but the event itself is written, and it must be
    return found.id_number if field == "id_number" else found.phone


def shares_in_force(unit: ReadUnit, member_id: int) -> int:
    """The sum of the shares of next of kin in force, in hundredths."""
    query = select(func.coalesce(func.sum(NextOfKin.percent), 0)).where(
        col(NextOfKin.member_id) == member_id, col(NextOfKin.ends).is_(None)
    )
    return int(unit.exec(query).one() or 0)


def _kin(unit: ReadUnit, kin_id: int) -> NextOfKin:
    found = unit.exec(select(NextOfKin).where(col(NextOfKin.id) == kin_id)).first()
    if found is None:
        raise Refused("members.kin_unknown", kin=kin_id)
    return found


def _refuse_second(unit: ReadUnit, member: Member, name: str, relation: Relation) -> None:
    same = unit.exec(
        select(NextOfKin).where(
            col(NextOfKin.member_id) == member.id,
            col(NextOfKin.name) == name,
            col(NextOfKin.relation) == relation,
            col(NextOfKin.ends).is_(None),
        )
    ).first()
    if same is not None:
        raise Refused("members.kin_already", name=member.name, kin=name, since=same.starts)
