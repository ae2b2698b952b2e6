"""The dataset of a campaign's report (发放情况报告数据): one frozen value from one snapshot, from moves and
hand-outs alone."""

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from benefits.kernel.messages import render, text
from benefits.kernel.unit import ReadUnit
from benefits.kits.campaigns import campaign_found
from benefits.kits.closing import obstacles
from benefits.kits.dataset import head, pairs
from benefits.kits.entitlement import counting_day, groups
from benefits.kits.models import Campaign, Item, Station
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.models_stock import Lot, Move, MoveKind, Stock
from benefits.kits.papers import CampaignReport, Flow, UnitCount
from benefits.organisations.models import Organisation

_PART = {
    MoveKind.HAND_OUT: "handed",
    MoveKind.HAND_BACK: "handed",
    MoveKind.TALLY: "tally",
    MoveKind.DAMAGE: "damaged",
    MoveKind.LOSS: "lost",
    MoveKind.MISSING: "lost",
    MoveKind.SEND: "sent",
    MoveKind.USED: "sent",
}
"""Kinds of moves as columns of the paper; all others came in."""


def campaign_report(unit: ReadUnit, campaign_id: int, lang: str = "zh") -> CampaignReport:
    """All figures of a campaign (发放情况报告): of the people that the actor sees, and of all its stations.

    Raises Refused ``kits.campaign_unknown``.
    """
    campaign = campaign_found(unit, campaign_id)
    flows = _flows(unit, campaign_id)
    people = _units(unit, campaign, lang)
    given = _given(unit, campaign_id)
    cost, funds = _cost(unit, campaign_id, lang)
    stations = _by_station(flows)
    items = _by_item(flows)
    return CampaignReport(
        head(unit, campaign, (items, stations, people, cost)),
        campaign.closed_on,
        sum(one.entitled for one in people),
        given[0],
        given[1],
        items,
        stations,
        people,
        cost,
        funds,
        campaign.budget_fen,
        _unsettled(unit, campaign_id),
        () if campaign.closed_on else tuple(render(one.say, lang) for one in obstacles(unit, campaign_id)),
    )


_Flows = dict[tuple[str, str], dict[str, int]]
"""(item, station) in order -> column of the paper -> pieces."""


def _flows(unit: ReadUnit, campaign_id: int) -> _Flows:
    own = (
        select(col(Item.code), col(Item.name), col(Station.number), col(Station.name), col(Move.kind))
        .add_columns(func.sum(col(Move.quantity)))
        .select_from(Move)
        .join(Station, col(Station.id) == col(Move.station_id))
        .join(Lot, col(Lot.id) == col(Move.lot_id))
        .join(Item, col(Item.id) == col(Lot.item_id))
        .where(col(Station.campaign_id) == campaign_id)
        .group_by(col(Item.code), col(Item.name), col(Station.number), col(Station.name), col(Move.kind))
        .order_by(col(Item.code), col(Station.number))
    )
    found: _Flows = defaultdict(lambda: defaultdict(int))
    for _, item, _, station, kind, many in unit.session.execute(own):
        part = _PART.get(kind, "came")
        found[item, station][part] += int(many) if part == "came" else -int(many)
    here = (
        select(col(Item.name), col(Station.name), func.sum(col(Stock.on_hand)))
        .select_from(Stock)
        .join(Station, col(Station.id) == col(Stock.station_id))
        .join(Lot, col(Lot.id) == col(Stock.lot_id))
        .join(Item, col(Item.id) == col(Lot.item_id))
        .where(col(Station.campaign_id) == campaign_id)
        .group_by(col(Item.name), col(Station.name))
    )
    for item, station, many in unit.session.execute(here):
        found[item, station]["on_hand"] += int(many)
    return found


def _flow(label: str, parts: dict[str, int]) -> Flow:
    names = ("came", "handed", "tally", "damaged", "lost", "sent", "on_hand")
    return Flow(label, *(parts.get(name, 0) for name in names))


def _by_item(flows: _Flows) -> tuple[Flow, ...]:
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (item, _), parts in flows.items():
        for name, many in parts.items():
            sums[item][name] += many
    return tuple(_flow(item, parts) for item, parts in sums.items())


def _by_station(flows: _Flows) -> tuple[tuple[str, tuple[Flow, ...]], ...]:
    found: dict[str, list[Flow]] = {}
    for (item, station), parts in flows.items():
        found.setdefault(item, []).append(_flow(station, parts))
    return tuple((item, tuple(lines)) for item, lines in found.items())


def _units(unit: ReadUnit, campaign: Campaign, lang: str) -> tuple[UnitCount, ...]:
    """Entitled people and those who were given something, by the unit below the campaign's owner."""
    assert campaign.id is not None
    tree = {
        one: path for one, path in unit.session.execute(select(col(Organisation.id), col(Organisation.path)))
    }
    names = pairs(unit, select(col(Organisation.id), col(Organisation.name)))
    top = tree.get(campaign.organisation_id, "/")
    entitled: dict[int, int] = defaultdict(int)
    for group in groups(unit, campaign, counting_day(campaign, unit.today)):
        entitled[_below(top, tree.get(group.organisation_id, ""), campaign.organisation_id)] += group.people
    given: dict[int, int] = defaultdict(int)
    for place, people in unit.session.execute(_people(campaign.id)):
        given[_below(top, tree.get(place, ""), campaign.organisation_id)] += people
    order = sorted(entitled.keys() | given.keys(), key=lambda one: tree.get(one, ""))
    other = text("kits.paper.elsewhere", lang)
    return tuple(UnitCount(names.get(one, other), entitled[one], given[one]) for one in order)


def _below(top: str, path: str, owner: int) -> int:
    """The unit right below the owner in whose part of the tree a path lies; the owner for its own people."""
    rest = path[len(top) :].split("/")[0] if path.startswith(top) else ""
    return int(rest) if rest else owner


def _people(campaign_id: int) -> Any:
    choose: Any = select
    return (
        choose(col(Handout.organisation_id), func.count(func.distinct(col(Handout.member_id))))
        .where(col(Handout.campaign_id) == campaign_id, col(Handout.state) == HandoutState.ACTIVE)
        .group_by(col(Handout.organisation_id))
    )


def _given(unit: ReadUnit, campaign_id: int) -> tuple[int, int]:
    """Different people (人数) and hand-outs (人次)."""
    choose: Any = select
    query = choose(func.count(func.distinct(col(Handout.member_id))), func.count()).select_from(Handout)
    row = unit.session.execute(
        query.where(col(Handout.campaign_id) == campaign_id, col(Handout.state) == HandoutState.ACTIVE)
    ).one()
    return int(row[0]), int(row[1])


def _unsettled(unit: ReadUnit, campaign_id: int) -> int:
    query = select(func.count()).select_from(Handout)
    twice = (
        col(Handout.campaign_id) == campaign_id,
        col(Handout.state) == HandoutState.TWICE,
        col(Handout.reason) == "",
    )
    return int(unit.session.scalars(query.where(*twice)).one())


def _cost(unit: ReadUnit, campaign_id: int, lang: str) -> tuple[int, tuple[tuple[str, int], ...]]:
    """What was handed out cost, by the lots' own prices and funds; money by the hand-outs themselves."""
    choose: Any = select
    goods = (
        choose(col(Lot.fund), func.sum(-col(Move.quantity) * col(Lot.cost_fen)))
        .select_from(Move)
        .join(Lot, col(Lot.id) == col(Move.lot_id))
        .join(Station, col(Station.id) == col(Move.station_id))
        .where(
            col(Station.campaign_id) == campaign_id,
            col(Move.kind).in_((MoveKind.HAND_OUT, MoveKind.HAND_BACK, MoveKind.TALLY)),
        )
        .group_by(col(Lot.fund))
    )
    sums: dict[str, int] = defaultdict(int)
    for fund, fen in unit.session.execute(goods):
        sums[text(f"plans.payer.{fund.value}", lang) if fund else text("kits.paper.no_fund", lang)] += int(
            fen
        )
    moved = select(col(Move.handout_id)).where(col(Move.handout_id) == col(Handout.id)).exists()
    money = select(func.sum(col(Handout.fen))).where(
        col(Handout.campaign_id) == campaign_id, col(Handout.state) == HandoutState.ACTIVE, ~moved
    )
    campaign = campaign_found(unit, campaign_id)
    if fen := unit.session.scalars(money).one():
        name = f"plans.payer.{campaign.fund.value}" if campaign.fund else "kits.paper.no_fund"
        sums[text(name, lang)] += int(fen)
    funds = tuple((name, fen) for name, fen in sorted(sums.items(), key=lambda one: -one[1]) if fen)
    return sum(sums.values()), funds
