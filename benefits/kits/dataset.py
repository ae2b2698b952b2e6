"""Datasets of papers about people (发放名单类文书): who is to sign at a station, who has not collected,
who is cared for. Each from one snapshot; a clerk's papers name the people of the clerk's part of the tree.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlmodel import col

from benefits.kernel.among import among
from benefits.kernel.errors import Refused
from benefits.kernel.messages import text
from benefits.kernel.unit import ReadUnit
from benefits.kits.campaigns import campaign_found
from benefits.kits.entitlement import counting_day, entitled, ids_of, station_of, stations_served
from benefits.kits.models import (
    Campaign,
    CampaignItem,
    CampaignKind,
    Entitled,
    Item,
    ItemKind,
    Message,
    Station,
)
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.papers import Care, Head, Place, Receiver, SignOff, Undelivered, UnitPart
from benefits.members.models import Member
from benefits.organisations.models import Organisation

_PAGE = 5000
_MASK = "*"
_AND = {"zh": "、", "en": ", "}


@dataclass(frozen=True, slots=True)
class _Line:
    """A person with the union of the day and what the list says."""

    member_id: int
    name: str
    id_last4: str | None
    phone_last4: str | None
    union: str
    code: str
    path: str
    station_id: int | None
    amount_fen: int | None
    site: str
    note: str


@dataclass(frozen=True, slots=True)
class _Given:
    """What a person was handed in the campaign."""

    what: str
    given_on: date
    collected_by: str
    fen: int


def signoff(unit: ReadUnit, campaign_id: int, station_id: int, lang: str = "zh") -> SignOff:
    """Everybody who collects at a station, and whoever did without belonging there (发放签收表).

    Raises Refused: ``kits.campaign_unknown``, ``kits.station_unknown``.
    """
    campaign, station = campaign_found(unit, campaign_id), _station(unit, campaign_id, station_id)
    lines = _lines(unit, campaign, _collects(unit, campaign, station_id))
    here = _collected(unit, campaign_id, station_id)
    known = {line.member_id for line in lines}
    lines += _people_of(unit, sorted(here - known))
    units = _parts(unit, campaign, lines, lang)
    return SignOff(head(unit, campaign, units), place_of(unit, station), units)


def undelivered(unit: ReadUnit, campaign_id: int, lang: str = "zh") -> Undelivered:
    """Entitled people to whom nothing of the campaign was handed, with the station where they collect
    (未领取名单).

    Raises Refused ``kits.campaign_unknown``.
    """
    campaign = campaign_found(unit, campaign_id)
    lines = _lines(unit, campaign)
    given = _given(unit, campaign_id, [line.member_id for line in lines], lang)
    served, names = stations_served(unit, campaign_id), _stations(unit, campaign_id)
    left = [line for line in lines if line.member_id not in given]
    notes = {
        line.member_id: names.get(line.station_id or station_of(ids_of(line.path), served) or 0, "")
        for line in left
    }
    units = _parts(unit, campaign, left, lang, notes)
    return Undelivered(head(unit, campaign, units), units, len(lines), len(lines) - len(left))


def care(unit: ReadUnit, campaign_id: int, lang: str = "zh") -> Care:
    """The list of a care campaign, with what each is given and the chosen wishes (慰问名单).

    Raises Refused: ``kits.campaign_unknown``; ``kits.not_care`` for a campaign of another kind.
    """
    campaign = campaign_found(unit, campaign_id)
    if campaign.kind not in (CampaignKind.BIRTHDAY, CampaignKind.VISIT):
        raise Refused("kits.not_care", campaign=campaign.name)
    lines = _lines(unit, campaign)
    visits = campaign.kind is CampaignKind.VISIT
    notes = {line.member_id: line.site if visits else line.note for line in lines}
    units = _parts(unit, campaign, lines, lang, notes)
    chosen = (
        select(col(Message.text), col(Message.author))
        .where(col(Message.campaign_id) == campaign_id, col(Message.chosen))
        .order_by(col(Message.id))
    )
    wishes = tuple((words, author) for words, author in unit.session.execute(chosen))
    return Care(head(unit, campaign, (units, wishes)), visits, units, wishes)


def head(unit: ReadUnit, campaign: Campaign, rows: object) -> Head:
    """The head of a campaign's paper; ``rows``: what its digest is of."""
    return Head(
        union_name(unit, campaign.organisation_id),
        campaign.name,
        campaign.number,
        campaign.starts,
        campaign.ends,
        unit.clock.now(),
        unit.actor.name,
        digest(rows),
    )


def digest(rows: object) -> str:
    """SHA-256 of frozen rows, hex: their written form names every field."""
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def union_name(unit: ReadUnit, organisation_id: int) -> str:
    """Name of the unit that a paper is of; read beyond the scope, since a street hands out for its
    district."""
    with unit.beyond_scope():
        query = select(col(Organisation.name)).where(col(Organisation.id) == organisation_id)
        return str(unit.session.scalars(query).one())


def pairs(unit: ReadUnit, query: Any) -> dict[Any, Any]:
    """First column -> second."""
    return {one: other for one, other in unit.session.execute(query)}


def place_of(unit: ReadUnit, station: Station) -> Place:
    """A station as papers name it; a store has the number 0."""
    return Place(
        station.number if station.campaign_id is not None else 0,
        station.name,
        station.address,
        station.hours,
        station.keeper,
        union_name(unit, station.organisation_id),
    )


def _station(unit: ReadUnit, campaign_id: int, station_id: int) -> Station:
    found = unit.session.get(Station, station_id)
    if found is None or found.campaign_id != campaign_id:
        raise Refused("kits.station_unknown", station=station_id)
    return found


def _stations(unit: ReadUnit, campaign_id: int) -> dict[int, str]:
    query = select(col(Station.id), col(Station.number), col(Station.name))
    rows = unit.session.execute(query.where(col(Station.campaign_id) == campaign_id))
    return {station: f"{number}. {name}" for station, number, name in rows}


def _collects(unit: ReadUnit, campaign: Campaign, station_id: int) -> Any:
    """People whom the list sends to a station, or whose union's deepest served part does."""
    assert campaign.id is not None
    served = stations_served(unit, campaign.id)
    tree = unit.session.execute(select(col(Organisation.id), col(Organisation.path)))
    here = [one for one, path in tree if station_of(ids_of(path), served) == station_id]
    by_union = and_(col(Entitled.station_id).is_(None), among(unit, Organisation.id, here))
    return or_(col(Entitled.station_id) == station_id, by_union)


def _lines(unit: ReadUnit, campaign: Campaign, narrowed: Any = None) -> list[_Line]:
    """Everybody entitled, unit by unit in the order of the tree, then by load order."""
    query = entitled(unit, campaign, counting_day(campaign, unit.today), *_COLUMNS, *_LISTED)
    if narrowed is not None:
        query = query.where(narrowed)
    rows = unit.session.execute(query.order_by(col(Organisation.path), col(Member.id)))
    return [_line((*row[:9], row[9] or "", row[10] or "")) for row in rows]


def _line(cells: tuple[Any, ...]) -> _Line:
    return _Line(*cells)


_COLUMNS: tuple[Any, ...] = (
    *(Member.id, Member.name, Member.id_last4, Member.phone_last4),
    *(Organisation.name, Organisation.code, Organisation.path),
)
_LISTED: tuple[Any, ...] = (Entitled.station_id, Entitled.amount_fen, Entitled.site, Entitled.note)


def _people_of(unit: ReadUnit, ids: Sequence[int]) -> list[_Line]:
    """People who are not on the list, by the union of the hand-out."""
    if not ids:
        return []
    choose: Any = select
    query: Select[Any] = (
        choose(*_COLUMNS)
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id))
        .where(among(unit, Member.id, ids))
    )
    rows = unit.session.execute(query.order_by(col(Organisation.path), col(Member.id)))
    return [_line((*row, None, None, "", "")) for row in rows]


def _collected(unit: ReadUnit, campaign_id: int, station_id: int) -> set[int]:
    query = select(col(Handout.member_id)).where(
        col(Handout.campaign_id) == campaign_id,
        col(Handout.station_id) == station_id,
        col(Handout.state) == HandoutState.ACTIVE,
    )
    return set(unit.session.scalars(query))


def _given(unit: ReadUnit, campaign_id: int, ids: Sequence[int], lang: str) -> dict[int, _Given]:
    """What these people were handed in the campaign, wherever it was."""
    found: dict[int, list[Any]] = {}
    for start in range(0, len(ids), _PAGE):
        query = (
            select(Handout, col(Item.name))
            .join(Item, col(Item.id) == col(Handout.item_id))
            .where(
                among(unit, Handout.member_id, ids[start : start + _PAGE]),
                col(Handout.campaign_id) == campaign_id,
                col(Handout.state) == HandoutState.ACTIVE,
            )
            .order_by(col(Handout.id))
        )
        with unit.beyond_scope():
            for row, item in unit.session.execute(query):
                found.setdefault(row.member_id, []).append((row, item))
    return {
        member: _Given(
            _AND[lang].join(f"{item}×{row.quantity}" for row, item in rows),
            max(row.given_on for row, _ in rows),
            next((row.collected_by for row, _ in rows if row.collected_by), ""),
            sum(row.fen for row, _ in rows),
        )
        for member, rows in found.items()
    }


def _due(unit: ReadUnit, campaign: Campaign, lang: str) -> tuple[str, bool]:
    """What a person may get, as words; whether it is money."""
    query = (
        select(col(Item.name), col(CampaignItem.per_person), col(Item.kind))
        .join(Item, col(Item.id) == col(CampaignItem.item_id))
        .where(col(CampaignItem.campaign_id) == campaign.id, col(Item.kind) != ItemKind.MATERIAL)
        .order_by(col(Item.code))
    )
    rows = unit.session.execute(query).all()
    words = (name if kind is ItemKind.MONEY else f"{name}×{many}" for name, many, kind in rows)
    return _AND[lang].join(words), any(kind is ItemKind.MONEY for *_, kind in rows)


def _parts(
    unit: ReadUnit,
    campaign: Campaign,
    lines: Sequence[_Line],
    lang: str,
    notes: Mapping[int, str] | None = None,
) -> tuple[UnitPart, ...]:
    """The lines unit by unit, each with what was handed already."""
    assert campaign.id is not None
    due, money = _due(unit, campaign, lang)
    given = _given(unit, campaign.id, [line.member_id for line in lines], lang)
    nothing = text("kits.paper.nothing_due", lang)

    def receivers(found: Iterable[_Line]) -> tuple[Receiver, ...]:
        return tuple(
            _receiver(
                line, given.get(line.member_id), due or nothing, money, (notes or {}).get(line.member_id, "")
            )
            for line in found
        )

    ordered = sorted(lines, key=lambda line: line.path)
    return tuple(
        UnitPart(name, code, receivers(part))
        for (_, name, code), part in groupby(ordered, key=lambda line: (line.path, line.union, line.code))
    )


def _receiver(line: _Line, given: _Given | None, due: str, money: bool, note: str) -> Receiver:
    fen = given.fen if given and money else line.amount_fen
    return Receiver(
        line.name,
        _MASK + line.id_last4 if line.id_last4 else "",
        _MASK + line.phone_last4 if line.phone_last4 else "",
        given.what if given else due,
        fen,
        given.given_on if given else None,
        given.collected_by if given else "",
        note,
    )
