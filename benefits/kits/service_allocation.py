"""Verbs on the allocation of a campaign (分配): proposed from the register, adjusted, approved, shipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import col, delete, select

from benefits.kernel import bulk
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused, say
from benefits.kernel.reasons import reason_said
from benefits.kernel.unit import WriteUnit
from benefits.kits.allocation import (
    Place,
    Proposal,
    Share,
    given_items,
    open_stations,
    people_by_station,
    still_due,
    too_much,
)
from benefits.kits.allotment import shares
from benefits.kits.campaigns import changed, refuse_over
from benefits.kits.keeping import keep_campaign
from benefits.kits.models import (
    Allocation,
    AllocationState,
    AllocationUnit,
    Campaign,
    CampaignItem,
    Item,
    Station,
)
from benefits.kits.service_transfer import send
from benefits.organisations.models import Organisation

By = Literal["people", "equal"]
_QUANTITY = 100_000_000


@dataclass(frozen=True, slots=True)
class Shipped:
    """Transfers that were sent: (transfer, station) each, and the pieces in all."""

    transfers: tuple[tuple[int, int], ...]
    pieces: int


@action("kits.propose_allocation", permission="kit.edit")
def propose(unit: WriteUnit, *, campaign_id: int, by: By = "people", keep_back: int = 0) -> Proposal:
    """Propose what each station gets (分配建议), in place of what was proposed before: by its entitled
    people, or the same for each; ``keep_back`` pieces of each item stay in the store (预留). An item without
    a planned number is given for each entitled person. Remainders by ``allotment``: to stations by their
    number, to units by their code.

    Raises Refused: ``kits.not_yours``, ``kits.campaign_over``, ``kits.campaign_no_items``,
    ``kits.campaign_no_station``, ``kits.no_people`` where nobody who is entitled has a station,
    ``kits.keep_back``.
    """
    campaign = keep_campaign(unit, campaign_id)
    refuse_over(campaign)
    stations, items = open_stations(unit, campaign), given_items(unit, campaign)
    places, unserved = people_by_station(unit, campaign, stations)
    counts = [sum(place.people for place in places[one.id or 0]) for one in stations]
    if by == "people" and not any(counts):
        left = sum(one.people for one in unserved)
        raise Refused("kits.no_people", campaign=campaign.name, people=left)
    weights = counts if by == "people" else [1] * len(stations)
    found: list[Share] = []
    for item, given in items:
        total = _total(item, given, sum(counts), keep_back)
        quantities = (
            [count * given.per_person for count in counts]
            if total is None and by == "people"
            else shares(sum(counts) * given.per_person if total is None else total, weights)
        )
        found += [
            _share(station, item, places[station.id or 0], count, quantity)
            for station, count, quantity in zip(stations, counts, quantities, strict=True)
        ]
    _write(unit, campaign, found)
    campaign.allocation = AllocationState.PROPOSED
    changed(unit, campaign)
    people = sum(counts) + sum(one.people for one in unserved)
    unit.record(f"campaign:{campaign_id}", by=by, people=people, unserved=people - sum(counts))
    told = say(f"kits.allocated_by.{by}", stations=len(stations), people=sum(counts), back=keep_back)
    return Proposal(people, unserved, tuple(found), told)


@action("kits.adjust_allocation", permission="kit.edit")
def adjust(unit: WriteUnit, *, campaign_id: int, station_id: int, item_id: int, quantity: int) -> int:
    """Give a station another quantity of an item (调整分配), shared among its units as before; what was there
    before. An approved allocation is to be approved again.

    Raises Refused: ``kits.not_yours``, ``kits.campaign_over``, ``kits.not_allocated``,
    ``kits.allocation_quantity``.
    """
    campaign = keep_campaign(unit, campaign_id)
    refuse_over(campaign)
    if not 0 <= quantity <= _QUANTITY:
        raise Refused("kits.allocation_quantity", count=quantity, most=_QUANTITY)
    found = unit.session.get(Allocation, (campaign_id, station_id, item_id))
    if found is None:
        raise Refused("kits.not_allocated", campaign=campaign.name, station=station_id, item=item_id)
    before, found.quantity = found.quantity, quantity
    choose: Any = select
    rows = unit.exec(
        choose(AllocationUnit)
        .join(Organisation, col(Organisation.id) == col(AllocationUnit.organisation_id))
        .where(
            col(AllocationUnit.campaign_id) == campaign_id,
            col(AllocationUnit.station_id) == station_id,
            col(AllocationUnit.item_id) == item_id,
        )
        .order_by(col(Organisation.code))
    ).all()
    others = found.people - sum(row.people for row in rows)
    for row, pieces in zip(rows, shares(quantity, [*(row.people for row in rows), others]), strict=False):
        row.quantity = pieces
    campaign.allocation = AllocationState.PROPOSED
    changed(unit, campaign)
    unit.record(f"campaign:{campaign_id}", station=station_id, item=item_id, before=before, quantity=quantity)
    return before


@action("kits.approve_allocation", permission="kit.approve")
def approve(unit: WriteUnit, *, campaign_id: int, reason: str = "") -> None:
    """Approve an allocation (审定分配). What goes above the planned number (without one: above what is in
    stock), or above the budget at the cost of the latest lots, needs a reason, which goes on record.

    Raises Refused: ``kits.not_yours``, ``kits.campaign_over``, ``kits.not_proposed``,
    ``kits.allocation_above`` with everything that is too much, ``kits.why_missing``, ``kits.why_long``.
    """
    campaign = keep_campaign(unit, campaign_id)
    refuse_over(campaign)
    if campaign.allocation is AllocationState.NONE:
        raise Refused("kits.not_proposed", campaign=campaign.name)
    problems = too_much(unit, campaign)
    if problems and not reason.strip():
        raise Refused("kits.allocation_above", campaign=campaign.name, count=len(problems), problems=problems)
    if problems:
        reason = reason_said(reason, missing="kits.why_missing", long="kits.why_long")
    campaign.allocation = AllocationState.APPROVED
    changed(unit, campaign)
    above = sorted(problem.code for problem in problems)
    unit.record(f"campaign:{campaign_id}", number=campaign.number, above=above, reason=reason.strip())


@action("kits.ship", permission="kit.stock")
def ship(unit: WriteUnit, *, campaign_id: int, from_id: int, carrier: str = "", note: str = "") -> Shipped:
    """Send every station what it was allocated and was not sent yet (按分配调出), a transfer each; all or
    none.

    Raises Refused: ``kits.not_yours``, ``kits.not_approved``, ``kits.all_shipped``, ``kits.short`` and what
    else ``send`` refuses.
    """
    campaign = keep_campaign(unit, campaign_id)
    refuse_over(campaign)
    if campaign.allocation is not AllocationState.APPROVED:
        raise Refused("kits.not_approved", campaign=campaign.name)
    due = still_due(unit, campaign_id)
    if not due:
        raise Refused("kits.all_shipped", campaign=campaign.name)
    sent = []
    with unit.quietly():
        for station, lines in due.items():
            number = send(unit, from_id=from_id, to_id=station, lines=lines, carrier=carrier, note=note)
            sent.append((number, station))
    pieces = sum(quantity for lines in due.values() for _, quantity in lines)
    unit.record(f"campaign:{campaign_id}", origin=from_id, transfers=len(sent), pieces=pieces)
    return Shipped(tuple(sent), pieces)


def _total(item: Item, given: CampaignItem, people: int, keep_back: int) -> int | None:
    if keep_back < 0 or (given.planned is not None and keep_back > given.planned):
        raise Refused("kits.keep_back", item=item.name, back=keep_back, planned=given.planned)
    return None if given.planned is None else given.planned - keep_back


def _share(station: Station, item: Item, places: Sequence[Place], people: int, quantity: int) -> Share:
    assert station.id is not None and item.id is not None
    pieces = shares(quantity, [place.people for place in places])
    per_unit = tuple(
        (place.organisation_id, place.people, part)
        for place, part in zip(places, pieces, strict=True)
        if place.own
    )
    return Share(station.id, station.number, station.name, item.id, item.name, people, quantity, per_unit)


def _write(unit: WriteUnit, campaign: Campaign, found: Sequence[Share]) -> None:
    for model in (Allocation, AllocationUnit):
        unit.session.execute(delete(model).where(col(model.campaign_id) == campaign.id))
    columns = ("campaign_id", "station_id", "item_id", "people", "proposed", "quantity")
    rows = ((campaign.id, s.station_id, s.item_id, s.people, s.quantity, s.quantity) for s in found)
    bulk.write(unit, Allocation, columns, rows)
    columns = ("campaign_id", "organisation_id", "item_id", "station_id", "people", "quantity")
    parts = (
        (campaign.id, place, s.item_id, s.station_id, people, pieces)
        for s in found
        for place, people, pieces in s.per_unit
    )
    bulk.write(unit, AllocationUnit, columns, parts)
