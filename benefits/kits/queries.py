"""Reading hand-outs (发放查询)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from benefits.kernel.among import among
from benefits.kernel.errors import Say, say
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Campaign, Item, Station
from benefits.kits.models_handout import Handout, HandoutState, Signed
from benefits.members.models import Member, Membership, Standing
from benefits.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class HandoutRow:
    """A hand-out as lists show it."""

    id: int
    member_id: int
    name: str
    organisation: str
    """Union where the person was a member that day; empty where it lies outside the actor's scope."""
    campaign_id: int
    campaign: str
    item_id: int
    item: str
    quantity: int
    fen: int
    given_on: date
    given_at: datetime
    station_id: int | None
    station: str
    collected_by: str
    signed: Signed
    note: str
    state: HandoutState
    reason: str
    made_by: str


def handouts_of(unit: ReadUnit, member_id: int) -> tuple[HandoutRow, ...]:
    """All hand-outs of a person, the latest first, void ones too."""
    query = _handouts().where(col(Handout.member_id) == member_id)
    rows = unit.exec(query.order_by(col(Handout.given_on).desc(), col(Handout.id).desc()))
    return tuple(_row(*row) for row in rows)


def handouts(
    unit: ReadUnit,
    *,
    campaign_id: int | None = None,
    station_id: int | None = None,
    state: HandoutState | None = None,
    path: str = "",
    limit: int = 50,
    after: int = 0,
) -> tuple[HandoutRow, ...]:
    """Hand-outs in the order in which they were written, of a campaign, a station and a part of the tree if
    given; ``after``: the id of the last one seen."""
    query = _handouts().where(col(Handout.id) > after)
    if campaign_id is not None:
        query = query.where(col(Handout.campaign_id) == campaign_id)
    if station_id is not None:
        query = query.where(col(Handout.station_id) == station_id)
    if state is not None:
        query = query.where(col(Handout.state) == state)
    if path:
        query = query.where(path_within(col(Organisation.path), path))
    return tuple(_row(*row) for row in unit.exec(query.order_by(col(Handout.id)).limit(limit)))


def first_said(unit: ReadUnit, row: Handout) -> Say:
    """When and where somebody had it, for whoever asks a second time."""
    item = unit.exec(select(Item.name).where(col(Item.id) == row.item_id)).one()
    station = unit.exec(select(Station.name).where(col(Station.id) == row.station_id)).first()
    place = unit.exec(select(Organisation.name).where(col(Organisation.id) == row.organisation_id)).first()
    return _had_said(row, item, station, place)


def firsts_said(unit: ReadUnit, campaign_id: int, member_ids: Sequence[int]) -> dict[tuple[int, int], Say]:
    """The same for many people at once: (person, slot) -> when and where he or she had it."""
    choose: Any = select
    query = (
        choose(Handout, Item.name, Station.name, Organisation.name)
        .join(Item, col(Item.id) == col(Handout.item_id))
        .join(Station, col(Station.id) == col(Handout.station_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id), isouter=True)
        .where(
            col(Handout.campaign_id) == campaign_id,
            among(unit, Handout.member_id, member_ids),
            col(Handout.state) == HandoutState.ACTIVE,
        )
    )
    return {
        (row.member_id, row.slot): _had_said(row, item, station, place)
        for row, item, station, place in unit.exec(query)
    }


def _had_said(row: Handout, item: str, station: str | None, place: str | None) -> Say:
    words = {"item": item, "quantity": row.quantity, "day": row.given_on}
    return say("kits.had", **words, where=station or place or "")


def unions_on(unit: ReadUnit, asked: Sequence[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """Where people were members on days (当日会籍): (member, day) -> organisation. Nobody who was a member
    nowhere, or outside the actor's scope."""
    query = select(Membership).where(
        among(unit, Membership.member_id, sorted({member for member, _ in asked})),
        col(Membership.standing) == Standing.PRIMARY,
    )
    spans: dict[int, list[Membership]] = {}
    for row in unit.exec(query):
        spans.setdefault(row.member_id, []).append(row)
    found: dict[tuple[int, date], int] = {}
    for member, day in asked:
        for row in spans.get(member, ()):
            if row.starts <= day and (row.ends is None or day <= row.ends):
                found[member, day] = row.organisation_id
    return found


def _handouts() -> Any:
    choose: Any = select
    return (
        choose(Handout, Member.name, Organisation.name, Campaign.name, Item.name, Station.name)
        .join(Campaign, col(Campaign.id) == col(Handout.campaign_id))
        .join(Item, col(Item.id) == col(Handout.item_id))
        .join(Station, col(Station.id) == col(Handout.station_id), isouter=True)
        .join(Member, col(Member.id) == col(Handout.member_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id), isouter=True)
    )


def _row(
    found: Handout, name: str | None, place: str | None, campaign: str, item: str, station: str | None
) -> HandoutRow:
    assert found.id is not None
    return HandoutRow(
        id=found.id,
        member_id=found.member_id,
        name=name or "",
        organisation=place or "",
        campaign_id=found.campaign_id,
        campaign=campaign,
        item_id=found.item_id,
        item=item,
        quantity=found.quantity,
        fen=found.fen,
        given_on=found.given_on,
        given_at=found.given_at,
        station_id=found.station_id,
        station=station or "",
        collected_by=found.collected_by,
        signed=found.signed,
        note=found.note,
        state=found.state,
        reason=found.reason,
        made_by=found.made_by,
    )
