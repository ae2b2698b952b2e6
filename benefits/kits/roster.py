"""Roster of hand-outs (发放签收表): who was handed what, when and where."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from benefits.kernel import bulk
from benefits.kernel.among import among
from benefits.kernel.errors import Problem, Say, say
from benefits.kernel.messages import render
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits import roster_limit, roster_stock
from benefits.kits.campaigns import state_words
from benefits.kits.entitlement import Verdict, judge_many
from benefits.kits.models import Campaign, CampaignState, Item, ItemKind, Station
from benefits.kits.models_handout import Handout, HandoutState, Signed
from benefits.kits.offering import Fault, Given, Offer, offer_said
from benefits.kits.stock_back import give_back, taken_of
from benefits.kits.twice import put_in_order
from benefits.members.models import IdentifierKind, Member
from benefits.organisations.models import Organisation
from benefits.rosters.blocking import changed, gone
from benefits.rosters.finding import once, rows_blamed, units
from benefits.rosters.finding_people import Person, people
from benefits.rosters.kind import Chunk, Column, Job, Kind, Option, Outcome, Step, Trace, Wanted
from benefits.rosters.kinds.present import numbers_of, pages
from benefits.rosters.kinds.who import HOME, NOTE, SIGNATURE, WHO
from benefits.rosters.values import count, past_day, text

MOST = 1000
"""Pieces that one person may be handed at once; more is a slip of the pen."""
CAMPAIGN = Column(
    "campaign", ("发放活动", "活动名称", "活动", "项目名称", "批次名称", "活动编号"), text(60), width=20
)
ITEM = Column("item", ("物品", "物品名称", "发放物品", "品名", "健康包", "奖品"), text(60), width=16)
QUANTITY = Column("quantity", ("数量", "份数", "领取数量", "件数"), count(1, MOST), width=8, example="1")
GIVEN_ON = Column("given_on", ("发放日期", "领取日期", "签收日期", "日期"), past_day, width=14)
STATION = Column(
    "station", ("发放点", "发放站点", "领取点", "站点", "领取地点", "发放地点"), text(80), width=20
)
COLLECTED = Column("collected_by", ("代领人", "代领人姓名", "领取代表"), text(50), width=12)
_COLUMNS = (
    *("member_id", "organisation_id", "campaign_id", "item_id", "slot", "station_id", "quantity", "fen"),
    *("given_on", "collected_by", "note"),
)
_WRITTEN = ("id", *_COLUMNS, "given_at", "made_by", "signed", "state", "reason", "origin")


@dataclass(frozen=True, slots=True)
class _Given:
    """One line of the list."""

    member_id: int
    organisation_id: int
    campaign_id: int
    item_id: int
    slot: int
    station_id: int | None
    quantity: int
    fen: int
    given_on: date
    collected_by: str
    note: str
    taken: roster_stock.Taken


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says beside the person; None where it does not say it well."""

    offer: Offer | None
    given: Given | None
    on: date | None
    station: Station | None
    station_said: bool


def judge(job: Job, chunk: Chunk) -> list[Step | None]:
    """What each row hands out; nothing for what was handed out just so before."""
    size = range(len(chunk.rows))
    given_units = {at for key in ("unit_code", "unit_name") for at, one in enumerate(chunk.get(key)) if one}
    homes = units(job, chunk, required=False)
    within = [
        home if at in given_units or home is job.organisation else None for at, home in enumerate(homes)
    ]
    found = people(job, chunk, within=within)
    lines = [_said(job, chunk, at) for at in size]
    known = _known(job.unit, found, lines)
    verdicts = _verdicts(job.unit, found, lines)
    campaigns = [line.offer.campaign for line in lines if line.offer is not None]
    roster_limit.remember(job, campaigns, {person.id for person in found if person is not None})
    return [_step(job, chunk, at, found[at], lines[at], verdicts, known) for at in size]


def _said(job: Job, chunk: Chunk, at: int) -> _Said:
    """Campaign, item, day and station of a row, blamed where nothing says them, or nothing is called so."""
    words: dict[str, Any] = {}
    for name in ("campaign", "item", "given_on"):
        words[name] = job.option(chunk, at, name)
        if words[name] is None and at not in rows_blamed(chunk, name):
            chunk.blame(at, name, "rosters.said_nowhere", column=say(f"rosters.column.{name}"), option=name)
    offer = _or_blame(chunk, at, "campaign", _offer(job, words["campaign"]) if words["campaign"] else None)
    given = station = None
    said = job.option(chunk, at, "station")
    if offer is not None:
        given = _or_blame(chunk, at, "item", offer.item(words["item"]) if words["item"] else None)
        station = _or_blame(chunk, at, "station", offer.station(said) if said else None)
    return _Said(offer, given, words["given_on"], station, bool(said))


def _or_blame(chunk: Chunk, at: int, key: str, found: Any) -> Any:
    if isinstance(found, tuple):
        chunk.blame(at, key, found[0], **found[1])
        return None
    return found


def _offer(job: Job, said: str) -> Offer | Fault:
    key = f"kits.offer:{said}"
    known: Offer | Fault | None = job.memory.get(key)
    if known is None:
        known = job.memory[key] = offer_said(job.unit, said)
    return known


_Known = dict[tuple[int, int, int], tuple[Handout, str]]


def _known(unit: ReadUnit, found: Sequence[Person | None], lines: Sequence[_Said]) -> _Known:
    """What these people were handed of these campaigns, wherever it was, and where."""
    ids = {person.id for person in found if person is not None}
    campaigns = {line.offer.campaign.id for line in lines if line.offer is not None}
    if not ids or not campaigns:
        return {}
    choose: Any = select
    query = (
        choose(Handout, Organisation.name, Station.name)
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id))
        .join(Station, col(Station.id) == col(Handout.station_id), isouter=True)
        .where(
            among(unit, Handout.member_id, ids),
            col(Handout.campaign_id).in_(campaigns),
            col(Handout.state) == HandoutState.ACTIVE,
        )
    )
    with unit.beyond_scope():
        rows = unit.exec(query).all()
    return {
        (row.member_id, row.campaign_id, row.slot): (row, station or place) for row, place, station in rows
    }


_Verdicts = dict[tuple[int, int, date], Verdict]


def _verdicts(unit: ReadUnit, found: Sequence[Person | None], lines: Sequence[_Said]) -> _Verdicts:
    """Who is entitled in which campaign on which day."""
    asked: dict[tuple[int, date], set[int]] = {}
    campaigns: dict[int, Campaign] = {}
    for person, line in zip(found, lines, strict=True):
        if person is not None and line.offer is not None and line.on is not None:
            assert line.offer.campaign.id is not None
            campaigns[line.offer.campaign.id] = line.offer.campaign
            asked.setdefault((line.offer.campaign.id, line.on), set()).add(person.id)
    return {
        (campaign, member, day): verdict
        for (campaign, day), members in asked.items()
        for member, verdict in judge_many(unit, campaigns[campaign], sorted(members), day).items()
    }


def _step(
    job: Job,
    chunk: Chunk,
    at: int,
    person: Person | None,
    line: _Said,
    verdicts: _Verdicts,
    known: _Known,
) -> Step | None:
    if person is None or line.offer is None or line.given is None or line.on is None:
        return None
    campaign = line.offer.campaign
    assert campaign.id is not None and line.given.item.id is not None
    slot = (person.id, campaign.id, line.given.slot)
    once(job, chunk, at, "item", slot)
    quantity = chunk.get("quantity")[at] or 1
    before = known.get(slot)
    if before is not None:
        first, where = before
        other = line.station_said and (line.station is None or line.station.id != first.station_id)
        if (first.item_id, first.quantity, first.given_on) != (
            line.given.item.id,
            quantity,
            line.on,
        ) or other:
            words = {"day": first.given_on, "where": where, "quantity": first.quantity}
            chunk.blame(at, "item", "kits.handed_out", name=person.name, item=line.given.item.name, **words)
    else:
        _blame_new(job, chunk, at, line, quantity, verdicts.get((campaign.id, person.id, line.on)))
    if at in chunk.bad:
        return None
    if before is not None:
        return Step(chunk.rows[at], Outcome.SAME, entity_id=before[0].id, name=person.name)
    return _added(job, chunk, at, line, quantity, verdicts[campaign.id, person.id, line.on])


_BLAMED = {
    "kits.no.not_open": "campaign",
    "kits.no.too_early": "given_on",
    "kits.no.over": "given_on",
    "kits.no.no_union": "given_on",
}
"""Reasons that one column is to blame for; others are the row's."""


def _blame_new(job: Job, chunk: Chunk, at: int, line: _Said, quantity: int, verdict: Verdict | None) -> None:
    """What speaks against a new hand-out."""
    assert line.offer is not None and line.given is not None and line.on is not None
    campaign = line.offer.campaign
    if verdict is None:
        chunk.blame(at, "given_on", "kits.no.no_union", day=line.on)
    for reason in verdict.reasons if verdict is not None else ():
        chunk.blame(at, _BLAMED.get(reason.code, ""), reason.say.key, **reason.say.params)
    if quantity > line.given.most:
        words = {"item": line.given.item.name, "most": line.given.most, "quantity": quantity}
        chunk.blame(at, "quantity", "kits.over_share", campaign=campaign.name, **words)
    if not roster_stock.counted(line.offer, line.given):
        return
    if not line.station_said:
        chunk.blame(at, "station", "kits.station_needed", campaign=campaign.name)
    elif line.station is not None and not roster_stock.kept(job, line.station):
        chunk.blame(at, "station", "kits.not_yours", what=line.station.name)


def _added(job: Job, chunk: Chunk, at: int, line: _Said, quantity: int, verdict: Verdict) -> Step | None:
    assert verdict.organisation_id is not None
    assert line.offer is not None and line.given is not None and line.on is not None
    taken: roster_stock.Taken = ()
    fen = 0
    if line.given.item.kind is ItemKind.MONEY:
        if verdict.amount_fen is None:
            chunk.blame(at, "item", "kits.no_amount", name=verdict.name, campaign=line.offer.campaign.name)
            return None
        fen = verdict.amount_fen
    if line.station is not None and roster_stock.counted(line.offer, line.given):
        found = roster_stock.set_aside(job, line.station, line.given, quantity, line.on)
        if isinstance(found[0], str):
            chunk.blame(at, "station", found[0], **found[1])
            return None
        taken, fen = found
    purpose = line.offer.campaign.purpose
    over = roster_limit.spend(job, purpose, verdict.member_id, verdict.name, line.on, fen)
    if over is not None:
        roster_stock.put_back(job, line.station, line.given, taken)
        chunk.blame(at, "item", over[0], **over[1])
        return None
    assert line.offer.campaign.id is not None and line.given.item.id is not None
    made = _Given(
        member_id=verdict.member_id,
        organisation_id=verdict.organisation_id,
        campaign_id=line.offer.campaign.id,
        item_id=line.given.item.id,
        slot=line.given.slot,
        station_id=line.station.id if line.station is not None else None,
        quantity=quantity,
        fen=fen,
        given_on=line.on,
        collected_by=chunk.get("collected_by")[at] or "",
        note=chunk.get("note")[at] or "",
        taken=taken,
    )
    return Step(
        chunk.rows[at], Outcome.ADDED, made, organisation_id=verdict.organisation_id, name=verdict.name
    )


def write(unit: WriteUnit, job: Job, steps: Sequence[Step]) -> Iterable[Trace]:
    """All lines at once, and what they take out of stock."""
    ids = bulk.reserve(unit, Handout, len(steps))
    made = list(zip(ids, steps, strict=True))
    same = (unit.clock.now(), unit.actor.login, Signed.NO, HandoutState.ACTIVE, "", "")
    rows = ((one, *(getattr(step.values, name) for name in _COLUMNS), *same) for one, step in made)
    bulk.write(unit, Handout, _WRITTEN, rows)
    roster_stock.book_taken(
        unit, ((one, step.values.station_id, step.values.taken, step.values.given_on) for one, step in made)
    )
    roster_limit.recounted(unit, ((step.values.campaign_id, step.values.member_id) for step in steps))
    return [Trace(step.row, "handout", one) for one, step in made]


def undo(unit: WriteUnit, traces: Sequence[Trace]) -> list[Problem]:
    """Lines go again, unless one was voided or its campaign closed since; what came out of stock goes back
    into it, and its line stays as void: the ledger keeps both moves. A second hand-out of the same from a
    package holds then."""
    ids = [trace.entity_id for trace in traces]
    query = (
        select(Handout, Member.name)
        .join(Member, col(Member.id) == col(Handout.member_id), isouter=True)
        .where(among(unit, Handout.id, ids))
    )
    found = {row.id: (row, name or "-") for row, name in unit.exec(query)}
    handed = {(row.campaign_id, row.member_id) for row, _ in found.values()}
    over = _no_longer_open(unit, {campaign for campaign, _ in handed})
    problems = []
    for trace in traces:
        if trace.entity_id not in found:
            problems.append(gone(trace.row))
        elif found[trace.entity_id][0].state is not HandoutState.ACTIVE:
            problems.append(changed(trace.row, found[trace.entity_id][1]))
        elif found[trace.entity_id][0].campaign_id in over:
            closed = over[found[trace.entity_id][0].campaign_id]
            problems.append(Problem(closed.key, closed, row=trace.row))
    if problems:
        return problems
    stocked = taken_of(unit, ids)
    why = render(say("kits.import_undone"))
    give_back(unit, [found[one][0] for one in stocked], why)
    for one in stocked:
        found[one][0].state, found[one][0].reason = HandoutState.VOID, why
    unit.session.flush()
    unit.exec(delete(Handout).where(among(unit, Handout.id, [one for one in ids if one not in stocked])))
    with unit.beyond_scope():
        for campaign in sorted({campaign for campaign, _ in handed}):
            put_in_order(unit, campaign, sorted({member for one, member in handed if one == campaign}))
    return problems


def _no_longer_open(unit: ReadUnit, campaigns: Collection[int]) -> dict[int, Say]:
    """Campaigns whose hand-outs stay as they were counted, and why."""
    query = select(Campaign).where(
        col(Campaign.id).in_(sorted(campaigns)), col(Campaign.state) != CampaignState.OPEN
    )
    return {
        one.id: say("kits.not_open", campaign=one.name, state=state_words(one))
        for one in unit.exec(query)
        if one.id is not None
    }


def rows(unit: ReadUnit, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """What was handed out, of one campaign if it is said. A campaign whose name another one has too goes out
    by its number."""
    choose: Any = select
    query = (
        choose(Handout.id, Handout, Member.name, Member.id_number, Organisation.code, Organisation.name)
        .add_columns(Item.name, Station.name)
        .join(Member, col(Member.id) == col(Handout.member_id))
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id))
        .join(Item, col(Item.id) == col(Handout.item_id))
        .join(Station, col(Station.id) == col(Handout.station_id), isouter=True)
        .where(path_within(col(Organisation.path), wanted.path), col(Handout.state) == HandoutState.ACTIVE)
    )
    campaigns = unit.exec(select(Campaign)).all()
    often = Counter(one.name for one in campaigns)
    names = {one.id: one.name if often[one.name] == 1 else one.number for one in campaigns}
    if wanted.options.get("campaign"):
        said = wanted.options["campaign"]
        chosen = select(Campaign.id).where((col(Campaign.number) == said) | (col(Campaign.name) == said))
        query = query.where(col(Handout.campaign_id).in_(chosen))
    for page in pages(unit, query, Handout.id):
        numbers = numbers_of(unit, [row[1].member_id for row in page], IdentifierKind.MEMBER_NUMBER)
        for _, given, name, id_number, code, union, item, station in page:
            yield {
                "unit_code": code,
                "unit_name": union,
                "member_number": numbers.get(given.member_id),
                "id_number": id_number,
                "name": name,
                "campaign": names[given.campaign_id],
                "item": item,
                "quantity": given.quantity,
                "given_on": given.given_on,
                "station": station,
                "collected_by": given.collected_by or None,
                "note": given.note or None,
            }


HANDOUTS = Kind(
    name="handouts",
    permission="kit.hand",
    columns=(*HOME, *WHO, CAMPAIGN, ITEM, QUANTITY, GIVEN_ON, STATION, COLLECTED, SIGNATURE, NOTE),
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
