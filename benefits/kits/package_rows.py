"""What a package holds (离线包内容): rows of the home's tables, as few and as bare as handing out needs (ADR
0015; DOMAIN 3.4).

Of a person: name, union, last four of the identity number, digests of identity, card and member number under
the package's own key. No number, no sex, no birth, no status: who is entitled was decided at home, and the
package's campaign is for its list only.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_
from sqlmodel import SQLModel, col, select

from benefits.kernel.among import among
from benefits.kernel.portable import Row, outward
from benefits.kernel.sealed import Keys
from benefits.kernel.unit import ReadUnit
from benefits.kits.entitlement import counting_day, entitled, ids_of, station_of, stations_served
from benefits.kits.models import (
    Campaign,
    CampaignItem,
    CampaignState,
    CampaignUnit,
    Entitled,
    Item,
    Station,
    StationState,
)
from benefits.kits.models_handout import Allowance, Handout, HandoutState
from benefits.kits.models_stock import Lot, Stock
from benefits.members.derive import identifier_digest
from benefits.members.identifiers import UNIQUE
from benefits.members.identity import identity_digest
from benefits.members.models import Member, MemberIdentifier, MemberIdentity, Membership
from benefits.organisations.models import Organisation

_TRAVELS: dict[str, tuple[type[SQLModel], str]] = {
    "organisation": (Organisation, "id parent_id path level code name founded version"),
    "item": (Item, "id organisation_id code name kind measure barcode retired version"),
    "campaign": (
        Campaign,
        "id organisation_id number name kind starts ends budget_fen fund public counts_stock once "
        "purpose state allocation version made_by changed_at",
    ),
    "campaign_unit": (CampaignUnit, "campaign_id organisation_id"),
    "campaign_item": (CampaignItem, "campaign_id item_id per_person planned"),
    "station": (
        Station,
        "id campaign_id organisation_id number name address hours keeper state version",
    ),
    "lot": (Lot, "id item_id code expires_on cost_fen fund"),
    "stock": (Stock, "station_id lot_id on_hand"),
    "member": (Member, "id organisation_id name id_last4"),
    "identity": (MemberIdentity, "digest member_id"),
    "identifier": (MemberIdentifier, "member_id kind digest last4"),
    "entitled": (Entitled, "campaign_id member_id organisation_id station_id amount_fen site source"),
    "handout": (
        Handout,
        "origin_seq member_id organisation_id campaign_id item_id slot station_id quantity fen given_on "
        "given_at made_by",
    ),
    "allowance": (Allowance, "member_id year purpose fen most_fen"),
}
TRAVELS = {name: (model, tuple(columns.split())) for name, (model, columns) in _TRAVELS.items()}
"""Tables and columns that travel, in the order in which they refer to each other."""
Tables = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody on a package's list; ``path``: ids of the union's place from the top."""

    member_id: int
    name: str
    organisation_id: int
    path: tuple[int, ...]
    tail: str | None
    number: str | None
    amount_fen: int | None
    site: str


def guests(unit: ReadUnit, campaign: Campaign, station: Station, everybody: bool) -> list[Guest]:
    """Those entitled today whom the actor sees: who collect at the station, or where nobody is assigned to
    any station, or with ``everybody``, all."""
    assert campaign.id is not None
    served = stations_served(unit, campaign.id)
    query = entitled(
        *(unit, campaign, counting_day(campaign, unit.today)),
        *(col(Member.id), col(Member.name), col(Membership.organisation_id), col(Organisation.path)),
        *(col(Member.id_last4), col(Member.id_number)),
        *(col(Entitled.station_id), col(Entitled.amount_fen), col(Entitled.site)),
    )
    found: dict[int, Guest] = {}
    for member, name, place, path, tail, number, said, amount, site in unit.session.execute(query):
        ids = ids_of(path)
        if everybody or not served or (said or station_of(ids, served)) == station.id:
            found[member] = Guest(member, name, place, ids, tail, number, amount, site or "")
    return [found[one] for one in sorted(found)]


def gather(
    unit: ReadUnit, campaign: Campaign, station: Station, people: Sequence[Guest], keys: Keys
) -> Tables:
    """All rows of a package whose own keys are ``keys``. The unit must see past the actor's scope: unions
    above the people's and what they were given elsewhere belong in it, the people are given."""
    ids = [one.member_id for one in people]
    stock = _columns(unit, Stock, "stock", col(Stock.station_id) == station.id, col(Stock.on_hand) > 0)
    lots = _columns(unit, Lot, "lot", among(unit, Lot.id, [row[1] for row in stock]))
    given = _given(unit, campaign, ids)
    campaigns = _campaigns(unit, campaign, {row[3] for row in given})
    wanted = [row[0] for row in campaigns]
    offered = _columns(unit, CampaignItem, "campaign_item", among(unit, CampaignItem.campaign_id, wanted))
    items = {row[1] for row in (*lots, *offered)} | {row[4] for row in given}
    units = _columns(unit, CampaignUnit, "campaign_unit", col(CampaignUnit.campaign_id) == campaign.id)
    found_items = _columns(unit, Item, "item", among(unit, Item.id, sorted(items)))
    places = {one for guest in people for one in guest.path} | {row[1] for row in units}
    places |= {row[2] for row in given} | {row[1] for row in found_items} | {row[1] for row in campaigns}
    stations = _stations(unit, campaign, station)
    places |= {row[2] for row in stations}
    return {
        "organisation": _with_those_above(unit, places),
        "item": found_items,
        "campaign": campaigns,
        "campaign_unit": units,
        "campaign_item": offered,
        "station": stations,
        "lot": lots,
        "stock": stock,
        "member": [(one.member_id, one.organisation_id, one.name, one.tail) for one in people],
        "identity": _identities(people, keys),
        "identifier": _identifiers(unit, ids, keys),
        "entitled": [
            (campaign.id, one.member_id, one.organisation_id, station.id, one.amount_fen, one.site, "package")
            for one in people
        ],
        "handout": given,
        "allowance": _columns(
            *(unit, Allowance, "allowance"),
            *(among(unit, Allowance.member_id, ids), col(Allowance.purpose) == campaign.purpose),
        )
        if campaign.purpose
        else [],
    }


def as_json(tables: Tables) -> dict[str, list[list[Any]]]:
    """The rows as the file holds them."""
    return {name: outward(rows) for name, rows in tables.items()}


def people_digest(pairs: Iterable[tuple[int, int]]) -> str:
    """What says in a few bytes whom a package is for: people with their unions."""
    words = ";".join(f"{member},{place}" for member, place in sorted(pairs))
    return hashlib.sha256(words.encode()).hexdigest()


def _columns(unit: ReadUnit, model: type[SQLModel], name: str, *where: Any) -> list[Row]:
    columns = [col(getattr(model, one)) for one in TRAVELS[name][1]]
    query: Any = select(*columns).where(*where)
    return [tuple(row) for row in unit.session.execute(query.order_by(*columns[:2]))]


def _with_those_above(unit: ReadUnit, places: set[int]) -> list[Row]:
    """These organisations and all above them, the upper ones first."""
    paths = select(col(Organisation.path)).where(among(unit, Organisation.id, sorted(places)))
    above = {int(one) for path in unit.session.scalars(paths) for one in path.split("/") if one}
    rows = _columns(unit, Organisation, "organisation", among(unit, Organisation.id, sorted(above)))
    return sorted(rows, key=lambda row: (row[2].count("/"), row[0]))


def _stations(unit: ReadUnit, campaign: Campaign, station: Station) -> list[Row]:
    """The campaign's stations; all but the package's own are closed there."""
    at = TRAVELS["station"][1].index("state")
    rows = _columns(unit, Station, "station", col(Station.campaign_id) == campaign.id)
    return [
        (*row[:at], StationState.OPEN if row[0] == station.id else StationState.CLOSED, *row[at + 1 :])
        for row in rows
    ]


def _campaigns(unit: ReadUnit, campaign: Campaign, others: set[int]) -> list[Row]:
    """The package's campaign, then others that count against the same yearly limit, not open there."""
    at = TRAVELS["campaign"][1].index("state")
    rows = _columns(unit, Campaign, "campaign", among(unit, Campaign.id, others | {campaign.id or 0}))
    rows.sort(key=lambda row: (row[0] != campaign.id, row[0]))
    return [rows[0], *((*row[:at], CampaignState.DRAFT, *row[at + 1 :]) for row in rows[1:])]


def _given(unit: ReadUnit, campaign: Campaign, ids: Sequence[int]) -> list[Row]:
    """What these people have had in the campaign, and elsewhere against the same yearly limit; the number
    there is the hand-out's id at home. Where it was elsewhere is nobody's business here."""
    columns = TRAVELS["handout"][1]
    same = select(col(Campaign.id)).where(col(Campaign.purpose) == campaign.purpose, Campaign.purpose != "")
    query: Any = select(*(col(getattr(Handout, one)) for one in ("id", *columns[1:]))).where(
        or_(col(Handout.campaign_id) == campaign.id, col(Handout.campaign_id).in_(same)),
        col(Handout.state) == HandoutState.ACTIVE,
        among(unit, Handout.member_id, ids),
    )
    where = columns.index("station_id")
    return [
        tuple(row) if row[3] == campaign.id else (*row[:where], None, *row[where + 1 :])
        for row in unit.session.execute(query.order_by(col(Handout.id)))
    ]


def _identities(people: Sequence[Guest], keys: Keys) -> list[Row]:
    with keys.active():
        return sorted((identity_digest(one.number), one.member_id) for one in people if one.number)


def _identifiers(unit: ReadUnit, ids: Sequence[int], keys: Keys) -> list[Row]:
    """Cards and member numbers in use, as digests under the package's key."""
    query = select(MemberIdentifier).where(
        among(unit, MemberIdentifier.member_id, ids),
        col(MemberIdentifier.ends).is_(None),
        col(MemberIdentifier.kind).in_(UNIQUE),
    )
    found = [(one.member_id, one.kind, one.number, one.last4) for one in unit.exec(query)]
    with keys.active():
        return sorted(
            ((member, kind, identifier_digest(kind, number), tail) for member, kind, number, tail in found),
            key=lambda row: (row[0], row[1].value),
        )
