"""Verbs on campaigns (发放活动): make, edit, for whom, what is given, open, call off, close."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import col, select, update

from benefits.access.counters import count_on
from benefits.contributions.models import Payer
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused, say
from benefits.kernel.reasons import reason_said
from benefits.kernel.unit import WriteUnit
from benefits.kits.campaigns import below_owner, changed, flush, refuse_over, state_words
from benefits.kits.closing import obstacles, still_there
from benefits.kits.keeping import keep_campaign, keep_owner
from benefits.kits.limits import limit_on
from benefits.kits.models import (
    Allocation,
    AllocationUnit,
    Campaign,
    CampaignItem,
    CampaignKind,
    CampaignState,
    CampaignUnit,
    Item,
    Once,
    Station,
    StationState,
)
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.models_stock import Move, MoveKind, Stock
from benefits.kits.record import as_it_is, checked, stale, words
from benefits.kits.rule import Rule, stored

MOST_PER_PERSON = 1000
"""Pieces of one item that one person may be given; more is a slip of the pen."""
MOST_PLANNED = 100_000_000


@dataclass(frozen=True, slots=True)
class GivenItem:
    """An item that a campaign gives: ``per_person`` at most to one, ``planned`` in all (None: not said)."""

    item_id: int
    per_person: int = 1
    planned: int | None = None


def _amount(value: Any) -> int | None:
    if value is not None and value < 0:
        raise Refused("kits.budget_negative")
    return None if value is None else int(value)


_CHECKS = {
    "name": words("name", 60, needed=True),
    "purpose": words("purpose", 32),
    "budget_fen": _amount,
    "rule": lambda rule: stored(rule),
    **dict.fromkeys(
        ("kind", "starts", "ends", "fund", "listed_only", "public", "counts_stock", "once"), as_it_is
    ),
}
FIELDS = tuple(_CHECKS)
"""What ``kits.edit_campaign`` changes."""
_ONLY_DRAFT = frozenset({"kind", "counts_stock", "once", "purpose"})
"""Not changed once it is open: what was handed out was counted by them."""


@action("kits.add_campaign", permission="kit.edit")
def add_campaign(
    unit: WriteUnit,
    *,
    organisation_id: int,
    name: str,
    starts: date,
    ends: date,
    kind: CampaignKind = CampaignKind.KITS,
    number: str = "",
    budget_fen: int | None = None,
    fund: Payer | None = None,
    rule: Rule = (),
    listed_only: bool = False,
    public: bool = False,
    counts_stock: bool = True,
    once: Once = Once.ITEM,
    purpose: str = "",
    organisation_ids: Sequence[int] = (),
    items: Sequence[GivenItem] = (),
) -> int:
    """Make a campaign (新建发放活动), a draft, for these units and with these items if they are known
    already; its id. The number is given if none is said (HD-2026-0001).

    Raises Refused: ``kits.not_yours``, ``kits.campaign_days``, ``kits.campaign_taken``,
    ``kits.purpose_unknown``, ``kits.no_limit`` for the first day, what ``record.checked``, ``set_units`` and
    ``set_items`` refuse.
    """
    keep_owner(unit, organisation_id)
    given: dict[str, Any] = {"name": name, "kind": kind, "starts": starts, "ends": ends, "fund": fund}
    given |= {"budget_fen": budget_fen, "rule": rule, "listed_only": listed_only, "public": public}
    given |= {"counts_stock": counts_stock, "once": once, "purpose": purpose}
    values = checked(given, _CHECKS)
    number = words("number", 24)(number)
    made = Campaign(
        organisation_id=organisation_id,
        number=number or f"HD-{starts.year}-{count_on(unit, f'campaign:{starts.year}'):04d}",
        made_by=unit.actor.login,
        changed_at=unit.clock.now(),
        **values,
    )
    _check(made)
    unit.session.add(made)
    flush(unit, "kits.campaign_taken", name=made.name, number=made.number)
    assert made.id is not None
    with unit.quietly():
        if organisation_ids:
            set_units(unit, campaign_id=made.id, organisation_ids=organisation_ids)
        if items:
            set_items(unit, campaign_id=made.id, items=items)
    unit.record(f"campaign:{made.id}", number=made.number, name=made.name, starts=starts, ends=ends)
    return made.id


@action("kits.edit_campaign", permission="kit.edit")
def edit_campaign(unit: WriteUnit, *, campaign_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Change what is written about a campaign (修改活动); ``version`` is the one that was looked at; the new
    version. ``changes``: some of ``FIELDS``.

    Raises Refused: ``kits.stale`` naming what somebody else changed, ``kits.campaign_over`` (closed or called
    off), ``kits.only_draft`` for what an open campaign was counted by; as ``add_campaign``.
    """
    campaign = keep_campaign(unit, campaign_id)
    values = checked(changes, _CHECKS)
    if version != campaign.version:
        raise stale(campaign, values, campaign.name)
    refuse_over(campaign)
    fixed = sorted(
        field for field in _ONLY_DRAFT & values.keys() if values[field] != getattr(campaign, field)
    )
    if fixed and campaign.state is not CampaignState.DRAFT:
        raise Refused("kits.only_draft", campaign=campaign.name, field=say(f"kits.field.{fixed[0]}"))
    for field, value in values.items():
        setattr(campaign, field, value)
    _check(campaign)
    changed(unit, campaign, recount=bool({"rule", "listed_only"} & values.keys()))
    flush(unit, "kits.campaign_taken", name=campaign.name, number=campaign.number)
    unit.record(f"campaign:{campaign_id}", name=campaign.name, fields=sorted(values))
    return campaign.version


@action("kits.set_units", permission="kit.edit")
def set_units(unit: WriteUnit, *, campaign_id: int, organisation_ids: Sequence[int]) -> int:
    """For which parts of the tree a campaign is (发放范围), in place of those before; none: all of its
    owner's. How many.

    Raises Refused: ``kits.not_yours``, ``kits.campaign_over``, ``kits.unit_outside`` naming one that is not
    below the owner.
    """
    campaign = keep_campaign(unit, campaign_id)
    refuse_over(campaign)
    wanted = sorted(set(organisation_ids))
    below_owner(unit, campaign, wanted)
    unit.session.execute(delete(CampaignUnit).where(col(CampaignUnit.campaign_id) == campaign_id))
    unit.session.add_all(CampaignUnit(campaign_id=campaign_id, organisation_id=one) for one in wanted)
    changed(unit, campaign, recount=True)
    unit.record(f"campaign:{campaign_id}", units=len(wanted))
    return len(wanted)


@action("kits.set_items", permission="kit.edit")
def set_items(unit: WriteUnit, *, campaign_id: int, items: Iterable[GivenItem]) -> int:
    """What a campaign gives (发放物品), in place of what it gave before; how many items.

    Raises Refused: ``kits.item_unknown``, ``kits.retired_given``, ``kits.item_twice``, ``kits.per_person``,
    ``kits.planned``, ``kits.item_handed`` for one that is taken out and was handed out already.
    """
    campaign = keep_campaign(unit, campaign_id)
    refuse_over(campaign)
    wanted: dict[int, GivenItem] = {}
    for one in items:
        _check_given(unit, one, wanted)
        wanted[one.item_id] = one
    handed = (
        select(Item.name)
        .join(Handout, col(Handout.item_id) == col(Item.id))
        .where(
            col(Handout.campaign_id) == campaign_id,
            col(Handout.state) != HandoutState.VOID,
            col(Item.id).not_in(wanted),
        )
    )
    with unit.beyond_scope():
        gone = unit.exec(handed.limit(1)).first()
    if gone is not None:
        raise Refused("kits.item_handed", item=gone, campaign=campaign.name)
    for model in (Allocation, AllocationUnit):  # what is not given any more is not allocated either
        gone_too = delete(model).where(
            col(model.campaign_id) == campaign_id, col(model.item_id).not_in(wanted)
        )
        unit.session.execute(gone_too)
    unit.session.execute(delete(CampaignItem).where(col(CampaignItem.campaign_id) == campaign_id))
    unit.session.add_all(
        CampaignItem(
            campaign_id=campaign_id, item_id=one.item_id, per_person=one.per_person, planned=one.planned
        )
        for one in wanted.values()
    )
    changed(unit, campaign, recount=True)
    unit.record(f"campaign:{campaign_id}", items=len(wanted))
    return len(wanted)


@action("kits.open_campaign", permission="kit.edit")
def open_campaign(unit: WriteUnit, *, campaign_id: int) -> None:
    """Begin to hand out (开始发放); before its first day nobody is entitled yet.

    Raises Refused: ``kits.not_draft``, ``kits.campaign_no_items``, ``kits.campaign_no_station`` where
    hand-outs come out of stock.
    """
    campaign = keep_campaign(unit, campaign_id)
    if campaign.state is not CampaignState.DRAFT:
        raise Refused("kits.not_draft", campaign=campaign.name, state=state_words(campaign))
    items = select(CampaignItem.item_id).where(col(CampaignItem.campaign_id) == campaign_id)
    if unit.exec(items.limit(1)).first() is None:
        raise Refused("kits.campaign_no_items", campaign=campaign.name)
    stations = select(Station.id).where(col(Station.campaign_id) == campaign_id)
    if campaign.counts_stock and unit.exec(stations.limit(1)).first() is None:
        raise Refused("kits.campaign_no_station", campaign=campaign.name)
    campaign.state = CampaignState.OPEN
    changed(unit, campaign)
    unit.record(f"campaign:{campaign_id}", number=campaign.number, name=campaign.name)


@action("kits.cancel_campaign", permission="kit.edit")
def cancel_campaign(unit: WriteUnit, *, campaign_id: int, reason: str) -> None:
    """Call a campaign off (取消活动) of which nothing was handed out and nothing is at a station.

    Raises Refused: ``kits.campaign_over``, ``kits.cannot_cancel`` with everything that stands in the way,
    ``kits.why_missing``, ``kits.why_long``.
    """
    campaign = keep_campaign(unit, campaign_id)
    refuse_over(campaign)
    reason = reason_said(reason, missing="kits.why_missing", long="kits.why_long")
    with unit.beyond_scope():
        handed = unit.exec(
            select(func.count())
            .select_from(Handout)
            .where(col(Handout.campaign_id) == campaign_id, col(Handout.state) != HandoutState.VOID)
        ).one()
    tallied = unit.exec(
        select(func.coalesce(-func.sum(col(Move.quantity)), 0))
        .join(Station, col(Station.id) == col(Move.station_id))
        .where(col(Station.campaign_id) == campaign_id, col(Move.kind) == MoveKind.TALLY)
    ).one()
    handed += int(tallied)
    if handed:
        raise Refused("kits.cancel_handed", campaign=campaign.name, count=handed)
    problems = still_there(unit, campaign_id)
    if problems:
        raise Refused("kits.cannot_cancel", campaign=campaign.name, count=len(problems), problems=problems)
    campaign.state, campaign.closed_on = CampaignState.CANCELLED, unit.today
    _end_stations(unit, campaign)
    unit.record(f"campaign:{campaign_id}", number=campaign.number, reason=reason)


@action("kits.close_campaign", permission="kit.approve")
def close_campaign(unit: WriteUnit, *, campaign_id: int) -> None:
    """Close a campaign whose stock comes out at zero (结清活动): nothing is at a station, on the road or
    being counted, no package is out, nothing handed out twice waits for a decision, and the books agree.

    Raises Refused: ``kits.close_not_open``, ``kits.cannot_close`` with everything that stands in the way.
    """
    campaign = keep_campaign(unit, campaign_id)
    if campaign.state is not CampaignState.OPEN:
        raise Refused("kits.close_not_open", campaign=campaign.name, state=state_words(campaign))
    problems = obstacles(unit, campaign_id)
    if problems:
        raise Refused("kits.cannot_close", campaign=campaign.name, count=len(problems), problems=problems)
    campaign.state, campaign.closed_on = CampaignState.CLOSED, unit.today
    _end_stations(unit, campaign)
    unit.record(f"campaign:{campaign_id}", number=campaign.number, name=campaign.name)


def _check(campaign: Campaign) -> None:
    if campaign.starts > campaign.ends:
        raise Refused("kits.campaign_days", starts=campaign.starts, ends=campaign.ends)
    if campaign.purpose:
        limit_on(campaign.purpose, campaign.starts)


def _check_given(unit: WriteUnit, one: GivenItem, so_far: Mapping[int, GivenItem]) -> None:
    item = unit.session.get(Item, one.item_id)
    if item is None:
        raise Refused("kits.item_unknown", item=one.item_id)
    if item.retired:
        raise Refused("kits.retired_given", item=item.name)
    if one.item_id in so_far:
        raise Refused("kits.item_twice", item=item.name)
    if not 1 <= one.per_person <= MOST_PER_PERSON:
        raise Refused("kits.per_person", item=item.name, count=one.per_person, most=MOST_PER_PERSON)
    if one.planned is not None and not 0 <= one.planned <= MOST_PLANNED:
        raise Refused("kits.planned", item=item.name, count=one.planned, most=MOST_PLANNED)


def _end_stations(unit: WriteUnit, campaign: Campaign) -> None:
    """All stations of a campaign at once: closed, and nothing moves there any more."""
    own = select(Station.id).where(col(Station.campaign_id) == campaign.id)
    options = {"synchronize_session": False}
    stations = update(Station).where(col(Station.campaign_id) == campaign.id)
    unit.session.execute(stations.values(state=StationState.CLOSED).execution_options(**options))
    stock = update(Stock).where(col(Stock.station_id).in_(own))
    unit.session.execute(stock.values(frozen=True).execution_options(**options))
    changed(unit, campaign)
