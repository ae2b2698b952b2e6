"""Roster of transfers (批量调动): who moves to which union from which day."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col, select

from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.errors import Problem, say
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.keys import follow
from benefits.members.models import IdentifierKind, Member, Membership, Standing
from benefits.members.service_transfer import transfer_many
from benefits.organisations.models import Organisation
from benefits.organisations.queries import OrganisationRow, top
from benefits.rosters.blocking import changed, gone, hanging
from benefits.rosters.finding import once, rows_blamed, units
from benefits.rosters.finding_people import Person, people
from benefits.rosters.kind import Change, Chunk, Column, Job, Kind, Option, Outcome, Step, Trace, Wanted
from benefits.rosters.kinds.present import numbers_of, pages
from benefits.rosters.kinds.who import WHO
from benefits.rosters.values import day, text

_MEMBERSHIP = ("id", "member_id", "organisation_id", "starts", "ends", "standing", "reason")

FROM_UNIT = Column(
    "from_unit", ("原单位", "转出单位", "调出单位", "原工会", "转出工会", "原工作单位"), text(120), width=28
)
TO_CODE = Column(
    "to_code", ("转入单位编码", "调入单位编码", "新单位编码", "转入工会编码"), text(32), width=16
)
TO_UNIT = Column(
    "to_unit",
    ("转入单位", "调入单位", "新单位", "接收单位", "转入工会", "现单位", "转入单位名称", "新单位名称"),
    text(120),
    width=28,
)
ON = Column("on", ("转移日期", "调动日期", "转入日期", "生效日期", "日期"), day, width=14)


def judge(job: Job, chunk: Chunk) -> list[Step | None]:
    """What each row moves; nothing for who is there already."""
    scope: str = job.memory.setdefault("transfers.scope", top(job.unit).path)
    days = [job.option(chunk, at, "on") for at in range(len(chunk.rows))]
    origins = units(job, chunk, code="", name="from_unit", path=scope, days=_open_ever(chunk), required=False)
    targets = units(job, chunk, code="to_code", name="to_unit", path=scope, days=_open_ever(chunk))
    said = {at for at, name in enumerate(chunk.get("from_unit")) if name is not None}
    within = [origin if at in said else None for at, origin in enumerate(origins)]
    found = people(job, chunk, within=within, also=targets, path=scope)
    since = _since(job.unit, [person.id for person in found if person is not None])
    unread = rows_blamed(chunk, "on")
    steps: list[Step | None] = []
    for at, (person, target, on) in enumerate(zip(found, targets, days, strict=True)):
        if person is not None:
            once(job, chunk, at, "", person.id)
        if on is None and at not in unread:
            chunk.blame(at, "on", "rosters.day_missing", option=say("rosters.option.on"))
        if on is not None and on > job.today:
            chunk.blame(at, "on", "members.not_yet", day=on, today=job.today)
        steps.append(_step(chunk, at, person, target, on, since))
    return steps


def _open_ever(chunk: Chunk) -> list[date]:
    """The union that people leave may be closed: that is why. The one they go to is asked apart."""
    return [date.min] * len(chunk.rows)


def _step(
    chunk: Chunk,
    at: int,
    person: Person | None,
    target: OrganisationRow | None,
    on: date | None,
    since: Mapping[int, date],
) -> Step | None:
    if target is not None and target.closed is not None:  # on whatever day
        words = {"organisation": target.name, "closed": target.closed}
        chunk.blame(at, "to_unit", "members.organisation_closed", **words)
    if person is None or target is None:
        return None
    if person.organisation_id is None or person.id not in since:
        chunk.blame(at, "name", "members.no_membership", name=person.name)
    elif on is not None and person.organisation_id != target.id and on <= since[person.id]:
        chunk.blame(at, "on", "members.too_early", name=person.name, since=since[person.id])
    if at in chunk.bad:
        return None
    row = chunk.rows[at]
    if person.organisation_id == target.id:
        return Step(row, Outcome.SAME, entity_id=person.id, name=person.name)
    changes = (Change("to_unit", person.organisation, target.name),)
    return Step(
        row, Outcome.CHANGED, (target.id, on), person.id, changes, organisation_id=target.id, name=person.name
    )


def _since(unit: ReadUnit, ids: Sequence[int]) -> dict[int, date]:
    """Since when each is a member where he or she is."""
    return {row.member_id: row.starts for row in _memberships(unit, ids) if row.standing is Standing.PRIMARY}


def _memberships(unit: ReadUnit, ids: Sequence[int]) -> list[Membership]:
    if not ids:
        return []
    here = col(Membership.member_id).in_(ids), col(Membership.ends).is_(None)
    return list(unit.exec(select(Membership).where(*here)))


def write(unit: WriteUnit, job: Job, steps: Sequence[Step]) -> Iterable[Trace]:
    """Move whoever goes to one union on one day together; what each had before goes into the trace."""
    groups: dict[tuple[int, date], list[Step]] = {}
    for step in steps:
        groups.setdefault(step.values, []).append(step)
    traces: list[Trace] = []
    for (target, on), going in groups.items():
        ids = [step.entity_id for step in going if step.entity_id is not None]
        before = _before(unit, ids, target, on)
        done = transfer_many(unit, member_ids=ids, organisation_id=target, on=on)
        assert len(done.moved) == len(going), "whoever was judged to move moves"
        for step in going:
            assert step.entity_id is not None
            kept = before[step.entity_id]
            traces.append(Trace(step.row, "member", step.entity_id, kept["version"] + 1, kept))
    return traces


def _before(unit: WriteUnit, ids: Sequence[int], target: int, on: date) -> dict[int, dict[str, Any]]:
    choose: Any = select
    people = unit.exec(
        choose(Member.id, Member.organisation_id, Member.version, Member.changed_at).where(
            col(Member.id).in_(ids)
        )
    )
    kept: dict[int, dict[str, Any]] = {
        member_id: {
            "organisation": home,
            "version": version,
            "changed_at": changed.isoformat(),
            "to": target,
            "on": on.isoformat(),
            "ended": [],
            "deleted": [],
        }
        for member_id, home, version, changed in people
    }
    for row in _memberships(unit, ids):
        if row.standing is Standing.PRIMARY or (row.organisation_id == target and row.starts < on):
            kept[row.member_id]["ended"].append([row.id, row.reason])
        elif row.organisation_id == target:
            kept[row.member_id]["deleted"].append([row.id, row.starts.isoformat(), row.reason])
    return kept


def undo(unit: WriteUnit, traces: Sequence[Trace]) -> list[Problem]:
    """Everybody back where he or she was, unless something was written about the person since."""
    ids = [trace.entity_id for trace in traces]
    found = {row.id: row for row in unit.exec(select(Member).where(col(Member.id).in_(ids)))}
    covered, closed = _covered_there(unit, traces), _closed(unit, traces)
    problems: list[Problem] = []
    for trace in traces:
        member = found.get(trace.entity_id)
        if member is None:
            problems.append(gone(trace.row))
        elif member.version != trace.version:
            problems.append(changed(trace.row, member.name))
        elif trace.entity_id in covered:
            what = say("rosters.blocks.covers", count=covered[trace.entity_id])
            problems.append(hanging(trace.row, member.name, what))
        elif trace.before is not None and trace.before["organisation"] in closed:
            name, day = closed[trace.before["organisation"]]
            words = say("members.organisation_closed", organisation=name, closed=day)
            problems.append(Problem("members.organisation_closed", words, trace.row))
    if problems:
        return problems
    _undo_memberships(unit, traces)
    for trace in traces:
        assert trace.before is not None
        member, kept = found[trace.entity_id], trace.before
        member.organisation_id, member.version = kept["organisation"], kept["version"]
        member.changed_at = datetime.fromisoformat(kept["changed_at"])
    follow(unit, ids)
    return []


def _closed(unit: WriteUnit, traces: Sequence[Trace]) -> dict[int, tuple[str, date]]:
    """The unions that people left and that are closed by now: nobody can be put back there."""
    ids = {trace.before["organisation"] for trace in traces if trace.before is not None}
    rows = unit.exec(select(Organisation).where(col(Organisation.id).in_(ids)))
    return {row.id or 0: (row.name, row.closed) for row in rows if row.closed is not None}


def _covered_there(unit: WriteUnit, traces: Sequence[Trace]) -> dict[int, int]:
    """Who has got cover at the new union since, and how many terms: it pays for a member of its own."""
    kept = {trace.entity_id: trace.before for trace in traces if trace.before is not None}
    terms = select(Enrollment).where(
        col(Enrollment.member_id).in_(kept), col(Enrollment.state) == EnrollmentState.ACTIVE
    )
    return Counter(
        term.member_id
        for term in unit.exec(terms)
        if term.organisation_id == kept[term.member_id]["to"]
        and term.starts >= date.fromisoformat(kept[term.member_id]["on"])
    )


def _undo_memberships(unit: WriteUnit, traces: Sequence[Trace]) -> None:
    made: dict[tuple[int, str], list[int]] = {}
    ended: dict[str, list[int]] = {}
    for trace in traces:
        assert trace.before is not None
        made.setdefault((trace.before["to"], trace.before["on"]), []).append(trace.entity_id)
        for membership_id, reason in trace.before["ended"]:
            ended.setdefault(reason, []).append(membership_id)
    options = {"synchronize_session": False}
    for (place, on), ids in made.items():
        new = (
            col(Membership.member_id).in_(ids),
            col(Membership.organisation_id) == place,
            col(Membership.starts) == date.fromisoformat(on),
            col(Membership.standing) == Standing.PRIMARY,
        )
        unit.session.execute(delete(Membership).where(*new).execution_options(**options))
    for reason, ids in ended.items():
        old = update(Membership).where(col(Membership.id).in_(ids))
        unit.session.execute(old.values(ends=None, reason=reason).execution_options(**options))
    for trace in traces:
        assert trace.before is not None
        for membership_id, starts, reason in trace.before["deleted"]:
            unit.session.add(
                Membership(
                    id=membership_id,
                    member_id=trace.entity_id,
                    organisation_id=trace.before["to"],
                    starts=date.fromisoformat(starts),
                    standing=Standing.SECOND,
                    reason=reason,
                )
            )


def rows(unit: ReadUnit, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """Who is a member where, and since when."""
    choose: Any = select
    query = (
        choose(
            Member.id, Member.name, Member.id_number, Organisation.code, Organisation.name, Membership.starts
        )
        .join(Membership, col(Membership.member_id) == col(Member.id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(
            path_within(col(Organisation.path), wanted.path),
            col(Membership.ends).is_(None),
            col(Membership.standing) == Standing.PRIMARY,
        )
    )
    for page in pages(unit, query, Member.id):
        numbers = numbers_of(unit, [row[0] for row in page], IdentifierKind.MEMBER_NUMBER)
        for member_id, name, id_number, code, union, starts in page:
            yield {
                "member_number": numbers.get(member_id),
                "id_number": id_number,
                "name": name,
                "to_code": code,
                "to_unit": union,
                "on": starts,
            }


TRANSFERS = Kind(
    name="transfers",
    permission="member.edit",
    columns=(*WHO, FROM_UNIT, TO_CODE, TO_UNIT, ON),
    judge=judge,
    write=write,
    undo=undo,
    rows=rows,
    options=(Option("on", day),),
)
