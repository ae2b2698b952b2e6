"""A unit's representative collects for its people (集体代领)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, or_, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused, Say, say
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits.admission import Person
from benefits.kits.allowance import spend
from benefits.kits.entitlement import Verdict, judge_many
from benefits.kits.giving import Visit, check_words, give, still_open
from benefits.kits.handing import Due, Held, Place, held_at, place_of
from benefits.kits.keeping import keep_station
from benefits.kits.models import Campaign, Entitled
from benefits.kits.models_handout import Signed
from benefits.kits.models_stock import Stock
from benefits.kits.queries import firsts_said
from benefits.members.models import Member, Membership, Standing
from benefits.organisations.models import Organisation

MOST_PEOPLE = 5000
"""People of one collection; more than that is a list for the roster."""
_PAGE = 500


@dataclass(frozen=True, slots=True)
class GroupHanded:
    """A group's collection: how many people and pieces, ids of the hand-outs, and everybody left out, with
    every reason."""

    people: int
    pieces: int
    ids: tuple[int, ...]
    left_out: tuple[Problem, ...]
    asked: int


@action("kits.hand_out_group", permission="kit.hand", brief=True)
def hand_out_group(
    unit: WriteUnit,
    *,
    campaign_id: int,
    station_id: int | None,
    collected_by: str,
    member_ids: Sequence[int] | None = None,
    organisation_id: int | None = None,
    items: Sequence[int] | None = None,
    note: str = "",
    on: date | None = None,
) -> GroupHanded:
    """Hand a unit's representative what is due to its people (集体代领): to ``member_ids``, or to everybody
    who is a member in a part of the tree that day; all items, or ``items`` (ids). Who has had everything, or
    is not entitled, is left out and named; where stock does not suffice for all, nothing is handed over.

    Raises Refused: ``kits.collector_missing``, ``kits.group_empty``, ``kits.group_large``, ``kits.short``,
    ``kits.over_limit`` and what ``hand_out`` refuses of campaign, station, day and words.
    """
    day = on or unit.today
    words = {"collected_by": collected_by.strip(), "note": note.strip()}
    check_words(unit, words, day)
    if not words["collected_by"]:
        raise Refused("kits.collector_missing")
    place = place_of(unit, campaign_id, station_id)
    if station_id is not None:
        keep_station(unit, station_id)
    still_open(unit, campaign_id)
    chosen = place.choose(items, None)
    people = _people(unit, campaign_id, member_ids, organisation_id, day)
    dues, left_out = _dues(unit, place, chosen, people, day)
    held: dict[int, list[Held]] = {}
    if station_id is not None and place.counts_stock:
        held = _hold(unit, station_id, day)
        _refuse_short(place, held, [one for _, mine in dues for one in mine])
    now, login = unit.clock.now(), unit.actor.login
    made: list[int] = []
    pieces = 0
    for verdict, mine in dues:
        assert verdict.organisation_id is not None
        person = Person(verdict.name, verdict.organisation_id, verdict.amount_fen)
        visit = Visit(
            place, verdict.member_id, person, day, now, login, signed=Signed.FOR, held=held, **words
        )
        for due in mine:
            given = give(unit, visit, due)
            if given is None:  # handed out since we looked: whoever asks again is told
                raise Refused("kernel.busy", why=verdict.name)
            spend(unit, verdict.member_id, verdict.name, place.purpose, day, given[1])
            made.append(given[0])
            pieces += due.quantity
    unit.record(
        f"campaign:{campaign_id}",
        station=station_id,
        organisation=organisation_id,
        people=len(dues),
        pieces=pieces,
        left_out=len(people) - len(dues),
        on=day,
    )
    return GroupHanded(len(dues), pieces, tuple(made), tuple(left_out), len(people))


def _people(
    unit: ReadUnit,
    campaign_id: int,
    member_ids: Sequence[int] | None,
    organisation_id: int | None,
    day: date,
) -> list[int]:
    """Whom the group is: those named, or the members of a part of the tree, by unit and name."""
    if member_ids is not None:
        found = list(dict.fromkeys(member_ids))
    else:
        path = unit.exec(select(Organisation.path).where(col(Organisation.id) == organisation_id)).first()
        if path is None:
            raise Refused("kits.group_empty")
        query = (
            select(col(Member.id))
            .join(Membership, col(Membership.member_id) == col(Member.id))
            .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
            .where(
                path_within(col(Organisation.path), path),
                col(Member.merged_into_id).is_(None),
                col(Membership.standing) == Standing.PRIMARY,
                col(Membership.starts) <= day,
                or_(col(Membership.ends).is_(None), col(Membership.ends) >= day),
            )
            .order_by(col(Organisation.path), col(Member.name), col(Member.id))
        )
        if unit.exec(select(Campaign.listed_only).where(col(Campaign.id) == campaign_id)).one():
            listed = select(Entitled.member_id).where(col(Entitled.campaign_id) == campaign_id)
            query = query.where(col(Member.id).in_(listed))
        found = [one for one in unit.exec(query.limit(MOST_PEOPLE + 1)) if one is not None]
    if not found:
        raise Refused("kits.group_empty")
    if len(found) > MOST_PEOPLE:
        raise Refused("kits.group_large", most=MOST_PEOPLE)
    return found


def _dues(
    unit: ReadUnit, place: Place, chosen: Sequence[Due], people: Sequence[int], day: date
) -> tuple[list[tuple[Verdict, list[Due]]], list[Problem]]:
    """What is due to each, and everybody to whom nothing is."""
    campaign = unit.exec(select(Campaign).where(col(Campaign.id) == place.campaign_id)).one()
    dues: list[tuple[Verdict, list[Due]]] = []
    left_out: list[Problem] = []
    for start in range(0, len(people), _PAGE):
        page = people[start : start + _PAGE]
        verdicts, had = judge_many(unit, campaign, page, day), _had(unit, place.campaign_id, page)
        for member in page:
            verdict = verdicts.get(member)
            if verdict is None:
                unknown = say("members.unknown", member=member)
                left_out.append(_left(unknown.key, str(member), unknown))
                continue
            mine = [due for due in chosen if (member, due.slot) not in had]
            if not verdict.ok:
                left_out += [_left(one.code, verdict.name, one.say) for one in verdict.reasons]
            elif mine:
                dues.append((verdict, mine))
            else:
                first = had[member, chosen[0].slot]
                left_out.append(_left("kits.handed_out", verdict.name, first))
    return dues, left_out


def _left(code: str, name: str, why: Say) -> Problem:
    return Problem(code, say("kits.left_out", name=name, why=why))


def _had(unit: ReadUnit, campaign_id: int, people: Sequence[int]) -> dict[tuple[int, int], Say]:
    """What these people have had, by slot, wherever it was."""
    with unit.beyond_scope():
        return firsts_said(unit, campaign_id, people)


def _hold(unit: WriteUnit, station_id: int, day: date) -> dict[int, list[Held]]:
    """What the station has; nobody else takes of it until the group has."""
    lots = select(col(Stock.lot_id)).where(col(Stock.station_id) == station_id).order_by(col(Stock.lot_id))
    unit.session.execute(lots.with_for_update()).all()
    return held_at(unit, station_id, day)


def _refuse_short(place: Place, held: dict[int, list[Held]], dues: Sequence[Due]) -> None:
    """Say what is short for all of them together, item by item."""
    problems = []
    for item in place.items:
        need = sum(one.quantity for one in dues if one.item_id == item.item_id)
        have = sum(one.on_hand for one in held.get(item.item_id, ()))
        if place.counted(item) and need > have:
            words = {"station": place.station, "item": item.name, "have": have, "need": need}
            problems.append(Problem("kits.short", say("kits.short", **words), field=item.name))
    if problems:
        raise Refused("kits.short", problems=tuple(problems[1:]), **problems[0].say.params)
