"""Reading the list of a campaign (名单查询)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from benefits.kernel.text import mask_id
from benefits.kernel.unit import ReadUnit
from benefits.kits.listing import handed_of
from benefits.kits.models import Entitled, Station
from benefits.members.models import Member
from benefits.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A person on a campaign's list. ``union``: when put on it; ``handed``: was handed something of it."""

    member_id: int
    name: str
    id_masked: str
    union: str
    station: str
    amount_fen: int | None
    site: str
    note: str
    source: str
    handed: bool


def listed(unit: ReadUnit, campaign_id: int, *, limit: int = 100, after: int = 0) -> tuple[ListedRow, ...]:
    """People of the list whom the actor sees, in order of id; ``after``: the last one seen."""
    choose: Any = select
    query = (
        choose(Entitled, col(Member.name), col(Member.id_number), col(Organisation.name), col(Station.name))
        .join(Member, col(Member.id) == col(Entitled.member_id))
        .join(Organisation, col(Organisation.id) == col(Entitled.organisation_id), isouter=True)
        .join(Station, col(Station.id) == col(Entitled.station_id), isouter=True)
        .where(col(Entitled.campaign_id) == campaign_id, col(Entitled.member_id) > after)
        .order_by(col(Entitled.member_id))
        .limit(limit)
    )
    rows = unit.session.execute(query).all()
    handed = handed_of(unit, [campaign_id], [line.member_id for line, *_ in rows])
    return tuple(
        ListedRow(
            member_id=line.member_id,
            name=name,
            id_masked=mask_id(number) if number else "",
            union=union or "",
            station=station or "",
            amount_fen=line.amount_fen,
            site=line.site,
            note=line.note,
            source=line.source,
            handed=(campaign_id, line.member_id) in handed,
        )
        for line, name, number, union, station in rows
    )


def listed_count(unit: ReadUnit, campaign_id: int) -> int:
    """How many people of the list the actor sees."""
    query = select(func.count()).select_from(Entitled).where(col(Entitled.campaign_id) == campaign_id)
    return int(unit.session.execute(query).scalar_one())
