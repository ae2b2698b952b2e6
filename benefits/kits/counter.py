"""Looking people up at the counter (发放台查人): by card, identity number, name, pinyin or last digits, each
with whether he or she is entitled, why not, what was handed over already and what is due."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, func, select

from benefits.kernel.among import among
from benefits.kernel.errors import Problem, Refused
from benefits.kernel.unit import ReadUnit
from benefits.kits.entitlement import Verdict, judge_many
from benefits.kits.handing import Due, held_at, place_of
from benefits.kits.models import Campaign, Item, Station
from benefits.kits.models_handout import Handout, HandoutState
from benefits.members.search import MemberRow, search
from benefits.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Had:
    """What was handed over already: ``at``, when it was written down."""

    item: str
    quantity: int
    day: date
    at: datetime
    station: str
    handout_id: int


@dataclass(frozen=True, slots=True)
class DueRow:
    """What is due: ``fen`` of money, None of goods."""

    item_id: int
    item: str
    quantity: int
    measure: str
    fen: int | None


@dataclass(frozen=True, slots=True)
class CounterRow:
    """Somebody whom the words mean. ``ok``: entitled, and something is due. ``why``: every reason against
    it; ``station``: where the person collects, empty: anywhere."""

    member_id: int
    name: str
    tail: str
    organisation: str
    ok: bool
    why: tuple[Problem, ...]
    had: tuple[Had, ...]
    due: tuple[DueRow, ...]
    station: str


@dataclass(frozen=True, slots=True)
class LeftRow:
    """What a station has of an item; None: not counted."""

    item_id: int
    item: str
    measure: str
    on_hand: int | None


@dataclass(frozen=True, slots=True)
class StationHead:
    """Where one hands out: ``today``, hand-outs of today there."""

    campaign: str
    number: str
    station: str
    state: str
    public: bool
    today: int
    left: tuple[LeftRow, ...]


def look_up(
    unit: ReadUnit, campaign_id: int, text: str, limit: int = 10, on: date | None = None
) -> tuple[CounterRow, ...]:
    """People whom ``text`` means, the best hit first, each with what the campaign has for him or her.

    Raises Refused ``kits.campaign_unknown``.
    """
    place = place_of(unit, campaign_id, None, asked=True)
    day = on or unit.today
    found = search(unit, text, limit)
    ids = [row.id for row in found]
    if not ids:
        return ()
    campaign = unit.exec(select(Campaign).where(col(Campaign.id) == campaign_id)).one()
    verdicts = judge_many(unit, campaign, ids, day)
    had = _had(unit, campaign_id, ids)
    stations = select(col(Station.id), col(Station.name)).where(col(Station.campaign_id) == campaign_id)
    names = dict(unit.exec(stations).all())
    return tuple(
        _row(row, verdicts[row.id], had.get(row.id, {}), place.items, names)
        for row in found
        if row.id in verdicts
    )


def station(unit: ReadUnit, station_id: int) -> StationHead:
    """The head of the counter.

    Raises Refused ``kits.station_elsewhere`` of a store, ``kits.station_unknown``.
    """
    found = unit.exec(
        select(Station, Campaign)
        .join(Campaign, col(Campaign.id) == col(Station.campaign_id))
        .where(col(Station.id) == station_id)
    ).first()
    if found is None:
        raise Refused("kits.station_unknown", station=station_id)
    at, campaign = found
    assert campaign.id is not None
    place = place_of(unit, campaign.id, None, asked=True)
    held = held_at(unit, station_id, unit.today)
    today = unit.exec(
        select(func.count())
        .select_from(Handout)
        .where(
            col(Handout.campaign_id) == campaign.id,
            col(Handout.station_id) == station_id,
            col(Handout.given_on) == unit.today,
            col(Handout.state) == HandoutState.ACTIVE,
        )
    ).one()
    left = tuple(
        LeftRow(
            one.item_id,
            one.name,
            one.measure,
            sum(lot.on_hand for lot in held.get(one.item_id, ())) if place.counted(one) else None,
        )
        for one in place.items
    )
    return StationHead(
        campaign.name, campaign.number, at.name, at.state.value, campaign.public, int(today), left
    )


def _had(unit: ReadUnit, campaign_id: int, ids: list[int]) -> dict[int, dict[int, Had]]:
    """What these people have had: member -> slot -> what, wherever it was."""
    choose: Any = select
    query = (
        choose(Handout, Item.name, Station.name, Organisation.name)
        .join(Item, col(Item.id) == col(Handout.item_id))
        .join(Station, col(Station.id) == col(Handout.station_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id))
        .where(
            among(unit, Handout.member_id, ids),
            col(Handout.campaign_id) == campaign_id,
            col(Handout.state) == HandoutState.ACTIVE,
        )
        .order_by(col(Handout.id))
    )
    found: dict[int, dict[int, Had]] = {}
    with unit.beyond_scope():
        for row, item, where, place in unit.exec(query).all():
            assert row.id is not None
            had = Had(item, row.quantity, row.given_on, row.given_at, where or place, row.id)
            found.setdefault(row.member_id, {})[row.slot] = had
    return found


def _row(
    row: MemberRow, verdict: Verdict, had: dict[int, Had], items: tuple[Due, ...], names: dict[Any, str]
) -> CounterRow:
    due = tuple(
        DueRow(
            one.item_id,
            one.name,
            one.quantity,
            one.measure,
            verdict.amount_fen if one.kind.value == "money" else None,
        )
        for one in items
        if one.slot not in had
    )
    return CounterRow(
        row.id,
        row.name,
        row.id_tail,
        row.organisation,
        verdict.ok and bool(due),
        tuple(Problem(one.code, one.say) for one in verdict.reasons),
        tuple(had.values()),
        due if verdict.ok else (),
        names.get(verdict.station_id, ""),
    )
