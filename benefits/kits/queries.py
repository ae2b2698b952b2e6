"""Reading hand-outs (发放查询)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Handout, HandoutState
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
    campaign: str
    item: str
    quantity: int
    given_on: date
    station: str
    note: str
    state: HandoutState


def handouts_of(unit: ReadUnit, member_id: int) -> tuple[HandoutRow, ...]:
    """All hand-outs of a person, the latest first, void ones too."""
    query = _handouts().where(col(Handout.member_id) == member_id)
    rows = unit.exec(query.order_by(col(Handout.given_on).desc(), col(Handout.id).desc()))
    return tuple(_row(*row) for row in rows)


def handouts(
    unit: ReadUnit, *, campaign: str = "", path: str = "", limit: int = 50, after: int = 0
) -> tuple[HandoutRow, ...]:
    """Hand-outs in the order in which they were written, of a campaign and a part of the tree if given;
    ``after``: the id of the last one seen."""
    query = _handouts().where(col(Handout.id) > after)
    if campaign:
        query = query.where(col(Handout.campaign) == campaign)
    if path:
        query = query.where(path_within(col(Organisation.path), path))
    return tuple(_row(*row) for row in unit.exec(query.order_by(col(Handout.id)).limit(limit)))


def unions_on(unit: ReadUnit, asked: Sequence[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """Where people were members on days (当日会籍): (member, day) -> organisation. Nobody who was a member
    nowhere, or outside the actor's scope."""
    query = select(Membership).where(
        col(Membership.member_id).in_({member for member, _ in asked}),
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
    return (
        select(Handout, Member.name, Organisation.name)
        .join(Member, col(Member.id) == col(Handout.member_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id), isouter=True)
    )


def _row(found: Handout, name: str | None, place: str | None) -> HandoutRow:
    assert found.id is not None
    return HandoutRow(
        id=found.id,
        member_id=found.member_id,
        name=name or "",
        organisation=place or "",
        campaign=found.campaign,
        item=found.item,
        quantity=found.quantity,
        given_on=found.given_on,
        station=found.station,
        note=found.note,
        state=found.state,
    )
