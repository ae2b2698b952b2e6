"""Roster of a campaign's list (发放名单): who is to be given something, where, and how much in money."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import col, select

from benefits.kernel.errors import Problem, say
from benefits.kernel.money import yuan
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits import listing
from benefits.kits.campaigns import OVER, list_changed, state_words
from benefits.kits.entitlement import counting_day
from benefits.kits.keeping import keeps
from benefits.kits.listing import MOST_FEN, Entry
from benefits.kits.models import Campaign, Entitled, Station
from benefits.kits.offering import Fault, Offer, offer_said
from benefits.kits.queries import unions_on
from benefits.kits.roster import CAMPAIGN, STATION
from benefits.members.models import IdentifierKind, Member
from benefits.organisations.models import Organisation
from benefits.rosters.blocking import gone, hanging
from benefits.rosters.finding import once, rows_blamed, units
from benefits.rosters.finding_people import Person, people
from benefits.rosters.kind import Change, Chunk, Column, Job, Kind, Option, Outcome, Step, Trace, Wanted
from benefits.rosters.kinds.present import numbers_of, pages
from benefits.rosters.kinds.who import HOME, NOTE, WHO
from benefits.rosters.values import fen, text

AMOUNT = Column("amount", ("金额", "慰问金额", "慰问金", "发放金额", "慰问金额（元）"), fen)
SITE = Column("site", ("走访地点", "慰问地点", "走访地址", "慰问站点", "地址"), text(120), width=24)
_ENTITY = "entitled:"
"""Of a trace; the campaign's id follows, the entity's id is the person's."""
_SAID = ("station_id", "amount_fen", "site", "note")


def judge(job: Job, chunk: Chunk) -> list[Step | None]:
    """What each row puts on which list; nothing where it says what stands there."""
    given_units = {at for key in ("unit_code", "unit_name") for at, one in enumerate(chunk.get(key)) if one}
    homes = units(job, chunk, required=False)
    within = [
        home if at in given_units or home is job.organisation else None for at, home in enumerate(homes)
    ]
    found = people(job, chunk, within=within)
    offers = [_offer(job, chunk, at) for at in range(len(chunk.rows))]
    known = listing.lines_of(
        job.unit,
        {offer.campaign.id for offer in offers if offer is not None and offer.campaign.id is not None},
        {person.id for person in found if person is not None},
    )
    asked = [
        (person.id, counting_day(offer.campaign, job.today))
        for person, offer in zip(found, offers, strict=True)
        if person is not None and offer is not None
    ]
    places = unions_on(job.unit, asked)
    return [
        _step(job, chunk, at, person, offer, places, known)
        for at, (person, offer) in enumerate(zip(found, offers, strict=True))
    ]


def _offer(job: Job, chunk: Chunk, at: int) -> Offer | None:
    """The campaign of a row, which must be the actor's to change."""
    said = job.option(chunk, at, "campaign")
    if said is None:
        if at not in rows_blamed(chunk, "campaign"):
            column = say("rosters.column.campaign")
            chunk.blame(at, "campaign", "rosters.said_nowhere", column=column, option="campaign")
        return None
    known: dict[str, Offer | Fault] = job.memory.setdefault("kits.list", {})
    if said not in known:
        known[said] = _allowed(job.unit, offer_said(job.unit, said))
    found = known[said]
    if isinstance(found, tuple):
        chunk.blame(at, "campaign", found[0], **found[1])
        return None
    return found


def _allowed(unit: ReadUnit, found: Offer | Fault) -> Offer | Fault:
    if isinstance(found, tuple):
        return found
    campaign = found.campaign
    if not keeps(unit, campaign.organisation_id):
        return "kits.not_yours", {"what": campaign.name}
    if campaign.state in OVER:
        return "kits.campaign_over", {"campaign": campaign.name, "state": state_words(campaign)}
    return found


def _step(
    job: Job,
    chunk: Chunk,
    at: int,
    person: Person | None,
    offer: Offer | None,
    places: Mapping[tuple[int, Any], int],
    known: Mapping[tuple[int, int], Entitled],
) -> Step | None:
    if person is None or offer is None:
        return None
    assert offer.campaign.id is not None
    key = (offer.campaign.id, person.id)
    once(job, chunk, at, "", key)
    said = job.option(chunk, at, "station")
    station = offer.station(said) if said else None
    if isinstance(station, tuple):
        chunk.blame(at, "station", station[0], **station[1])
    amount = chunk.get("amount")[at]
    if amount is not None and not 0 < amount <= MOST_FEN:
        chunk.blame(at, "amount", "kits.list_amount", most=MOST_FEN // 100)
    day = counting_day(offer.campaign, job.today)
    home = places.get((person.id, day))
    if home is None:
        chunk.blame(at, "", "kits.no.no_union", day=day)
    if at in chunk.bad or home is None or isinstance(station, tuple):
        return None
    values = {
        "station_id": None if station is None else station.id,
        "amount_fen": amount,
        "site": chunk.get("site")[at] or "",
        "note": chunk.get("note")[at] or "",
    }
    return _decided(job, chunk, at, (person, home), offer, values, known.get(key))


def _decided(
    job: Job,
    chunk: Chunk,
    at: int,
    who: tuple[Person, int],
    offer: Offer,
    values: dict[str, Any],
    row: Entitled | None,
) -> Step:
    person, home = who
    assert offer.campaign.id is not None
    about: dict[str, Any] = {"organisation_id": home, "name": person.name}
    if row is None:
        made = Entry(offer.campaign.id, person.id, home, **values)
        return Step(chunk.rows[at], Outcome.ADDED, (made, None), **about)
    present = {"station_id": "station", "amount_fen": "amount", "site": "site", "note": "note"}
    other = {
        name: values[name]
        for name, column in present.items()
        if (column in chunk.present or (column == "station" and values[name] is not None))
        and values[name] != getattr(row, name)
    }
    if not other:
        return Step(chunk.rows[at], Outcome.SAME, entity_id=person.id, **about)
    changes = tuple(
        Change(present[name], _told(offer, name, getattr(row, name)), _told(offer, name, value))
        for name, value in other.items()
    )
    step = (Entry(offer.campaign.id, person.id, home), other | {"organisation_id": home})
    return Step(chunk.rows[at], Outcome.CHANGED, step, entity_id=person.id, changes=changes, **about)


def _told(offer: Offer, name: str, value: Any) -> str:
    if value is None or value == "":
        return "-"
    if name == "amount_fen":
        return yuan(value)
    if name == "station_id":
        return offer.stations[value].name if value in offer.stations else f"#{value}"
    return str(value)


def write(unit: WriteUnit, job: Job, steps: Sequence[Step]) -> Iterable[Trace]:
    """All lines at once."""
    added = [replace(step.values[0], source=job.batch) for step in steps if step.outcome is Outcome.ADDED]
    listing.add(unit, added)
    others = [step for step in steps if step.outcome is Outcome.CHANGED]
    entries = [step.values[0] for step in others]
    rows = listing.lines_of(unit, {one.campaign_id for one in entries}, {one.member_id for one in entries})
    found = [
        (rows[one.campaign_id, one.member_id], step.values[1])
        for one, step in zip(entries, others, strict=True)
    ]
    before = [{name: getattr(row, name) for name in values} for row, values in found]
    listing.change(unit, found)
    for campaign in {step.values[0].campaign_id for step in steps}:
        list_changed(unit, unit.session.get_one(Campaign, campaign))
    was = dict(zip((id(step) for step in others), before, strict=True))
    return [
        Trace(
            step.row,
            f"{_ENTITY}{step.values[0].campaign_id}",
            step.values[0].member_id,
            before=was.get(id(step)),
        )
        for step in steps
    ]


def undo(unit: WriteUnit, traces: Sequence[Trace]) -> list[Problem]:
    """New lines go again, unless the person was handed something of the campaign since; others say again what
    they said."""
    keys = [(int(trace.entity.removeprefix(_ENTITY)), trace.entity_id) for trace in traces]
    campaigns, members = {key[0] for key in keys}, {key[1] for key in keys}
    rows = listing.lines_of(unit, campaigns, members)
    handed = listing.handed_of(unit, campaigns, members)
    query = select(col(Member.id), Member.name).where(col(Member.id).in_(members))
    names = {row[0]: row[1] for row in unit.session.execute(query)}
    problems = []
    for key, trace in zip(keys, traces, strict=True):
        if key not in rows:
            problems.append(gone(trace.row))
        elif trace.before is None and key in handed:
            problems.append(hanging(trace.row, names.get(key[1], "-"), say("kits.blocks", count=1)))
    if problems:
        return problems
    back = [
        (rows[key], trace.before) for key, trace in zip(keys, traces, strict=True) if trace.before is not None
    ]
    listing.change(unit, back)
    new = [key for key, trace in zip(keys, traces, strict=True) if trace.before is None]
    listing.remove(unit, new)
    return []


def rows(unit: ReadUnit, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """Who stands on the lists of campaigns that are not over, of one campaign if it is said."""
    choose: Any = select
    query = (
        choose(Member.id, Entitled, Campaign.name, Campaign.number, Station.name)
        .add_columns(Member.name, Member.id_number, Organisation.code, Organisation.name)
        .join(Entitled, col(Entitled.member_id) == col(Member.id))
        .join(Campaign, col(Campaign.id) == col(Entitled.campaign_id))
        .join(Station, col(Station.id) == col(Entitled.station_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id))
        .where(path_within(col(Organisation.path), wanted.path))
    )
    campaigns = unit.exec(select(Campaign)).all()
    often = Counter(one.name for one in campaigns)
    said = wanted.options.get("campaign")
    chosen = [one for one in campaigns if (said in (one.name, one.number) if said else one.state not in OVER)]
    for campaign in chosen:
        one_list = query.where(col(Entitled.campaign_id) == campaign.id)
        for page in pages(unit, one_list, Member.id):
            numbers = numbers_of(unit, [row[0] for row in page], IdentifierKind.MEMBER_NUMBER)
            for member, line, title, number, station, name, id_number, code, union in page:
                yield {
                    "unit_code": code,
                    "unit_name": union,
                    "member_number": numbers.get(member),
                    "id_number": id_number,
                    "name": name,
                    "campaign": title if often[title] == 1 else number,
                    "station": station,
                    "amount": line.amount_fen,
                    "site": line.site or None,
                    "note": line.note or None,
                }


ENTITLED = Kind(
    name="entitled",
    permission="kit.edit",
    columns=(*HOME, *WHO, CAMPAIGN, STATION, AMOUNT, SITE, NOTE),
    judge=judge,
    write=write,
    undo=undo,
    rows=rows,
    options=(Option("campaign", text(60)), Option("station", text(80))),
)
