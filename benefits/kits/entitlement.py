"""Who is entitled in a campaign on a day (领取资格): the rule, the union of that day, the list, the days of
the campaign; and at which station a person collects.

A no says all its reasons. A datum that is missing (资料缺失) entitles to nothing, and is named.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, literal, or_, select
from sqlmodel import col

from benefits.kernel.among import among
from benefits.kernel.errors import Both, Refused, Say, say
from benefits.kernel.unit import ReadUnit
from benefits.kits.campaigns import campaign_found
from benefits.kits.models import (
    Campaign,
    CampaignState,
    CampaignUnit,
    Entitled,
    Station,
    StationState,
    StationUnit,
)
from benefits.kits.rule import arms, of_campaign
from benefits.members.lookup import person
from benefits.members.models import Member, Membership, Standing
from benefits.organisations.models import Organisation
from benefits.plans.compile import Arm
from benefits.plans.conditions import Fact
from benefits.plans.explain import facts_of
from benefits.plans.facts import member_facts, shown
from benefits.plans.words import value_words


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not (不能领取的原因): a stable code and a sentence."""

    code: str
    say: Say


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a person is entitled. ``organisation_id``: the union of the day; ``station_id``: where the
    person collects, None: nowhere in particular; ``amount_fen``: money that the list says."""

    ok: bool
    reasons: tuple[Reason, ...]
    member_id: int
    name: str
    organisation_id: int | None
    union: str
    station_id: int | None
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Entitled people of one union; ``station_id``: those whom the list sends there, None: all others."""

    organisation_id: int
    station_id: int | None
    people: int


def judge(unit: ReadUnit, campaign_id: int, member_id: int, day: date) -> Verdict:
    """Whether a person is entitled on a day, with every reason why not.

    Raises Refused: ``kits.campaign_unknown``, ``members.unknown`` (or out of scope), ``members.merged``.
    """
    campaign = campaign_found(unit, campaign_id)
    found = judge_many(unit, campaign, (member_id,), day)
    if member_id not in found:
        person(unit, member_id)  # says of a record that became part of another which one
        raise Refused("members.unknown", member=member_id)
    return found[member_id]


def judge_many(
    unit: ReadUnit, campaign: Campaign, member_ids: Sequence[int], day: date
) -> dict[int, Verdict]:
    """The verdicts on some people (a page of a search, a group) in a few statements, by id; nobody whom the
    actor does not see."""
    statement, compiled, facts = _statement(json.dumps(campaign.rule, sort_keys=True), day)
    given = {"campaign": campaign.id, "members": list(member_ids)}
    rows = unit.session.execute(statement, given).all()
    above = {row.member: ids_of(row.path) for row in rows}
    asked = {one for ids in above.values() for one in ids}
    reached, served = _reached(unit, campaign, asked), _served(unit, campaign, asked)
    outside = _outside(campaign, day)
    verdicts = {}
    for row in rows:
        if row.member in verdicts:
            continue
        values = dict(zip(facts, row[8 + len(compiled) :], strict=True))
        reasons = [*outside, *_by_place(campaign, row, above[row.member], reached, day)]
        reasons += _by_rule(compiled, row[8 : 8 + len(compiled)], values)
        station = row.station or station_of(above[row.member], served)
        verdicts[row.member] = Verdict(
            ok=not reasons,
            reasons=tuple(reasons),
            member_id=row.member,
            name=row.name,
            organisation_id=row.place,
            union=row.union or "",
            station_id=station,
            amount_fen=row.amount,
        )
    return verdicts


def entitled(unit: ReadUnit, campaign: Campaign, day: date, *columns: Any) -> Select[Any]:
    """Columns of everybody entitled by rule, place and list on a day, whom the actor sees; ``Member``,
    ``Membership`` (of that day), ``Organisation`` (its union) and ``Entitled`` (outer, unless the campaign is
    for its list only) are joined. Whether the campaign is open that day is not asked."""
    query: Select[Any] = _joined(select(*columns), literal(campaign.id), day, outer=False)
    if campaign.listed_only:
        query = query.where(col(Entitled.member_id).is_not(None))
    query = query.where(_in_reach(unit, campaign))
    return query.where(*(arm.clause for arm in arms(of_campaign(campaign.rule), day)))


def groups(unit: ReadUnit, campaign: Campaign, day: date) -> tuple[Group, ...]:
    """How many people are entitled, by union and by the station that the list says, in one statement."""
    place, station = col(Membership.organisation_id), col(Entitled.station_id)
    query = entitled(unit, campaign, day, place, station, func.count(func.distinct(col(Member.id))))
    rows = unit.session.execute(query.group_by(place, station).order_by(place, station))
    return tuple(Group(*row) for row in rows)


def stations_served(unit: ReadUnit, campaign_id: int) -> dict[int, int]:
    """Parts of the tree and the stations where their people collect. One station alone serves all."""
    query = select(col(StationUnit.organisation_id), col(StationUnit.station_id))
    rows = unit.session.execute(query.where(col(StationUnit.campaign_id) == campaign_id))
    served = {row[0]: row[1] for row in rows}
    if served:
        return served
    own = select(col(Campaign.organisation_id), col(Station.id)).join(
        Station, col(Station.campaign_id) == col(Campaign.id)
    )
    at_work = (col(Campaign.id) == campaign_id, col(Station.state) != StationState.CLOSED)
    found = unit.session.execute(own.where(*at_work).limit(2)).all()
    return {row[0]: row[1] for row in found} if len(found) == 1 else {}


def station_of(above: Sequence[int], served: Mapping[int, int]) -> int | None:
    """Where the people of a union collect: ``above`` are the ids of its path from the top; the deepest part
    that a station serves counts."""
    return next((served[one] for one in reversed(above) if one in served), None)


def counting_day(campaign: Campaign, today: date) -> date:
    """The day for which people are counted: today, within the days of the campaign."""
    return min(max(today, campaign.starts), campaign.ends)


def _in_reach(unit: ReadUnit, campaign: Campaign) -> Any:
    """Unions of the campaign's units, or of its owner's part of the tree."""
    query = select(col(CampaignUnit.organisation_id)).where(col(CampaignUnit.campaign_id) == campaign.id)
    tops = set(unit.session.scalars(query)) or {campaign.organisation_id}
    tree = unit.session.execute(select(col(Organisation.id), col(Organisation.path)))
    within = [one for one, path in tree if not tops.isdisjoint(ids_of(path))]
    return among(unit, Membership.organisation_id, within)


@lru_cache(maxsize=128)
def _statement(rule: str, day: date) -> tuple[Select[Any], tuple[Arm, ...], tuple[Fact, ...]]:
    """One statement about people, kept with what SQLAlchemy found out about it."""
    compiled = arms(of_campaign(json.loads(rule)), day)
    facts = tuple(dict.fromkeys(fact for arm in compiled for fact in facts_of(arm.test)))
    held = member_facts()
    choose: Any = select
    query = choose(
        col(Member.id).label("member"),
        col(Member.name).label("name"),
        col(Membership.organisation_id).label("place"),
        col(Organisation.path).label("path"),
        col(Organisation.name).label("union"),
        col(Entitled.member_id).label("listed"),
        col(Entitled.station_id).label("station"),
        col(Entitled.amount_fen).label("amount"),
        *(arm.clause for arm in compiled),
        *(shown(held, fact, day) for fact in facts),
    )
    query = _joined(query, bindparam("campaign"), day, outer=True)
    return query.where(col(Member.id).in_(bindparam("members", expanding=True))), compiled, facts


def _joined(query: Any, campaign_id: Any, day: date, *, outer: bool) -> Any:
    """People with the union of a day and their line of the list."""
    of_the_day = and_(
        col(Membership.member_id) == col(Member.id),
        col(Membership.standing) == Standing.PRIMARY,
        col(Membership.starts) <= day,
        or_(col(Membership.ends).is_(None), col(Membership.ends) >= day),
    )
    listed = and_(col(Entitled.member_id) == col(Member.id), col(Entitled.campaign_id) == campaign_id)
    return (
        query.select_from(Member)
        .join(Membership, of_the_day, isouter=outer)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id), isouter=outer)
        .join(Entitled, listed, isouter=True)
        .where(col(Member.merged_into_id).is_(None))  # its membership lasts until the day of the merge
    )


def ids_of(path: str | None) -> tuple[int, ...]:
    """The ids of a path from the top."""
    return tuple(int(one) for one in (path or "").split("/") if one)


_UNITS = select(col(CampaignUnit.organisation_id)).where(
    col(CampaignUnit.campaign_id) == bindparam("campaign")
)
_UNITS_ASKED = _UNITS.where(col(CampaignUnit.organisation_id).in_(bindparam("asked", expanding=True)))
_ANY_UNIT = _UNITS.limit(1)
_SERVED = select(col(StationUnit.organisation_id), col(StationUnit.station_id)).where(
    col(StationUnit.campaign_id) == bindparam("campaign"),
    col(StationUnit.organisation_id).in_(bindparam("asked", expanding=True)),
)


def _reached(unit: ReadUnit, campaign: Campaign, asked: Collection[int]) -> set[int]:
    """Those of the asked parts of the tree that the campaign is for."""
    given = {"campaign": campaign.id, "asked": list(asked)}
    found = set(unit.session.scalars(_UNITS_ASKED, given))
    if not found and unit.session.scalars(_ANY_UNIT, {"campaign": campaign.id}).first() is None:
        return {campaign.organisation_id}
    return found


def _served(unit: ReadUnit, campaign: Campaign, asked: Collection[int]) -> dict[int, int]:
    rows = unit.session.execute(_SERVED, {"campaign": campaign.id, "asked": list(asked)})
    return {row[0]: row[1] for row in rows}


def _outside(campaign: Campaign, day: date) -> list[Reason]:
    """What speaks against everybody: not open, not the day."""
    words = {"campaign": campaign.name, "starts": campaign.starts, "ends": campaign.ends, "day": day}
    found = []
    if campaign.state is not CampaignState.OPEN:
        state = say(f"kits.campaign_state.{campaign.state.value}")
        found.append(Reason("kits.no.not_open", say("kits.no.not_open", **words, state=state)))
    if day < campaign.starts:
        found.append(Reason("kits.no.too_early", say("kits.no.too_early", **words)))
    if day > campaign.ends:
        found.append(Reason("kits.no.over", say("kits.no.over", **words)))
    return found


def _by_place(
    campaign: Campaign, row: Any, above: Sequence[int], reached: set[int], day: date
) -> Iterable[Reason]:
    if row.place is None:
        yield Reason("kits.no.no_union", say("kits.no.no_union", day=day))
    elif reached.isdisjoint(above):
        yield Reason("kits.no.other_unit", say("kits.no.other_unit", union=row.union))
    if campaign.listed_only and row.listed is None:
        yield Reason("kits.no.not_listed", say("kits.no.not_listed", campaign=campaign.name))


def _by_rule(
    compiled: Sequence[Arm], verdicts: Sequence[bool | None], values: Mapping[Fact, Any]
) -> Iterable[Reason]:
    for arm, verdict in zip(compiled, verdicts, strict=True):
        if verdict:
            continue
        facts, rule = facts_of(arm.test), Both(arm.say.zh, arm.say.en)
        if verdict is None:
            missing = [fact for fact in facts if values[fact] is None] or list(facts)
            words = [say(f"plans.fact.{fact.value}") for fact in missing]
            yield Reason(
                "kits.no.data_missing", say("kits.no.data_missing", facts=_joined_words(words), rule=rule)
            )
        else:
            seen = {lang: [value_words(f, _plain(values[f]), lang) for f in facts] for lang in ("zh", "en")}
            told = Both("、".join(seen["zh"]), ", ".join(seen["en"]))
            yield Reason(f"kits.no.{arm.reason_code}", say("kits.no.rule", rule=rule, seen=told))


def _joined_words(words: Sequence[Say]) -> Both:
    from benefits.kernel.messages import render

    return Both("、".join(render(one, "zh") for one in words), ", ".join(render(one, "en") for one in words))


def _plain(value: Any) -> Any:
    """A coded value as the word that rules know."""
    return getattr(value, "value", value)
