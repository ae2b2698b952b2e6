"""Reading offline packages (离线包查询): which are out, and what needs somebody's decision after they came
home."""

import enum
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.errors import Refused, Say
from benefits.kernel.text import plain
from benefits.kernel.unit import ReadUnit
from benefits.kits.entitlement import judge_many
from benefits.kits.models import Campaign, Item, Station
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.models_stock import Package, PackageState
from benefits.members.models import Member

_PART = 500
_LENIENT = timedelta(minutes=10)
"""By so much two clocks may differ without anybody being asked."""


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package as lists show it; ``handouts`` that came home with it, ``twice`` of them second ones."""

    id: int
    number: str
    campaign: str
    station: str
    state: PackageState
    people: int
    made_at: datetime
    made_by: str
    back_at: datetime | None
    back_by: str | None
    reason: str
    handouts: int
    twice: int


class ConflictKind(enum.Enum):
    """Given twice (重复领取); not entitled on the day by what is known now (条件不符); written down at a time
    when the package was not out (时间有误)."""

    TWICE = "twice"
    NOT_ENTITLED = "not_entitled"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A hand-out that somebody has to look at. ``first_at`` and ``first_station``: of the one that holds.
    ``settled``: what was decided (处理意见), empty: nothing yet."""

    handout_id: int
    kind: ConflictKind
    campaign: str
    member_id: int
    name: str
    item: str
    quantity: int
    station: str
    given_at: datetime
    made_by: str
    package: str
    first_at: datetime | None
    first_station: str
    reasons: tuple[Say, ...]
    settled: str


def packages(unit: ReadUnit, campaign_id: int | None = None) -> tuple[PackageRow, ...]:
    """Packages, the last made first."""
    choose: Any = select
    query = (
        choose(Package, Campaign.name, Station.name)
        .join(Campaign, col(Campaign.id) == col(Package.campaign_id))
        .join(Station, col(Station.id) == col(Package.station_id))
        .order_by(col(Package.id).desc())
    )
    if campaign_id is not None:
        query = query.where(col(Package.campaign_id) == campaign_id)
    rows = unit.exec(query).all()
    twice = func.count(col(Handout.id)).filter(col(Handout.state) == HandoutState.TWICE)
    counts = (
        choose(col(Handout.origin), func.count(col(Handout.id)), twice)
        .where(col(Handout.origin).in_([one.uuid for one, _, _ in rows]))
        .group_by(col(Handout.origin))
    )
    found = {origin: (count, second) for origin, count, second in unit.session.execute(counts)}
    return tuple(
        PackageRow(
            *(one.id, one.number, campaign, station, one.state, one.people, one.made_at, one.made_by),
            *(one.back_at, one.back_by, one.reason, *found.get(one.uuid, (0, 0))),
        )
        for one, campaign, station in rows
    )


def package_numbered(unit: ReadUnit, text: str) -> int:
    """The id of a package by its number. Raises Refused ``kits.package_unknown``."""
    wanted = plain(text).strip().upper()
    found = unit.exec(select(col(Package.id)).where(col(Package.number) == wanted)).first()
    if found is None:
        raise Refused("kits.package_unknown", package=wanted[:36])
    return found


def conflicts(unit: ReadUnit, campaign_id: int | None = None, settled: bool = False) -> tuple[Conflict, ...]:
    """Hand-outs that came home with packages, or stand against such a one, and that somebody has to decide
    on; ``settled``: those that are decided too. In the order in which they were given."""
    found = [*_twice(unit, campaign_id), *_doubtful(unit, campaign_id)]
    found.sort(key=lambda one: (one.given_at, one.handout_id))
    return tuple(one for one in found if settled or not one.settled)


def _rows(*more: Any) -> Any:
    choose: Any = select
    return (
        choose(Handout, Campaign, Member.name, Item.name, Station.name, Package, *more)
        .join(Campaign, col(Campaign.id) == col(Handout.campaign_id))
        .join(Member, col(Member.id) == col(Handout.member_id))
        .join(Item, col(Item.id) == col(Handout.item_id))
        .join(Station, col(Station.id) == col(Handout.station_id), isouter=True)
        .join(Package, col(Package.uuid) == col(Handout.origin), isouter=True)
    )


def _twice(unit: ReadUnit, campaign_id: int | None) -> Iterator[Conflict]:
    """Second hand-outs, each with the one that holds."""
    first, place = aliased(Handout), aliased(Station)
    same = and_(
        col(first.member_id) == col(Handout.member_id),
        col(first.campaign_id) == col(Handout.campaign_id),
        col(first.slot) == col(Handout.slot),
        col(first.state) == HandoutState.ACTIVE,
    )
    query = (
        _rows(first, place.name)
        .join(first, same, isouter=True)
        .join(place, col(place.id) == col(first.station_id), isouter=True)
        .where(col(Handout.state) == HandoutState.TWICE)
    )
    if campaign_id is not None:
        query = query.where(col(Handout.campaign_id) == campaign_id)
    for *row, holds, where in unit.exec(query):
        yield _conflict(ConflictKind.TWICE, row, holds.given_at if holds else None, where or "")


def _doubtful(unit: ReadUnit, campaign_id: int | None) -> Iterator[Conflict]:
    """Hand-outs of packages to whom is not entitled, or at a time that cannot be."""
    query = _rows().where(col(Handout.state) == HandoutState.ACTIVE, col(Package.id).is_not(None))
    if campaign_id is not None:
        query = query.where(col(Handout.campaign_id) == campaign_id)
    groups: defaultdict[tuple[int, date], list[Any]] = defaultdict(list)
    for row in unit.exec(query.order_by(col(Handout.id))):
        handout, _, _, _, _, package = row
        groups[handout.campaign_id, handout.given_on].append(row)
        after = package.back_at is not None and handout.given_at > package.back_at + _LENIENT
        if after or handout.given_at < package.made_at - _LENIENT:
            yield _conflict(ConflictKind.CLOCK, row)
    for (_, day), rows in groups.items():
        yield from _not_entitled(unit, rows, day)


def _not_entitled(unit: ReadUnit, rows: Sequence[Any], day: date) -> Iterator[Conflict]:
    """Those whom the campaign was not for on that day; that it is closed by now is no reason."""
    for start in range(0, len(rows), _PART):
        part = rows[start : start + _PART]
        verdicts = judge_many(unit, part[0][1], [row[0].member_id for row in part], day)
        for row in part:
            verdict = verdicts.get(row[0].member_id)
            reasons = (
                [one.say for one in verdict.reasons if one.code != "kits.no.not_open"] if verdict else []
            )
            if reasons:
                yield _conflict(ConflictKind.NOT_ENTITLED, row, reasons=tuple(reasons))


def _conflict(
    kind: ConflictKind,
    row: Sequence[Any],
    first_at: datetime | None = None,
    first_station: str = "",
    reasons: tuple[Say, ...] = (),
) -> Conflict:
    handout, campaign, name, item, station, package = row
    return Conflict(
        *(handout.id, kind, campaign.name, handout.member_id, name, item, handout.quantity, station or ""),
        *(handout.given_at, handout.made_by, package.number if package else "", first_at, first_station),
        *(reasons, handout.reason),
    )
