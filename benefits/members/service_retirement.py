"""Verbs of retirement (退休): a month chosen in flexible retirement, and the fact. Sources: [S89][S90],
DOMAIN 2.5. The fact wins over the chosen month, the chosen month over the statutory one.
"""

from datetime import date
from typing import Any

from benefits.kernel.actions import action
from benefits.kernel.dates import anniversary
from benefits.kernel.errors import Refused
from benefits.kernel.unit import WriteUnit
from benefits.members import events
from benefits.members.lookup import clerk_reason, person, refuse_future, touch
from benefits.members.models import Member, Status
from benefits.members.retirement import flexible_months, statutory_month
from benefits.members.status import set_status

_NOTICE_MONTHS = 3
_AGREEMENT_MONTHS = 1


@action("members.plan_retirement", permission="member.edit")
def plan_retirement(
    unit: WriteUnit,
    *,
    member_id: int,
    month: date,
    notice_on: date | None = None,
    agreed_on: date | None = None,
    confirmed: bool = False,
) -> date:
    """Note the month that a person chose in flexible retirement (弹性退休) [S90]; its first day.

    Earlier: a written notice of ``notice_on``, at least three months before the chosen month. Later: a
    written agreement of ``agreed_on``, at least one month before the statutory month. Both are counted to the
    first day of the month, the strictest reading; which day of the month is meant is 待核实. ``confirmed``:
    the clerk has seen from the papers what the register does not know: for an earlier month that the years
    of contribution are met, for a later one that the person is no official and no manager of a state-owned
    enterprise or institution, who cannot defer.

    Raises Refused: ``members.unknown``, ``members.retirement_unknown`` (birth or category missing),
    ``members.not_working``, ``members.not_flexible`` (the old rule holds), ``members.outside_flexible``
    naming both ends, ``members.month_is_statutory``, ``members.notice_missing``, ``members.notice_late``,
    ``members.agreement_missing``, ``members.agreement_late``, ``members.early_unconfirmed``,
    ``members.late_unconfirmed``, ``members.not_yet``.
    """
    member = person(unit, member_id)
    month = month.replace(day=1)
    if member.status in (Status.RETIRED, Status.RESIGNED, Status.DECEASED):
        raise Refused("members.not_working", name=member.name)
    statutory = _refuse_outside(member, month)
    if month < statutory:
        paper = _paper(unit, notice_on, anniversary(month, -_NOTICE_MONTHS), "notice", member.name)
        if not confirmed:
            raise Refused("members.early_unconfirmed", name=member.name)
    else:
        paper = _paper(unit, agreed_on, anniversary(statutory, -_AGREEMENT_MONTHS), "agreement", member.name)
        if not confirmed:
            raise Refused("members.late_unconfirmed", name=member.name)
    earlier, member.planned_retirement = member.planned_retirement, month
    touch(unit, member)
    events.note(unit, member_id, paper, events.RETIREMENT_PLANNED, month=f"{month:%Y-%m}")
    unit.record(f"member:{member_id}", month=month, earlier=earlier, paper_of=paper)
    return month


@action("members.cancel_planned_retirement", permission="member.edit")
def cancel_planned_retirement(unit: WriteUnit, *, member_id: int, on: date) -> None:
    """Take the chosen month back from ``on`` (取消弹性退休): the agreement was ended, the notice withdrawn.

    Raises Refused: ``members.unknown``, ``members.nothing_planned``, ``members.not_yet``.
    """
    member = person(unit, member_id)
    refuse_future(unit, on)
    month = member.planned_retirement
    if month is None:
        raise Refused("members.nothing_planned", name=member.name)
    member.planned_retirement = None
    touch(unit, member)
    events.note(unit, member_id, on, events.RETIREMENT_UNPLANNED, month=f"{month:%Y-%m}")
    unit.record(f"member:{member_id}", earlier=month, on=on)


@action("members.retire", permission="member.edit")
def retire(unit: WriteUnit, *, member_id: int, on: date, reason: str = "") -> None:
    """The person retired on ``on`` (办理退休): the fact that wins over both months. The membership is kept at
    the old unit (保留会籍) [S80].

    A day before the first month that the rule allows, flexible retirement included, needs a ``reason``: those
    for whom the state rules otherwise (国家另有规定的, special work), which goes on record. Raises Refused:
    ``members.unknown``, ``members.same_status``, ``members.gone``, ``members.not_yet``,
    ``members.too_early``, ``members.too_young`` naming the month, ``members.reason_long``.
    """
    member = person(unit, member_id)
    if member.status is Status.RETIRED:
        raise Refused("members.retired_already", name=member.name, on=member.retired_on or "-")
    if member.organisation_id is None:
        raise Refused("members.gone", name=member.name)
    refuse_future(unit, on)
    if member.status_since is not None and on < member.status_since:
        raise Refused("members.too_early", name=member.name, since=member.status_since)
    first = earliest_month(member)
    if first is not None and on < first:
        if not reason.strip():
            raise Refused("members.too_young", name=member.name, on=on, month=f"{first:%Y-%m}")
        unit.record(reason=clerk_reason(reason), first_month=first)
    set_status(unit, member, Status.RETIRED, on)


def earliest_month(member: Member) -> date | None:
    """First day of the first month in which the rule lets a person retire (最早退休年月); None: birth or
    category is not known."""
    if member.retirement_category is None or member.birth is None:
        return None
    flexible = flexible_months(member.retirement_category, member.birth)
    return flexible[0] if flexible else statutory_month(member.retirement_category, member.birth)


def _refuse_outside(member: Member, month: date) -> date:
    """The statutory month, where another may be chosen at all and the month lies in the range."""
    if member.retirement_category is None or member.birth is None:
        raise Refused("members.retirement_unknown", name=member.name)
    statutory = statutory_month(member.retirement_category, member.birth)
    ends = flexible_months(member.retirement_category, member.birth)
    if ends is None:
        raise Refused("members.not_flexible", name=member.name, month=f"{statutory:%Y-%m}")
    if not ends[0] <= month <= ends[1]:
        raise Refused(
            "members.outside_flexible",
            name=member.name,
            month=f"{month:%Y-%m}",
            first=f"{ends[0]:%Y-%m}",
            last=f"{ends[1]:%Y-%m}",
        )
    if month == statutory:
        raise Refused("members.month_is_statutory", name=member.name, month=f"{month:%Y-%m}")
    return statutory


def _paper(unit: WriteUnit, of: date | None, latest: date, kind: str, name: str) -> date:
    """The day of the paper that the choice needs, if it was in time."""
    facts: dict[str, Any] = {"name": name, "latest": latest}
    if of is None:
        code = "members.notice_missing" if kind == "notice" else "members.agreement_missing"
        raise Refused(code, **facts)
    refuse_future(unit, of)
    if of > latest:
        code = "members.notice_late" if kind == "notice" else "members.agreement_late"
        raise Refused(code, of=of, **facts)
    return of
