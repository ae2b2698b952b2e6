"""What the public takes without giving a name (无名发放), and signatures (签收)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlmodel import col, func, select

from benefits.kernel.actions import action
from benefits.kernel.among import among
from benefits.kernel.errors import Refused
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits import ledger
from benefits.kits.giving import check_words, still_open
from benefits.kits.keeping import keep_station
from benefits.kits.models import Campaign, CampaignItem, Item, ItemKind
from benefits.kits.models_handout import Handout, HandoutState, Signed
from benefits.kits.models_stock import MoveKind


@action("kits.tally", permission="kit.hand", brief=True)
def tally(
    unit: WriteUnit,
    *,
    campaign_id: int,
    station_id: int,
    item_id: int,
    quantity: int,
    note: str = "",
    on: date | None = None,
) -> ledger.Lots:
    """Count what was handed to people without name (无名发放): leaflets, and where the campaign serves the
    public, its goods. The lots that it came from.

    Raises Refused: ``kits.campaign_unknown``, ``kits.not_open``, ``kits.outside``, ``kits.not_public``,
    ``kits.not_offered``, ``kits.not_counted``, ``kits.quantity``, ``kits.station_elsewhere``, ``kits.short``,
    ``kits.frozen``.
    """
    day = on or unit.today
    check_words(unit, {"note": note.strip()}, day)
    if quantity < 1:
        raise Refused("kits.quantity", quantity=quantity)
    station = keep_station(unit, station_id)
    campaign = unit.exec(select(Campaign).where(col(Campaign.id) == campaign_id)).first()
    if campaign is None:
        raise Refused("kits.campaign_unknown", campaign=campaign_id)
    if station.campaign_id != campaign_id:
        raise Refused("kits.station_elsewhere", station=station.name, campaign=campaign.name)
    still_open(unit, campaign_id)
    if not campaign.starts <= day <= campaign.ends:
        words: dict[str, Any] = {"starts": campaign.starts, "ends": campaign.ends, "day": day}
        raise Refused("kits.outside", campaign=campaign.name, **words)
    item = unit.exec(
        select(Item)
        .join(CampaignItem, col(CampaignItem.item_id) == col(Item.id))
        .where(col(CampaignItem.campaign_id) == campaign_id, col(Item.id) == item_id)
    ).first()
    if item is None:
        raise Refused("kits.not_offered", campaign=campaign.name)
    if not campaign.counts_stock or item.kind is ItemKind.MONEY:
        raise Refused("kits.not_counted", campaign=campaign.name)
    if item.kind is not ItemKind.MATERIAL and not campaign.public:
        raise Refused("kits.not_public", campaign=campaign.name, item=item.name)
    taken = ledger.take(
        unit,
        station_id=station_id,
        item_id=item_id,
        quantity=quantity,
        kind=MoveKind.TALLY,
        day=day,
        reason=note.strip(),
    )
    unit.record(f"station:{station_id}", campaign=campaign_id, item=item_id, quantity=quantity, on=day)
    return taken


@action("kits.sign", permission="kit.hand", brief=True)
def sign(unit: WriteUnit, *, handout_ids: Sequence[int], how: Signed = Signed.SELF) -> int:
    """Note that hand-outs were signed for (签收): by the person, or by whoever collected; how many were not
    signed so before.

    Raises Refused ``kits.sign_unknown`` where one is void, not there or out of scope; nothing is signed then.
    """
    wanted = sorted(set(handout_ids))
    theirs = (among(unit, Handout.id, wanted), col(Handout.state) != HandoutState.VOID)
    known = _count(unit, *theirs)
    if not wanted or known != len(wanted):
        raise Refused("kits.sign_unknown", known=known, count=len(wanted))
    new = _count(unit, *theirs, col(Handout.signed) != how)
    statement = update(Handout).where(*theirs).values(signed=how)
    unit.session.execute(statement.execution_options(synchronize_session=False))
    unit.record(f"handout:{wanted[0]}", count=len(wanted), signed=how.value)
    return new


def _count(unit: ReadUnit, *tests: object) -> int:
    return int(unit.exec(select(func.count()).select_from(Handout).where(*tests)).one())  # type: ignore[arg-type]
