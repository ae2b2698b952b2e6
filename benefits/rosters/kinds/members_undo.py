"""Taking a member roster back (会员花名册撤销): people who were added go with all that was written with them,
people who were changed get back what was there, to the letter."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col

from benefits.kernel.errors import Problem, say
from benefits.kernel.ids import IdKind, Sex
from benefits.kernel.unit import WriteUnit
from benefits.members.derive import keys_of
from benefits.members.models import (
    Employment,
    Member,
    MemberCategory,
    MemberIdentifier,
    MemberIdentity,
    Membership,
)
from benefits.members.retirement import RetirementCategory
from benefits.organisations.models import RiskClass
from benefits.rosters.blocking import standing
from benefits.rosters.kind import Trace
from benefits.rosters.kinds.members_write import cards, full_rows, swap_keys

_PART = 1000
_CODES = {
    "sex": Sex,
    "employment": Employment,
    "risk_class": RiskClass,
    "retirement_category": RetirementCategory,
    "id_kind": IdKind,
}
_DAYS = ("birth", "joined_on", "retirement_month")
_SMALL: dict[str, Any] = {"member_identifier": MemberIdentifier, "member_category": MemberCategory}


def undo(unit: WriteUnit, traces: Sequence[Trace]) -> list[Problem]:
    """Take back what rows wrote, the last first; whoever was changed since, or has something hanging on him
    or her, stands in the way."""
    ids = sorted({trace.entity_id for trace in traces if trace.entity == "member"})
    before = {row.id: row for row in full_rows(unit, ids)}
    problems = _blocked(unit, traces, before)
    if problems:
        return problems
    carded = cards(unit, ids)
    old = {one: keys_of(row.name, row.id_number, row.phone, carded.get(one)) for one, row in before.items()}
    for trace in traces:
        if trace.entity in _SMALL:
            _small(unit, trace)
        elif trace.entity == "member" and trace.before is not None:
            _restore(unit, trace)
    added = [trace.entity_id for trace in traces if trace.entity == "member" and trace.before is None]
    left = sorted(set(ids) - set(added))
    carded = cards(unit, left)
    new = {
        row.id: keys_of(row.name, row.id_number, row.phone, carded.get(row.id))
        for row in full_rows(unit, left)
    }
    swap_keys(unit, old, {one: new.get(one, set()) for one in old})
    numberless = [row.id for row in full_rows(unit, left) if row.id_number is None]
    _remove(unit, numberless, (MemberIdentity,))
    _remove(unit, added, (MemberIdentity, MemberIdentifier, MemberCategory, Membership))
    for start in range(0, len(added), _PART):
        unit.exec(delete(Member).where(col(Member.id).in_(added[start : start + _PART])))
    return []


def _blocked(unit: WriteUnit, traces: Sequence[Trace], now: Mapping[int, Any]) -> list[Problem]:
    problems: list[Problem] = []
    added = sorted({trace.entity_id for trace in traces if trace.entity == "member" and trace.before is None})
    hanging = standing(unit, "member", added)
    versions = {one: row.version for one, row in now.items()}
    for trace in traces:
        if trace.entity != "member":
            continue
        row = now.get(trace.entity_id)
        if row is None or versions[trace.entity_id] != trace.version:
            words = say("rosters.changed_since", name=row.name if row else "-")
            problems.append(Problem("rosters.changed_since", words, trace.row))
        elif trace.before is None and trace.entity_id in hanging:
            words = say("rosters.hangs_on", name=row.name, what=hanging[trace.entity_id])
            problems.append(Problem("rosters.hangs_on", words, trace.row))
        else:
            versions[trace.entity_id] -= 1
    return problems


def _small(unit: WriteUnit, trace: Trace) -> None:
    """A number or a category that a row added or closed."""
    model = _SMALL[trace.entity]
    here = col(model.id) == trace.entity_id
    if trace.before is None:
        unit.exec(delete(model).where(here))
    else:
        unit.exec(update(model).where(here).values(ends=None))


def _restore(unit: WriteUnit, trace: Trace) -> None:
    assert trace.before is not None and trace.version is not None
    values = dict(trace.before)
    for key, kind in _CODES.items():
        if values.get(key) is not None:
            values[key] = kind(values[key])
    for key in _DAYS:
        if values.get(key) is not None:
            values[key] = date.fromisoformat(values[key])
    for key in ("phone_digest",):
        if values.get(key) is not None:
            values[key] = bytes.fromhex(values[key])
    values["changed_at"] = datetime.fromisoformat(values["changed_at"])
    row = {"id": trace.entity_id, **values, "version": trace.version - 1}
    unit.session.execute(update(Member), [row])


def _remove(unit: WriteUnit, members: Sequence[int], models: tuple[Any, ...]) -> None:
    for start in range(0, len(members), _PART):
        part = members[start : start + _PART]
        for model in models:
            unit.exec(delete(model).where(col(model.member_id).in_(part)))
