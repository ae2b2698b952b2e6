"""Roster of hand-outs (发放签收表): who was handed what, when and where."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from benefits.kernel import bulk
from benefits.kernel.errors import Problem, say
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits.models import Handout, HandoutState
from benefits.kits.queries import unions_on
from benefits.kits.service import MOST
from benefits.members.models import IdentifierKind, Member
from benefits.organisations.models import Organisation
from benefits.rosters.blocking import changed, gone
from benefits.rosters.finding import once, rows_blamed, units
from benefits.rosters.finding_people import Person, people
from benefits.rosters.kind import Chunk, Column, Job, Kind, Option, Outcome, Step, Trace, Wanted
from benefits.rosters.kinds.present import numbers_of, pages
from benefits.rosters.kinds.who import HOME, NOTE, SIGNATURE, WHO
from benefits.rosters.values import count, past_day, text

CAMPAIGN = Column("campaign", ("发放活动", "活动名称", "活动", "项目名称", "批次名称"), text(60), width=20)
ITEM = Column("item", ("物品", "物品名称", "发放物品", "品名", "健康包", "奖品"), text(60), width=16)
QUANTITY = Column("quantity", ("数量", "份数", "领取数量", "件数"), count(1, MOST), width=8, example="1")
GIVEN_ON = Column("given_on", ("发放日期", "领取日期", "签收日期", "日期"), past_day, width=14)
STATION = Column(
    "station", ("发放点", "发放站点", "领取点", "站点", "领取地点", "发放地点"), text(80), width=20
)
_COLUMNS = ("member_id", "organisation_id", "campaign", "item", "quantity", "given_on", "station", "note")


@dataclass(frozen=True, slots=True)
class _Given:
    """One line of the list."""

    member_id: int
    organisation_id: int
    campaign: str
    item: str
    quantity: int
    given_on: date
    station: str
    note: str


def judge(job: Job, chunk: Chunk) -> list[Step | None]:
    """What each row hands out; nothing for what was handed out just so before."""
    size = range(len(chunk.rows))
    given_units = {at for key in ("unit_code", "unit_name") for at, one in enumerate(chunk.get(key)) if one}
    homes = units(job, chunk, required=False)
    within = [
        home if at in given_units or home is job.organisation else None for at, home in enumerate(homes)
    ]
    found = people(job, chunk, within=within)
    lines = [_line(job, chunk, at) for at in size]
    asked = [
        (person.id, line[2])
        for person, line in zip(found, lines, strict=True)
        if person is not None and line[2] is not None
    ]
    places = unions_on(job.unit, asked)
    known = _known(job.unit, found, lines)
    return [_step(job, chunk, at, found[at], lines[at], places, known) for at in size]


def _line(job: Job, chunk: Chunk, at: int) -> tuple[str | None, str | None, date | None]:
    """Campaign, item and day of a row, blamed where nothing says them."""
    said: list[Any] = []
    for name in ("campaign", "item", "given_on"):
        value = job.option(chunk, at, name)
        if value is None and at not in rows_blamed(chunk, name):
            chunk.blame(at, name, "rosters.said_nowhere", column=say(f"rosters.column.{name}"), option=name)
        said.append(value)
    return said[0], said[1], said[2]


_Known = dict[tuple[int, str, str], tuple[Handout, str]]


def _known(unit: ReadUnit, found: Sequence[Person | None], lines: Sequence[tuple[Any, Any, Any]]) -> _Known:
    """What these people were handed of these campaigns, wherever it was."""
    ids = {person.id for person in found if person is not None}
    campaigns = {campaign for campaign, _, _ in lines if campaign is not None}
    if not ids or not campaigns:
        return {}
    query = (
        select(Handout, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id))
        .where(
            col(Handout.member_id).in_(ids),
            col(Handout.campaign).in_(campaigns),
            col(Handout.state) == HandoutState.ACTIVE,
        )
    )
    with unit.beyond_scope():
        return {(row.member_id, row.campaign, row.item): (row, place) for row, place in unit.exec(query)}


def _step(
    job: Job,
    chunk: Chunk,
    at: int,
    person: Person | None,
    line: tuple[str | None, str | None, date | None],
    places: Mapping[tuple[int, date], int],
    known: _Known,
) -> Step | None:
    campaign, item, on = line
    if person is None or campaign is None or item is None or on is None:
        return None
    once(job, chunk, at, "item", (person.id, campaign, item))
    station = job.option(chunk, at, "station")
    quantity = chunk.get("quantity")[at] or 1
    before = known.get((person.id, campaign, item))
    if before is not None:
        first, union = before
        if (first.quantity, first.given_on) != (quantity, on) or station not in (None, first.station):
            words = {"day": first.given_on, "where": first.station or union, "quantity": first.quantity}
            chunk.blame(at, "item", "kits.handed_out", name=person.name, item=item, **words)
    elif (person.id, on) not in places:
        chunk.blame(at, "given_on", "kits.no_union", name=person.name, day=on)
    if at in chunk.bad:
        return None
    row = chunk.rows[at]
    if before is not None:
        return Step(row, Outcome.SAME, entity_id=before[0].id, name=person.name)
    place = places[person.id, on]
    note = chunk.get("note")[at] or ""
    made = _Given(person.id, place, campaign, item, quantity, on, station or "", note)
    return Step(row, Outcome.ADDED, made, organisation_id=place, name=person.name)


def write(unit: WriteUnit, job: Job, steps: Sequence[Step]) -> Iterable[Trace]:
    """All lines at once."""
    ids = bulk.reserve(unit, Handout, len(steps))
    made = list(zip(ids, steps, strict=True))
    rows = (
        (one, *(getattr(step.values, name) for name in _COLUMNS), HandoutState.ACTIVE) for one, step in made
    )
    bulk.write(unit, Handout, ("id", *_COLUMNS, "state"), rows)
    return [Trace(step.row, "handout", one) for one, step in made]


def undo(unit: WriteUnit, traces: Sequence[Trace]) -> list[Problem]:
    """Lines go again, unless one was voided since."""
    ids = [trace.entity_id for trace in traces]
    query = (
        select(Handout.id, col(Handout.state), Member.name)
        .join(Member, col(Member.id) == col(Handout.member_id), isouter=True)
        .where(col(Handout.id).in_(ids))
    )
    states: dict[int | None, HandoutState] = {}
    names: dict[int | None, str] = {}
    for found, state, name in unit.exec(query):
        states[found], names[found] = state, name or "-"
    problems = []
    for trace in traces:
        if trace.entity_id not in states:
            problems.append(gone(trace.row))
        elif states[trace.entity_id] is not HandoutState.ACTIVE:
            problems.append(changed(trace.row, names.get(trace.entity_id, "-")))
    if not problems:
        unit.exec(delete(Handout).where(col(Handout.id).in_(ids)))
    return problems


def rows(unit: ReadUnit, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """What was handed out, of one campaign if it is said."""
    choose: Any = select
    query = (
        choose(Handout.id, Handout, Member.name, Member.id_number, Organisation.code, Organisation.name)
        .join(Member, col(Member.id) == col(Handout.member_id))
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id))
        .where(path_within(col(Organisation.path), wanted.path), col(Handout.state) == HandoutState.ACTIVE)
    )
    if wanted.options.get("campaign"):
        query = query.where(col(Handout.campaign) == wanted.options["campaign"])
    for page in pages(unit, query, Handout.id):
        numbers = numbers_of(unit, [row[1].member_id for row in page], IdentifierKind.MEMBER_NUMBER)
        for _, given, name, id_number, code, union in page:
            yield {
                "unit_code": code,
                "unit_name": union,
                "member_number": numbers.get(given.member_id),
                "id_number": id_number,
                "name": name,
                "campaign": given.campaign,
                "item": given.item,
                "quantity": given.quantity,
                "given_on": given.given_on,
                "station": given.station or None,
                "note": given.note or None,
            }


HANDOUTS = Kind(
    name="handouts",
    permission="kit.edit",
    columns=(*HOME, *WHO, CAMPAIGN, ITEM, QUANTITY, GIVEN_ON, STATION, SIGNATURE, NOTE),
    judge=judge,
    write=write,
    undo=undo,
    rows=rows,
    options=(
        Option("campaign", text(60)),
        Option("item", text(60)),
        Option("given_on", past_day),
        Option("station", text(80)),
    ),
)
