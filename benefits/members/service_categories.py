"""Verbs on worker categories (新就业形态类别): the dated code table, and who belongs to which. DOMAIN 2.6."""

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, or_
from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.text import shown
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.lookup import person, refuse_future, touch
from benefits.members.models import MemberCategory, WorkerCategory, WorkerGroup
from benefits.members.record import tidy

_CODE = re.compile(r"[a-z][a-z0-9_]{1,31}")
_GROUP = re.compile(r"[a-z][a-z0-9_]{1,15}")
_LONGEST_NAME = {"zh": 40, "en": 60}


@action("members.add_category", permission="member.edit")
def add_category(unit: WriteUnit, *, member_id: int, category: str, starts: date) -> int:
    """A person works in a category from ``starts`` (登记新就业形态类别), beside others perhaps; the row's id.

    Raises Refused: ``members.unknown``, ``members.category_unknown``, ``members.category_not_in_use`` that
    day, ``members.category_already``, ``members.not_yet``.
    """
    member = person(unit, member_id)
    refuse_future(unit, starts)
    found = _category(unit, category)
    if starts < found.starts or (found.ends is not None and starts > found.ends):
        raise Refused(
            "members.category_not_in_use",
            category=found.name_zh,
            starts=found.starts,
            ends=found.ends or "-",
            on=starts,
        )
    same = unit.exec(
        select(MemberCategory).where(
            col(MemberCategory.member_id) == member_id,
            col(MemberCategory.category_code) == found.code,
            or_(col(MemberCategory.ends).is_(None), col(MemberCategory.ends) >= starts),
        )
    ).first()
    if same is not None:
        raise Refused("members.category_already", name=member.name, category=found.name_zh, since=same.starts)
    made = MemberCategory(member_id=member_id, category_code=found.code, starts=starts)
    unit.session.add(made)
    touch(unit, member)
    unit.session.flush()
    assert made.id is not None
    unit.record(f"member:{member_id}", category=found.code, starts=starts)
    return made.id


@action("members.end_category", permission="member.edit")
def end_category(unit: WriteUnit, *, member_id: int, category: str, ends: date) -> None:
    """A person works in a category no longer after ``ends`` (终止新就业形态类别).

    Raises Refused: ``members.unknown``, ``members.category_unknown``, ``members.category_not_held``,
    ``members.ends_before``, ``members.not_yet``.
    """
    member = person(unit, member_id)
    refuse_future(unit, ends)
    found = _category(unit, category)
    held = unit.exec(
        select(MemberCategory).where(
            col(MemberCategory.member_id) == member_id,
            col(MemberCategory.category_code) == found.code,
            col(MemberCategory.ends).is_(None),
        )
    ).first()
    if held is None:
        raise Refused("members.category_not_held", name=member.name, category=found.name_zh)
    if ends < held.starts:
        raise Refused("members.ends_before", ends=ends, starts=held.starts)
    held.ends = ends
    touch(unit, member)
    unit.record(f"member:{member_id}", category=found.code, ends=ends)


@action("members.define_category", permission="member.define", everywhere=True)
def define_category(
    unit: WriteUnit,
    *,
    code: str,
    name_zh: str,
    name_en: str,
    starts: date,
    ends: date | None = None,
    groups: Sequence[str] = (),
) -> None:
    """Write a category of the code table, new or known (维护新就业形态类别), with the groups it belongs
    to. The code stays; what people hold stays as it is.

    Raises Refused: ``members.category_form``, ``members.ends_before``, ``members.category_held`` where
    somebody would hold it on a day on which it is not in use.
    """
    zh, en = tidy(name_zh), tidy(name_en)
    wrong = next((group for group in groups if not _GROUP.fullmatch(group)), None)
    if not _CODE.fullmatch(code) or wrong is not None:
        raise Refused("members.category_form", code=shown(wrong if wrong is not None else code))
    if not zh or not en or len(zh) > _LONGEST_NAME["zh"] or len(en) > _LONGEST_NAME["en"]:
        raise Refused("members.category_name", code=code, zh=_LONGEST_NAME["zh"], en=_LONGEST_NAME["en"])
    if ends is not None and ends < starts:
        raise Refused("members.ends_before", ends=ends, starts=starts)
    outside = col(MemberCategory.starts) < starts
    if ends is not None:
        outside = or_(outside, col(MemberCategory.starts) > ends)
    held = unit.exec(select(MemberCategory).where(col(MemberCategory.category_code) == code, outside)).first()
    if held is not None:
        raise Refused("members.category_held", category=zh, since=held.starts)
    found = unit.exec(select(WorkerCategory).where(col(WorkerCategory.code) == code)).first()
    if found is None:
        found = WorkerCategory(code=code, name_zh=zh, name_en=en, starts=starts)
        unit.session.add(found)
    found.name_zh, found.name_en, found.starts, found.ends = zh, en, starts, ends
    unit.session.flush()
    unit.exec(delete(WorkerGroup).where(col(WorkerGroup.category_code) == code))
    unit.session.add_all(WorkerGroup(group_code=group, category_code=code) for group in sorted(set(groups)))
    unit.record(f"category:{code}", name=zh, starts=starts, ends=ends, groups=sorted(set(groups)))


def _category(unit: ReadUnit, text: str) -> WorkerCategory:
    """A category by code or Chinese name."""
    wanted = text.strip()
    found = unit.exec(
        select(WorkerCategory).where(
            or_(col(WorkerCategory.code) == wanted, col(WorkerCategory.name_zh) == wanted)
        )
    ).first()
    if found is None:
        known = "、".join(unit.exec(select(WorkerCategory.name_zh).order_by(col(WorkerCategory.code))))
        raise Refused("members.category_unknown", category=shown(text), known=known)
    return found
