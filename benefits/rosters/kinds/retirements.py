"""Roster of retirements (退休名单): the category that decides the age, the month chosen, the day it happened
(DOMAIN 2.5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import delete, func, or_
from sqlmodel import col, select

from benefits.kernel.dates import anniversary
from benefits.kernel.errors import Problem
from benefits.kernel.ids import Sex
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.identity import statutory
from benefits.members.lookup import touch
from benefits.members.models import IdentifierKind, Member, MemberEvent, Status
from benefits.members.retirement import RetirementCategory, category_words, flexible_months, statutory_month
from benefits.members.service_retirement import plan_retirement, retire
from benefits.organisations.models import Organisation
from benefits.rosters.blocking import changed, gone
from benefits.rosters.finding import once, rows_blamed, units
from benefits.rosters.finding_people import Person, people
from benefits.rosters.kind import Change, Chunk, Column, Job, Kind, Option, Outcome, Step, Trace, Wanted
from benefits.rosters.kinds.present import numbers_of, pages
from benefits.rosters.kinds.who import HOME, RETIREMENT, WHO
from benefits.rosters.values import month, past_day, text, yes_no

PLANNED = Column(
    "planned_month", ("拟退休年月", "弹性退休年月", "选择退休年月", "计划退休年月"), month, example="2027-05"
)
NOTICE = Column("notice_on", ("告知日期", "书面告知日期"), past_day, width=14)
AGREED = Column("agreed_on", ("协议日期", "延迟退休协议日期"), past_day, width=14)
CONFIRMED = Column(
    "confirmed",
    ("材料已核对", "已核对材料"),
    yes_no,
    choices=("是", "否"),
    meanings={"是": True, "否": False},
)
RETIRED = Column(
    "retired_on",
    ("退休日期", "实际退休日期", "办理退休日期", "退休时间"),
    past_day,
    width=14,
    example="2026-05-31",
)
REASON = Column("reason", ("提前退休理由", "退休理由", "理由"), text(200), width=24)
_GONE = (Status.RETIRED, Status.RESIGNED, Status.DECEASED)
_KEPT = "retirement_category retirement_month planned_retirement status status_since retired_on".split()


@dataclass(frozen=True, slots=True)
class _Do:
    """What a row does to a person; None: nothing of that."""

    category: RetirementCategory | None = None
    month: date | None = None
    notice_on: date | None = None
    agreed_on: date | None = None
    retired_on: date | None = None
    reason: str = ""

    def changes(self, person: Person) -> tuple[Change, ...]:
        """The preview of it."""
        found = []
        if self.category is not None:
            before = person.retirement_category.value if person.retirement_category else "-"
            found.append(Change("retirement_category", before, self.category.value))
        if self.month is not None:
            before = f"{person.planned_retirement:%Y-%m}" if person.planned_retirement else "-"
            found.append(Change("planned_month", before, f"{self.month:%Y-%m}"))
        if self.retired_on is not None:
            found.append(Change("retired_on", "-", self.retired_on.isoformat()))
        return tuple(found)


def judge(job: Job, chunk: Chunk) -> list[Step | None]:
    """What each row writes; nothing for who stands there so already."""
    given = {at for key in ("unit_code", "unit_name") for at, one in enumerate(chunk.get(key)) if one}
    homes = units(job, chunk, required=False)
    within = [home if at in given or home is job.organisation else None for at, home in enumerate(homes)]
    found = people(job, chunk, within=within)
    return [None if one is None else _step(job, chunk, at, one) for at, one in enumerate(found)]


def _step(job: Job, chunk: Chunk, at: int, person: Person) -> Step | None:
    once(job, chunk, at, "", person.id)
    category, chosen = chunk.get("retirement_category")[at], chunk.get("planned_month")[at]
    retired_on = job.option(chunk, at, "retired_on")
    unread = rows_blamed(chunk, "retirement_category", "planned_month", "retired_on")
    if category is None and chosen is None and retired_on is None and at not in unread:
        chunk.blame(at, "", "rosters.retirement_nothing")
    effective = category or person.retirement_category
    do = _Do(
        None if category is person.retirement_category else _category(chunk, at, person, category),
        None if chosen == person.planned_retirement else _month(chunk, at, person, effective, chosen),
        chunk.get("notice_on")[at],
        chunk.get("agreed_on")[at],
        None if retired_on is None else _retired(chunk, at, person, effective, retired_on),
        chunk.get("reason")[at] or "",
    )
    if at in chunk.bad:
        return None
    changes = do.changes(person)
    outcome = Outcome.CHANGED if changes else Outcome.SAME
    place = person.organisation_id
    return Step(chunk.rows[at], outcome, do, person.id, changes, organisation_id=place, name=person.name)


def _category(
    chunk: Chunk, at: int, person: Person, category: RetirementCategory | None
) -> RetirementCategory | None:
    if category is None:
        return None
    if person.sex is not None and (person.sex is Sex.MALE) != (category is RetirementCategory.M60):
        words = category_words(category)
        chunk.blame(at, "retirement_category", "members.category_sex", category=words)
    kept = person.planned_retirement
    if (
        kept is not None
        and chunk.get("planned_month")[at] is None
        and not _fits(category, person.birth, kept)
    ):
        words_of = {"name": person.name, "month": f"{kept:%Y-%m}"}
        chunk.blame(at, "retirement_category", "members.planned_misfit", **words_of)
    return category


def _fits(category: RetirementCategory, birth: date | None, month: date) -> bool:
    ends = flexible_months(category, birth) if birth is not None else None
    return ends is not None and ends[0] <= month <= ends[1]


def _month(
    chunk: Chunk, at: int, person: Person, category: RetirementCategory | None, chosen: date | None
) -> date | None:
    """The chosen month, by the rule of flexible retirement [S90]: within the range, its paper in time."""
    if chosen is None:
        return None

    def blame(code: str, key: str = "planned_month", **words: object) -> None:
        chunk.blame(at, key, code, name=person.name, **words)

    if person.status in _GONE:
        blame("members.not_working")
    if category is None or person.birth is None:
        blame("members.retirement_unknown")
        return chosen
    statutory, ends = statutory_month(category, person.birth), flexible_months(category, person.birth)
    if ends is None:
        blame("members.not_flexible", month=f"{statutory:%Y-%m}")
        return chosen
    if not ends[0] <= chosen <= ends[1]:
        words = {"first": f"{ends[0]:%Y-%m}", "last": f"{ends[1]:%Y-%m}"}
        blame("members.outside_flexible", month=f"{chosen:%Y-%m}", **words)
    elif chosen == statutory:
        blame("members.month_is_statutory", month=f"{chosen:%Y-%m}")
    else:
        _papers(chunk, at, person, chosen, statutory)
    return chosen


def _papers(chunk: Chunk, at: int, person: Person, chosen: date, statutory: date) -> None:
    early = chosen < statutory
    key, kind = ("notice_on", "notice") if early else ("agreed_on", "agreement")
    latest = anniversary(chosen, -3) if early else anniversary(statutory, -1)
    paper = chunk.get(key)[at]
    if paper is None and at not in rows_blamed(chunk, key):
        chunk.blame(at, key, f"members.{kind}_missing", name=person.name, latest=latest)
    elif paper is not None and paper > latest:
        chunk.blame(at, key, f"members.{kind}_late", name=person.name, latest=latest, of=paper)
    if not chunk.get("confirmed")[at]:
        code = "members.early_unconfirmed" if early else "members.late_unconfirmed"
        chunk.blame(at, "confirmed", code, name=person.name)


def _retired(
    chunk: Chunk, at: int, person: Person, category: RetirementCategory | None, on: date
) -> date | None:
    """The day of the retirement; None where it is on record so."""
    if person.status is Status.RETIRED:
        if person.retired_on != on:
            words = {"name": person.name, "on": person.retired_on or "-"}
            chunk.blame(at, "retired_on", "members.retired_already", **words)
        return None
    if person.organisation_id is None:
        chunk.blame(at, "name", "members.gone", name=person.name)
    if person.status_since is not None and on < person.status_since:
        chunk.blame(at, "retired_on", "members.too_early", name=person.name, since=person.status_since)
    if category is not None and person.birth is not None:
        ends = flexible_months(category, person.birth)
        first = ends[0] if ends else statutory_month(category, person.birth)
        if on < first and not chunk.get("reason")[at]:
            words_of = {"name": person.name, "on": on, "month": f"{first:%Y-%m}"}
            chunk.blame(at, "retired_on", "members.too_young", **words_of)
    return on


def write(unit: WriteUnit, job: Job, steps: Sequence[Step]) -> Iterable[Trace]:
    """Each person as the verbs do it; what stood there before goes into the trace."""
    ids = [step.entity_id for step in steps if step.entity_id is not None]
    last = unit.exec(select(func.max(MemberEvent.id))).one() or 0
    people_now = {row.id: row for row in unit.exec(select(Member).where(col(Member.id).in_(ids)))}
    before = {step.entity_id: _snapshot(people_now[step.entity_id]) for step in steps}
    for step in steps:
        assert step.entity_id is not None
        _apply(unit, people_now[step.entity_id], step.values)
    made: dict[int, list[int]] = {}
    events = select(MemberEvent.member_id, MemberEvent.id).where(
        col(MemberEvent.member_id).in_(ids), col(MemberEvent.id) > last
    )
    for member_id, event in unit.exec(events):
        made.setdefault(member_id, []).append(event or 0)
    return [
        Trace(
            step.row,
            "member",
            step.entity_id or 0,
            people_now[step.entity_id].version,
            before[step.entity_id] | {"events": made.get(step.entity_id or 0, [])},
        )
        for step in steps
    ]


def _snapshot(member: Member) -> dict[str, Any]:
    kept = {name: getattr(member, name) for name in _KEPT}
    words = {
        name: value.value if isinstance(value, Enum) else value.isoformat() if value is not None else None
        for name, value in kept.items()
    }
    return words | {"version": member.version, "changed_at": member.changed_at.isoformat()}


def _apply(unit: WriteUnit, member: Member, do: _Do) -> None:
    assert member.id is not None
    member_id = member.id
    if do.category is not None:  # as ``members.edit`` does, but for what this column cannot touch
        member.retirement_category = do.category
        member.retirement_month = statutory(do.category, member.birth)
        touch(unit, member)
    if do.month is not None:
        plan_retirement(
            unit,
            member_id=member_id,
            month=do.month,
            notice_on=do.notice_on,
            agreed_on=do.agreed_on,
            confirmed=True,
        )
    if do.retired_on is not None:
        retire(unit, member_id=member_id, on=do.retired_on, reason=do.reason)


def undo(unit: WriteUnit, traces: Sequence[Trace]) -> list[Problem]:
    """Everybody as before, unless something was written about the person since."""
    ids = [trace.entity_id for trace in traces]
    found = {row.id: row for row in unit.exec(select(Member).where(col(Member.id).in_(ids)))}
    problems: list[Problem] = []
    for trace in traces:
        member = found.get(trace.entity_id)
        if member is None:
            problems.append(gone(trace.row))
        elif member.version != trace.version:
            problems.append(changed(trace.row, member.name))
    if problems:
        return problems
    events: list[int] = []
    for trace in traces:
        assert trace.before is not None
        events += trace.before["events"]
        _restore(found[trace.entity_id], trace.before)
    unit.session.flush()
    unit.exec(delete(MemberEvent).where(col(MemberEvent.id).in_(events)))
    return []


def _restore(member: Member, kept: Mapping[str, Any]) -> None:
    for name in _KEPT:
        value = kept[name]
        if value is not None and name == "status":
            value = Status(value)
        elif value is not None and name == "retirement_category":
            value = RetirementCategory(value)
        elif value is not None:
            value = date.fromisoformat(value)
        setattr(member, name, value)
    member.version, member.changed_at = kept["version"], datetime.fromisoformat(kept["changed_at"])


def _rows(unit: ReadUnit, wanted: Wanted, which: Any) -> Iterator[Mapping[str, Any]]:
    choose: Any = select
    query = (
        choose(Member.id, Member, Organisation.code, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id))
        .where(path_within(col(Organisation.path), wanted.path), which)
    )
    for page in pages(unit, query, Member.id):
        numbers = numbers_of(unit, [row[0] for row in page], IdentifierKind.MEMBER_NUMBER)
        for member_id, member, code, union in page:
            yield {
                "unit_code": code,
                "unit_name": union,
                "member_number": numbers.get(member_id),
                "id_number": member.id_number,
                "name": member.name,
                "retirement_category": member.retirement_category,
                "planned_month": member.planned_retirement,
                "retired_on": member.retired_on,
            }


def rows(unit: ReadUnit, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """Who is retired, and who has chosen a month."""
    return _rows(
        unit, wanted, or_(col(Member.retired_on).is_not(None), col(Member.planned_retirement).is_not(None))
    )


def prefill(unit: ReadUnit, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """Who reaches the chosen month, else the statutory one, within three months, or has reached it and is not
    on record as retired."""
    due = func.coalesce(Member.planned_retirement, Member.retirement_month)
    soon = due <= anniversary(wanted.day.replace(day=1), 3)
    working = or_(col(Member.status).is_(None), ~col(Member.status).in_(_GONE))
    return _rows(unit, wanted, soon & working)


RETIREMENTS = Kind(
    name="retirements",
    permission="member.edit",
    columns=(*HOME, *WHO, RETIREMENT, PLANNED, NOTICE, AGREED, CONFIRMED, RETIRED, REASON),
    judge=judge,
    write=write,
    undo=undo,
    rows=rows,
    options=(Option("retired_on", past_day),),
    prefill=prefill,
)
