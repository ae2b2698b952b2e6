"""Roster of enrollments (投保单): who takes out which plan from which day; the Beijing template's columns are
会员编号, 身份证号码, 会员姓名, 可投保金额 (DOMAIN 2.2 [S15])."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.errors import Problem
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.models import IdentifierKind, Member
from benefits.organisations.models import Organisation
from benefits.plans.models import Plan
from benefits.rosters.kind import Column, Job, Kind, Option, Step, Trace, Wanted
from benefits.rosters.kinds.enrollments_judge import judge
from benefits.rosters.kinds.entries import undo_entries, write_entries
from benefits.rosters.kinds.present import numbers_of, pages
from benefits.rosters.kinds.who import HOME, WHO
from benefits.rosters.values import count, day, fen, text

PLAN = Column(
    "plan", ("保障计划", "计划", "险种", "产品", "产品名称", "计划名称", "计划代码"), text(200), width=24
)
STARTS = Column("starts", ("起保日期", "起保日", "保障起始日", "保障开始日期", "生效日期"), day, width=14)
SHARES = Column("shares", ("份数", "投保份数", "参保份数"), count(1, 1000), width=8, example="1")
TIER = Column("tier", ("档次", "档位", "保费档次"), text(16), width=8)
FUNDING = Column("funding", ("出资方案", "出资方式", "缴费方式"), text(60), width=14)
AMOUNT = Column("amount", ("金额", "可投保金额", "投保金额", "会费", "保费", "应缴金额"), fen, width=12)
_BEFORE, _AFTER = timedelta(days=31), timedelta(days=62)
"""Terms that a template is filled with where no first day is said: those that ended a month ago or end within
two."""
_DAY = timedelta(days=1)


def write(unit: WriteUnit, job: Job, steps: Sequence[Step]) -> Iterable[Trace]:
    """All terms at once."""
    return write_entries(unit, Enrollment, "enrollment", steps, state=EnrollmentState.ACTIVE)


def undo(unit: WriteUnit, traces: Sequence[Trace]) -> list[Problem]:
    """Terms go again, unless one was voided, paid out, or followed by another or by a decision about it."""
    named = select(Enrollment.id, col(Enrollment.state), Member.name).join(
        Member, col(Member.id) == col(Enrollment.member_id), isouter=True
    )
    return undo_entries(unit, Enrollment, traces, named, state=EnrollmentState.ACTIVE)


def _terms(unit: ReadUnit, wanted: Wanted, *, members_only: bool) -> Any:
    """Terms with their people, plan and union: where the term is paid, or for whom is a member now."""
    choose: Any = select
    place = Member.organisation_id if members_only else Enrollment.organisation_id
    query = (
        choose(Enrollment.id, Enrollment, Member.name, Member.id_number, Organisation, Plan.code)
        .join(Member, col(Member.id) == col(Enrollment.member_id))
        .join(Organisation, col(Organisation.id) == col(place))
        .join(Plan, col(Plan.id) == col(Enrollment.plan_id))
        .where(
            path_within(col(Organisation.path), wanted.path), col(Enrollment.state) == EnrollmentState.ACTIVE
        )
    )
    if plan := wanted.options.get("plan"):
        query = query.where(or_(col(Plan.code) == plan, col(Plan.name_zh) == plan))
    return query


def _filled(unit: ReadUnit, query: Any) -> Iterator[tuple[Enrollment, dict[str, Any]]]:
    for page in pages(unit, query, Enrollment.id):
        numbers = numbers_of(unit, [row[1].member_id for row in page], IdentifierKind.MEMBER_NUMBER)
        for _, term, name, id_number, place, code in page:
            yield (
                term,
                {
                    "unit_code": place.code,
                    "unit_name": place.name,
                    "member_number": numbers.get(term.member_id),
                    "id_number": id_number,
                    "name": name,
                    "plan": code,
                    "shares": term.shares,
                    "tier": term.tier,
                    "funding": term.funding or None,
                },
            )


def rows(unit: ReadUnit, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """Terms that cover somebody on the day or later."""
    query = _terms(unit, wanted, members_only=False).where(col(Enrollment.ends) >= wanted.day)
    for term, row in _filled(unit, query):
        yield row | {"starts": term.starts, "amount": term.fen}


def prefill(unit: ReadUnit, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """Last term's list (上期名单): terms that end before the new first day, of people who are members still;
    the fee is left to be computed anew."""
    starts = wanted.options.get("starts")
    first, last = (starts - _BEFORE, starts - _DAY) if starts else (wanted.day - _BEFORE, wanted.day + _AFTER)
    query = _terms(unit, wanted, members_only=True).where(
        col(Enrollment.ends) >= first, col(Enrollment.ends) <= last
    )
    for term, row in _filled(unit, query):
        yield row | {"starts": starts or term.ends + _DAY}


ENROLLMENTS = Kind(
    name="enrollments",
    permission="enrollment.edit",
    columns=(*HOME, *WHO, PLAN, STARTS, SHARES, TIER, FUNDING, AMOUNT),
    judge=judge,
    write=write,
    undo=undo,
    rows=rows,
    options=(
        Option("plan", text(200)),
        Option("starts", day),
        Option("shares", count(1, 1000)),
        Option("tier", text(16)),
        Option("funding", text(60)),
    ),
    prefill=prefill,
)
